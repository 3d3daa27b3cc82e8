// A shape as it is edited: paths of spots, whatever GeoJSON type they belong to, with undo.

import { area, length, type Spot } from "../map/geodesy";

export type Drawn = "Point" | "LineString" | "Polygon";
export interface At { path: number; spot: number }

interface State { type: string; nest: number[]; paths: Spot[][] }

const EMPTY: State = { type: "", nest: [], paths: [] };
const MOST_UNDO = 200;

/** How deep the paths of a type lie: 0 one path, 1 a list of paths, 2 lists of lists. */
const DEPTH: Record<string, number> = { Point: -1, MultiPoint: 0, LineString: 0, MultiLineString: 1, Polygon: 1, MultiPolygon: 2 };

const flat = (spot: number[]): Spot => [spot[0] ?? 0, spot[1] ?? 0];
const same = (a?: Spot, b?: Spot): boolean => !!a && !!b && a[0] === b[0] && a[1] === b[1];

function taken(geometry: GeoJSON.Geometry | null): State {
  if (!geometry || !("coordinates" in geometry)) return EMPTY;
  const { type, coordinates } = geometry as { type: string; coordinates: unknown };
  const depth = DEPTH[type] ?? 0;
  const groups = (depth === 2 ? coordinates : [depth === 1 ? coordinates : [depth < 0 ? [coordinates] : coordinates]]) as number[][][][];
  const paths = groups.flat().map((path) => path.map(flat));
  return { type, nest: groups.map((group) => group.length), paths: closed(type) ? paths.map(opened) : paths };
}

const closed = (type: string): boolean => type.endsWith("Polygon");
const opened = (ring: Spot[]): Spot[] => (ring.length > 1 && same(ring[0], ring.at(-1)) ? ring.slice(0, -1) : ring);

export class Shape {
  private now: State = EMPTY;
  private past: State[] = [];

  constructor(geometry: GeoJSON.Geometry | null) {
    this.now = taken(geometry);
  }

  get type(): string { return this.now.type; }
  get paths(): readonly (readonly Spot[])[] { return this.now.paths; }
  get closed(): boolean { return closed(this.now.type); }
  get canUndo(): boolean { return this.past.length > 0; }
  get empty(): boolean { return this.now.paths.every((path) => path.length === 0); }

  /** Whether there are enough spots to be saved. */
  get whole(): boolean {
    const least = this.closed ? 3 : this.now.type.endsWith("LineString") ? 2 : 1;
    return !this.empty && this.now.paths.every((path) => path.length >= least);
  }

  undo(): void {
    this.now = this.past.pop() ?? this.now;
  }

  /** Begin anew with another type. */
  begin(type: Drawn): void {
    this.change({ type, nest: [1], paths: [[]] });
  }

  replace(geometry: GeoJSON.Geometry | null): void {
    this.change(taken(geometry));
  }

  add(spot: Spot): void {
    const paths = this.copy();
    if (this.now.type === "Point") paths[0] = [spot];
    else paths[paths.length - 1]?.push(spot);
    this.change({ ...this.now, paths });
  }

  insert({ path, spot }: At, at: Spot): void {
    const paths = this.copy();
    paths[path]?.splice(spot, 0, at);
    this.change({ ...this.now, paths });
  }

  remove({ path, spot }: At): boolean {
    const paths = this.copy();
    if ((paths[path]?.length ?? 0) <= (this.closed ? 3 : this.now.type.endsWith("LineString") ? 2 : 1)) return false;
    paths[path]?.splice(spot, 1);
    this.change({ ...this.now, paths });
    return true;
  }

  /** Remember how it is before a spot is dragged about. */
  hold(): void {
    this.change({ ...this.now, paths: this.copy() });
  }

  move({ path, spot }: At, to: Spot): void {
    const line = this.now.paths[path];
    if (line?.[spot]) line[spot] = to;
  }

  /** Spots as somebody typed them: one a line, longitude and latitude; an empty line begins another path. */
  static typed(text: string): Spot[][] | null {
    const blocks = text.trim().split(/\n\s*\n/).map((block) => block.trim().split("\n"));
    const paths = blocks.map((block) => block.map((line) => (line.match(/-?\d+(?:\.\d+)?/g) ?? []).map(Number)));
    const good = paths.every((path) => path.every(([lon, lat, ...rest]) =>
      lon !== undefined && lat !== undefined && rest.length < 2 && Math.abs(lon) <= 180 && Math.abs(lat) <= 90));
    return good ? paths.map((path) => path.map(flat)) : null;
  }

  retype(paths: Spot[][], fallback: Drawn): void {
    const type = this.now.type || fallback;
    const fits = paths.length === this.now.paths.length;
    const spots = closed(type) ? paths.map(opened) : paths;
    this.change({ type: fits || closed(type) ? type : fallback, nest: fits ? this.now.nest : [paths.length], paths: spots });
  }

  asText(): string {
    return this.now.paths.map((path) => path.map(([x, y]) => `${x.toFixed(6)}, ${y.toFixed(6)}`).join("\n")).join("\n\n");
  }

  geometry(): GeoJSON.Geometry | null {
    const { type, nest } = this.now;
    if (this.empty) return null;
    const paths = this.now.paths.map((path) => (this.closed ? [...path, path[0] as Spot] : path));
    const depth = DEPTH[type] ?? 0;
    let from = 0;
    const groups = nest.map((n) => paths.slice(from, (from += n)));
    const one = groups[0] ?? [];
    const coordinates = depth === 2 ? groups : depth === 1 ? one : depth === 0 ? one[0] : one[0]?.[0];
    return { type, coordinates } as unknown as GeoJSON.Geometry;
  }

  /** Metres along a line or around a ring; square metres inside, holes taken off. */
  measure(): { length: number; area: number } {
    const rings = this.now.paths as Spot[][];
    const total = rings.reduce((sum, ring) => sum + length(this.closed && ring[0] ? [...ring, ring[0]] : ring), 0);
    if (!this.closed) return { length: total, area: 0 };
    let from = 0;
    const inside = this.now.nest.reduce((sum, n) => {
      const [outer = [], ...holes] = rings.slice(from, (from += n));
      return sum + (outer.length > 2 ? area(outer) : 0) - holes.reduce((off, hole) => off + area(hole), 0);
    }, 0);
    return { length: total, area: inside };
  }

  private copy(): Spot[][] {
    return this.now.paths.map((path) => [...path]);
  }

  private change(next: State): void {
    this.past.push({ ...this.now, paths: this.copy() });
    if (this.past.length > MOST_UNDO) this.past.shift();
    this.now = next;
  }
}

// The places a viewer may see and the level each shows: now, and at any moment of the recent past.

import { asLevel, type Level, severity, UNKNOWN } from "../lib/levels";

export interface PlaceColumns {
  id: number[];
  parent: (number | null)[];
  name: string[];
  kind: string[];
  level: number[];
  x: (number | null)[];
  y: (number | null)[];
}

export interface PictureData {
  places: PlaceColumns;
  areas: Record<string, GeoJSON.Geometry>;
  counts: Record<string, number[]>;
  bounds: [number, number, number, number] | null;
  complete: boolean;
}

export interface HistoryData {
  start: number;
  end: number;
  place: number[];
  at: number[];
  before: number[];
  after: number[];
}

export interface Place {
  id: number;
  parent: number | null;
  name: string;
  kind: string;
  x: number | null;
  y: number | null;
  children: number[];
}

interface Change {
  place: number;
  at: number;
  before: Level;
  after: Level;
}

/** Kinds that are counted as risk points. */
export const POINT_KINDS = new Set(["risk_point", "public_object", "segment", "mobile"]);

export class Picture {
  readonly places = new Map<number, Place>();
  readonly areas = new Map<number, GeoJSON.Geometry>();
  readonly counts = new Map<number, number[]>();
  private readonly now = new Map<number, Level>();
  private past: Map<number, Level> | null = null;
  private changes: Change[] = [];
  /** The moment being replayed [ms], or null when the picture is live. */
  at: number | null = null;

  /** Take in what the server knows now; what was loaded before is overwritten. */
  load(data: PictureData): void {
    const { places } = data;
    places.id.forEach((id, row) => this.add(id, row, places));
    for (const place of this.places.values()) this.adopt(place);
    for (const [id, geometry] of Object.entries(data.areas)) this.areas.set(Number(id), geometry);
    for (const [id, counts] of Object.entries(data.counts)) this.counts.set(Number(id), counts);
  }

  private add(id: number, row: number, columns: PlaceColumns): void {
    this.places.set(id, {
      id,
      parent: columns.parent[row] ?? null,
      name: columns.name[row] ?? "",
      kind: columns.kind[row] ?? "",
      x: columns.x[row] ?? null,
      y: columns.y[row] ?? null,
      children: this.places.get(id)?.children ?? [],
    });
    this.now.set(id, asLevel(columns.level[row]));
  }

  private adopt(place: Place): void {
    const parent = place.parent === null ? undefined : this.places.get(place.parent);
    if (parent && !parent.children.includes(place.id)) parent.children.push(place.id);
  }

  roots(): Place[] {
    return [...this.places.values()].filter((place) => place.parent === null || !this.places.has(place.parent));
  }

  level(id: number): Level {
    return (this.past ?? this.now).get(id) ?? UNKNOWN;
  }

  /** Children, the worst first, then by name. */
  children(place: Place): Place[] {
    const rows = place.children.flatMap((id) => this.places.get(id) ?? []);
    return rows.sort((a, b) => severity(this.level(b.id)) - severity(this.level(a.id)) || a.name.localeCompare(b.name, "zh"));
  }

  path(id: number): Place[] {
    const found: Place[] = [];
    for (let place = this.places.get(id); place; place = place.parent === null ? undefined : this.places.get(place.parent)) {
      found.unshift(place);
    }
    return found;
  }

  /** A live change. While the past is shown it is only noted. */
  change(place: number, after: Level, at: number, counts?: number[]): void {
    const before = this.now.get(place);
    if (before === undefined) return;
    this.now.set(place, after);
    if (counts) this.counts.set(place, counts);
    if (before !== after && this.changes.length) this.changes.push({ place, at, before, after });
  }

  remember(history: HistoryData): void {
    this.changes = history.at.map((at, row) => ({
      at,
      place: history.place[row] ?? 0,
      before: asLevel(history.before[row]),
      after: asLevel(history.after[row]),
    }));
    this.changes.sort((a, b) => a.at - b.at);
  }

  /** Moments at which a shown level changed, with the level it changed to. */
  moments(): { at: number; level: Level }[] {
    return this.changes.map(({ at, after }) => ({ at, level: after }));
  }

  /** Show the picture as it was shown at `at` [ms]: today's levels with every later change taken back. */
  rewind(at: number): void {
    const past = new Map(this.now);
    for (let row = this.changes.length - 1; row >= 0; row--) {
      const change = this.changes[row];
      if (!change || change.at <= at) break;
      if (past.has(change.place)) past.set(change.place, change.before);
    }
    this.past = past;
    this.at = at;
  }

  live(): void {
    this.past = null;
    this.at = null;
  }

  /** Risk points by level at and below a place: the server's while live, counted in the tree for the past. */
  pointCounts(id: number): number[] {
    if (!this.past) return this.counts.get(id) ?? [0, 0, 0, 0, 0];
    const counts = [0, 0, 0, 0, 0];
    const stack = [id];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      const place = this.places.get(next);
      if (!place) continue;
      if (POINT_KINDS.has(place.kind)) counts[this.level(next)] = (counts[this.level(next)] ?? 0) + 1;
      stack.push(...place.children);
    }
    return counts;
  }
}

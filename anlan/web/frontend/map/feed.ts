// What the server answers for a view of the map, and the shapes of places, each fetched once.

import { asLevel, type Level } from "../lib/levels";
import { question } from "./address";

export interface Columns {
  id: number[]; x: number[]; y: number[]; level: number[]; kind: string[]; sort: number[]; name: string[]; count?: number[];
}
export interface Sight {
  clusters: { x: number[]; y: number[]; counts: number[][] };
  marks: Columns;
  /** What moves by itself, each on its own. */
  moving: Columns;
  outlines: { id: number[]; level: number[]; kind: string[]; name: string[] };
  totals: Record<string, number>;
  anchors: Columns;
  alarm?: Columns;
  tag?: Columns;
  major?: Columns;
  heat?: { x: number[]; y: number[]; n: number[] };
  /** Of the outlines, when asked for with them. */
  shapes?: Record<string, GeoJSON.Geometry>;
}

export interface Mark { id: number; x: number; y: number; level: Level; kind: string; sort: number; name: string; count: number }
export type Box = [west: number, south: number, east: number, north: number];
export interface Frame { box: Box; zoom: number; cell: number; heat: string; at: number | null }

/** A view comes with this much around it, as a share of its width and height. */
const AROUND = 0.3;

export function* rows(columns: Columns): Generator<Mark> {
  for (const [row, id] of columns.id.entries()) {
    yield { id, x: columns.x[row] ?? 0, y: columns.y[row] ?? 0, level: asLevel(columns.level[row]), kind: columns.kind[row] ?? "",
      sort: columns.sort[row] ?? -1, name: columns.name[row] ?? "", count: columns.count?.[row] ?? 0 };
  }
}

export class Feed {
  readonly shapes = new Map<number, GeoJSON.Geometry>();
  private asking: AbortController | null = null;
  private loaded: Frame | null = null;
  private coming: Frame | null = null;

  constructor(private readonly urls: { view: string; shapes: string }) {}

  /** Whether what was fetched last, or is on its way, covers this frame. */
  covers(frame: Frame): boolean {
    return this.covered(this.coming ?? this.loaded, frame);
  }

  private covered(had: Frame | null, { box, zoom }: Frame): boolean {
    if (!had || Math.floor(had.zoom * 2) !== Math.floor(zoom * 2)) return false;
    return box[0] >= had.box[0] && box[1] >= had.box[1] && box[2] <= had.box[2] && box[3] <= had.box[3];
  }

  /** The sight for a frame and what lies just around it; null when a newer one was asked for, or none can be had. */
  async look(frame: Frame): Promise<Sight | null> {
    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    const wide = (this.coming = { ...frame, box: widened(frame.box) });
    const asked = question(frame.at);
    asked.set("box", wide.box.map((side) => side.toFixed(6)).join(","));
    asked.set("zoom", frame.zoom.toFixed(2));
    asked.set("cell", String(frame.cell));
    if (frame.heat) asked.set("heat", frame.heat);
    if (!this.shapes.size) asked.set("shapes", "1"); // at first all are missing: one question instead of two
    const sight = await json<Sight>(`${this.urls.view}?${asked}`, asking.signal);
    if (asking.signal.aborted) return null;
    this.keep(sight?.shapes);
    if (sight) await this.fetchShapes(sight.outlines.id, asking.signal);
    if (asking.signal.aborted) return null;
    this.coming = null;
    if (!sight) return null;
    this.loaded = wide;
    return sight;
  }

  async fetchShapes(ids: number[], signal?: AbortSignal): Promise<void> {
    const missing = ids.filter((id) => !this.shapes.has(id));
    if (!missing.length) return;
    const found = await json<Record<string, GeoJSON.Geometry>>(`${this.urls.shapes}?ids=${missing.join(",")}`, signal);
    this.keep(found);
  }

  private keep(found: Record<string, GeoJSON.Geometry> | null | undefined): void {
    for (const [id, geometry] of Object.entries(found ?? {})) this.shapes.set(Number(id), geometry);
  }
}

function widened([west, south, east, north]: Box): Box {
  const [across, up] = [(east - west) * AROUND, (north - south) * AROUND];
  return [Math.max(west - across, -180), Math.max(south - up, -85), Math.min(east + across, 180), Math.min(north + up, 85)];
}

async function json<T>(url: string, signal?: AbortSignal): Promise<T | null> {
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" }, ...(signal ? { signal } : {}) });
    return answer.ok ? ((await answer.json()) as T) : null;
  } catch {
    return null;
  }
}

// The overview inset (鹰眼): all towns and parks in one glance and a frame for what the map shows. Drag the frame, or tap
// where to look, or walk it with the arrow keys.

import type { LngLatBounds } from "maplibre-gl";
import { svg } from "../lib/dom";
import { asLevel, colour } from "../lib/levels";
import type { Box, Feed, Sight } from "./feed";

const WIDTH = 150;
const LAND = ["county", "city", "province"];
const DRAWN = [...LAND, "town", "park"];
const STEP: Record<string, [number, number]> = { ArrowLeft: [-0.25, 0], ArrowRight: [0.25, 0], ArrowUp: [0, 0.25], ArrowDown: [0, -0.25] };

function rings(geometry: GeoJSON.Geometry): GeoJSON.Position[][] {
  if (geometry.type === "Polygon") return geometry.coordinates;
  return geometry.type === "MultiPolygon" ? geometry.coordinates.flat() : [];
}

export class Inset {
  private readonly frame = svg("rect", { class: "inset-frame" });
  private readonly shapes = svg("g", {});
  private readonly height: number;
  private readonly levels = new Map<number, { level: number; kind: string }>();
  private seen: LngLatBounds | null = null;
  onmove: (center: [number, number]) => void = () => undefined;

  constructor(private readonly root: SVGElement, private readonly feed: Feed, private readonly box: Box) {
    const squeeze = Math.cos((((box[1] + box[3]) / 2) * Math.PI) / 180);
    this.height = Math.round((WIDTH * (box[3] - box[1])) / ((box[2] - box[0]) * squeeze || 1));
    root.setAttribute("viewBox", `0 0 ${WIDTH} ${this.height}`);
    root.replaceChildren(this.shapes, this.frame);
    root.addEventListener("pointerdown", (event) => this.grab(event));
    root.addEventListener("pointermove", (event) => root.hasPointerCapture(event.pointerId) && this.onmove(this.where(event)));
    root.addEventListener("keydown", (event) => this.step(event));
  }

  private grab(event: PointerEvent): void {
    this.root.setPointerCapture(event.pointerId);
    this.onmove(this.where(event));
    event.preventDefault();
  }

  private step(event: KeyboardEvent): void {
    const by = STEP[event.key];
    if (!by || !this.seen) return;
    event.preventDefault();
    const center = this.seen.getCenter();
    this.onmove([center.lng + by[0] * (this.seen.getEast() - this.seen.getWest()),
      center.lat + by[1] * (this.seen.getNorth() - this.seen.getSouth())]);
  }

  private project([x = 0, y = 0]: GeoJSON.Position): [number, number] {
    const [west, south, east, north] = this.box;
    return [((x - west) / (east - west)) * WIDTH, ((north - y) / (north - south)) * this.height];
  }

  private where(event: MouseEvent): [number, number] {
    const seen = this.root.getBoundingClientRect();
    const [west, south, east, north] = this.box;
    const [right, down] = [(event.clientX - seen.left) / seen.width, (event.clientY - seen.top) / seen.height];
    return [west + right * (east - west), north - down * (north - south)];
  }

  /** Towns and parks as the last sights told of them; one that was seen once stays. */
  draw({ outlines }: Sight): void {
    outlines.id.forEach((id, row) => {
      const kind = outlines.kind[row] ?? "";
      if (DRAWN.includes(kind)) this.levels.set(id, { level: outlines.level[row] ?? 0, kind });
    });
    const order = [...this.levels].sort(([, a], [, b]) => DRAWN.indexOf(a.kind) - DRAWN.indexOf(b.kind));
    this.shapes.replaceChildren(...order.flatMap(([id, { level, kind }]) => {
      const geometry = this.feed.shapes.get(id);
      return geometry ? [this.shape(geometry, level, kind)] : [];
    }));
  }

  private shape(geometry: GeoJSON.Geometry, level: number, kind: string): SVGElement {
    const path = rings(geometry).map((ring) => `M${ring.map((point) => this.project(point).map((v) => v.toFixed(1)).join(" ")).join("L")}Z`);
    const land = LAND.includes(kind);
    return svg("path", { d: path.join(""), fill: land ? "var(--inset-land)" : colour(asLevel(level)),
      class: land ? "inset-land" : `inset-${kind}` });
  }

  look(bounds: LngLatBounds): void {
    this.seen = bounds;
    const [left, top] = this.project([bounds.getWest(), bounds.getNorth()]);
    const [right, bottom] = this.project([bounds.getEast(), bounds.getSouth()]);
    const place = { x: left, y: top, width: Math.max(right - left, 4), height: Math.max(bottom - top, 4) };
    for (const [name, value] of Object.entries(place)) this.frame.setAttribute(name, value.toFixed(1));
  }
}

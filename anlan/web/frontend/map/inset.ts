// The overview inset: all areas in one glance and a frame for what the map shows; a tap moves the map there.

import type { LngLatBounds } from "maplibre-gl";
import { svg } from "../lib/dom";
import { colour } from "../lib/levels";
import type { Picture } from "./picture";

const WIDTH = 150;
const UPPER = ["county", "city", "province", "town"];

type Box = [number, number, number, number];

function rings(geometry: GeoJSON.Geometry): GeoJSON.Position[][] {
  if (geometry.type === "Polygon") return geometry.coordinates;
  return geometry.type === "MultiPolygon" ? geometry.coordinates.flat() : [];
}

export class Inset {
  private readonly frame = svg("rect", { class: "inset-frame" });
  private readonly shapes = svg("g", {});
  private readonly height: number;
  onmove: (center: [number, number]) => void = () => undefined;

  constructor(private readonly root: SVGElement, private readonly picture: Picture, private readonly box: Box) {
    const squeeze = Math.cos((((box[1] + box[3]) / 2) * Math.PI) / 180);
    this.height = Math.round((WIDTH * (box[3] - box[1])) / ((box[2] - box[0]) * squeeze || 1));
    root.setAttribute("viewBox", `0 0 ${WIDTH} ${this.height}`);
    root.replaceChildren(this.shapes, this.frame);
    root.addEventListener("click", (event) => this.onmove(this.where(event as MouseEvent)));
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

  draw(): void {
    const drawn = [...this.picture.areas].filter(([id]) => (this.picture.places.get(id)?.kind ?? "zone") !== "zone");
    drawn.sort(([a], [b]) => Number(this.isUpper(b)) - Number(this.isUpper(a)));
    this.shapes.replaceChildren(...drawn.map(([id, geometry]) => this.shape(id, geometry)));
  }

  private isUpper(id: number): boolean {
    return UPPER.includes(this.picture.places.get(id)?.kind ?? "");
  }

  private shape(id: number, geometry: GeoJSON.Geometry): SVGElement {
    const path = rings(geometry).map((ring) => `M${ring.map((point) => this.project(point).map((v) => v.toFixed(1)).join(" ")).join("L")}Z`);
    const upper = this.isUpper(id);
    const fill = upper ? "var(--inset-land)" : colour(this.picture.level(id));
    return svg("path", { d: path.join(""), fill, class: upper ? "inset-land" : "inset-place" });
  }

  look(bounds: LngLatBounds): void {
    const [left, top] = this.project([bounds.getWest(), bounds.getNorth()]);
    const [right, bottom] = this.project([bounds.getEast(), bounds.getSouth()]);
    const place = { x: left, y: top, width: Math.max(right - left, 4), height: Math.max(bottom - top, 4) };
    for (const [name, value] of Object.entries(place)) this.frame.setAttribute(name, value.toFixed(1));
  }
}

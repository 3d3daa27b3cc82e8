// Contours that change with every movement of the hand: drawn on a canvas over the map, at once, without the map's own
// renderer, whose tiles and words take far longer than the computation.

import type { Map as MapLibre } from "maplibre-gl";

type Lines = GeoJSON.FeatureCollection;
interface Ink { line: string; halo: string; font: string; scale: number }

const APART = 260; // between two words on one line [px]

export class Overlay {
  private readonly canvas = document.createElement("canvas");
  private lines: Lines | null = null;

  constructor(private readonly map: MapLibre, private readonly ink: () => Ink) {
    this.canvas.className = "park-overlay";
    map.getCanvasContainer().append(this.canvas);
    map.on("move", () => this.paint());
    map.on("resize", () => this.paint());
  }

  draw(lines: Lines | null): void {
    this.lines = lines;
    this.paint();
  }

  private paint(): void {
    const { clientWidth: width, clientHeight: height } = this.map.getCanvas();
    const ratio = window.devicePixelRatio || 1;
    if (this.canvas.width !== width * ratio || this.canvas.height !== height * ratio) {
      this.canvas.width = width * ratio;
      this.canvas.height = height * ratio;
    }
    const pen = this.canvas.getContext("2d");
    if (!pen) return;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    if (!this.lines) return;
    const ink = this.ink();
    pen.lineJoin = "round";
    for (const { geometry, properties } of this.lines.features) {
      if (geometry.type !== "MultiLineString") continue;
      const level = Number(properties?.["level"]);
      for (const line of geometry.coordinates) this.stroke(pen, line as [number, number][], level, String(properties?.["name"] ?? ""), ink);
    }
  }

  private stroke(pen: CanvasRenderingContext2D, line: [number, number][], level: number, name: string, ink: Ink): void {
    const points = line.map((at) => this.map.project(at));
    pen.beginPath();
    points.forEach(({ x, y }, row) => (row ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.strokeStyle = ink.line;
    pen.lineWidth = thickness(level) * ink.scale;
    pen.stroke();
    const from = points[Math.floor(points.length / 3)];
    const length = points.reduce((sum, point, row) => sum + (row ? Math.hypot(point.x - points[row - 1]!.x, point.y - points[row - 1]!.y) : 0), 0);
    if (!from || length < APART / 3) return;
    pen.font = ink.font;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.lineWidth = 4 * ink.scale;
    pen.strokeStyle = ink.halo;
    pen.strokeText(name, from.x, from.y);
    pen.fillStyle = ink.line;
    pen.fillText(name, from.x, from.y);
  }
}

/** The higher the risk, the stronger the line. */
export const thickness = (level: number): number => Math.min(Math.max(1.2 + (2.2 * (Math.log10(level) + 7)) / 2.5, 1.2), 3.4);

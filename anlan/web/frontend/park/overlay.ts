// Contours that change with every movement of the hand: drawn on a canvas over the map, at once, without the map's own
// renderer, whose tiles and words take far longer than the computation.

import type { Map as MapLibre } from "maplibre-gl";

/** Contours as the server packs them: points from 0 to 65 535 over the box, even in Mercator's projection. */
export interface Sketch {
  box: [number, number, number, number]; points: string; lines: number[];
  levels: { level: number; name: string; lines: number }[];
}
interface Ink { line: string; halo: string; font: string; scale: number }
interface Word { x: number; y: number; name: string }
interface Level { level: number; name: string; lines: [number, number][]; worded: number[] }
interface Unpacked { box: Sketch["box"]; points: Uint16Array; levels: Level[] }

const FULL = 65_535;
const WORDS = 4; // on each level, on its longest lines
const APART = 90; // of two words [px]

export class Overlay {
  private readonly canvas = document.createElement("canvas");
  private shown: Unpacked | null = null;

  constructor(private readonly map: MapLibre, private readonly ink: () => Ink) {
    this.canvas.className = "park-overlay";
    map.getCanvasContainer().append(this.canvas);
    map.on("move", () => this.paint());
    map.on("resize", () => this.paint());
  }

  draw(sketch: Sketch | null): void {
    if (!sketch && !this.shown) return;
    this.shown = sketch && unpacked(sketch);
    this.paint();
  }

  private paint(): void {
    const { clientWidth: width, clientHeight: height } = this.map.getCanvas();
    const ratio = window.devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(width * ratio) || this.canvas.height !== Math.round(height * ratio)) {
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = Math.round(height * ratio);
    }
    const pen = this.canvas.getContext("2d");
    if (!pen) return;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    if (this.shown) this.lines(pen, this.shown, this.ink());
  }

  /** The map is never turned or tilted, so a point's place follows from the corners of its box. */
  private lines(pen: CanvasRenderingContext2D, { box: [west, south, east, north], points, levels }: Unpacked, ink: Ink): void {
    const from = this.map.project([west, south]);
    const to = this.map.project([east, north]);
    const [stepX, stepY] = [(to.x - from.x) / FULL, (to.y - from.y) / FULL];
    const x = (at: number): number => from.x + points[2 * at]! * stepX;
    const y = (at: number): number => from.y + points[2 * at + 1]! * stepY;
    const words: Word[] = [];
    pen.lineJoin = "round";
    pen.strokeStyle = ink.line;
    for (const { level, name, lines, worded } of levels) {
      pen.beginPath();
      for (const [first, last] of lines) {
        pen.moveTo(x(first), y(first));
        for (let at = first + 1; at < last; at += 1) pen.lineTo(x(at), y(at));
      }
      pen.lineWidth = thickness(level) * ink.scale;
      pen.stroke();
      for (const at of worded) {
        const word = { x: x(at), y: y(at), name };
        if (words.every((other) => Math.hypot(other.x - word.x, other.y - word.y) > APART * ink.scale)) words.push(word);
      }
    }
    write(pen, words, ink);
  }
}

function unpacked({ box, points, lines, levels }: Sketch): Unpacked {
  const bytes = Uint8Array.from(atob(points), (letter) => letter.charCodeAt(0));
  let [line, point] = [0, 0];
  const made = levels.map((level) => {
    const ends = lines.slice(line, (line += level.lines)).map((size): [number, number] => [point, (point += size)]);
    const longest = [...ends].sort((one, other) => other[1] - other[0] - (one[1] - one[0])).slice(0, WORDS);
    return { level: level.level, name: level.name, lines: ends, worded: longest.map(([first, last]) => first + Math.floor((last - first) / 3)) };
  });
  return { box, points: new Uint16Array(bytes.buffer), levels: made };
}

function write(pen: CanvasRenderingContext2D, words: Word[], ink: Ink): void {
  pen.font = ink.font;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.lineWidth = 4 * ink.scale;
  pen.strokeStyle = ink.halo;
  pen.fillStyle = ink.line;
  for (const { x, y, name } of words) {
    pen.strokeText(name, x, y);
    pen.fillText(name, x, y);
  }
}

/** The higher the risk, the stronger the line. */
export const thickness = (level: number): number => Math.min(Math.max(1.2 + (2.2 * (Math.log10(level) + 7)) / 2.5, 1.2), 3.4);

// Images of the map, drawn when the map first asks for them: marks with the character of their level, clusters with the
// count of every level, alarms, the hatching of what is unknown.

import type { Map as MapLibre } from "maplibre-gl";
import { _ } from "kit/i18n";
import { asLevel, character, colour, ink, type Level, WORST_FIRST, worst } from "../lib/levels";

const RATIO = 2;
const FONT = '"Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif';

type Pen = CanvasRenderingContext2D;
type Draw = (pen: Pen, width: number, height: number) => void;

/** One sheet for all pictures: to set its size wipes it. */
const canvas = document.createElement("canvas");

function picture(width: number, height: number, draw: Draw): ImageData {
  canvas.width = width * RATIO;
  canvas.height = height * RATIO;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) throw new Error("no 2d canvas");
  pen.scale(RATIO, RATIO);
  draw(pen, width, height);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

/** Slanted lines; the path that is being drawn stays as it is. */
function hatch(pen: Pen, size: number, stroke: string): void {
  const lines = new Path2D();
  for (let x = -size; x < size * 2; x += 5) {
    lines.moveTo(x, size);
    lines.lineTo(x + size, 0);
  }
  pen.strokeStyle = stroke;
  pen.lineWidth = 1.4;
  pen.stroke(lines);
}

/** Fill the path just drawn with a level; unknown is hatched. */
function fillLevel(pen: Pen, size: number, level: Level): void {
  pen.fillStyle = level === 0 ? "#F4F5F6" : colour(level);
  pen.fill();
  if (level !== 0) return;
  pen.save();
  pen.clip();
  hatch(pen, size, "#A4ABB4");
  pen.restore();
}

function write(pen: Pen, text: string, at: [number, number], font: string, fill: string): void {
  pen.font = font;
  pen.fillStyle = fill;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(text, at[0], at[1]);
}

const inkOf = (level: Level): string => (level === 0 ? "#2B3036" : ink(level));

/** One character fits the mark: 红, 橙, 黄, 蓝; 未 for unknown. */
const sign = (level: Level): string => character(level).slice(0, 1);

function edge(pen: Pen, level: Level): void {
  pen.lineWidth = 2.5;
  pen.strokeStyle = level === 0 ? "#5C646E" : "#FFFFFF";
  pen.stroke();
}

/** A character on a level; on the hatching it has a ground of its own. */
function letter(pen: Pen, level: Level, at: [number, number], size: number, text = sign(level)): void {
  if (level === 0) {
    pen.beginPath();
    pen.arc(at[0], at[1] - 0.5, size * 0.66, 0, Math.PI * 2);
    pen.fillStyle = "#F4F5F6";
    pen.fill();
  }
  write(pen, text, at, `700 ${size}px ${FONT}`, inkOf(level));
}

/** A plant is a rounded square, a point inside it a disc. */
function marker(level: Level, square: boolean): ImageData {
  const size = level >= 3 ? 36 : 30;
  return picture(size, size, (pen) => {
    const [middle, radius] = [size / 2, size / 2 - 3];
    pen.beginPath();
    if (square) pen.roundRect(middle - radius, middle - radius, radius * 2, radius * 2, 6);
    else pen.arc(middle, middle, radius, 0, Math.PI * 2);
    fillLevel(pen, size, level);
    edge(pen, level);
    letter(pen, level, [middle, middle + 0.5], size * 0.42);
  });
}

/** A public object is a house with the character of its kind; its level stands in the corner. */
function house(level: Level, kind: string): ImageData {
  const size = 38;
  return picture(size, size, (pen) => {
    pen.beginPath();
    pen.moveTo(size / 2, 3);
    for (const [x, y] of [[34, 14], [34, 34], [4, 34], [4, 14]] as const) pen.lineTo(x, y);
    pen.closePath();
    pen.fillStyle = "#FFFFFF";
    pen.fill();
    pen.lineWidth = 2.5;
    pen.lineJoin = "round";
    pen.strokeStyle = level === 0 ? "#5C646E" : colour(level);
    pen.stroke();
    write(pen, kind || "·", [size / 2 - 1, 21], `700 15px ${FONT}`, "#1A2029");
    pen.beginPath();
    pen.arc(30, 30, 7, 0, Math.PI * 2);
    fillLevel(pen, size, level);
    letter(pen, level, [30, 30.5], 9);
  });
}

/** What moves is an arrow head. */
function vehicle(level: Level): ImageData {
  const size = 34;
  return picture(size, size, (pen) => {
    pen.beginPath();
    pen.moveTo(size / 2, 2);
    pen.lineTo(size - 3, size - 4);
    pen.lineTo(size / 2, size - 10);
    pen.lineTo(3, size - 4);
    pen.closePath();
    fillLevel(pen, size, level);
    edge(pen, level);
    letter(pen, level, [size / 2, size / 2 + 1], 11);
  });
}

const short = (count: number): string =>
  count < 1000 ? String(count) : count < 10_000 ? `${(count / 1000).toFixed(1)}k` : `${Math.round(count / 1000)}k`;

function ring(pen: Pen, center: number, counts: number[]): void {
  const total = counts.reduce((sum, count) => sum + count, 0) || 1;
  let from = -Math.PI / 2;
  for (const level of WORST_FIRST) {
    const to = from + (Math.PI * 2 * (counts[level] ?? 0)) / total;
    if (to > from) arc(pen, center, from, to, level);
    from = to;
  }
}

function arc(pen: Pen, center: number, from: number, to: number, level: Level): void {
  pen.beginPath();
  pen.arc(center, 26, 21, from, to);
  pen.lineWidth = 7;
  pen.strokeStyle = level === 0 ? "#9AA1AA" : colour(level);
  pen.stroke();
}

const CHIP = 14;

/** The counts of the other levels, each on its colour, below the ring. */
function chips(pen: Pen, center: number, counts: [Level, number][]): void {
  const widths = counts.map(([, count]) => 7 + short(count).length * 6.2);
  let x = center - (widths.reduce((sum, width) => sum + width + 1, 0) - 1) / 2;
  counts.forEach(([level, count], row) => {
    const width = widths[row] ?? 0;
    pen.beginPath();
    pen.roundRect(x, 51, width, CHIP, 3);
    fillLevel(pen, 80, level);
    pen.lineWidth = 1;
    pen.strokeStyle = "#FFFFFF";
    pen.stroke();
    write(pen, short(count), [x + width / 2, 51 + CHIP / 2 + 0.5], `700 10px ${FONT}`, inkOf(level));
    x += width + 1;
  });
}

/** In the middle the worst level's character and how many have it, around it the shares, below it the other counts. */
function cluster(counts: number[]): ImageData {
  const there = WORST_FIRST.filter((level) => (counts[level] ?? 0) > 0);
  const level = worst(there);
  const others = there.filter((one) => one !== level).map((one): [Level, number] => [one, counts[one] ?? 0]);
  return picture(96, 66, (pen, width) => {
    const center = width / 2;
    pen.beginPath();
    pen.arc(center, 26, 25, 0, Math.PI * 2);
    pen.fillStyle = "#FFFFFF";
    pen.fill();
    ring(pen, center, counts);
    pen.beginPath();
    pen.arc(center, 26, 16, 0, Math.PI * 2);
    fillLevel(pen, 66, level);
    const text = `${sign(level)}${short(counts[level] ?? 0)}`;
    write(pen, text, [center, 26.5], `700 ${text.length > 3 ? 11 : 13}px ${FONT}`, inkOf(level));
    chips(pen, center, others);
  });
}

/** A bell on a disc of its level with the number of alarms; it stands at the shoulder of the mark it belongs to. */
function bell(level: Level, count: number): ImageData {
  return picture(44, 24, (pen) => {
    pen.beginPath();
    pen.roundRect(1.5, 1.5, count > 9 ? 41 : 34, 21, 10.5);
    fillLevel(pen, 44, level);
    edge(pen, level);
    pen.strokeStyle = pen.fillStyle = inkOf(level);
    pen.lineWidth = 1.6;
    pen.stroke(new Path2D("M7.500 15v-3.500a4 4 0 0 1 8 0V15l1.200 1.500H6.300z"));
    pen.fill(new Path2D("M10 18h3a1.500 1.500 0 0 1-3 0z"));
    write(pen, short(count), [count > 9 ? 29 : 25, 12.5], `700 11px ${FONT}`, inkOf(level));
  });
}

/** A gauge with the number of tags; its rim has the colour of the worst alarm, none where nothing is in alarm. */
function gauge(level: number, count: number): ImageData {
  return picture(40, 24, (pen) => {
    pen.beginPath();
    pen.roundRect(1.5, 1.5, count > 9 ? 37 : 31, 21, 4);
    pen.fillStyle = "#FFFFFF";
    pen.fill();
    pen.lineWidth = 2.5;
    pen.strokeStyle = level < 0 ? "#5C646E" : level === 0 ? "#9AA1AA" : colour(asLevel(level));
    pen.stroke();
    pen.strokeStyle = "#1A2029";
    pen.lineWidth = 1.5;
    pen.stroke(new Path2D("M6 15a5 5 0 1 1 9 0M10.500 14l2.500-4"));
    write(pen, short(count), [count > 9 ? 26 : 23, 12.5], `650 11px ${FONT}`, "#1A2029");
  });
}

/** A diamond, as on a placard, with the grade of the major hazard installation. Ink, because it is no risk level. */
function placard(rank: number): ImageData {
  return picture(26, 26, (pen) => {
    pen.beginPath();
    pen.moveTo(13, 1.5);
    pen.lineTo(24.5, 13);
    pen.lineTo(13, 24.5);
    pen.lineTo(1.5, 13);
    pen.closePath();
    pen.fillStyle = "#1A2029";
    pen.fill();
    pen.lineWidth = 2;
    pen.strokeStyle = "#FFFFFF";
    pen.stroke();
    write(pen, ["?", _("四"), _("三"), _("二"), _("一")][rank] ?? "?", [13, 13.5], `700 11px ${FONT}`, "#FFFFFF");
  });
}

const hatching = (dark: boolean): ImageData =>
  picture(20, 20, (pen, size) => hatch(pen, size, dark ? "rgba(200,206,214,.55)" : "rgba(82,90,100,.5)"));

const reeds = (dark: boolean): ImageData =>
  picture(24, 24, (pen) => {
    pen.strokeStyle = dark ? "rgba(140,160,140,.35)" : "rgba(110,130,100,.38)";
    pen.lineWidth = 1.2;
    pen.stroke(new Path2D("M5 11V5M8 11V3M11 11V6M17 22v-6M20 22v-8M14 22v-5"));
  });

type Painter = (first: string, second: string) => ImageData;

/** Image ids: `m:<level>:<square>`, `o:<level>:<character>`, `v:<level>`, `c:<counts>`, `alarm:…`, `tag:…`, `major:…`, patterns. */
const PAINTERS: Record<string, Painter> = {
  m: (level, square) => marker(asLevel(Number(level)), square === "1"),
  o: (level, kind) => house(asLevel(Number(level)), kind),
  v: (level) => vehicle(asLevel(Number(level))),
  c: (counts) => cluster(counts.split("-").map(Number)),
  alarm: (level, count) => bell(asLevel(Number(level)), Number(count)),
  tag: (level, count) => gauge(Number(level), Number(count)),
  major: (rank) => placard(Number(rank)),
  hatch: (theme) => hatching(theme === "dark"),
  reed: (theme) => reeds(theme === "dark"),
};

export function supplyImages(map: MapLibre): void {
  map.setMissingStyleImageResolver((id) => {
    const [painter = "", first = "", second = ""] = id.split(":");
    const image = PAINTERS[painter]?.(first, second);
    if (image && !map.hasImage(id)) map.addImage(id, image, { pixelRatio: RATIO });
  });
}

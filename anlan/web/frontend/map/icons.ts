// Images of the map, drawn when the map first asks for them: level discs with their character, cluster rings with
// counts, the hatching of what is unknown.

import type { Map as MapLibre } from "maplibre-gl";
import { asLevel, character, colour, ink, type Level, WORST_FIRST, worst } from "../lib/levels";

const RATIO = 2;
const FONT = '"Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif';

type Draw = (pen: CanvasRenderingContext2D, size: number) => void;

function picture(size: number, draw: Draw): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size * RATIO;
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("no 2d canvas");
  pen.scale(RATIO, RATIO);
  draw(pen, size);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

function hatch(pen: CanvasRenderingContext2D, size: number, stroke: string): void {
  pen.strokeStyle = stroke;
  pen.lineWidth = 1.4;
  pen.beginPath();
  for (let x = -size; x < size * 2; x += 5) {
    pen.moveTo(x, size);
    pen.lineTo(x + size, 0);
  }
  pen.stroke();
}

function fillLevel(pen: CanvasRenderingContext2D, size: number, level: Level): void {
  pen.fillStyle = level === 0 ? "#F4F5F6" : colour(level);
  pen.fill();
  if (level === 0) {
    pen.save();
    pen.clip();
    hatch(pen, size, "#A4ABB4");
    pen.restore();
  }
}

function write(pen: CanvasRenderingContext2D, text: string, at: [number, number], font: string, fill: string): void {
  pen.font = font;
  pen.fillStyle = fill;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(text, at[0], at[1]);
}

/** A plant is a rounded square, a point inside it a disc. */
function outline(pen: CanvasRenderingContext2D, size: number, square: boolean): void {
  const [middle, radius] = [size / 2, size / 2 - 3];
  pen.beginPath();
  if (square) pen.roundRect(middle - radius, middle - radius, radius * 2, radius * 2, 6);
  else pen.arc(middle, middle, radius, 0, Math.PI * 2);
}

/** One character fits the marker: 红, 橙, 黄, 蓝; 未 for unknown. */
const mark = (level: Level): string => character(level).slice(0, 1);

function marker(level: Level, square: boolean): ImageData {
  const size = level >= 3 ? 36 : 30;
  return picture(size, (pen) => {
    outline(pen, size, square);
    fillLevel(pen, size, level);
    pen.lineWidth = 2.5;
    pen.strokeStyle = level === 0 ? "#5C646E" : "#FFFFFF";
    pen.stroke();
    write(pen, mark(level), [size / 2, size / 2 + 0.5], `700 ${size * 0.42}px ${FONT}`, level === 0 ? "#2B3036" : ink(level));
  });
}

function ring(pen: CanvasRenderingContext2D, size: number, counts: number[]): void {
  const total = counts.reduce((sum, count) => sum + count, 0) || 1;
  let from = -Math.PI / 2;
  for (const level of WORST_FIRST) {
    const to = from + (Math.PI * 2 * (counts[level] ?? 0)) / total;
    if (to > from) arc(pen, size, from, to, level);
    from = to;
  }
}

function arc(pen: CanvasRenderingContext2D, size: number, from: number, to: number, level: Level): void {
  pen.beginPath();
  pen.arc(size / 2, size / 2, size / 2 - 5, from, to);
  pen.lineWidth = 7;
  pen.strokeStyle = level === 0 ? "#9AA1AA" : colour(level);
  pen.stroke();
}

const worstOf = (counts: number[]): Level => worst(counts.flatMap((count, level) => (count ? [asLevel(level)] : [])));

/** The worst level's character and how many have it; the ring shows the share of every level. */
function cluster(counts: number[]): ImageData {
  const size = 52;
  const level = worstOf(counts);
  return picture(size, (pen) => {
    pen.beginPath();
    pen.arc(size / 2, size / 2, size / 2 - 1, 0, Math.PI * 2);
    pen.fillStyle = "#FFFFFF";
    pen.fill();
    ring(pen, size, counts);
    pen.beginPath();
    pen.arc(size / 2, size / 2, size / 2 - 10, 0, Math.PI * 2);
    fillLevel(pen, size, level);
    const fill = level === 0 ? "#2B3036" : ink(level);
    write(pen, `${mark(level)}${counts[level] ?? 0}`, [size / 2, size / 2 + 0.5], `700 14px ${FONT}`, fill);
  });
}

const hatching = (dark: boolean): ImageData =>
  picture(20, (pen, size) => hatch(pen, size, dark ? "rgba(200,206,214,.55)" : "rgba(82,90,100,.5)"));

/** Image ids: `m:<level>:<square>`, `c:<n0>-<n1>-<n2>-<n3>-<n4>`, `hatch-light`, `hatch-dark`. */
function draw(id: string): ImageData | null {
  if (id.startsWith("hatch-")) return hatching(id === "hatch-dark");
  const [kind, first = "", second] = id.split(":");
  if (kind === "m") return marker(asLevel(Number(first)), second === "1");
  if (kind === "c") return cluster(first.split("-").map(Number));
  return null;
}

export function supplyImages(map: MapLibre): void {
  map.setMissingStyleImageResolver((id) => {
    const image = draw(id);
    if (image && !map.hasImage(id)) map.addImage(id, image, { pixelRatio: RATIO });
  });
}

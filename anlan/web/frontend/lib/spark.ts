// A tag's last half hour in the width of a word: band, line, and the nearest limits as thin lines.

import { svg } from "./dom";
import { type Series, withGaps } from "./series";

const WIDTH = 120;
const HEIGHT = 28;

export interface Limits {
  hh: number | null;
  h: number | null;
  l: number | null;
  ll: number | null;
}

type Scale = (value: number) => number;

function scaleOf(series: Series, limits: Limits): Scale | null {
  const values = [...series.low, ...series.high].filter((value): value is number => value !== null);
  if (!values.length) return null;
  let [low, high] = [Math.min(...values), Math.max(...values)];
  const room = (high - low) * 0.6 || Math.abs(high) * 0.02 || 1;
  for (const limit of [limits.h, limits.l]) {
    if (limit !== null && limit > low - room && limit < high + room) [low, high] = [Math.min(low, limit), Math.max(high, limit)];
  }
  const span = high - low || 1;
  return (value) => 2 + (HEIGHT - 4) * (1 - (value - low) / span);
}

function line(points: [number, number | null][], x: Scale, y: Scale): string {
  let pen = "M";
  let path = "";
  for (const [ts, value] of points) {
    if (value === null) pen = "M";
    else {
      path += `${pen}${x(ts).toFixed(1)} ${y(value).toFixed(1)}`;
      pen = "L";
    }
  }
  return path;
}

export function drawSpark(root: SVGElement, series: Series, limits: Limits, window: [number, number]): void {
  root.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  const y = scaleOf(series, limits);
  if (!y) return root.replaceChildren();
  const x: Scale = (ts) => (WIDTH * (ts - window[0])) / (window[1] - window[0]);
  const lines = [limits.h, limits.l].filter((limit): limit is number => limit !== null).map(y)
    .filter((at) => at >= 0 && at <= HEIGHT)
    .map((at) => svg("line", { class: "spark-limit", x1: 0, x2: WIDTH, y1: at, y2: at }));
  const mean = withGaps(series, "mean");
  const last = mean.at(-1);
  const end = last && last[1] !== null ? [svg("circle", { class: "spark-end", cx: x(last[0]), cy: y(last[1]), r: 2.2 })] : [];
  root.replaceChildren(...lines, svg("path", { class: "spark-line", d: line(mean, x, y) }), ...end);
}

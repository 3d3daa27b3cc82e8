// A tag's last half hour in the width of a word, drawn by the kit from readings spread evenly over time.

import { draw } from "kit/spark";
import type { Series } from "./series";

const BINS = 90;

/** The last mean of each bin; a bin without one stays empty unless its neighbours are closer than readings usually come. */
function evenly(series: Series, start: number, end: number): (number | null)[] {
  const bins = new Array<number | null>(BINS).fill(null);
  const width = (end - start) / BINS;
  series.ts.forEach((ts, row) => {
    const at = Math.floor((ts - start) / width);
    if (at >= 0 && at < BINS) bins[at] = series.mean[row] ?? null;
  });
  return bridge(bins, series, width);
}

/** Readings that come more slowly than one per bin leave holes that are no gaps: they are filled with the value before. */
function bridge(bins: (number | null)[], series: Series, width: number): (number | null)[] {
  const steps = series.ts.slice(1).map((ts, row) => ts - (series.ts[row] ?? 0)).sort((a, b) => a - b);
  const reach = Math.max(1, Math.ceil((3 * (steps[Math.floor(steps.length / 2)] ?? 0)) / width));
  let age = reach + 1;
  let last: number | null = null;
  return bins.map((value) => {
    if (value !== null) [last, age] = [value, 0];
    else age += 1;
    return value ?? (age <= reach ? last : null);
  });
}

export function drawSpark(svg: SVGElement, series: Series, limits: { high?: number; low?: number }, start: number, end: number): void {
  draw(svg, evenly(series, start, end), limits);
}

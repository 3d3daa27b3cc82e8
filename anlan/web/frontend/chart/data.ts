// What the server says of some tags over a stretch of time, and what the live stream adds to it.

import type { Series } from "../lib/series";

export interface Limit { name: string; value: number; upper: boolean }

export interface About {
  id: number; code: string; name: string; place: string; unit: string; decimals: number; limits: Limit[];
  value: number | null; ts: number | null;
}

export interface Curve extends About { series: Series; before: Series | null }

export interface AlarmMark {
  id: number; tag: number; raised: number; cleared: number | null; level: number; name: string;
  value: number | null; limit: number | null; by: string; notes: { at: number; by: string; text: string }[];
}

export interface Curves { start: number; end: number; shift: number; tags: Curve[]; alarms: AlarmMark[] }

export interface DeskConfig {
  tags: About[]; minutes: number | null; start: number; end: number; compare: string; lanes: "unit" | "tag"; most: number;
  urls: { page: string; series: string; tags: string; export: string; alarm: string; tag: string };
}

export const told = (value: number | null | undefined, { decimals, unit }: About): string =>
  value === null || value === undefined ? "—" : `${value.toFixed(decimals)} ${unit}`.trim();

/** The row whose moment is nearest to `at`; -1 where none is within `reach` ms. */
export function nearest({ ts }: Series, at: number, reach: number): number {
  let [low, high] = [0, ts.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ts[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  const found = low > 0 && at - (ts[low - 1] ?? 0) < Math.abs((ts[low] ?? 0) - at) ? low - 1 : low;
  return found >= 0 && Math.abs((ts[found] ?? Number.POSITIVE_INFINITY) - at) <= reach ? found : -1;
}

/** Add a live reading: into the last step while that lasts, else as a new one. The window moves on; what is older leaves. */
export function extend(series: Series, ts: number, value: number | null, step: number, keep: number): void {
  const last = series.ts.length - 1;
  const at = series.ts[last] ?? Number.NEGATIVE_INFINITY;
  if (ts <= at) return;
  if (value !== null && ts - at < step && series.good[last]) widen(series, last, value);
  else push(series, ts, value);
  while (series.ts.length > 2 && (series.ts[0] ?? 0) < ts - keep) columns(series).forEach((column) => column.shift());
}

const columns = (series: Series): unknown[][] => [series.ts, series.low, series.high, series.mean, series.good];

function push(series: Series, ts: number, value: number | null): void {
  [ts, value, value, value, value !== null].forEach((one, row) => columns(series)[row]?.push(one));
}

function widen(series: Series, row: number, value: number): void {
  series.low[row] = Math.min(series.low[row] ?? value, value);
  series.high[row] = Math.max(series.high[row] ?? value, value);
  series.mean[row] = value;
}

export interface Summary { low: number | null; mean: number | null; high: number | null }

export function summary(series: Series): Summary {
  const numbers = (column: (number | null)[]): number[] => column.filter((value): value is number => value !== null);
  const [low, high, mean] = [numbers(series.low), numbers(series.high), numbers(series.mean)];
  if (!mean.length) return { low: null, mean: null, high: null };
  return {
    low: low.reduce((a, b) => Math.min(a, b)), high: high.reduce((a, b) => Math.max(a, b)),
    mean: mean.reduce((a, b) => a + b) / mean.length,
  };
}

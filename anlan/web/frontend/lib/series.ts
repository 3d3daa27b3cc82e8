// The history of a tag as the server sends it: the band of each span, with nothing where there was nothing.

export interface Series {
  ts: number[];
  low: (number | null)[];
  high: (number | null)[];
  mean: (number | null)[];
  good: boolean[];
}

export const emptySeries = (): Series => ({ ts: [], low: [], high: [], mean: [], good: [] });

/** Add a live reading; what is older than `keep` ms leaves at the other end. */
export function append(series: Series, ts: number, value: number | null, keep: number): void {
  if (series.ts.length && ts <= (series.ts.at(-1) ?? 0)) return;
  series.ts.push(ts);
  series.low.push(value);
  series.high.push(value);
  series.mean.push(value);
  series.good.push(value !== null);
  while (series.ts.length > 2 && (series.ts[0] ?? 0) < ts - keep) {
    for (const column of [series.ts, series.low, series.high, series.mean, series.good] as unknown[][]) column.shift();
  }
}

/** A silence longer than this many usual steps is drawn as a gap. */
const GAP_STEPS = 4;

export function gapAfter(series: Series): number {
  const steps = series.ts.slice(1).map((ts, row) => ts - (series.ts[row] ?? 0)).sort((a, b) => a - b);
  return Math.max(GAP_STEPS * (steps[Math.floor(steps.length / 2)] ?? 0), 3000);
}

/** Points for a line, broken where there was silence. */
export function withGaps(series: Series, column: "low" | "high" | "mean"): [number, number | null][] {
  const gap = gapAfter(series);
  const points: [number, number | null][] = [];
  series.ts.forEach((ts, row) => {
    const before = series.ts[row - 1];
    if (before !== undefined && ts - before > gap) points.push([before + 1, null]);
    points.push([ts, series[column][row] ?? null]);
  });
  return points;
}

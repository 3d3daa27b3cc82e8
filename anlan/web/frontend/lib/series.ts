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

/** A silence longer than this many steps of its neighbourhood is drawn as a gap; a source may have changed its pace. */
const GAP_STEPS = 4;
const NEIGHBOURS = 4;
const SHORTEST_GAP = 3000;

function isGap(steps: number[], row: number): boolean {
  const step = steps[row] ?? 0;
  if (step < SHORTEST_GAP) return false;
  const around = [steps.slice(Math.max(row - NEIGHBOURS, 0), row), steps.slice(row + 1, row + 1 + NEIGHBOURS)];
  const usual = Math.max(...around.map((side) => [...side].sort((a, b) => a - b)[Math.floor(side.length / 2)] ?? 0));
  return step > GAP_STEPS * usual;
}

/** Points for a line, broken where there was silence. */
export function withGaps(series: Series, column: "low" | "high" | "mean"): [number, number | null][] {
  const points: [number, number | null][] = [];
  const steps = series.ts.map((ts, row) => ts - (series.ts[row - 1] ?? ts));
  series.ts.forEach((ts, row) => {
    const before = series.ts[row - 1];
    if (before !== undefined && isGap(steps, row)) points.push([before + 1, null]);
    points.push([ts, series[column][row] ?? null]);
  });
  return points;
}

// A place: values, sparklines and states live; levels, reasons and alarms rendered anew when something changes.

import { live, type ValuesEvent } from "kit/live";
import { clockTime, now } from "kit/time";
import { all, coalesce, getJson, one } from "../lib/dom";
import { refreshParts } from "../lib/parts";
import { append, emptySeries, type Series } from "../lib/series";
import { drawSpark } from "../lib/spark";

const KEEP = 30 * 60_000;

interface Sparks {
  start: number;
  end: number;
  tags: Record<string, Series>;
}

const page = one("#place");
const rows = new Map(all("tr[data-tag]").map((row) => [Number(row.dataset["tag"]), row]));
const sparks = new Map<number, Series>();
const fresh = new Set<number>();

const number = (text: string | undefined): number | undefined => (text ? Number(text) : undefined);

function limits(row: HTMLElement): { high?: number; low?: number } {
  const [high, low] = [number(row.dataset["high"]), number(row.dataset["low"])];
  return { ...(high === undefined ? {} : { high }), ...(low === undefined ? {} : { low }) };
}

function draw(tag: number): void {
  const [row, series] = [rows.get(tag), sparks.get(tag)];
  if (row && series) drawSpark(one<SVGElement>("svg.spark", row), series, limits(row), now() - KEEP, now());
}

async function load(): Promise<void> {
  const found = await getJson<Sparks>(page.dataset["sparks"] ?? "").catch(() => null);
  for (const [tag, series] of Object.entries(found?.tags ?? {})) sparks.set(Number(tag), series);
  for (const tag of rows.keys()) draw(tag);
}

function show(row: HTMLElement, value: number | null, ts: number, good: boolean): void {
  const text = value === null ? "—" : `${value.toFixed(Number(row.dataset["decimals"]))} ${row.dataset["unit"] ?? ""}`;
  one("output", row).textContent = text.trim();
  one(".tag-time", row).textContent = clockTime(ts);
  row.classList.toggle("is-bad", !good);
}

const drawFresh = coalesce(500, () => {
  for (const tag of fresh) draw(tag);
  fresh.clear();
});

function take(values: ValuesEvent): void {
  values.t.forEach((tag, at) => {
    const row = rows.get(tag);
    if (!row) return;
    const [value, ts, good] = [values.v[at] ?? null, values.ts[at] ?? 0, values.q[at] === 1];
    show(row, value, ts, good);
    const series = sparks.get(tag) ?? emptySeries();
    sparks.set(tag, series);
    append(series, ts, good ? value : null, KEEP);
    fresh.add(tag);
  });
  drawFresh();
}

const later = coalesce(300, () => void refreshParts(location.href));
live.on("values", take);
live.on("level", later);
live.on("alarm", later);
live.onGap(() => location.reload());
live.subscribe({ tags: rows.keys() });
void load();

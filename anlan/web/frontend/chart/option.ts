// From curves to what ECharts draws: a lane for each unit (or tag) over one time axis, and a strip of alarms at the foot.
// Colour means risk level and nothing else, so lines differ by dash and weight and carry their name at their end.

import { _ } from "kit/i18n";
import { clockTime, exact } from "kit/time";
import { sides } from "../lib/labels";
import { asLevel, character, colour, ink as onLevel } from "../lib/levels";
import { type Series, withGaps } from "../lib/series";
import { dayMinute, hourMinute } from "../lib/time";
import type { AlarmMark, Curve, Curves } from "./data";

type Option = Record<string, unknown>;

export interface Look { lanes: "unit" | "tag"; lit: number | null; width: number; height: number }
interface Ink { text: string; soft: string; faint: string; page: string }
interface Lane { unit: string; curves: Curve[]; top: number; height: number }

export const DASHES: (string | number[])[] = ["solid", [7, 4], [2, 3], [10, 3, 2, 3], [14, 4], [5, 2, 2, 2, 2, 2]];
export const dash = (row: number): string | number[] => DASHES[row % DASHES.length] ?? "solid";

const DAY = 86_400_000;
const MANY_LIMITS = 2; // curves of one lane that all show their limits
const MANY_AREAS = 60; // alarms that also tint their lane

/** One `rem` in px: charts grow with the page, on a wall as for weak eyes. */
export const rem = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;

/** A canvas does not inherit its font. */
export const family = (): string => getComputedStyle(document.body).fontFamily;

function inks(): Ink {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return { text: token("--ink"), soft: token("--ink-soft"), faint: token("--line"), page: token("--surface") };
}

export function lanesOf(curves: Curve[], by: "unit" | "tag"): Curve[][] {
  if (by === "tag") return curves.map((curve) => [curve]);
  const units = new Map<string, Curve[]>();
  for (const curve of curves) units.set(curve.unit, [...(units.get(curve.unit) ?? []), curve]);
  return [...units.values()];
}

function laidOut(data: Curves, look: Look): Lane[] {
  const groups = lanesOf(data.tags, look.lanes);
  const [top, foot, between] = [1.75 * rem(), 4.25 * rem(), 1.9 * rem()];
  const height = Math.max((look.height - top - foot - between * (groups.length - 1)) / groups.length, 3 * rem());
  return groups.map((curves, row) => ({ curves, unit: curves[0]?.unit ?? "", top: top + row * (height + between), height }));
}

function timeLabel(start: number, end: number): (value: number) => string {
  if (end - start > 3 * DAY) return (value) => exact(value).slice(5, 10);
  if (end - start > DAY) return dayMinute;
  return end - start < 600_000 ? clockTime : hourMinute;
}

/** The scale shows the readings and every limit within reach of them; a far limit does not flatten the curve. */
function extent(curves: Curve[]): { min: number; max: number } {
  const values = curves.flatMap(({ series, before }) => [...series.low, ...series.high, ...(before?.mean ?? [])])
    .filter((value): value is number => value !== null);
  const limits = curves.flatMap((curve) => curve.limits.map(({ value }) => value));
  const known = values.length ? values : limits.length ? limits : [0, 1];
  let [low, high] = [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))];
  const reach = (high - low || Math.abs(high) * 0.05 || 1) * 1.5;
  if (curves.length <= MANY_LIMITS) for (const value of limits) if (value >= low - reach && value <= high + reach) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const room = (high - low || Math.abs(high) * 0.1 || 1) * 0.09;
  return { min: low - room, max: high + room };
}

function axes(lane: Lane, row: number, last: boolean, data: Curves, ink: Ink): { x: Option; y: Option } {
  const fontSize = 0.75 * rem();
  const label = timeLabel(data.start, data.end);
  const pointer = { show: true, type: "line", label: { show: last, formatter: ({ value }: { value: number }) => exact(value), backgroundColor: ink.text, color: ink.page, fontSize } };
  return {
    x: { type: "time", gridIndex: row, min: data.start, max: data.end, axisPointer: pointer, splitLine: { show: false }, axisTick: { show: last },
      axisLine: { lineStyle: { color: ink.soft }, onZero: false }, axisLabel: { show: last, formatter: label, color: ink.text, fontSize, hideOverlap: true } },
    y: { type: "value", gridIndex: row, ...extent(lane.curves), name: lane.curves.length === 1 ? [lane.curves[0]?.name, lane.unit].filter(Boolean).join(" · ") : lane.unit,
      nameGap: 0.5 * rem(), nameTextStyle: { color: ink.text, align: "left", fontSize }, splitNumber: lane.height < 7 * rem() ? 2 : 5,
      axisLabel: { color: ink.text, fontSize, showMinLabel: false, showMaxLabel: false, formatter: (value: number) => value.toFixed(decimals(lane)) },
      axisPointer: { show: false }, splitLine: { lineStyle: { color: ink.faint } } },
  };
}

const decimals = (lane: Lane): number => Math.max(...lane.curves.map((curve) => curve.decimals), 0);

/** From lowest to highest of each step, joined to the next; nothing across a gap. */
function band(series: Series): number[][] {
  const [low, high] = [withGaps(series, "low"), withGaps(series, "high")];
  return low.flatMap(([ts, value], row) => {
    const next = low[row + 1];
    const top = high[row]?.[1];
    if (value === null || !next || next[1] === null || top === null || top === undefined || (top === value && high[row + 1]?.[1] === next[1])) return [];
    return [[ts, value, top, next[0], next[1], high[row + 1]?.[1] ?? next[1]]];
  });
}

interface Api { value(dimension: number): number; coord(point: [number, number]): [number, number] }

function bandItem(api: Api, fill: string): Option {
  const at = (x: number, y: number): [number, number] => api.coord([api.value(x), api.value(y)]);
  return { type: "polygon", shape: { points: [at(0, 1), at(3, 4), at(3, 5), at(0, 2)] }, style: { fill, opacity: 0.22 } };
}

function limitLines(lane: Lane, curve: Curve, look: Look, ink: Ink): Option | undefined {
  if (lane.curves.length > MANY_LIMITS && look.lit !== curve.id) return undefined;
  const { min, max } = extent(lane.curves);
  const shown = curve.limits.filter(({ value }) => value >= min && value <= max);
  const apart = ((max - min) * 1.3 * rem()) / lane.height;
  const upper = shown.filter(({ upper: over }) => over);
  const lower = shown.filter((limit) => !upper.includes(limit));
  const above = sides(upper.map(({ value }) => value), apart);
  const below = sides(lower.map(({ value }) => -value), apart).map((side) => side.replace("Top", "Bottom"));
  const where = new Map([...upper.map((limit, row) => [limit, above[row]] as const), ...lower.map((limit, row) => [limit, below[row]] as const)]);
  const name = lane.curves.length > 1 ? `${curve.name} ` : "";
  return {
    silent: true, symbol: "none", lineStyle: { type: "dashed", color: ink.text, width: 1, opacity: 0.75 },
    label: { color: ink.text, fontSize: 0.72 * rem() },
    data: shown.map((limit) => ({ yAxis: limit.value, label: { position: where.get(limit), formatter: `${name}${limit.name} ${limit.value}` } })),
  };
}

function alarmAreas(data: Curves, curve: Curve): Option {
  const shown = data.alarms.filter(({ tag }) => tag === curve.id).slice(0, MANY_AREAS);
  return {
    silent: true, label: { show: false },
    data: shown.map((alarm) => [
      { xAxis: Math.max(alarm.raised, data.start), itemStyle: { color: colour(asLevel(alarm.level)), opacity: 0.14 } },
      { xAxis: Math.min(alarm.cleared ?? data.end, data.end) },
    ]),
  };
}

function drawn(data: Curves, lane: Lane, index: number, look: Look, ink: Ink): Option[] {
  return lane.curves.flatMap((curve, row) => {
    const faded = look.lit !== null && look.lit !== curve.id;
    const line = { color: ink.text, width: look.lit === curve.id ? 3 : 1.7, type: dash(row), opacity: faded ? 0.25 : 1 };
    const shared = { xAxisIndex: index, yAxisIndex: index, silent: true, animation: false };
    const before = curve.before ? [{ ...shared, type: "line", data: withGaps(curve.before, "mean").map(([ts, value]) => [ts + data.shift, value]), showSymbol: false,
      lineStyle: { color: ink.soft, width: 1.2, type: "dotted", opacity: faded ? 0.2 : 0.85 }, z: 1 }] : [];
    return [
      { ...shared, type: "custom", data: faded ? [] : band(curve.series), encode: { x: [0, 3], y: [1, 2, 4, 5] }, z: 1, clip: true, renderItem: (_params: unknown, api: Api) => bandItem(api, ink.soft) },
      ...before,
      { ...shared, type: "line", data: withGaps(curve.series, "mean"), showSymbol: false, connectNulls: false, z: 3, name: curve.name, lineStyle: line, itemStyle: { color: ink.text },
        endLabel: { show: lane.curves.length > 1, formatter: curve.name, color: ink.text, fontSize: 0.72 * rem(), distance: 4, width: 8 * rem(), overflow: "truncate" }, labelLayout: { moveOverlap: "shiftY" },
        markLine: limitLines(lane, curve, look, ink), markArea: alarmAreas(data, curve) },
    ];
  });
}

/** Rows of the strip, the worst drawn last so that it is not covered. */
const worstLast = (data: Curves): number[][] =>
  data.alarms.map((alarm, row) => [Math.max(alarm.raised, data.start), alarm.cleared ?? data.end, row, alarm.level]).sort((a, b) => (a[3] ?? 0) - (b[3] ?? 0));

/** The strip under the axis: each alarm from raise to clear, with its character where there is room. */
function strip(data: Curves, index: number): Option {
  return {
    type: "custom", xAxisIndex: index, yAxisIndex: index, z: 5, clip: true, encode: { x: [0, 1] }, data: worstLast(data),
    renderItem: (_params: unknown, api: Api) => mark(data.alarms[api.value(2)], api.coord([api.value(0), 0])[0], api.coord([api.value(1), 0])[0], api.coord([api.value(0), 1])[1]),
    tooltip: { formatter: ({ value }: { value: number[] }) => reason(data, data.alarms[value[2] ?? -1]) },
  };
}

function mark(alarm: AlarmMark | undefined, left: number, right: number, top: number): Option | undefined {
  if (!alarm) return undefined;
  const [level, height] = [asLevel(alarm.level), 1.05 * rem()];
  const width = Math.max(right - left, 4);
  const box = { type: "rect", shape: { x: left, y: top, width, height, r: 2 }, style: { fill: colour(level) } };
  if (width < height) return { type: "group", children: [box] };
  const text = { type: "text", style: { text: character(level).slice(0, 1), x: left + 3, y: top + height / 2, fill: onLevel(level), fontSize: 0.72 * rem(), fontWeight: 700, verticalAlign: "middle" } };
  return { type: "group", children: [box, text] };
}

export function reason(data: Curves, alarm: AlarmMark | undefined): string {
  if (!alarm) return "";
  const curve = data.tags.find(({ id }) => id === alarm.tag);
  const read = alarm.value === null || !curve ? "" : ` ${alarm.value.toFixed(curve.decimals)} ${curve.unit}`;
  const ends = alarm.cleared ? clockTime(alarm.cleared) : _("仍在报警");
  const notes = alarm.notes.map(({ by, text }) => `${by}：${text}`);
  return [`${curve?.name ?? ""} ${alarm.name}${read}`, `${exact(alarm.raised)} – ${ends}`, ...notes].join("\n");
}

export function option(data: Curves, look: Look): Option {
  const ink = inks();
  const lanes = laidOut(data, look);
  const names = lanes.some(({ curves }) => curves.length > 1);
  const left = 3.9 * rem();
  const right = names ? 8.5 * rem() : 1.25 * rem();
  const made = lanes.map((lane, row) => axes(lane, row, row === lanes.length - 1, data, ink));
  const index = lanes.length;
  return {
    animation: false, textStyle: { color: ink.text, fontFamily: family(), fontSize: 0.75 * rem() },
    grid: [...lanes.map(({ top, height }) => ({ left, right, top, height })), { left, right, height: 1.05 * rem(), bottom: 0.5 * rem() }],
    xAxis: [...made.map(({ x }) => x), { type: "time", gridIndex: index, min: data.start, max: data.end, show: false }],
    yAxis: [...made.map(({ y }) => y), { type: "value", gridIndex: index, min: 0, max: 1, show: false }],
    axisPointer: { link: [{ xAxisIndex: "all" }], lineStyle: { color: ink.text, type: "solid" } },
    tooltip: { trigger: "item", renderMode: "richText", confine: true, backgroundColor: ink.page, borderColor: ink.soft, textStyle: { color: ink.text, fontSize: 0.8125 * rem() } },
    series: [...lanes.flatMap((lane, row) => drawn(data, lane, row, look, ink)), strip(data, index)],
  };
}

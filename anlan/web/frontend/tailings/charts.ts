// Floods through a pond: rain, flow in and out, level; storage and discharge over the level.

import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { _ } from "kit/i18n";
import { sides } from "../lib/labels";

echarts.use([LineChart, BarChart, GridComponent, LegendComponent, TooltipComponent, MarkLineComponent, CanvasRenderer]);

export interface Course { name: string; hours: number[]; inflow: number[]; outflow: number[]; level: number[]; rain: number[] }
export interface Named { name: string; value: number }
export interface Curve { level: number[]; volume: number[]; flow: number[] }

type Option = Record<string, unknown>;
interface Style { label: Option; ink: string; soft: string; grid: string }
interface Point { seriesName: string; value: [number, number] }

const DASHES: (string | number[])[] = ["solid", [7, 4], [2, 3], [10, 3, 2, 3]];
const rem = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const style = (): Style => ({ label: { color: token("--ink-soft"), fontSize: 0.75 * rem() }, ink: token("--ink"), soft: token("--ink-faint"), grid: token("--line") });
const pairs = (x: number[], y: number[]): [number, number][] => x.map((value, row) => [value, y[row] ?? 0]);

function put(box: HTMLElement, option: Option): void {
  const chart = echarts.getInstanceByDom(box) ?? echarts.init(box);
  chart.setOption({ animation: false, ...option }, true);
  if (box.dataset["watched"]) return;
  box.dataset["watched"] = "yes";
  new ResizeObserver(() => echarts.getInstanceByDom(box)?.resize()).observe(box);
}

/** The scale of the level: what the curves do, and the named lines that lie near them. */
function extent(courses: Course[], lines: Named[]): { min: number; max: number } {
  const values = courses.flatMap(({ level }) => level);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const all = [low, high, ...lines.map(({ value }) => value).filter((value) => value - high < 3 * Math.max(high - low, 1))];
  const [min, max] = [Math.min(...all), Math.max(...all)];
  const room = 0.06 * Math.max(max - min, 0.2);
  return { min: Number((min - room).toFixed(2)), max: Number((max + room).toFixed(2)) };
}

function named(lines: Named[], { min, max }: { min: number; max: number }, ink: Style): Option {
  const shown = lines.filter(({ value }) => value >= min && value <= max);
  const where = sides(shown.map(({ value }) => value), (max - min) * 0.12);
  return {
    silent: true, symbol: "none", lineStyle: { type: "dashed", color: ink.soft, width: 1 }, label: { ...ink.label, color: ink.ink },
    data: shown.map(({ name, value }, row) => ({ yAxis: value, label: { position: where[row], formatter: `${name} ${value.toFixed(2)}` } })),
  };
}

function levels(courses: Course[], lines: Named[], ink: Style, range: { min: number; max: number }): Option[] {
  return courses.map((course, row) => ({
    name: courses.length > 1 ? course.name : _("水位"), type: "line", symbol: "none", data: pairs(course.hours, course.level),
    lineStyle: { color: ink.ink, width: 2, type: DASHES[row % DASHES.length] }, itemStyle: { color: ink.ink },
    ...(row === 0 ? { markLine: named(lines, range, ink) } : {}),
  }));
}

const hours = (value: number): string => _("{n} 小时", { n: value.toFixed(1) });
const told = (unit: (name: string) => string) => (points: Point[]): string =>
  points.length ? [hours(points[0]?.value[0] ?? 0), ...points.map(({ seriesName, value }) => `${seriesName} ${value[1].toFixed(2)} ${unit(seriesName)}`)].join("\n") : "";

export function drawLevels(box: HTMLElement, courses: Course[], lines: Named[]): void {
  const ink = style();
  const range = extent(courses, lines);
  put(box, {
    grid: { left: 8, right: 2.6 * rem(), top: 44, bottom: 8, containLabel: true },
    legend: { type: "scroll", top: 0, left: 0, textStyle: ink.label, itemWidth: 2.2 * rem(), itemStyle: { opacity: 0 }, pageIconColor: ink.ink, pageIconInactiveColor: ink.grid, pageTextStyle: ink.label },
    xAxis: { type: "value", min: 0, max: "dataMax", interval: 12, name: _("小时"), nameTextStyle: ink.label, axisLabel: ink.label, splitLine: { show: false } },
    yAxis: { type: "value", ...range, axisLabel: { ...ink.label, formatter: (value: number) => `${value.toFixed(1)} m`, showMinLabel: false, showMaxLabel: false }, splitLine: { lineStyle: { color: ink.grid } } },
    tooltip: { trigger: "axis", renderMode: "richText", confine: true, formatter: told(() => "m") },
    series: levels(courses, lines, ink, range),
  });
}

/** Rain from above, flows below it, the level at the foot: one axis of time. */
export function drawCourse(box: HTMLElement, course: Course, lines: Named[]): void {
  const ink = style();
  const range = extent([course], lines);
  const end = course.hours.at(-1) ?? 72;
  const step = 24 / Math.max(course.rain.length, 1);
  const perHour = gathered(course.rain, step);
  const time = (grid: number, shown: boolean): Option => ({ type: "value", gridIndex: grid, min: 0, max: end, interval: 12, axisLabel: { ...ink.label, show: shown }, name: shown ? _("小时") : "", nameTextStyle: ink.label, splitLine: { show: false }, axisTick: { show: shown } });
  const value = (grid: number, name: string, more: Option = {}): Option => ({ type: "value", gridIndex: grid, name, nameTextStyle: { ...ink.label, align: "left" }, axisLabel: { ...ink.label, showMaxLabel: false }, splitNumber: 3, splitLine: { lineStyle: { color: ink.grid } }, ...more });
  const flow = (name: string, data: number[], dash: string | number[], width: number): Option => ({ name, type: "line", xAxisIndex: 1, yAxisIndex: 1, symbol: "none", data: pairs(course.hours, data), lineStyle: { color: ink.ink, width, type: dash }, itemStyle: { color: ink.ink } });
  put(box, {
    grid: [{ left: 56, right: 2.6 * rem(), top: 32, height: "14%" }, { left: 56, right: 2.6 * rem(), top: "27%", height: "30%" }, { left: 56, right: 2.6 * rem(), top: "66%", bottom: 32 }],
    legend: { top: 0, right: 0, textStyle: ink.label, itemWidth: 2.2 * rem(), itemStyle: { opacity: 0 }, data: [_("入库"), _("下泄")] },
    xAxis: [time(0, false), time(1, false), time(2, true)],
    yAxis: [value(0, "mm/h", { inverse: true, nameLocation: "start" }), value(1, "m³/s"), value(2, "m", { ...range, axisLabel: { ...ink.label, formatter: (one: number) => one.toFixed(1), showMinLabel: false, showMaxLabel: false } })],
    axisPointer: { link: [{ xAxisIndex: "all" }] },
    tooltip: { trigger: "axis", renderMode: "richText", confine: true, formatter: told((name) => ({ [_("水位")]: "m", [_("雨")]: "mm/h" })[name] ?? "m³/s") },
    series: [
      { name: _("雨"), type: "bar", xAxisIndex: 0, yAxisIndex: 0, data: perHour.map((rain, hour) => [hour + 0.5, rain]), barWidth: "70%", itemStyle: { color: ink.soft } },
      flow(_("入库"), course.inflow, [7, 4], 1.6), flow(_("下泄"), course.outflow, "solid", 2.2),
      ...levels([course], lines, ink, range).map((one) => ({ ...one, xAxisIndex: 2, yAxisIndex: 2 })),
    ],
  });
}

function gathered(rain: number[], step: number): number[] {
  const found = new Array<number>(24).fill(0);
  rain.forEach((depth, row) => {
    const hour = Math.min(Math.floor(row * step + 1e-9), 23);
    found[hour] = (found[hour] ?? 0) + depth;
  });
  return found.map((depth) => Number(depth.toFixed(2)));
}

export function drawCurve(box: HTMLElement, curve: Curve, lines: Named[]): void {
  const ink = style();
  const range = { min: curve.level[0] ?? 0, max: curve.level.at(-1) ?? 1 };
  const axis = (name: string, position: string): Option => ({ type: "value", name, position, nameLocation: "middle", nameGap: 1.8 * rem(), nameTextStyle: ink.label, axisLabel: ink.label, splitLine: { show: false } });
  const line = (name: string, data: number[], index: number, dash: string | number[]): Option => ({ name, type: "line", xAxisIndex: index, symbol: "none", data: data.map((value, row) => [value, curve.level[row] ?? 0]), lineStyle: { color: ink.ink, width: 2, type: dash }, itemStyle: { color: ink.ink } });
  put(box, {
    grid: { left: 12, right: 20, top: 58, bottom: 30, containLabel: true },
    legend: { top: 0, left: 0, textStyle: ink.label, itemWidth: 2.2 * rem(), itemStyle: { opacity: 0 } },
    xAxis: [axis(_("库容，万m³"), "bottom"), axis(_("泄流，m³/s"), "top")],
    yAxis: { type: "value", ...range, axisLabel: { ...ink.label, formatter: (value: number) => `${value.toFixed(0)} m` }, splitLine: { lineStyle: { color: ink.grid } } },
    tooltip: { trigger: "item", renderMode: "richText", confine: true, formatter: ({ seriesName, value }: Point) => `${seriesName} ${value[0].toFixed(2)}\n${value[1].toFixed(2)} m` },
    series: [{ ...line(_("库容"), curve.volume, 0, [7, 4]), markLine: named(lines.slice(0, 2), range, ink) }, line(_("泄流"), curve.flow, 1, "solid")],
  });
}

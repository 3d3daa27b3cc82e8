// What comes along a line, and to a point over time: thresholds are lines with names, logarithmic where decades are spanned.

import { LineChart } from "echarts/charts";
import { GridComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { _ } from "kit/i18n";

echarts.use([LineChart, GridComponent, MarkLineComponent, TooltipComponent, CanvasRenderer]);

export interface Limit { name: string; value: number }
export interface Profile { metres: number[]; value: number[]; arrival: number[]; unit: string; levels: Limit[] }
export interface Receptor {
  none?: boolean; metres: number; value: number; unit: string; arrival: number; lasting: number; chance: number | null; level: string | null;
  course: { time: number[]; value: number[] } | null; levels: Limit[]; effect: string;
}

const rem = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const UNITS: Record<string, [number, string]> = { "W/m²": [1e-3, "kW/m²"], Pa: [1e-3, "kPa"], "kg/m³": [1e6, "mg/m³"] };
const told = (unit: string): [number, string] => UNITS[unit] ?? [1, unit];

const short = (value: number): string => (value >= 1e5 || value < 0.01 ? value.toExponential(1) : value >= 1000 ? Math.round(value).toLocaleString() : String(Number(value.toPrecision(3))));

interface Curve { box: HTMLElement; points: number[][]; across: string; unit: string; limits: Limit[]; words: (point: number[]) => string }

function draw({ box, points, across, unit, limits, words }: Curve): void {
  const chart = echarts.getInstanceByDom(box) ?? echarts.init(box);
  const ink = token("--ink-soft");
  const values = points.map(([, value]) => value ?? 0).filter((value) => value > 0);
  const top = Math.max(...values, 0);
  const wide = values.length > 1 && top / Math.min(...values) > 50;
  const label = { color: ink, fontSize: 0.72 * rem() };
  const marks = limits.filter(({ value }) => value > 0 && value < 20 * top && (!wide || value > top / 1e6))
    .map(({ name, value }) => ({ yAxis: value, name }));
  const shown = wide ? points.filter(([, value]) => (value ?? 0) > top / 1e7) : points;
  chart.setOption({
    animation: false, grid: { left: 4, right: 20, top: 30, bottom: 4, containLabel: true },
    xAxis: { type: "value", name: across, nameTextStyle: label, axisLabel: { ...label, hideOverlap: true }, splitLine: { show: false }, max: "dataMax" },
    yAxis: { type: wide ? "log" : "value", name: unit, nameTextStyle: { ...label, align: "left" }, axisLabel: { ...label, formatter: short },
      splitLine: { lineStyle: { color: token("--line") } }, ...(wide ? {} : { min: 0 }) },
    tooltip: { trigger: "axis", confine: true, formatter: (rows: { value: number[] }[]) => words(rows[0]?.value ?? []) },
    series: [{ type: "line", showSymbol: false, data: shown, lineStyle: { color: token("--ink"), width: 2 }, itemStyle: { color: token("--ink") },
      markLine: { symbol: "none", silent: true, data: marks, lineStyle: { color: ink, type: "dashed", width: 1 },
        label: { formatter: "{b}", position: "insideEndTop", color: ink, fontSize: 0.7 * rem() } } }],
  }, true);
}

export function drawProfile(box: HTMLElement, profile: Profile): void {
  const [factor, unit] = told(profile.unit);
  const points = profile.metres.map((metres, row) => [metres, (profile.value[row] ?? 0) * factor, profile.arrival[row] ?? 0]);
  const limits = profile.levels.map(({ name, value }) => ({ name, value: value * factor }));
  draw({ box, points, across: "m", unit, limits, words: ([metres = 0, value = 0, arrival = 0]) => {
    const when = arrival > 1 ? _("约 {n} 分钟后到达", { n: (arrival / 60).toFixed(1) }) : "";
    return [`${metres.toFixed(0)} m`, `${short(value)} ${unit}`, when].filter(Boolean).join(" · ");
  } });
}

export function drawCourse(box: HTMLElement, receptor: Receptor): void {
  const { course } = receptor;
  box.hidden = !course;
  if (!course) return;
  const [factor, unit] = told(receptor.unit);
  const points = course.time.map((time, row) => [time / 60, (course.value[row] ?? 0) * factor]);
  const limits = receptor.levels.map(({ name, value }) => ({ name, value: value * factor }));
  draw({ box, points, across: _("分钟"), unit, limits, words: ([time = 0, value = 0]) => `${time.toFixed(1)} min · ${short(value)} ${unit}` });
}

/** What a point gets, in a sentence. */
export function receptorWords(receptor: Receptor): string {
  const [factor, unit] = told(receptor.unit);
  const parts = [_("距泄漏点 {n} 米", { n: Math.round(receptor.metres) }), _("最大 {value} {unit}", { value: short(receptor.value * factor), unit })];
  if (receptor.arrival > 1) parts.push(_("约 {n} 分钟后到达", { n: (receptor.arrival / 60).toFixed(1) }));
  if (receptor.lasting > 1) parts.push(_("持续约 {n} 分钟", { n: (receptor.lasting / 60).toFixed(1) }));
  parts.push(receptor.level ? _("达到 {level}", { level: receptor.level }) : _("不到任何阈值"));
  if (receptor.chance !== null) parts.push(_("室外死亡概率 {share}", { share: receptor.chance >= 0.01 || receptor.chance === 0 ? `${Math.round(receptor.chance * 100)}%` : "<1%" }));
  return parts.join("，");
}

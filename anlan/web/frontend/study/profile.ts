// What comes along a line: the value over the distance, both on logarithmic axes where they span decades.

import { LineChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { _ } from "kit/i18n";

echarts.use([LineChart, GridComponent, TooltipComponent, CanvasRenderer]);

export interface Profile { metres: number[]; value: number[]; arrival: number[]; unit: string }

const rem = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const short = (value: number): string => (value >= 1000 || value < 0.01 ? value.toExponential(1) : String(Number(value.toPrecision(3))));

export function drawProfile(box: HTMLElement, profile: Profile): void {
  const chart = echarts.getInstanceByDom(box) ?? echarts.init(box);
  const ink = token("--ink-soft");
  const points = profile.metres.map((metres, row) => [metres, profile.value[row] ?? 0, profile.arrival[row] ?? 0]).filter(([, value]) => (value ?? 0) > 0);
  const values = points.map(([, value]) => value ?? 0);
  const wide = values.length > 1 && Math.max(...values) / Math.min(...values) > 50;
  const label = { color: ink, fontSize: 0.72 * rem() };
  chart.setOption({
    animation: false, grid: { left: 4, right: 16, top: 28, bottom: 4, containLabel: true },
    xAxis: { type: "value", name: "m", nameTextStyle: label, axisLabel: label, splitLine: { show: false }, max: "dataMax" },
    yAxis: { type: wide ? "log" : "value", name: profile.unit, nameTextStyle: label, axisLabel: { ...label, formatter: short }, splitLine: { lineStyle: { color: token("--line") } } },
    tooltip: { trigger: "axis", formatter: (rows: { value: number[] }[]) => words(rows[0]?.value ?? [], profile.unit) },
    series: [{ type: "line", showSymbol: false, data: points, lineStyle: { color: token("--ink"), width: 2 }, itemStyle: { color: token("--ink") } }],
  }, true);
}

function words([metres = 0, value = 0, arrival = 0]: number[], unit: string): string {
  const when = arrival > 1 ? _("约 {n} 分钟后到达", { n: (arrival / 60).toFixed(1) }) : "";
  return [`${metres.toFixed(0)} m`, `${short(value)} ${unit}`, when].filter(Boolean).join(" · ");
}

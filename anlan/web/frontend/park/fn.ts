// The F-N curve against its criterion, on logarithmic axes: stairs, the two lines with their names, the band between them.

import { CustomChart, LineChart, ScatterChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { _ } from "kit/i18n";

echarts.use([LineChart, ScatterChart, CustomChart, GridComponent, TooltipComponent, CanvasRenderer]);

interface Line { number: number; frequency: number; slope: number }
interface Steps { number: number[]; frequency: number[] }
/** `before`: the curve without what is compared, drawn dashed beside the other. */
export interface Curve extends Steps { upper: Line | null; lower: Line | null; end: number | null; before?: Steps }

const FLOOR = 1e-10;
const rem = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const raised = (power: number): string => (power < 0 ? "⁻" : "") + [...String(Math.abs(power))].map((digit) => RAISED[Number(digit)]).join("");
const power = (value: number): string => `10${raised(Math.round(Math.log10(value)))}`;

const at = (line: Line, n: number): number => line.frequency * (n / line.number) ** line.slope;

/** From each corner to the next the frequency is that of the next: F(N) counts N or more. */
export function stairs(curve: Steps): [number, number][] {
  const points: [number, number][] = [];
  curve.number.forEach((n, row) => {
    points.push([row ? curve.number[row - 1]! : 1, curve.frequency[row]!], [Math.max(n, 1), curve.frequency[row]!]);
  });
  const last = curve.number.at(-1);
  if (last !== undefined) points.push([last, FLOOR]);
  return points;
}

type Option = Record<string, unknown>;
interface Pen { coord(point: [number, number]): [number, number] }

export function drawCurve(box: HTMLElement, curve: Curve): void {
  const known = echarts.getInstanceByDom(box);
  const chart = known ?? echarts.init(box);
  if (!known) new ResizeObserver(() => chart.resize()).observe(box);
  const soft = token("--ink-soft");
  const label = { color: soft, fontSize: 0.75 * rem() };
  const right = 10 ** Math.ceil(Math.log10(Math.max(1000, ...curve.number)));
  const end = Math.min(curve.end ?? right, right);
  const grid = { lineStyle: { color: token("--line") } };
  chart.setOption({
    animation: false, grid: { left: 8, right: 20, top: 28, bottom: 30, containLabel: true },
    xAxis: { type: "log", min: 1, max: right, name: _("死亡人数 N"), nameLocation: "middle", nameGap: 28, nameTextStyle: label, axisLabel: label, splitLine: grid },
    yAxis: { type: "log", min: 1e-9, max: 1e-2, name: _("N 人以上的频率，每年"), nameTextStyle: { ...label, align: "left" }, axisLabel: { ...label, formatter: power }, splitLine: grid },
    tooltip: { trigger: "axis", axisPointer: { type: "line" }, formatter: told },
    series: [...criterion(curve, end, label), ...(curve.before ? [steps(_("现在"), curve.before, true)] : []),
      steps(curve.before ? _("建成后") : _("本评价"), curve, false)],
  }, true);
  box.setAttribute("data-drawn", String(curve.number.length));
}

/** A curve; the one without what is compared is dashed. */
function steps(name: string, curve: Steps, before: boolean): Option {
  const ink = token(before ? "--ink-soft" : "--ink");
  return {
    type: "line", name, showSymbol: false, data: stairs(curve), z: before ? 2 : 3,
    lineStyle: { color: ink, width: before ? 1.75 : 2.5, type: before ? "dashed" : "solid" }, itemStyle: { color: ink },
  };
}

/** The two lines, the band between them in a neutral tint, and the name of each region where it lies. */
function criterion({ upper, lower }: Curve, end: number, label: Option): Option[] {
  if (!upper || !lower) return [];
  const line = (given: Line): Option => ({
    type: "line", silent: true, showSymbol: false, data: [[1, at(given, 1)], [end, at(given, end)]], z: 2, tooltip: { show: false },
    lineStyle: { color: token("--ink-soft"), width: 1.5, type: "dashed" }, itemStyle: { color: token("--ink-soft") } });
  const word = (name: string, n: number, f: number): Option => ({
    type: "scatter", silent: true, symbolSize: 0.1, data: [[n, f]], tooltip: { show: false },
    label: { ...label, show: true, formatter: name, position: "right" }, itemStyle: { opacity: 0 } });
  const middle = Math.sqrt(at(upper, 1.3) * at(lower, 1.3));
  const corners: [number, number][] = [[1, at(upper, 1)], [end, at(upper, end)], [end, at(lower, end)], [1, at(lower, 1)]];
  const band: Option = {
    type: "custom", silent: true, data: [[1, 1]], z: 0, tooltip: { show: false }, clip: true,
    renderItem: (_params: unknown, pen: Pen) => ({ type: "polygon", shape: { points: corners.map((corner) => pen.coord(corner)) },
      style: { fill: token("--ink-soft"), opacity: 0.13 } }) };
  return [band, line(upper), line(lower), word(_("不可容许"), 30, at(upper, 30) * 5), word(_("尽可能降低"), 1.15, middle), word(_("可容许"), 1.15, at(lower, 1.15) / 30)];
}

interface Told { seriesName: string; value: [number, number] }

function told(rows: Told[]): string {
  const found = rows.filter(({ seriesName }) => [_("本评价"), _("现在"), _("建成后")].includes(seriesName));
  if (!found.length) return "";
  const year = _("年");
  const people = _("{n} 人以上", { n: Math.round(found[0]!.value[0]) });
  const line = ({ seriesName, value }: Told): string => `${found.length > 1 ? `${seriesName} ` : ""}${value[1].toExponential(1)} /${year}`;
  return `${people} · ${found.map(line).join(" · ")}`;
}

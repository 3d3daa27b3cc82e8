// A tag over time: band of each span, line, limits as named lines, alarms as marked spans, brush to zoom.

import { CustomChart, LineChart } from "echarts/charts";
import { DataZoomComponent, GridComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { clockTime } from "kit/time";
import { sides } from "./labels";
import { asLevel, character, colour } from "./levels";
import { type Series, withGaps } from "./series";
import { dayMinute, hourMinute } from "./time";

echarts.use([LineChart, CustomChart, GridComponent, TooltipComponent, DataZoomComponent, MarkLineComponent, MarkAreaComponent, CanvasRenderer]);

export interface AlarmSpan {
  raised: number;
  cleared: number | null;
  level: number;
  name: string;
}

export interface TagChartData {
  name: string;
  unit: string;
  decimals: number;
  limits: { name: string; value: number }[];
  alarms: AlarmSpan[];
  series: Series;
  start: number;
  end: number;
}

interface Ink {
  text: string;
  faint: string;
  line: string;
  ground: string;
}

const DAY = 86_400_000;
const ONE_LINE = 0.14; // of the chart's height: the name of a limit
const ONE_MARK = 0.03; // of the chart's width: the character of an alarm

/** Charts grow with the page: on a wall as for weak eyes. */
const rem = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;

function inks(): Ink {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return { text: token("--ink"), faint: token("--line"), line: token("--ink-soft"), ground: token("--surface") };
}

type Option = Record<string, unknown>;

/** Limits are never told by colour alone: each line carries its name and value. */
function limitLines(data: TagChartData, ink: Ink): Option {
  const { min, max } = extent(data);
  const where = sides(data.limits.map(({ value }) => value), (max - min) * ONE_LINE);
  return {
    silent: true, symbol: "none",
    lineStyle: { type: "dashed", color: ink.text, width: 1, opacity: 0.75 },
    label: { color: ink.text, fontSize: 0.72 * rem(), backgroundColor: ink.ground, padding: [0, 3] },
    data: data.limits.map(({ name, value }, row) => ({ yAxis: value, label: { position: where[row], formatter: `${name} ${value}` } })),
  };
}

/** Of alarms that begin at the same moment the worst alone writes its character: two would lie on one another. */
function told(alarm: AlarmSpan, data: TagChartData): boolean {
  const at = (one: AlarmSpan): number => Math.max(one.raised, data.start);
  const close = data.alarms.filter((one) => Math.abs(at(one) - at(alarm)) < (data.end - data.start) * ONE_MARK);
  return close.every((one) => one.level < alarm.level || (one.level === alarm.level && data.alarms.indexOf(one) >= data.alarms.indexOf(alarm)));
}

function alarmAreas(data: TagChartData): Option {
  return {
    silent: true,
    label: { position: "insideTop", fontSize: 0.72 * rem(), fontWeight: 700, color: inks().text },
    data: data.alarms.map((alarm) => [
      { xAxis: Math.max(alarm.raised, data.start), name: told(alarm, data) ? character(asLevel(alarm.level)).slice(0, 1) : "", itemStyle: { color: colour(asLevel(alarm.level)), opacity: 0.16 } },
      { xAxis: Math.min(alarm.cleared ?? data.end, data.end) },
    ]),
  };
}

function timeLabel(start: number, end: number): (value: number) => string {
  if (end - start > DAY) return dayMinute;
  return end - start < 600_000 ? clockTime : hourMinute;
}

/** The scale shows the readings and every limit within reach of them; a far limit does not flatten the curve. */
function extent(data: TagChartData): { min: number; max: number } {
  const values = [...data.series.low, ...data.series.high].filter((value): value is number => value !== null);
  if (!values.length) values.push(...data.limits.map(({ value }) => value));
  let [low, high] = [Math.min(...values), Math.max(...values)];
  const reach = (high - low || Math.abs(high) * 0.05 || 1) * 1.5;
  for (const { value } of data.limits) {
    if (value >= low - reach && value <= high + reach) [low, high] = [Math.min(low, value), Math.max(high, value)];
  }
  const room = (high - low || 1) * 0.08;
  return { min: low - room, max: high + room };
}

function bandSeries(data: TagChartData, ink: Ink): Option[] {
  const low = withGaps(data.series, "low");
  const high = withGaps(data.series, "high");
  const band = low.map(([ts, value], row) => [ts, value, high[row]?.[1] ?? null]);
  return [{
    type: "custom", silent: true, data: band, encode: { x: 0, y: [1, 2] }, z: 1, tooltip: { show: false },
    renderItem: (_: unknown, api: BandApi) => bandItem(api, ink.line),
  }];
}

interface BandApi {
  value(dimension: number): number;
  coord(point: [number, number]): [number, number];
}

/** From lowest to highest of one span, a hair wide. */
function bandItem(api: BandApi, fill: string): Option | undefined {
  const [ts, low, high] = [api.value(0), api.value(1), api.value(2)];
  if (Number.isNaN(low) || Number.isNaN(high)) return undefined;
  const [x, bottom] = api.coord([ts, low]);
  const [, top] = api.coord([ts, high]);
  return { type: "rect", shape: { x: x - 1, y: top, width: 2, height: Math.max(bottom - top, 0.5) }, style: { fill, opacity: 0.3 } };
}

function tooltip(data: TagChartData): Option {
  return {
    trigger: "axis", renderMode: "richText", confine: true,
    axisPointer: { type: "line" },
    formatter: (items: { value: [number, number | null] }[]) => {
      const [item] = items.filter(({ value }) => value.length === 2);
      if (!item || item.value[1] === null) return "";
      return `${dayMinute(item.value[0]).slice(0, -5)}${clockTime(item.value[0])}\n${item.value[1].toFixed(data.decimals)} ${data.unit}`;
    },
  };
}

const quiet = (ink: Ink): Option => ({ lineStyle: { color: ink.line, opacity: 0.6 }, areaStyle: { color: ink.line, opacity: 0.12 } });

function option(data: TagChartData, zoomable: boolean): Option {
  const ink = inks();
  const label = timeLabel(data.start, data.end);
  return {
    animation: false, textStyle: { color: ink.text, fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 8, right: 16, top: 1.65 * rem(), bottom: zoomable ? 62 : 8, containLabel: true },
    xAxis: { type: "time", min: data.start, max: data.end, axisLabel: { formatter: label, color: ink.text, fontSize: 0.75 * rem(), hideOverlap: true }, splitLine: { show: false } },
    yAxis: { type: "value", ...extent(data), name: data.unit, nameGap: 10, nameTextStyle: { color: ink.text, align: "left", fontSize: 0.75 * rem() },
      axisLabel: { color: ink.text, fontSize: 0.75 * rem(), formatter: (value: number) => value.toFixed(data.decimals), showMinLabel: false, showMaxLabel: false },
      splitLine: { lineStyle: { color: ink.faint } } },
    tooltip: tooltip(data),
    dataZoom: zoomable ? [
      { type: "inside", filterMode: "none" },
      { type: "slider", filterMode: "none", height: 26, bottom: 10, labelFormatter: (value: number) => label(value), textStyle: { color: ink.text },
        brushSelect: true, borderColor: ink.faint, fillerColor: "rgba(128,138,150,.18)", handleStyle: { color: ink.text, borderColor: ink.text },
        moveHandleStyle: { color: ink.line, opacity: 0.6 }, emphasis: { moveHandleStyle: { color: ink.text }, handleStyle: { color: ink.text } },
        dataBackground: quiet(ink), selectedDataBackground: quiet(ink) },
    ] : [],
    series: [...bandSeries(data, ink), {
      type: "line", data: withGaps(data.series, "mean"), showSymbol: false, connectNulls: false, z: 2, name: data.name,
      lineStyle: { color: ink.line, width: 1.8 }, itemStyle: { color: ink.line }, markLine: limitLines(data, ink), markArea: alarmAreas(data),
    }],
  };
}

export class TagChart {
  private readonly chart: echarts.ECharts;
  private data: TagChartData | null = null;
  onzoom: (start: number, end: number) => void = () => undefined;

  constructor(private readonly root: HTMLElement, private readonly zoomable: boolean) {
    this.chart = echarts.init(root);
    new ResizeObserver(() => this.chart.resize()).observe(root);
    addEventListener("anlan:theme", () => this.data && this.show(this.data));
    this.chart.on("datazoom", () => this.zoomed());
  }

  show(data: TagChartData): void {
    this.data = data;
    this.chart.setOption(option(data, this.zoomable), { notMerge: true });
    this.root.setAttribute("data-drawn", String(data.series.ts.length));
  }

  /** Follow the live end without losing the reader's zoom. */
  follow(): void {
    if (!this.data) return;
    const { data } = this;
    this.chart.setOption({ xAxis: { max: data.end }, series: option(data, this.zoomable)["series"] as object[] });
    this.root.setAttribute("data-drawn", String(data.series.ts.length));
  }

  private zoomed(): void {
    const axis = (this.chart.getOption()["dataZoom"] as { startValue?: number; endValue?: number }[] | undefined)?.[0];
    if (axis?.startValue !== undefined && axis.endValue !== undefined) this.onzoom(axis.startValue, axis.endValue);
  }

  dispose(): void {
    this.chart.dispose();
  }
}

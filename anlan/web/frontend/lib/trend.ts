// A tag's recent past that goes on by itself, in a box that names its address: data-trend="/tags/12/series".

import { live, type ValuesEvent } from "kit/live";
import { TagChart, type TagChartData } from "./chart";
import { getJson } from "./dom";
import { append } from "./series";

const KEEP = 30 * 60_000;

export class Trend {
  private readonly chart: TagChart;
  private data: TagChartData | null = null;
  private readonly tag: number;
  private readonly deaf: () => void;

  constructor(private readonly box: HTMLElement) {
    this.tag = Number(box.dataset["tag"]);
    this.chart = new TagChart(box, false);
    void this.load();
    this.deaf = live.on("values", (values) => this.take(values));
    live.subscribe({ tags: [this.tag] });
  }

  private async load(): Promise<void> {
    this.data = await getJson<TagChartData>(this.box.dataset["trend"] ?? "");
    this.chart.show(this.data);
  }

  private take(values: ValuesEvent): void {
    const row = values.t.indexOf(this.tag);
    if (row < 0 || !this.data) return;
    const ts = values.ts[row] ?? 0;
    append(this.data.series, ts, values.q[row] ? (values.v[row] ?? null) : null, KEEP);
    [this.data.start, this.data.end] = [ts - KEEP, ts];
    this.chart.show(this.data);
  }

  stop(): void {
    this.deaf();
    this.chart.dispose();
  }
}

// The chart page's one chart: a window of time over some tags, kept in the address, live while its end is now.

import { CustomChart, LineChart } from "echarts/charts";
import { GridComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";
import { _ } from "kit/i18n";
import { live, type ValuesEvent } from "kit/live";
import { exact, now } from "kit/time";
import { all, coalesce, getJson, one } from "../lib/dom";
import { Brush } from "./brush";
import { type Curves, type DeskConfig, extend, told } from "./data";
import { option, rem } from "./option";
import { Values } from "./values";

echarts.use([LineChart, CustomChart, GridComponent, TooltipComponent, MarkLineComponent, MarkAreaComponent, LabelLayout, CanvasRenderer]);

const MINUTE = 60_000;
const YEAR = 366 * 1440;
const AGAIN = 10 * MINUTE; // a live chart is read anew now and then: its steps stay even
const LANE_REM = 8.5;

export class Desk {
  private readonly box = one("#tag-chart");
  private readonly chart = echarts.init(this.box);
  private readonly values: Values;
  private data: Curves | null = null;
  private turn = 0;
  private drawn = 0;

  constructor(private readonly config: DeskConfig) {
    this.values = new Values(config, (tag) => this.draw(tag));
    this.size();
    new ResizeObserver(() => (this.size(), this.draw())).observe(one(".chart-box"));
    addEventListener("anlan:theme", () => this.draw());
    this.chart.on("updateAxisPointer", (event) => this.point(event as { axesInfo?: { value: number }[] }));
    this.chart.getZr().on("globalout", () => this.values.at(null));
    new Brush(this.box, this.chart, { take: (start, end) => this.show(start, end), wider: (at) => this.zoom(2, at), turn: (share) => this.pan(share) });
    this.listen();
    live.on("values", (values) => this.take(values));
    live.on("alarm", (alarm) => config.tags.some(({ id }) => id === alarm.tag) && this.live() && this.soon());
    live.onGap(() => location.reload());
    live.subscribe({ tags: config.tags.map(({ id }) => id) });
    window.setInterval(() => this.live() && !document.hidden && void this.load(), AGAIN);
    void this.load();
  }

  private readonly soon = coalesce(1500, () => void this.load());
  private readonly redraw = coalesce(1000, () => document.hidden || this.draw());

  private live = (): boolean => this.config.minutes !== null;

  private span(): number {
    return this.config.minutes === null ? this.config.end - this.config.start : this.config.minutes * MINUTE;
  }

  private query(): URLSearchParams {
    const { tags, minutes, start, end, compare } = this.config;
    const query = new URLSearchParams({ tags: tags.map(({ id }) => id).join(",") });
    if (minutes === null) for (const [name, value] of Object.entries({ start, end })) query.set(name, String(Math.round(value)));
    else query.set("minutes", String(minutes));
    if (compare) query.set("compare", compare);
    return query;
  }

  private async load(): Promise<void> {
    const turn = ++this.turn;
    const query = this.query();
    query.set("points", String(Math.min(Math.max(Math.round(this.box.clientWidth / 2), 200), 2000)));
    this.box.setAttribute("aria-busy", "true");
    const data = await getJson<Curves>(`${this.config.urls.series}?${query}`);
    if (turn !== this.turn) return;
    this.data = data;
    [this.config.start, this.config.end] = [data.start, data.end];
    this.box.removeAttribute("aria-busy");
    this.draw();
    this.values.alarms(data);
    this.say();
  }

  private size(): void {
    const { tags, lanes } = this.config;
    const count = lanes === "tag" ? tags.length : new Set(tags.map(({ unit }) => unit)).size;
    const least = (7 + LANE_REM * count) * rem();
    this.box.style.height = `${Math.max(least, Math.min(0.56 * innerHeight, 48 * rem()))}px`;
    this.chart.resize();
  }

  private draw(lit: number | null = this.values.lit): void {
    if (!this.data) return;
    const look = { lanes: this.config.lanes, lit, width: this.box.clientWidth, height: this.box.clientHeight };
    this.chart.setOption(option(this.data, look), { notMerge: true });
    this.box.setAttribute("data-drawn", String(++this.drawn));
    this.values.show(this.data);
  }

  /** Say the window in words, in the address and in the links that lead away. */
  private say(): void {
    const { start, end, minutes, urls, tags } = this.config;
    const until = this.live() ? _("现在") : exact(end).slice(0, 16);
    one("[data-when]").textContent = `${exact(start).slice(0, 16)} – ${until}`;
    for (const chip of all("[data-minutes]")) chip.setAttribute("aria-pressed", String(Number(chip.dataset["minutes"]) === minutes));
    one<HTMLButtonElement>('[data-move="live"]').disabled = one<HTMLButtonElement>('[data-move="later"]').disabled = this.live();
    const query = this.query();
    for (const link of all<HTMLAnchorElement>("a[data-export]")) link.href = `${urls.export}?${query}&kind=${link.dataset["export"]}`;
    if (location.pathname !== urls.page) query.delete("tags");
    if (this.config.lanes === "tag" && tags.length > 1) query.set("lanes", "tag");
    history.replaceState(null, "", `${location.pathname}?${query.toString().replaceAll("%2C", ",")}`);
  }

  /** A stretch of the past; one that reaches the present goes on with it. */
  private show(start: number, end: number): void {
    const span = Math.min(Math.max(end - start, 10_000), YEAR * MINUTE);
    const late = now();
    if (end >= late - 0.01 * span) this.config.minutes = Math.max(Math.round(span / MINUTE), 1);
    else [this.config.minutes, this.config.start, this.config.end] = [null, end - span, end];
    void this.load();
  }

  private pan(share: number): void {
    const by = share * this.span();
    this.show(this.config.start + by, this.config.end + by);
  }

  private zoom(factor: number, at = this.live() ? this.config.end : (this.config.start + this.config.end) / 2): void {
    const { start, end } = this.config;
    this.show(at - (at - start) * factor, at + (end - at) * factor);
  }

  private move(how: string | undefined): void {
    if (how === "earlier") this.pan(-0.5);
    else if (how === "later") this.pan(0.5);
    else if (how === "wider") this.zoom(2);
    else if (how === "closer") this.zoom(0.5);
    else this.show(now() - this.span(), now());
  }

  private listen(): void {
    for (const chip of all("[data-minutes]")) chip.addEventListener("click", () => this.show(now() - Number(chip.dataset["minutes"]) * MINUTE, now()));
    for (const button of all("[data-move]")) button.addEventListener("click", () => this.move(button.dataset["move"]));
    for (const button of all("[data-remove]")) button.addEventListener("click", () => this.without(Number(button.dataset["remove"])));
    one('button[data-export="png"]').addEventListener("click", () => this.picture());
    one<HTMLSelectElement>("[data-compare]").addEventListener("change", ({ target }) => this.reload({ compare: (target as HTMLSelectElement).value }));
    document.querySelector("[data-lanes]")?.addEventListener("change", ({ target }) => {
      this.config.lanes = (target as HTMLSelectElement).value === "tag" ? "tag" : "unit";
      this.size();
      this.draw();
      this.say();
    });
    document.addEventListener("keydown", (event) => this.key(event));
  }

  private key(event: KeyboardEvent): void {
    const busy = (event.target as Element).closest("input, textarea, select, [role=option], dialog[open]");
    const how = { ArrowLeft: "earlier", ArrowRight: "later", "+": "closer", "=": "closer", "-": "wider", "0": "live" }[event.key];
    if (busy || !how || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.move(how);
  }

  /** Where the table has another shape, the server makes the page anew. */
  private reload(change: Record<string, string>): void {
    const query = new URL(location.href).searchParams;
    for (const [name, value] of Object.entries(change)) value ? query.set(name, value) : query.delete(name);
    location.search = query.toString().replaceAll("%2C", ",");
  }

  private without(tag: number): void {
    this.reload({ tags: this.config.tags.map(({ id }) => id).filter((id) => id !== tag).join(",") });
  }

  private point({ axesInfo }: { axesInfo?: { value: number }[] }): void {
    const at = axesInfo?.[0]?.value;
    this.values.at(at === undefined ? null : at);
  }

  private take(values: ValuesEvent): void {
    const { data } = this;
    if (!data) return;
    const step = this.span() / Math.max(this.box.clientWidth / 2, 200);
    values.t.forEach((tag, row) => {
      const curve = data.tags.find(({ id }) => id === tag);
      if (!curve) return;
      const [value, ts] = [values.v[row] ?? null, values.ts[row] ?? 0];
      [curve.value, curve.ts] = [value, ts];
      const shown = document.querySelector<HTMLElement>(`.tag-now[data-tag="${tag}"]`);
      if (shown) shown.textContent = told(value, curve);
      if (!this.live()) return;
      extend(curve.series, ts, values.q[row] === 1 ? value : null, step, this.span());
      if (ts > data.end) [data.start, data.end] = [ts - this.span(), ts];
    });
    if (this.live()) this.redraw();
  }

  /** The chart as a picture, with what it shows written above it. */
  private picture(): void {
    const drawn = this.chart.renderToCanvas({ pixelRatio: 2, backgroundColor: getComputedStyle(document.documentElement).getPropertyValue("--surface").trim() });
    const [head, sheet] = [Math.round(4.5 * rem()), document.createElement("canvas")];
    [sheet.width, sheet.height] = [drawn.width, drawn.height + head];
    const pen = sheet.getContext("2d");
    if (!pen) return;
    const style = getComputedStyle(document.documentElement);
    pen.fillStyle = style.getPropertyValue("--surface").trim();
    pen.fillRect(0, 0, sheet.width, head);
    pen.fillStyle = style.getPropertyValue("--ink").trim();
    pen.font = `600 ${1.75 * rem()}px ${getComputedStyle(document.body).fontFamily}`;
    pen.fillText(`${this.config.tags.map(({ name }) => name).join("、")}  ${exact(this.config.start)} – ${exact(this.config.end)}`, rem(), 2.75 * rem(), sheet.width - 2 * rem());
    pen.drawImage(drawn, 0, head);
    sheet.toBlob((blob) => blob && save(blob));
  }
}

function save(blob: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `anlan-${exact(now()).replace(/[: ]/g, "-")}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), MINUTE);
}

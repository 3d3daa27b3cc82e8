// Below the chart: every tag's value at the cursor (or now), its lowest, mean and highest of the window; and the window's alarms.

import { _ } from "kit/i18n";
import { badge } from "kit/level";
import { exact } from "kit/time";
import { all, el, one } from "../lib/dom";
import { asLevel } from "../lib/levels";
import { type AlarmMark, type Curve, type Curves, type DeskConfig, nearest, summary, told } from "./data";
import { dash, lanesOf } from "./option";

const LISTED = 50;

export class Values {
  lit: number | null = null;
  private data: Curves | null = null;
  private cursor: number | null = null;
  private readonly rows: Map<number, HTMLElement>;

  constructor(private readonly config: DeskConfig, private readonly light: (tag: number | null) => void) {
    this.rows = new Map(all("[data-row]").map((row) => [Number(row.dataset["row"]), row]));
    for (const [tag, row] of this.rows) {
      if (this.rows.size < 2) continue;
      row.addEventListener("pointerenter", () => this.turnOn(tag));
      row.addEventListener("pointerleave", () => this.turnOn(null));
      row.addEventListener("focusin", () => this.turnOn(tag));
      row.addEventListener("focusout", () => this.turnOn(null));
    }
  }

  private turnOn(tag: number | null): void {
    this.lit = tag;
    this.light(tag);
  }

  show(data: Curves): void {
    this.data = data;
    for (const group of lanesOf(data.tags, this.config.lanes)) group.forEach((curve, row) => this.fill(curve, row));
    this.tell();
  }

  private fill(curve: Curve, row: number): void {
    const element = this.rows.get(curve.id);
    if (!element) return;
    const pattern = dash(row);
    one<SVGElement>(".dash line", element).setAttribute("stroke-dasharray", Array.isArray(pattern) ? pattern.join(" ") : "none");
    const { low, mean, high } = summary(curve.series);
    for (const [name, value] of Object.entries({ low, mean, high })) one(`[data-${name}]`, element).textContent = told(value, curve);
  }

  /** The values at a moment; null means now. */
  at(moment: number | null): void {
    this.cursor = moment;
    this.tell();
  }

  private tell(): void {
    const { data, cursor } = this;
    if (!data) return;
    one("[data-cursor]").textContent = cursor === null ? _("现在") : exact(cursor);
    const reach = (data.end - data.start) / 40;
    for (const curve of data.tags) {
      const element = this.rows.get(curve.id);
      if (!element) continue;
      const row = cursor === null ? -1 : nearest(curve.series, cursor, reach);
      one("[data-at]", element).textContent = told(cursor === null ? curve.value : curve.series.mean[row], curve);
      const before = element.querySelector("[data-before]");
      if (before) before.textContent = this.earlier(curve, cursor ?? data.end, reach);
    }
  }

  private earlier(curve: Curve, moment: number, reach: number): string {
    if (!curve.before || !this.data) return "—";
    return told(curve.before.mean[nearest(curve.before, moment - this.data.shift, reach)], curve);
  }

  alarms(data: Curves): void {
    one("[data-alarm-count]").textContent = String(data.alarms.length);
    const shown = data.alarms.slice(0, LISTED).map((alarm) => this.line(data, alarm));
    if (!shown.length) shown.push(el("li", { class: "field-hint" }, _("这段时间里没有报警。")));
    if (data.alarms.length > LISTED) shown.push(el("li", { class: "field-hint" }, _("另有 {n} 条，导出的 Excel 里有全部。", { n: data.alarms.length - LISTED })));
    one("[data-alarms]").replaceChildren(...shown);
  }

  private line(data: Curves, alarm: AlarmMark): HTMLElement {
    const curve = data.tags.find(({ id }) => id === alarm.tag);
    const title = curve ? `${curve.name} ${alarm.name} ${alarm.value === null ? "" : told(alarm.value, curve)}`.trim() : alarm.name;
    const ends = alarm.cleared === null ? _("仍在报警") : exact(alarm.cleared).slice(5);
    const notes = alarm.notes.map(({ by, text, at }) => el("p", { class: "chart-said" }, _("{by}：{text}", { by, text }), el("small", {}, exact(at).slice(5, 16))));
    return el("li", {}, badge(asLevel(alarm.level)), el("a", { href: this.config.urls.alarm.replace("/0", `/${alarm.id}`) }, title),
      el("span", { class: "num" }, `${exact(alarm.raised).slice(5)} – ${ends}`), ...notes);
  }
}

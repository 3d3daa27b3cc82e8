// The panel of the chosen place: why its colour, then tabs; values and sparklines live, what hangs together is ringed.

import { live, type ValuesEvent } from "kit/live";
import { now } from "kit/time";
import { all, coalesce, getJson, getPart, one } from "../lib/dom";
import { append, emptySeries, type Series } from "../lib/series";
import { drawSpark } from "../lib/spark";
import { set } from "./address";
import type { Spot } from "./geodesy";

const KEEP = 30 * 60_000;

interface Sparks { tags: Record<string, Series> }

export class PlacePanel {
  place: number | null = null;
  onclose: () => void = () => undefined;
  onchoose: (id: number) => void = () => undefined;
  onrings: (spots: Spot[]) => void = () => undefined;
  private readonly root = one("#why");
  private readonly sparks = new Map<number, Series>();
  private rows = new Map<number, HTMLElement>();
  private readonly fresh = new Set<number>();
  private tab = "";
  private asked = 0;
  private readonly drawFresh = coalesce(500, () => {
    for (const tag of this.fresh) this.spark(tag);
    this.fresh.clear();
  });

  constructor(private readonly url: string) {
    this.root.addEventListener("click", (event) => this.click(event));
    this.root.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.place !== null && !event.defaultPrevented) this.onclose();
    });
    live.on("values", (values) => this.take(values));
  }

  async show(place: number | null, at: number | null): Promise<void> {
    const other = place !== this.place;
    this.place = place;
    const turn = ++this.asked;
    set("place", place === null ? null : String(place));
    if (place === null) return this.fill(null, other);
    const moment = at === null ? "" : `?at=${encodeURIComponent(new Date(at).toISOString())}`;
    const part = await getPart(this.url.replace(/0$/, String(place)) + moment);
    if (turn === this.asked && part) this.fill(part, other);
  }

  private fill(part: DocumentFragment | null, other: boolean): void {
    const scroll = other ? 0 : this.root.scrollTop;
    this.root.replaceChildren(...(part ? [part] : []));
    this.root.hidden = part === null;
    this.root.scrollTop = scroll;
    document.body.classList.toggle("place-open", part !== null);
    this.rows = new Map(all("li[data-tag]", this.root).map((row) => [Number(row.dataset["tag"]), row]));
    const panel = this.root.querySelector<HTMLElement>("[data-panel]");
    this.onrings(panel ? (JSON.parse(panel.dataset["rings"] ?? "[]") as Spot[]) : []);
    if (!other && this.tab) this.open(this.root.querySelector<HTMLElement>(`#${this.tab}`));
    live.subscribe({ tags: this.rows.keys() });
    if (other) this.sparks.clear();
    if (panel && this.rows.size) void this.loadSparks(panel.dataset["sparks"] ?? "");
  }

  private async loadSparks(url: string): Promise<void> {
    if (!this.sparks.size) {
      const found = await getJson<Sparks>(url).catch(() => null);
      for (const [tag, series] of Object.entries(found?.tags ?? {})) this.sparks.set(Number(tag), series);
    }
    for (const tag of this.rows.keys()) this.spark(tag);
  }

  private spark(tag: number): void {
    const [row, series] = [this.rows.get(tag), this.sparks.get(tag)];
    if (!row || !series) return;
    const limit = (text: string | undefined): number | undefined => (text ? Number(text) : undefined);
    const [high, low] = [limit(row.dataset["high"]), limit(row.dataset["low"])];
    const limits = { ...(high === undefined ? {} : { high }), ...(low === undefined ? {} : { low }) };
    drawSpark(one<SVGElement>("svg.spark", row), series, limits, now() - KEEP, now());
  }

  private take(values: ValuesEvent): void {
    values.t.forEach((tag, at) => {
      const row = this.rows.get(tag);
      if (!row) return;
      const [value, ts, good] = [values.v[at] ?? null, values.ts[at] ?? 0, values.q[at] === 1];
      const text = value === null ? "—" : `${value.toFixed(Number(row.dataset["decimals"]))} ${row.dataset["unit"] ?? ""}`;
      one("output", row).textContent = text.trim();
      row.classList.toggle("is-bad", !good);
      const series = this.sparks.get(tag) ?? emptySeries();
      this.sparks.set(tag, series);
      append(series, ts, good ? value : null, KEEP);
      this.fresh.add(tag);
    });
    if (this.fresh.size) this.drawFresh();
  }

  private click(event: Event): void {
    const target = event.target as Element;
    if (target.closest("[data-why-close]")) return this.onclose();
    const tab = target.closest<HTMLElement>('[role="tab"]');
    if (tab) return this.open(tab);
    const link = target.closest<HTMLElement>("a[data-place]");
    const { ctrlKey, metaKey } = event as MouseEvent;
    if (!link || ctrlKey || metaKey) return;
    event.preventDefault();
    this.onchoose(Number(link.dataset["place"]));
  }

  private open(tab: HTMLElement | null): void {
    if (!tab) return;
    this.tab = tab.id;
    for (const other of all('[role="tab"]', this.root)) {
      const mine = other === tab;
      other.setAttribute("aria-selected", String(mine));
      other.tabIndex = mine ? 0 : -1;
      one(`#${other.getAttribute("aria-controls")}`, this.root).hidden = !mine;
    }
  }

  private key(event: KeyboardEvent): void {
    const tab = (event.target as Element).closest<HTMLElement>('[role="tab"]');
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!tab || !step) return;
    const tabs = all('[role="tab"]', this.root);
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
    this.open(next ?? null);
    next?.focus();
    event.preventDefault();
  }
}

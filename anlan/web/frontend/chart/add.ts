// The box that adds a tag to the chart: answers while typing, arrows and Enter to choose.

import { _ } from "kit/i18n";
import { all, coalesce, el, one } from "../lib/dom";
import type { About, DeskConfig } from "./data";

const PAUSE = 160;

export class AddBox {
  private readonly input: HTMLInputElement;
  private readonly list: HTMLElement;
  private at = -1;
  private turn = 0;

  constructor(root: HTMLElement, private readonly config: DeskConfig) {
    this.input = one<HTMLInputElement>("input", root);
    this.list = one("ul", root);
    this.input.addEventListener("input", coalesce(PAUSE, () => void this.ask()));
    this.input.addEventListener("keydown", (event) => this.key(event));
    root.addEventListener("focusout", ({ relatedTarget }) => root.contains(relatedTarget as Node) || this.close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  private async ask(): Promise<void> {
    const turn = ++this.turn;
    const text = this.input.value.trim();
    if (!text) return this.close();
    const answer = await fetch(`${this.config.urls.tags}?q=${encodeURIComponent(text)}`).catch(() => null);
    if (turn !== this.turn || !answer?.ok) return;
    const { tags } = (await answer.json()) as { tags: About[] };
    const known = new Set(this.config.tags.map(({ id }) => id));
    this.offer(tags.filter(({ id }) => !known.has(id)));
  }

  private offer(tags: About[]): void {
    const full = this.config.tags.length >= this.config.most;
    const said = full ? _("一张图上最多画 {most} 个监测点，请先移去一个。", { most: this.config.most }) : tags.length ? "" : _("没有找到能加的监测点。");
    one("[data-add-said]").textContent = said;
    this.list.replaceChildren(...(said ? [el("li", { class: "field-hint" }, said)] : tags.map((tag, row) => this.line(tag, row))));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.choose(0);
  }

  private line(tag: About, row: number): HTMLElement {
    const line = el("a", { href: this.address(tag.id), role: "option", id: `offered-${row}`, tabindex: "-1" }, tag.name, el("small", {}, `${tag.place} · ${tag.code} · ${tag.unit}`));
    return el("li", { role: "none" }, line);
  }

  private address(tag: number): string {
    const query = new URLSearchParams(location.search);
    query.set("tags", [...this.config.tags.map(({ id }) => id), tag].join(","));
    return `${this.config.urls.page}?${query.toString().replaceAll("%2C", ",")}`;
  }

  private choose(to: number): void {
    const lines = all<HTMLAnchorElement>("a", this.list);
    this.at = lines.length ? (to + lines.length) % lines.length : -1;
    lines.forEach((line, row) => line.setAttribute("aria-selected", String(row === this.at)));
    const chosen = lines[this.at];
    if (chosen) this.input.setAttribute("aria-activedescendant", chosen.id);
    chosen?.scrollIntoView({ block: "nearest" });
  }

  private key(event: KeyboardEvent): void {
    const lines = all<HTMLAnchorElement>("a", this.list);
    if (event.key === "ArrowDown") this.choose(this.at + 1);
    else if (event.key === "ArrowUp") this.choose(this.at - 1);
    else if (event.key === "Enter" && lines[this.at]) lines[this.at]?.click();
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }

  private close(): void {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
  }
}

// Layers and filters: switches with counts, chips for what is in force, all of it in the address.

import { _ } from "kit/i18n";
import { badge } from "kit/level";
import { all as every, el, getPart, one } from "../lib/dom";
import { asLevel, word } from "../lib/levels";
import { all, clear, get, NARROWING, type Narrowing, set } from "./address";
import { lengthWords } from "./geodesy";

type Names = Record<string, string>;

export class Filters {
  onchange: () => void = () => undefined;
  onbase: (visible: boolean) => void = () => undefined;
  private loaded: Promise<void> | null = null;
  private readonly names: Record<string, Names> = { object: {}, sector: {} };

  constructor(private readonly url: string, private readonly usual: string[], sorts: [string, string, string][]) {
    for (const [code, name] of sorts) (this.names["object"] as Names)[code] = name;
    const menu = one<HTMLDetailsElement>("#map-filters");
    menu.addEventListener("toggle", () => menu.open && void this.load());
    menu.addEventListener("change", (event) => this.picked(event.target as HTMLInputElement));
    one("#map-layers").addEventListener("change", (event) => this.switched(event.target as HTMLInputElement));
    one("#map-chips").addEventListener("click", (event) => this.dropped(event));
    this.show();
    if (get("sector")) void this.load();
  }

  /** Trades and kinds come when somebody first looks for them. */
  private load(): Promise<void> {
    this.loaded ??= getPart(this.url).then((part) => {
      if (!part) return void (this.loaded = null);
      one("#map-filter-body").replaceChildren(part);
      for (const box of every<HTMLInputElement>("#map-filter-body [data-filter=sector]")) {
        (this.names["sector"] as Names)[box.value] = box.parentElement?.querySelector("span")?.textContent ?? box.value;
      }
      this.show();
    });
    return this.loaded;
  }

  private on(): Set<string> {
    const chosen = all("layer");
    return new Set(chosen.length ? chosen : this.usual);
  }

  private switched(box: HTMLInputElement): void {
    const layer = box.dataset["layer"];
    if (layer === "base") return this.onbase(box.checked);
    if (layer === "heat" || layer === "people") {
      set("heat", box.checked ? (layer === "heat" ? "1" : "people") : null); // one density at a time
      this.show();
    }
    else if (layer) {
      const on = this.on();
      if (box.checked) on.add(layer);
      else on.delete(layer);
      const usual = on.size === this.usual.length && this.usual.every((name) => on.has(name));
      set("layer", usual ? null : on.size ? on : ["-"]);
    }
    this.onchange();
  }

  private picked(box: HTMLInputElement): void {
    const key = box.dataset["filter"] as Narrowing | undefined;
    if (key) this.toggle(key, box.value, box.checked);
  }

  toggle(key: Narrowing, value: string, on: boolean): void {
    const kept = all(key).filter((one) => one !== value);
    set(key, on ? [...kept, value] : kept);
    this.changed();
  }

  changed(): void {
    this.show();
    this.onchange();
  }

  /** Boxes and chips as the address says. */
  show(): void {
    const on = this.on();
    for (const box of every<HTMLInputElement>("#map-layers [data-layer]")) {
      const layer = box.dataset["layer"] ?? "";
      if (layer === "heat") box.checked = get("heat") === "1";
      else if (layer === "people") box.checked = get("heat") === "people";
      else if (layer !== "base") box.checked = on.has(layer);
    }
    for (const box of every<HTMLInputElement>("#map-filter-body [data-filter]")) {
      box.checked = all(box.dataset["filter"] as Narrowing).includes(box.value);
    }
    const chips = NARROWING.flatMap((key) => all(key).map((value) => this.chip(key, value)));
    if (chips.length > 1) chips.push(el("button", { type: "button", class: "chip is-clear", "data-clear": "" }, _("全部清除")));
    one("#map-chips").replaceChildren(...chips);
    one("#map-filter-count").textContent = chips.length ? String(NARROWING.flatMap((key) => all(key)).length) : "";
  }

  private chip(key: Narrowing, value: string): HTMLElement {
    const chip = el("button", { type: "button", class: "chip", "data-key": key, "data-value": value, title: _("去掉这个条件") });
    if (key === "level") chip.append(badge(asLevel(Number(value)), word(asLevel(Number(value)))));
    else chip.append(this.words(key, value));
    chip.append(el("span", { class: "visually-hidden" }, _("去掉这个条件")), el("i", { "aria-hidden": "true" }, "×"));
    return chip;
  }

  private words(key: Narrowing, value: string): string {
    if (key === "ring") return _("多边形内");
    if (key === "substance") return _("有“{name}”的", { name: value });
    if (key !== "near") return this.names[key]?.[value] ?? value;
    const metres = lengthWords(Number(get("metres") || 1000));
    if (value.startsWith("object:")) return _("任一{what} {metres} 以内", { what: this.names["object"]?.[value.slice(7)] ?? "", metres });
    return value.startsWith("place:") ? _("所选地点 {metres} 以内", { metres }) : _("图上一点 {metres} 以内", { metres });
  }

  private dropped(event: Event): void {
    const chip = (event.target as Element).closest<HTMLElement>("button");
    if (!chip) return;
    if (chip.dataset["clear"] !== undefined) return this.reset();
    const [key, value] = [chip.dataset["key"] as Narrowing, chip.dataset["value"] ?? ""];
    if (key === "near") set("metres", null);
    this.toggle(key, value, false);
  }

  reset(): void {
    clear([...NARROWING, "metres"]);
    this.changed();
  }

  /** How much each layer has; a layer without anything says so and cannot be switched. */
  count(totals: Record<string, number>): void {
    for (const box of every<HTMLInputElement>("#map-layers [data-layer]")) {
      const total = totals[box.dataset["layer"] ?? ""];
      if (total === undefined) continue;
      const label = box.parentElement as HTMLElement;
      one(".num", label).textContent = total.toLocaleString("zh-CN");
      label.classList.toggle("is-empty", total === 0);
    }
  }
}

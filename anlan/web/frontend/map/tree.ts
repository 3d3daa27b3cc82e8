// The place tree beside the map: levels and counts live, opened and walked by keyboard as the ARIA tree pattern says.

import { _ } from "kit/i18n";
import { TOKENS } from "kit/level";
import { el } from "../lib/dom";
import { character, word, WORST_FIRST } from "../lib/levels";
import type { Picture, Place } from "./picture";

/** More children than this are not listed; the place's page has them all. */
const SHOWN = 200;

export class PlaceTree {
  private readonly open = new Set<number>();
  private current: number | null = null;
  onchoose: (place: Place) => void = () => undefined;
  onopen: (place: Place) => void = () => undefined;

  constructor(private readonly root: HTMLElement, private readonly picture: Picture) {
    root.addEventListener("click", (event) => this.click(event));
    root.addEventListener("keydown", (event) => this.key(event));
  }

  /** Open the roots, and below them every branch that leads to something red or orange. */
  openWorst(): void {
    const visit = (place: Place, depth: number): void => {
      if (!place.children.length || depth > 3 || place.kind === "enterprise") return;
      if (depth < 2 || this.picture.level(place.id) >= 3) this.open.add(place.id);
      for (const child of this.picture.children(place).slice(0, SHOWN)) visit(child, depth + 1);
    };
    for (const place of this.picture.roots()) visit(place, 0);
  }

  /** Draw again, keeping what is open, chosen, focused and scrolled to. */
  draw(): void {
    const focused = this.root.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset["place"] : null;
    const scroll = this.root.parentElement?.scrollTop ?? 0;
    this.root.replaceChildren(...this.picture.roots().map((place) => this.item(place, 1)));
    this.rove(this.item_of(this.current) ?? this.items()[0]);
    if (this.root.parentElement) this.root.parentElement.scrollTop = scroll;
    if (focused) this.item_of(Number(focused))?.focus({ preventScroll: true });
  }

  choose(id: number | null): void {
    this.current = id;
    if (id !== null) for (const above of this.picture.path(id).slice(0, -1)) this.open.add(above.id);
    this.draw();
    this.item_of(id)?.firstElementChild?.scrollIntoView({ block: "nearest" });
  }

  private item(place: Place, depth: number): HTMLElement {
    const node = el("li", { role: "treeitem", tabindex: "-1", "data-place": String(place.id), "aria-level": String(depth) });
    if (place.id === this.current) node.setAttribute("aria-selected", "true");
    const branches = place.children.length > 0;
    if (branches) node.setAttribute("aria-expanded", String(this.open.has(place.id)));
    node.append(this.row(place, depth, branches));
    if (branches && this.open.has(place.id)) node.append(this.branch(place, depth));
    return node;
  }

  private row(place: Place, depth: number, branches: boolean): HTMLElement {
    const level = this.picture.level(place.id);
    const row = el("div", { class: `tree-row depth-${Math.min(depth, 7)}` },
      el("span", { class: branches ? "tree-toggle" : "tree-leaf", "aria-hidden": "true" }),
      el("span", { class: `level-mark is-${TOKENS[level]}`, title: word(level) },
        el("b", { "aria-hidden": "true" }, character(level).slice(0, 1)), el("span", { class: "visually-hidden" }, word(level))),
      el("span", { class: "tree-name", title: place.name }, place.name));
    if (branches) row.append(this.counts(place));
    return row;
  }

  private counts(place: Place): HTMLElement {
    const counts = this.picture.pointCounts(place.id);
    const chips = WORST_FIRST.filter((level) => level !== 1 && (counts[level] ?? 0) > 0).map((level) =>
      el("span", { class: `count is-${TOKENS[level]}`, title: word(level) },
        el("b", {}, character(level).slice(0, 1)), String(counts[level])));
    return el("span", { class: "tree-counts" }, ...chips);
  }

  private branch(place: Place, depth: number): HTMLElement {
    const children = this.picture.children(place);
    const group = el("ul", { role: "group" }, ...children.slice(0, SHOWN).map((child) => this.item(child, depth + 1)));
    if (children.length > SHOWN) {
      const link = el("a", { href: `/places/${place.id}` }, _("还有 {n} 个", { n: children.length - SHOWN }));
      group.append(el("li", { role: "none", class: "tree-more" }, link));
    }
    return group;
  }

  private items(): HTMLElement[] {
    return [...this.root.querySelectorAll<HTMLElement>('[role="treeitem"]')];
  }

  private item_of(id: number | null): HTMLElement | undefined {
    return this.items().find((item) => item.dataset["place"] === String(id));
  }

  private rove(item: HTMLElement | undefined): void {
    for (const other of this.items()) other.tabIndex = other === item ? 0 : -1;
  }

  private place(item: Element | null): Place | undefined {
    return item instanceof HTMLElement ? this.picture.places.get(Number(item.dataset["place"])) : undefined;
  }

  private toggle(place: Place): void {
    if (!this.open.delete(place.id)) {
      this.open.add(place.id);
      this.onopen(place);
    }
    this.draw();
  }

  private click(event: Event): void {
    const target = event.target as Element;
    const place = this.place(target.closest('[role="treeitem"]'));
    if (!place || target.closest("a")) return;
    if (target.closest(".tree-toggle")) this.toggle(place);
    else this.onchoose(place);
  }

  private key(event: KeyboardEvent): void {
    const item = (event.target as Element).closest<HTMLElement>('[role="treeitem"]');
    const place = this.place(item);
    if (!item || !place || !this.move(event.key, item, place)) return;
    event.preventDefault();
  }

  private move(key: string, item: HTMLElement, place: Place): boolean {
    const items = this.items();
    const at = items.indexOf(item);
    const expanded = item.getAttribute("aria-expanded");
    if (key === "ArrowDown") this.focus(items[at + 1]);
    else if (key === "ArrowUp") this.focus(items[at - 1]);
    else if (key === "Home") this.focus(items[0]);
    else if (key === "End") this.focus(items.at(-1));
    else if (key === "ArrowRight") expanded === "false" ? this.toggle(place) : this.focus(items[at + 1]);
    else if (key === "ArrowLeft") expanded === "true" ? this.toggle(place) : this.focus(this.item_of(place.parent));
    else if (key === "Enter" || key === " ") this.onchoose(place);
    else return false;
    return true;
  }

  private focus(item: HTMLElement | undefined): void {
    if (!item) return;
    this.rove(item);
    item.focus();
  }
}

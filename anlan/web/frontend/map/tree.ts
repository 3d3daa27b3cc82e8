// The place tree beside the map: what is open is asked of the server; walked by keyboard as the ARIA tree pattern says.

import { _ } from "kit/i18n";
import { TOKENS } from "kit/level";
import { coalesce, el } from "../lib/dom";
import { asLevel, character, type Level, word, WORST_FIRST } from "../lib/levels";

interface Rows {
  id: number[]; parent: (number | null)[]; name: string[]; kind: string[]; level: number[]; points: number[][]; branch: boolean[];
  open: number[]; more: Record<string, number>;
}

interface Node { id: number; parent: number | null; name: string; kind: string; level: Level; points: number[]; branch: boolean; children: Node[] }

export class PlaceTree {
  private open: Set<number> | null = null;
  private roots: Node[] = [];
  private readonly nodes = new Map<number, Node>();
  private more: Record<string, number> = {};
  private current: number | null = null;
  private asked = 0;
  at: number | null = null;
  onchoose: (id: number) => void = () => undefined;
  readonly refresh: () => void;

  constructor(private readonly root: HTMLElement, private readonly url: string) {
    root.addEventListener("click", (event) => this.click(event));
    root.addEventListener("keydown", (event) => this.key(event));
    this.refresh = coalesce(400, () => this.load());
  }

  /** Ask for the rows that are open now, and draw them. */
  async load(): Promise<void> {
    const turn = ++this.asked;
    const query = new URLSearchParams();
    if (this.open) query.set("open", [...this.open].join(","));
    if (this.current !== null) query.set("place", String(this.current));
    if (this.at !== null) query.set("at", new Date(this.at).toISOString());
    const answer = await fetch(`${this.url}?${query}`).catch(() => null);
    if (turn !== this.asked || !answer?.ok) return;
    const rows = (await answer.json()) as Rows;
    if (turn !== this.asked) return;
    this.take(rows);
    this.draw();
  }

  private take(rows: Rows): void {
    this.nodes.clear();
    this.roots = [];
    this.open = new Set(rows.open);
    this.more = rows.more;
    rows.id.forEach((id, row) => {
      const node: Node = { id, parent: rows.parent[row] ?? null, name: rows.name[row] ?? "", kind: rows.kind[row] ?? "",
        level: asLevel(rows.level[row]), points: rows.points[row] ?? [], branch: rows.branch[row] ?? false, children: [] };
      this.nodes.set(id, node);
      const parent = node.parent === null ? undefined : this.nodes.get(node.parent);
      (parent?.children ?? this.roots).push(node);
    });
  }

  /** Draw again, keeping what is focused and scrolled to. */
  private draw(): void {
    const focused = this.root.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset["place"] : null;
    const scroll = this.root.parentElement?.scrollTop ?? 0;
    this.root.replaceChildren(...this.roots.map((node) => this.item(node, 1)));
    this.rove(this.itemOf(this.current) ?? this.items()[0]);
    if (scroll && this.root.parentElement) this.root.parentElement.scrollTop = scroll; // asking for nothing lays out nothing
    if (focused) this.itemOf(Number(focused))?.focus({ preventScroll: true });
  }

  async choose(id: number | null): Promise<void> {
    this.current = id;
    if (id !== null && !this.nodes.has(id)) await this.load();
    else this.draw();
    const scroller = this.root.parentElement;
    if (scroller && scroller.scrollHeight > scroller.clientHeight + 1) {
      this.itemOf(id)?.firstElementChild?.scrollIntoView({ block: "nearest" });
    }
  }

  private item(node: Node, depth: number): HTMLElement {
    const item = el("li", { role: "treeitem", tabindex: "-1", "data-place": String(node.id), "aria-level": String(depth) });
    const opened = node.branch && (this.open?.has(node.id) ?? false);
    if (node.id === this.current) item.setAttribute("aria-selected", "true");
    if (node.branch) item.setAttribute("aria-expanded", String(opened));
    item.append(this.row(node, depth));
    if (opened) item.append(this.branch(node, depth));
    return item;
  }

  private row(node: Node, depth: number): HTMLElement {
    const row = el("div", { class: `tree-row depth-${Math.min(depth, 7)}` },
      el("span", { class: node.branch ? "tree-toggle" : "tree-leaf", "aria-hidden": "true" }),
      el("span", { class: `level-mark is-${TOKENS[node.level]}`, title: word(node.level) },
        el("b", { "aria-hidden": "true" }, character(node.level).slice(0, 1)), el("span", { class: "visually-hidden" }, word(node.level))),
      el("span", { class: "tree-name", title: node.name }, node.name));
    if (node.branch) row.append(this.counts(node));
    return row;
  }

  private counts({ points }: Node): HTMLElement {
    const chips = WORST_FIRST.filter((level) => level !== 1 && (points[level] ?? 0) > 0).map((level) =>
      el("span", { class: `count is-${TOKENS[level]}`, title: word(level) },
        el("b", {}, character(level).slice(0, 1)), String(points[level])));
    return el("span", { class: "tree-counts" }, ...chips);
  }

  private branch(node: Node, depth: number): HTMLElement {
    const group = el("ul", { role: "group" }, ...node.children.map((child) => this.item(child, depth + 1)));
    const left = this.more[String(node.id)];
    if (left) {
      const link = el("a", { href: `/places/${node.id}` }, _("还有 {n} 个", { n: left }));
      group.append(el("li", { role: "none", class: "tree-more" }, link));
    }
    return group;
  }

  private items(): HTMLElement[] {
    return [...this.root.querySelectorAll<HTMLElement>('[role="treeitem"]')];
  }

  private itemOf(id: number | null): HTMLElement | undefined {
    return this.items().find((item) => item.dataset["place"] === String(id));
  }

  private rove(item: HTMLElement | undefined): void {
    for (const other of this.items()) other.tabIndex = other === item ? 0 : -1;
  }

  private node(item: Element | null): Node | undefined {
    return item instanceof HTMLElement ? this.nodes.get(Number(item.dataset["place"])) : undefined;
  }

  private toggle(node: Node): void {
    const open = (this.open ??= new Set());
    const closing = open.delete(node.id);
    if (!closing) open.add(node.id);
    if (closing || node.children.length) this.draw();
    if (!closing) void this.load();
  }

  private click(event: Event): void {
    const target = event.target as Element;
    const node = this.node(target.closest('[role="treeitem"]'));
    if (!node || target.closest("a")) return;
    if (target.closest(".tree-toggle")) this.toggle(node);
    else this.onchoose(node.id);
  }

  private key(event: KeyboardEvent): void {
    const item = (event.target as Element).closest<HTMLElement>('[role="treeitem"]');
    const node = this.node(item);
    if (!item || !node || !this.move(event.key, item, node)) return;
    event.preventDefault();
  }

  private move(key: string, item: HTMLElement, node: Node): boolean {
    const items = this.items();
    const at = items.indexOf(item);
    const expanded = item.getAttribute("aria-expanded");
    if (key === "ArrowDown") this.focus(items[at + 1]);
    else if (key === "ArrowUp") this.focus(items[at - 1]);
    else if (key === "Home") this.focus(items[0]);
    else if (key === "End") this.focus(items.at(-1));
    else if (key === "ArrowRight") expanded === "false" ? this.toggle(node) : this.focus(items[at + 1]);
    else if (key === "ArrowLeft") expanded === "true" ? this.toggle(node) : this.focus(this.itemOf(node.parent));
    else if (key === "Enter" || key === " ") this.onchoose(node.id);
    else return false;
    return true;
  }

  private focus(item: HTMLElement | undefined): void {
    if (!item) return;
    this.rove(item);
    item.focus();
  }
}

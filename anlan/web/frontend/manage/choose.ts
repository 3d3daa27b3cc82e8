// A place by typing part of its name or code, and picking it from the list (a combobox with a listbox).

import { _ } from "kit/i18n";
import { all, el, getJson, one } from "../lib/dom";

interface Found { id: number; name: string; kind: string; code: string; above: string }

const WAIT_MS = 160;

class Chooser {
  private readonly input: HTMLInputElement;
  private readonly kept: HTMLInputElement;
  private readonly list: HTMLElement;
  private found: Found[] = [];
  private marked = -1;
  private timer = 0;
  private asked = 0;

  constructor(private readonly root: HTMLElement) {
    this.input = one<HTMLInputElement>("[role=combobox]", root);
    this.kept = one<HTMLInputElement>("input[type=hidden]", root);
    this.list = one("[role=listbox]", root);
    this.input.addEventListener("input", () => this.type());
    this.input.addEventListener("focus", () => void this.ask());
    this.input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const row = (event.target as Element).closest<HTMLElement>("[data-row]");
      if (row) this.pick(Number(row.dataset["row"]));
    });
  }

  private type(): void {
    this.kept.value = "";
    one("[data-way]", this.root).textContent = "";
    this.tell();
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), WAIT_MS);
  }

  private async ask(): Promise<void> {
    const number = ++this.asked;
    const text = this.kept.value ? "" : this.input.value.trim();
    const url = `${this.root.dataset["choose"]}&q=${encodeURIComponent(text)}`;
    const answer = await getJson<{ places: Found[] }>(url).catch(() => ({ places: [] }));
    if (number !== this.asked || document.activeElement !== this.input) return;
    this.found = answer.places;
    this.open();
  }

  private open(): void {
    this.marked = -1;
    const rows = this.found.map((one, row) => el("li", { role: "option", "data-row": String(row), id: `${this.list.id}-${row}` },
      el("strong", {}, one.name), el("span", {}, [one.kind, one.code, one.above].filter(Boolean).join(" · "))));
    this.list.replaceChildren(...(rows.length ? rows : [el("li", { class: "is-empty" }, _("没有符合的场所"))]));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
  }

  private close(): void {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  private key(event: KeyboardEvent): void {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.list.hidden) return void this.ask();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.mark((this.marked + step + this.found.length) % Math.max(this.found.length, 1));
    } else if (event.key === "Enter" && !this.list.hidden && this.found.length) {
      event.preventDefault();
      this.pick(Math.max(this.marked, 0));
    } else if (event.key === "Escape") this.close();
  }

  private mark(row: number): void {
    this.marked = row;
    all("[role=option]", this.list).forEach((option, at) => option.setAttribute("aria-selected", String(at === row)));
    this.input.setAttribute("aria-activedescendant", `${this.list.id}-${row}`);
    document.getElementById(`${this.list.id}-${row}`)?.scrollIntoView({ block: "nearest" });
  }

  private pick(row: number): void {
    const found = this.found[row];
    if (!found) return;
    this.kept.value = String(found.id);
    this.input.value = found.name;
    one("[data-way]", this.root).textContent = [found.above, found.kind].filter(Boolean).join(" · ");
    this.close();
    this.tell();
  }

  private tell(): void {
    this.kept.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

export function startChoosing(): void {
  for (const root of all("[data-choose]")) new Chooser(root);
}

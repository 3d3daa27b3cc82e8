// The box over the map: names, codes and addresses while one types; arrows and Enter take the map there.

import { _ } from "kit/i18n";
import { badge } from "kit/level";
import { el, one } from "../lib/dom";
import { asLevel } from "../lib/levels";

interface Found { id: number; name: string; kind: string; level: number; path: string[] }

const PAUSE_MS = 140;

export class Finder {
  onchoose: (id: number) => void = () => undefined;
  private readonly input: HTMLInputElement;
  private readonly list: HTMLElement;
  private timer = 0;
  private asked = 0;
  private at = -1;

  constructor(root: HTMLElement, private readonly url: string) {
    this.input = one<HTMLInputElement>("input", root);
    this.list = one("[role=listbox]", root);
    this.input.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => void this.ask(), PAUSE_MS);
    });
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.take((event.target as Element).closest<HTMLElement>("[data-id]")));
    this.input.addEventListener("blur", () => this.close());
  }

  private async ask(): Promise<void> {
    const turn = ++this.asked;
    const text = this.input.value.trim();
    if (!text) return this.close();
    const answer = await fetch(`${this.url}?q=${encodeURIComponent(text)}`).catch(() => null);
    if (turn !== this.asked || !answer?.ok) return;
    const { places } = (await answer.json()) as { places: Found[] };
    if (turn === this.asked) this.fill(places);
  }

  private fill(places: Found[]): void {
    const lines = places.map((place, row) => {
      const line = el("div", { role: "option", id: `map-hit-${row}`, "data-id": String(place.id), class: "map-hit", "aria-selected": "false" },
        badge(asLevel(place.level)), el("span", {}, place.name), el("small", {}, place.path.join(" › ")));
      line.querySelector(".level-badge")?.classList.add("is-sm");
      return line;
    });
    const nothing = el("p", { class: "map-hit-none" }, _("没有找到。试试名称里的两三个字、编码的开头，或“乡镇 企业”。"));
    this.list.replaceChildren(...(lines.length ? lines : [nothing]));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.move(lines.length ? 0 : -1);
  }

  private close(): void {
    this.asked++;
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  private lines(): HTMLElement[] {
    return [...this.list.querySelectorAll<HTMLElement>("[data-id]")];
  }

  private move(to: number): void {
    const lines = this.lines();
    this.at = lines.length ? (to + lines.length) % lines.length : -1;
    lines.forEach((line, row) => line.setAttribute("aria-selected", String(row === this.at)));
    const chosen = lines[this.at];
    if (chosen) this.input.setAttribute("aria-activedescendant", chosen.id);
    chosen?.scrollIntoView({ block: "nearest" });
  }

  private take(line: HTMLElement | null | undefined): void {
    if (!line) return;
    this.close();
    this.input.blur();
    this.onchoose(Number(line.dataset["id"]));
  }

  private key(event: KeyboardEvent): void {
    if (this.list.hidden) return;
    if (event.key === "ArrowDown") this.move(this.at + 1);
    else if (event.key === "ArrowUp") this.move(this.at - 1);
    else if (event.key === "Enter") this.take(this.lines()[this.at]);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }
}

/** The find box: Ctrl+K or "/" from anywhere, answers while typing, arrows and Enter to open. Without a script it is a search form. */

import { _ } from "kit/i18n";
import { character, type Level, TOKENS } from "kit/level";

interface Hit { text: string; note: string; url: string; level: number | null; icon: string }
interface Group { title: string; hits: Hit[] }

const PAUSE_MS = 140;

function element(name: string, className: string, ...children: (Node | string)[]): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  made.append(...children);
  return made;
}

/** The text with what was typed marked in it. */
function marked(text: string, wanted: string): (Node | string)[] {
  const at = wanted ? text.toLowerCase().indexOf(wanted.toLowerCase()) : -1;
  if (at < 0) return [text];
  const end = at + wanted.length;
  return [text.slice(0, at), element("mark", "", text.slice(at, end)), text.slice(end)];
}

function mark(level: Level): HTMLElement {
  return element("span", `level-badge is-sm is-${TOKENS[level]}`, element("b", "", character(level).slice(0, 1)));
}

class Find {
  private readonly input: HTMLInputElement;
  private readonly panel: HTMLElement;
  private readonly list: HTMLElement;
  private timer = 0;
  private asked = 0;
  private at = -1;

  constructor(private readonly form: HTMLFormElement) {
    this.input = form.querySelector("input") as HTMLInputElement;
    this.panel = form.querySelector(".find-panel") as HTMLElement;
    this.list = form.querySelector(".find-hits") as HTMLElement;
    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("focus", () => this.open());
    this.input.addEventListener("keydown", (event) => this.key(event));
    form.addEventListener("focusout", ({ relatedTarget }) => form.contains(relatedTarget as Node) || this.close());
    form.querySelector("[data-find-open]")?.addEventListener("click", () => this.show());
    form.querySelector("[data-find-close]")?.addEventListener("click", () => this.close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays in the box
    document.addEventListener("keydown", (event) => this.summon(event));
  }

  private show(): void {
    this.form.classList.add("is-open");
    this.input.focus();
    this.input.select();
  }

  private summon(event: KeyboardEvent): void {
    const typing = (event.target as Element).closest?.("input, textarea, select, [contenteditable]");
    const slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!slash && !(event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey))) return;
    event.preventDefault();
    this.show();
  }

  private open(): void {
    this.form.classList.add("is-open");
    this.panel.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    void this.ask();
  }

  private close(): void {
    this.form.classList.remove("is-open");
    this.panel.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    if (this.form.contains(document.activeElement)) (document.activeElement as HTMLElement).blur();
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), PAUSE_MS);
  }

  private async ask(): Promise<void> {
    const turn = ++this.asked;
    const wanted = this.input.value.trim();
    const url = `${this.form.dataset["find"]}?q=${encodeURIComponent(wanted)}`;
    const answer = await fetch(url, { headers: { Accept: "application/json" } }).catch(() => null);
    if (turn !== this.asked) return;
    if (!answer?.ok) return this.say(_("现在查不了，请稍后再试。"));
    const { groups } = (await answer.json()) as { groups: Group[] };
    if (turn === this.asked) this.fill(groups, wanted);
  }

  private fill(groups: Group[], wanted: string): void {
    let number = 0;
    this.list.replaceChildren(...groups.map(({ title, hits }) => {
      const lines = hits.map((hit) => this.line(hit, wanted, number++));
      const head = element("p", "find-title", title);
      head.setAttribute("role", "presentation");
      const group = element("div", "find-group", head, ...lines);
      group.setAttribute("role", "group");
      group.setAttribute("aria-label", title);
      return group;
    }));
    this.say(number ? "" : _("没有找到“{text}”。试试名称里的两三个字，或编码的开头。", { text: wanted }));
    this.move(wanted && number ? 0 : -1);
  }

  private line({ text, note, url, level }: Hit, wanted: string, number: number): HTMLElement {
    const line = element("a", "find-hit", element("span", "find-text", ...marked(text, wanted)));
    Object.assign(line, { href: url, id: `find-hit-${number}`, tabIndex: -1 });
    line.setAttribute("role", "option");
    if (level !== null) line.prepend(mark(level as Level));
    if (note) line.append(element("small", "", note));
    return line;
  }

  private say(words: string): void {
    const said = this.form.querySelector(".find-said");
    if (said) said.textContent = words;
    if (words) this.list.replaceChildren();
  }

  private hits(): HTMLAnchorElement[] {
    return [...this.list.querySelectorAll<HTMLAnchorElement>("a")];
  }

  private move(to: number): void {
    const hits = this.hits();
    this.at = to < 0 || !hits.length ? -1 : to % hits.length;
    hits.forEach((hit, row) => hit.setAttribute("aria-selected", String(row === this.at)));
    const chosen = hits[this.at];
    if (chosen) {
      this.input.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  private key(event: KeyboardEvent): void {
    const hits = this.hits();
    if (event.key === "ArrowDown") this.move(this.at + 1);
    else if (event.key === "ArrowUp") this.move(this.at <= 0 ? hits.length - 1 : this.at - 1);
    else if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && hits[this.at]) hits[this.at]?.click();
    else return;
    event.preventDefault();
  }
}

export function start(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-find]");
  if (form) new Find(form);
}

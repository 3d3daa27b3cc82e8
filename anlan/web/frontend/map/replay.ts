// The time slider: drag it and the map shows the colours as they were shown then; one button leads back to now.

import { _ } from "kit/i18n";
import { getJson, one, svg } from "../lib/dom";
import { asLevel, colour, WORST_FIRST } from "../lib/levels";
import { dayMinute, hourMinute } from "../lib/time";

const MINUTE = 60_000;

interface HistoryData { start: number; end: number; counts: number[][]; moments: number[] }

export class Replay {
  private readonly slider: HTMLInputElement;
  private readonly state: HTMLElement;
  private readonly span: HTMLSelectElement;
  private loaded: Promise<void> | null = null;
  private end = 0;
  private moments: number[] = [];
  /** The moment being replayed [ms], or null when the picture is live. */
  at: number | null = null;
  onchange: (at: number | null) => void = () => undefined;

  constructor(private readonly root: HTMLElement, private readonly url: string) {
    this.slider = one<HTMLInputElement>("input[type=range]", root);
    this.state = one("[data-replay-state]", root);
    this.span = one<HTMLSelectElement>("[data-replay-span]", root);
    this.slider.addEventListener("input", () => void this.drag());
    this.span.addEventListener("change", () => void this.respan());
    one("[data-replay-live]", root).addEventListener("click", () => this.toLive());
    one("[data-replay-back]", root).addEventListener("click", () => void this.jump(-1));
    one("[data-replay-on]", root).addEventListener("click", () => void this.jump(1));
    this.say();
  }

  /** Fetch when colours changed, once per replay; the marks above the slider show where something went red or orange. */
  private load(): Promise<void> {
    this.loaded ??= getJson<HistoryData>(`${this.url}?hours=${this.span.value}`).then((history) => {
      this.end = history.end;
      this.moments = history.moments;
      this.slider.min = String(Math.floor((history.start - history.end) / MINUTE));
      this.marks(history);
    });
    return this.loaded;
  }

  /** Draw the marks before the first drag, when the browser has nothing better to do. */
  async prepare(): Promise<void> {
    await this.load();
    this.say();
  }

  private async respan(): Promise<void> {
    this.toLive();
    await this.prepare();
  }

  private async drag(): Promise<void> {
    await this.load();
    const minutes = Number(this.slider.value);
    if (minutes >= 0) return this.toLive();
    this.show(this.end + minutes * MINUTE);
  }

  private show(at: number): void {
    this.at = at;
    this.say();
    this.onchange(at);
  }

  /** To the change before or after the moment shown. */
  private async jump(step: -1 | 1): Promise<void> {
    await this.load();
    const now = this.at ?? this.end + MINUTE;
    const next = step < 0 ? this.moments.filter((at) => at < now).at(-1) : this.moments.find((at) => at > now);
    if (next === undefined) return step > 0 ? this.toLive() : undefined;
    this.slider.value = String(Math.min(-1, Math.floor((next - this.end) / MINUTE)));
    this.show(step < 0 ? next - 1 : next);
  }

  toLive(): void {
    const was = this.at;
    this.at = null;
    this.slider.value = "0";
    this.loaded = null;
    this.say();
    if (was !== null) this.onchange(null);
  }

  private say(): void {
    this.root.classList.toggle("replaying", this.at !== null);
    document.body.classList.toggle("replaying", this.at !== null);
    const text = this.at === null ? _("实时") : _("回放 {time}", { time: dayMinute(this.at) });
    this.state.textContent = text;
    this.slider.setAttribute("aria-valuetext", text);
  }

  private marks({ start, end, counts }: HistoryData): void {
    const width = 1000 / Math.max(counts.length, 1);
    const bars = counts.flatMap((changes, row) => {
      const level = WORST_FIRST.find((one) => (one >= 3 || one === 0) && (changes[one] ?? 0) > 0);
      return level === undefined ? [] : [svg("rect", { x: row * width, y: level === 4 ? 0 : 4, width: Math.max(width - 0.6, 2),
        height: level === 4 ? 12 : 8, fill: colour(asLevel(level)) })];
    });
    one("[data-replay-marks]", this.root).replaceChildren(...bars);
    one("[data-replay-start]", this.root).textContent = dayMinute(start);
    one("[data-replay-end]", this.root).textContent = hourMinute(end);
  }
}

// The time slider: drag it and the map shows the colours as they were shown then; one button leads back to now.

import { _ } from "kit/i18n";
import { getJson, one, svg } from "../lib/dom";
import { colour } from "../lib/levels";
import { dayMinute, hourMinute } from "../lib/time";
import type { HistoryData, Picture } from "./picture";

const MINUTE = 60_000;

export class Replay {
  private readonly slider: HTMLInputElement;
  private readonly state: HTMLElement;
  private loaded: Promise<void> | null = null;
  private end = 0;
  onchange: () => void = () => undefined;

  constructor(private readonly root: HTMLElement, private readonly picture: Picture, private readonly url: string) {
    this.slider = one<HTMLInputElement>("input[type=range]", root);
    this.state = one("[data-replay-state]", root);
    this.slider.addEventListener("input", () => void this.drag());
    one("[data-replay-live]", root).addEventListener("click", () => this.toLive());
    one("[data-replay-back]", root).addEventListener("click", () => void this.jump(-1));
    one("[data-replay-on]", root).addEventListener("click", () => void this.jump(1));
    this.say();
  }

  /** Fetch what changed, once per replay; the marks above the slider show where something went red or orange. */
  private load(): Promise<void> {
    this.loaded ??= getJson<HistoryData>(this.url).then((history) => {
      this.picture.remember(history);
      this.end = history.end;
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

  private async drag(): Promise<void> {
    await this.load();
    const minutes = Number(this.slider.value);
    if (minutes >= 0) return this.toLive();
    this.show(this.end + minutes * MINUTE);
  }

  private show(at: number): void {
    this.picture.rewind(at);
    this.say();
    this.onchange();
  }

  /** To the change before or after the moment shown. */
  private async jump(step: -1 | 1): Promise<void> {
    await this.load();
    const now = this.picture.at ?? this.end + MINUTE;
    const moments = this.picture.moments().map(({ at }) => at);
    const next = step < 0 ? moments.filter((at) => at < now).at(-1) : moments.find((at) => at > now);
    if (next === undefined) return step > 0 ? this.toLive() : undefined;
    this.slider.value = String(Math.min(-1, Math.floor((next - this.end) / MINUTE)));
    this.show(step < 0 ? next - 1 : next);
  }

  toLive(): void {
    this.picture.live();
    this.slider.value = "0";
    this.loaded = null;
    this.say();
    this.onchange();
  }

  private say(): void {
    const { at } = this.picture;
    this.root.classList.toggle("replaying", at !== null);
    document.body.classList.toggle("replaying", at !== null);
    const text = at === null ? _("实时") : _("回放 {time}", { time: dayMinute(at) });
    this.state.textContent = text;
    this.slider.setAttribute("aria-valuetext", text);
  }

  private marks(history: HistoryData): void {
    const width = history.end - history.start || 1;
    const shown = this.picture.moments().filter(({ level }) => level >= 3 || level === 0);
    const bars = shown.slice(-600).map(({ at, level }) =>
      svg("rect", { x: (1000 * (at - history.start)) / width - 1.5, y: level === 4 ? 0 : 4, width: 3,
        height: level === 4 ? 12 : 8, fill: colour(level) }));
    one("[data-replay-marks]", this.root).replaceChildren(...bars);
    one("[data-replay-start]", this.root).textContent = dayMinute(history.start);
    one("[data-replay-end]", this.root).textContent = hourMinute(history.end);
  }
}

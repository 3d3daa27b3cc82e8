// While the demo makes its past month, a strip at the foot of every page says how far it is.

import { _ } from "kit/i18n";
import { all } from "./dom";

const EVERY = 3000;

interface Month {
  days?: number;
  done?: number;
  phase?: string;
}

export function watchPast(): void {
  const [strip] = all<HTMLElement>("#past");
  if (!strip) return;
  const timer = window.setInterval(() => void look(), EVERY);

  async function look(): Promise<void> {
    if (!strip || document.hidden) return;
    const answer = await fetch("/stage/month.json").catch(() => null);
    if (!answer?.ok) return;
    const month = (await answer.json()) as Month;
    const bar = strip.querySelector("progress");
    if (bar) bar.value = month.done ?? 0;
    const count = strip.querySelector(".num");
    if (count) count.textContent = _("{done} / {days} 天", { done: month.done ?? 0, days: month.days ?? 0 });
    if (month.phase === "done") {
      window.clearInterval(timer);
      strip.hidden = true;
    }
  }
}

/** The state of the live stream, always visible: live, or since when what is shown is old. */

import { _ } from "kit/i18n";
import { live, type HealthEvent, type LiveState } from "kit/live";
import { clockTime, now } from "kit/time";

const PATIENCE_MS = 4000; // a page that has just come needs a moment
const began = Date.now();
let stale = false;

interface Shown { state: "live" | "waiting" | "broken" | "stale"; words: string }

function dataTime(since: number): string {
  return clockTime(since + (now() - Date.now()));
}

function shown({ connected, dataSince, reason }: LiveState): Shown {
  if (connected && stale) return { state: "stale", words: _("后台停顿，数据可能已旧") };
  if (connected) return { state: "live", words: _("实时") };
  if (reason === "signed-out") return { state: "broken", words: _("登录已失效，请重新登录") };
  if (dataSince !== null) return { state: "broken", words: _("连接中断 · 数据截至 {time}", { time: dataTime(dataSince) }) };
  if (Date.now() - began < PATIENCE_MS) return { state: "waiting", words: _("正在连接") };
  return { state: "broken", words: _("未连接 · 数据截至 {time}", { time: dataTime(began) }) };
}

function show(element: HTMLElement): void {
  const { state, words } = shown(live.state);
  const text = element.querySelector(".words");
  element.dataset["state"] = state;
  if (text && text.textContent !== words) text.textContent = words;
}

export function start(): void {
  const element = document.querySelector<HTMLElement>("#connection");
  if (!element) return;
  live.onState(() => show(element));
  live.on("health", (health: HealthEvent) => {
    stale = Array.isArray(health.stale) ? health.stale.length > 0 : health.stale;
    show(element);
  });
  setTimeout(() => show(element), PATIENCE_MS + 100);
}

/** Moments as people say them: "3 分钟前", the exact local time on hover, countdowns to a deadline. */

import { _ } from "kit/i18n";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ZONE = "Asia/Shanghai";

let ahead = 0;

/** Take the server's clock as the true one: a tablet's own may be minutes off. */
export function setServerAhead(ms: number): void {
  ahead = ms;
}

/** This moment by the server's clock [ms since the epoch]. */
export function now(): number {
  return Date.now() + ahead;
}

function span(ms: number): string {
  if (ms < MINUTE) return _("{n} 秒", { n: Math.floor(ms / 1000) });
  if (ms < HOUR) return _("{n} 分钟", { n: Math.floor(ms / MINUTE) });
  if (ms < DAY) return _("{n} 小时 {m} 分", { n: Math.floor(ms / HOUR), m: Math.floor((ms % HOUR) / MINUTE) });
  return _("{n} 天", { n: Math.floor(ms / DAY) });
}

/** How long ago, in words. */
export function relative(moment: number, at: number = now()): string {
  const past = at - moment;
  if (Math.abs(past) < 10_000) return _("刚刚");
  if (past < 0) return _("{span}后", { span: span(-past) });
  if (past >= 2 * DAY) return short(moment, at);
  if (past >= HOUR && past < DAY) return _("{n} 小时前", { n: Math.floor(past / HOUR) });
  return _("{span}前", { span: span(past) });
}

/** What is left until a deadline, or by how much it has passed. */
export function remaining(deadline: number, at: number = now()): string {
  const left = deadline - at;
  return left >= 0 ? _("还剩 {span}", { span: span(left) }) : _("已超 {span}", { span: span(-left) });
}

const parts = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE, hourCycle: "h23", ...options });

/** Local time to the second. */
export function clockTime(moment: number): string {
  return parts({ timeStyle: "medium" }).format(moment);
}

/** Local date and time to the second, for a tooltip. */
export function exact(moment: number): string {
  return parts({ dateStyle: "short", timeStyle: "medium" }).format(moment);
}

/** Local date and time; the year only when it is another one. */
export function short(moment: number, at: number = now()): string {
  const whole = exact(moment).slice(0, 16); // 2026-11-21 08:05
  return whole.slice(0, 4) === exact(at).slice(0, 4) ? whole.slice(5) : whole;
}

/** Bring one `<time data-clock="ago|due">` up to date. */
export function tick(element: HTMLTimeElement): void {
  const moment = Date.parse(element.dateTime);
  if (Number.isNaN(moment)) return;
  const due = element.dataset["clock"] === "due";
  const text = due ? remaining(moment) : relative(moment);
  if (element.textContent !== text) element.textContent = text;
  if (due) element.classList.toggle("is-late", moment < now());
}

/** Keep every clock on the page right, also those that come later. */
export function startClocks(): void {
  const all = () => document.querySelectorAll<HTMLTimeElement>("time[data-clock]").forEach(tick);
  all();
  setInterval(() => document.hidden || all(), 1000);
  document.addEventListener("visibilitychange", () => document.hidden || all());
}

// The duty desk: one queue by deadline, worked with the keyboard, live without stealing focus or scroll.

import { _ } from "kit/i18n";
import { live } from "kit/live";
import { all, coalesce, getPart, one } from "../lib/dom";
import { refreshParts } from "../lib/parts";
import { Trend } from "../lib/trend";

const queue = one("#queue");
const detail = one("#duty-detail");
let trend: Trend | null = null;
let asked = 0;

const rows = (): HTMLElement[] => all("[data-key]", queue);
const chosen = (): HTMLElement | undefined => rows().find((row) => row.getAttribute("aria-current") === "true");
const pathOf = (row: HTMLElement): string => one<HTMLAnchorElement>("a[data-open]", row).href;

function mark(row: HTMLElement | undefined): void {
  for (const other of rows()) {
    if (other === row) other.setAttribute("aria-current", "true");
    else other.removeAttribute("aria-current");
  }
  row?.scrollIntoView({ block: "nearest" });
}

function showTrend(): void {
  trend?.stop();
  const box = detail.querySelector<HTMLElement>("[data-trend]");
  trend = box ? new Trend(box) : null;
}

async function open(row: HTMLElement, reveal: boolean): Promise<void> {
  mark(row);
  const turn = ++asked;
  const url = pathOf(row);
  const part = await getPart(url);
  if (!part || turn !== asked) return;
  detail.replaceChildren(part);
  history.replaceState(null, "", url);
  document.dispatchEvent(new CustomEvent("parts"));
  showTrend();
  if (reveal && matchMedia("(max-width: 991px)").matches) detail.scrollIntoView({ block: "start" });
}

function step(by: number): void {
  const list = rows();
  const at = list.findIndex((row) => row === chosen());
  const next = list[Math.min(Math.max(at + by, 0), list.length - 1)];
  if (!next) return;
  one<HTMLAnchorElement>("a[data-open]", next).focus({ preventScroll: true });
  void open(next, false);
}

/** The acknowledgement is written for good, so the form says so and takes a remark before it is sent. */
function ask(): void {
  const form = detail.querySelector<HTMLElement>("[data-acknowledge]");
  if (!form) return;
  form.scrollIntoView({ block: "nearest" });
  one<HTMLButtonElement>("button[type=submit]", form).focus({ preventScroll: true });
}

async function askFor(row: HTMLElement): Promise<void> {
  if (row !== chosen()) await open(row, true);
  ask();
}

function key(event: KeyboardEvent): void {
  const target = event.target as Element;
  if (target.matches("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "ArrowDown") step(1);
  else if (event.key === "ArrowUp") step(-1);
  else if (event.key === "a") ask();
  else if (event.key === "Enter" && target.matches("a[data-open]")) void open(target.closest("[data-key]") as HTMLElement, true);
  else return;
  event.preventDefault();
}

function click(event: MouseEvent): void {
  const target = event.target as Element;
  const row = target.closest<HTMLElement>("[data-key]");
  if (!row || event.ctrlKey || event.metaKey || target.closest("a:not([data-open])")) return;
  event.preventDefault();
  void (target.closest("[data-main]") ? askFor(row) : open(row, true));
}

/** The queue and the facts of the chosen one anew; what somebody is writing stays. */
async function refresh(): Promise<void> {
  const at = chosen()?.dataset["key"];
  await refreshParts(location.href);
  mark(rows().find((row) => row.dataset["key"] === at));
}

async function problemOf(answer: Response | null): Promise<string> {
  return (answer && (await answer.text())) || _("没有送出：连不上服务器。稍后再试，已写的内容还在。");
}

async function send(event: SubmitEvent): Promise<void> {
  const form = event.target as HTMLFormElement;
  if (form.method !== "post" || !form.hasAttribute("data-send")) return;
  event.preventDefault();
  const buttons = all<HTMLButtonElement>("button[type=submit]", form);
  for (const button of buttons) button.disabled = true;
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" } }).catch(() => null);
  for (const button of buttons) button.disabled = false;
  const problem = one(".form-problem", form);
  problem.textContent = answer?.ok ? "" : (await problemOf(answer));
  if (!answer?.ok) return;
  form.reset();
  (document.activeElement as HTMLElement | null)?.blur();
  await refresh();
}

const later = coalesce(250, () => void refresh());
queue.addEventListener("click", click);
document.addEventListener("keydown", key);
detail.addEventListener("submit", (event) => void send(event));
live.on("alarm", later);
live.on("level", later);
live.onGap(() => location.reload());
live.subscribe({ tags: [] });
showTrend();

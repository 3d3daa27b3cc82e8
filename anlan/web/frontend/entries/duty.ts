// The duty desk: one queue by deadline, worked with the keyboard, live without stealing focus or scroll.

import { _ } from "kit/i18n";
import { live } from "kit/live";
import { all, coalesce, getPart, one } from "../lib/dom";
import { refreshParts } from "../lib/parts";
import { send } from "../lib/send";
import { Trend } from "../lib/trend";

const queue = one("#queue");
const detail = one("#duty-detail");
const dialog = one<HTMLDialogElement>("#acknowledge");
const drafts = new Map<string, string>();
let trend: Trend | null = null;
let asked = 0;

const rows = (): HTMLElement[] => all("[data-key]", queue);
const chosen = (): HTMLElement | undefined => rows().find((row) => row.getAttribute("aria-current") === "true");
const link = (row: HTMLElement): HTMLAnchorElement => one<HTMLAnchorElement>("a[data-open]", row);
const isPhone = (): boolean => matchMedia("(max-width: 61.99rem)").matches;

function mark(row: HTMLElement | undefined): void {
  for (const other of rows()) {
    if (other === row) other.setAttribute("aria-current", "true");
    else other.removeAttribute("aria-current");
  }
}

function showTrend(): void {
  trend?.stop();
  const box = detail.querySelector<HTMLElement>("[data-trend]");
  trend = box ? new Trend(box) : null;
}

/** Show one alarm's facts beside the queue; on a phone, below it and brought into view. */
async function open(row: HTMLElement, reveal: boolean): Promise<void> {
  mark(row);
  if (detail.querySelector<HTMLElement>("[data-alarm]")?.dataset["alarm"] === row.dataset["key"]) return showDetail(reveal);
  const turn = ++asked;
  const url = link(row).href;
  const page = await getPart(url, detail.id);
  const fresh = page?.querySelector("#duty-detail");
  if (!fresh || turn !== asked) return;
  keepDraft();
  detail.replaceChildren(...fresh.childNodes);
  restoreDraft();
  history.replaceState(null, "", url);
  showTrend();
  showDetail(reveal);
}

function showDetail(reveal: boolean): void {
  if (reveal && isPhone()) detail.scrollIntoView({ block: "start", behavior: "smooth" });
}

const writing = (): HTMLTextAreaElement | null => detail.querySelector<HTMLTextAreaElement>(".note-form textarea");

/** A remark that was begun is there again when its alarm is opened again. */
function keepDraft(): void {
  const area = writing();
  if (area) drafts.set(area.id, area.value);
}

function restoreDraft(): void {
  const area = writing();
  if (area) area.value = drafts.get(area.id) ?? "";
}

const openSoon = coalesce(120, () => {
  const row = chosen();
  if (row) void open(row, false);
});

function step(by: number): void {
  const list = rows();
  const at = list.findIndex((row) => row === chosen());
  const next = list[Math.min(Math.max(at + by, 0), list.length - 1)];
  if (!next) return;
  mark(next);
  link(next).focus();
  openSoon();
}

/** An acknowledgement is written for good: the question says so and takes a remark before it is sent. */
function ask(button: HTMLElement | null | undefined): void {
  if (!button) return;
  const form = one<HTMLFormElement>("form", dialog);
  form.action = button.dataset["acknowledge"] ?? "";
  one<HTMLInputElement>("[name=alarms]", form).value = button.dataset["alarms"] ?? "";
  one("#acknowledge-what").textContent = button.dataset["what"] ?? "";
  one(".form-problem", form).textContent = "";
  dialog.showModal();
  one<HTMLButtonElement>("button[type=submit]", form).focus();
}

function askForChosen(): void {
  ask(chosen()?.querySelector<HTMLElement>("[data-acknowledge]") ?? detail.querySelector<HTMLElement>("[data-acknowledge]"));
}

function key(event: KeyboardEvent): void {
  const target = event.target as Element;
  if (dialog.open || target.matches("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "ArrowDown" || event.key === "j") step(1);
  else if (event.key === "ArrowUp" || event.key === "k") step(-1);
  else if (event.key === "a") askForChosen();
  else return;
  event.preventDefault();
}

function click(event: MouseEvent): void {
  const target = event.target as Element;
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const button = target.closest<HTMLElement>("[data-acknowledge]");
  const row = target.closest<HTMLElement>("#queue [data-key]");
  if (target.closest("[data-cancel]")) dialog.close();
  else if (button) {
    if (row) void open(row, false);
    ask(button);
  } else if (row && !target.closest("a:not([data-open]), button")) {
    event.preventDefault();
    void open(row, true);
  }
}

/** The queue and the facts of the chosen one anew; what somebody is writing stays. */
async function refresh(): Promise<void> {
  const at = chosen()?.dataset["key"];
  await refreshParts(location.href);
  mark(rows().find((row) => row.dataset["key"] === at));
  badgeRed();
  const first = rows()[0];
  if (!detail.querySelector("[data-alarm]") && first) await open(first, false);
}

async function submit(event: SubmitEvent): Promise<void> {
  const form = event.target as HTMLFormElement;
  if (!form.hasAttribute("data-send")) return;
  event.preventDefault();
  if (!(await send(form))) return;
  form.reset();
  (document.activeElement as HTMLElement | null)?.blur();
  if (dialog.open) dialog.close();
  await refresh();
  const row = chosen();
  if (row) link(row).focus({ preventScroll: true });
}

const SOUND = "anlan-duty-sound";
const title = document.title;
let red = reds();

function reds(): number {
  return Number(document.querySelector('[data-part="red"]')?.textContent ?? 0);
}

/** How many red ones wait, in the title of the tab; a new one rings where somebody asked for it. */
function badgeRed(): void {
  const now = reds();
  document.title = now ? `(${now}) ${title}` : title;
  if (now > red && sounds()) ring();
  red = now;
}

const sounds = (): boolean => localStorage.getItem(SOUND) === "on";

/** Two short tones, made here: no file, and nothing to download. */
function ring(): void {
  const audio = new AudioContext();
  const gain = new GainNode(audio, { gain: 0.2 });
  gain.connect(audio.destination);
  for (const [from, pitch] of [[0, 880], [0.25, 660], [0.5, 880]] as const) {
    const tone = new OscillatorNode(audio, { frequency: pitch });
    tone.connect(gain);
    tone.start(audio.currentTime + from);
    tone.stop(audio.currentTime + from + 0.18);
  }
  setTimeout(() => void audio.close(), 1500);
}

function startSound(): void {
  const button = one("[data-sound]");
  const show = (): void => button.setAttribute("aria-pressed", String(sounds()));
  button.addEventListener("click", () => {
    localStorage.setItem(SOUND, sounds() ? "off" : "on");
    show();
    if (sounds()) ring();
  });
  button.title = _("有新的红色报警时响铃");
  show();
}

const later = coalesce(250, () => void refresh());
document.addEventListener("click", click);
document.addEventListener("keydown", key);
document.addEventListener("submit", (event) => void submit(event));
live.on("alarm", later);
live.on("level", later);
live.onGap(() => location.reload());
showTrend();
startSound();
badgeRed();

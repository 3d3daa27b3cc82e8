// A park's study: sources are dragged for a try, points are asked, the computation is followed.

import { _ } from "kit/i18n";
import { all, getJson, getPart, one, pageData } from "../lib/dom";
import type { Base } from "../map/style";
import { type Curve, drawCurve } from "../park/fn";
import type { Sketch } from "../park/overlay";
import { type Drawing, ParkMap, type SourceMark, type Spot, type TargetMark } from "../park/map";

interface Config {
  base: Base; outline: GeoJSON.Geometry | null; box: (number | null)[]; may: boolean;
  urls: Record<"state" | "part" | "drag" | "point" | "source" | "move" | "place", string>;
}
interface Moved {
  contours: Sketch; exact: boolean; cell: number; targets: TargetMark[] | null; failing: number; before: number; worse: string[]; better: string[]; milliseconds: number;
}
interface State { under_way: boolean; share: number | null; revision: number | null }

const POLL_MS = 700;
const REST_MS = 250;
const config = pageData<Config>("park-config");
const result = one("#park-result");
const point = one("#park-point");
const trial = one("[data-trial]");
const box = one("#park-map");
let drawing = pageData<Drawing>("park-drawing");
let tab = "societal";
let tried: { source: SourceMark; at: Spot } | null = null;

const view = open();

function open(): ParkMap | null {
  try {
    return new ParkMap(box, config.base, config.outline);
  } catch {
    box.textContent = _("这台设备的浏览器不能画地图（没有 WebGL）。结论和清单仍列在旁边。");
    return null;
  }
}

// Dragging: one request at a time, always for the newest place, as fine as the screen shows; exact once the hand rests.
// The time until it is drawn is kept with the map.

interface Wish { source: SourceMark; at: Spot; since: number; exact: boolean }
let wanted: Wish | null = null;
let asking = false;
let rest = 0;

async function follow(): Promise<void> {
  if (asking || !wanted) return;
  asking = true;
  const wish = wanted;
  wanted = null;
  try {
    const query = new URLSearchParams({ source: String(wish.source.id), lon: wish.at[0].toFixed(6), lat: wish.at[1].toFixed(6), ...(wish.exact ? {} : view?.view()) });
    const moved = await getJson<Moved>(`${config.urls.drag}?${query}`);
    if (tried?.source.id === wish.source.id) shown(wish, moved);
  } catch {
    if (tried) say(wish.source.name, _("这里不能计算：离评价范围太远，或结果正在更新。"));
  }
  asking = false;
  void follow();
}

function shown({ source, at, since }: Wish, moved: Moved): void {
  view?.try(moved.contours);
  say(source.name, words(moved), fineness(moved));
  if (moved.targets && !wanted) view?.judge(moved.targets);
  if (!moved.exact && !wanted) rest = window.setTimeout(() => want(source, at, true), REST_MS);
  const kind = moved.exact ? "exact" : "drag";
  requestAnimationFrame(() => window.setTimeout(() => { // the frame is painted
    box.setAttribute(`data-${kind}-ms`, String(Math.round(performance.now() - since)));
    box.setAttribute(`data-${kind}-server-ms`, String(moved.milliseconds));
    box.setAttribute(`data-${kind}-count`, String(Number(box.dataset[`${kind}Count`] ?? 0) + 1));
  }));
}

/** From how fine a lattice the lines are drawn: while the hand moves only as fine as the screen shows. */
function fineness({ exact, cell }: Moved): string {
  return exact ? _("已按全部网格计算（{cell} 米）", { cell: Math.round(cell) }) : _("拖动中按屏幕精细度预览（{cell} 米一点），停手后按全部网格计算", { cell: Math.round(cell) });
}

function words(moved: Moved): string {
  const change = moved.failing === moved.before ? _("超标的防护目标仍为 {n} 处", { n: moved.failing })
    : _("超标的防护目标由 {before} 处变为 {n} 处", { before: moved.before, n: moved.failing });
  const names = moved.worse.length ? _("，新增：{names}", { names: moved.worse.join(_("、")) }) : moved.better.length ? _("，不再超标：{names}", { names: moved.better.join(_("、")) }) : "";
  return change + names;
}

function say(name: string, text: string, how = ""): void {
  trial.hidden = false;
  one("[data-trial-how]", trial).textContent = how;
  one("[data-trial-name]", trial).textContent = _("试移：{name}", { name });
  one("[data-trial-words]", trial).textContent = text;
}

function give(source: SourceMark, at: Spot): void {
  if (tried && tried.source.id !== source.id) view?.back(tried.source);
  tried = { source, at };
  window.clearTimeout(rest);
  want(source, at, false);
}

function drop(source: SourceMark, at: Spot): void {
  window.clearTimeout(rest);
  tried = { source, at };
  want(source, at, true);
}

function want(source: SourceMark, at: Spot, exact: boolean): void {
  wanted = { source, at, since: performance.now(), exact };
  void follow();
}

function back(): void {
  if (!tried) return;
  window.clearTimeout(rest);
  view?.back(tried.source);
  tried = wanted = null;
  trial.hidden = true;
  view?.draw(drawing);
}

async function keep(): Promise<void> {
  if (!tried) return;
  const { source, at } = tried;
  const body = new FormData(one<HTMLFormElement>("[data-move]"));
  body.set("longitude", at[0].toFixed(6));
  body.set("latitude", at[1].toFixed(6));
  const answer = await fetch(config.urls.move.replace("/0/", `/${source.id}/`), { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) {
    say(source.name, _("没有保存，请稍后再试。"));
    return;
  }
  tried = null;
  trial.hidden = true;
  await refresh(true);
}

// The computation: its share until it is done, then the new result in place of the old one.

async function refresh(keepContours = false): Promise<void> {
  const part = await getPart(config.urls.part);
  if (!part) return;
  result.replaceChildren(part);
  const fresh = pageData<Drawing>("park-drawing");
  drawing = keepContours && fresh.contours.features.length === 0 ? { ...fresh, contours: drawing.contours } : fresh;
  fill();
}

async function poll(): Promise<void> {
  const state = await getJson<State>(config.urls.state);
  const bar = result.querySelector("[data-progress]");
  if (state.under_way && bar) {
    const progress = one<HTMLProgressElement>("progress", bar);
    if (state.share !== null) {
      progress.max = 100;
      progress.value = state.share;
      one(".num", bar).textContent = `${state.share} %`;
    }
    window.setTimeout(() => void poll(), POLL_MS);
  } else if (!tried) void refresh();
  else window.setTimeout(() => void poll(), POLL_MS); // who is trying something is not disturbed
}

function fill(): void {
  view?.draw(drawing);
  choose(tab);
  if (result.querySelector("[data-state]")?.getAttribute("data-under-way") === "1") window.setTimeout(() => void poll(), POLL_MS);
}

function choose(name: string): void {
  tab = name;
  for (const chip of all("[data-show]", result)) chip.setAttribute("aria-pressed", String(chip.dataset["show"] === name));
  for (const section of all("[data-tab]", result)) section.hidden = section.dataset["tab"] !== name;
  const chart = document.getElementById("park-fn-chart");
  if (chart && name === "societal") drawCurve(chart, pageData<Curve>("park-fn"));
}

result.addEventListener("click", (event) => {
  const target = event.target as Element;
  const chip = target.closest<HTMLElement>("[data-show]");
  if (chip) choose(chip.dataset["show"] ?? tab);
  if (chip?.dataset["show"] === "domino") layer("domino", true);
  const spot = target.closest<HTMLElement>("[data-at]")?.dataset["at"]?.split(",").map(Number);
  if (spot?.length === 2) go([spot[0]!, spot[1]!]);
  const chain = target.closest<HTMLElement>("[data-chain]");
  if (chain) followChain(chain);
  const source = drawing.sources.find(({ id }) => id === Number(target.closest<HTMLElement>("[data-source]")?.dataset["source"]));
  if (source) view?.map.easeTo({ center: source.at, zoom: Math.max(view.map.getZoom(), 14.5), animate: false });
});

/** Press a chain to see it on the map, again to put it away. */
function followChain(pressed: HTMLElement): void {
  const on = pressed.getAttribute("aria-pressed") !== "true";
  for (const chain of all("[data-chain]", result)) chain.setAttribute("aria-pressed", String(on && chain === pressed));
  view?.follow(on ? (drawing.chains[Number(pressed.dataset["chain"])] ?? []) : []);
  if (on) box.scrollIntoView({ block: "nearest" }); // on a phone it lies above the list
}

function go(at: Spot): void {
  view?.map.easeTo({ center: at, zoom: Math.max(view.map.getZoom(), 14), animate: false });
  void ask(at);
}

async function ask(at: Spot): Promise<void> {
  if (!drawing.contours.features.length && !drawing.sources.some(({ computed }) => computed)) return;
  view?.ask(at);
  const part = await getPart(`${config.urls.point}?lon=${at[0].toFixed(6)}&lat=${at[1].toFixed(6)}`);
  point.hidden = false;
  point.replaceChildren(part ?? document.createTextNode(_("这一点离评价范围太远，没有计算。")));
}

point.addEventListener("click", (event) => {
  if (!(event.target as Element).closest("[data-close]")) return;
  point.hidden = true;
  view?.ask(null);
});
document.querySelector("[data-keep]")?.addEventListener("click", () => void keep());
one("[data-back]", trial).addEventListener("click", back);
function layer(name: "targets" | "domino", on?: boolean): void {
  one(`[data-layer="${name}"]`).setAttribute("aria-pressed", String(view?.toggle(name, on) ?? false));
}
for (const button of all("[data-layer]")) button.addEventListener("click", () => layer(button.dataset["layer"] as "targets" | "domino"));
if (view) {
  view.onclick = (at) => void ask(at);
  view.onlift = (source) => source.computed && void getJson(`${config.urls.drag}?source=${source.id}`).catch(() => null);
  view.ondrag = give;
  view.ondrop = drop;
  view.draw(drawing);
  view.show(config.box);
}
addEventListener("anlan:theme", () => choose(tab));
if (location.hash === "#sources") tab = "sources";
fill();

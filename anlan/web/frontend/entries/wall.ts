// The wall: live for days without a hand. It looks again on its own, goes round what is red and orange, takes a new version when
// there is one, and keeps the screen awake.

import { _, language } from "kit/i18n";
import { live } from "kit/live";
import { clockTime, now } from "kit/time";
import { all, coalesce, getPart, one, pageData } from "../lib/dom";
import { refreshParts } from "../lib/parts";
import { set } from "../map/address";
import { type Box, Feed } from "../map/feed";
import type { Base } from "../map/style";
import { MapView } from "../map/view";

interface Config { urls: { view: string; shapes: string }; base: Base; bounds: Box | null; place: number | null; sorts: [string, string, string][] }

const LOOK_AGAIN = 30_000;
const STAY = 12_000; // on one place
const REST = 20_000; // on the whole, after a round
const NEW_VERSION = 5 * 60_000;

const config = pageData<Config>("wall-config");
set("c", null); // the wall always begins with the whole
const view = openMap();
let paused = false;
let at = -1;
let turning = 0;

function openMap(): MapView | null {
  try {
    return new MapView(one("#map"), new Feed(config.urls), config.base, config.sorts.map(([, , sign]) => sign), config.bounds);
  } catch {
    one("#map").textContent = _("这台设备的浏览器不能画地图（没有 WebGL）。");
    return null;
  }
}

const home = (): void => {
  if (config.place === null) view?.full(true);
  else void view?.show(config.place);
};

/** Only whole rows are shown; how many more there are is said. */
function fit(): void {
  for (const list of all("[data-fit]")) {
    const rows = all("li", list);
    rows.forEach((row) => row.classList.remove("visually-hidden"));
    const bottom = list.getBoundingClientRect().bottom + 1;
    const cut = rows.filter((row) => row.getBoundingClientRect().bottom > bottom);
    cut.forEach((row) => row.classList.add("visually-hidden"));
    const more = list.parentElement?.querySelector<HTMLElement>("[data-more]");
    if (!more) continue;
    more.hidden = cut.length === 0;
    more.textContent = _("另有 {n} 处", { n: cut.length });
  }
}

const rows = (): HTMLElement[] => all("[data-part='wall-red'] li");

/** Go on to the next red or orange place, and after the last to the whole. */
function turn(): void {
  clearTimeout(turning);
  const places = rows();
  at = at + 1 >= places.length ? -1 : at + 1;
  light();
  turning = window.setTimeout(() => (paused || document.hidden ? turn.later() : turn()), at < 0 ? REST : STAY);
}
turn.later = (): void => {
  turning = window.setTimeout(() => (paused || document.hidden ? turn.later() : turn()), 1000);
};

function light(): void {
  const places = rows();
  const row = places[at];
  places.forEach((one) => one === row ? one.setAttribute("aria-current", "true") : one.removeAttribute("aria-current"));
  const spot = one("[data-spot]");
  spot.hidden = !row;
  if (!row) {
    view?.choose(null);
    return home();
  }
  const told = one(".wall-row", row);
  spot.className = `wall-spot ${told.className.replace("wall-row", "").trim()}`;
  spot.replaceChildren(told.cloneNode(true));
  const place = Number(row.dataset["place"]);
  view?.choose(place);
  void view?.show(place);
}

function tick(): void {
  const moment = now();
  one("[data-now]").textContent = clockTime(moment);
  const words = new Intl.DateTimeFormat(language(), { timeZone: "Asia/Shanghai", month: "long", day: "numeric", weekday: "long" }).format(moment);
  if (one("[data-today]").textContent !== words) one("[data-today]").textContent = words;
}

async function refresh(): Promise<void> {
  if (await refreshParts(location.href, one("[data-wall]"))) fit();
}

/** A server with other scripts has a new version of this page. */
async function renewIfNew(): Promise<void> {
  const fresh = await getPart(location.href);
  const version = fresh?.querySelector<HTMLElement>("[data-wall]")?.dataset["version"];
  if (version && version !== one("[data-wall]").dataset["version"]) location.reload();
}

async function stayAwake(): Promise<void> {
  if (document.hidden) return;
  await navigator.wakeLock?.request("screen").catch(() => undefined);
}

function pause(): void {
  paused = !paused;
  const button = one("[data-pause]");
  button.setAttribute("aria-pressed", String(paused));
  button.setAttribute("aria-label", paused ? _("继续轮播") : _("暂停轮播"));
}

function full(): void {
  void (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()).catch(() => undefined);
}

function listen(): void {
  one("[data-pause]").addEventListener("click", pause);
  one("[data-full]").addEventListener("click", full);
  one<HTMLSelectElement>("[data-area]").addEventListener("change", ({ target }) => {
    const { value } = target as HTMLSelectElement;
    location.assign(value ? `?place=${value}` : location.pathname);
  });
  one("[data-part='wall-red']").addEventListener("click", ({ target }) => {
    const row = (target as Element).closest("li");
    if (!row) return;
    at = rows().indexOf(row as HTMLElement) - 1;
    turn();
  });
  document.addEventListener("keydown", (event) => {
    if ((event.target as Element).closest("select, button, a")) return;
    if (event.key === " ") pause();
    else if (event.key === "f") full();
    else if (event.key === "ArrowRight" || event.key === "ArrowDown") turn();
    else return;
    event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => void stayAwake());
  const sizes = new ResizeObserver(fit);
  for (const list of all("[data-fit]")) sizes.observe(list);
}

const soon = coalesce(1_500, () => void refresh());
live.on("level", ({ place, after }) => {
  if (!view?.recolour(place, after)) view?.refresh();
  soon();
});
live.on("alarm", soon);
live.onGap(() => location.reload());
listen();
tick();
fit();
void stayAwake();
window.setInterval(tick, 1000);
window.setInterval(() => void refresh(), LOOK_AGAIN);
window.setInterval(() => void renewIfNew(), NEW_VERSION);
void view?.ready.then(async () => {
  await view.ask(true);
  home();
  view.map.once("idle", () => one("#map").setAttribute("data-ready", ""));
  turn.later();
});

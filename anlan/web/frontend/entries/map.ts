// The one map: tree, map, place panel, what is inside, changes and slider, all showing one picture.

import { _ } from "kit/i18n";
import { badge } from "kit/level";
import { live, type LevelEvent } from "kit/live";
import { toast } from "kit/toast";
import { coalesce, getPart, one, pageData } from "../lib/dom";
import { asLevel, word, WORST_FIRST } from "../lib/levels";
import { refreshParts } from "../lib/parts";
import { get, narrows, question, set } from "../map/address";
import { type Box, Feed, type Sight } from "../map/feed";
import { camera, seen } from "../map/camera";
import { collection } from "../map/features";
import { Filters } from "../map/filters";
import { Finder } from "../map/find";
import type { Spot } from "../map/geodesy";
import { Inset } from "../map/inset";
import { PlacePanel } from "../map/panel";
import { Replay } from "../map/replay";
import type { Base } from "../map/style";
import { Tools } from "../map/tools";
import { PlaceTree } from "../map/tree";
import type { MapView } from "../map/view";

interface Config {
  urls: Record<"view" | "shapes" | "tree" | "find" | "history" | "changes" | "inside" | "hits" | "filters" | "panel", string>;
  base: Base;
  place: number | null;
  bounds: Box | null;
  usual: string[];
  sorts: [code: string, name: string, sign: string][];
}

const config = pageData<Config>("map-config");
const { urls } = config;
const feed = new Feed(urls);
const tree = new PlaceTree(one("#place-tree"), urls.tree);
const panel = new PlacePanel(urls.panel);
const replay = new Replay(one("#replay"), urls.history);
const filters = new Filters(urls.filters, config.usual, config.sorts);
const finder = new Finder(one("#map-find"), urls.find);
const first = ahead();
if (config.place === null) void tree.load();
let view: MapView | null = null;
listenToNames(); // a choice while the map still loads counts, too
view = await openMap();
const inset = view && config.bounds ? new Inset(one<SVGElement>("#inset"), feed, config.bounds) : null;
const tools = view ? new Tools(view) : null;

/** What the map will show is asked for while the browser still reads what draws it. */
function ahead(): Promise<Sight | null> {
  const looks = camera(one("#map"), config.bounds);
  if (!looks) return Promise.resolve(null);
  return feed.look({ ...seen(one("#map"), looks), heat: get("heat"), at: null });
}

async function openMap(): Promise<MapView | null> {
  try {
    const [{ MapView: View }, sight] = await Promise.all([import("../map/view"), first]);
    return new View(one("#map"), feed, config.base, config.sorts.map(([, , sign]) => sign), config.bounds, sight);
  } catch {
    one("#map").textContent = _("这台设备的浏览器不能画地图（没有 WebGL）。左侧的区域树和右侧的变化照常实时更新。");
    return null;
  }
}

function choose(id: number | null, move: boolean): void {
  void tree.choose(id);
  view?.choose(id);
  if (id !== null && move) void view?.show(id);
  void panel.show(id, replay.at);
}

/** Statistics and the list, whenever a filter or a stretch of ground is in force. */
let asked = 0;
async function showInside(): Promise<void> {
  const turn = ++asked;
  const box = one("#inside");
  if (!narrows()) return void ((box.hidden = true), box.replaceChildren());
  box.setAttribute("aria-busy", "true");
  const part = await getPart(`${urls.inside}?${question(replay.at)}`);
  if (turn !== asked) return;
  box.removeAttribute("aria-busy");
  if (part) box.replaceChildren(part);
  box.hidden = part === null;
}
const refreshInside = coalesce(1_500, () => void showInside());

function counted(counts: string): Node[] {
  const numbers = counts.split("-").map(Number);
  return WORST_FIRST.filter((level) => (numbers[level] ?? 0) > 0).map((level) => {
    const line = document.createElement("span");
    line.append(badge(asLevel(level), word(level)), ` ${numbers[level]}`);
    return line;
  });
}

let moved = false;
function sighted(sight: Sight): void {
  filters.count(sight.totals);
  inset?.draw(sight);
  if (!moved) void view?.ready.then(() => view.map.once("idle", () => one("#map").setAttribute("data-ready", "")));
  moved = true;
}

function startMap(): void {
  if (!view) return;
  const { map } = view;
  view.counted = counted;
  view.onsight = sighted;
  view.onpick = ({ place }) => choose(place, false);
  view.onlist = (at, metres) => {
    set("metres", String(Math.max(1, Math.ceil(metres))));
    set("near", `${at[0].toFixed(6)},${at[1].toFixed(6)}`);
    filters.changed();
  };
  if (inset) {
    inset.onmove = (center) => map.jumpTo({ center });
    const look = (): void => inset.look(map.getBounds());
    map.on("move", look);
    look();
  }
  map.on("mousemove", ({ lngLat }) => (one("#map-spot").textContent = `${lngLat.lng.toFixed(5)}, ${lngLat.lat.toFixed(5)}`));
  one("#map-full").addEventListener("click", () => view.full());
  void first.then((sight) => (sight ? sighted(sight) : view.ask(true)));
}

function listenToNames(): void {
  tree.onchoose = (id) => choose(id, true);
  finder.onchoose = (id) => choose(id, true);
  panel.onclose = () => choose(null, false);
  panel.onchoose = (id) => choose(id, true);
}

function listen(): void {
  panel.onrings = (spots: Spot[]) => view?.put("rings", collection(spots.map((coordinates) =>
    ({ type: "Feature", geometry: { type: "Point", coordinates }, properties: {} }))));
  filters.onchange = () => {
    void view?.ask(true);
    void showInside();
  };
  filters.onbase = (visible) => view?.setBase(visible);
  if (tools) {
    tools.place = () => panel.place;
    tools.onasked = () => {
      filters.changed();
      void fitAsked();
    };
  }
  replay.onchange = (at) => {
    tree.at = at;
    if (view) view.at = at;
    void tree.load();
    void view?.ask(true);
    void showInside();
    refreshChanges();
    if (panel.place !== null) void panel.show(panel.place, at);
  };
  one("#map-share").addEventListener("click", () => void share());
}

/** Bring the whole stretch that was asked for into view. */
async function fitAsked(): Promise<void> {
  await view?.ask(true);
  const [lon, lat] = get("near").split(",").map(Number);
  const reach = Number(get("metres") || 1000) / 111_320;
  if (!view || lon === undefined || lat === undefined || !Number.isFinite(lat)) return;
  const across = reach / Math.cos((lat * Math.PI) / 180);
  view.fit([lon - across, lat - reach, lon + across, lat + reach], true);
}

async function share(): Promise<void> {
  try {
    await navigator.clipboard.writeText(location.href);
    toast(_("这个视野的链接已复制：图层、筛选、圈选、所选地点和位置都在里面。"));
  } catch {
    toast(_("浏览器不让复制，请从地址栏复制：图层、筛选、圈选和位置都在里面。"));
  }
}

one("#inside").addEventListener("click", (event) => {
  const target = event.target as Element;
  if (target.closest("[data-inside-close]")) return filters.reset();
  const filter = target.closest<HTMLElement>("button[data-filter]");
  if (filter) return filters.toggle("sector", filter.dataset["value"] ?? "", true);
  follow(event);
});
one("#changes-panel").addEventListener("click", follow);

/** A link to a place chooses it on the map; with Ctrl it opens as links do. */
function follow(event: Event): void {
  const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-place]");
  if (!link || (event as MouseEvent).ctrlKey || (event as MouseEvent).metaKey) return;
  event.preventDefault();
  choose(Number(link.dataset["place"]), true);
}

/** The right side tells of the moment that the map shows. */
function tellChanges(): Promise<boolean> {
  const moment = replay.at === null ? "" : `?at=${encodeURIComponent(new Date(replay.at).toISOString())}`;
  return refreshParts(urls.changes + moment, one("#changes-panel"));
}
const refreshChanges = coalesce(400, tellChanges);
const refreshPanel = coalesce(300, () => void panel.show(panel.place, null));

function take(event: LevelEvent): void {
  if (replay.at !== null) return;
  refreshChanges();
  if (!view?.recolour(event.place, event.after)) view?.refresh();
  tree.refresh();
  if (narrows()) refreshInside();
  if (event.place === panel.place) refreshPanel();
}

async function start(): Promise<void> {
  listen();
  startMap();
  live.on("level", take);
  live.on("alarm", () => replay.at === null && view?.refresh());
  live.onGap(() => location.reload());
  if (panel.place !== null) choose(panel.place, true);
  else if (config.place !== null) choose(config.place, !get("c"));
  await showInside();
  await replay.prepare();
}

void start();

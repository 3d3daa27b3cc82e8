// The one map: tree, map, changes and slider, all showing one picture.

import { _ } from "kit/i18n";
import { live, type LevelEvent } from "kit/live";
import { all, coalesce, getJson, one, pageData } from "../lib/dom";
import { asLevel } from "../lib/levels";
import { refreshParts } from "../lib/parts";
import { type BaseData, loadBase } from "../map/base";
import { Inset } from "../map/inset";
import { Picture, type PictureData } from "../map/picture";
import { Replay } from "../map/replay";
import { PlaceTree } from "../map/tree";
import { MapView } from "../map/view";
import { WhyPanel } from "../map/why";

interface Config {
  urls: { places: string; base: string; history: string; changes: string; why: string };
  place: number | null;
}

const config = pageData<Config>("map-config");
const picture = new Picture();
const tree = new PlaceTree(one("#place-tree"), picture);
const why = new WhyPanel(config.urls.why);
const replay = new Replay(one("#replay"), picture, config.urls.history);
let view: MapView | null = null;
let inset: Inset | null = null;

const redraw = coalesce(120, () => {
  tree.draw();
  inset?.draw();
  view?.redraw();
});

function openMap(): MapView | null {
  try {
    return new MapView(one("#map"), picture);
  } catch {
    one("#map").textContent = _("这台设备的浏览器不能画地图（没有 WebGL）。左侧的区域树和右侧的变化照常实时更新。");
    return null;
  }
}

function choose(id: number | null, move: boolean): void {
  tree.choose(id);
  view?.choose(id);
  const place = id === null ? undefined : picture.places.get(id);
  if (place && move) view?.show(place);
  void why.show(id, picture.at);
}

/** A large county comes in two steps: plants first, what is inside a plant when somebody looks into it. */
async function loadBelow(id: number): Promise<void> {
  picture.load(await getJson<PictureData>(`${config.urls.places}?under=${id}`));
  redraw();
}

function startInset(bounds: PictureData["bounds"]): void {
  if (!bounds || !view) return;
  const { map } = view;
  inset = new Inset(one<SVGElement>("#inset"), picture, bounds);
  inset.draw();
  inset.onmove = (center) => map.easeTo({ center });
  const look = (): void => inset?.look(map.getBounds());
  map.on("move", look);
  look();
}

async function start(): Promise<void> {
  view = openMap();
  const [data, base] = await Promise.all([getJson<PictureData>(config.urls.places), loadBase(config.urls.base)]);
  picture.load(data);
  catchUp();
  tree.openWorst();
  view?.fit(data.bounds);
  if (view) view.map.setMinZoom(view.map.getZoom() - 1);
  startInset(data.bounds);
  listen(data.complete);
  choose(config.place, true);
  drawMap(base);
  redraw();
  await replay.prepare();
}

function drawMap(base: BaseData): void {
  if (!view) return;
  const { map } = view;
  void view.ready.then(() => {
    view?.setBase(base);
    view?.redraw();
    map.once("idle", () => one("#map").setAttribute("data-ready", ""));
  });
}

function listen(complete: boolean): void {
  tree.onchoose = (place) => choose(place.id, true);
  if (!complete) {
    tree.onopen = (place) => place.kind === "enterprise" && void loadBelow(place.id);
  }
  if (view) view.onpick = (id) => choose(id, false);
  why.onclose = () => choose(null, false);
  replay.onchange = () => {
    redraw();
    void why.show(why.place, picture.at);
  };
  for (const box of all<HTMLInputElement>("[data-layer]")) {
    box.addEventListener("change", () => view?.toggle(box.dataset["layer"] ?? "", box.checked));
  }
}

/** Until the picture is loaded, what happens is kept: the answer may have been made before it. */
let waiting: LevelEvent[] | null = [];

function take(event: LevelEvent): void {
  refreshChanges();
  if (waiting) return void waiting.push(event);
  picture.change(event.place, asLevel(event.after), Date.parse(event.since), event.points);
  redraw();
  if (event.place === why.place && picture.at === null) void why.show(why.place, null);
}

function catchUp(): void {
  const kept = waiting ?? [];
  waiting = null;
  kept.forEach(take);
}

const refreshChanges = coalesce(400, () => void refreshParts(config.urls.changes, one("#changes-panel")));

one("#changes-panel").addEventListener("click", (event) => {
  const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-place]");
  if (!link || (event as MouseEvent).ctrlKey || (event as MouseEvent).metaKey) return;
  event.preventDefault();
  choose(Number(link.dataset["place"]), true);
});

live.on("level", take);
live.onGap(() => location.reload());
void start();

// Drawing the shape of a place: click, drag, delete, undo, type by hand, read a file, snap to the border around.

import { ask } from "kit/ask";
import { _ } from "kit/i18n";
import { all, getJson, one, pageData } from "../lib/dom";
import { areaWords, lengthWords, type Spot } from "../map/geodesy";
import { Canvas, type Contours, type Outline } from "../manage/canvas";
import { type At, type Drawn, Shape } from "../manage/shape";
import { edges, nearest } from "../manage/snap";

interface Config {
  name: string;
  geometry: GeoJSON.Geometry | null;
  around: Outline | null;
  beside: Outline[];
  contours?: Contours | null;
  edit: boolean;
  urls: { base: string; save: string };
}

const FINGER = 16;
const SNAP = 14;
const config = pageData<Config>("shape-config");
const shape = new Shape(config.geometry);
const borders = [...edges(config.around?.geometry ?? null), ...config.beside.flatMap((other) => edges(other.geometry))];
const canvas = open();
const hand = one<HTMLTextAreaElement>("[data-hand]");
const snapping = document.querySelector<HTMLInputElement>("[data-snap]");
let drawing: Drawn | null = null;
let chosen: At | null = null;
let dragged: At | null = null;
let dirty = false;

function open(): Canvas | null {
  try {
    return new Canvas(one("#shape-map"), config.around, config.beside, config.contours ?? null);
  } catch {
    one("#shape-map").textContent = _("这台设备的浏览器不能画地图（没有 WebGL）。可以在下面手工输入坐标。");
    return null;
  }
}

function box(geometries: (GeoJSON.Geometry | null | undefined)[]): [number, number, number, number] | null {
  const found = geometries.flatMap((one) => (one ? points(one) : []));
  if (!found.length) return null;
  const [x, y] = [found.map((spot) => spot[0]), found.map((spot) => spot[1])];
  return [Math.min(...x), Math.min(...y), Math.max(...x), Math.max(...y)];
}

function points(geometry: GeoJSON.Geometry): Spot[] {
  return new Shape(geometry).paths.flat() as Spot[];
}

function measure(): string {
  if (shape.empty) return _("还没有画在图上");
  const { length, area } = shape.measure();
  if (area) return _("面积 {area}，周长 {length}", { area: areaWords(area), length: lengthWords(length) });
  return length ? _("长 {length}", { length: lengthWords(length) }) : _("一个点");
}

function help(): string {
  if (!config.edit) return "";
  if (drawing === "Point") return _("在地图上点一下。");
  if (drawing) return _("逐个点出顶点；按回车或双击结束，Esc 放弃。");
  if (shape.empty) return _("选“点”“线”或“面”，再在地图上点；也可以读入 GeoJSON 或手工输入坐标。");
  return _("拖动顶点来改；点边上的小圆加一个顶点；选中顶点后按 Delete 删除。");
}

function set(selector: string, disabled: boolean): void {
  for (const button of all<HTMLButtonElement>(selector)) button.disabled = disabled;
}

function refresh(): void {
  canvas?.draw(shape, chosen, config.edit);
  one("[data-measure]").textContent = measure();
  one("[data-help]").textContent = help();
  if (document.activeElement !== hand) hand.value = shape.asText();
  set("[data-do=undo]", !shape.canUndo);
  set("[data-do=delete]", chosen === null);
  set("[data-do=save]", !dirty || (!shape.empty && !shape.whole) || drawing !== null);
  for (const button of all("[data-draw]")) button.setAttribute("aria-pressed", String(button.dataset["draw"] === drawing));
}

function changed(): void {
  dirty = true;
  refresh();
}

function problem(text: string): void {
  const place = document.querySelector("[data-problem]");
  if (place) place.textContent = text;
}

/** Where a click means: on the border if that is near and wished for. */
function snapped(point: { x: number; y: number }, at: Spot): Spot {
  if (!canvas || !snapping?.checked) return at;
  const { map } = canvas;
  const found = nearest(point, borders, (spot) => map.project(spot), ({ x, y }) => map.unproject([x, y]).toArray() as Spot, SNAP);
  return found ?? at;
}

function handleAt(point: { x: number; y: number }): { kind: string; at: At } | null {
  if (!canvas?.map.getLayer("handles")) return null;
  const { x, y } = point;
  const found = canvas.map.queryRenderedFeatures([[x - FINGER, y - FINGER], [x + FINGER, y + FINGER]], { layers: ["handles"] });
  const far = (feature: GeoJSON.Feature): number => {
    const place = canvas.map.project((feature.geometry as GeoJSON.Point).coordinates as Spot);
    return Math.hypot(place.x - x, place.y - y) + (feature.properties?.["kind"] === "mid" ? 6 : 0);
  };
  const best = [...found].sort((a, b) => far(a) - far(b))[0];
  if (!best) return null;
  return { kind: String(best.properties["kind"]), at: { path: Number(best.properties["path"]), spot: Number(best.properties["spot"]) } };
}

function draw(type: Drawn): void {
  drawing = type;
  chosen = null;
  shape.begin(type);
  changed();
}

function finish(): void {
  if (drawing && !shape.whole) return;
  drawing = null;
  refresh();
}

function click(point: { x: number; y: number }, at: Spot): void {
  if (drawing) {
    shape.add(snapped(point, at));
    if (drawing === "Point") drawing = null;
    return changed();
  }
  const handle = handleAt(point);
  chosen = handle && handle.kind !== "mid" ? handle.at : null;
  refresh();
}

function listenToMap(): void {
  if (!canvas || !config.edit) return;
  const { map } = canvas;
  map.on("click", (event) => { if (!dragged) click(event.point, event.lngLat.toArray() as Spot); });
  map.on("dblclick", () => finish());
  const grab = (event: { point: { x: number; y: number }; preventDefault(): void; lngLat: { toArray(): [number, number] } }): void => {
    if (drawing) return;
    const handle = handleAt(event.point);
    if (!handle) return;
    event.preventDefault();
    if (handle.kind === "mid") shape.insert(handle.at, event.lngLat.toArray());
    else shape.hold();
    dragged = chosen = handle.at;
  };
  const drag = (event: { point: { x: number; y: number }; lngLat: { toArray(): [number, number] } }): void => {
    if (!dragged) {
      map.getCanvas().style.cursor = drawing ? "crosshair" : handleAt(event.point) ? "move" : "";
      return;
    }
    shape.move(dragged, snapped(event.point, event.lngLat.toArray()));
    changed();
  };
  const drop = (): void => {
    if (!dragged) return;
    changed();
    setTimeout(() => (dragged = null), 0); // the click that follows a drag is none
  };
  map.on("mousedown", grab);
  map.on("touchstart", (event) => { if (event.points.length === 1) grab(event); });
  map.on("mousemove", drag);
  map.on("touchmove", drag);
  map.on("mouseup", drop);
  map.on("touchend", drop);
}

function erase(): void {
  if (chosen && !shape.remove(chosen)) problem(_("再少就不成形了。要去掉整个图形请按“清除”。"));
  chosen = null;
  changed();
}

function byHand(): void {
  const paths = Shape.typed(hand.value);
  if (!paths) return problem(_("有一行看不懂：每行写“经度, 纬度”，例如 120.1234, 30.5678。"));
  problem("");
  shape.retype(paths, paths.length > 1 || (paths[0]?.length ?? 0) > 2 ? "Polygon" : paths[0]?.length === 2 ? "LineString" : "Point");
  canvas?.show(box([shape.geometry()]));
  changed();
}

/** The geometries of a GeoJSON file, by what their features are called. */
async function readFile(file: File): Promise<void> {
  const found = JSON.parse(await file.text()) as GeoJSON.GeoJSON;
  const features = found.type === "FeatureCollection" ? found.features : found.type === "Feature" ? [found] : [{ geometry: found, properties: {} }];
  const drawable = features.filter((feature) => feature.geometry && "coordinates" in feature.geometry);
  const named = drawable.find((feature) => Object.values(feature.properties ?? {}).includes(config.name));
  const taken = named ?? drawable[0];
  if (!taken?.geometry) return problem(_("文件里没有图形。"));
  const many = drawable.length > 1 && !named;
  problem(many ? _("文件里有 {n} 个图形，没有一个叫“{name}”，用了第一个。请核对。", { n: drawable.length, name: config.name }) : "");
  shape.replace(taken.geometry);
  canvas?.show(box([shape.geometry()]));
  changed();
}

async function save(): Promise<void> {
  set("[data-do=save]", true);
  const token = one<HTMLInputElement>("input[name=csrfmiddlewaretoken]").value;
  const answer = await fetch(config.urls.save, { method: "POST", body: JSON.stringify(shape.geometry()),
    headers: { "X-CSRFToken": token, "Content-Type": "application/json", Accept: "application/json" } }).catch(() => null);
  if (answer?.ok) {
    dirty = false;
    problem("");
    one("[data-help]").textContent = _("形状已保存。");
    return;
  }
  const said = (await answer?.json().catch(() => null)) as { error: { message: string; fix: string } } | null;
  problem(said ? `${said.error.message}${said.error.fix}` : _("没有保存：连不上服务器，请稍后再试。"));
  refresh();
}

async function clear(): Promise<void> {
  if (!(await ask({ title: _("清除形状？"), text: _("保存以后，此处不再出现在地图上。撤销可以取回。"), yes: _("清除") }))) return;
  shape.replace(null);
  drawing = chosen = null;
  changed();
}

const DOINGS: Record<string, () => void> = {
  undo: () => { shape.undo(); chosen = null; changed(); },
  delete: erase, hand: byHand, save: () => void save(), clear: () => void clear(),
};

function listen(): void {
  for (const button of all("[data-draw]")) button.addEventListener("click", () => draw(button.dataset["draw"] as Drawn));
  for (const button of all("[data-do]")) button.addEventListener("click", () => DOINGS[button.dataset["do"] ?? ""]?.());
  const file = document.querySelector<HTMLInputElement>("[data-file]");
  file?.addEventListener("change", () => {
    const [first] = file.files ?? [];
    if (first) readFile(first).catch(() => problem(_("文件无法读取，请提供 GeoJSON。")));
    file.value = "";
  });
  one("#shape-map").addEventListener("keydown", (event) => {
    if (event.key === "Enter") finish();
    if (event.key === "Delete" || event.key === "Backspace") erase();
    if (event.key === "z" && (event.ctrlKey || event.metaKey)) DOINGS["undo"]?.();
    if (event.key === "Escape" && drawing) { drawing = null; shape.undo(); refresh(); }
  });
  addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
}

async function start(): Promise<void> {
  const tools = document.querySelector<HTMLElement>("[data-tools]");
  if (tools) tools.hidden = !config.edit;
  listen();
  listenToMap();
  canvas?.map.once("load", () => {
    refresh();
    one("#shape-map").dataset["ready"] = "";
  });
  canvas?.show(box(config.geometry ? [config.geometry] : [config.around?.geometry, ...config.beside.map((other) => other.geometry)]));
  refresh();
  canvas?.setBase(await getJson<GeoJSON.FeatureCollection>(config.urls.base).catch(() => ({ type: "FeatureCollection", features: [] })));
}

void start();

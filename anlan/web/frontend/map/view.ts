// The map itself: asks for what its view needs, draws it, follows the theme, answers a finger.

import { type GeoJSONSource, type LngLat, Map as MapLibre, type MapGeoJSONFeature, NavigationControl, type Point,
  ScaleControl, setWorkerUrl } from "maplibre-gl";
import { _ } from "kit/i18n";
import { coalesce, one } from "../lib/dom";
import { get, setWhere } from "./address";
import { camera, cell, room } from "./camera";
import type { Box, Feed, Frame, Sight } from "./feed";
import { areaFeatures, collection, groundFeatures, heatFeatures, markFeatures, overFeatures } from "./features";
import { Frugal } from "./frugal";
import type { Spot } from "./geodesy";
import { live } from "kit/live";
import { Moving } from "./moving";
import { supplyImages } from "./icons";
import { type Base, type Drawn, FONT_FAMILY, layersOf, mapStyle, nothingDrawn, type SourceName } from "./style";

/** Half the width of the box in which a tap looks for something to pick [px]. */
const FINGER = 14;
const MARKS = ["over-alarm", "mark-cluster", "mark-single", "mark-moving", "over-major", "over-tag"];
const AREAS = ["area-segment", "area-tint", "area-hatch"];
const CLOSEST = 18;
/** From here on a cluster is listed instead of opened. */
const LISTED_FROM = 16.8;

/** What a sight fills. */
const SIGHTED = ["areas", "marks", "moving", "over", "heat", "asked"] as const;

const isDark = (): boolean => document.documentElement.dataset["bsTheme"] === "dark";

export interface Picked { place: number | null; cluster?: { at: Spot; counts: string } }

export class MapView {
  readonly map: MapLibre;
  private data: Drawn = nothingDrawn();
  /** Sources that changed before the map had its style. */
  private readonly late = new Set<SourceName>();
  private readonly moving = new Moving((data) => this.put("moving", data));
  private readonly shown = new Map<SourceName, string>();
  private chosen = -1;
  at: number | null = null;
  onpick: (picked: Picked) => void = () => undefined;
  onsight: (sight: Sight) => void = () => undefined;
  onlist: (at: Spot, metres: number) => void = () => undefined;
  /** Set while a tool takes the clicks. */
  tool: ((at: Spot) => void) | null = null;
  readonly ready: Promise<unknown>;
  /** Ask again, as soon as a burst of changes has passed. */
  readonly refresh: () => void;

  constructor(container: HTMLElement, private readonly feed: Feed, private readonly base: Base, private readonly signs: string[],
    private readonly bounds: Box | null, first: Sight | null = null) {
    setWorkerUrl(container.dataset["worker"] ?? "");
    if (first) this.data = this.drawn(first);
    const looks = camera(container, bounds);
    this.map = new MapLibre({
      container, style: mapStyle(isDark(), this.base, this.data), attributionControl: false, dragRotate: false,
      localIdeographFontFamily: FONT_FAMILY, maxZoom: CLOSEST, minZoom: 4, fadeDuration: 0, pitchWithRotate: false,
      locale: { "NavigationControl.ZoomIn": _("放大"), "NavigationControl.ZoomOut": _("缩小") }, ...looks,
    });
    this.ready = this.map.once("style.load").then(() => this.late.forEach((name) => this.redraw(name)));
    this.map.touchZoomRotate.disableRotation();
    this.map.addControl(new NavigationControl({ showCompass: false }), "top-right");
    this.map.addControl(new ScaleControl({ maxWidth: 110 }), "bottom-right");
    supplyImages(this.map);
    new Frugal(this.map);
    this.refresh = coalesce(250, () => this.ask(true));
    this.listen();
  }

  private listen(): void {
    const { map } = this;
    const along = coalesce(250, () => void this.ask(false));
    map.on("move", along);
    map.on("moveend", () => {
      setWhere({ center: map.getCenter().toArray(), zoom: map.getZoom() });
      void this.ask(false);
    });
    map.on("click", (event) => this.click(event.point, event.lngLat));
    map.on("mousemove", (event) => this.hover(event.point));
    map.on("mouseout", () => this.tip(null));
    addEventListener("anlan:theme", () => this.retheme());
    live.on("moves", (moves) => this.at === null && this.moving.hear(moves));
    live.follow();
  }

  /** A place has another colour. Returns whether that was all there is to draw. */
  recolour(id: number, level: number): boolean {
    if (this.at === null) this.moving.recolour(id, level);
    return this.moving.has(id);
  }

  private frame(): Frame {
    const bounds = this.map.getBounds();
    return { box: [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()], zoom: this.map.getZoom(),
      cell: cell(), heat: get("heat"), at: this.at };
  }

  /** Fetch what the view needs; nothing if it is already there, unless `anew`. */
  async ask(anew: boolean): Promise<void> {
    const frame = this.frame();
    if (!anew && this.feed.covers(frame)) return;
    const sight = await this.feed.look(frame);
    if (!sight) return;
    this.draw(sight);
    this.onsight(sight);
  }

  private draw(sight: Sight): void {
    const fresh = this.drawn(sight);
    for (const name of SIGHTED) if (this.differs(name, fresh[name])) this.put(name, fresh[name]);
  }

  /** Most looks bring what is drawn already; to draw it again would cost as much as the first time. */
  private differs(name: SourceName, data: GeoJSON.FeatureCollection): boolean {
    if (name === "moving") return true;
    const told = JSON.stringify(name === "areas" ? data.features.map(({ properties }) => properties) : data);
    if (this.shown.get(name) === told) return false;
    this.shown.set(name, told);
    return true;
  }

  /** All that a sight shows; what somebody draws by hand stays. */
  private drawn(sight: Sight): Drawn {
    return {
      ...this.data,
      areas: areaFeatures(sight, this.feed),
      marks: markFeatures(sight, this.signs),
      moving: this.moving.take(sight.moving),
      over: collection([...overFeatures(sight.tag, "tag"), ...overFeatures(sight.major, "major"), ...overFeatures(sight.alarm, "alarm")]),
      heat: heatFeatures(sight),
      asked: groundFeatures(sight, get("near"), Number(get("metres") || 1000), get("ring")),
    };
  }

  put(name: SourceName, data: GeoJSON.FeatureCollection): void {
    const same = data.features.length === 0 && this.data[name].features.length === 0;
    this.data[name] = data;
    if (!same) this.redraw(name);
  }

  /** A source without anything has its layers switched off: each would be painted, and cost, for nothing. */
  private redraw(name: SourceName): void {
    const source = this.map.getSource<GeoJSONSource>(name);
    if (!source) return void this.late.add(name);
    void source.setData(this.data[name]);
    const visibility = this.data[name].features.length ? "visible" : "none";
    for (const id of layersOf(name)) {
      if (this.map.getLayer(id)?.visibility !== visibility) this.map.setLayoutProperty(id, "visibility", visibility);
    }
  }

  /** Everything the viewer may see, in one look. */
  full(animate = true): void {
    if (this.bounds) this.fit(this.bounds, animate);
  }

  /** A lone point is shown with its surroundings. */
  fit(bounds: Box, animate = false): void {
    this.map.fitBounds(bounds, { padding: room(this.map.getContainer()), maxZoom: 15.5, animate });
  }

  choose(id: number | null): void {
    this.chosen = id ?? -1;
    if (this.map.getLayer("area-chosen")) this.map.setFilter("area-chosen", ["==", ["get", "id"], this.chosen]);
  }

  /** Show a place: its area in full, or its spot from near. */
  async show(id: number): Promise<void> {
    await this.feed.fetchShapes([id]);
    const geometry = this.feed.shapes.get(id);
    if (!geometry) return;
    if (geometry.type === "Point") {
      this.map.easeTo({ center: geometry.coordinates as Spot, zoom: Math.max(this.map.getZoom(), 15) });
    } else this.fit(boundsOf(geometry), true);
  }

  setBase(visible: boolean): void {
    for (const layer of this.map.getStyle().layers) {
      if (layer.id.startsWith("base-")) this.map.setLayoutProperty(layer.id, "visibility", visible ? "visible" : "none");
    }
  }

  private retheme(): void {
    this.map.setStyle(mapStyle(isDark(), this.base, this.data), { diff: false });
    this.map.once("style.load", () => this.choose(this.chosen < 0 ? null : this.chosen));
  }

  private near(point: Point): MapGeoJSONFeature | undefined {
    const box: [[number, number], [number, number]] = [[point.x - FINGER, point.y - FINGER], [point.x + FINGER, point.y + FINGER]];
    const there = (ids: string[]): string[] => ids.filter((id) => this.map.getLayer(id));
    const marks = this.map.queryRenderedFeatures(box, { layers: there(MARKS) });
    if (marks.length) return marks.sort((a, b) => MARKS.indexOf(a.layer.id) - MARKS.indexOf(b.layer.id))[0];
    const found = this.map.queryRenderedFeatures(point, { layers: there(AREAS) });
    return found.findLast((feature) => !["province", "city", "county"].includes(String(feature.properties["kind"]))) ?? found[0];
  }

  private click(point: Point, at: LngLat): void {
    if (this.tool) return this.tool([at.lng, at.lat]);
    const feature = this.near(point);
    if (feature?.properties["cluster"]) this.open(feature);
    else this.onpick({ place: feature ? Number(feature.properties["id"]) : null });
  }

  /** A cluster opens on a nearer view; where there is none, what is in it is listed. */
  private open(cluster: MapGeoJSONFeature): void {
    const center = (cluster.geometry as GeoJSON.Point).coordinates as Spot;
    const zoom = this.map.getZoom();
    if (zoom >= LISTED_FROM) return this.onlist(center, (60 * 40_075_017 * Math.cos((center[1] * Math.PI) / 180)) / (512 * 2 ** zoom));
    this.map.easeTo({ center, zoom: Math.min(zoom + 2, CLOSEST - 0.5) });
  }

  private hover(point: Point): void {
    if (this.tool) return;
    const feature = this.near(point);
    this.map.getCanvas().style.cursor = feature ? "pointer" : "";
    this.tip(feature ? { feature, point } : null);
  }

  private tip(over: { feature: MapGeoJSONFeature; point: Point } | null): void {
    const tip = one("#map-tip");
    tip.hidden = !over;
    if (!over) return;
    const { name, cluster, counts } = over.feature.properties as { name?: string; cluster?: boolean; counts?: string };
    tip.replaceChildren(...(cluster ? this.counted(counts ?? "") : [name ?? ""]));
    tip.style.transform = `translate(${Math.round(over.point.x + 14)}px, ${Math.round(over.point.y + 14)}px)`;
  }

  /** Filled in by the page: the counts of a cluster in words. */
  counted: (counts: string) => (Node | string)[] = (counts) => [counts];
}

export function boundsOf(geometry: GeoJSON.Geometry): Box {
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity];
  const visit = (value: unknown): void => {
    if (!Array.isArray(value)) return;
    if (typeof value[0] === "number") grow(box, value as number[]);
    else value.forEach(visit);
  };
  if ("coordinates" in geometry) visit(geometry.coordinates);
  return box;
}

function grow(box: Box, [x = 0, y = 0]: number[]): void {
  box[0] = Math.min(box[0], x);
  box[1] = Math.min(box[1], y);
  box[2] = Math.max(box[2], x);
  box[3] = Math.max(box[3], y);
}

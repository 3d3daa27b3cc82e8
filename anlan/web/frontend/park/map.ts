// The map of a park's study: contours of individual risk as lines with their level on them, sources that can be dragged,
// what is protected, and who may bring down whom.

import { type GeoJSONSource, LngLatBounds, Map as MapLibre, Marker, NavigationControl, ScaleControl, setWorkerUrl,
  type StyleSpecification } from "maplibre-gl";
import { _ } from "kit/i18n";
import { el } from "../lib/dom";
import { FACE, scale } from "../map/ground";
import { supplyImages } from "../map/icons";
import { DARK, LIGHT } from "../map/palette";
import { type Base, FONT_FAMILY, mapStyle, nothingDrawn } from "../map/style";
import { Overlay, type Sketch } from "./overlay";

export type Spot = [number, number];
export interface SourceMark { id: number; name: string; at: Spot; computed: boolean }
export interface TargetMark { at: Spot; name: string; id: number; kind: string; fails: boolean }
export interface Escalation { from: Spot; to: Spot; percent: string }
export interface Drawing {
  contours: GeoJSON.FeatureCollection; sources: SourceMark[]; targets: TargetMark[]; domino: Escalation[]; chains: Chain[];
}
/** A chain: where it begins, then who falls in each generation; empty where one of them is no longer drawn. */
export type Chain = Spot[][];
type Layer = "targets" | "domino";

const EQUATOR = 40_075_016.686; // [m]
const TILE = 512; // [px] at zoom 0
const NOTHING: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };
const isDark = (): boolean => document.documentElement.dataset["bsTheme"] === "dark";

export class ParkMap {
  readonly map: MapLibre;
  private contours = NOTHING;
  private readonly overlay: Overlay;
  private trying = false;
  private targets: TargetMark[] = [];
  private domino: Escalation[] = [];
  private followed: Chain = [];
  private asked: Spot | null = null;
  private readonly given = new Map<string, string>();
  private readonly shown: Record<Layer, boolean> = { targets: true, domino: false };
  private readonly markers = new Map<number, Marker>();
  onclick: (at: Spot) => void = () => undefined;
  onlift: (source: SourceMark) => void = () => undefined;
  ondrag: (source: SourceMark, at: Spot) => void = () => undefined;
  ondrop: (source: SourceMark, at: Spot) => void = () => undefined;

  constructor(container: HTMLElement, private readonly base: Base, private readonly outline: GeoJSON.Geometry | null) {
    setWorkerUrl(container.dataset["worker"] ?? "");
    this.map = new MapLibre({
      container, style: this.style(), attributionControl: false, dragRotate: false, pitchWithRotate: false, fadeDuration: 0,
      localIdeographFontFamily: FONT_FAMILY, maxZoom: 18,
      locale: { "NavigationControl.ZoomIn": _("放大"), "NavigationControl.ZoomOut": _("缩小") },
    });
    this.map.touchZoomRotate.disableRotation();
    supplyImages(this.map);
    this.map.addControl(new NavigationControl({ showCompass: false }), "top-right");
    this.map.addControl(new ScaleControl({ maxWidth: 110 }), "bottom-right");
    this.overlay = new Overlay(this.map, inks);
    this.map.on("click", ({ lngLat }) => this.onclick([lngLat.lng, lngLat.lat]));
    this.map.on("style.load", () => this.put());
    this.map.once("idle", () => container.setAttribute("data-ready", ""));
    addEventListener("anlan:theme", () => this.map.setStyle(this.style(), { diff: false }));
  }

  draw(drawing: Drawing): void {
    this.contours = drawing.contours;
    this.trying = false;
    this.overlay.draw(null);
    this.targets = drawing.targets;
    this.domino = drawing.domino;
    this.followed = [];
    this.place(drawing.sources);
    this.put();
  }

  /** Contours of a source that is somewhere else for a try: the stored ones stay, dashed, behind them. */
  try(contours: Sketch): void {
    this.overlay.draw(contours);
    if (this.trying) return;
    this.trying = true;
    this.put();
  }

  /** What the screen shows, as the server is asked for it. */
  view(): { view: string; pixel: string } {
    const bounds = this.map.getBounds();
    const metres = (EQUATOR * Math.cos((this.map.getCenter().lat * Math.PI) / 180)) / (TILE * 2 ** this.map.getZoom());
    return { view: bounds.toArray().flat().map((each) => each.toFixed(5)).join(","), pixel: metres.toFixed(3) };
  }

  /** Which targets would fail, once the hand rests. */
  judge(targets: TargetMark[]): void {
    this.targets = targets;
    this.put();
  }

  ask(at: Spot | null): void {
    this.asked = at;
    this.put();
  }

  toggle(layer: Layer, on = !this.shown[layer]): boolean {
    this.shown[layer] = on;
    this.put();
    return this.shown[layer];
  }

  /** Draw one chain over the map and bring it into view; an empty one draws none. */
  follow(chain: Chain): void {
    this.followed = chain;
    this.put();
    const bounds = chain.flat().reduce((box, at) => box.extend(at), new LngLatBounds());
    if (!bounds.isEmpty()) this.map.fitBounds(bounds, { padding: 96, maxZoom: 17, animate: false });
  }

  /** Put a source back to where it is stored. */
  back(source: SourceMark): void {
    this.markers.get(source.id)?.setLngLat(source.at);
  }

  show(box: (number | null)[]): void {
    const bounds = new LngLatBounds();
    for (const { geometry } of this.contours.features) {
      if (geometry.type === "MultiLineString") for (const line of geometry.coordinates) for (const at of line) bounds.extend(at as Spot);
    }
    for (const marker of this.markers.values()) bounds.extend(marker.getLngLat());
    const [west, south, east, north] = box;
    if (bounds.isEmpty() && west != null && south != null && east != null && north != null) bounds.extend([west, south]).extend([east, north]);
    if (!bounds.isEmpty()) this.map.fitBounds(bounds, { padding: 48, maxZoom: 16, animate: false });
  }

  private place(sources: SourceMark[]): void {
    for (const marker of this.markers.values()) marker.remove();
    this.markers.clear();
    for (const source of sources) {
      const pin = el("button", { type: "button", class: "park-pin", title: source.name, "aria-label": source.name, "data-pin": String(source.id) }, el("span", {}));
      const marker = new Marker({ element: pin, draggable: source.computed }).setLngLat(source.at).addTo(this.map);
      pin.addEventListener("pointerdown", () => this.onlift(source));
      marker.on("drag", () => this.ondrag(source, marker.getLngLat().toArray() as Spot));
      marker.on("dragend", () => this.ondrop(source, marker.getLngLat().toArray() as Spot));
      this.markers.set(source.id, marker);
    }
  }

  /** Give the map what has changed of the data: what it has, it need not cut into tiles again. */
  private put(): void {
    for (const [name, data] of Object.entries(this.data())) {
      const source = this.map.getSource<GeoJSONSource>(name);
      const text = JSON.stringify(data);
      if (source && this.given.get(name) !== text) source.setData(data);
      if (source) this.given.set(name, text);
    }
  }

  private data(): Record<string, GeoJSON.FeatureCollection> {
    const spots = this.shown.targets ? this.targets : [];
    const lines = this.shown.domino && !this.followed.length ? this.domino : []; // one chain alone
    return {
      "park-contours": this.trying ? NOTHING : this.contours,
      "park-before": this.trying ? this.contours : NOTHING,
      "park-targets": collection(spots.map((one) => ({ type: "Point", coordinates: one.at }) as GeoJSON.Point), spots.map(({ name, fails, kind }) => ({ name, fails, kind }))),
      "park-domino": collection(lines.map((one) => ({ type: "LineString", coordinates: [one.from, one.to] }) as GeoJSON.LineString), lines.map(({ percent }) => ({ name: `${percent}%` }))),
      "park-chain": legs(this.followed),
      "park-asked": collection(this.asked ? [{ type: "Point", coordinates: this.asked }] : [], [{}]),
      "park-outline": this.outline ? collection([this.outline], [{}]) : NOTHING,
    };
  }

  private style(): StyleSpecification {
    const dark = isDark();
    const palette = dark ? DARK : LIGHT;
    const style = mapStyle(dark, this.base, nothingDrawn());
    const size = scale();
    for (const [name, data] of Object.entries(this.data())) style.sources[name] = { type: "geojson", data, tolerance: 0.1 };
    const width = ["interpolate", ["linear"], ["log10", ["get", "level"]], -7, 1.2 * size, -4.5, 3.4 * size] as unknown as number;
    const label = { "text-font": FACE, "text-size": 12 * size };
    const halo = { "text-color": palette.ink, "text-halo-color": palette.halo, "text-halo-width": 2 };
    style.layers.push(
      { id: "park-outline", type: "line", source: "park-outline", paint: { "line-color": palette.border, "line-width": 1.5, "line-dasharray": [4, 3] } },
      { id: "park-before", type: "line", source: "park-before", paint: { "line-color": palette.softText, "line-width": 1, "line-dasharray": [3, 3] } },
      { id: "park-contours", type: "line", source: "park-contours", layout: { "line-join": "round" }, paint: { "line-color": palette.ink, "line-width": width } },
      { id: "park-words", type: "symbol", source: "park-contours",
        layout: { ...label, "symbol-placement": "line", "symbol-spacing": 320, "text-field": ["get", "name"], "text-max-angle": 60, "text-padding": 1 }, paint: halo },
      { id: "park-domino", type: "line", source: "park-domino", paint: { "line-color": palette.ink, "line-width": 2, "line-dasharray": [1, 1.5] } },
      { id: "park-domino-words", type: "symbol", source: "park-domino",
        layout: { ...label, "symbol-placement": "line-center", "text-field": ["get", "name"] }, paint: halo },
      { id: "park-chain", type: "line", source: "park-chain", layout: { "line-cap": "round" }, paint: { "line-color": palette.ink, "line-width": 3.5 * size } },
      { id: "park-chain-heads", type: "fill", source: "park-chain", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": palette.ink } },
      { id: "park-chain-words", type: "symbol", source: "park-chain", filter: ["==", ["geometry-type"], "LineString"],
        layout: { ...label, "text-size": 14 * size, "symbol-placement": "line-center", "text-field": ["get", "name"], "text-rotation-alignment": "viewport", "text-allow-overlap": true }, paint: halo },
      { id: "park-targets", type: "circle", source: "park-targets",
        paint: { "circle-radius": ["case", ["get", "fails"], 6 * size, 3.5 * size], "circle-color": ["case", ["get", "fails"], palette.ink, palette.halo],
          "circle-stroke-color": palette.ink, "circle-stroke-width": ["case", ["get", "fails"], 2.5, 1.2] } },
      { id: "park-targets-words", type: "symbol", source: "park-targets", minzoom: 13,
        layout: { ...label, "text-field": ["get", "name"], "text-anchor": "top", "text-offset": [0, 0.7], "text-optional": true }, paint: halo },
      { id: "park-asked", type: "circle", source: "park-asked",
        paint: { "circle-radius": 8 * size, "circle-color": "rgba(0,0,0,0)", "circle-stroke-color": palette.ink, "circle-stroke-width": 2.5 } },
    );
    return style;
  }
}

/** The inks of what is drawn over the map. */
function inks(): { line: string; halo: string; font: string; scale: number } {
  const palette = isDark() ? DARK : LIGHT;
  return { line: palette.ink, halo: palette.halo, font: `${12 * scale()}px ${FONT_FAMILY}`, scale: scale() };
}

function collection(shapes: GeoJSON.Geometry[], told: GeoJSON.GeoJsonProperties[]): GeoJSON.FeatureCollection {
  return { type: "FeatureCollection", features: shapes.map((geometry, row) => ({ type: "Feature", geometry, properties: told[row] ?? {} })) };
}

const HEAD = 0.14; // length of an arrow's head, as a share of the arrow

/** The arrows of a chain, each from who fell before to who falls next; on each the generation. */
function legs(chain: Chain): GeoJSON.FeatureCollection {
  const features: GeoJSON.Feature[] = [];
  chain.slice(1).forEach((generation, row) => {
    for (const to of generation) {
      const from = chain[row]!.reduce((near, at) => (apart(at, to) < apart(near, to) ? at : near));
      features.push({ type: "Feature", geometry: { type: "LineString", coordinates: [from, to] }, properties: { name: String(row + 1) } });
      features.push({ type: "Feature", geometry: { type: "Polygon", coordinates: [head(from, to)] }, properties: {} });
    }
  });
  return { type: "FeatureCollection", features };
}

const flat = ([, latitude]: Spot): number => Math.cos((latitude * Math.PI) / 180);
const apart = (one: Spot, other: Spot): number => Math.hypot((other[0] - one[0]) * flat(one), other[1] - one[1]);

function head(from: Spot, to: Spot): Spot[] {
  const shrink = flat(from);
  const [x, y] = [(to[0] - from[0]) * shrink * HEAD, (to[1] - from[1]) * HEAD];
  const corner = (side: number): Spot => [to[0] - (x - (side * y) / 2) / shrink, to[1] - y - (side * x) / 2];
  return [to, corner(1), corner(-1), to];
}

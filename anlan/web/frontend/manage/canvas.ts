// The map that a place is drawn on: the ground, what lies around, and the shape with its handles.

import { type GeoJSONSource, type LayerSpecification, Map as MapLibre, NavigationControl, ScaleControl, setWorkerUrl,
  type StyleSpecification } from "maplibre-gl";
import { _ } from "kit/i18n";
import type { Spot } from "../map/geodesy";
import { FACE, ground, groundWords, scale } from "../map/ground";
import { DARK, LIGHT, type Palette } from "../map/palette";
import { FONT_FAMILY } from "../map/style";
import type { At, Shape } from "./shape";

export interface Outline { name: string; geometry: GeoJSON.Geometry }
/** Lines of individual risk, each with its `name`: as it is now, and as it would be. */
export interface Contours { before: GeoJSON.FeatureCollection; after: GeoJSON.FeatureCollection }

const NOTHING: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };
const isDark = (): boolean => document.documentElement.dataset["bsTheme"] === "dark";
const feature = (geometry: GeoJSON.Geometry, properties: Record<string, unknown> = {}): GeoJSON.Feature =>
  ({ type: "Feature", geometry, properties });
const collection = (features: GeoJSON.Feature[]): GeoJSON.FeatureCollection => ({ type: "FeatureCollection", features });

export class Canvas {
  readonly map: MapLibre;
  private base: GeoJSON.FeatureCollection = NOTHING;
  private shape: GeoJSON.FeatureCollection = NOTHING;
  private handles: GeoJSON.FeatureCollection = NOTHING;

  constructor(container: HTMLElement, private readonly around: Outline | null, private readonly beside: Outline[], private readonly contours: Contours | null = null) {
    setWorkerUrl(container.dataset["worker"] ?? "");
    this.map = new MapLibre({
      container, style: this.style(), attributionControl: false, dragRotate: false, pitchWithRotate: false, fadeDuration: 0,
      localIdeographFontFamily: FONT_FAMILY, maxZoom: 20, doubleClickZoom: false, center: [119, 36], zoom: 4,
      locale: { "NavigationControl.ZoomIn": _("放大"), "NavigationControl.ZoomOut": _("缩小") },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.addControl(new NavigationControl({ showCompass: false }), "top-right");
    this.map.addControl(new ScaleControl({ maxWidth: 110 }), "bottom-right");
    this.map.on("load", () => this.refill());
    addEventListener("anlan:theme", () => {
      this.map.setStyle(this.style(), { diff: false });
      this.map.once("style.load", () => this.refill());
    });
  }

  setBase(base: GeoJSON.FeatureCollection): void {
    this.base = base;
    this.refill();
  }

  /** Draw the shape; `chosen` is the spot that is selected, `handles` whether it may be edited. */
  draw(shape: Shape, chosen: At | null, handles: boolean): void {
    const geometry = shape.geometry();
    this.shape = collection(geometry ? [feature(shape.whole ? geometry : asLine(shape))] : []);
    this.handles = collection(handles ? grips(shape, chosen) : []);
    this.put("shape", this.shape);
    this.put("handles", this.handles);
  }

  show(box: [number, number, number, number] | null): void {
    if (box && box.every(Number.isFinite)) this.map.fitBounds(box, { padding: 48, maxZoom: 17, animate: false });
  }

  private put(id: string, data: GeoJSON.FeatureCollection): void {
    this.map.getSource<GeoJSONSource>(id)?.setData(data);
  }

  private refill(): void {
    this.put("base", this.base);
    this.put("shape", this.shape);
    this.put("handles", this.handles);
    const outside = this.base.features.some((one) => one.properties?.["class"] === "land");
    const palette = isDark() ? DARK : LIGHT;
    if (this.map.getLayer("background")) this.map.setPaintProperty("background", "background-color", outside ? palette.outside : palette.land);
  }

  private style(): StyleSpecification {
    const dark = isDark();
    const palette = dark ? DARK : LIGHT;
    const others = this.beside.map((one) => feature(one.geometry, { name: one.name }));
    const around = this.around ? [feature(this.around.geometry, { name: this.around.name })] : [];
    const plain = [...ground(palette, dark, false), ...groundWords(palette)].filter((layer) => layer.id !== "base-reed-blades");
    const source = (data: GeoJSON.FeatureCollection): StyleSpecification["sources"][string] => ({ type: "geojson", data });
    return {
      version: 8,
      sources: { base: source(NOTHING), around: source(collection(around)), beside: source(collection(others)), shape: source(NOTHING), handles: source(NOTHING),
        "risk-before": source(this.contours?.before ?? NOTHING), "risk-after": source(this.contours?.after ?? NOTHING) },
      layers: [{ id: "background", type: "background", paint: { "background-color": palette.land } }, ...plain, ...outlines(palette),
        ...(this.contours ? risk(palette) : []), ...own(palette)],
    };
  }
}

function outlines(palette: Palette): LayerSpecification[] {
  return [
    { id: "beside", type: "line", source: "beside", paint: { "line-color": palette.border, "line-width": 1 } },
    { id: "beside-dot", type: "circle", source: "beside", filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-radius": 3, "circle-color": palette.border } },
    { id: "around", type: "line", source: "around", paint: { "line-color": palette.text, "line-width": 1.6, "line-dasharray": [4, 3] } },
    { id: "beside-name", type: "symbol", source: "beside", minzoom: 12,
      layout: { "text-field": ["get", "name"], "text-font": FACE, "text-size": 11.5 * scale(), "text-max-width": 9 },
      paint: { "text-color": palette.softText, "text-halo-color": palette.halo, "text-halo-width": 1.5 } },
  ];
}

/** Contours have no colour, because colour means the level of a place. */
function risk(palette: Palette): LayerSpecification[] {
  return [
    { id: "risk-before", type: "line", source: "risk-before", paint: { "line-color": palette.softText, "line-width": 1, "line-dasharray": [3, 3] } },
    { id: "risk-after", type: "line", source: "risk-after", layout: { "line-join": "round" }, paint: { "line-color": palette.ink, "line-width": 1.5 } },
    { id: "risk-words", type: "symbol", source: "risk-after",
      layout: { "symbol-placement": "line", "text-field": ["get", "name"], "text-font": FACE, "text-size": 11 * scale(), "symbol-spacing": 260 },
      paint: { "text-color": palette.ink, "text-halo-color": palette.halo, "text-halo-width": 2 } },
  ];
}

function own(palette: Palette): LayerSpecification[] {
  return [
    { id: "shape-fill", type: "fill", source: "shape", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": palette.ink, "fill-opacity": 0.14 } },
    { id: "shape-line", type: "line", source: "shape", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": palette.ink, "line-width": 2.5 } },
    { id: "shape-dot", type: "circle", source: "shape", filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-radius": 8, "circle-color": palette.ink, "circle-stroke-color": palette.halo, "circle-stroke-width": 3 } },
    { id: "handles", type: "circle", source: "handles",
      paint: { "circle-radius": ["match", ["get", "kind"], "mid", 4, "chosen", 9, 6.5], "circle-stroke-width": 2,
        "circle-color": ["match", ["get", "kind"], "chosen", palette.ink, palette.halo], "circle-stroke-color": palette.ink,
        "circle-opacity": ["match", ["get", "kind"], "mid", 0.6, 1] } },
  ];
}

function asLine(shape: Shape): GeoJSON.Geometry {
  const path = [...(shape.paths.at(-1) ?? [])];
  return path.length > 1 ? { type: "LineString", coordinates: path } : { type: "Point", coordinates: path[0] ?? [0, 0] };
}

/** A handle on every spot, and a small one in the middle of every edge. */
function grips(shape: Shape, chosen: At | null): GeoJSON.Feature[] {
  const dot = (spot: Spot, kind: string, at: At): GeoJSON.Feature => feature({ type: "Point", coordinates: spot }, { kind, ...at });
  return shape.paths.flatMap((path, row) => path.flatMap((spot, column) => {
    const here = { path: row, spot: column };
    const kind = chosen?.path === row && chosen.spot === column ? "chosen" : "spot";
    const next = path[column + 1] ?? (shape.closed && path.length > 2 ? path[0] : undefined);
    const mid = next && [dot([(spot[0] + next[0]) / 2, (spot[1] + next[1]) / 2], "mid", { path: row, spot: column + 1 })];
    return [...(mid ?? []), dot(spot, kind, here)];
  }));
}

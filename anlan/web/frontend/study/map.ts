// The map of an accident: the ground, its zones from the mildest to the worst, those compared with, and the sites inside.

import { type GeoJSONSource, type LngLatLike, Map as MapLibre, Marker, NavigationControl, ScaleControl, setWorkerUrl,
  type StyleSpecification } from "maplibre-gl";
import { _ } from "kit/i18n";
import { colour } from "../lib/levels";
import { FACE, scale } from "../map/ground";
import { DARK, LIGHT } from "../map/palette";
import { type Base, FONT_FAMILY, mapStyle, nothingDrawn } from "../map/style";

export type Spot = [number, number];
export interface Drawing { effect: string; zones: GeoJSON.FeatureCollection; beside: GeoJSON.FeatureCollection; sites: GeoJSON.FeatureCollection }

const NOTHING: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };
export const nothing = (): Drawing => ({ effect: "", zones: NOTHING, beside: NOTHING, sites: NOTHING });
const isDark = (): boolean => document.documentElement.dataset["bsTheme"] === "dark";

export class StudyMap {
  readonly map: MapLibre;
  private drawing = nothing();
  private line: Spot[] = [];
  onpick: (site: number) => void = () => undefined;
  onclick: (at: Spot) => boolean = () => false;

  constructor(container: HTMLElement, private readonly base: Base, spot: Spot) {
    setWorkerUrl(container.dataset["worker"] ?? "");
    this.map = new MapLibre({
      container, style: this.style(), attributionControl: false, dragRotate: false, pitchWithRotate: false, fadeDuration: 0,
      localIdeographFontFamily: FONT_FAMILY, maxZoom: 19, center: spot, zoom: 13,
      locale: { "NavigationControl.ZoomIn": _("放大"), "NavigationControl.ZoomOut": _("缩小") },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.addControl(new NavigationControl({ showCompass: false }), "top-right");
    this.map.addControl(new ScaleControl({ maxWidth: 110 }), "bottom-right");
    new Marker({ color: isDark() ? "#f4f6f8" : "#1a2029", scale: 0.8 }).setLngLat(spot).addTo(this.map);
    this.map.on("click", (event) => {
      if (this.onclick([event.lngLat.lng, event.lngLat.lat])) return;
      const hit = this.map.queryRenderedFeatures(event.point, { layers: ["study-sites"] })[0];
      if (hit) this.onpick(Number(hit.properties["id"]));
    });
    this.map.on("style.load", () => this.draw(this.drawing)); // what was asked for before the style was there
    this.map.once("idle", () => container.setAttribute("data-ready", ""));
    addEventListener("anlan:theme", () => this.map.setStyle(this.style(), { diff: false }));
  }

  draw(drawing: Drawing): void {
    this.drawing = drawing;
    for (const [name, data] of Object.entries(this.sources())) this.map.getSource<GeoJSONSource>(name)?.setData(data);
  }

  /** The line of a profile. */
  mark(line: Spot[]): void {
    this.line = line;
    this.draw(this.drawing);
  }

  /** Bring all zones into view. */
  show(): void {
    const box = bounds(this.drawing.zones);
    if (box) this.map.fitBounds(box, { padding: 56, maxZoom: 16, animate: false });
  }

  private sources(): Record<string, GeoJSON.FeatureCollection> {
    const { zones, beside, sites } = this.drawing;
    const line: GeoJSON.FeatureCollection = this.line.length
      ? { type: "FeatureCollection", features: [{ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: this.line } }] }
      : NOTHING;
    return { "study-zones": zones, "study-beside": beside, "study-sites": sites, "study-line": line };
  }

  private style(): StyleSpecification {
    const dark = isDark();
    const palette = dark ? DARK : LIGHT;
    const style = mapStyle(dark, this.base, nothingDrawn());
    const level = ["match", ["get", "rank"], 1, colour(1), 2, colour(2), 3, colour(3), colour(4)] as unknown as string;
    for (const [name, data] of Object.entries(this.sources())) style.sources[name] = { type: "geojson", data, tolerance: 0.1 };
    style.layers.push(
      { id: "study-fill", type: "fill", source: "study-zones", layout: { "fill-sort-key": ["get", "order"] },
        paint: { "fill-color": level, "fill-opacity": 0.22 } },
      { id: "study-edge", type: "line", source: "study-zones", paint: { "line-color": level, "line-width": 2 * scale() } },
      { id: "study-other", type: "line", source: "study-beside", paint: { "line-color": level, "line-width": 1.5, "line-dasharray": [3, 2] } },
      { id: "study-word", type: "symbol", source: "study-zones",
        layout: { "symbol-placement": "line", "text-field": ["get", "name"], "text-font": FACE, "text-size": 11.5 * scale(), "symbol-spacing": 400 },
        paint: { "text-color": palette.ink, "text-halo-color": palette.halo, "text-halo-width": 1.8 } },
      { id: "study-sites", type: "circle", source: "study-sites",
        paint: { "circle-radius": 6 * scale(), "circle-color": level, "circle-stroke-width": 2, "circle-stroke-color": palette.halo } },
      { id: "study-names", type: "symbol", source: "study-sites", minzoom: 12,
        layout: { "text-field": ["get", "name"], "text-font": FACE, "text-size": 12 * scale(), "text-anchor": "top", "text-offset": [0, 0.7], "text-optional": true },
        paint: { "text-color": palette.text, "text-halo-color": palette.halo, "text-halo-width": 1.8 } },
      { id: "study-line", type: "line", source: "study-line", paint: { "line-color": palette.ink, "line-width": 2.5, "line-dasharray": [2, 1] } },
    );
    return style;
  }
}

function bounds(data: GeoJSON.FeatureCollection): [LngLatLike, LngLatLike] | null {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  const walk = (part: unknown): void => {
    if (!Array.isArray(part)) return;
    if (typeof part[0] === "number" && typeof part[1] === "number") {
      [west, east] = [Math.min(west, part[0]), Math.max(east, part[0])];
      [south, north] = [Math.min(south, part[1]), Math.max(north, part[1])];
    } else part.forEach(walk);
  };
  for (const { geometry } of data.features) if (geometry.type !== "GeometryCollection") walk(geometry.coordinates);
  return west < east || south < north ? [[west, south], [east, north]] : null;
}

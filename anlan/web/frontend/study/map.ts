// The map of an accident: the ground, its zones, those compared with, the sites inside, lines to what may fall next.
// Zones are told apart by ink, line and label, because colour means risk level.

import { type GeoJSONSource, type LayerSpecification, type LngLatLike, Map as MapLibre, type MapMouseEvent, Marker, NavigationControl,
  ScaleControl, setWorkerUrl, type StyleSpecification } from "maplibre-gl";
import { _ } from "kit/i18n";
import { FACE, scale } from "../map/ground";
import { DARK, LIGHT, type Palette } from "../map/palette";
import { type Base, FONT_FAMILY, mapStyle, nothingDrawn } from "../map/style";

export type Spot = [number, number];
export interface Wind { from: number; speed: number }
export interface Drawing {
  effect: string; zones: GeoJSON.FeatureCollection; beside: GeoJSON.FeatureCollection; sites: GeoJSON.FeatureCollection;
  knock: GeoJSON.FeatureCollection; labels: GeoJSON.FeatureCollection; wind: Wind | null; spot: Spot | null;
}

const NOTHING: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };
export const nothing = (): Drawing =>
  ({ effect: "", zones: NOTHING, beside: NOTHING, sites: NOTHING, knock: NOTHING, labels: NOTHING, wind: null, spot: null });
const isDark = (): boolean => document.documentElement.dataset["bsTheme"] === "dark";
/** No weather holds for as long as a cloud takes to drift farther [m]; zones beyond are drawn but not zoomed to. */
const LASTING_M = 15_000;

/** From the worst outwards: width of the line [px], its dash, ink over the ground. */
export const STEPS: { width: number; dash: number[] | null; fill: number }[] = [
  { width: 3.2, dash: null, fill: 0.2 }, { width: 2.4, dash: null, fill: 0.12 }, { width: 1.8, dash: [5, 2], fill: 0.08 },
  { width: 1.6, dash: [2, 2], fill: 0.04 }, { width: 1.4, dash: [0.6, 2.4], fill: 0.02 },
];

export class StudyMap {
  readonly map: MapLibre;
  readonly marker: Marker;
  private drawing = nothing();
  private line: Spot[] = [];
  private at: Spot | null = null;
  private outline: GeoJSON.Geometry | null = null;
  onpick: (site: number) => void = () => undefined;
  onclick: (at: Spot) => boolean = () => false;
  ondouble: () => boolean = () => false;

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
    this.marker = new Marker({ color: isDark() ? "#f4f6f8" : "#1a2029", scale: 0.8 }).setLngLat(spot).addTo(this.map);
    this.map.on("click", (event) => this.clicked(event));
    this.map.on("dblclick", (event) => { if (this.ondouble()) event.preventDefault(); });
    this.map.on("style.load", () => this.draw(this.drawing)); // what was asked for before the style was there
    this.map.once("idle", () => container.setAttribute("data-ready", ""));
    addEventListener("anlan:theme", () => this.map.setStyle(this.style(), { diff: false }));
  }

  draw(drawing: Drawing): void {
    this.drawing = drawing;
    if (drawing.spot) this.marker.setLngLat(drawing.spot);
    for (const [name, data] of Object.entries(this.sources())) this.map.getSource<GeoJSONSource>(name)?.setData(data);
  }

  /** The line of a profile. */
  mark(line: Spot[]): void {
    this.line = line;
    this.draw(this.drawing);
  }

  /** The point that was asked about. */
  point(at: Spot | null): void {
    this.at = at;
    this.draw(this.drawing);
  }

  /** The place in which the source lies. */
  surround(outline: GeoJSON.Geometry): void {
    this.outline = outline;
    this.draw(this.drawing);
  }

  /** Bring the zones into view, as far as a weather lasts. */
  show(): void {
    const near = this.drawing.zones.features.filter(({ properties }) => Number(properties?.["reach"] ?? 0) <= LASTING_M);
    const all = this.drawing.zones.features;
    const box = bounds({ type: "FeatureCollection", features: near.length ? near : all.slice(-1) });
    if (box) this.map.fitBounds(box, { padding: 56, maxZoom: 17, animate: false });
  }

  private clicked(event: MapMouseEvent): void {
    if (this.onclick([event.lngLat.lng, event.lngLat.lat])) return;
    const hit = this.map.queryRenderedFeatures(event.point, { layers: ["study-sites", "study-knock-ends"] })[0];
    if (hit) this.onpick(Number(hit.properties["id"]));
  }

  private sources(): Record<string, GeoJSON.FeatureCollection> {
    const { zones, beside, sites, knock, labels } = this.drawing;
    const drawn: GeoJSON.Feature[] = this.line.length
      ? [{ type: "Feature", properties: {}, geometry: this.line.length > 1 ? { type: "LineString", coordinates: this.line } : { type: "Point", coordinates: this.line[0] as Spot } }]
      : [];
    if (this.at) drawn.push({ type: "Feature", properties: { at: 1 }, geometry: { type: "Point", coordinates: this.at } });
    const around: GeoJSON.Feature[] = this.outline ? [{ type: "Feature", properties: {}, geometry: this.outline }] : [];
    return { "study-zones": zones, "study-beside": beside, "study-sites": sites, "study-labels": labels, "study-knock": knock, "study-knock-ends": ends(knock),
      "study-line": { type: "FeatureCollection", features: drawn }, "study-around": { type: "FeatureCollection", features: around } };
  }

  private style(): StyleSpecification {
    const dark = isDark();
    const palette = dark ? DARK : LIGHT;
    const style = mapStyle(dark, this.base, nothingDrawn());
    for (const [name, data] of Object.entries(this.sources())) style.sources[name] = { type: "geojson", data, tolerance: 0.1 };
    style.layers.push(...zones(palette), ...others(palette), ...sites(palette), ...tools(palette));
    return style;
  }
}

const word = (field: string, size: number): Record<string, unknown> => ({ "text-field": ["get", field], "text-font": FACE, "text-size": size * scale() });
const halo = (palette: Palette): Record<string, unknown> => ({ "text-color": palette.ink, "text-halo-color": palette.halo, "text-halo-width": 2 });

function zones(palette: Palette): LayerSpecification[] {
  const fill = ["match", ["get", "step"], ...STEPS.flatMap((step, row) => [row + 1, step.fill]), 0.02] as unknown as number;
  return [
    { id: "study-fill", type: "fill", source: "study-zones", layout: { "fill-sort-key": ["get", "order"] },
      paint: { "fill-color": palette.ink, "fill-opacity": fill } } as LayerSpecification,
    ...STEPS.map((step, row) => ({ id: `study-edge-${row + 1}`, type: "line", source: "study-zones", filter: ["==", ["get", "step"], row + 1],
      layout: { "line-join": "round", ...(row === 4 ? { "line-cap": "round" } : {}) },
      paint: { "line-color": palette.ink, "line-width": step.width * scale(), ...(step.dash ? { "line-dasharray": step.dash } : {}) } }) as LayerSpecification),
    { id: "study-word", type: "symbol", source: "study-zones", filter: [">", ["get", "reach"], LASTING_M],
      layout: { ...word("words", 12), "symbol-placement": "line", "symbol-spacing": 600, "text-padding": 2, "symbol-sort-key": ["get", "step"] },
      paint: halo(palette) } as LayerSpecification,
    { id: "study-label", type: "symbol", source: "study-labels",
      layout: { ...word("words", 12.5), "text-max-width": 14, "text-variable-anchor": ["bottom", "top", "left", "right"], "text-radial-offset": 0.5, "text-padding": 3 },
      paint: { ...halo(palette), "text-color": ["case", ["get", "other"], palette.softText, palette.ink] } } as LayerSpecification,
  ];
}

function others(palette: Palette): LayerSpecification[] {
  return [
    { id: "study-other", type: "line", source: "study-beside", paint: { "line-color": palette.softText, "line-width": 1.6 * scale(), "line-dasharray": [6, 3] } },
    { id: "study-around", type: "line", source: "study-around", paint: { "line-color": palette.ink, "line-width": 1.4, "line-dasharray": [2, 2] } },
    { id: "study-knock", type: "line", source: "study-knock", paint: { "line-color": palette.ink, "line-width": 1.6 * scale() } },
    { id: "study-knock-ends", type: "circle", source: "study-knock-ends",
      paint: { "circle-radius": 4.5 * scale(), "circle-color": palette.halo, "circle-stroke-width": 2.5, "circle-stroke-color": palette.ink } },
    { id: "study-knock-word", type: "symbol", source: "study-knock-ends", minzoom: 13,
      layout: { ...word("words", 11.5), "text-anchor": "top", "text-offset": [0, 0.6], "text-optional": true }, paint: halo(palette) },
  ] as LayerSpecification[];
}

function sites(palette: Palette): LayerSpecification[] {
  return [
    { id: "study-sites", type: "circle", source: "study-sites",
      paint: { "circle-radius": ["case", ["get", "public"], 6.5 * scale(), 4.5 * scale()], "circle-color": ["case", ["get", "public"], palette.ink, palette.softText],
        "circle-stroke-width": 2, "circle-stroke-color": palette.halo } },
    { id: "study-names", type: "symbol", source: "study-sites", minzoom: 12,
      layout: { ...word("name", 12), "text-anchor": "top", "text-offset": [0, 0.7], "text-optional": true, "symbol-sort-key": ["case", ["get", "public"], 0, 1] },
      paint: { ...halo(palette), "text-color": palette.text } },
  ] as LayerSpecification[];
}

function tools(palette: Palette): LayerSpecification[] {
  return [
    { id: "study-line", type: "line", source: "study-line", filter: ["==", ["geometry-type"], "LineString"], paint: { "line-color": palette.ink, "line-width": 2.5, "line-dasharray": [2, 1] } },
    { id: "study-line-spot", type: "circle", source: "study-line", filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-radius": 6 * scale(), "circle-color": palette.ink, "circle-stroke-width": 3, "circle-stroke-color": palette.halo } },
  ] as LayerSpecification[];
}

/** The far ends of lines, as points with what is said of them. */
function ends(lines: GeoJSON.FeatureCollection): GeoJSON.FeatureCollection {
  const features = lines.features.flatMap(({ geometry, properties }): GeoJSON.Feature[] => {
    const last = geometry.type === "LineString" ? geometry.coordinates.at(-1) : undefined;
    return last ? [{ type: "Feature", properties, geometry: { type: "Point", coordinates: last } }] : [];
  });
  return { type: "FeatureCollection", features };
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

// The style of the map: the ground, the areas in their levels, marks and clusters, and what somebody draws on it.

import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";
import { colour } from "../lib/levels";
import { byZoom, FACE, ground, groundWords, scale } from "./ground";
import { DARK, LIGHT, type Palette } from "./palette";

export const FONT_FAMILY = '"Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif';
const NOTHING: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };

function levelColour(): ExpressionSpecification {
  return ["match", ["get", "level"], 1, colour(1), 2, colour(2), 3, colour(3), 4, colour(4), colour(0)];
}

const kinds = (...names: string[]): ExpressionSpecification => ["in", ["get", "kind"], ["literal", names]];
const ofKind = (...names: string[]): ExpressionSpecification => kinds(...names);
const AREA: ExpressionSpecification = ["!", ["in", ["geometry-type"], ["literal", ["LineString", "MultiLineString"]]]];
const KNOWN: ExpressionSpecification = ["!=", ["get", "level"], 0];

/** A plant is tinted strongly, a town faintly: the eye is led to where the risk is, not to the largest polygon. */
const TINT: ExpressionSpecification = ["match", ["get", "kind"], ["province", "city", "county", "zone"], 0, "town", 0.07,
  ["park", "grid"], 0.12, "enterprise", 0.3, 0.4];
/** Areas of government have a border; zones, which lie across the tree, a dotted one; the rest an edge in its level's colour. */
const DIVISIONS = ofKind("province", "city", "county", "town", "grid");
const ZONE = ofKind("zone");
const PLACES: ExpressionSpecification = ["all", AREA, ["!", DIVISIONS], ["!", ZONE]];

function areas(palette: Palette, dark: boolean): LayerSpecification[] {
  const unknown: ExpressionSpecification = ["all", ["==", ["get", "level"], 0], PLACES];
  const segment = ofKind("segment");
  return [
    { id: "area-tint", type: "fill", source: "areas", filter: ["all", AREA, KNOWN],
      paint: { "fill-color": levelColour(), "fill-opacity": TINT } },
    { id: "area-hatch", type: "fill", source: "areas", filter: unknown,
      paint: { "fill-pattern": dark ? "hatch:dark" : "hatch:light", "fill-opacity": 0.6 } },
    { id: "area-border", type: "line", source: "areas", filter: DIVISIONS,
      paint: { "line-color": palette.border, "line-width": ["match", ["get", "kind"], "grid", 0.6, "town", 1, 2], "line-dasharray": [3, 2] } },
    { id: "area-zone", type: "line", source: "areas", filter: ZONE,
      paint: { "line-color": levelColour(), "line-width": 2, "line-dasharray": [1, 2] } },
    { id: "area-edge", type: "line", source: "areas", filter: ["all", PLACES, ["!", segment]],
      paint: { "line-color": levelColour(), "line-width": byZoom([[9, 1], [13, 2], [16, 3]]) } },
    { id: "area-segment-casing", type: "line", source: "areas", filter: segment, layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": palette.halo, "line-width": byZoom([[9, 3], [13, 6], [16, 10]]) } },
    { id: "area-segment", type: "line", source: "areas", filter: segment,
      layout: { "line-join": "round", "line-sort-key": ["get", "severity"] },
      paint: { "line-color": levelColour(), "line-width": byZoom([[9, 1.6], [13, 3.4], [16, 6]]) } },
    { id: "area-segment-unknown", type: "line", source: "areas", filter: ["all", segment, ["==", ["get", "level"], 0]],
      paint: { "line-color": palette.halo, "line-width": byZoom([[9, 0.8], [13, 1.8], [16, 3]]), "line-dasharray": [2, 2] } },
    { id: "area-chosen", type: "line", source: "areas", filter: ["==", ["get", "id"], -1],
      paint: { "line-color": palette.ink, "line-width": 3.5 } },
  ];
}

/** Parks by name from where there is room; plants carry theirs beside their mark. */
function areaWords(palette: Palette): LayerSpecification[] {
  const words = (id: string, names: string[], from: number, size: number): LayerSpecification => ({
    id, type: "symbol", source: "areas", minzoom: from, filter: ofKind(...names),
    layout: { "text-field": ["get", "name"], "text-font": FACE, "text-size": size * scale(), "symbol-placement": "point" },
    paint: { "text-color": palette.text, "text-halo-color": palette.halo, "text-halo-width": 1.8 } });
  return [words("area-word-park", ["park", "zone"], 11, 12.5), words("area-word-grid", ["grid"], 12.5, 11)];
}

/** More of anything is darker ink: density has no colour of its own, because colour means level. */
function heat(dark: boolean): LayerSpecification {
  const tone = dark ? "230,235,241" : "26,32,41";
  return { id: "heat", type: "heatmap", source: "heat", paint: {
    "heatmap-weight": ["interpolate", ["linear"], ["get", "n"], 0, 0, 1, 0.25, 12, 1],
    "heatmap-radius": 26 * scale(), "heatmap-intensity": 1, "heatmap-opacity": 0.85,
    "heatmap-color": ["interpolate", ["linear"], ["heatmap-density"], 0, `rgba(${tone},0)`, 0.15, `rgba(${tone},.10)`,
      0.4, `rgba(${tone},.28)`, 0.7, `rgba(${tone},.48)`, 1, `rgba(${tone},.68)`] } };
}

function marks(palette: Palette): LayerSpecification[] {
  const clustered: ExpressionSpecification = ["has", "cluster"];
  const size = scale();
  return [
    { id: "mark-single", type: "symbol", source: "marks", filter: ["!", clustered],
      layout: { "icon-image": ["get", "icon"], "icon-size": size, "icon-allow-overlap": true, "symbol-sort-key": ["get", "order"],
        "text-field": ["get", "name"], "text-font": FACE, "text-size": 12.5 * size, "text-max-width": 9,
        "text-variable-anchor": ["top", "bottom", "left", "right"], "text-radial-offset": 1.5, "text-optional": true },
      paint: { "text-color": palette.text, "text-halo-color": palette.halo, "text-halo-width": 1.8 } },
    { id: "mark-cluster", type: "symbol", source: "marks", filter: clustered,
      layout: { "icon-image": ["get", "icon"], "icon-size": size, "icon-allow-overlap": true, "icon-offset": [0, 7],
        "symbol-sort-key": ["get", "order"] } },
    { id: "mark-moving", type: "symbol", source: "moving",
      layout: { "icon-image": ["get", "icon"], "icon-size": size, "icon-allow-overlap": true, "symbol-sort-key": ["get", "order"],
        "text-field": ["step", ["zoom"], "", 13.5, ["get", "name"]], "text-font": FACE, "text-size": 11.5 * size, "text-max-width": 9,
        "text-anchor": "top", "text-offset": [0, 1.2], "text-optional": true },
      paint: { "text-color": palette.text, "text-halo-color": palette.halo, "text-halo-width": 1.8 } },
    { id: "over-tag", type: "symbol", source: "over", filter: ["==", ["get", "over"], "tag"],
      layout: { "icon-image": ["get", "icon"], "icon-size": size, "icon-allow-overlap": true, "icon-offset": [-26, 22] } },
    { id: "over-major", type: "symbol", source: "over", filter: ["==", ["get", "over"], "major"],
      layout: { "icon-image": ["get", "icon"], "icon-size": size, "icon-allow-overlap": true, "icon-offset": [26, 20],
        "symbol-sort-key": ["get", "order"] } },
    { id: "over-alarm", type: "symbol", source: "over", filter: ["==", ["get", "over"], "alarm"],
      layout: { "icon-image": ["get", "icon"], "icon-size": size, "icon-allow-overlap": true, "icon-offset": [26, -18],
        "symbol-sort-key": ["get", "order"] } },
  ];
}

function drawn(palette: Palette): LayerSpecification[] {
  return [
    { id: "asked-fill", type: "fill", source: "asked", filter: AREA, paint: { "fill-color": palette.ink, "fill-opacity": 0.06 } },
    { id: "asked-line", type: "line", source: "asked", filter: AREA,
      paint: { "line-color": palette.ink, "line-width": 1.6, "line-dasharray": [3, 2] } },
    { id: "asked-spot", type: "circle", source: "asked", filter: ["has", "center"],
      paint: { "circle-radius": 4, "circle-color": palette.ink, "circle-stroke-width": 2, "circle-stroke-color": palette.halo } },
    { id: "rings", type: "circle", source: "rings",
      paint: { "circle-radius": 19 * scale(), "circle-opacity": 0, "circle-stroke-width": 2, "circle-stroke-color": palette.ink } },
    { id: "sketch-fill", type: "fill", source: "sketch", filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": palette.ink, "fill-opacity": 0.1 } },
    { id: "sketch-line", type: "line", source: "sketch", paint: { "line-color": palette.ink, "line-width": 2 } },
    { id: "sketch-spot", type: "circle", source: "sketch", filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-radius": 5, "circle-color": palette.halo, "circle-stroke-width": 2, "circle-stroke-color": palette.ink } },
    { id: "sketch-word", type: "symbol", source: "sketch", filter: ["has", "words"],
      layout: { "text-field": ["get", "words"], "text-font": FACE, "text-size": 13 * scale(), "text-anchor": "bottom-left",
        "text-offset": [0.6, -0.4], "text-allow-overlap": true },
      paint: { "text-color": palette.ink, "text-halo-color": palette.halo, "text-halo-width": 2 } },
  ];
}

export const SOURCES = ["areas", "heat", "marks", "moving", "over", "asked", "rings", "sketch"] as const;
export type SourceName = (typeof SOURCES)[number];
export type Drawn = Record<SourceName, GeoJSON.FeatureCollection>;
export const nothingDrawn = (): Drawn =>
  Object.fromEntries(SOURCES.map((name) => [name, NOTHING])) as Drawn;

export interface Terrain { url: string; bounds: [number, number, number, number] }
/** `around`: what lies where the base layer has nothing. */
export interface Base { url: string; around: "water" | "land" | "outside"; terrain: Terrain | null }

function relief(terrain: Terrain | null): StyleSpecification["sources"] {
  if (!terrain) return {};
  const [west, south, east, north] = terrain.bounds;
  return { relief: { type: "image", url: terrain.url, coordinates: [[west, north], [east, north], [east, south], [west, south]] } };
}

const LAYERS = new Map<SourceName, string[]>();

/** The layers that draw a source. */
export const layersOf = (name: SourceName): string[] => LAYERS.get(name) ?? [];

/** Layers of what there is nothing of are off; the map switches them on with the first that comes. */
function withoutEmpty(layers: LayerSpecification[], data: Drawn): LayerSpecification[] {
  for (const name of SOURCES) LAYERS.set(name, layers.filter((layer) => "source" in layer && layer.source === name).map(({ id }) => id));
  const off = new Set<string>(SOURCES.filter((name) => !data[name].features.length));
  return layers.map((layer) => "source" in layer && off.has(layer.source)
    ? { ...layer, layout: { ...layer.layout, visibility: "none" } } as LayerSpecification : layer);
}

export function mapStyle(dark: boolean, base: Base, data: Drawn): StyleSpecification {
  const palette = dark ? DARK : LIGHT;
  return {
    version: 8,
    sources: {
      base: { type: "geojson", data: base.url || NOTHING, tolerance: 0.5, maxzoom: 14 },
      ...relief(base.terrain),
      ...Object.fromEntries(SOURCES.map((name) => [name, { type: "geojson" as const, data: data[name], tolerance: 0.2 }])),
    },
    layers: withoutEmpty([
      { id: "background", type: "background", paint: { "background-color": palette[base.around] } },
      ...ground(palette, dark, base.terrain !== null), ...areas(palette, dark), heat(dark), ...groundWords(palette), ...areaWords(palette),
      ...drawn(palette), ...marks(palette),
    ], data),
  };
}

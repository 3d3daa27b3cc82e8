// The built-in base map: no tile server, no glyph server. Land, water, roads and towns in quiet tones, so that the
// colours of risk are the loudest thing on it.

import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";
import { colour } from "../lib/levels";

interface Palette {
  outside: string;
  land: string;
  green: string;
  water: string;
  town: string;
  yard: string;
  road: string;
  casing: string;
  rail: string;
  border: string;
  text: string;
  halo: string;
  waterText: string;
}

const LIGHT: Palette = {
  outside: "#E6E8EA", land: "#F6F4EF", green: "#E7EDDF", water: "#C6DAE8", town: "#EBE6DC", yard: "#E2DED5",
  road: "#FFFFFF", casing: "#CFCBC2", rail: "#B9B5AD", border: "#8A8F96", text: "#3B4149", halo: "#FBFAF7",
  waterText: "#4B7591",
};

const DARK: Palette = {
  outside: "#101316", land: "#1A1E23", green: "#1C2620", water: "#14303F", town: "#23282E", yard: "#2A3037",
  road: "#3C434B", casing: "#15181C", rail: "#4A515A", border: "#717983", text: "#D3D8DE", halo: "#14171B",
  waterText: "#7FA9C4",
};

/** The map's marks and words grow with the page's, so that a wall reads like a desk. */
const scale = (): number => parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1;

const FACE = ["Noto Sans CJK SC"];
export const FONT_FAMILY = '"Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif';
const NOTHING: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };

type Zoomed = [number, number][];
const byZoom = (stops: Zoomed): ExpressionSpecification =>
  ["interpolate", ["exponential", 1.6], ["zoom"], ...stops.flat()] as ExpressionSpecification;
const ofClass = (...names: string[]): ExpressionSpecification => ["in", ["get", "class"], ["literal", names]];

function ground(id: string, fill: string): LayerSpecification {
  return { id: `base-${id}`, type: "fill", source: "base", filter: ofClass(id), paint: { "fill-color": fill } };
}

function line(id: string, names: string[], stroke: string, width: Zoomed): LayerSpecification {
  return {
    id: `base-${id}`, type: "line", source: "base", filter: ofClass(...names),
    layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-color": stroke, "line-width": byZoom(width) },
  };
}

function roads(palette: Palette): LayerSpecification[] {
  return [
    line("river", ["river"], palette.water, [[8, 1], [12, 4], [16, 26]]),
    line("minor-casing", ["road_minor"], palette.casing, [[10, 0.6], [13, 2.6], [16, 11]]),
    line("major-casing", ["road_major"], palette.casing, [[8, 1.4], [12, 4.6], [16, 18]]),
    line("minor", ["road_minor"], palette.road, [[10, 0.3], [13, 1.6], [16, 9]]),
    line("major", ["road_major"], palette.road, [[8, 0.8], [12, 3.2], [16, 15]]),
    line("rail", ["rail"], palette.rail, [[8, 0.7], [12, 1.4], [16, 3]]),
  ];
}

/** Parks by name from where there is room; plants carry theirs beside their mark. */
function areaLabels(palette: Palette): LayerSpecification[] {
  return [
    { id: "area-label", type: "symbol", source: "areas", minzoom: 11.5, filter: ["==", ["get", "kind"], "park"],
      layout: { "text-field": ["get", "name"], "text-font": FACE, "text-size": 12.5 * scale(), "symbol-placement": "point" },
      paint: { "text-color": palette.text, "text-halo-color": palette.halo, "text-halo-width": 1.8 } },
  ];
}

function baseLabels(palette: Palette): LayerSpecification[] {
  const label = (id: string, names: string[], size: number, ink: string, minzoom: number): LayerSpecification => ({
    id: `base-${id}`, type: "symbol", source: "base", minzoom, filter: ["all", ofClass(...names), ["has", "name"]],
    layout: { "text-field": ["get", "name"], "text-font": FACE, "text-size": size * scale(), "text-max-width": 8, "text-padding": 4,
      "text-variable-anchor": ["center", "top", "bottom", "left", "right"], "text-radial-offset": 2 },
    paint: { "text-color": ink, "text-halo-color": palette.halo, "text-halo-width": 1.6 },
  });
  return [
    label("label-water", ["label_water"], 12, palette.waterText, 9),
    label("label-village", ["label_village"], 11.5, palette.text, 12),
    label("label-town", ["label_town"], 13.5, palette.text, 8.5),
  ];
}

function levelColour(): ExpressionSpecification {
  return ["match", ["get", "level"], 1, colour(1), 2, colour(2), 3, colour(3), 4, colour(4), colour(0)];
}

/** A plant is tinted strongly, a town faintly: the eye is led to where the risk is, not to the largest polygon. */
const TINT: ExpressionSpecification = ["match", ["get", "kind"], ["province", "city", "county", "zone"], 0, "town", 0.07,
  ["park", "grid"], 0.12, "enterprise", 0.3, 0.4];
const KNOWN: ExpressionSpecification = ["!=", ["get", "level"], 0];
/** Areas of government have a border; zones, which lie across the tree, a dotted one; the rest an edge in its level's colour. */
const DIVISIONS: ExpressionSpecification = ["in", ["get", "kind"], ["literal", ["province", "city", "county", "town", "grid"]]];
const ZONE: ExpressionSpecification = ["==", ["get", "kind"], "zone"];
const PLACES: ExpressionSpecification = ["all", ["!", DIVISIONS], ["!", ZONE]];

function areas(palette: Palette, dark: boolean): LayerSpecification[] {
  const unknown: ExpressionSpecification = ["all", ["==", ["get", "level"], 0], PLACES];
  return [
    { id: "area-tint", type: "fill", source: "areas", filter: KNOWN,
      paint: { "fill-color": levelColour(), "fill-opacity": TINT } },
    { id: "area-hatch", type: "fill", source: "areas", filter: unknown,
      paint: { "fill-pattern": dark ? "hatch-dark" : "hatch-light", "fill-opacity": 0.6 } },
    { id: "area-border", type: "line", source: "areas", filter: DIVISIONS,
      paint: { "line-color": palette.border, "line-width": ["match", ["get", "kind"], "town", 1, 2], "line-dasharray": [3, 2] } },
    { id: "area-zone", type: "line", source: "areas", filter: ZONE,
      paint: { "line-color": levelColour(), "line-width": 2, "line-dasharray": [1, 2] } },
    { id: "area-edge", type: "line", source: "areas", filter: PLACES,
      paint: { "line-color": levelColour(), "line-width": byZoom([[9, 1], [13, 2], [16, 3]]) } },
    { id: "area-chosen", type: "line", source: "areas", filter: ["==", ["get", "id"], -1],
      paint: { "line-color": palette.text, "line-width": 3 } },
  ];
}

const COUNTS: ExpressionSpecification = ["concat", "c:", ["get", "n0"], "-", ["get", "n1"], "-", ["get", "n2"], "-",
  ["get", "n3"], "-", ["get", "n4"]];
const CLUSTERED: ExpressionSpecification = ["has", "point_count"];

function symbols(source: string, palette: Palette, zoom: [number, number]): LayerSpecification[] {
  const range = { minzoom: zoom[0], maxzoom: zoom[1] };
  return [
    { id: `${source}-cluster`, type: "symbol", source, ...range, filter: CLUSTERED,
      layout: { "icon-image": COUNTS, "icon-size": scale(), "icon-allow-overlap": true } },
    { id: `${source}-single`, type: "symbol", source, ...range, filter: ["!", CLUSTERED],
      layout: {
        "icon-image": ["concat", "m:", ["get", "level"], ":", ["get", "square"]],
        "icon-size": scale(), "icon-allow-overlap": true, "symbol-sort-key": ["get", "severity"],
        "text-field": ["get", "name"], "text-font": FACE, "text-size": 12.5 * scale(), "text-max-width": 9,
        "text-variable-anchor": ["top", "bottom", "left", "right"], "text-radial-offset": 1.5, "text-optional": true,
      },
      paint: { "text-color": palette.text, "text-halo-color": palette.halo, "text-halo-width": 1.8 } },
  ];
}

export interface MapData {
  base: GeoJSON.FeatureCollection;
  areas: GeoJSON.FeatureCollection;
  plants: GeoJSON.FeatureCollection;
  points: GeoJSON.FeatureCollection;
}

export const emptyData = (): MapData => ({ base: NOTHING, areas: NOTHING, plants: NOTHING, points: NOTHING });

const COUNT_LEVELS = Object.fromEntries(
  [0, 1, 2, 3, 4].map((level) => [`n${level}`, ["+", ["case", ["==", ["get", "level"], level], 1, 0]]]),
);
const clustered = (data: GeoJSON.FeatureCollection): StyleSpecification["sources"][string] => ({
  type: "geojson", data, cluster: true, clusterRadius: 46, clusterMaxZoom: 16, clusterProperties: COUNT_LEVELS,
});

/** From this zoom on the points inside plants take over from the plants themselves. */
export const POINT_ZOOM = 13.2;

const ofLand = (base: GeoJSON.FeatureCollection): boolean => base.features.some((one) => one.properties?.["class"] === "land");

/** Around the land lies the sea; without a base layer there is only ground. */
export const surroundings = (dark: boolean, base: GeoJSON.FeatureCollection): string => {
  const palette = dark ? DARK : LIGHT;
  return ofLand(base) ? palette.water : palette.outside;
};

export function mapStyle(dark: boolean, data: MapData): StyleSpecification {
  const palette = dark ? DARK : LIGHT;
  return {
    version: 8,
    sources: {
      base: { type: "geojson", data: data.base },
      areas: { type: "geojson", data: data.areas },
      plants: clustered(data.plants),
      points: clustered(data.points),
    },
    layers: [
      { id: "background", type: "background", paint: { "background-color": surroundings(dark, data.base) } },
      ground("land", palette.land), ground("green", palette.green), ground("water", palette.water),
      ground("town", palette.town), ground("yard", palette.yard),
      ...roads(palette), ...areas(palette, dark), ...baseLabels(palette), ...areaLabels(palette),
      ...symbols("plants", palette, [0, POINT_ZOOM]), ...symbols("points", palette, [POINT_ZOOM, 24]),
    ],
  };
}

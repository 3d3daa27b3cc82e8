// The ground: what the base layer has, by the class of each feature. No tile server, no glyph server.

import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";
import type { Palette } from "./palette";

type Zoomed = [number, number][];

export const byZoom = (stops: Zoomed): ExpressionSpecification =>
  ["interpolate", ["exponential", 1.6], ["zoom"], ...stops.flat()] as ExpressionSpecification;

const ofClass = (...names: string[]): ExpressionSpecification => ["in", ["get", "class"], ["literal", names]];

/** Drawn as lines here; the same classes as areas are filled. */
const LINE: ExpressionSpecification = ["in", ["geometry-type"], ["literal", ["LineString", "MultiLineString"]]];
const AREA: ExpressionSpecification = ["in", ["geometry-type"], ["literal", ["Polygon", "MultiPolygon"]]];

function fill(id: string, names: string[], colour: string, opacity = 1): LayerSpecification {
  return { id: `base-${id}`, type: "fill", source: "base", filter: ["all", AREA, ofClass(...names)],
    paint: { "fill-color": colour, "fill-opacity": opacity } };
}

function line(id: string, names: string[], colour: string, width: Zoomed, more: { dash?: number[]; from?: number } = {}): LayerSpecification {
  return {
    id: `base-${id}`, type: "line", source: "base", filter: ["all", LINE, ofClass(...names)],
    ...(more.from === undefined ? {} : { minzoom: more.from }),
    layout: { "line-cap": more.dash ? "butt" : "round", "line-join": "round" },
    paint: { "line-color": colour, "line-width": byZoom(width), ...(more.dash ? { "line-dasharray": more.dash } : {}) },
  };
}

const MAJOR = ["road_motorway", "road_primary", "road_major"];
const MIDDLE = ["road_secondary", "road_minor"];
const SMALL = ["road_village", "road_track", "road_street"];

function roads(palette: Palette): LayerSpecification[] {
  return [
    line("village", SMALL, palette.minor, [[10, 0.4], [13, 1.4], [16, 7]], { from: 10.5 }),
    line("middle-casing", MIDDLE, palette.casing, [[9, 0.6], [13, 3], [16, 12]], { from: 9 }),
    line("major-casing", MAJOR, palette.casing, [[8, 1.4], [12, 4.6], [16, 18]]),
    line("middle", MIDDLE, palette.road, [[9, 0.3], [13, 2], [16, 10]], { from: 9 }),
    line("major", MAJOR, palette.road, [[8, 0.8], [12, 3.2], [16, 15]]),
    line("rail", ["rail"], palette.rail, [[8, 1], [12, 2], [16, 4]]),
    line("rail-ties", ["rail"], palette.land, [[8, 0.4], [12, 1.1], [16, 2.6]], { dash: [4, 4], from: 10 }),
    line("power", ["power_line"], palette.power, [[10, 0.7], [16, 1.6]], { dash: [6, 2], from: 9.5 }),
  ];
}

const shade = (dark: boolean): LayerSpecification =>
  ({ id: "base-relief", type: "raster", source: "relief", paint: { "raster-opacity": dark ? 0.28 : 0.34, "raster-fade-duration": 0 } });

export function ground(palette: Palette, dark: boolean, relief = false): LayerSpecification[] {
  return [
    fill("land", ["land"], palette.land),
    fill("sea", ["sea"], palette.water),
    fill("flat", ["flat"], palette.flat),
    fill("farmland", ["farmland"], palette.farmland),
    fill("forest", ["forest", "green", "hills"], palette.forest),
    fill("reed", ["reed"], palette.reed),
    { id: "base-reed-blades", type: "fill", source: "base", filter: ["all", AREA, ofClass("reed")], minzoom: 10,
      paint: { "fill-pattern": dark ? "reed:dark" : "reed:light" } },
    ...(relief ? [shade(dark)] : []),
    fill("water", ["water", "lake", "reservoir", "pond", "river"], palette.water),
    { id: "base-shore", type: "line", source: "base", filter: ["all", AREA, ofClass("sea", "lake", "reservoir", "river", "water")],
      paint: { "line-color": palette.shore, "line-width": 0.8 } },
    fill("town", ["town", "built", "village"], palette.town),
    fill("yard", ["yard", "port", "industrial"], palette.yard),
    line("stream", ["stream"], palette.water, [[9, 0.6], [13, 2], [16, 8]], { from: 9 }),
    line("river-line", ["river", "canal"], palette.water, [[8, 1], [12, 4], [16, 26]]),
    ...roads(palette),
    line("boundary", ["boundary"], palette.border, [[8, 1], [14, 2]], { dash: [4, 2, 1, 2] }),
  ];
}

/** The map's words grow with the page's, so that a wall reads like a desk. */
export const scale = (): number => parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1;
export const FACE = ["Noto Sans CJK SC"];

interface Words { id: string; classes: string[]; size: number; ink: string; from: number; along?: boolean }

function label({ id, classes, size, ink, from, along = false }: Words, palette: Palette): LayerSpecification {
  return {
    id: `base-${id}`, type: "symbol", source: "base", minzoom: from, filter: ["all", ofClass(...classes), ["has", "name"]],
    layout: { "text-field": ["get", "name"], "text-font": FACE, "text-size": size * scale(), "text-max-width": 8, "text-padding": 4,
      "symbol-placement": along ? "line" : "point",
      ...(along ? { "symbol-spacing": 420 } : {
        "text-variable-anchor": ["center", "top", "bottom", "left", "right"], "text-radial-offset": 1.2 }) },
    paint: { "text-color": ink, "text-halo-color": palette.halo, "text-halo-width": 1.6 },
  };
}

export function groundWords(palette: Palette): LayerSpecification[] {
  const all: Words[] = [
    { id: "word-sea", classes: ["label_water", "sea"], size: 13, ink: palette.waterText, from: 7 },
    { id: "word-water", classes: ["lake", "reservoir", "reed", "label_reed"], size: 11.5, ink: palette.waterText, from: 10 },
    { id: "word-river", classes: ["river", "canal"], size: 11.5, ink: palette.waterText, from: 10, along: true },
    { id: "word-road", classes: MAJOR, size: 11, ink: palette.softText, from: 11, along: true },
    { id: "word-street", classes: MIDDLE, size: 10.5, ink: palette.softText, from: 13, along: true },
    { id: "word-rail", classes: ["rail", "power_line"], size: 10.5, ink: palette.softText, from: 11.5, along: true },
    { id: "word-hill", classes: ["label_hill", "forest", "hills", "peak"], size: 11, ink: palette.softText, from: 10.5 },
    { id: "word-village", classes: ["label_village", "village"], size: 11.5, ink: palette.text, from: 12 },
    { id: "word-town", classes: ["label_town"], size: 13.5, ink: palette.text, from: 8.5 },
  ];
  return all.map((words) => label(words, palette));
}

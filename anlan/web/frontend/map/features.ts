// From the picture to what the map draws.

import { severity } from "../lib/levels";
import { type Picture, type Place, POINT_KINDS } from "./picture";

const collection = (features: GeoJSON.Feature[]): GeoJSON.FeatureCollection => ({ type: "FeatureCollection", features });

function properties(picture: Picture, place: Place): GeoJSON.GeoJsonProperties {
  const level = picture.level(place.id);
  return { id: place.id, name: place.name, kind: place.kind, level, severity: severity(level),
    square: place.kind === "enterprise" ? 1 : 0 };
}

export function areaFeatures(picture: Picture): GeoJSON.FeatureCollection {
  return collection([...picture.areas].flatMap(([id, geometry]) => {
    const place = picture.places.get(id);
    return place ? [{ type: "Feature", id, geometry, properties: properties(picture, place) } as GeoJSON.Feature] : [];
  }));
}

/** Marked on the far view: every plant, and public objects that belong to none. */
function isPlant(picture: Picture, place: Place): boolean {
  if (place.kind === "enterprise") return true;
  return POINT_KINDS.has(place.kind) && !picture.path(place.id).some((above) => above.kind === "enterprise");
}

/** Marked on the near view: the points themselves, else the unit that has none below it. */
const isPoint = (place: Place): boolean =>
  POINT_KINDS.has(place.kind) || (place.children.length === 0 && ["unit", "area", "enterprise"].includes(place.kind));

function marks(picture: Picture, wanted: (place: Place) => boolean): GeoJSON.FeatureCollection {
  const features: GeoJSON.Feature[] = [];
  for (const place of picture.places.values()) {
    if (place.x === null || place.y === null || !wanted(place)) continue;
    const geometry: GeoJSON.Point = { type: "Point", coordinates: [place.x, place.y] };
    features.push({ type: "Feature", id: place.id, geometry, properties: properties(picture, place) });
  }
  return collection(features);
}

export const plantFeatures = (picture: Picture): GeoJSON.FeatureCollection =>
  marks(picture, (place) => isPlant(picture, place));
export const pointFeatures = (picture: Picture): GeoJSON.FeatureCollection => marks(picture, isPoint);

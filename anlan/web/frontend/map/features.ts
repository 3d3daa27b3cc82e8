// From what the server answered to what the map draws.

import { _ } from "kit/i18n";
import { severity, worst, WORST_FIRST } from "../lib/levels";
import { type Columns, type Feed, type Mark, rows, type Sight } from "./feed";
import { circle } from "./geodesy";

export const collection = (features: GeoJSON.Feature[]): GeoJSON.FeatureCollection => ({ type: "FeatureCollection", features });
export const NOTHING = collection([]);

const point = (x: number, y: number, properties: GeoJSON.GeoJsonProperties): GeoJSON.Feature =>
  ({ type: "Feature", geometry: { type: "Point", coordinates: [x, y] }, properties });

/** The picture of a mark: its shape says the kind, its colour and character the level. */
const icon = (mark: Mark, signs: string[]): string => {
  if (mark.kind === "public_object") return `o:${mark.level}:${signs[mark.sort] ?? ""}`;
  if (mark.kind === "mobile") return `v:${mark.level}`;
  return `m:${mark.level}:${mark.kind === "enterprise" ? 1 : 0}`;
};

export function markFeatures(sight: Sight, signs: string[]): GeoJSON.FeatureCollection {
  const single = [...rows(sight.marks)].map((mark) =>
    point(mark.x, mark.y, { id: mark.id, name: mark.name, kind: mark.kind, level: mark.level, icon: icon(mark, signs),
      order: severity(mark.level) }));
  const clusters = sight.clusters.counts.map((counts, row) => {
    const level = worst(WORST_FIRST.filter((one) => (counts[one] ?? 0) > 0));
    return point(sight.clusters.x[row] ?? 0, sight.clusters.y[row] ?? 0,
      { cluster: true, counts: counts.join("-"), icon: `c:${counts.join("-")}`, level, order: 10 + severity(level) });
  });
  return collection([...single, ...clusters]);
}

export const movingFeature = (mark: Mark): GeoJSON.Feature =>
  ({ ...point(mark.x, mark.y, { id: mark.id, name: mark.name, kind: mark.kind, level: mark.level, icon: `v:${mark.level}`,
    order: severity(mark.level) }), id: mark.id });

export function overFeatures(columns: Columns | undefined, kind: "alarm" | "tag" | "major"): GeoJSON.Feature[] {
  if (!columns) return [];
  return [...rows(columns)].map((mark) => {
    const level = columns.level[columns.id.indexOf(mark.id)] ?? -1;
    return point(mark.x, mark.y, { id: mark.id, name: kind === "major" ? majorWords(mark, level) : mark.name, over: kind, count: mark.count, icon: `${kind}:${level}:${mark.count}`,
      order: level });
  });
}

/** The ranks of a major hazard installation, from the mildest; 0: its grade is not known. */
const grades = (): string[] => ["", _("四级"), _("三级"), _("二级"), _("一级")];
function majorWords(mark: Mark, rank: number): string {
  const what = rank > 0 ? _("{grade}重大危险源", { grade: grades()[rank] ?? "" }) : _("重大危险源，等级未定");
  const times = mark.count > 1 ? ` × ${mark.count}` : "";
  return `${mark.name} · ${what}${times}`;
}

export function areaFeatures(sight: Sight, feed: Feed): GeoJSON.FeatureCollection {
  const { outlines } = sight;
  return collection(outlines.id.flatMap((id, row) => {
    const geometry = feed.shapes.get(id);
    const [level, kind, name] = [outlines.level[row] ?? 0, outlines.kind[row] ?? "", outlines.name[row] ?? ""];
    return geometry && geometry.type !== "Point"
      ? [{ type: "Feature", id, geometry, properties: { id, level, kind, name, severity: severity(level) } } as GeoJSON.Feature] : [];
  }));
}

export function heatFeatures(sight: Sight): GeoJSON.FeatureCollection {
  return collection((sight.heat?.n ?? []).map((n, row) => point(sight.heat?.x[row] ?? 0, sight.heat?.y[row] ?? 0, { n })));
}

/** The ground that was asked for: circles around what distances are measured from, or the ring. */
export function groundFeatures(sight: Sight, near: string, metres: number, ring: string): GeoJSON.FeatureCollection {
  const spots: [number, number][] = [...rows(sight.anchors)].map(({ x, y }) => [x, y]);
  const [lon, lat] = near.split(",").map(Number);
  if (lon !== undefined && lat !== undefined && Number.isFinite(lon) && Number.isFinite(lat)) spots.push([lon, lat]);
  const shapes: GeoJSON.Geometry[] = spots.map((spot) => ({ type: "Polygon", coordinates: [circle(spot, metres)] }));
  const corners = pairs(ring);
  if (corners.length > 2) shapes.push({ type: "Polygon", coordinates: [[...corners, corners[0] as [number, number]]] });
  return collection([
    ...shapes.map((geometry): GeoJSON.Feature => ({ type: "Feature", geometry, properties: {} })),
    ...spots.map(([x, y]) => point(x, y, { center: true })),
  ]);
}

export function pairs(text: string): [number, number][] {
  const values = text ? text.split(",").map(Number) : [];
  const found: [number, number][] = [];
  for (let at = 0; at + 1 < values.length; at += 2) found.push([values[at] ?? 0, values[at + 1] ?? 0]);
  return found.every(([x, y]) => Number.isFinite(x) && Number.isFinite(y)) ? found : [];
}

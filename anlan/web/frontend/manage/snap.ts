// Snapping to the border of what a place lies in, and of its neighbours.

import type { Spot } from "../map/geodesy";

type Edge = [Spot, Spot];

/** Every edge of a geometry. */
export function edges(geometry: GeoJSON.Geometry | null): Edge[] {
  const found: Edge[] = [];
  const visit = (value: unknown): void => {
    if (!Array.isArray(value)) return;
    if (Array.isArray(value[0]) && typeof value[0][0] === "number") {
      const line = value as Spot[];
      line.slice(1).forEach((spot, row) => found.push([line[row] as Spot, spot]));
    } else value.forEach(visit);
  };
  if (geometry && "coordinates" in geometry) visit(geometry.coordinates);
  return found;
}

interface Point { x: number; y: number }
type Project = (spot: Spot) => Point;

/** The nearest corner, else the nearest spot of an edge, within `reach` pixels; null where there is none. */
export function nearest(at: Point, all: readonly Edge[], project: Project, unproject: (point: Point) => Spot, reach: number): Spot | null {
  let best: Spot | null = null;
  let distance = reach;
  for (const [a, b] of all) {
    const [p, q] = [project(a), project(b)];
    for (const [corner, spot] of [[p, a], [q, b]] as const) {
      const far = Math.hypot(corner.x - at.x, corner.y - at.y) * 0.7; // corners draw more strongly
      if (far < distance) [best, distance] = [spot, far];
    }
    const foot = onEdge(at, p, q);
    const far = Math.hypot(foot.x - at.x, foot.y - at.y);
    if (far < distance) [best, distance] = [unproject(foot), far];
  }
  return best;
}

function onEdge(at: Point, p: Point, q: Point): Point {
  const [dx, dy] = [q.x - p.x, q.y - p.y];
  const square = dx * dx + dy * dy || 1;
  const share = Math.max(0, Math.min(1, ((at.x - p.x) * dx + (at.y - p.y) * dy) / square));
  return { x: p.x + share * dx, y: p.y + share * dy };
}

// Where the map looks at first, known before the map itself is there, so that what it shows can be asked for at once.

import { where } from "./address";
import type { Box, Frame } from "./feed";
import { scale } from "./ground";

export interface Camera { center: [number, number]; zoom: number }

/** Width of the world at zoom 0 [px]. */
const WORLD = 512;
const NEAREST = 15.5;
const FARTHEST = 4;
const CELL = 96;

/** Kept free around what is shown: the slider lies over the foot of the map [px]; a phone has no such room to give. */
export const room = (map: HTMLElement): { top: number; left: number; right: number; bottom: number } =>
  map.clientWidth < 600 ? { top: 16, left: 12, right: 12, bottom: 84 } : { top: 64, left: 28, right: 52, bottom: 112 };

/** How wide a cluster is on this screen [px]. */
export const cell = (): number => Math.round(CELL * scale());

const toY = (lat: number): number => {
  const sine = Math.sin((lat * Math.PI) / 180);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
};
const toLat = (y: number): number => (Math.atan(Math.exp((0.5 - y) * 2 * Math.PI)) * 360) / Math.PI - 90;

/** The camera that the address wants, or that shows these bounds in full. */
export function camera(map: HTMLElement, bounds: Box | null): Camera | null {
  const wanted = where();
  if (wanted || !bounds) return wanted;
  const free = room(map);
  const [left, right] = [bounds[0] / 360 + 0.5, bounds[2] / 360 + 0.5];
  const [top, bottom] = [toY(bounds[3]), toY(bounds[1])];
  const across = Math.max(map.clientWidth - free.left - free.right, 1) / Math.max((right - left) * WORLD, 1e-9);
  const down = Math.max(map.clientHeight - free.top - free.bottom, 1) / Math.max((bottom - top) * WORLD, 1e-9);
  const zoom = Math.max(Math.min(Math.log2(Math.min(across, down)), NEAREST), FARTHEST);
  const world = WORLD * 2 ** zoom;
  const x = (left + right) / 2 - (free.left - free.right) / 2 / world;
  const y = (top + bottom) / 2 - (free.top - free.bottom) / 2 / world;
  return { center: [(x - 0.5) * 360, toLat(y)], zoom };
}

/** What this camera sees. */
export function seen(map: HTMLElement, { center: [lon, lat], zoom }: Camera): Pick<Frame, "box" | "zoom" | "cell"> {
  const world = WORLD * 2 ** zoom;
  const [x, y] = [lon / 360 + 0.5, toY(lat)];
  const [across, down] = [map.clientWidth / 2 / world, map.clientHeight / 2 / world];
  const box: Box = [(x - across - 0.5) * 360, toLat(y + down), (x + across - 0.5) * 360, toLat(y - down)];
  return { box, zoom, cell: cell() };
}

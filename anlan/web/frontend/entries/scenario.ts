// The form of a scenario: the source is picked on the map, the substance from the table.

import { one, pageData } from "../lib/dom";
import type { Base } from "../map/style";
import { type Spot, StudyMap } from "../study/map";

interface Config { base: Base; outline: GeoJSON.Geometry | null; box: (number | null)[] }

const config = pageData<Config>("scenario-map");
const longitude = one<HTMLInputElement>("[name=longitude]");
const latitude = one<HTMLInputElement>("[name=latitude]");
one<HTMLInputElement>("[name=substance]").setAttribute("list", "substances");

const box = config.box.every((value) => value !== null) ? (config.box as [number, number, number, number]) : null;
const typed = (): Spot | null => {
  const [x, y] = [Number(longitude.value), Number(latitude.value)];
  return longitude.value && latitude.value && Number.isFinite(x) && Number.isFinite(y) ? [x, y] : null;
};
const middle: Spot = box ? [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2] : [119, 36];

try {
  start(new StudyMap(one("#scenario-spot"), config.base, typed() ?? middle));
} catch {
  one("#scenario-spot").hidden = true; // no WebGL: the coordinates are typed
}

function start(view: StudyMap): void {
  const marker = view.marker.setDraggable(true);
  const put = ([x, y]: Spot): void => {
    longitude.value = x.toFixed(6);
    latitude.value = y.toFixed(6);
  };
  view.onclick = (at) => {
    marker.setLngLat(at);
    put(at);
    return true;
  };
  marker.on("dragend", () => put(marker.getLngLat().toArray()));
  for (const input of [longitude, latitude]) input.addEventListener("change", () => {
    const at = typed();
    if (at) marker.setLngLat(at);
  });
  if (config.outline) view.surround(config.outline);
  if (box) view.map.fitBounds(box, { padding: 32, maxZoom: 18, animate: false });
}

// Where may something happen? A click on the map asks what lies there; the form is filled in or picked from the file.

import { all, one, pageData } from "../lib/dom";
import type { Base } from "../map/style";
import { type Spot, StudyMap } from "../study/map";

interface Config { base: Base; outline: GeoJSON.Geometry | null; box: (number | null)[]; spot: Spot | null; here: string }

const config = pageData<Config>("study-config");
const spec = one<HTMLFormElement>("#study-spec");
one<HTMLInputElement>("[name=substance]", spec).setAttribute("list", "substances");
for (const way of all<HTMLButtonElement>("[data-way]", spec)) way.addEventListener("click", () => {
  one<HTMLSelectElement>("[name=kind]", spec).value = way.dataset["way"] ?? "hole";
  one<HTMLInputElement>("[name=millimetres]", spec).value = way.dataset["size"] ?? "";
});

const box = config.box.every((value) => value !== null) ? (config.box as [number, number, number, number]) : null;
const middle: Spot = config.spot ?? (box ? [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2] : [119, 36]);

try {
  start(new StudyMap(one("#study-map"), config.base, middle));
} catch {
  one("#study-map").hidden = true; // no WebGL: the coordinates are typed
}

function start(view: StudyMap): void {
  view.onclick = ([x, y]) => {
    location.assign(`${config.here}?longitude=${x.toFixed(6)}&latitude=${y.toFixed(6)}`);
    return true;
  };
  if (config.outline) view.surround(config.outline);
  if (box) view.map.fitBounds(box, { padding: 48, maxZoom: 16, animate: false });
}

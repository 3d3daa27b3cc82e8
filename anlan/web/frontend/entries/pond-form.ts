// The form of a pond: a drain shows what its kind has, the valley is drawn by clicks from the dam down.

import { all, one, pageData } from "../lib/dom";
import type { Base } from "../map/style";
import { type Spot, StudyMap } from "../study/map";

interface Config { base: Base; outline: GeoJSON.Geometry | null; box: (number | null)[] }

const config = pageData<Config>("pond-form-config");
const needs = pageData<Record<string, string[]>>("pond-form-needs");
const path = one<HTMLTextAreaElement>("[name=path]");

for (const drain of all("[data-drain]")) {
  const kind = one<HTMLSelectElement>("select[name$=kind]", drain);
  const name = one<HTMLInputElement>("input[name$=name]", drain);
  const show = (): void => {
    const wanted = name.value.trim() ? (needs[kind.value] ?? []) : [];
    for (const part of all("[data-needs]", drain)) part.hidden = !wanted.includes(part.dataset["needs"] ?? "");
  };
  kind.addEventListener("change", show);
  name.addEventListener("input", show);
  show();
}

const read = (): Spot[] => path.value.split("\n").map((line) => line.split(/[,，\s]+/).filter(Boolean).map(Number)).filter((row): row is Spot => row.length === 2 && row.every(Number.isFinite));
const box = config.box.every((value) => value !== null) ? (config.box as [number, number, number, number]) : null;
const middle: Spot = box ? [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2] : [119, 36];

function start(view: StudyMap): void {
  const show = (): void => view.mark(read());
  const write = (spots: Spot[]): void => {
    path.value = spots.map(([x, y]) => `${x.toFixed(6)}, ${y.toFixed(6)}`).join("\n");
    path.dispatchEvent(new Event("input", { bubbles: true }));
  };
  path.addEventListener("input", show);
  view.onclick = (at) => {
    write([...read(), at]);
    return true;
  };
  one("[data-undo]").addEventListener("click", () => write(read().slice(0, -1)));
  one("[data-clear]").addEventListener("click", () => write([]));
  if (box) view.map.fitBounds(box, { padding: 48, maxZoom: 16, animate: false });
  show();
}

try {
  start(new StudyMap(one("#pond-path"), config.base, read()[0] ?? middle));
} catch {
  one("#pond-path").hidden = true; // no WebGL: the coordinates are typed
}

one<HTMLFormElement>(".pond-edit").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) one<HTMLFormElement>(".pond-edit").requestSubmit();
});

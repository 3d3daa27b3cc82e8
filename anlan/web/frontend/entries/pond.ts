// One pond: how its water goes on, and the valley below it.

import { _ } from "kit/i18n";
import { one, pageData } from "../lib/dom";
import type { Base } from "../map/style";
import { type Drawing, type Spot, StudyMap } from "../study/map";
import { type Course, drawLevels, type Named } from "../tailings/charts";

interface Config { base: Base; spot: Spot | null; drawing: Drawing & { line: Spot[] }; courses: Course[]; lines: Named[]; place: string }

const config = pageData<Config>("pond-config");

function levels(): void {
  const box = document.getElementById("pond-levels");
  if (box && config.courses.length) drawLevels(box, config.courses, config.lines);
}

function valley(): void {
  const box = document.getElementById("pond-map");
  if (!box || !config.spot) return;
  try {
    const view = new StudyMap(box, config.base, config.spot);
    view.draw(config.drawing);
    view.mark(config.drawing.line);
    view.onpick = (id) => location.assign(config.place.replace("/0", `/${id}`));
    view.map.once("load", () => view.show());
  } catch {
    box.textContent = _("这台设备的浏览器不能画地图（没有 WebGL）。村庄和企业仍列在下面。");
  }
}

levels();
valley();
addEventListener("anlan:theme", levels);

for (const form of document.querySelectorAll<HTMLFormElement>(".pond-form form")) {
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
}
if (document.querySelector(".pond-problem")) one(".pond-problem").scrollIntoView({ block: "center" });

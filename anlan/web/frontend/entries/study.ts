// A scenario in a weather: every change of the weather is computed anew and drawn at once.

import { _ } from "kit/i18n";
import { all, coalesce, getJson, getPart, one, pageData } from "../lib/dom";
import type { Base } from "../map/style";
import { type Drawing, nothing, type Spot, StudyMap } from "../study/map";
import { drawProfile, type Profile } from "../study/profile";

interface Config { base: Base; spot: Spot; urls: Record<"part" | "profile" | "place", string> }

const config = pageData<Config>("study-config");
const form = one<HTMLFormElement>("#study-weather");
const result = one("#study-result");
const against = one<HTMLSelectElement>("#against");
const hint = one("[data-hint]");
const lineButton = one<HTMLButtonElement>("[data-line]");
let effect = new URLSearchParams(location.search).get("effect") ?? "";
let fixed = new URLSearchParams(location.search).get("against") ?? "";
let line: Spot[] = [];
let turn = 0;

const view = open();

function open(): StudyMap | null {
  try {
    return new StudyMap(one("#study-map"), config.base, config.spot);
  } catch {
    one("#study-map").textContent = _("这台设备的浏览器不能画地图（没有 WebGL）。范围和场所仍列在旁边。");
    return null;
  }
}

function weather(): URLSearchParams {
  return new URLSearchParams([...new FormData(form)].map(([key, value]) => [key, String(value)]));
}

function asked(): URLSearchParams {
  const query = weather();
  if (effect) query.set("effect", effect);
  if (fixed) query.set("against", fixed);
  return query;
}

function drawing(): Drawing {
  return document.getElementById("study-drawing") ? pageData<Drawing>("study-drawing") : nothing();
}

async function compute(): Promise<void> {
  const now = ++turn;
  const query = asked();
  history.replaceState(null, "", `?${query}`);
  result.setAttribute("aria-busy", "true");
  const part = await getPart(`${config.urls.part}?${query}`);
  if (now !== turn) return;
  result.removeAttribute("aria-busy");
  if (part) result.replaceChildren(part);
  show(false);
}

function show(first: boolean): void {
  const drawn = drawing();
  view?.draw(drawn);
  if (first) view?.map.once("load", () => view.show());
  void profile();
}

async function profile(): Promise<void> {
  const box = document.getElementById("study-profile");
  if (!box) return;
  const query = asked();
  if (line.length === 2) query.set("line", line.flat().map((value) => value.toFixed(6)).join(","));
  drawProfile(box, await getJson<Profile>(`${config.urls.profile}?${query}`));
}

const later = coalesce(200, () => void compute());
form.addEventListener("input", () => {
  one<HTMLOutputElement>("output", form).value = one<HTMLInputElement>("#id_from", form).value;
  later();
});
form.addEventListener("submit", (event) => event.preventDefault());

against.addEventListener("change", () => {
  const query = weather();
  if (against.value) query.set("scenario", against.value);
  fixed = against.value ? query.toString() : "";
  void compute();
});

result.addEventListener("click", (event) => {
  const chip = (event.target as Element).closest<HTMLElement>("[data-effect]");
  if (!chip) return;
  effect = chip.dataset["effect"] ?? "";
  void compute().then(() => view?.show());
});

function measuring(on: boolean): void {
  lineButton.setAttribute("aria-pressed", String(on));
  hint.hidden = !on;
  hint.textContent = line.length === 1 ? _("再点终点") : _("在图上点起点");
}

lineButton.addEventListener("click", () => {
  line = [];
  view?.mark(line);
  measuring(lineButton.getAttribute("aria-pressed") !== "true");
  if (lineButton.getAttribute("aria-pressed") !== "true") void profile();
});

if (view) {
  view.onpick = (id) => location.assign(config.urls.place.replace("/0", `/${id}`));
  view.onclick = (at) => {
    if (lineButton.getAttribute("aria-pressed") !== "true") return false;
    line = line.length === 1 ? [...line, at] : [at];
    view.mark(line);
    measuring(line.length < 2);
    if (line.length === 2) void profile();
    return true;
  };
}

for (const select of all<HTMLSelectElement>("select", form)) select.addEventListener("change", later);
show(true);

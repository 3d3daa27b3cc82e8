// A scenario in a weather: every change is computed anew and drawn at once; the weather of now moves it by itself.

import { _ } from "kit/i18n";
import { live } from "kit/live";
import { all, coalesce, getJson, getPart, one, pageData } from "../lib/dom";
import type { Base } from "../map/style";
import { type Drawing, nothing, type Spot, StudyMap } from "../study/map";
import { drawCourse, drawProfile, type Profile, type Receptor, receptorWords } from "../study/profile";

interface Config { base: Base; spot: Spot; draft: boolean; urls: Record<"part" | "profile" | "point" | "place", string> }
interface Now { fields: Record<string, string>; tags: number[]; station: number; until: number; stations: { id: number; name: string; metres: number }[] }
type Tool = "line" | "point" | "move";

const config = pageData<Config>("study-config");
const form = one<HTMLFormElement>("#study-weather");
const spec = document.querySelector<HTMLFormElement>("#study-spec");
const result = one("#study-result");
const against = document.querySelector<HTMLSelectElement>("#against");
const station = one<HTMLSelectElement>("#station");
const hint = one("[data-hint]");
const arrow = one("#study-wind");
const LIVE_MS = 4_000;
const WATCH_MS = 30_000;
let effect = new URLSearchParams(location.search).get("effect") ?? "";
let fixed = new URLSearchParams(location.search).get("against") ?? "";
let wanted = new URLSearchParams(location.search).get("station") ?? "";
let line: Spot[] = [];
let at: Spot | null = null;
let tool: Tool | null = null;
let turn = 0;
let until = 0;

const view = open();

function open(): StudyMap | null {
  try {
    return new StudyMap(one("#study-map"), config.base, config.spot);
  } catch {
    one("#study-map").textContent = _("这台设备的浏览器不能画地图（没有 WebGL）。范围和场所仍列在旁边。");
    return null;
  }
}

const fields = (from: HTMLFormElement): [string, string][] =>
  [...new FormData(from)].filter(([key, value]) => typeof value === "string" && key !== "csrfmiddlewaretoken").map(([key, value]) => [key, String(value)]);
const mode = (): string => one<HTMLInputElement>("[name=sky]:checked", form).value;

function weather(): URLSearchParams {
  return new URLSearchParams(fields(form).filter(([, value]) => value !== ""));
}

function asked(): URLSearchParams {
  const query = weather();
  if (spec) for (const [key, value] of fields(spec)) if (value !== "") query.set(key, value);
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
  wind(drawn);
  listen();
  modes();
  if (first) view?.map.once("load", () => view.show());
  void profile();
  if (at) void point();
}

function wind({ wind: told }: Drawing): void {
  arrow.hidden = !told;
  if (!told) return;
  one("path", arrow).setAttribute("transform", `rotate(${(told.from + 180) % 360})`);
  one("span", arrow).textContent = `${Number(told.speed.toPrecision(2))} m/s`;
}

/** Fields that the weather of now fills in, and the tags that it moves with. */
function listen(): void {
  const now = document.getElementById("study-now") ? pageData<Now>("study-now") : null;
  live.subscribe({ tags: now?.tags ?? [] });
  until = now?.until ?? 0;
  if (!now) return;
  for (const [key, value] of Object.entries(now.fields)) {
    const input = form.elements.namedItem(key);
    if (input instanceof HTMLInputElement || input instanceof HTMLSelectElement) input.value = key === "from" ? String(Math.round(Number(value))) : value;
  }
  one<HTMLOutputElement>("output", form).value = one<HTMLInputElement>("#id_from", form).value;
  const chosen = wanted || station.value;
  station.replaceChildren(new Option(_("最近的有新数据的"), ""), ...now.stations.map(({ id, name, metres }) =>
    new Option(`${name} · ${(metres / 1000).toFixed(1)} km`, String(id))));
  station.value = chosen;
  wanted = "";
}

function modes(): void {
  for (const part of all("[data-only]", form)) part.hidden = !(part.dataset["only"] ?? "").split(" ").includes(mode() || "hand");
}

async function profile(): Promise<void> {
  const box = document.getElementById("study-profile");
  if (!box) return;
  const query = asked();
  if (line.length > 1) query.set("line", line.flat().map((value) => value.toFixed(6)).join(","));
  drawProfile(box, await getJson<Profile>(`${config.urls.profile}?${query}`));
}

async function point(): Promise<void> {
  const part = document.getElementById("study-point");
  if (!part || !at) return;
  const query = asked();
  query.set("at", at.map((value) => value.toFixed(6)).join(","));
  const told = await getJson<Receptor>(`${config.urls.point}?${query}`);
  part.hidden = false;
  one("p", part).textContent = told.none ? _("这种后果只有范围，没有逐点的数值。") : receptorWords(told);
  const box = one(".study-profile", part);
  box.hidden = true;
  if (!told.none) drawCourse(box, told);
}

const later = coalesce(200, () => void compute());
form.addEventListener("input", (event) => {
  one<HTMLOutputElement>("output", form).value = one<HTMLInputElement>("#id_from", form).value;
  if ((event.target as HTMLInputElement).name === "sky") modes();
  later();
});
form.addEventListener("submit", (event) => event.preventDefault());
for (const select of all<HTMLSelectElement>("select", form)) if (select.id !== "against") select.addEventListener("change", later);

against?.addEventListener("change", (event) => {
  event.stopPropagation();
  const query = weather();
  query.delete("sky");
  if (against.value) query.set("scenario", against.value);
  fixed = against.value ? query.toString() : "";
  void compute();
});

if (spec) {
  spec.querySelector("[name=substance]")?.setAttribute("list", "substances");
  spec.addEventListener("input", (event) => { if ((event.target as HTMLInputElement).name !== "name") later(); });
  for (const way of all<HTMLButtonElement>("[data-way]", spec)) way.addEventListener("click", () => {
    one<HTMLSelectElement>("[name=kind]", spec).value = way.dataset["way"] ?? "hole";
    one<HTMLInputElement>("[name=millimetres]", spec).value = way.dataset["size"] ?? "";
    later();
  });
  spec.addEventListener("submit", () => { // the weather is kept beside the scenario
    for (const [key, value] of [...weather(), ["effect", effect] as [string, string]])
      spec.append(Object.assign(document.createElement("input"), { type: "hidden", name: key, value }));
  });
}

result.addEventListener("click", (event) => {
  const chip = (event.target as Element).closest<HTMLElement>("[data-effect]");
  if (!chip) return;
  effect = chip.dataset["effect"] ?? "";
  void compute().then(() => view?.show());
});

for (const link of all<HTMLAnchorElement>("[data-file]")) {
  const plain = link.getAttribute("href") ?? "";
  link.addEventListener("click", () => {
    const more = link.dataset["file"] ? `&${link.dataset["file"]}` : "";
    link.href = `${plain}?${asked()}${more}`;
  });
}

const HINTS: Record<Tool, () => string> = {
  line: () => (line.length ? _("继续点；双击或再按一次按钮结束") : _("在图上依次点出一条线")),
  point: () => _("在图上点一个地方"),
  move: () => _("在图上点新的泄漏点"),
};

function use(chosen: Tool | null): void {
  tool = chosen;
  for (const button of all<HTMLButtonElement>("[data-tool]")) button.setAttribute("aria-pressed", String(button.dataset["tool"] === chosen));
  hint.hidden = !chosen;
  hint.textContent = chosen ? HINTS[chosen]() : "";
}

for (const button of all<HTMLButtonElement>("[data-tool]")) button.addEventListener("click", () => {
  const chosen = button.dataset["tool"] as Tool;
  if (tool === chosen) return use(null);
  if (chosen === "line") {
    line = [];
    view?.mark(line);
    void profile();
  }
  use(chosen);
});

function clicked(spot: Spot): void {
  if (tool === "line") {
    line = [...line, spot];
    view?.mark(line);
    use("line");
    if (line.length > 1) void profile();
  } else if (tool === "point") {
    at = spot;
    view?.point(at);
    void point();
  } else if (tool === "move" && spec) {
    const [x, y] = spot;
    one<HTMLInputElement>("[name=longitude]", spec).value = x.toFixed(6);
    one<HTMLInputElement>("[name=latitude]", spec).value = y.toFixed(6);
    spec.querySelector<HTMLInputElement>("[name=place]")?.remove(); // where it lies now is asked anew
    use(null);
    void compute();
  }
}

if (view) {
  view.onpick = (id) => location.assign(config.urls.place.replace("/0", `/${id}`));
  view.onclick = (spot) => {
    const busy = tool !== null;
    clicked(spot);
    return busy;
  };
  view.ondouble = () => {
    const busy = tool === "line";
    if (busy) use(null);
    return busy;
  };
}

const turned = coalesce(LIVE_MS, () => { if (mode() === "live") void compute(); });
live.on("values", turned);
window.setInterval(() => { // readings that stay away make the weather old: the server says so
  if (mode() === "live" && until && Date.now() > until) void compute();
}, WATCH_MS);

show(true);

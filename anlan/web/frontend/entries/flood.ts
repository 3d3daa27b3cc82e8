// A flood through a pond: every change of the storm, the level or what is open is computed anew and drawn at once.

import { all, coalesce, getPart, one, pageData } from "../lib/dom";
import { type Course, type Curve, drawCourse, drawCurve, type Named } from "../tailings/charts";

interface Drawing { courses: Course[]; lines: Named[]; curve: Curve }

const config = pageData<{ part: string }>("flood-config");
const form = one<HTMLFormElement>("#flood-form");
const result = one("#flood-result");
let turn = 0;

function draw(): void {
  for (const link of all<HTMLAnchorElement>("[data-sheet]", result)) link.href = `?${asked()}&format=xlsx`;
  if (!document.getElementById("flood-drawing")) return;
  const drawing = pageData<Drawing>("flood-drawing");
  const [course] = drawing.courses;
  if (course) drawCourse(one("#flood-course"), course, drawing.lines);
  drawCurve(one("#flood-curve"), drawing.curve, drawing.lines);
}

function asked(): string {
  return new URLSearchParams([...new FormData(form)].map(([key, value]) => [key, String(value)])).toString();
}

function shown(): void {
  const storm = one<HTMLInputElement>("[name=storm]:checked", form).value;
  for (const part of all("[data-storm]", form)) part.hidden = part.dataset["storm"] !== storm;
  for (const range of all<HTMLInputElement>("input[type=range]", form)) {
    const output = range.parentElement?.querySelector("output");
    if (output) output.value = range.value;
  }
}

async function compute(): Promise<void> {
  const now = ++turn;
  const query = asked();
  history.replaceState(null, "", `?${query}`);
  result.setAttribute("aria-busy", "true");
  const part = await getPart(`${config.part}?${query}`);
  if (now !== turn) return;
  result.removeAttribute("aria-busy");
  if (part) result.replaceChildren(part);
  draw();
}

const later = coalesce(150, () => void compute());
form.addEventListener("input", () => {
  shown();
  later();
});
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("click", (event) => {
  const chip = (event.target as Element).closest<HTMLElement>("[data-set]");
  if (!chip) return;
  one<HTMLInputElement>(`[name=${chip.dataset["set"] ?? ""}]`, form).value = chip.dataset["value"] ?? "";
  later();
});
addEventListener("anlan:theme", draw);
shown();
draw();

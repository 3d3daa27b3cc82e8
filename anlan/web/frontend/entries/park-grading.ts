// The checklist of a park: the score and the grade that it gives, while points are written.

import { _ } from "kit/i18n";
import { all, one } from "../lib/dom";

const bar = one(".grade-now");
const total = Number(bar.dataset["total"]);
const grades = (bar.dataset["grades"] ?? "").split(";").filter(Boolean).map((text) => {
  const [name = "", from = "0"] = text.split(":");
  return { name, from: Number(from) };
});

function refresh(): void {
  const lost = all<HTMLInputElement>("[data-lost]").reduce((sum, input) => sum + (Number(input.value) || 0), 0);
  const score = (100 * (total - lost)) / total;
  const vetoed = all<HTMLInputElement>("[name=vetoes]").some((input) => input.checked);
  const reached = vetoed ? grades[0] : grades.filter((grade) => score >= grade.from).at(-1);
  one("[data-score]", bar).textContent = _("{n} 分", { n: Math.round(score * 10) / 10 });
  one("[data-grade]", bar).textContent = reached ? reached.name : "";
}

addEventListener("input", refresh);
addEventListener("change", refresh);
refresh();

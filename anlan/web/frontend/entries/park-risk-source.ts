// The form of a source: only the leaks of the chosen equipment, the place on the map, a filter over what is held.

import { all, one } from "../lib/dom";
import "./scenario";

const equipment = one<HTMLSelectElement>("[name=equipment]");

function fit(): void {
  for (const group of all("[data-holes]")) {
    group.hidden = group.dataset["holes"] !== equipment.value;
  }
}
equipment.addEventListener("change", fit);
fit();

const filter = document.querySelector<HTMLInputElement>("[data-filter]");
filter?.addEventListener("input", () => {
  const words = filter.value.trim().toLowerCase();
  for (const row of all(".park-stores li")) row.hidden = !(row.textContent ?? "").toLowerCase().includes(words);
});

// The form of a project: another row for a chemical or a facility.

import { all, one } from "../lib/dom";

/** A copy of the last row, emptied, with the next number in its names. */
function add(kind: string): void {
  const rows = one(`[data-rows-of="${kind}"]`);
  const last = all("[data-row]", rows).at(-1);
  const count = one<HTMLInputElement>(`[name="${kind}-TOTAL_FORMS"]`);
  if (!last) return;
  const number = Number(count.value);
  const fresh = last.cloneNode(true) as HTMLElement;
  for (const input of all<HTMLInputElement | HTMLSelectElement>("input, select", fresh)) {
    input.name = input.name.replace(/-\d+-/, `-${number}-`);
    input.id = input.id.replace(/-\d+-/, `-${number}-`);
    if (input instanceof HTMLSelectElement) input.selectedIndex = 0;
    else if (input.type === "checkbox") input.checked = false;
    else input.value = "";
  }
  for (const error of all(".field-error", fresh)) error.remove();
  count.value = String(number + 1);
  rows.append(fresh);
  one<HTMLElement>("input, select", fresh).focus();
}

for (const button of all("[data-add]")) button.addEventListener("click", () => add(button.dataset["add"] ?? ""));

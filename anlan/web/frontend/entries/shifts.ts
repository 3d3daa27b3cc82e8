// The roster follows what others do; a form that is being filled in stays, and is there again after a slip.

import { all } from "../lib/dom";
import { refreshParts } from "../lib/parts";

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

const EVERY = 5000;
window.setInterval(() => {
  if (!document.hidden) void refreshParts(location.href);
}, EVERY);

for (const form of all<HTMLFormElement>("[data-keep]")) {
  const key = `draft-${form.dataset["keep"] ?? ""}`;
  const fields = (): Field[] => all<Field>("input:not([type=hidden]), select, textarea", form);
  const kept = JSON.parse(sessionStorage.getItem(key) ?? "{}") as Record<string, string>;
  for (const field of fields()) if (!field.value) field.value = kept[field.name] ?? "";
  form.addEventListener("input", () => {
    sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(fields().map((field) => [field.name, field.value]))));
  });
  form.addEventListener("submit", () => sessionStorage.removeItem(key));
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = (event.target as HTMLElement | null)?.closest("form");
  if (form?.closest(".shifts")) form.requestSubmit();
});

/** Pages for programmers: copy what stands beside a button, narrow the list of operations while typing. */

import { _ } from "kit/i18n";

document.addEventListener("click", async (event) => {
  const button = (event.target as Element).closest<HTMLButtonElement>("[data-copy]");
  const source = button && document.getElementById(button.dataset["copy"] ?? "");
  if (!button || !source) return;
  try {
    await navigator.clipboard.writeText(source.textContent?.trim() ?? "");
    button.lastChild!.textContent = _("已复制");
  } catch {
    getSelection()?.selectAllChildren(source);
    button.lastChild!.textContent = _("已选中，请按 Ctrl+C");
  }
});

const filter = document.querySelector<HTMLInputElement>("[data-filter]");

function narrow(): void {
  const wanted = filter?.value.trim().toLowerCase() ?? "";
  for (const one of document.querySelectorAll<HTMLElement>("[data-words]")) {
    one.hidden = wanted !== "" && !(one.dataset["words"] ?? "").includes(wanted);
  }
  for (const group of document.querySelectorAll<HTMLElement>("[data-group]")) {
    group.hidden = !group.querySelector("[data-words]:not([hidden])");
  }
}

filter?.addEventListener("input", narrow);
narrow();

function open(): void {
  const named = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (named instanceof HTMLDetailsElement) named.open = true;
}

addEventListener("hashchange", open);
open();

// Parts of a page that the server renders again when something changed. `data-part="name"` marks a part,
// `data-rows` a part whose children are rows with `data-key`. A part in which somebody is typing is left alone.

import { all, getPart } from "./dom";
import { gist, reconcile } from "./reconcile";

const typing = (part: Element): boolean => {
  const active = document.activeElement;
  return part.contains(active) && !!active?.matches("input, textarea, select, [contenteditable]");
};

function renew(part: HTMLElement, fresh: HTMLElement): void {
  if (part.dataset["rows"] !== undefined) reconcile(part, fresh, part.closest("[data-scroll]"));
  else if (!typing(part) && gist(part) !== gist(fresh)) part.replaceChildren(...fresh.childNodes);
  part.hidden = fresh.hidden;
}

/** Fetch the page at `url` and bring the parts below `root` up to date. Says whether it could. */
export async function refreshParts(url: string, root: ParentNode = document): Promise<boolean> {
  const fresh = await getPart(url);
  if (!fresh) return false;
  for (const part of all("[data-part]", root)) {
    const found = fresh.querySelector<HTMLElement>(`[data-part="${part.dataset["part"]}"]`);
    if (found) renew(part, found);
  }
  return true;
}

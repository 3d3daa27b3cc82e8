// Bring a list on the page up to date with a freshly rendered one, touching only what differs: rows keep their
// element, so focus, selection and scroll stay where they are; new rows are marked so that they slide in.

const KEY = "key";

function keyed(list: ParentNode): Map<string, HTMLElement> {
  const rows = [...list.children].filter((row): row is HTMLElement => row instanceof HTMLElement);
  return new Map(rows.filter((row) => row.dataset[KEY]).map((row) => [row.dataset[KEY] as string, row]));
}

/** A row's own text for comparison: what the page added to it (selection, arrival mark) does not count. */
function fingerprint(row: HTMLElement): string {
  return row.dataset["print"] ?? row.innerHTML;
}

function refresh(row: HTMLElement, fresh: HTMLElement): void {
  if (fingerprint(row) === fingerprint(fresh)) return;
  const focused = row.contains(document.activeElement) ? document.activeElement?.getAttribute("data-focus") : null;
  row.innerHTML = fresh.innerHTML;
  row.dataset["print"] = fingerprint(fresh);
  for (const name of ["data-level", "data-state"]) {
    const value = fresh.getAttribute(name);
    if (value !== null) row.setAttribute(name, value);
  }
  if (focused) row.querySelector<HTMLElement>(`[data-focus="${focused}"]`)?.focus({ preventScroll: true });
}

/** Height that appears above what the reader looks at is taken back, so that the text under the eye does not move. */
function keepScroll(scroller: Element | null, anchor: HTMLElement | undefined, change: () => void): void {
  const before = anchor?.getBoundingClientRect().top ?? 0;
  change();
  if (scroller && anchor?.isConnected && scroller.scrollTop > 0) {
    scroller.scrollTop += anchor.getBoundingClientRect().top - before;
  }
}

function firstVisible(list: Element, scroller: Element | null): HTMLElement | undefined {
  const top = scroller?.getBoundingClientRect().top ?? 0;
  return [...keyed(list).values()].find((row) => row.getBoundingClientRect().bottom > top);
}

export function reconcile(list: HTMLElement, fresh: ParentNode, scroller: Element | null = list): void {
  keepScroll(scroller, firstVisible(list, scroller), () => {
    const old = keyed(list);
    const next = keyed(fresh);
    for (const [key, row] of old) if (!next.has(key)) row.remove();
    let place: Element | null = null;
    for (const [key, row] of next) {
      const kept = old.get(key);
      if (kept) refresh(kept, row);
      else row.classList.add("just-arrived");
      const element = kept ?? row;
      const wanted: Element | null = place ? place.nextElementSibling : list.firstElementChild;
      if (wanted !== element) list.insertBefore(element, wanted);
      place = element;
    }
  });
}

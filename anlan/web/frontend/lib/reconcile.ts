// Bring a list on the page up to date with a freshly rendered one, touching only what differs: rows keep their
// element, so focus, selection and scroll stay where they are; new rows are marked so that they slide in.

type Rows = Map<string, HTMLElement>;

const NEW_FOR_MS = 12_000;

function keyed(list: ParentNode): Rows {
  const rows = [...list.children].filter((row): row is HTMLElement => row instanceof HTMLElement && !!row.dataset["key"]);
  return new Map(rows.map((row) => [row.dataset["key"] as string, row]));
}

/** What a part says, without what changes by itself: running clocks and the token against forged requests. */
export function gist(part: Element): string {
  const copy = part.cloneNode(true) as Element;
  for (const input of copy.querySelectorAll('input[name="csrfmiddlewaretoken"]')) input.remove();
  for (const clock of copy.querySelectorAll("time[data-clock]")) {
    clock.textContent = "";
    clock.removeAttribute("class");
  }
  return copy.innerHTML.replace(/\s+/g, " ");
}

function refresh(row: HTMLElement, fresh: HTMLElement): void {
  row.className = fresh.className;
  if (gist(row) === gist(fresh)) return;
  const focused = row.contains(document.activeElement) ? document.activeElement?.getAttribute("data-focus") : null;
  row.replaceChildren(...fresh.childNodes);
  if (focused) row.querySelector<HTMLElement>(`[data-focus="${focused}"]`)?.focus({ preventScroll: true });
}

function firstVisible(rows: Rows, scroller: Element | null): HTMLElement | undefined {
  const top = scroller?.getBoundingClientRect().top ?? 0;
  return [...rows.values()].find((row) => row.getBoundingClientRect().bottom > top);
}

/** Height that appears above what the reader looks at is taken back, so that the text under the eye does not move. */
function keepScroll(scroller: Element | null, anchor: HTMLElement | undefined, change: () => void): void {
  const before = anchor?.getBoundingClientRect().top ?? 0;
  change();
  if (!scroller || scroller.scrollTop === 0 || !anchor?.isConnected) return;
  scroller.scrollTop += anchor.getBoundingClientRect().top - before;
}

/** New for a while. A class, not an animation: a fade of seconds would repaint the page all the time. */
function mark(row: HTMLElement): void {
  row.classList.add("just-arrived");
  window.setTimeout(() => row.classList.remove("just-arrived"), NEW_FOR_MS);
}

function put(list: HTMLElement, old: Rows, next: Rows): void {
  let last: Element | null = null;
  for (const [key, row] of next) {
    const kept = old.get(key);
    if (kept) refresh(kept, row);
    else mark(row);
    const element = kept ?? row;
    const wanted: Element | null = last ? last.nextElementSibling : list.firstElementChild;
    if (wanted !== element) list.insertBefore(element, wanted);
    last = element;
  }
}

export function reconcile(list: HTMLElement, fresh: ParentNode, scroller: Element | null): void {
  const old = keyed(list);
  const next = keyed(fresh);
  keepScroll(scroller, firstVisible(old, scroller), () => {
    for (const [key, row] of old) if (!next.has(key)) row.remove();
    put(list, old, next);
  });
}

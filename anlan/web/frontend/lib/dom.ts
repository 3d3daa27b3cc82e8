// What every page script needs of the document.

const AGAIN_AFTER_MS = 2_000;

export function one<T extends Element = HTMLElement>(selector: string, root: ParentNode = document): T {
  const found = root.querySelector<T>(selector);
  if (!found) throw new Error(`missing element ${selector}`);
  return found;
}

export function all<T extends Element = HTMLElement>(selector: string, root: ParentNode = document): T[] {
  return [...root.querySelectorAll<T>(selector)];
}

/** Data that the server put into the page with Django's json_script. */
export function pageData<T>(id: string): T {
  return JSON.parse(one(`#${id}`).textContent ?? "null") as T;
}

type Child = Node | string;

export function el(name: string, attributes: Record<string, string> = {}, ...children: Child[]): HTMLElement {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

export function svg(name: string, attributes: Record<string, string | number>, ...children: Child[]): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}

/** Work that takes long is not begun again before so many times as long. */
const SHARE = 3;

/** Run `work` once, `wait` ms after the first of a burst of calls. */
export function coalesce(wait: number, work: () => unknown): () => void {
  let [timer, took] = [0, 0];
  const run = async (): Promise<void> => {
    const began = performance.now();
    timer = 0;
    await work();
    took = performance.now() - began;
  };
  return () => {
    timer ||= window.setTimeout(() => void run(), Math.max(wait, SHARE * took));
  };
}

/** Data of a page. While the server is away it is asked again, as the stream is. */
export async function getJson<T>(url: string): Promise<T> {
  const response = await fetch(url, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!response) {
    await new Promise((resolve) => window.setTimeout(resolve, AGAIN_AFTER_MS));
    return getJson(url);
  }
  if (!response.ok) throw new Error(`${response.status} ${url}`);
  return (await response.json()) as T;
}

/** A part of a page, as the server renders it. Null when it cannot be had now; the next live event tries again. */
export async function getPart(url: string, target = ""): Promise<DocumentFragment | null> {
  try {
    const response = await fetch(url, { headers: { "HX-Request": "true", ...(target && { "HX-Target": target }) } });
    if (!response.ok || response.redirected) return null;
    const template = document.createElement("template");
    template.innerHTML = await response.text();
    return template.content;
  } catch {
    return null;
  }
}

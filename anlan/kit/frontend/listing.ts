/** Lists: what is asked stays in the address, rows are fetched without leaving the page, focus stays where it is.
 *  Without this script the same form and links work, one page at a time. */

import { _ } from "kit/i18n";
import { htmx } from "kit/htmx";
import { toast } from "kit/toast";

const TYPING_MS = 300;
const YEAR_S = 31_536_000;

interface List { root: HTMLElement; form: HTMLFormElement; body: HTMLElement }

const inputs = (form: HTMLFormElement) => [...form.elements].filter((one): one is HTMLInputElement => one instanceof HTMLInputElement);

/** The address that the form asks for: nothing empty, nothing that goes without saying, columns only in the cookie. */
function address({ form }: List): URL {
  const url = new URL(location.pathname, location.origin);
  for (const [name, value] of new FormData(form)) {
    const said = name !== "col" && value !== "" && !(name === "sort" && value === form.dataset["defaultSort"]);
    if (said && typeof value === "string") url.searchParams.append(name, value);
  }
  return url;
}

async function fetchInto(list: List, url: string): Promise<void> {
  list.body.setAttribute("aria-busy", "true");
  try {
    await htmx.ajax("get", url, { source: list.body, target: list.body, swap: "innerHTML" });
  } finally {
    list.body.removeAttribute("aria-busy");
    count(list);
  }
}

function refresh(list: List, how: "push" | "replace" | "none" = "push"): void {
  const url = address(list).toString();
  if (how === "push" && url !== location.href) history.pushState({ listing: list.root.id }, "", url);
  if (how === "replace") history.replaceState({ listing: list.root.id }, "", url);
  void fetchInto(list, url);
}

/** Say beside each menu how many of its options are chosen. */
function count({ form }: List): void {
  form.querySelectorAll<HTMLElement>(".listing-menu").forEach((menu) => {
    const badge = menu.querySelector<HTMLElement>("summary .count");
    if (!badge) return;
    const chosen = menu.querySelectorAll("[name]:checked:not([value=''])").length;
    const dated = [...menu.querySelectorAll<HTMLInputElement>(".listing-dates input")].some(({ value }) => value);
    badge.textContent = String(chosen || Number(dated));
    badge.hidden = !chosen && !dated;
  });
}

/** Bring the form to what an address asks, as after "back" or when a condition is taken off. */
function follow({ form }: List, query: URLSearchParams): void {
  for (const input of inputs(form)) {
    if (input.name === "col" || !input.name || input.type === "hidden") continue;
    if (input.type === "checkbox" || input.type === "radio") input.checked = query.has(input.name) ? query.getAll(input.name).includes(input.value) : input.value === "";
    else input.value = query.get(input.name) ?? "";
  }
  const sort = form.querySelector<HTMLSelectElement>("select[name=sort]");
  if (sort) sort.value = query.get("sort") ?? form.dataset["defaultSort"] ?? "";
}

function rememberColumns({ root, form }: List): void {
  const chosen = inputs(form).filter(({ name, checked }) => name === "col" && checked).map(({ value }) => value);
  const value = chosen.length ? chosen.join(".") : "-";
  document.cookie = `${root.dataset["listing"]}=${value}; path=${location.pathname}; max-age=${YEAR_S}; samesite=lax`;
}

/** Links of the list: conditions, headings and pages change the rows in place; files and things are followed as usual. */
function onLink(list: List, event: MouseEvent): void {
  const link = (event.target as Element).closest<HTMLAnchorElement>("a[href^='?']");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  if (link.dataset["export"] !== undefined) return toast(_("正在导出，文件随即开始下载。"));
  event.preventDefault();
  const url = new URL(link.href);
  follow(list, url.searchParams);
  history.pushState({ listing: list.root.id }, "", url);
  void fetchInto(list, url.toString()).then(() => {
    if (link.rel) list.root.scrollIntoView({ block: "start" });
  });
}

/** ↑ ↓ go from row to row. */
function onArrow({ body }: List, event: KeyboardEvent): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const row = (event.target as Element).closest("tbody tr");
  if (!step || !row) return;
  const links = [...body.querySelectorAll<HTMLElement>("tbody th a")];
  const at = links.findIndex((link) => row.contains(link));
  const next = links[at + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function narrow(input: HTMLInputElement): void {
  const wanted = input.value.trim().toLowerCase();
  input.parentElement?.querySelectorAll<HTMLElement>(".listing-option").forEach((option) => {
    option.hidden = !(option.textContent ?? "").toLowerCase().includes(wanted);
  });
}

function onChange(list: List, event: Event): void {
  const input = event.target as HTMLInputElement;
  if ("narrow" in input.dataset || input.type === "search") return;
  if (input.name === "col") rememberColumns(list);
  refresh(list, input.name === "col" ? "none" : "push");
}

function onPreset(list: List, event: MouseEvent): void {
  const button = (event.target as Element).closest<HTMLElement>("[data-first]");
  const [from, to] = button?.closest("fieldset")?.querySelectorAll("input") ?? [];
  if (!button || !from || !to) return;
  from.value = button.dataset["first"] ?? "";
  to.value = button.dataset["last"] ?? "";
  refresh(list);
}

function begin(root: HTMLElement): void {
  const form = root.querySelector<HTMLFormElement>("form.listing-tools");
  const body = root.querySelector<HTMLElement>(".listing-body");
  if (!form || !body) return;
  const list = { root, form, body };
  let timer = 0;
  root.classList.add("is-live");
  form.addEventListener("input", ({ target }) => {
    const input = target as HTMLInputElement;
    if ("narrow" in input.dataset) return narrow(input);
    if (input.type !== "search") return;
    clearTimeout(timer);
    timer = window.setTimeout(() => refresh(list, "replace"), TYPING_MS);
  });
  form.addEventListener("change", (event) => onChange(list, event));
  form.addEventListener("click", (event) => onPreset(list, event));
  form.addEventListener("submit", (event) => (event.preventDefault(), clearTimeout(timer), refresh(list)));
  body.addEventListener("click", (event) => onLink(list, event));
  body.addEventListener("keydown", (event) => onArrow(list, event));
  addEventListener("popstate", () => {
    follow(list, new URLSearchParams(location.search));
    void fetchInto(list, location.href);
  });
}

/** "/" goes to the search of the first list, unless somebody is typing. */
function onSlash(event: KeyboardEvent): void {
  if (event.key !== "/" || (event.target as Element).closest("input, textarea, select, [contenteditable]")) return;
  const search = document.querySelector<HTMLInputElement>(".listing-text input");
  if (!search) return;
  event.preventDefault();
  search.select();
  search.focus();
}

/** Fetch the rows again as they are asked for now (after something changed). */
export function renew(root: HTMLElement): void {
  const body = root.querySelector<HTMLElement>(".listing-body");
  if (body) void htmx.ajax("get", location.href, { source: body, target: body, swap: "innerHTML" });
}

export function start(): void {
  document.querySelectorAll<HTMLElement>("[data-listing]").forEach(begin);
  if (document.querySelector("[data-listing]")) document.addEventListener("keydown", onSlash);
}

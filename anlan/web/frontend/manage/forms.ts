// Forms of the management: drafts that survive a closed tab, codes explained while typed, the sentence of a grant.

import { _ } from "kit/i18n";
import { all, coalesce, one } from "../lib/dom";

type Saved = Record<string, string>;

/** What was typed and not sent is there again when the page is opened again in this tab; secrets are never kept. */
export function keepDrafts(): void {
  for (const form of all<HTMLFormElement>("form[data-draft]")) {
    const key = `draft:${form.dataset["draft"]}`;
    const fields = (): HTMLInputElement[] => all<HTMLInputElement>("input[type=text], input:not([type]), textarea", form).filter((field) => field.name);
    const saved = JSON.parse(sessionStorage.getItem(key) ?? "{}") as Saved;
    const wrong = form.querySelector(".field-error") !== null;
    for (const field of fields()) {
      const text = saved[field.name];
      if (!wrong && text !== undefined && text !== field.value && !field.closest("[data-choose]")) field.value = text;
    }
    form.addEventListener("input", () => {
      const now = Object.fromEntries(fields().filter((field) => field.value !== field.defaultValue).map((field) => [field.name, field.value]));
      sessionStorage.setItem(key, JSON.stringify(now));
    });
    form.addEventListener("submit", () => sessionStorage.removeItem(key));
  }
}

/** The parts of a code in words, as it is typed. */
export function explainCodes(): void {
  const list = document.querySelector<HTMLElement>("[data-code]");
  const field = list?.closest("form")?.querySelector<HTMLInputElement>("input[name=code]");
  if (!list || !field) return;
  const ask = coalesce(180, () => void fetch(`${list.dataset["code"]}?code=${encodeURIComponent(field.value)}`)
    .then((answer) => (answer.ok ? answer.text() : ""))
    .then((text) => list.replaceChildren(...text.split("\n").filter(Boolean).map((line) => {
      const item = document.createElement("li");
      item.textContent = line;
      return item;
    }))));
  field.addEventListener("input", ask);
}

/** One sentence that says what a grant will do, kept right while the form is filled in. */
export function sayGrant(): void {
  const form = document.querySelector<HTMLFormElement>("#grant");
  if (!form) return;
  const sentence = one("[data-sentence]", form);
  const picked = (name: string): HTMLInputElement | null => form.querySelector<HTMLInputElement>(`input[name=${name}]:checked`);
  const value = (name: string): string => form.querySelector<HTMLInputElement>(`[name=${name}]`)?.value.trim() ?? "";
  const say = (): void => {
    const known = picked("who")?.value === "known";
    for (const part of all("[data-who]", form)) part.hidden = part.dataset["who"] !== (known ? "known" : "new");
    const person = one<HTMLSelectElement>("select[name=person]", form);
    const who = known ? (person.selectedOptions[0]?.value ? person.selectedOptions[0].text : "") : value("name");
    const role = picked("role")?.dataset["name"] ?? "";
    for (const rights of all("[data-role]", form)) rights.hidden = rights.dataset["role"] !== picked("role")?.value;
    const place = value("place") ? one<HTMLInputElement>("#choose-place", form).value : "";
    const trades = all<HTMLInputElement>("input[name=sectors]:checked", form).map((box) => box.dataset["name"] ?? "");
    one("[data-sectors]", form).textContent = trades.length ? _("{n} 个", { n: trades.length }) : _("全部");
    const lacking = [who ? "" : _("给谁"), role ? "" : _("什么角色"), place ? "" : _("在哪里")].filter(Boolean);
    sentence.textContent = lacking.length ? _("还差：{what}。", { what: lacking.join(_("、")) })
      : _("{who}将在“{place}”及其下各处担任{role}，{trades}，{end}。", { who, place, role,
        trades: trades.length ? trades.join(_("、")) : _("全部行业"), end: value("until") ? _("到 {day} 止", { day: value("until") }) : _("长期有效") });
  };
  form.addEventListener("input", say);
  form.addEventListener("change", say);
  say();
}

/** Rows of a list that are picked for one change of all; the picks outlive a page turn only by the form they are in. */
export function pickRows(): void {
  const form = document.querySelector<HTMLFormElement>("#bulk");
  if (!form) return;
  const boxes = (): HTMLInputElement[] => all<HTMLInputElement>("input.pick");
  const tell = (): void => {
    const n = boxes().filter((box) => box.checked).length;
    one("[data-picked]", form).textContent = n ? _("已选 {n} 个", { n }) : _("先在列表里勾选。");
    one<HTMLButtonElement>("button", form).disabled = n === 0;
  };
  document.addEventListener("change", (event) => {
    const target = event.target as HTMLInputElement;
    if (target.matches("[data-pick-all]")) for (const box of boxes()) box.checked = target.checked;
    if (target.matches("[data-pick-all], .pick")) tell();
  });
  document.addEventListener("htmx:afterSwap", tell);
  tell();
}

export function copyOnClick(): void {
  for (const button of all<HTMLButtonElement>("[data-copy-from]")) {
    button.addEventListener("click", () => {
      const text = document.querySelector(button.dataset["copyFrom"] ?? "")?.textContent ?? "";
      void navigator.clipboard.writeText(text).then(() => (button.textContent = _("已复制")), () => (button.textContent = _("请手工选中复制")));
    });
  }
}

/** A form that takes a while says so on the button that was pressed. */
export function sayBusy(): void {
  for (const form of all<HTMLFormElement>("form[data-busy]")) {
    form.addEventListener("submit", (event) => {
      const button = event.submitter;
      if (!(button instanceof HTMLButtonElement) || event.defaultPrevented || button.name === "save" || button.value === "look") return;
      const began = performance.now();
      const words = form.dataset["busy"] ?? "";
      button.setAttribute("aria-busy", "true");
      const tick = (): void => { button.textContent = _("{words}{n} 秒", { words, n: Math.round((performance.now() - began) / 1000) }); };
      setTimeout(tick, 0);
      window.setInterval(tick, 1000);
    });
  }
  document.querySelector<HTMLElement>(".trial[autofocus]")?.scrollIntoView({ block: "start" });
}

/** The field beside "how" is only there when it is needed. */
export function followHow(): void {
  for (const select of all<HTMLSelectElement>("[data-how]")) {
    const field = select.parentElement?.querySelector<HTMLInputElement>("input");
    const follow = (): void => { if (field) field.hidden = select.value === "keep" || select.value === "none"; };
    select.addEventListener("change", follow);
    follow();
  }
}

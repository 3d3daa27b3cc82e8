/** The question before what cannot be undone: `<form data-ask="…">`, `<button data-ask="…">`, `hx-confirm`, or `await ask(…)`. */

import { _ } from "kit/i18n";

export interface Question { text: string; title?: string | undefined; yes?: string | undefined }

/** Shows the dialog; true when the person agreed. */
export function ask({ text, title, yes }: Question): Promise<boolean> {
  const dialog = document.querySelector<HTMLDialogElement>("#ask");
  if (!dialog) return Promise.resolve(false);
  const set = (selector: string, words: string) => {
    const element = dialog.querySelector(selector);
    if (element) element.textContent = words;
  };
  set("#ask-title", title ?? _("请确认"));
  set("#ask-text", text);
  set("#ask-yes", yes ?? _("确定"));
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

function question(element: HTMLElement): Question {
  const { ask: text = "", askTitle, askYes } = element.dataset;
  return { text, title: askTitle, yes: askYes };
}

/** Holds back a submit until its question is answered. */
async function hold(event: SubmitEvent): Promise<void> {
  const form = event.target as HTMLFormElement;
  const asker = [event.submitter, form].find((one): one is HTMLElement => one instanceof HTMLElement && "ask" in one.dataset);
  if (!asker || form.dataset["agreed"]) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!(await ask(question(asker)))) return;
  form.dataset["agreed"] = "yes";
  form.requestSubmit(event.submitter);
  delete form.dataset["agreed"];
}

export function start(): void {
  document.addEventListener("submit", (event) => void hold(event), { capture: true });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    (event.target as HTMLElement).closest("form")?.requestSubmit();
  });
}

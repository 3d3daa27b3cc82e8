/** Short messages in the corner. What is done may offer to be undone; an error stays until it is closed. */

import { _ } from "kit/i18n";

const SHOWN_MS = 6000;

export interface Undo { text: string; run: () => void }

export function toast(text: string, kind: "info" | "error" = "info", undo?: Undo): void {
  const line = document.createElement("div");
  line.className = `toast-line is-${kind}`;
  if (kind === "error") line.setAttribute("role", "alert");
  const words = document.createElement("p");
  words.textContent = text;
  line.append(words);
  if (undo) line.append(button(undo.text, "btn", () => (undo.run(), line.remove())));
  line.append(button("×", "tool", () => line.remove(), _("关闭")));
  document.querySelector("#toasts")?.append(line);
  fade(line);
}

function button(text: string, className: string, run: () => void, label = text): HTMLButtonElement {
  const element = document.createElement("button");
  Object.assign(element, { type: "button", className, textContent: text, onclick: run });
  element.setAttribute("aria-label", label);
  return element;
}

/** Goes by itself, but never from under the pointer or the focus. */
function fade(line: HTMLElement): void {
  if (line.classList.contains("is-error")) return;
  const leave = () => (line.matches(":hover, :focus-within") ? setTimeout(leave, 1000) : line.remove());
  setTimeout(leave, SHOWN_MS);
}

export function start(): void {
  document.querySelectorAll<HTMLElement>("#toasts .toast-line").forEach(fade);
  document.addEventListener("click", ({ target }) => {
    const close = (target as Element).closest?.("[data-close]");
    close?.closest(".toast-line")?.remove();
  });
}

/** Menus are `<details data-menu>`: closed by Escape, by a click elsewhere, and when another opens. The theme switch lives in one. */

import { choose, chosen, type Theme } from "kit/theme";

const open = () => document.querySelectorAll<HTMLDetailsElement>("details[data-menu][open]");

function closeOthers(target: EventTarget | null): void {
  open().forEach((menu) => menu.contains(target as Node) || (menu.open = false));
}

export function start(): void {
  document.addEventListener("click", ({ target }) => closeOthers(target));
  document.addEventListener("focusin", ({ target }) => closeOthers(target));
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    open().forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    });
  });
  const switches = document.querySelectorAll<HTMLInputElement>("[data-theme-switch] input");
  const show = () => switches.forEach((input) => (input.checked = input.value === chosen()));
  switches.forEach((input) => input.addEventListener("change", () => (choose(input.value as Theme), show())));
  show();
}

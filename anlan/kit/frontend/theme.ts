/** Light, dark, or as the device says. Kept in this browser. */

export type Theme = "auto" | "light" | "dark";
const KEY = "anlan-theme";
const dark = () => matchMedia("(prefers-color-scheme: dark)").matches;

export function chosen(): Theme {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === "light" || kept === "dark" ? kept : "auto";
  } catch {
    return "auto"; // storage is switched off
  }
}

/** Set the attributes that style sheets and maps look at; tell whoever draws on a canvas. */
export function apply(theme: Theme = chosen()): void {
  const root = document.documentElement;
  const fixed = root.dataset["themeFixed"]; // a wall is dark whatever the person likes
  const shown = fixed ?? (theme === "auto" ? (dark() ? "dark" : "light") : theme);
  root.dataset["theme"] = theme;
  if (root.dataset["bsTheme"] === shown) return;
  root.dataset["bsTheme"] = shown;
  dispatchEvent(new CustomEvent("anlan:theme", { detail: shown }));
}

export function choose(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // shown all the same, only not kept
  }
  apply(theme);
}

export function follow(): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => apply());
  addEventListener("storage", ({ key }) => key === KEY && apply());
}

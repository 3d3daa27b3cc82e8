/** Risk levels as the server counts them: 0 unknown, 1 low, 2 general, 3 serious, 4 major. Colours live in tokens.css. */

import { _ } from "kit/i18n";

export type Level = 0 | 1 | 2 | 3 | 4;
export const TOKENS = ["unknown", "low", "general", "serious", "major"] as const;

/** From mildest to worst. */
export const ORDER: readonly Level[] = [1, 0, 2, 3, 4];

/** The character that goes with the colour, for eyes that do not see it. */
export function character(level: Level): string {
  return ([_("未"), _("蓝"), _("黄"), _("橙"), _("红")] as const)[level];
}

/** The colour now in force (it changes with the theme), for canvases and maps. */
export function colour(level: Level): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--level-${TOKENS[level]}`).trim();
}

/** A badge like the server's `{% level_badge %}`. */
export function badge(level: Level, word = ""): HTMLElement {
  const element = document.createElement("span");
  element.className = `level-badge is-${TOKENS[level]}`;
  const mark = document.createElement("b");
  mark.textContent = character(level);
  element.append(mark, word);
  return element;
}

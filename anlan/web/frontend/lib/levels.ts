// What the pages need of the five levels beyond the kit: an order, a maximum, words, and ink for canvases.

import { _ } from "kit/i18n";
import { type Level, ORDER } from "kit/level";

export { character, colour, type Level } from "kit/level";

export const UNKNOWN: Level = 0;
/** From worst to mildest, the order in which counts are shown. */
export const WORST_FIRST: readonly Level[] = [...ORDER].reverse();

const RANK = new Map<number, number>(ORDER.map((level, rank) => [level, rank]));

/** How bad a level is, from low (0) to major (4); unknown outranks low because it may hide anything. */
export const severity = (level: number): number => RANK.get(level) ?? 0;

export const asLevel = (value: number | undefined): Level => (RANK.has(value ?? -1) ? (value as Level) : UNKNOWN);

export const worst = (levels: readonly Level[]): Level =>
  levels.reduce<Level | null>((found, level) => (found === null || severity(level) > severity(found) ? level : found), null) ?? UNKNOWN;

export const word = (level: Level): string =>
  [_("未知"), _("低风险"), _("一般风险"), _("较大风险"), _("重大风险")][level] ?? "";

/** Ink that reads on a level's fill, as the style tokens say. */
export function ink(level: Level): string {
  const names = ["unknown", "low", "general", "serious", "major"];
  return getComputedStyle(document.documentElement).getPropertyValue(`--level-${names[level]}-on`).trim();
}

/** Messages: Chinese is the source, the page's head brings the catalogue of any other language (catalogue-en.js). */

declare global {
  var anlanCatalogue: Record<string, string> | undefined;
}

export type Params = Record<string, string | number>;

/** The message in the page's language, with {names} filled in. */
export function _(msgid: string, params: Params = {}): string {
  const text = globalThis.anlanCatalogue?.[msgid] ?? msgid;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}

/** The language of the page, as BCP 47. */
export function language(): string {
  return globalThis.document?.documentElement.lang || "zh-Hans";
}

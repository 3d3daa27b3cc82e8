// Tabler's style sheet is 635 kB, most of it colours and widgets that this product does not have. What is kept: rules
// without a class, and rules whose every class belongs to one of the families below. Colour families (blue, green, azure,
// danger, success …) stay out on purpose: colour means risk level and nothing else.
const FAMILIES = [
  "alert", "avatar", "btn", "card", "col", "container", "datagrid", "dropdown", "form", "input", "list", "nav", "page",
  "pagination", "placeholder", "progress", "row", "table", "tab", "toolbar",
];
const UTILITIES = [
  "align", "d", "flex", "fs", "fw", "g", "gap", "gx", "gy", "h", "justify", "m", "mb", "me", "ms", "mt", "mx", "my", "order",
  "overflow", "p", "pb", "pe", "position", "ps", "pt", "px", "py", "rounded", "sticky", "text", "visually", "w",
];
const STATES = new Set(["active", "disabled", "show", "fade", "collapse", "collapsing", "was-validated", "invalid-feedback",
  "is-invalid", "is-valid", "small", "lead", "markdown", "icon", "subheader", "hr", "close", "border", "border-0", "border-top",
  "border-bottom", "h1", "h2", "h3", "h4", "h5", "h6", "tbody", "dark"]);
const FORBIDDEN = /-(blue|azure|indigo|purple|pink|red|orange|yellow|lime|green|teal|cyan|success|danger|warning|info|facebook|twitter|x|linkedin|google|youtube|vimeo|dribbble|github|instagram|pinterest|vk|rss|flickr|bitbucket|tabler|gitlab|lt|marketing)(-|$)/;
const WORDS = [...FAMILIES, ...UTILITIES];

const UNUSED = /^(form-(imagecheck|colorinput|selectgroup|floating|range)|card-(stamp|sponsor|img|rotate|tabs)|input-icon|placeholder|(?!col|d-|row).*-(sm|md|lg|xl|xxl)-|.*-rtl)/;

const kept = (cls) => STATES.has(cls) || (!FORBIDDEN.test(cls) && !UNUSED.test(cls) && WORDS.some((word) => cls === word || cls.startsWith(word + "-")));
const classes = (selector) => [...selector.matchAll(/\.(-?[_a-zA-Z](?:[\w-]|\\.)*)/g)].map((match) => match[1]);

/** Cuts `text` at the commas that stand outside brackets. */
function selectors(text) {
  const parts = [""];
  let depth = 0;
  for (const char of text) {
    depth += char === "(" || char === "[" ? 1 : char === ")" || char === "]" ? -1 : 0;
    if (char === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += char;
  }
  return parts;
}

/** Where the block that opens at `open` ends, quotes respected. */
function closing(css, open) {
  let depth = 0;
  for (let at = open, quote = ""; at < css.length; at += 1) {
    const char = css[at];
    if (quote) quote = char === quote && css[at - 1] !== "\\" ? "" : quote;
    else if (char === '"' || char === "'") quote = char;
    else if (char === "{") depth += 1;
    else if (char === "}" && --depth === 0) return at;
  }
  throw new Error("a block of the style sheet does not end");
}

function block(head, body) {
  if (head.startsWith("@media") || head.startsWith("@supports") || head.startsWith("@layer")) {
    const inside = prune(body);
    return inside ? `${head}{${inside}}` : "";
  }
  if (head.startsWith("@")) return `${head}{${body}}`;
  const keep = selectors(head).filter((selector) => !selector.includes("[data-vc") && classes(selector).every(kept));
  return keep.length ? `${keep.join(",")}{${body}}` : "";
}

export function prune(css) {
  const text = css.replace(/\/\*[\s\S]*?\*\//g, "");
  let result = "";
  for (let at = 0; at < text.length; ) {
    const open = text.indexOf("{", at);
    if (open < 0) break;
    const semicolon = text.indexOf(";", at);
    if (semicolon >= 0 && semicolon < open && text[at] === "@") {
      at = semicolon + 1; // @charset, @import
      continue;
    }
    const end = closing(text, open);
    result += block(text.slice(at, open).trim(), text.slice(open + 1, end));
    at = end + 1;
  }
  return result;
}

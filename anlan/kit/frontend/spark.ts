/** Sparklines `<svg class="spark" viewBox="0 0 120 28" preserveAspectRatio="none">`: a small trend without axes. Gaps stay gaps, limits are dashed, the scale is the tag's own. */

const WIDTH = 120;
const HEIGHT = 28;
const EDGE = 2;
const SVG = "http://www.w3.org/2000/svg";

export interface SparkLimits { high?: number | undefined; low?: number | undefined }

/** The path through some values at even distances; null, NaN and undefined break the line. */
export function path(values: readonly (number | null)[], bottom: number, top: number): string {
  const step = WIDTH / Math.max(values.length - 1, 1);
  const scale = (HEIGHT - 2 * EDGE) / (top - bottom || 1);
  let pen = "M";
  return values.map((value, at) => {
    if (value === null || !Number.isFinite(value)) return (pen = "M"), "";
    const point = `${pen}${(at * step).toFixed(1)} ${(HEIGHT - EDGE - (value - bottom) * scale).toFixed(1)}`;
    pen = "L";
    return point;
  }).join("");
}

/** (Re)draw one `<svg class="spark">`. A limit is drawn only where the trend comes near it. */
export function draw(svg: SVGElement, values: readonly (number | null)[], { high, low }: SparkLimits = {}): void {
  const known = values.filter((value): value is number => value !== null && Number.isFinite(value));
  if (known.length === 0) return svg.replaceChildren();
  let [bottom, top] = [Math.min(...known), Math.max(...known)];
  const reach = Math.max(top - bottom, Math.abs(top) * 1e-3, 1e-9);
  const near = [high, low].filter((limit): limit is number => limit !== undefined && limit > bottom - reach && limit < top + reach);
  bottom = Math.min(bottom, ...near);
  top = Math.max(top, ...near);
  if (top - bottom < reach) [bottom, top] = [bottom - reach / 2, top + reach / 2];
  const lines = near.map((limit) => element("line", level(limit, bottom, top)));
  svg.replaceChildren(...lines, element("path", { d: path(values, bottom, top) }));
}

function level(limit: number, bottom: number, top: number): Record<string, string> {
  const y = String(HEIGHT - EDGE - ((limit - bottom) * (HEIGHT - 2 * EDGE)) / (top - bottom));
  return { x1: "0", x2: String(WIDTH), y1: y, y2: y };
}

function element(name: string, attributes: Record<string, string>): SVGElement {
  const made = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  return made;
}

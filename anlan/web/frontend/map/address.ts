// What is asked of the map lives in the page's address, so that a view can be sent to somebody: layers, filters, a
// stretch of ground, the chosen place, the moment, and where the map looks.

/** What the server is asked with; the rest of the address is for the page alone. */
const QUESTION = ["layer", "sector", "level", "object", "substance", "near", "metres", "ring"] as const;
export type Key = (typeof QUESTION)[number] | "heat" | "place" | "c" | "at";

/** Which of these narrow what is shown and counted. */
export const NARROWING = ["sector", "level", "object", "substance", "near", "ring"] as const;
export type Narrowing = (typeof NARROWING)[number];

const params = (): URLSearchParams => new URL(location.href).searchParams;

export const all = (key: Key): string[] => params().getAll(key);
export const get = (key: Key): string => params().get(key) ?? "";

function write(change: (query: URLSearchParams) => void): void {
  const url = new URL(location.href);
  change(url.searchParams);
  url.search = url.searchParams.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
  history.replaceState(history.state, "", url);
}

export function set(key: Key, values: Iterable<string> | string | null): void {
  write((query) => {
    query.delete(key);
    const list = values === null ? [] : typeof values === "string" ? [values] : [...values];
    for (const value of list) query.append(key, value);
  });
}

export const clear = (keys: readonly Key[]): void => write((query) => keys.forEach((key) => query.delete(key)));

/** The address's question as the server reads it. */
export function question(at: number | null): URLSearchParams {
  const asked = new URLSearchParams();
  for (const key of QUESTION) for (const value of all(key)) asked.append(key, value);
  if (at !== null) asked.set("at", new Date(at).toISOString());
  return asked;
}

export const narrows = (): boolean => NARROWING.some((key) => get(key) !== "");

export interface Where { center: [number, number]; zoom: number }

/** `c=lon,lat,zoom`: where the map looks. */
export function where(): Where | null {
  const [lon, lat, zoom] = get("c").split(",").map(Number);
  if (lon === undefined || lat === undefined || zoom === undefined || ![lon, lat, zoom].every(Number.isFinite)) return null;
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 85 ? { center: [lon, lat], zoom } : null;
}

export const setWhere = ({ center, zoom }: Where): void =>
  set("c", `${center[0].toFixed(5)},${center[1].toFixed(5)},${zoom.toFixed(2)}`);

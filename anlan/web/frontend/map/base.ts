import { getJson } from "../lib/dom";

export type BaseData = GeoJSON.FeatureCollection;

/** The base layer; without one the places stand on plain ground. */
export async function loadBase(url: string): Promise<BaseData> {
  try {
    return await getJson<BaseData>(url);
  } catch {
    return { type: "FeatureCollection", features: [] };
  }
}

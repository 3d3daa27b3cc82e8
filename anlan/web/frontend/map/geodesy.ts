// Lengths and areas on the sphere, exact enough for a county.

const EARTH_M = 6_371_008.8;
const rad = (degree: number): number => (degree * Math.PI) / 180;

export type Spot = [lon: number, lat: number];

export function metres([lon0, lat0]: Spot, [lon1, lat1]: Spot): number {
  const half = Math.sin(rad(lat1 - lat0) / 2) ** 2 + Math.cos(rad(lat0)) * Math.cos(rad(lat1)) * Math.sin(rad(lon1 - lon0) / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(half)));
}

export const length = (line: readonly Spot[]): number =>
  line.slice(1).reduce((sum, spot, row) => sum + metres(line[row] as Spot, spot), 0);

/** Area of a ring [m²]. */
export function area(ring: readonly Spot[]): number {
  let sum = 0;
  ring.forEach(([lon, lat], row) => {
    const [next, north] = ring[(row + 1) % ring.length] as Spot;
    sum += rad(next - lon) * (2 + Math.sin(rad(lat)) + Math.sin(rad(north)));
  });
  return Math.abs((sum * EARTH_M * EARTH_M) / 2);
}

/** The ring around a spot at a distance. */
export function circle([lon, lat]: Spot, radius: number, corners = 72): Spot[] {
  const reach = radius / EARTH_M;
  return Array.from({ length: corners + 1 }, (_, row) => {
    const bearing = (2 * Math.PI * row) / corners;
    const north = Math.asin(Math.sin(rad(lat)) * Math.cos(reach) + Math.cos(rad(lat)) * Math.sin(reach) * Math.cos(bearing));
    const east = Math.atan2(Math.sin(bearing) * Math.sin(reach) * Math.cos(rad(lat)),
      Math.cos(reach) - Math.sin(rad(lat)) * Math.sin(north));
    return [lon + (east * 180) / Math.PI, (north * 180) / Math.PI];
  });
}

export const lengthWords = (m: number): string => (m >= 1000 ? `${Number((m / 1000).toFixed(m >= 100_000 ? 0 : 2))} km` : `${Math.round(m)} m`);
export const areaWords = (m2: number): string =>
  m2 >= 1e6 ? `${(m2 / 1e6).toFixed(2)} km²` : m2 >= 1e4 ? `${(m2 / 1e4).toFixed(2)} hm²` : `${Math.round(m2)} m²`;

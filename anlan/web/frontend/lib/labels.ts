// Where the names of lines stand that lie close to one another.

const SIDES = ["insideStartTop", "insideMiddleTop", "insideEndTop"] as const;

export type Side = (typeof SIDES)[number];

/** A side for each value such that two on one side are at least `apart`; the last side takes what is left over. */
export function sides(values: number[], apart: number): Side[] {
  const lowest = new Map<Side, number>();
  const chosen = values.map((): Side => "insideEndTop");
  for (const [row, value] of [...values.entries()].sort((one, other) => other[1] - one[1])) {
    const side = SIDES.find((each) => (lowest.get(each) ?? Number.POSITIVE_INFINITY) - value >= apart) ?? "insideEndTop";
    lowest.set(side, value);
    chosen[row] = side;
  }
  return chosen;
}

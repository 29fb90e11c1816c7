// Cuts a rectangle into parts whose areas are in proportion to weights, each as square as it gets (squarified treemap).

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Weights in the order they are placed in, heaviest first, each with its place in the input. */
type Weighted = readonly { readonly at: number; readonly weight: number }[];

function sumOf(items: Weighted): number {
  return items.reduce((sum, { weight }) => sum + weight, 0);
}

/** The longest side by the shortest, of the most elongated part of a row that lies along `side`. */
function elongation(row: Weighted, side: number, areaPerWeight: number): number {
  const area = sumOf(row) * areaPerWeight;
  const heaviest = (row[0]?.weight ?? 0) * areaPerWeight;
  const lightest = (row.at(-1)?.weight ?? 0) * areaPerWeight;
  return Math.max((side * side * heaviest) / (area * area), (area * area) / (side * side * lightest));
}

/** As many of the heaviest as make the row's parts squarer than the next one would leave them. */
function rowOf(items: Weighted, side: number, areaPerWeight: number): Weighted {
  let count = 1;
  let best = elongation(items.slice(0, 1), side, areaPerWeight);
  while (count < items.length) {
    const next = elongation(items.slice(0, count + 1), side, areaPerWeight);
    if (next > best) break;
    best = next;
    count += 1;
  }
  return items.slice(0, count);
}

/** Lays a row along the shorter side of what is free, and leaves the rest free. */
function layRow(
  row: Weighted,
  free: Rectangle,
  share: number,
): { readonly parts: readonly Rectangle[]; readonly rest: Rectangle } {
  const { x, y, width, height } = free;
  const standing = width >= height;
  const thickness = (standing ? width : height) * share;
  const total = sumOf(row);
  let before = 0;
  const parts = row.map(({ weight }) => {
    const start = before / total;
    before += weight;
    const length = weight / total;
    return standing
      ? { x, y: y + height * start, width: thickness, height: height * length }
      : { x: x + width * start, y, width: width * length, height: thickness };
  });
  const rest = standing
    ? { x: x + thickness, y, width: width - thickness, height }
    : { x, y: y + thickness, width, height: height - thickness };
  return { parts, rest };
}

/**
 * A part of `bounds` for each weight, in the order of the weights: areas in proportion to them, without gap or overlap.
 * A weight that is not positive gets a part without area at the corner of `bounds`.
 */
export function squarify(weights: readonly number[], bounds: Rectangle): readonly Rectangle[] {
  const placed: Rectangle[] = weights.map(() => ({ x: bounds.x, y: bounds.y, width: 0, height: 0 }));
  let items: Weighted = weights
    .map((weight, at) => ({ at, weight }))
    .filter(({ weight }) => weight > 0)
    .toSorted((left, right) => right.weight - left.weight || left.at - right.at);
  let free = bounds;
  while (items.length > 0) {
    const total = sumOf(items);
    const row = rowOf(items, Math.min(free.width, free.height), (free.width * free.height) / total);
    // The last row takes all of the rest, so that rounding leaves no gap at the end.
    const share = row.length === items.length ? 1 : sumOf(row) / total;
    const { parts, rest } = layRow(row, free, share);
    for (const [index, { at }] of row.entries()) placed[at] = parts[index] ?? bounds;
    items = items.slice(row.length);
    free = rest;
  }
  return placed;
}

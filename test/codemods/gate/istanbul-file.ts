// Builds one file's entry of an Istanbul report from the lines its statements start on and their counts.

export interface IstanbulShape {
  readonly lines: readonly number[];
  readonly counts: readonly number[];
  /** Counts of each branch's arms. */
  readonly arms?: readonly (readonly number[])[];
}

export function istanbulFile(path: string, shape: IstanbulShape): Readonly<Record<string, unknown>> {
  const arms = shape.arms ?? [];
  const at = (line: number): unknown => ({ start: { line, column: 0 }, end: { line, column: 9 } });
  return {
    path,
    statementMap: Object.fromEntries(shape.lines.map((line, id) => [id, at(line)])),
    s: Object.fromEntries(shape.counts.map((count, id) => [id, count])),
    branchMap: Object.fromEntries(arms.map((_, id) => [id, { type: 'if' }])),
    b: Object.fromEntries(arms.map((counts, id) => [id, counts])),
    fnMap: {},
    f: {},
  };
}

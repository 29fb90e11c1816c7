// Aligns two lists of lines by their longest common subsequence.

export interface Alignment {
  /** Indexes of lines that have no counterpart at their place. */
  readonly onlyBefore: readonly number[];
  readonly onlyAfter: readonly number[];
}

export function alignLines(before: readonly string[], after: readonly string[]): Alignment {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  ) {
    end += 1;
  }
  const inner = alignMiddle(before.slice(start, before.length - end), after.slice(start, after.length - end));
  return { onlyBefore: inner.onlyBefore.map((at) => at + start), onlyAfter: inner.onlyAfter.map((at) => at + start) };
}

function alignMiddle(before: readonly string[], after: readonly string[]): Alignment {
  const lengths = commonLengths(before, after);
  const onlyBefore: number[] = [];
  const onlyAfter: number[] = [];
  let [one, other] = [0, 0];
  while (one < before.length || other < after.length) {
    if (one < before.length && other < after.length && before[one] === after[other]) {
      one += 1;
      other += 1;
    } else if (
      other >= after.length ||
      (one < before.length && lengthAt(lengths, one + 1, other) >= lengthAt(lengths, one, other + 1))
    ) {
      onlyBefore.push(one);
      one += 1;
    } else {
      onlyAfter.push(other);
      other += 1;
    }
  }
  return { onlyBefore, onlyAfter };
}

/** Length of the longest common subsequence of the rests from each pair of places. */
function commonLengths(before: readonly string[], after: readonly string[]): readonly Uint32Array[] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  for (let one = before.length - 1; one >= 0; one -= 1) {
    for (let other = after.length - 1; other >= 0; other -= 1) {
      const row = lengths[one];
      if (row === undefined) continue;
      row[other] =
        before[one] === after[other]
          ? lengthAt(lengths, one + 1, other + 1) + 1
          : Math.max(lengthAt(lengths, one + 1, other), lengthAt(lengths, one, other + 1));
    }
  }
  return lengths;
}

function lengthAt(lengths: readonly Uint32Array[], one: number, other: number): number {
  return lengths[one]?.[other] ?? 0;
}

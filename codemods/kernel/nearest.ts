// The name that is most like a misspelt one.

/** Insertions, deletions and changes that turn `a` into `b`. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [i, char] of Array.from(a).entries()) {
    const next = [i + 1];
    for (const [j, other] of Array.from(b).entries()) {
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (char === other ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The nearest of `known`, when at most half of the longer name differs (names are compared without regard to case). */
export function nearestOf(name: string, known: Iterable<string>): string | undefined {
  let best: { readonly name: string; readonly far: number } | undefined;
  for (const other of known) {
    const far = distance(name.toLowerCase(), other.toLowerCase());
    if (far * 2 > Math.max(name.length, other.length)) continue;
    if (best === undefined || far < best.far) best = { name: other, far };
  }
  return best?.name;
}

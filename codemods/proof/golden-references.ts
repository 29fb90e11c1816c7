// Within a golden, what a further schedule has in common with the first block of its case: `& 1-6, 9` stands for those lines of it.

/** No line of a trace looks like this: an effect has parentheses, the others begin with their own sign. */
const reference = /^& \d+(?:-\d+)?(?:, \d+(?:-\d+)?)*$/;

/** `lines` as a difference to `first`: runs of its lines by number (from 1), in the order they come in; other lines as they are. */
export function writeReferences(lines: readonly string[], first: readonly string[]): readonly string[] {
  const written: string[] = [];
  let runs: Run[] = [];
  const flush = (): void => {
    if (runs.length > 0) written.push(`& ${runs.map(runText).join(', ')}`);
    runs = [];
  };
  const places = placesIn(lines, first);
  for (const [at, line] of lines.entries()) {
    const place = places[at];
    const last = runs.at(-1);
    if (place === undefined) {
      flush();
      written.push(line);
    } else if (last !== undefined && last.to === place - 1) last.to = place;
    else runs.push({ from: place, to: place });
  }
  flush();
  return written;
}

interface Run {
  readonly from: number;
  to: number;
}

function runText({ from, to }: Run): string {
  return from === to ? String(from) : `${from}-${to}`;
}

/** Of each line, which line of `first` it is (from 0); of equal ones, the next in turn or the first that no other stands for. */
function placesIn(lines: readonly string[], first: readonly string[]): readonly (number | undefined)[] {
  const used = new Set<number>();
  let previous = -1;
  return lines.map((line) => {
    const place = first[previous + 1] === line ? previous + 1 : firstPlace(line, first, used);
    if (place === undefined) return undefined;
    used.add(place);
    previous = place;
    return place + 1;
  });
}

function firstPlace(line: string, first: readonly string[], used: ReadonlySet<number>): number | undefined {
  const free = first.findIndex((each, at) => each === line && !used.has(at));
  const place = free === -1 ? first.indexOf(line) : free;
  return place === -1 ? undefined : place;
}

/** The inverse. Throws a RangeError for a line that `first` does not have. */
export function followReferences(lines: readonly string[], first: readonly string[]): readonly string[] {
  return lines.flatMap((line) => (reference.test(line) ? linesAt(line, first) : [line]));
}

function linesAt(line: string, first: readonly string[]): readonly string[] {
  return line
    .slice('& '.length)
    .split(', ')
    .flatMap((run) => {
      const [from = 0, to = from] = run.split('-').map(Number);
      if (from < 1 || to < from || to > first.length) {
        throw new RangeError(
          `${JSON.stringify(line)} names the lines ${run}; expected lines of the case's first block, which has ${first.length}.`,
        );
      }
      return first.slice(from - 1, to);
    });
}

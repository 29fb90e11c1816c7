// What several texts have in common, word by word: the constant parts of a message and the holes between them.

/** A constant text, or a hole with the text of each of the inputs. */
export type TextPart = string | readonly string[];

/** A common part shorter than this (in letters) is left inside the hole: it would tear a sentence apart. */
const LEAST_COMMON_LETTERS = 4;

function wordsOf(text: string): readonly string[] {
  return text.match(/\s+|[\w$]+|[^\w$\s]/g) ?? [];
}

/** For each text where its part of the common subsequence stands. */
function commonPositions(texts: readonly (readonly string[])[]): readonly (readonly number[])[] {
  const [first, ...others] = texts;
  if (first === undefined) return [];
  let common = first.map((word, at) => ({ word, at: [at] }));
  for (const other of others) {
    const pairs = commonPairs(
      common.map((each) => each.word),
      other,
    );
    common = pairs.flatMap(([here, there]) => {
      const each = common[here];
      return each === undefined ? [] : [{ word: each.word, at: [...each.at, there] }];
    });
  }
  return common.map((each) => each.at);
}

function commonPairs(a: readonly string[], b: readonly string[]): readonly (readonly [number, number])[] {
  const best: number[][] = Array.from({ length: a.length + 1 }, () => Array.from({ length: b.length + 1 }, () => 0));
  for (let row = a.length - 1; row >= 0; row -= 1) {
    for (let column = b.length - 1; column >= 0; column -= 1) {
      const line = best[row];
      const diagonal = (best[row + 1]?.[column + 1] ?? 0) + 1;
      const skip = Math.max(best[row + 1]?.[column] ?? 0, line?.[column + 1] ?? 0);
      if (line !== undefined) line[column] = a[row] === b[column] ? diagonal : skip;
    }
  }
  const pairs: [number, number][] = [];
  for (let row = 0, column = 0; row < a.length && column < b.length;) {
    if (a[row] === b[column]) pairs.push([row++, column++]);
    else if ((best[row + 1]?.[column] ?? 0) >= (best[row]?.[column + 1] ?? 0)) row += 1;
    else column += 1;
  }
  return pairs;
}

/** Runs of neighbouring common words, as word ranges of each text; runs with too few letters are dropped. */
function commonRuns(words: readonly (readonly string[])[]): readonly (readonly (readonly [number, number])[])[] {
  const runs: [number, number][][] = [];
  for (const at of commonPositions(words)) {
    const last = runs.at(-1);
    const follows = last !== undefined && last.every(([, end], text) => end === at[text]);
    if (follows) for (const range of last) range[1] += 1;
    else runs.push(at.map((position) => [position, position + 1]));
  }
  return runs.filter((run) => {
    const [start, end] = run[0] ?? [0, 0];
    const letters = (words[0] ?? [])
      .slice(start, end)
      .join('')
      .replaceAll(/[^\p{L}]/gu, '').length;
    const atEdge = run.every(([from]) => from === 0) || run.every(([, to], text) => to === words[text]?.length);
    return letters >= LEAST_COMMON_LETTERS || atEdge;
  });
}

/** Splits the texts into common parts and holes. Joined, the parts of each text give that text again. */
export function splitWords(texts: readonly string[]): readonly TextPart[] {
  const words = texts.map(wordsOf);
  const parts: TextPart[] = [];
  const from = words.map(() => 0);
  const hole = (to: readonly number[]): void => {
    const cells = words.map((each, text) => each.slice(from[text], to[text]).join(''));
    if (cells.some((cell) => cell !== '')) parts.push(cells);
  };
  for (const run of commonRuns(words)) {
    hole(run.map(([start]) => start));
    const [start, end] = run[0] ?? [0, 0];
    parts.push((words[0] ?? []).slice(start, end).join(''));
    for (const [text, [, to]] of run.entries()) from[text] = to;
  }
  hole(words.map((each) => each.length));
  return parts;
}

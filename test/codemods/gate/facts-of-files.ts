// Facts of files and verdicts over them, made of few figures, for the tests of what is drawn and written.
import type { FileFacts } from '../../../codemods/gate/facts.ts';
import { totalOf } from '../../../codemods/gate/facts.ts';
import type { Verdict } from '../../../codemods/gate/judge.ts';

/** A file with half of its lines coverable and so many of them covered. */
export function factsOf(file: string, lines: number, covered: number, change: Partial<FileFacts> = {}): FileFacts {
  const coverable = Math.floor(lines / 2);
  return {
    file,
    lines,
    codeLines: lines,
    coverable,
    covered,
    openLines: [],
    branches: 4,
    coveredBranches: 2,
    functions: 2,
    coveredFunctions: 1,
    statements: coverable,
    coveredStatements: covered,
    unknown: [],
    tests: 3,
    exempt: undefined,
    ...change,
  };
}

/** A verdict that passes over these files, unless it is changed. */
export function verdictOf(files: readonly FileFacts[], change: Partial<Verdict> = {}): Verdict {
  return { pass: true, failures: [], waived: [], floors: [], files, total: totalOf(files), notes: [], ...change };
}

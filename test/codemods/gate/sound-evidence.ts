// Evidence of a project of two files that passes the gate, and small changes of it.
import type { FileCoverage } from '../../../codemods/gate/coverage-model.ts';
import { measureOf } from '../../../codemods/gate/coverage-model.ts';
import type { SourceFacts } from '../../../codemods/gate/facts.ts';
import type { Evidence } from '../../../codemods/gate/judge.ts';
import { judge } from '../../../codemods/gate/judge.ts';
import { parseConfig } from '../../../codemods/gate/parse-config.ts';

export interface CoverageShape {
  /** Lines of the ten coverable ones that nothing ran on. */
  readonly open?: readonly number[];
  /** Of four arms. */
  readonly coveredArms?: number;
  /** Of two functions. */
  readonly coveredFunctions?: number;
  readonly lastLine?: number;
}

function hits(total: number, isOpen: (line: number) => boolean): FileCoverage['lines'] {
  return measureOf(Array.from({ length: total }, (_, at) => ({ line: at + 1, count: isOpen(at + 1) ? 0 : 1 })));
}

/** Ten coverable lines, four arms, two functions, ten statements: all covered unless `shape` says otherwise. */
export function covered(path: string, shape: CoverageShape = {}): FileCoverage {
  const { open = [], coveredArms = 4, coveredFunctions = 2, lastLine = 20 } = shape;
  const lines = hits(10, (line) => open.includes(line));
  return {
    path,
    lines,
    branches: hits(4, (arm) => arm > coveredArms),
    functions: hits(2, (each) => each > coveredFunctions),
    statements: lines,
    lastLine,
  };
}

export const config = parseConfig({
  include: ['src/**/*.ts'],
  tests: [{ sources: 'src', tests: 'test' }],
  floors: [{ under: 'src', lines: 90, branches: 80 }],
});

/** A source file of twenty lines, fifteen of them code. */
export function source(file: string, change: Partial<SourceFacts> = {}): SourceFacts {
  const facts = {
    lines: 20,
    codeLines: 15,
    emptyLines: [],
    statementLines: [1, 2, 3],
    functions: [],
    inlineTests: [],
    hash: `hash of ${file}`,
  };
  return { file, modifiedMs: 1_000, ...facts, ...change };
}

/** A project of two files that passes. */
export const sound: Evidence = {
  config,
  sources: [source('src/a.ts'), source('src/store/b.ts')],
  tests: [
    { file: 'test/a.test.ts', cases: 2 },
    { file: 'test/store/b.pg.test.ts', cases: 3 },
    { file: 'test/store/b.test.ts', cases: 1 },
    { file: 'test/store/b-other.test.ts', cases: 50 },
  ],
  coverage: new Map([
    ['src/a.ts', covered('/p/src/a.ts')],
    ['src/store/b.ts', covered('/p/src/store/b.ts')],
  ]),
  reportModifiedMs: 1_000,
  notes: [],
  stamps: [],
  acceptUnstamped: false,
  root: '/p',
  commit: null,
  orphans: [],
  dead: [],
  today: '2026-01-15',
};

export function withCoverage(file: string, change: CoverageShape): Evidence {
  return { ...sound, coverage: new Map([...sound.coverage, [file, covered(file, change)]]) };
}

export const codesOf = (evidence: Evidence): readonly string[] => judge(evidence).failures.map((failure) => failure.code);

export const messagesOf = (evidence: Evidence): string =>
  judge(evidence)
    .failures.map((failure) => failure.message)
    .join('\n');

// Code before and after a change, with what ran of it, measured: for examples and for properties.
import type { ChangeReport } from '../../../../codemods/gate/changes/change-report.ts';
import { measureChange } from '../../../../codemods/gate/changes/change-report.ts';
import type { FileCoverage } from '../../../../codemods/gate/coverage-model.ts';
import { measureOf } from '../../../../codemods/gate/coverage-model.ts';
import type { Inventory, SourceFacts } from '../../../../codemods/gate/facts.ts';
import { parseConfig } from '../../../../codemods/gate/parse-config.ts';
import { textFacts } from '../../../../codemods/gate/source-facts.ts';

/** Lines of a file. What ends in `// +` ran, what ends in `// -` did not, anything else cannot be covered. */
export type MarkedFiles = Readonly<Record<string, readonly string[]>>;

const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** The coverage that the marks say; each line that can be covered has one arm too. */
export function coverageOf(file: string, lines: readonly string[]): FileCoverage {
  const hits = lines.flatMap((line, at) => {
    const [, mark] = /\/\/ ([+-])$/.exec(line) ?? [];
    return mark === undefined ? [] : [{ line: at + 1, count: mark === '+' ? 1 : 0 }];
  });
  const measure = measureOf(hits);
  return { path: file, lines: measure, branches: measure, functions: undefined, statements: undefined, lastLine: 0 };
}

function factsOf(file: string, lines: readonly string[]): SourceFacts {
  return { file, modifiedMs: 0, ...textFacts(file, textOf(lines)) };
}

export interface ChangeSetting {
  readonly config?: Readonly<Record<string, unknown>>;
  /** Without it the coverage of the base is given. */
  readonly withoutBase?: true;
  readonly testsBefore?: Readonly<Record<string, string>>;
  readonly testsNow?: Readonly<Record<string, string>>;
}

function inventoryOf(now: MarkedFiles, { config, testsNow = {} }: ChangeSetting): Inventory {
  return {
    config: parseConfig({
      include: ['src/**'],
      tests: [{ sources: 'src', tests: 'test' }],
      floors: [{ under: '.', lines: 0, branches: 0 }],
      ...config,
    }),
    sources: Object.entries(now).map(([file, lines]) => factsOf(file, lines)),
    tests: Object.entries(testsNow).map(([file, text]) => ({ file, cases: text.split('it(').length - 1 })),
    coverage: new Map(Object.entries(now).map(([file, lines]) => [file, coverageOf(file, lines)])),
  };
}

/** Measures the change from `before` to `now`; files that are the same are not compared, as the gate has it. */
export function changeOf(before: MarkedFiles, now: MarkedFiles, setting: ChangeSetting = {}): ChangeReport {
  const unmarked = (lines: readonly string[] | undefined): string | undefined =>
    lines && textOf(lines).replaceAll(/ \/\/ [+-]$/gm, '');
  const isOther = ([file]: readonly [string, unknown]): boolean => unmarked(before[file]) !== unmarked(now[file]);
  const texts = (files: MarkedFiles) =>
    Object.entries(files)
      .filter(isOther)
      .map(([file, lines]) => ({ file, text: textOf(lines) }));
  const plain = (files: Readonly<Record<string, string>> = {}) => Object.entries(files).map(([file, text]) => ({ file, text }));
  const coverage = {
    files: new Map(Object.entries(before).map(([file, lines]) => [file, coverageOf(file, lines)])),
    facts: new Map(Object.entries(before).map(([file, lines]) => [file, factsOf(file, lines)])),
  };
  return measureChange(inventoryOf(now, setting), {
    ref: 'main',
    commit: '0123456789abcdef',
    sources: { base: texts(before), present: texts(now) },
    tests: { base: plain(setting.testsBefore), present: plain(setting.testsNow) },
    notes: [],
    ...(setting.withoutBase === undefined && { coverage }),
  });
}

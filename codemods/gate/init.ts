// `refit gate init`: a first configuration out of what a project has and what its report says today.
import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { listFiles } from '../kernel/list-files.ts';
import { RefitError } from '../kernel/refit-error.ts';
import { defaultCeilingLines, defaultReport } from './config.ts';
import type { Totals } from './facts.ts';
import { gatherFacts, percentOf, totalOf } from './facts.ts';
import { skippedTests, withoutAssertion } from './inventory/rules-inventory.ts';
import { withoutEmptyLines } from './line-reports.ts';
import { parseConfig } from './parse-config.ts';
import { readFacts } from './read-facts.ts';
import { readReports } from './read-project.ts';
import { writeText } from './write-text.ts';

export interface InitOptions {
  readonly cwd: string;
  /** Where the configuration goes, relative to the working directory. */
  readonly config: string;
  readonly report?: string;
}

interface Layout {
  readonly sources: string;
  readonly tests: string;
}

/** The first usual folder that holds files; the project itself when none does. */
function firstWith(root: string, folders: readonly string[], name: string): string {
  return folders.find((folder) => existsSync(join(root, folder)) && listFiles(root, [`${folder}/**/${name}`]).length > 0) ?? '.';
}

function layoutOf(root: string): Layout {
  const sources = firstWith(root, ['src', 'lib', 'app', 'packages'], '*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}');
  const tests = firstWith(root, ['test', 'tests', '__tests__', 'spec'], '*.{test,spec}.{ts,tsx,mts,cts,js,jsx,mjs,cjs}');
  return { sources, tests: tests === '.' ? sources : tests };
}

/** Rounded down, so that today's own report passes; 0 where there is nothing to cover yet. */
function floorOf(covered: number, total: number): number {
  return total === 0 ? 0 : Math.floor(percentOf(covered, total));
}

/** Only code and tests: a configuration in the folder itself is no source. */
function includeOf(sources: string): string {
  return `${sources === '.' ? '' : `${sources}/`}**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}`;
}

/** What a project is like on its first day: all of it passes. */
interface Today {
  readonly total: Totals;
  /** Lines of the longest file. */
  readonly longest: number;
  readonly withoutAssertion: number;
  readonly skipped: number;
  readonly orphaned: number;
}

/** The text of the configuration. */
export function initialConfig(layout: Layout, today: Today, report: string): string {
  const { total, longest } = today;
  const figures = [
    `lines: ${floorOf(total.covered, total.coverable)}`,
    `branches: ${floorOf(total.coveredBranches, total.branches)}`,
    `functions: ${floorOf(total.coveredFunctions, total.functions)}`,
  ];
  const allowed = [
    `withoutAssertion: ${today.withoutAssertion}`,
    `skipped: ${today.skipped}`,
    ...(today.orphaned === 0 ? [] : [`orphaned: ${today.orphaned}`]),
  ];
  const text = (value: string): string => `'${value.replaceAll("'", "\\'")}'`;
  return `// What the gate asks of this project: run the tests with coverage, then \`npx refit gate\`.
import { defineCoverageReport } from 'tasker-refit/gate';

export default defineCoverageReport({
  report: ${text(report)},
  include: [${text(includeOf(layout.sources))}],
  tests: [{ sources: ${text(layout.sources)}, tests: ${text(layout.tests)} }],
  // Measured on the first day, rounded down. Raise them, or let \`npx refit gate ratchet\` do it.
  floors: [{ under: '.', ${figures.join(', ')} }],
  ceilings: [{ under: '.', lines: ${Math.max(defaultCeilingLines, longest)} }],
  // Tests that assert nothing, and tests that are skipped without a reason: as many as there are today, never more.
  inventory: { ${allowed.join(', ')} },
  ratchet: 'coverage-ratchet.json',
});
`;
}

/** What was written, and what will keep the gate from passing although today's figures are its floors. */
export interface Initialised {
  /** Of the configuration, absolute. */
  readonly path: string;
  /** Source files that the report does not have, sorted. */
  readonly unreported: readonly string[];
}

/**
 * Writes the first configuration.
 * @throws RefitError GATE_CONFIG_EXISTS, GATE_NO_FILES or GATE_REPORT_*.
 */
export async function runInit(options: InitOptions): Promise<Initialised> {
  const path = resolve(options.cwd, options.config);
  if (existsSync(path)) {
    throw new RefitError('GATE_CONFIG_EXISTS', `${path} is there already. Edit it, or name another one with --config.`);
  }
  const root = resolve(path, '..');
  const layout = layoutOf(root);
  const report = options.report === undefined ? defaultReport : relative(root, resolve(options.cwd, options.report));
  const include = [includeOf(layout.sources)];
  const config = parseConfig({ include, tests: [layout], floors: [{ under: '.', lines: 0, branches: 0 }] });
  const { sources, tests, orphans, inventory } = await readFacts(root, config);
  if (sources.length === 0) {
    throw new RefitError('GATE_NO_FILES', `There is no source file under ${root}. Run it in the folder of a TypeScript project.`);
  }
  const { coverage } = withoutEmptyLines(readReports(root, [resolve(root, report)]).coverage, sources);
  const facts = gatherFacts({ config, sources, tests, coverage });
  const longest = sources.reduce((most, source) => Math.max(most, source.lines), 0);
  const today: Today = {
    total: totalOf(facts),
    longest,
    withoutAssertion: withoutAssertion(inventory, config).length,
    skipped: skippedTests(inventory).length,
    orphaned: orphans.length,
  };
  writeText(path, initialConfig(layout, today, report.replaceAll('\\', '/')));
  return { path, unreported: sources.map(({ file }) => file).filter((file) => !coverage.has(file)) };
}

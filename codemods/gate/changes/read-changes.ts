// Gathers what has changed since the merge base, the working tree included: texts before and now, and the base's coverage.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { amongProjectFiles } from '../../kernel/list-files.ts';
import { RefitError } from '../../kernel/refit-error.ts';
import type { CoverageReportConfig } from '../config.ts';
import type { Inventory, SourceFacts } from '../facts.ts';
import { mergeBase } from '../git-state.ts';
import { rolesAmong } from '../project-files.ts';
import { textFacts } from '../source-facts.ts';
import type { BaseFile } from './base-coverage.ts';
import { readBaseCoverage } from './base-coverage.ts';
import type { BaseTree } from './base-tree.ts';
import { baseTexts, baseTree, contentHash } from './base-tree.ts';
import type { ChangeEvidence, ChangedTexts } from './change-evidence.ts';
import type { ChangeReport } from './change-report.ts';
import { measureChange } from './change-report.ts';
import type { SourceText } from './trace-lines.ts';

export interface ChangeOptions {
  /** Absolute folder of the configuration. */
  readonly root: string;
  readonly cwd: string;
  /** Commit or branch; the configuration's when absent. */
  readonly base?: string;
  /** Reports of the base's coverage, relative to `cwd`. */
  readonly baseCoverage: readonly string[];
  readonly acceptUnstamped: boolean;
}

function baseNamed(config: CoverageReportConfig, base: string | undefined): string {
  const named = base ?? config.changed?.base;
  if (named !== undefined) return named;
  const message =
    'Changed lines are asked for, and nothing says since when. Name the branch this one left with --base, or as `changed.base` in the configuration.';
  throw new RefitError('GATE_BASE_UNNAMED', message);
}

/** Files of one role, by name. */
interface Group {
  readonly present: readonly string[];
  readonly base: readonly string[];
}

/** Byte order mark and the line ends of Windows are the checkout's business. */
const plain = (text: string): string => text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');

interface Read {
  readonly root: string;
  readonly tree: BaseTree;
}

/** Files of a group that are other than in the base, with both texts; those that only one side has are among them. */
function changedTexts({ root, tree }: Read, { present, base: inBase }: Group): ChangedTexts {
  const now = new Map<string, SourceText>();
  for (const file of present) {
    const content = readFileSync(join(root, file));
    const known = tree.get(file);
    if (known !== undefined && contentHash(content, known) === known) continue;
    now.set(file, { file, text: content.toString('utf8') });
  }
  const listed = new Set(present);
  const before = [...new Set([...inBase, ...now.keys()])].flatMap((file) => {
    const hash = listed.has(file) && !now.has(file) ? undefined : tree.get(file);
    return hash === undefined ? [] : [{ file, hash }];
  });
  const texts = baseTexts(root, [...new Set(before.map(({ hash }) => hash))]);
  const base = before.map(({ file, hash }) => ({ file, text: texts.get(hash) ?? '' }));
  const isSame = ({ file, text }: SourceText): boolean => plain(now.get(file)?.text ?? '') === plain(text) && now.has(file);
  const same = new Set(base.filter(isSame).map(({ file }) => file));
  const differs = ({ file }: SourceText): boolean => !same.has(file);
  return { base: base.filter(differs), present: [...now.values()].filter(differs) };
}

/** Facts of each source file of the base: those of today where it is the same. */
function baseFiles(sources: readonly SourceFacts[], { base, present }: ChangedTexts): ReadonlyMap<string, BaseFile> {
  const touched = new Set(present.map((each) => each.file));
  const same = sources.filter(({ file }) => !touched.has(file)).map((source) => [source.file, source] as const);
  return new Map<string, BaseFile>([...same, ...base.map(({ file, text }) => [file, textFacts(file, text)] as const)]);
}

function requireLines(inventory: Inventory, { present }: ChangedTexts): void {
  const summed = present.find(
    ({ file }) => inventory.coverage.has(file) && inventory.coverage.get(file)?.lines.hits === undefined,
  );
  if (summed === undefined) return;
  const message = `The coverage report has sums and no lines of ${summed.file}: changed lines cannot be judged by it. Write coverage-final.json or lcov.`;
  throw new RefitError('GATE_CHANGED_UNKNOWN', message);
}

/**
 * What has changed since the merge base of the named base and HEAD.
 * @throws RefitError GATE_BASE_*, GATE_BASE_COVERAGE_*, GATE_CHANGED_UNKNOWN.
 */
export function readChanges(inventory: Inventory, options: ChangeOptions): ChangeEvidence {
  const { config, sources, tests } = inventory;
  const ref = baseNamed(config, options.base);
  const commit = mergeBase(options.root, ref);
  const read: Read = { root: options.root, tree: baseTree(options.root, commit) };
  const inBase = rolesAmong(amongProjectFiles([...read.tree.keys()]), config);
  const changed = changedTexts(read, { present: sources.map(({ file }) => file), base: inBase.sources });
  requireLines(inventory, changed);
  const evidence = {
    ref,
    commit,
    sources: changed,
    tests: changedTexts(read, { present: tests.map(({ file }) => file), base: inBase.tests }),
  };
  const { root, baseCoverage, acceptUnstamped } = options;
  if (baseCoverage.length === 0) return { ...evidence, notes: [] };
  const paths = baseCoverage.map((path) => resolve(options.cwd, path));
  const files = baseFiles(sources, changed);
  const { coverage, notes } = readBaseCoverage({ paths, commit, root, files, acceptUnstamped });
  return { ...evidence, notes, coverage: { files: coverage, facts: files } };
}

/** What has changed, measured; throws as `readChanges` does. */
export function readChange(inventory: Inventory, options: ChangeOptions): ChangeReport {
  return measureChange(inventory, readChanges(inventory, options));
}

// The modules that the plan of TAS-63 extracts with the tests that are about them, and the stored result of mutating them.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { listFiles } from '../../../codemods/kernel/list-files.ts';
import { RefitError } from '../../../codemods/kernel/refit-error.ts';
import { mutantsOf } from '../../../codemods/proof/mutants.ts';
import type { MutantResult } from '../../../codemods/proof/run-mutants.ts';
import { goldenFolder } from './controls.ts';
import { equivalentModuleMutants } from './equivalent-module-mutants.ts';
import type { Survivor, SubjectMutation } from './mutation-record.ts';
import type { ModuleUnderTest } from './run-module-mutants.ts';
import { beforeRoot } from './system.ts';

export const afterRoot = join(import.meta.dirname, '../../../fixtures/tas-63/after/packages/orchestration');
const recordPath = join(goldenFolder, 'module-mutation.json');
const mutators = ['run-module-mutants.ts', '../../../codemods/proof/mutants.ts'].map((path) => join(import.meta.dirname, path));

export interface ExtractedModule extends ModuleUnderTest {
  /** Path below the root of the package. */
  readonly name: string;
}

/** Modules that `after` has and `before` has not, as far as there is anything to mutate in them. Each has one test by its own name. */
export function extractedModules(): readonly ExtractedModule[] {
  const isNew = (name: string): boolean => !name.endsWith('.test.ts') && !existsSync(join(beforeRoot, name));
  return listFiles(afterRoot, ['src/**/*.ts'])
    .filter(isNew)
    .map(moduleOf)
    .filter(({ path, text }) => mutantsOf(path, text, () => true).length > 0);
}

function moduleOf(name: string): ExtractedModule {
  const path = join(afterRoot, name);
  return { name, root: afterRoot, path, text: readFileSync(path, 'utf8'), tests: [testOf(name)] };
}

function testOf(name: string): string {
  return join(afterRoot, 'test', `${basename(name, '.ts')}.test.ts`);
}

/** Hash of all that decides the score: the module, its tests, and what makes and runs the mutants. */
export function sourcesOfModule({ name, text, tests }: ExtractedModule): string {
  const missing = tests.find((path) => !existsSync(path));
  if (missing !== undefined)
    throw new RefitError(
      'PROOF_MODULE_TESTS',
      `${name} has no test of its own: expected ${missing}. Write it, and let the plan add it.`,
    );
  const texts = [text, ...[...tests, ...mutators].map((path) => readFileSync(path, 'utf8'))];
  return createHash('sha256').update(texts.join('\n\u0000')).digest('hex').slice(0, 16);
}

/** The hash that each extracted module would be measured with now. */
export function moduleSources(): ReadonlyMap<string, string> {
  return new Map(extractedModules().map((each) => [each.name, sourcesOfModule(each)]));
}

export function readModuleRecord(): readonly SubjectMutation[] {
  try {
    return JSON.parse(readFileSync(recordPath, 'utf8')) as readonly SubjectMutation[];
  } catch {
    return [];
  }
}

export function writeModuleRecord(record: readonly SubjectMutation[]): void {
  writeFileSync(recordPath, `${JSON.stringify(record, undefined, 2)}\n`);
}

/** A survivor of a module with the reason that stands in the list of equivalent mutants. */
export function moduleSurvivorOf({ name, text }: ExtractedModule, { mutant }: MutantResult): Survivor {
  const line = (text.split('\n')[mutant.line - 1] ?? '').trim();
  const reason = equivalentModuleMutants.find(
    (each) => each.path === name && each.kind === mutant.kind && each.line === line,
  )?.reason;
  return { path: name, line: mutant.line, kind: mutant.kind, text: line, ...(reason === undefined ? {} : { reason }) };
}

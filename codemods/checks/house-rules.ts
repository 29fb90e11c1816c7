// The house rules of this repository together, with their exceptions, each with its reason.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listFiles } from '../kernel/list-files.ts';
import { assertionsRule } from './assertions.ts';
import { ceilingsRule } from './ceilings.ts';
import { domainPurityRule } from './domain-purity.ts';
import { escapeHatchesRule } from './escape-hatches.ts';
import type { Exception } from './exceptions.ts';
import { fileHeadsAndNamesRule } from './file-heads-and-names.ts';
import type { Finding, HouseFile, HouseRule } from './house-file.ts';
import { houseFile } from './house-file.ts';
import { importCyclesRule } from './import-cycles.ts';
import { layersRule } from './layers.ts';
import { lockFreeStatisticsRule } from './lock-free-statistics.ts';
import { noSleepingTestsRule } from './no-sleeping-tests.ts';
import { noTreeMutationRule } from './no-tree-mutation.ts';
import { placesOfSqlRule } from './places-of-sql.ts';
import { writersOfFilesRule } from './writers-of-files.ts';

export const houseRules: Readonly<Record<string, HouseRule>> = {
  assertions: assertionsRule,
  ceilings: ceilingsRule,
  'domain-purity': domainPurityRule,
  'escape-hatches': escapeHatchesRule,
  'file-heads-and-names': fileHeadsAndNamesRule,
  'import-cycles': importCyclesRule,
  layers: layersRule(),
  'lock-free-statistics': lockFreeStatisticsRule,
  'no-sleeping-tests': noSleepingTestsRule,
  'no-tree-mutation': noTreeMutationRule,
  'places-of-sql': placesOfSqlRule,
  'writers-of-files': writersOfFilesRule,
};

/** Where a rule does not hold, and why; one that excepts nothing fails the check. */
export const houseExceptions: readonly Exception[] = [
  {
    rule: 'escape-hatches',
    path: 'test/helpers/coverage-provider.ts',
    about: 'default export',
    reason: 'vitest loads a coverage provider by its default export',
  },
  {
    rule: 'escape-hatches',
    path: 'test/helpers/project-seconds-reporter.ts',
    about: 'default export',
    reason: 'vitest loads a reporter by its default export',
  },
  {
    rule: 'no-sleeping-tests',
    path: 'test/runtime/database/until.ts',
    reason: 'asks operating-system processes, which announce nothing, until they are gone or there; it fails at a deadline',
  },
];

/** The files the rules are about; fixtures are legacy code and exempt. */
export const houseGlobs = ['{src,codemods,test,bench,examples,scripts}/**/*.{ts,mjs}', '*.config.ts'];

export function readHouse(root: string): readonly HouseFile[] {
  return listFiles(root, houseGlobs).map((path) => houseFile(path, readFileSync(join(root, path), 'utf8')));
}

export function findingsOf(rules: Readonly<Record<string, HouseRule>>, files: readonly HouseFile[]): readonly Finding[] {
  return Object.values(rules).flatMap((rule) => rule(files));
}

/** `path:line  rule: what was found and what to do`. */
export function describeFinding({ path, line, rule, message }: Finding): string {
  return `${path}:${line}  ${rule}: ${message}`;
}

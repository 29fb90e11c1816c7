// What the plan of TAS-63 makes of the tree before it, and the golden tree it is to give.
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect } from 'vitest';
import { listFiles } from '../../codemods/kernel/list-files.ts';
import type { Workspace } from '../../codemods/kernel/workspace.ts';
import { executePlan } from '../../codemods/plan/execute-plan.ts';
import { tas63 } from '../../codemods/plans/tas-63.ts';
import { untouchedTas63 } from '../helpers/tas-63-workspace.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/tas-63');

/** What a checkout holds: tests and builds of the trees write beside it. */
function filesOf(root: string): readonly string[] {
  return listFiles(root, ['**/*']).filter((path) => !/(?:^|\/)(?:coverage|node_modules)\//.test(path));
}

/** Every file of the tree before, with the changes of the run. */
function resultOf(workspace: Workspace): Readonly<Record<string, string>> {
  const root = join(fixtures, 'before');
  const texts = new Map(filesOf(root).map((path) => [path, readFileSync(join(root, path), 'utf8')]));
  for (const [path, text] of workspace.changes()) {
    if (text === null) texts.delete(relative(root, path));
    else texts.set(relative(root, path), text);
  }
  return Object.fromEntries([...texts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function goldenResult(): Readonly<Record<string, string>> {
  const root = join(fixtures, 'after');
  return Object.fromEntries(filesOf(root).map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}

/** Runs the whole plan on the tree before and compares every file, byte for byte. */
export async function expectGolden(seed?: number): Promise<void> {
  const { workspace, baseline } = untouchedTas63();
  const records = await executePlan(workspace, tas63, { baseline, ...(seed !== undefined && { seed }) });
  expect(records.map(({ id, status, failure }) => `${id} ${status} ${failure?.message ?? ''}`.trim())).toEqual(
    records.map(({ id }) => `${id} done`),
  );
  const [result, expected] = [resultOf(workspace), goldenResult()];
  expect(Object.keys(result)).toEqual(Object.keys(expected));
  // Names first: a difference of whole texts would fill the screen.
  expect(Object.keys(expected).filter((path) => result[path] !== expected[path])).toEqual([]);
}

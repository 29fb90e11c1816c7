// The plan of TAS-63 gives the golden result, byte for byte, in whatever order its dependencies allow.
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { listFiles } from '../../codemods/kernel/list-files.ts';
import type { Snapshot, Workspace } from '../../codemods/kernel/workspace.ts';
import type { DiagnosticBaseline } from '../../codemods/kernel/diagnostics.ts';
import { executePlan, requireCompiling } from '../../codemods/plan/execute-plan.ts';
import { tas63 } from '../../codemods/plans/tas-63.ts';
import { loadTas63 } from '../helpers/tas-63-workspace.ts';

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

function golden(): Readonly<Record<string, string>> {
  const root = join(fixtures, 'after');
  return Object.fromEntries(filesOf(root).map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}

/** Loaded and checked once; every order starts from the texts of the disk again. */
let workspace: Workspace;
let untouched: Snapshot;
let baseline: DiagnosticBaseline;

beforeAll(() => {
  workspace = loadTas63();
  untouched = workspace.changes();
  baseline = requireCompiling(workspace);
});

describe('the plan of TAS-63', () => {
  it.each([undefined, 1, 2, 3])('gives the golden result (seed of the order: %s)', async (seed) => {
    workspace.restore(untouched);
    const records = await executePlan(workspace, tas63, { baseline, ...(seed !== undefined && { seed }) });
    expect(records.map(({ id, status, failure }) => `${id} ${status} ${failure?.message ?? ''}`.trim())).toEqual(
      records.map(({ id }) => `${id} done`),
    );
    const [result, expected] = [resultOf(workspace), golden()];
    expect(Object.keys(result)).toEqual(Object.keys(expected));
    // Names first: a difference of whole texts would fill the screen.
    expect(Object.keys(expected).filter((path) => result[path] !== expected[path])).toEqual([]);
  });
});

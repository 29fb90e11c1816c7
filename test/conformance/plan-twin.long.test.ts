// The plan of TAS-63 is about the shape of the code, not about its names or layout: on a twin of the code it gives the twin of the result.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { listFiles } from '../../codemods/kernel/list-files.ts';
import { Workspace } from '../../codemods/kernel/workspace.ts';
import { executePlan } from '../../codemods/plan/execute-plan.ts';
import { lintPlan } from '../../codemods/plan/lint-plan.ts';
import type { Plan } from '../../codemods/plan/plan.ts';
import { tas63 } from '../../codemods/plans/tas-63.ts';
import { untouchedTas63 } from '../helpers/tas-63-workspace.ts';
import { differenceBetween } from '../codemods/plan/twin/comparable.ts';
import { becomeTwin, renamingOf, type Renaming } from '../codemods/plan/twin/make-twin.ts';
import { twinPlan } from '../codemods/plan/twin/twin-plan.ts';
import { type Layout, renamedProse } from '../codemods/plan/twin/twin-source.ts';

const afterRoot = join(import.meta.dirname, '../../fixtures/tas-63/after');

/** The name of the method that lock-to-counters gives its class: the tests in the plan call it. */
const kept = new Set(['snapshot']);

/** Of the names that the code declares. */
const LEAST_SHARE_RENAMED = 0.75;

const layouts: readonly (readonly [name: string, layout: Layout])[] = [
  ['four spaces, double quotes, no last commas', { tabWidth: 4, singleQuote: false, trailingComma: 'none', newline: '\n' }],
  ['tabs, no semicolons, lines that end in CRLF', { useTabs: true, semi: false, singleQuote: true, newline: '\r\n' }],
];

let workspace: Workspace;
let renaming: Renaming;
let original: ReadonlyMap<string, string>;

function isCode(path: string): boolean {
  return path.endsWith('.ts') && !path.endsWith('.d.ts');
}

function codeOf(held: Workspace): ReadonlyMap<string, string> {
  const files = held.sourceFiles().filter((file) => isCode(file.getFilePath()));
  return new Map(files.map((file) => [held.relative(file.getFilePath()), file.getFullText()]));
}

function hasTwoLineEnds(text: string): boolean {
  return text.includes('\r\n') && /(?<!\r)\n/.test(text);
}

/** Code is compared with the names changed back, everything else as it is. */
function differenceFromGolden(path: string, result: string): string | undefined {
  const golden = readFileSync(join(afterRoot, path), 'utf8');
  if (isCode(path)) return differenceBetween(path, renamedProse(result, renaming.back), golden);
  return result === golden ? undefined : path;
}

/** What a checkout of the golden result holds: tests and builds of the tree write beside it. */
function goldenPaths(): readonly string[] {
  return listFiles(afterRoot, ['**/*']).filter((path) => !/(?:^|\/)(?:coverage|node_modules)\//.test(path));
}

beforeAll(() => {
  ({ workspace } = untouchedTas63());
  original = codeOf(workspace);
  const projects = tas63.projects.map((path) => join(afterRoot, path));
  renaming = renamingOf(workspace, Workspace.load(projects, afterRoot), kept);
});

describe.each(layouts)('on the twin with %s, the plan', (_, layout) => {
  let plan: Plan;

  beforeAll(async () => {
    workspace.restore(new Map());
    await becomeTwin(workspace, renaming, layout);
    plan = twinPlan(tas63, renaming.forth, workspace);
  });

  it('finds other names nearly everywhere, and no file like the original', () => {
    expect(renaming.names.size / renaming.declared).toBeGreaterThan(LEAST_SHARE_RENAMED);
    const twin = codeOf(workspace);
    expect([...twin.keys()]).toEqual([...original.keys()]);
    expect([...twin].filter(([path, text]) => original.get(path) === text).map(([path]) => path)).toEqual([]);
  });

  it('finds the original code, once the names are changed back', () => {
    const changed = [...codeOf(workspace)].map(([path, text]) =>
      differenceBetween(path, renamedProse(text, renaming.back), original.get(path) ?? ''),
    );
    expect(changed.filter((each) => each !== undefined)).toEqual([]);
  });

  it('lints clean', () => {
    expect(lintPlan(workspace, plan).findings).toEqual([]);
  });

  it('gives the golden result, once the names are changed back', async () => {
    const records = await executePlan(workspace, plan);
    expect(records.map(({ id, status, failure }) => `${id} ${status} ${failure?.message ?? ''}`.trim())).toEqual(
      plan.steps.map(({ id }) => `${id} done`),
    );
    const paths = goldenPaths();
    const wrong = paths.map((path) => differenceFromGolden(path, workspace.textOf(path) ?? ''));
    expect(wrong.filter((each) => each !== undefined)).toEqual([]);
    const result = [...codeOf(workspace)];
    expect(result.filter(([path]) => !paths.includes(path)).map(([path]) => path)).toEqual([]);
    expect(result.filter(([, text]) => hasTwoLineEnds(text)).map(([path]) => path)).toEqual([]);
  });
});

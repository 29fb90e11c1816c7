// Switches over results become switches over an outcome: same statements, same fields, or a refusal.
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { classifyAndSwitch } from '../../codemods/classify-and-switch.ts';
import { introduceOutcome } from '../../codemods/introduce-outcome.ts';
import { use } from '../../codemods/kernel/codemod.ts';
import { DiagnosticBaseline } from '../../codemods/kernel/diagnostics.ts';
import { ts } from '../../codemods/kernel/parse-source.ts';
import { Refusal } from '../../codemods/kernel/refusal.ts';
import { type OperationRecord, runOperation } from '../../codemods/kernel/run-operation.ts';
import type { Workspace } from '../../codemods/kernel/workspace.ts';
import { borrowedWorkspace } from './borrowed-workspace.ts';
import { untouchedOrchestration } from '../helpers/tas-63-workspace.ts';

const outcome = `export type Claimed =
  | { readonly kind: 'Done'; readonly at: number }
  | { readonly kind: 'Broken'; readonly error: string }
  | { readonly kind: 'Skipped'; readonly reason: string }
  | { readonly kind: 'Taken'; readonly reason: string; readonly by: string };
export type Outcome<Result> =
  | { readonly kind: 'Done'; readonly whole: Extract<Result, { readonly kind: 'Done' }> }
  | { readonly kind: 'Failed'; readonly why: string }
  | { readonly kind: 'Left'; readonly reason: string; readonly whole: Extract<Result, { readonly kind: 'Skipped' | 'Taken' }> };
export function outcomeOf(result: Claimed): Outcome<Claimed> {
  switch (result.kind) {
    case 'Done':
      return { kind: 'Done', whole: result };
    case 'Broken':
      return { kind: 'Failed', why: result.error };
    case 'Skipped':
    case 'Taken':
      return { kind: 'Left', reason: result.reason, whole: result };
  }
}
`;

const head = `import type { Claimed } from './outcome.ts';\n`;

function run(site: string, variable?: string): { readonly workspace: Workspace; readonly record: OperationRecord } {
  const workspace = borrowedWorkspace({ 'outcome.ts': outcome, 'a.ts': head + site });
  const options = { file: 'a.ts', in: 'text', outcome: 'outcome.ts', ...(variable === undefined ? {} : { variable }) };
  return {
    workspace,
    record: runOperation(workspace, use(classifyAndSwitch, options), { baseline: new DiagnosticBaseline(workspace) }),
  };
}

function after(site: string, variable?: string): string {
  return run(site, variable).workspace.textOf('a.ts') ?? '';
}

function refusal(site: string): string {
  try {
    run(site);
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown.code;
    throw thrown;
  }
  return 'not refused';
}

const results = [
  { kind: 'Done', at: 3 },
  { kind: 'Broken', error: 'e' },
  { kind: 'Skipped', reason: 'r' },
  { kind: 'Taken', reason: 's', by: 'b' },
];

/** What `text` answers to each result. */
function answersOf(site: string): unknown {
  const plain = (outcome + site).replaceAll('export ', '').replaceAll(/^import .*$/gm, '');
  const context = { input: results, output: '' };
  runInNewContext(
    `${ts.transpile(plain, { target: ts.ScriptTarget.ES2022 })}\noutput = JSON.stringify(input.map((each) => text(each) ?? null));`,
    context,
  );
  return JSON.parse(context.output);
}

function switchOver(clauses: string): string {
  return `export function text(claimed: Claimed): string {\n  let said = '';\n  switch (claimed.kind) {\n${clauses}\n  }\n  return said;\n}\n`;
}

describe('a switch over a result', () => {
  it.each([
    [
      'with a clause for each',
      switchOver(
        `    case 'Done':\n      said = String(claimed.at);\n      break;\n    case 'Broken':\n      return claimed.error;\n    case 'Skipped':\n    case 'Taken':\n      said = claimed.reason;\n      break;`,
      ),
    ],
    [
      'that falls through',
      switchOver(
        `    case 'Broken':\n      said = claimed.error;\n    case 'Skipped':\n    case 'Taken':\n      said += 'left';`,
      ),
    ],
    [
      'with a default',
      switchOver(
        `    case 'Broken': {\n      said = claimed.error;\n      break;\n    }\n    default:\n      said = claimed.kind;`,
      ).replace('said = claimed.kind', `said = 'other'`),
    ],
    [
      'that passes the result on',
      switchOver(
        `    case 'Done':\n      said = JSON.stringify(claimed);\n      break;\n    case 'Broken':\n    case 'Skipped':\n    case 'Taken':\n      said = 'no';`,
      ),
    ],
    ['that reads it later', switchOver(`    case 'Done':\n      said = (() => String(claimed.at))();`)],
  ])('%s answers as before', (_, site) => {
    const result = after(site);
    expect(result).toContain('const outcome = outcomeOf(claimed);\n  switch (outcome.kind) {');
    expect(answersOf(result)).toEqual(answersOf(site));
  });

  it('keeps what stands above it, and reads what is left of the result after it', () => {
    const site = `export function text(claimed: Claimed): string {\n  // first\n  switch (claimed.kind) {\n    case 'Broken':\n      return claimed.error;\n  }\n  return claimed.kind;\n}\n`;
    const result = after(site);
    expect(result).toContain(
      "  // first\n  const outcome = outcomeOf(claimed);\n  switch (outcome.kind) {\n    case 'Failed':\n      return outcome.why;\n  }\n  return claimed.kind;",
    );
    expect(answersOf(result)).toEqual(answersOf(site));
  });

  it('may give its outcome another name', () => {
    expect(after(switchOver(`    case 'Broken':\n      said = claimed.error;`), 'what')).toContain('switch (what.kind)');
  });

  it('is left alone when it is over something else', () => {
    const { record } = run(
      `export function text(claimed: { readonly kind: 'a' }): string {\n  switch (claimed.kind) {\n    case 'a':\n      return 'a';\n  }\n}\nexport type Unused = Claimed;\n`,
    );
    expect([record.edits, record.skips.length]).toEqual([0, 1]);
  });

  it('tells which kinds go by another name', () => {
    const { record } = run(switchOver(`    case 'Broken':\n      said = claimed.error;`));
    expect(record.findings.map((finding) => finding.what.split(' from here')[0])).toEqual([
      `'Broken' is handled as 'Failed'`,
      `'Skipped' is handled as 'Left'`,
      `'Taken' is handled as 'Left'`,
    ]);
  });
});

describe('is refused', () => {
  it.each([
    [
      'a field that the outcome loses',
      'REFIT_CLASSIFY_LOST',
      switchOver(`    case 'Broken':\n      said = JSON.stringify(claimed);`),
    ],
    [
      'two kinds that become one and do different things',
      'REFIT_CLASSIFY_MERGED',
      switchOver(`    case 'Skipped':\n      said = 'skipped';\n      break;\n    case 'Taken':\n      said = claimed.by;`),
    ],
    [
      'a kind that becomes one with a kind left out',
      'REFIT_CLASSIFY_MERGED',
      switchOver(`    case 'Taken':\n      said = claimed.by;`),
    ],
    [
      'a kind that becomes one with a kind of the default',
      'REFIT_CLASSIFY_MERGED',
      switchOver(`    case 'Taken':\n      said = claimed.by;\n      break;\n    default:\n      said = 'other';`),
    ],
    [
      'a subject that is computed',
      'REFIT_CLASSIFY_SUBJECT',
      switchOver(`    case 'Broken':\n      said = 'b';`)
        .replace('switch (claimed.kind)', 'switch (same(claimed).kind)')
        .concat('function same(claimed: Claimed): Claimed {\n  return claimed;\n}\n'),
    ],
    [
      'a subject that is written meanwhile',
      'REFIT_CLASSIFY_SUBJECT',
      switchOver(`    case 'Broken':\n      said = claimed.error;\n      claimed = { kind: 'Done', at: 1 };`),
    ],
    [
      'a name that is taken',
      'REFIT_CLASSIFY_NAME_TAKEN',
      switchOver(`    case 'Broken':\n      said = claimed.error;`).replace(
        `let said = '';`,
        `let said = '';\n  const outcome = 1;\n  said += String(outcome);`,
      ),
    ],
    [
      'two switches in one block',
      'REFIT_CLASSIFY_NAME_TAKEN',
      switchOver(
        `    case 'Broken':\n      said = claimed.error;\n  }\n  switch (claimed.kind) {\n    case 'Broken':\n      said = 'again';`,
      ),
    ],
    [
      'a switch without braces around it',
      'REFIT_CLASSIFY_PLACE',
      switchOver(`    case 'Broken':\n      said = claimed.error;`).replace('  switch', "  if (said === '')\n  switch"),
    ],
    [
      'a label that is not a text',
      'REFIT_CLASSIFY_LABEL',
      `const broken = 'Broken';\n${switchOver(`    case broken:\n      said = 'b';`)}`,
    ],
  ])('%s', (_, code, site) => {
    expect(refusal(site)).toBe(code);
  });

  it('a module without classifiers', () => {
    const workspace = borrowedWorkspace({ 'outcome.ts': 'export {};\n', 'a.ts': 'export function text(): void {}\n' });
    expect(() => runOperation(workspace, use(classifyAndSwitch, { file: 'a.ts', in: 'text', outcome: 'outcome.ts' }))).toThrow(
      expect.objectContaining({ code: 'REFIT_CLASSIFY_NONE' }),
    );
  });
});

describe('on the system before the plan', () => {
  it('gives the three branches of processEvent one shape, the owner of a claim carried', () => {
    const { workspace, baseline } = untouchedOrchestration();
    const types = 'src/orchestration/commands/types.ts';
    const to = 'src/orchestration/event-systems/command-outcome.ts';
    const file = 'src/orchestration/event-systems/orchestration-event-system.ts';
    runOperation(
      workspace,
      use(introduceOutcome, {
        name: 'CommandOutcome',
        to,
        from: [
          { type: 'StepProcessResult', file: types, classifier: 'fromStep' },
          { type: 'TaskInitializeResult', file: types, classifier: 'fromRequest' },
          { type: 'TaskFinalizationResult', file: types, classifier: 'fromFinalization' },
        ],
        variants: [
          { kind: 'Success' },
          { kind: 'Failed', fields: ['error'] },
          { kind: 'Skipped', from: ['Skipped', 'NotClaimed'], fields: ['reason'] },
        ],
      }),
    );
    const switches = { file, in: 'OrchestrationEventSystem.processEvent', outcome: to };
    runOperation(workspace, use(classifyAndSwitch, switches), { baseline });
    const text = workspace.textOf(file) ?? '';
    const labels = text
      .split('switch (outcome.kind) {')
      .slice(1)
      .map((part) => [...part.slice(0, part.indexOf('\n        }')).matchAll(/case '(\w+)'/g)].map((match) => match[1]));
    expect(labels).toEqual([
      ['Success', 'Failed', 'Skipped'],
      ['Success', 'Failed', 'Skipped'],
      ['Success', 'Failed', 'Skipped'],
    ]);
    expect(text).toContain('alreadyClaimedBy: outcome.result.alreadyClaimedBy ?? NIL_UUID,');
    expect(text).not.toContain('reply.value.');
    expect(runOperation(workspace, use(classifyAndSwitch, switches)).edits).toBe(0);
  });
});

// A union of outcomes with its classifiers: total, exhaustive, and losing nothing that is read.
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { introduceOutcome, type IntroduceOutcomeOptions } from '../../codemods/introduce-outcome.ts';
import { use } from '../../codemods/kernel/codemod.ts';
import { DiagnosticBaseline, diagnosticsOf } from '../../codemods/kernel/diagnostics.ts';
import { ts } from '../../codemods/kernel/parse-source.ts';
import { Refusal } from '../../codemods/kernel/refusal.ts';
import { type OperationRecord, runOperation } from '../../codemods/kernel/run-operation.ts';
import type { Workspace } from '../../codemods/kernel/workspace.ts';
import { borrowedWorkspace } from './borrowed-workspace.ts';
import { untouchedOrchestration } from '../helpers/tas-63-workspace.ts';

const types = `export type Saved = { readonly kind: 'Done'; readonly at: number } | { readonly kind: 'Broken'; readonly error: string } | { readonly kind: 'Skipped'; readonly reason: string };
export type Claimed = { readonly kind: 'Done'; readonly by: string } | { readonly kind: 'Broken'; readonly error: string } | { readonly kind: 'Taken'; readonly reason: string; readonly owner: string };
`;

const options: IntroduceOutcomeOptions = {
  name: 'Outcome',
  to: 'outcome.ts',
  from: [
    { type: 'Saved', file: 'types.ts', classifier: 'outcomeOfSaved' },
    { type: 'Claimed', file: 'types.ts', classifier: 'outcomeOfClaimed' },
  ],
  variants: [
    { kind: 'Done' },
    { kind: 'Failed', from: ['Broken'], fields: ['error'] },
    { kind: 'Skipped', from: ['Skipped', 'Taken'], fields: ['reason'] },
  ],
};

function run(
  files: Readonly<Record<string, string>>,
  changed: Partial<IntroduceOutcomeOptions> = {},
): { readonly workspace: Workspace; readonly record: OperationRecord } {
  const workspace = borrowedWorkspace(files);
  const record = runOperation(workspace, use(introduceOutcome, { ...options, ...changed }), {
    baseline: new DiagnosticBaseline(workspace),
  });
  return { workspace, record };
}

function outcomeFile(files: Readonly<Record<string, string>>, changed: Partial<IntroduceOutcomeOptions> = {}): string {
  return run(files, changed).workspace.textOf('outcome.ts') ?? '';
}

function refusal(text: string, changed: Partial<IntroduceOutcomeOptions> = {}): string {
  try {
    run({ 'types.ts': text }, changed);
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown.code;
    throw thrown;
  }
  return 'not refused';
}

describe('what the outcome carries', () => {
  it('is nothing but the named fields when no switch reads more', () => {
    const text = outcomeFile({ 'types.ts': types });
    expect(text).toContain(`export type Outcome =\n  | { readonly kind: 'Done' }\n`);
    expect(text).not.toContain('readonly result');
  });

  it('is the result in exactly the variants of which a switch reads more', () => {
    const site = `import type { Claimed } from './types.ts';\nexport function text(claimed: Claimed): string {\n  switch (claimed.kind) {\n    case 'Taken':\n      return claimed.reason + claimed.owner;\n    case 'Broken':\n      return claimed.error;\n    default:\n      return 'done';\n  }\n}\n`;
    const text = outcomeFile({ 'types.ts': types, 'site.ts': site });
    expect(text.match(/readonly result: Extract<[^>]*>/g)).toEqual([
      `readonly result: Extract<Result, { readonly kind: 'Skipped' | 'Taken' }>`,
    ]);
  });

  it('does not count switches of files that will not be over the outcome', () => {
    const site = `import type { Claimed } from './types.ts';\nexport function text(claimed: Claimed): unknown {\n  switch (claimed.kind) {\n    case 'Taken':\n      return claimed;\n    default:\n      return 'done';\n  }\n}\n`;
    const files = { 'types.ts': types, 'site.ts': site, 'other.ts': 'export {};\n' };
    expect(outcomeFile(files)).toContain('readonly result');
    expect(outcomeFile(files, { sites: ['other.ts'] })).not.toContain('readonly result');
  });

  it('may be a field whose type is imported', () => {
    const text = outcomeFile({
      'error.ts': 'export interface Fault { readonly code: number }\n',
      'types.ts': `import type { Fault } from './error.ts';\n${types.replaceAll('error: string', 'error: Fault')}`,
    });
    expect(text).toContain(`import type { Fault } from './error.ts';`);
    expect(text).toContain('readonly error: Fault');
  });
});

describe('the classifiers', () => {
  it('give every result the variant it is mapped to, and its fields', () => {
    const text = outcomeFile({ 'types.ts': types });
    const script = ts.transpile(text.replaceAll('export ', '').replace(/^import .*$/m, ''), { target: ts.ScriptTarget.ES2022 });
    const classify = (name: string, result: object): unknown => {
      const context = { input: result, output: '' };
      runInNewContext(`${script}\noutput = JSON.stringify(${name}(input));`, context);
      return JSON.parse(context.output);
    };
    const word = fc.string();
    const mapped = fc.oneof(
      word.map((error) => ['outcomeOfSaved', { kind: 'Broken', error }, { kind: 'Failed', error }] as const),
      word.map((error) => ['outcomeOfClaimed', { kind: 'Broken', error }, { kind: 'Failed', error }] as const),
      word.map((reason) => ['outcomeOfSaved', { kind: 'Skipped', reason }, { kind: 'Skipped', reason }] as const),
      word.map((reason) => ['outcomeOfClaimed', { kind: 'Taken', reason, owner: 'o' }, { kind: 'Skipped', reason }] as const),
      fc.nat().map((at) => ['outcomeOfSaved', { kind: 'Done', at }, { kind: 'Done' }] as const),
    );
    fc.assert(
      fc.property(mapped, ([name, result, expected]) => {
        expect(classify(name, result)).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  it('do not compile any more when a result gets another variant', () => {
    const { workspace } = run({ 'types.ts': types });
    const grown = borrowedWorkspace({
      'types.ts': types.replace('export type Saved =', `export type Saved = { readonly kind: 'Lost' } |`),
      'outcome.ts': workspace.textOf('outcome.ts') ?? '',
    });
    expect(new Set(diagnosticsOf(grown).map((each) => each.path))).toEqual(new Set(['/workspace/outcome.ts']));
  });

  it('are written once', () => {
    const { workspace } = run({ 'types.ts': types });
    expect(runOperation(workspace, use(introduceOutcome, options)).edits).toBe(0);
  });

  it('do not bring helpers that nothing would call', () => {
    const { record, workspace } = run({ 'types.ts': types }, { helpers: ['isDone'] });
    expect(record.findings.map((finding) => finding.what)).toEqual([
      'isDone is planned and nothing would call it: it is not written, it would be dead code.',
    ]);
    expect(workspace.textOf('outcome.ts')).not.toContain('isDone');
  });
});

describe('is refused', () => {
  it.each<[what: string, code: string, text: string, changed: Partial<IntroduceOutcomeOptions>]>([
    ['a kind that is mapped to nothing', 'REFIT_OUTCOME_MAPPING', types, { variants: options.variants.slice(0, 2) }],
    [
      'a kind that is mapped twice',
      'REFIT_OUTCOME_MAPPING',
      types,
      { variants: [...options.variants, { kind: 'Again', from: ['Taken'] }] },
    ],
    ['a kind that no result has', 'REFIT_OUTCOME_MAPPING', types, { variants: [...options.variants, { kind: 'Skiped' }] }],
    [
      'a field that one of the results lacks',
      'REFIT_OUTCOME_FIELD',
      types,
      { variants: [{ kind: 'Done', fields: ['at'] }, ...options.variants.slice(1)] },
    ],
    ['a field of different types', 'REFIT_OUTCOME_FIELD', types.replace('error: string', 'error: number'), {}],
    ['a result that is not there', 'REFIT_TYPE_UNKNOWN', types.replace('export type Saved', 'export type Stored'), {}],
    [
      'a result that is not a closed union',
      'REFIT_OUTCOME_OPEN',
      types.replace(`{ readonly kind: 'Done'; readonly at: number }`, '{ readonly kind: string }'),
      {},
    ],
    [
      'a result with fields without names',
      'REFIT_OUTCOME_OPEN',
      types.replace('readonly at: number', 'readonly [key: string]: unknown'),
      {},
    ],
    ['a result that is not exported', 'REFIT_OUTCOME_PRIVATE', types.replace('export type Saved', 'type Saved'), {}],
    ['a file that is there already', 'REFIT_OUTCOME_TAKEN', types, { to: 'types.ts' }],
  ])('%s', (_, code, text, changed) => {
    expect(refusal(text, changed)).toBe(code);
  });
});

/** Loading and checking the system takes seconds, more beside other work. */
const loadMs = 120_000;

describe('on the system before the plan', () => {
  const file = 'src/orchestration/commands/types.ts';
  let workspace: Workspace;

  beforeAll(() => {
    ({ workspace } = untouchedOrchestration());
  }, loadMs);

  it('carries the result of successes and skips, and takes over error and reason', () => {
    const to = 'src/orchestration/event-systems/command-outcome.ts';
    const record = runOperation(
      workspace,
      use(introduceOutcome, {
        name: 'CommandOutcome',
        to,
        from: [
          { type: 'StepProcessResult', file, classifier: 'commandOutcomeFromStepResult' },
          { type: 'TaskInitializeResult', file, classifier: 'commandOutcomeFromTaskInitializeResult' },
          { type: 'TaskFinalizationResult', file, classifier: 'commandOutcomeFromTaskFinalizationResult' },
        ],
        variants: [
          { kind: 'Success' },
          { kind: 'Failed', fields: ['error'] },
          { kind: 'Skipped', from: ['Skipped', 'NotClaimed'], fields: ['reason'] },
        ],
        sites: ['src/orchestration/event-systems/orchestration-event-system.ts'],
      }),
      { baseline: new DiagnosticBaseline(workspace) },
    );
    expect(record.checked.map((each) => `${each.statement}: ${each.witness}`).slice(1)).toEqual([
      'Success carries the result: read by a switch: completionTime, finalStatus, message, taskUuid',
      'Skipped carries the result: read by a switch: alreadyClaimedBy',
    ]);
    expect(workspace.textOf(to)).toContain(
      `case 'NotClaimed':\n      return { kind: 'Skipped', reason: result.reason, result };`,
    );
  });
});

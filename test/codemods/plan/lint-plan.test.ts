// The plan lint flags every error of the seed's own claims, and each claim of the real plan when one of its quotes is changed.
import { beforeAll, describe, expect, it } from 'vitest';
import { Workspace } from '../../../codemods/kernel/workspace.ts';
import type { Claim, Quotes } from '../../../codemods/plan/claim.ts';
import { lintPlan, recordOf, requireUnchanged } from '../../../codemods/plan/lint-plan.ts';
import { tas63AsWritten } from '../../../codemods/plans/tas-63-as-written.ts';
import { tas63 } from '../../../codemods/plans/tas-63.ts';
import { loadTas63 } from '../../helpers/tas-63-workspace.ts';

/** The plan's errors (anatomy, 6.3) and what of a finding shows each. */
const errors: readonly (readonly [id: string, step: string, says: RegExp, found: RegExp])[] = [
  [
    'P-01',
    '2D',
    /tasksInitialized/,
    /taskRequestsProcessed, stepResultsProcessed, tasksFinalized, tasksReadyProcessed, processingErrors/,
  ],
  ['P-03', '1C', /send 5 times/, /4 calls/],
  ['P-04', '1B', /ready-made/, /3 of them hold one half of a pair/],
  ['P-05', '1D', /same argument 1/, /'hybrid_event' and 'event_driven_event'/],
  ['P-06', '4', /14 methods/, /21 methods/],
  [
    'P-07',
    '4',
    /nothing in production uses .*constructor/,
    /constructor is used at .*state-initializer.ts:\d+ and .*step-enqueuer.ts:\d+/,
  ],
  [
    'P-08',
    '4',
    /production needs are markTaskInProgress/,
    /databasePool, getOrCreateStepStateMachine, getOrCreateTaskStateMachine/,
  ],
  ['P-09', '4', /markTaskInProgress calls transition/, /it reaches (?!.*\btransition\b)/],
  ['P-10', '4', /calls only .*upsertStep/, /findStep/],
  ['P-11', '2A', /type QueueHealthStatus/, /nearest name is QueueDepthStatus/],
  ['P-12', '3A', /type StepTemplate/, /no declaration StepTemplate/],
  ['P-12', '3A', /nothing from "const stepTemplate".* throws/, /a throw stands at/],
  ['P-13', '2C', /in the same way/, /they differ: .*case 'Success'/],
  ['P-16', '1B', /are active/, /no production code calls OrchestrationEventSystem.processEvent/],
  ['P-17', '1A', /127 lines/, /\d+ lines, 33 writes from outside/],
  ['P-18', '4', /20 tests/, /8 of them use none of these/],
];

let workspace: Workspace;
beforeAll(() => {
  workspace = loadTas63();
}, 60_000);

describe('the plan lint on the seed as it was written', () => {
  it.each(errors)('reports %s in step %s', (_id, step, says, found) => {
    const shown = lintPlan(workspace, tas63AsWritten).findings.filter((each) => each.step === step && says.test(each.says));
    expect(shown.map((each) => each.found)).toEqual([expect.stringMatching(found)]);
  });

  it('reports nothing but those errors', () => {
    const { findings, claims } = lintPlan(workspace, tas63AsWritten);
    expect(findings).toHaveLength(errors.length);
    expect(claims).toBe(errors.length);
  });
});

/** Every variant of a claim in which one quote is another one. */
function mutants(claim: Claim): readonly (readonly [what: string, claim: Claim])[] {
  return Object.entries(claim.quotes).flatMap(([name, value]) =>
    mutatedValues(value).map((other) => {
      const quotes: Quotes = { ...claim.quotes, [name]: other };
      return [`${name}: ${String(value)} -> ${String(other)}`, claim.withQuotes(quotes)] as const;
    }),
  );
}

function mutatedValues(value: string | number | readonly string[]): readonly (string | number | readonly string[])[] {
  if (typeof value === 'number') return [value + 1, value - 1];
  if (typeof value === 'string') return [`${value}X`];
  return [
    ...value.map((_, at) => value.map((each, nr) => (nr === at ? `${each}X` : each))),
    [...value, 'notThere'],
    ...(value.length > 1 ? [value.slice(1)] : []),
  ];
}

describe('the plan lint on the plan that is carried out', () => {
  it('finds nothing', () => {
    expect(lintPlan(workspace, tas63).findings).toEqual([]);
  });

  const claims = tas63.steps.flatMap((step) => step.claims.map((claim) => [step.id, claim.says, claim] as const));
  it.each(claims)('step %s, "%s": is flagged when any of its names, numbers or ranges is another one', (_step, _says, claim) => {
    const passed = mutants(claim).filter(([, mutant]) => mutant.check(workspace).holds);
    expect(passed.map(([what]) => what)).toEqual([]);
  });
});

describe('a lint record', () => {
  it('refuses a project whose sources changed since, naming the file', () => {
    const small = Workspace.inMemory({ 'a.ts': 'export const a = 1;\n' });
    const record = recordOf(small);
    expect(() => requireUnchanged(record, small)).not.toThrow();
    small.setText('a.ts', 'export const a = 2;\n');
    expect(() => requireUnchanged(record, small)).toThrow(/a\.ts changed since the plan was linted/);
  });
});

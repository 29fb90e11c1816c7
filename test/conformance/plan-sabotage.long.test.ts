// The evidence of a plan run can fail: careless codemods, each wrong in one way that compiles, are stopped, and the real ones are not.
import { beforeAll, describe, expect, it } from 'vitest';
import { behaviourFailure } from '../../codemods/cli/run-plan.ts';
import type { DiagnosticBaseline } from '../../codemods/kernel/diagnostics.ts';
import type { Snapshot, Workspace } from '../../codemods/kernel/workspace.ts';
import { checkStructure } from '../../codemods/plan/check-structure.ts';
import { executePlan, type StepRecord } from '../../codemods/plan/execute-plan.ts';
import type { Plan } from '../../codemods/plan/plan.ts';
import { tas63 } from '../../codemods/plans/tas-63.ts';
import { sabotagedPlan, type Sabotage } from '../codemods/plan/sabotage.ts';
import { untouchedTas63 } from '../helpers/tas-63-workspace.ts';
import { trace } from './tas-63/trace-plan.ts';

interface Case extends Sabotage {
  /** What the failure must name. */
  readonly effect: RegExp;
}

const loadResults = `let previousResults: Record<string, unknown>;
  try {
    previousResults = await this.loadStepDependencies(step.stepUuid);
  } catch (error) {
    throw orchestrationErrorFromDiscovery(DiscoveryError.database('transitive_dependencies', error), this.ids);
  }`;
const templateLog = 'this.log.debug( { stepUuid: step.stepUuid, callable: stepTemplate.handler.callable,';
const transition = `try {
    await machine.transition({ type: 'Enqueue' });
  } catch (error) {
    throw new OrchestrationError('StateTransitionFailed', stateTransitionFailure('WorkflowStep', stepUuid, describeError(error)));
  }`;
const markedLog = `this.context.log.debug( { stepUuid, }, 'the step is marked as enqueued', );`;

const cases: readonly Case[] = [
  {
    name: 'drop a log',
    step: '1C',
    operation: 0,
    slips: [
      {
        from: 'log.warn( { ...command.failFields, error: describeError(error), }, `notification not passed on as ${command.label}`, );',
        to: '',
      },
    ],
    effect: /notification not passed on as/,
  },
  {
    name: 'hoist an await',
    step: '3A',
    operation: 3,
    file: 'packages/orchestration/src/orchestration/viable-step-discovery.ts',
    slips: [
      { from: loadResults, to: '' },
      { from: templateLog, to: `${loadResults}\n${templateLog}` },
    ],
    effect: /step is defined in the template/,
  },
  {
    name: 'fix a label',
    step: '1B',
    operation: 2,
    slips: [
      {
        from: "replyLabel: 'InitializeTaskFromMessageEvent', classify: commandOutcomeFromTaskFinalizationResult,",
        to: "replyLabel: 'FinalizeTaskFromMessageEvent', classify: commandOutcomeFromTaskFinalizationResult,",
      },
    ],
    effect: /handler error for InitializeTaskFromMessageEvent|no answer to InitializeTaskFromMessageEvent/,
  },
  {
    name: 'lose a field',
    step: '1B',
    operation: 2,
    slips: [{ from: 'extraSendFields: { namespace },', to: '' }],
    effect: /namespace/,
  },
  {
    name: 'swap two effects',
    step: '4',
    operation: 0,
    slips: [{ from: `${transition}\n${markedLog}`, to: `${markedLog}\n${transition}` }],
    effect: /the step is marked as enqueued/,
  },
  {
    name: 'skip a finally',
    step: '1C',
    operation: 0,
    slips: [{ from: 'finally { rx.close(); }', to: '' }],
    effect: /missing effect at commands\.reply undelivered/,
  },
];

/** What a run of one step on the project as the steps before it left it came to. */
interface StepRun {
  readonly record: StepRecord | undefined;
  readonly structureHolds: boolean;
  readonly unchanged: boolean;
}

let workspace: Workspace;
let baseline: DiagnosticBaseline;
/** The project before each of the steps that are sabotaged, by step. */
const beforeStep = new Map<string, { readonly snapshot: Snapshot; readonly done: readonly string[] }>();

async function runStep(plan: Plan, id: string): Promise<StepRun> {
  const before = beforeStep.get(id);
  if (before === undefined) throw new Error(`there is no step ${id}`);
  workspace.restore(before.snapshot);
  let structureHolds = true;
  const [record] = await executePlan(workspace, plan, {
    only: [id],
    done: before.done,
    baseline,
    judge: async (step, attempted) => {
      structureHolds = checkStructure(attempted).every(({ holds, decidedByTraces }) => holds || decidedByTraces);
      return behaviourFailure(await trace(workspace.changes(), { subjects: step.subjects, random: 0 }));
    },
  });
  const changes = workspace.changes();
  const unchanged =
    changes.size === before.snapshot.size && [...changes].every(([path, text]) => before.snapshot.get(path) === text);
  return { record, structureHolds, unchanged };
}

beforeAll(async () => {
  ({ workspace, baseline } = untouchedTas63());
  const sabotagedSteps = new Set(cases.map(({ step }) => step));
  const done: string[] = [];
  await executePlan(workspace, tas63, {
    only: [...sabotagedSteps],
    baseline,
    onStep: (step, record) => {
      if (record === undefined) beforeStep.set(step.id, { snapshot: workspace.changes(), done: [...done] });
      else done.push(step.id);
    },
  });
});

describe('the real codemods', () => {
  it.each([...new Set(cases.map(({ step }) => step))])('pass the same judge: step %s', async (id) => {
    const { record, structureHolds, unchanged } = await runStep(tas63, id);
    expect(record).toMatchObject({ id, status: 'done' });
    expect(record?.failure).toBeUndefined();
    expect(structureHolds).toBe(true);
    expect(unchanged).toBe(false);
  });
});

describe('a careless codemod', () => {
  // Both say so: the traces, which undo the step, and the claim of the operation about its texts.
  it.each(cases)('that does this is stopped, and the project is as the step found it: $name', async (sabotage) => {
    const { record, structureHolds, unchanged } = await runStep(sabotagedPlan(tas63, sabotage), sabotage.step);
    expect(record).toMatchObject({ id: sabotage.step, status: 'failed', failure: { code: 'REFIT_BEHAVIOUR_CHANGED' } });
    expect(record?.failure?.message).toMatch(sabotage.effect);
    expect(unchanged).toBe(true);
    expect(structureHolds).toBe(false);
  });
});

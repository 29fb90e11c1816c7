// The decision of src on one task, under the name of the legacy step enqueuer: what it decides is saved as the store saves it.
import { parseStepState, parseTaskState } from '../../../src/domain/states.ts';
import type { StepChange, StepView, TaskView } from '../../../src/domain/task-view.ts';
import { decideTask } from '../../../src/orchestration/lifecycle/decide-task.ts';
import type { ReadinessRow } from './discovery-adapter.ts';
import type { LegacyContext } from './legacy-shapes.ts';
import type { Adapter } from './src-system.ts';
import { pascalCase, snakeCase } from './stored-states.ts';

export const enqueuerAdapter: Adapter = () => ({ StepEnqueuer: PresentedEnqueuer });

const OPEN_PARENT = 'open parent';

class PresentedEnqueuer {
  readonly #context: LegacyContext;

  constructor(context: LegacyContext) {
    this.#context = context;
  }

  statistics(): object {
    return {};
  }

  successRate(): number {
    return 1;
  }

  async enqueueReadySteps(taskUuid: string): Promise<object> {
    const view = await this.#viewOf(taskUuid);
    const decision = decideTask(view, { now: 0, random: () => 0, retryPolicyOf: () => undefined });
    // One transaction in src: states first, then messages.
    for (const change of decision.steps) await this.#saveStep(change);
    for (const stepUuid of decision.enqueued) await this.#context.messageClient.sendJson('worker_queue', { stepUuid });
    return { stepUuids: decision.enqueued };
  }

  async #viewOf(taskUuid: string): Promise<TaskView> {
    // Rows of the scenario; a step that stands in two of them is one step.
    const rows = (await this.#ask('stepReadiness', taskUuid)) as readonly ReadinessRow[];
    const distinct = new Map(rows.map((row) => [row.stepUuid, row]));
    const steps: StepView[] = [];
    for (const row of distinct.values()) steps.push(...(await this.#stepViews(row)));
    return {
      taskUuid,
      state: parseTaskState(snakeCase(await this.#storedState('currentTaskState', taskUuid, 'Pending'))),
      namedTaskUuid: 'named-1',
      correlationId: 'correlation-1',
      namespace: 'shop',
      steps,
    };
  }

  /** The step, and a parent that is under way where the scenario says that one is open. */
  async #stepViews({ stepUuid, currentState, attempts, maxAttempts, retryEligible }: ReadinessRow): Promise<readonly StepView[]> {
    const state = await this.#storedState('currentStepState', stepUuid, currentState);
    const open = Number(await this.#ask('countOpenParents', stepUuid)) > 0;
    const step: StepView = {
      id: stepUuid,
      name: stepUuid,
      state: parseStepState(snakeCase(state)),
      attempts,
      maxAttempts,
      retryable: retryEligible,
      parents: open ? [OPEN_PARENT] : [],
      nextRetryAt: undefined,
      result: undefined,
    };
    return open ? [step, { ...step, id: OPEN_PARENT, state: 'in_progress', parents: [] }] : [step];
  }

  /** What was never changed has no stored state. */
  async #storedState(statement: string, uuid: string, otherwise: string): Promise<string> {
    const stored = await this.#ask(statement, uuid);
    return typeof stored === 'string' ? stored : otherwise;
  }

  async #saveStep({ id, from, via, to }: StepChange): Promise<void> {
    const path = [from, ...via, to].map(pascalCase);
    for (const [at, next] of path.slice(1).entries()) await this.#ask('insertStepTransition', id, path[at], next);
  }

  #ask(statement: string, ...args: readonly unknown[]): Promise<unknown> {
    return this.#context.database[statement]?.(...args) ?? Promise.resolve(undefined);
  }
}

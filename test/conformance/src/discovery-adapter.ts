// The discovery of src under the legacy name: its pure functions, fed with the rows that the scenario's database answers.
import type { Json, JsonObject } from '../../../src/domain/json.ts';
import { parseStepState } from '../../../src/domain/states.ts';
import type { ViableStep } from '../../../src/domain/step-request.ts';
import {
  hasFailures,
  isBlocked,
  isComplete,
  progressPercentage,
  type TaskReadinessSummary,
} from '../../../src/domain/task-readiness-summary.ts';
import { validateTemplate } from '../../../src/domain/template/parse-template.ts';
import type { TaskTemplate } from '../../../src/domain/template/task-template.ts';
import { buildStepRequest } from '../../../src/orchestration/lifecycle/step-request-builder.ts';
import {
  discoverViableSteps,
  filterByDependencySatisfaction,
  type DiscoverableStep,
} from '../../../src/orchestration/lifecycle/viable-step-discovery.ts';
import type { LegacyContext } from './legacy-shapes.ts';
import { snakeCase } from './stored-states.ts';
import type { Adapter } from './src-system.ts';

export const discoveryAdapter: Adapter = () => ({
  ViableStepDiscovery: PresentedDiscovery,
  TaskReadinessSummary: PresentedSummary,
});

export interface ReadinessRow {
  readonly stepUuid: string;
  readonly currentState: string;
  readonly dependenciesSatisfied: boolean;
  readonly retryEligible: boolean;
  readonly readyForExecution: boolean;
  readonly attempts: number;
  readonly maxAttempts: number;
}

interface LegacyStep extends Omit<ViableStep, 'attempt'> {
  readonly attempts: number;
}

/** A moment after which no backoff of a scenario runs. */
const NOW_MS = Date.UTC(2026, 0, 1);

class PresentedDiscovery {
  readonly #database: LegacyContext['database'];
  readonly #clock: LegacyContext['clock'];

  constructor(...[database, , , clock]: readonly [LegacyContext['database'], object, object, LegacyContext['clock']]) {
    this.#database = database;
    this.#clock = clock;
  }

  async findViableSteps(taskUuid: string): Promise<readonly object[]> {
    const viable = discoverViableSteps((await this.#rows(taskUuid)).map(discoverableOf), NOW_MS);
    return viable.map(({ id }) => ({ stepUuid: id }));
  }

  /** In src the five counts come with the task: here they are taken from the rows. */
  async getTaskReadinessSummary(taskUuid: string): Promise<PresentedSummary> {
    const rows = await this.#rows(taskUuid);
    const count = (test: (row: ReadinessRow) => boolean): number => rows.filter(test).length;
    return new PresentedSummary(
      taskUuid,
      rows.length,
      count((row) => row.readyForExecution),
      count((row) => row.currentState === 'Complete'),
      count((row) => !row.dependenciesSatisfied),
      count((row) => row.currentState === 'Error'),
    );
  }

  async buildStepExecutionRequests(taskUuid: string, steps: readonly LegacyStep[]): Promise<readonly object[]> {
    const { satisfied } = filterByDependencySatisfaction(steps);
    if (satisfied.length === 0) return [];
    const { template, context } = await this.#templateOf(taskUuid);
    const requests: object[] = [];
    for (const step of satisfied) {
      const previousResults = await this.#resultsBefore(step.stepUuid);
      const { method, ...request } = buildStepRequest({
        step: { ...step, taskUuid, attempt: step.attempts },
        template,
        taskContext: context,
        previousResults,
        now: this.#clock.now().getTime(),
      });
      requests.push(method === undefined ? request : { ...request, method });
    }
    return requests;
  }

  async #templateOf(taskUuid: string): Promise<{ readonly template: TaskTemplate; readonly context: JsonObject | undefined }> {
    const task = await this.#ask('findTask', taskUuid);
    const namedTask = await this.#ask('findNamedTask', task['namedTaskUuid']);
    const namespace = await this.#ask('findNamespace', namedTask['namespaceUuid']);
    const { name, version, configuration } = namedTask;
    // The stored steps; the rest of a template is left at its defaults.
    const { steps } = configuration as { readonly steps: unknown };
    const template = validateTemplate({ name, namespace_name: namespace['name'], version, steps }, 'stored template');
    const { context } = task;
    // The context of a task is a record, or there is none.
    return { template, context: context === null ? undefined : (context as JsonObject) };
  }

  async #resultsBefore(stepUuid: string): Promise<Readonly<Record<string, Json>>> {
    // Rows of the scenario: names, and results that are JSON.
    const rows = (await this.#database['transitiveDependencies']?.(stepUuid)) as readonly { stepName: string; results: Json }[];
    return Object.fromEntries(rows.map(({ stepName, results }) => [stepName, results]));
  }

  async #rows(taskUuid: string): Promise<readonly ReadinessRow[]> {
    // Rows of the scenario.
    return (await this.#database['stepReadiness']?.(taskUuid)) as readonly ReadinessRow[];
  }

  async #ask(statement: string, key: unknown): Promise<Readonly<Record<string, unknown>>> {
    // One row of the scenario.
    return (await this.#database[statement]?.(key)) as Readonly<Record<string, unknown>>;
  }
}

/** A row that is not ready although its fields do not say why waits for its time. */
function discoverableOf(row: ReadinessRow): DiscoverableStep {
  return {
    id: row.stepUuid,
    state: parseStepState(snakeCase(row.currentState)),
    attempts: row.attempts,
    maxAttempts: row.maxAttempts,
    retryable: row.retryEligible,
    processed: false,
    inProcess: false,
    parentStates: row.dependenciesSatisfied ? ['complete'] : ['pending'],
    nextRetryAt: row.readyForExecution ? undefined : NOW_MS + 1,
  };
}

class PresentedSummary {
  readonly taskUuid: string;
  readonly totalSteps: number;
  readonly readySteps: number;
  readonly completeSteps: number;
  readonly blockedSteps: number;
  readonly failedSteps: number;
  readonly progressPercentage: number;

  constructor(taskUuid: string, ...counts: readonly number[]) {
    const [totalSteps = 0, readySteps = 0, completeSteps = 0, blockedSteps = 0, failedSteps = 0] = counts;
    this.taskUuid = taskUuid;
    this.totalSteps = totalSteps;
    this.readySteps = readySteps;
    this.completeSteps = completeSteps;
    this.blockedSteps = blockedSteps;
    this.failedSteps = failedSteps;
    this.progressPercentage = progressPercentage(this.#summary());
  }

  isComplete(): boolean {
    return isComplete(this.#summary());
  }

  isBlocked(): boolean {
    return isBlocked(this.#summary());
  }

  hasFailures(): boolean {
    return hasFailures(this.#summary());
  }

  #summary(): TaskReadinessSummary {
    return this;
  }
}

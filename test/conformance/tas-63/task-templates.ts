// Templates as they are stored, and the steps, tasks and named tasks that belong to them.
import type { Answers } from './recorded-database.ts';

/** How the time limit of a step comes about. */
export interface TimeLimit {
  readonly handler?: unknown;
  readonly seconds?: number;
}

/** The six sources of a time limit (A 3.1). */
export const timeLimits: Readonly<Record<string, TimeLimit>> = {
  'limit of the handler': { handler: 1_500, seconds: 20 },
  'limit 0 of the handler': { handler: 0, seconds: 20 },
  'negative limit of the handler': { handler: -1, seconds: 20 },
  'limit of the step': { seconds: 20 },
  'fraction as limit of the handler': { handler: 1.5 },
  'no limit': {},
};

/** Further values that are or are not taken as a limit. */
export const oddTimeLimits: Readonly<Record<string, TimeLimit>> = {
  'a limit as text': { handler: '1500', seconds: 20 },
  'a limit of null': { handler: null, seconds: 20 },
  'a limit of true': { handler: true },
  'a limit of minus zero': { handler: -0, seconds: 20 },
  'a limit of 0 seconds': { seconds: 0 },
  'a negative limit and none of the step': { handler: -1 },
  'a limit beyond 32 bits': { handler: 5_000_000_000 },
};

/** The stored definition of a step. */
export function definitionOf(name: string, { handler, seconds }: TimeLimit = {}): object {
  return {
    name,
    handler: {
      callable: `Handlers::${name}`,
      initialization: { batch: 7, ...(handler === undefined ? {} : { timeout_ms: handler }) },
    },
    ...(seconds === undefined ? {} : { timeout_seconds: seconds }),
  };
}

/** A step as the discovery found it. */
export function viableStep(name: string, changes: object = {}): object {
  return {
    stepUuid: `step-${name}`,
    taskUuid: 'task-1',
    name,
    currentState: 'Pending',
    dependenciesSatisfied: true,
    retryEligible: true,
    readyForExecution: true,
    attempts: 1,
    maxAttempts: 3,
    lastFailureAt: null,
    nextRetryAt: null,
    ...changes,
  };
}

export interface StoredTemplate {
  readonly context?: unknown;
  readonly configuration?: unknown;
}

const storedContext = { order: 17, tags: ['a', 'b'] };

/** Answers for one task, its named task and namespace, and the results of earlier steps. */
export function storedTask({
  context = storedContext,
  configuration = { steps: [definitionOf('ship')] },
}: StoredTemplate = {}): Answers {
  return {
    findTask: (taskUuid) => ({ taskUuid, namedTaskUuid: 'named-1', context, priority: 0, correlationId: 'correlation-1' }),
    findNamedTask: (namedTaskUuid) => ({
      namedTaskUuid,
      namespaceUuid: 'namespace-1',
      name: 'order',
      version: '1.2.0',
      configuration,
    }),
    findNamespace: (namespaceUuid) => ({ namespaceUuid, name: 'shop' }),
    transitiveDependencies: (stepUuid) => [
      { stepUuid: 'step-pack', stepName: 'pack', results: { weight: 3, of: stepUuid } },
      { stepUuid: 'step-pay', stepName: 'pay', results: 0 },
    ],
  };
}

/** Configurations that are no templates. */
export const unusableConfigurations: Readonly<Record<string, unknown>> = {
  'a text': 'steps: []',
  'a list': [definitionOf('ship')],
  'steps that are no list': { steps: { ship: definitionOf('ship') } },
  'a step without a handler': { steps: [{ name: 'ship' }] },
  'a step with an unknown type': { steps: [{ ...definitionOf('ship'), type: 'other' }] },
};

// Builds the step enqueuer and the state initializer, with the real state machines, on a recorded database that keeps states.
import type { Answer } from '../../../codemods/proof/answers.ts';
import type { Subject } from '../../../codemods/proof/subject-loader.ts';
import type { World } from '../../../codemods/proof/world.ts';
import { readinessRow } from './discovery-system.ts';
import { fresh } from './fresh-inputs.ts';
import { recordedDatabase } from './recorded-database.ts';
import type { Answers } from './recorded-database.ts';
import { contextIn } from './surroundings.ts';
import { entry } from './system.ts';

/** States as they are stored, by uuid; a step or task without one has never made a transition. */
export interface StoredStates {
  readonly tasks: Map<string, string>;
  readonly steps: Map<string, string>;
}

/** Answers of a database in which every task and step exists, states are kept, and no parent is open. */
export function storedLifecycle({ tasks, steps }: StoredStates): Answers {
  return {
    findTask: (taskUuid) => ({ taskUuid, namedTaskUuid: 'named-1', context: null, priority: 3, correlationId: 'correlation-1' }),
    findNamedTask: (namedTaskUuid) => ({
      namedTaskUuid,
      namespaceUuid: 'namespace-1',
      name: 'order',
      version: '1',
      configuration: {},
    }),
    findNamespace: (namespaceUuid) => ({ namespaceUuid, name: 'Shop' }),
    findStep: (stepUuid) => ({
      stepUuid,
      taskUuid: 'task-1',
      name: String(stepUuid).replace('step-', ''),
      attempts: 0,
      maxAttempts: 3,
      retryable: true,
      results: null,
    }),
    currentTaskState: (taskUuid) => tasks.get(String(taskUuid)),
    currentStepState: (stepUuid) => steps.get(String(stepUuid)),
    insertTaskTransition: (taskUuid, _from, to) => void tasks.set(String(taskUuid), String(to)),
    insertStepTransition: (stepUuid, _from, to) => void steps.set(String(stepUuid), String(to)),
    countOpenParents: () => 0,
    stepReadiness: (taskUuid) => [readinessRow('ship', { taskUuid })],
    stepUuidsOfTask: () => ['step-ship'],
  };
}

export interface Surroundings {
  readonly answers: Answers;
  readonly publish?: Answer | readonly Answer[];
  readonly send?: Answer | readonly Answer[];
}

function surroundingsIn(
  world: World,
  { answers, publish = { resolves: undefined }, send = { resolves: 'message-1' } }: Surroundings,
) {
  const script = { 'events.publish': publish, 'client.sendJson': send };
  return { ...contextIn(world, { script }), database: recordedDatabase(world, answers) };
}

export interface Enqueuer {
  enqueueReadySteps(taskUuid: string, options?: object): Promise<unknown>;
  enqueueReadyStepsForTasks(taskUuids: readonly string[], options?: object): Promise<unknown>;
  statistics(): object;
  successRate(): number;
}

export interface Initializer {
  initialize(taskUuid: string, stepUuids: readonly string[]): Promise<unknown>;
  initializeStoredTask(taskUuid: string): Promise<unknown>;
  initializeStateMachines(taskUuid: string, stepUuids: readonly string[]): Promise<unknown>;
  initializeAddedSteps(taskUuid: string, stepUuids: readonly string[]): Promise<unknown>;
}

interface LifecycleClasses {
  readonly StepEnqueuer: new (context: object, config?: object) => Enqueuer;
  readonly StateInitializer: new (context: object) => Initializer;
}

const classesOf = (subject: Subject): LifecycleClasses => subject.load(entry) as unknown as LifecycleClasses;

export function enqueuerIn(
  world: World,
  subject: Subject,
  { config, ...surroundings }: Surroundings & { readonly config?: object },
): Enqueuer {
  const { StepEnqueuer } = classesOf(subject);
  const context = surroundingsIn(world, surroundings);
  return config === undefined ? new StepEnqueuer(context) : new StepEnqueuer(context, fresh(config));
}

export function initializerIn(world: World, subject: Subject, surroundings: Surroundings): Initializer {
  const { StateInitializer } = classesOf(subject);
  return new StateInitializer(surroundingsIn(world, surroundings));
}

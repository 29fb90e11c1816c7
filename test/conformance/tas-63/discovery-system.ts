// Builds the discovery of viable steps on a recorded database, and the rows of the readiness function.
import type { Script } from '../../../codemods/proof/answers.ts';
import type { Subject } from '../../../codemods/proof/subject-loader.ts';
import type { World } from '../../../codemods/proof/world.ts';
import { recordedDatabase } from './recorded-database.ts';
import type { Answers } from './recorded-database.ts';
import { contextIn } from './surroundings.ts';
import { entry } from './system.ts';

export interface Discovery {
  findViableSteps(taskUuid: string): Promise<unknown>;
  getDependencyLevels(taskUuid: string): Promise<unknown>;
  getExecutionContext(taskUuid: string): Promise<unknown>;
  findViableStepsWithCriteria(taskUuid: string, criteria: object): Promise<unknown>;
  getTaskReadinessSummary(taskUuid: string): Promise<Summary>;
  buildStepExecutionRequests(taskUuid: string, steps: readonly object[], registry: object): Promise<unknown>;
}

export interface Summary {
  isComplete(): boolean;
  isBlocked(): boolean;
  hasFailures(): boolean;
}

type DiscoveryClass = new (...surroundings: readonly unknown[]) => Discovery;

/** `script` answers for the publisher. */
export function discoveryIn(world: World, subject: Subject, answers: Answers, script: Script = {}): Discovery {
  const { ViableStepDiscovery } = subject.load(entry) as unknown as { ViableStepDiscovery: DiscoveryClass };
  const { eventPublisher, log, clock, ids } = contextIn(world, {
    script: { 'events.publish': { resolves: undefined }, ...script },
  });
  return new ViableStepDiscovery(recordedDatabase(world, answers), eventPublisher, log, clock, ids);
}

/** A row of the readiness function: a step that can run, with the given changes. */
export function readinessRow(name: string, changes: object = {}): object {
  return {
    stepUuid: `step-${name}`,
    taskUuid: 'task-1',
    name,
    currentState: 'Pending',
    dependenciesSatisfied: true,
    retryEligible: true,
    readyForExecution: true,
    totalParents: 1,
    completedParents: 1,
    attempts: 0,
    maxAttempts: 3,
    lastFailureAt: null,
    nextRetryAt: null,
    ...changes,
  };
}

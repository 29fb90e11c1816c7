// The seed's claims as it wrote them, with its errors, carried over to the names of this code base: what the plan lint must flag.
import {
  active,
  callCount,
  callsOnly,
  cannotFail,
  fieldNames,
  methodCount,
  readyMade,
  reaches,
  sameArgument,
  sameAround,
  standsAlone,
  testsExercise,
  typeExists,
  unusedMembers,
  liveMembers,
} from '../plan/claims/index.ts';
import type { Claim } from '../plan/claim.ts';
import type { Plan, Step } from '../plan/plan.ts';
import { commandTypes, discovery, eventSystem, inOrchestration, processor, stateManager } from './tas-63-paths.ts';

function step(id: string, phase: string, title: string, claims: readonly Claim[]): Step {
  return { id, phase, title, after: [], claims, operations: [], ensures: [], subjects: [] };
}

/** The plan as it was written; it carries no operations, nobody should run it. */
export const tas63AsWritten: Plan = {
  name: 'tas-63-as-written',
  title: 'TAS-63 as it was written',
  root: 'fixtures/tas-63/before',
  projects: ['packages/orchestration/tsconfig.json', 'packages/consumer/tsconfig.json'],
  phases: [
    { id: '1', title: 'Independent extractions and cleanups' },
    { id: '2', title: 'Duplication reduction' },
  ],
  reported: [],
  steps: [
    step('1A', '1', 'Extract OrchestrationStatistics', [
      standsAlone(
        {
          file: eventSystem,
          declarations: ['OrchestrationStatistics', 'OrchestrationComponentStatistics'],
          lines: 127,
          outsideWrites: 0,
        },
        'File 1, Extract 1: 127 lines of standalone logic',
      ),
    ]),
    step('2A', '1', 'Extract the health check evaluator', [
      typeExists({ type: 'QueueHealthStatus', file: inOrchestration('health/types.ts') }, 'File 2, Extract 1: signature'),
    ]),
    step('2D', '1', 'SWMR conversion', [
      fieldNames(
        {
          file: commandTypes,
          type: 'OrchestrationProcessingStats',
          fields: ['tasksInitialized', 'stepsProcessed', 'tasksFinalized', 'tasksFailed', 'stepsFailed', 'currentQueueSizes'],
        },
        'File 2, Fix 4: current',
      ),
    ]),
    step('4', '1', 'StateManager removal', [
      methodCount({ file: stateManager, class: 'StateManager', count: 14 }, 'File 4: of its 14 methods'),
      unusedMembers(
        {
          file: stateManager,
          class: 'StateManager',
          members: [
            'evaluateTaskState',
            'evaluateStepState',
            'calculateRecommendedTaskState',
            'calculateRecommendedStepState',
            'transitionStepsToCompleted',
            'processBulkTransitions',
            'getStateHealthSummary',
            'failStepWithError',
            'completeStepWithResults',
            'handleStepFailureWithRetry',
            'constructor',
          ],
        },
        'File 4: the remaining 11 methods are dead code',
      ),
      liveMembers(
        {
          file: stateManager,
          class: 'StateManager',
          members: ['markTaskInProgress', 'markStepEnqueued', 'getOrCreateStepStateMachine'],
        },
        'File 4: only 3 are called anywhere in production code',
      ),
      reaches(
        { file: stateManager, member: 'StateManager.markTaskInProgress', call: 'transition' },
        'File 4, Step 1: a thin wrapper around transition()',
      ),
      callsOnly(
        {
          file: stateManager,
          member: 'StateManager.getOrCreateStepStateMachine',
          calls: ['databasePool', 'upsertStep', 'forStep'],
        },
        'File 4, Step 1: this may involve a database upsert',
      ),
      testsExercise(
        {
          file: inOrchestration('state-manager.test.ts'),
          tests: 20,
          symbols: [
            'calculateRecommendedStepState',
            'calculateRecommendedTaskState',
            'getStateHealthSummary',
            'StateHealthSummary',
          ],
        },
        'File 4: the 20 tests test the recommendation and health summary functions',
      ),
    ]),
    step('1B', '2', 'CommandOutcome and dispatch helper', [
      readyMade(
        { file: eventSystem, member: 'OrchestrationEventSystem.processEvent', value: 'command', count: 3 },
        'File 1, Extract 2: the helper takes the command',
      ),
      active(
        {
          file: eventSystem,
          members: ['OrchestrationEventSystem.start', 'OrchestrationEventSystem.processEvent'],
        },
        'Goal: all active functionality; File 1, Problem A',
      ),
    ]),
    step('1C', '2', 'Notification dispatch helper', [
      callCount(
        { file: eventSystem, member: 'OrchestrationEventSystem.processOrchestrationNotification', callee: 'send', count: 5 },
        'File 1, Extract 3: the five send-and-forget blocks',
      ),
    ]),
    step('1D', '2', 'Listener setup helper', [
      sameArgument(
        { file: eventSystem, member: 'OrchestrationEventSystem.start', callee: 'ChannelMonitor', position: 1 },
        'File 1, Extract 4: no parameters',
      ),
    ]),
    step('2C', '2', 'Message-then-ack pipeline', [
      sameAround(
        {
          file: processor,
          members: [
            'CommandHandler.handleTaskInitializeFromMessage',
            'CommandHandler.handleStepResultFromMessage',
            'CommandHandler.handleTaskFinalizeFromMessage',
          ],
          call: 'ackMessageWithHandle',
        },
        'File 2, Group 2: on success: ack message (identical)',
      ),
    ]),
    step('3A', '2', 'Step execution request builder', [
      typeExists({ type: 'StepTemplate', file: inOrchestration('task-template.ts') }, 'File 3, Extract 1: signature'),
      cannotFail(
        {
          file: discovery,
          member: 'ViableStepDiscovery.buildStepExecutionRequests',
          from: 'const stepTemplate',
          to: 'executionRequests.push',
        },
        'File 3, Extract 1: returns a request, not a result',
      ),
    ]),
  ],
};

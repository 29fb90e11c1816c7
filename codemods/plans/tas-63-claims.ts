// What each step of TAS-63 relies on in the code before it: true on the code base as it was, checked by the plan lint.
import {
  callCount,
  callsOnly,
  declares,
  fieldNames,
  fileLines,
  liveMembers,
  methodCount,
  reaches,
  standsAlone,
  typeExists,
  usedIn,
} from '../plan/claims/index.ts';
import type { Claim } from '../plan/claim.ts';
import {
  commandTypes,
  discovery,
  enqueuer,
  eventSystem,
  initializer,
  inOrchestration,
  processor,
  stateManager,
} from './tas-63-paths.ts';

type StepId = '1A' | '2A' | '2D' | '3C' | '4' | '1B' | '1C' | '1D' | '2B' | '2C' | '3A' | '3B';

/** Claims by step. */
export const tas63Claims: Readonly<Record<StepId, readonly Claim[]>> = {
  '1A': [
    fileLines({ file: eventSystem, lines: 1222 }, 'Current state'),
    standsAlone({
      file: eventSystem,
      declarations: ['OrchestrationStatistics', 'OrchestrationComponentStatistics'],
      lines: 103,
      outsideWrites: 33,
    }),
  ],
  '2A': [
    fileLines({ file: processor, lines: 972 }, 'Current state'),
    typeExists({ type: 'QueueDepthStatus', file: inOrchestration('health/types.ts') }),
    callCount({ file: processor, member: 'CommandHandler.handleHealthCheck', callee: 'actorCount', count: 1 }),
  ],
  '2D': [
    fieldNames({
      file: commandTypes,
      type: 'OrchestrationProcessingStats',
      fields: [
        'taskRequestsProcessed',
        'stepResultsProcessed',
        'tasksFinalized',
        'tasksReadyProcessed',
        'processingErrors',
        'currentQueueSizes',
      ],
    }),
    callCount({ file: processor, member: 'CommandHandler.executeWithStats', callee: 'write', count: 1 }),
  ],
  '3C': [declares({ file: discovery, names: ['TaskReadinessSummary'] })],
  '4': [
    fileLines({ file: stateManager, lines: 864 }, 'Current state'),
    methodCount({ file: stateManager, class: 'StateManager', count: 21 }),
    liveMembers({
      file: stateManager,
      class: 'StateManager',
      members: [
        'constructor',
        'databasePool',
        'getOrCreateTaskStateMachine',
        'getOrCreateStepStateMachine',
        'transitionTaskState',
        'markTaskInProgress',
        'markStepEnqueued',
      ],
    }),
    usedIn({ file: stateManager, member: 'StateManager.markTaskInProgress', users: [enqueuer] }),
    usedIn({ file: stateManager, member: 'StateManager.markStepEnqueued', users: [enqueuer] }),
    usedIn({ file: stateManager, member: 'StateManager.getOrCreateStepStateMachine', users: [initializer] }),
    reaches({ file: stateManager, member: 'StateManager.markStepEnqueued', call: 'transition' }),
    callsOnly({
      file: stateManager,
      member: 'StateManager.getOrCreateStepStateMachine',
      calls: ['get', 'databasePool', 'findStep', 'orchestrationErrorFromDatabase', 'forStep', 'set'],
    }),
  ],
  '1B': [callCount({ file: eventSystem, member: 'OrchestrationEventSystem.processEvent', callee: 'oneshot', count: 3 })],
  '1C': [
    callCount({
      file: eventSystem,
      member: 'OrchestrationEventSystem.processOrchestrationNotification',
      callee: 'send',
      count: 4,
    }),
  ],
  '1D': [
    callCount({ file: eventSystem, member: 'OrchestrationEventSystem.start', callee: 'new ChannelMonitor', count: 2 }),
    callCount({ file: eventSystem, member: 'OrchestrationEventSystem.start', callee: 'pollerConfig', count: 2 }),
  ],
  '2B': [
    callCount({
      file: processor,
      member: 'CommandHandler.handleTaskInitializeFromMessageEvent',
      callee: 'readSpecificMessage',
      count: 1,
    }),
    callCount({
      file: processor,
      member: 'CommandHandler.handleStepResultFromMessageEvent',
      callee: 'readSpecificMessage',
      count: 1,
    }),
    callCount({
      file: processor,
      member: 'CommandHandler.handleTaskFinalizeFromMessageEvent',
      callee: 'readSpecificMessage',
      count: 1,
    }),
  ],
  '2C': [
    callCount({
      file: processor,
      member: 'CommandHandler.handleTaskInitializeFromMessage',
      callee: 'ackMessageWithHandle',
      count: 1,
    }),
    callCount({
      file: processor,
      member: 'CommandHandler.handleStepResultFromMessage',
      callee: 'ackMessageWithHandle',
      count: 1,
    }),
    callCount({
      file: processor,
      member: 'CommandHandler.handleTaskFinalizeFromMessage',
      callee: 'ackMessageWithHandle',
      count: 1,
    }),
  ],
  '3A': [
    fileLines({ file: discovery, lines: 522 }, 'Current state'),
    typeExists({ type: 'StepDefinition', file: inOrchestration('task-template.ts') }),
    callCount({
      file: discovery,
      member: 'ViableStepDiscovery.buildStepExecutionRequests',
      callee: 'loadStepDependencies',
      count: 1,
    }),
  ],
  '3B': [callCount({ file: discovery, member: 'ViableStepDiscovery.buildStepExecutionRequests', callee: 'filter', count: 1 })],
};

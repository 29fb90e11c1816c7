// The dead code of the legacy system, class by class, and the decoys that only look dead.
import { describe, expect, it } from 'vitest';
import type { Finding, LivenessClass } from '../../../codemods/analysis/liveness-model.ts';
import { findingsOf } from '../../../codemods/analysis/liveness-report.ts';
import { analyseLiveness } from '../../../codemods/analysis/liveness.ts';
import { loadLegacySystem, stateManagerExports } from './tas-63.ts';

const workspace = loadLegacySystem();
const asIs = findingsOf(analyseLiveness(workspace), workspace);
/** With the removal of the state manager from the API decided, as the plan does. */
const decided = findingsOf(analyseLiveness(workspace, { approve: stateManagerExports }), workspace);

function found(findings: readonly Finding[], symbol: string): Finding {
  const [first, ...others] = findings.filter((each) => each.symbol === symbol);
  if (first === undefined || others.length > 0) throw new Error(`${symbol}: ${first === undefined ? 'not found' : 'several'}`);
  return first;
}

const manager = (name: string): string => `StateManager.${name}`;

/** Members of the state manager that no way leads to, tests included. */
const unreachable = [
  'getTaskUuidForStepUuid',
  'evaluateTaskState',
  'evaluateStepState',
  'transitionStepsToCompleted',
  'processBulkTransitions',
  'calculateRecommendedTaskState',
  'transitionStepState',
  'completeStepWithResults',
  'failStepWithError',
  'handleStepFailureWithRetry',
  'processTaskTransitionRequest',
  'processStepTransitionRequest',
].map(manager);

const table: readonly (readonly [LivenessClass, readonly string[]])[] = [
  ['unreachable', [...unreachable, 'StateManager.eventPublisher']],
  ['partially-dead', ['StateManager.transitionTaskState']],
  [
    'test-only',
    [
      'StateManager.getStateHealthSummary',
      'StateManager.calculateRecommendedStepState',
      ...stateManagerExports.filter((name) => name !== 'StateManager'),
      // the other dead field of the manager: the health summary, which one test calls, reads it
      'StateManager.sqlExecutor',
      'ViableStepDiscovery.buildStepExecutionRequests',
      'ViableStepDiscovery.loadStepDependencies',
      'ViableStepDiscovery.getTaskTemplateFromDatabase',
    ],
  ],
  ['interface-only', ['OrchestrationEventSystem.processEvent', 'OrchestrationEventSystem.recordLatency']],
  [
    'exported-unused',
    [
      'OrchestrationEventSystem.uptime',
      'ViableStepDiscovery.getDependencyLevels',
      'ViableStepDiscovery.getExecutionContext',
      'ViableStepDiscovery.findViableStepsWithCriteria',
      'ViableStepDiscovery.getTaskReadinessSummary',
      'TaskReadinessSummary',
      'OrchestrationCore.getProcessingStats',
      'ageText',
    ],
  ],
  [
    'write-only',
    ['OrchestrationStatistics.lastProcessingTimeMs', 'OrchestrationStatistics.operationsCoordinated', 'CommandHandler.context'],
  ],
  ['never-written', ['OrchestrationProcessingStats.currentQueueSizes']],
  [
    'unproduced',
    [
      "OrchestrationCommand(type: 'InitializeTask')",
      "OrchestrationCommand(type: 'ProcessStepResult')",
      "OrchestrationCommand(type: 'FinalizeTask')",
      "OrchestrationCommand(type: 'ProcessTaskReadiness')",
      "TaskInitializeResult(kind: 'Failed')",
      "TaskInitializeResult(kind: 'Skipped')",
      "TaskFinalizationResult(kind: 'Failed')",
      "TaskFinalizationResult(kind: 'NotClaimed')",
    ],
  ],
];

describe('the dead code of the legacy system', () => {
  it.each(table.flatMap(([kind, symbols]) => symbols.map((symbol) => [symbol, kind] as const)))('%s is %s', (symbol, kind) => {
    expect(found(decided, symbol).class).toBe(kind);
  });

  it('holds no other unproduced variant, no other never-written field, and no other partly dead function', () => {
    const exact: readonly LivenessClass[] = ['unproduced', 'never-written', 'partially-dead'];
    for (const kind of exact) {
      const expected = table.find(([each]) => each === kind)?.[1] ?? [];
      const symbols = asIs.filter((each) => each.class === kind).map((each) => each.symbol);
      expect(symbols.toSorted()).toEqual(expected.toSorted());
    }
  });

  it('loses the makers of four more events when the removal of the state manager is decided', () => {
    const unproduced = (findings: readonly Finding[]): readonly string[] =>
      findings.filter((each) => each.class === 'unproduced').map((each) => each.symbol);
    const more = unproduced(decided).filter((symbol) => !unproduced(asIs).includes(symbol));
    expect(more.toSorted()).toEqual([
      "StepEvent(type: 'Cancel')",
      "StepEvent(type: 'Retry')",
      "StepEvent(type: 'Start')",
      "TaskEvent(type: 'Cancel')",
    ]);
  });

  it.each(
    ['databasePool', 'getOrCreateTaskStateMachine', 'getOrCreateStepStateMachine', 'markTaskInProgress', 'markStepEnqueued'].map(
      manager,
    ),
  )('%s is in the live closure of the state manager', (symbol) => expect(found(decided, symbol).class).toBe('live'));

  it.each(unreachable)('%s is kept by nothing but the export while its removal is not decided', (symbol) => {
    expect(found(asIs, symbol)).toMatchObject({ class: 'exported-unused', ifInternal: 'unreachable' });
  });
});

describe('the proofs', () => {
  it('name the constant and the arms that it never takes', () => {
    const { proof } = found(asIs, 'StateManager.transitionTaskState');
    expect(proof).toContain('targetState = "StepsInProcess"');
    for (const arm of ["case 'Initializing'", "case 'Complete'", "case 'Error'"]) expect(proof).toContain(arm);
    expect(proof).toContain('StateManager.evaluateTaskState');
  });

  it('name the interface that nobody calls', () => {
    expect(found(asIs, 'OrchestrationEventSystem.processEvent').proof).toContain('EventDrivenSystem.processEvent');
    expect(found(asIs, 'EventDrivenSystem.processEvent').class).toBe('interface-only');
  });

  it('say what falls with the only reader of the statistics: its command and all counters', () => {
    expect(found(asIs, 'OrchestrationCore.getProcessingStats').cascade.toSorted()).toEqual(
      [
        "OrchestrationCommand(type: 'GetProcessingStats')",
        ...[
          'currentQueueSizes',
          'processingErrors',
          'stepResultsProcessed',
          'taskRequestsProcessed',
          'tasksFinalized',
          'tasksReadyProcessed',
        ].map((name) => `OrchestrationProcessingStats.${name}`),
      ].toSorted(),
    );
  });

  it('give the clauses that expect a variant nobody makes', () => {
    const { references } = found(asIs, "OrchestrationCommand(type: 'InitializeTask')");
    expect(references.map((each) => each.from)).toEqual(['CommandHandler.processCommand']);
  });

  it('tell the colours of references apart', () => {
    const colours = found(asIs, 'StateManager.getStateHealthSummary').references.map((each) => each.colour);
    expect(new Set(colours)).toEqual(new Set(['test']));
  });
});

describe('the decoys', () => {
  const decoys = [
    ['LifecycleEventHandlers.taskAccepted', 'a computed key'],
    ['LifecycleEventHandlers.taskFinished', 'a computed key'],
    ['LifecycleEventHandlers.stepHandedOut', 'a computed key'],
    ['LifecycleEventHandlers.stepFailed', 'a computed key'],
    ['MaintenanceJobs.reportIdleTasks', 'a name in config/maintenance.json'],
    ['MaintenanceJobs.purgeStepTransitions', 'a name in config/maintenance.json'],
    ['TaskReport.percentOf', 'a subclass in another package'],
    ['TaskReport.headline', 'an override in another package'],
    ['TaskReport.body', 'an override in another package'],
    ['RetryBackoff.spread', 'its one caller'],
    ['durationText', '`export *` and another package'],
  ] as const;

  it.each(decoys)('%s stays live, by %s', (symbol) => {
    expect(found(asIs, symbol).class).toBe('live');
  });

  it('that configuration names are proved by file and line', () => {
    expect(found(asIs, 'MaintenanceJobs.reportIdleTasks').proof).toMatch(
      /named in packages\/orchestration\/config\/maintenance\.json:3/,
    );
  });
});

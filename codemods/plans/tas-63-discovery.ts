// Steps of TAS-63 for step discovery and for the removal of the state manager.
import { collapseDataClump } from '../collapse-data-clump.ts';
import { extractFunction } from '../extract-function.ts';
import { inlineWrapper } from '../inline-wrapper.ts';
import { use } from '../kernel/codemod.ts';
import { moveDeclarations } from '../move-declarations.ts';
import { declares, fileGone, fileLinesAtMost } from '../plan/claims/index.ts';
import type { Step } from '../plan/plan.ts';
import { pruneDependency } from '../prune-dependency.ts';
import { pruneGenerated } from '../prune-generated.ts';
import { removeFieldWiring } from '../remove-field-wiring.ts';
import { removeTestsOfDeleted } from '../remove-tests-of-deleted.ts';
import { removeUnreachable } from '../remove-unreachable.ts';
import { splitFunctionalCore } from '../split-functional-core.ts';
import { tidyComments } from '../tidy-comments.ts';
import { tas63Claims } from './tas-63-claims.ts';
import { discovery, enqueuer, initializer, inOrchestration, stateManager } from './tas-63-paths.ts';

const builder = inOrchestration('step-request-builder.ts');
const filter = inOrchestration('dependency-filter.ts');
const build = 'ViableStepDiscovery.buildStepExecutionRequests';
const removed = [
  'StateManager',
  'StateTransitionRequest',
  'StateEntityType',
  'StateTransitionEvent',
  'StateEvaluationResult',
  'StateHealthSummary',
];

/** Extracts 1 and 2 of file 3. */
export const discoverySteps: readonly Step[] = [
  {
    id: '3A',
    phase: '2',
    title: 'Step execution requests built by pure functions',
    after: [],
    claims: tas63Claims['3A'],
    operations: [
      // What the builder and the filter take and give, so that they need nothing of the discovery itself.
      use(moveDeclarations, {
        from: discovery,
        symbols: ['ViableStep', 'StepExecutionRequest'],
        to: inOrchestration('step-execution-request.ts'),
        doc: 'A step that can run, and the request its worker gets.',
      }),
      use(extractFunction, {
        file: discovery,
        in: build,
        name: 'resolveStepTemplate',
        first: 'const stepTemplate =',
        last: 'if (stepTemplate === undefined)',
        to: builder,
        as: 'function',
        doc: 'The definition of a step in the template of its task; the first with its name counts.',
        moduleDoc: 'Turns a viable step and its definition into the request that a worker gets.',
      }),
      use(collapseDataClump, {
        file: builder,
        function: 'resolveStepTemplate',
        parameters: ['namespaceName', 'taskName', 'taskVersion'],
        as: 'taskLabel',
      }),
      use(splitFunctionalCore, {
        file: discovery,
        in: build,
        name: 'buildSingleStepRequest',
        parts: [
          { first: 'const handlerClass', last: "if ( typeof configuredTimeoutMs === 'number'" },
          { expression: '{ stepUuid: step.stepUuid, taskUuid, stepName' },
        ],
        to: builder,
        parameters: {
          step: 'step',
          taskUuid: 'taskUuid',
          taskContext: 'task.context',
          stepTemplate: 'stepTemplate',
          previousResults: 'previousResults',
          now: 'this.clock.now()',
        },
        doc: 'Builds the request of one step, at a given time.',
      }),
    ],
    ensures: [declares({ file: builder, names: ['resolveStepTemplate', 'buildSingleStepRequest'] })],
    subjects: ['request-builder', 'discovery'],
  },
  {
    id: '3B',
    phase: '2',
    title: 'Dependency filter as a pure function',
    after: ['3A'],
    claims: tas63Claims['3B'],
    operations: [
      use(extractFunction, {
        file: discovery,
        in: build,
        name: 'filterByDependencySatisfaction',
        expression: 'viableSteps.filter((step) => step.dependenciesSatisfied)',
        to: filter,
        parameters: { steps: 'viableSteps' },
        difference: { name: 'removedCount', value: 'kept', comparison: 'viableStepsFiltered.length !== viableSteps.length' },
        doc: 'Steps whose dependencies are satisfied, and how many are not.',
        moduleDoc: 'Leaves steps with open dependencies out.',
      }),
    ],
    ensures: [declares({ file: filter, names: ['filterByDependencySatisfaction'] })],
    subjects: ['request-builder', 'discovery'],
  },
];

/** File 4. */
export const stateManagerSteps: readonly Step[] = [
  {
    id: '4',
    phase: '1',
    title: 'StateManager removed, its three live methods in their callers',
    after: [],
    claims: tas63Claims['4'],
    operations: [
      use(inlineWrapper, {
        file: stateManager,
        class: 'StateManager',
        methods: ['markTaskInProgress', 'markStepEnqueued'],
        into: enqueuer,
        owner: 'StepEnqueuer',
        state: 'move',
        maps: 'plain',
      }),
      use(inlineWrapper, {
        file: stateManager,
        class: 'StateManager',
        methods: ['getOrCreateStepStateMachine'],
        into: initializer,
        owner: 'StateInitializer',
        state: 'move',
        maps: 'plain',
      }),
      use(removeFieldWiring, { file: enqueuer, class: 'StepEnqueuer', field: 'stateManager' }),
      use(removeFieldWiring, { file: initializer, class: 'StateInitializer', field: 'stateManager' }),
      // With the methods taken over the enqueuer would have more than 800 lines.
      use(moveDeclarations, {
        from: enqueuer,
        symbols: [
          'StepEnqueuerConfig',
          'DEFAULT_STEP_ENQUEUER_CONFIG',
          'EnqueueOptions',
          'SimpleStepMessage',
          'NamespaceEnqueueStats',
          'StepEnqueueDetail',
          'StepEnqueueResult',
          'BatchEnqueueResult',
          'StepEnqueuerStatistics',
        ],
        to: inOrchestration('lifecycle/step-enqueuer-types.ts'),
        doc: 'What the step enqueuer is configured with, sends and answers.',
      }),
      use(removeTestsOfDeleted, { files: [stateManager] }),
      use(removeUnreachable, { files: [stateManager], approve: removed }),
      use(pruneDependency, { package: 'expiring-map' }),
      use(pruneGenerated, {
        artefacts: ['{generated,packages/*/generated}/queries/*.json'],
        sources: ['packages/orchestration/src/**/*.ts'],
        key: { kind: 'template', tag: 'sql', field: 'statement' },
      }),
      use(tidyComments, {
        names: ['StateManager'],
        sentences: [
          { file: enqueuer, from: ' through the StateManager', to: '' },
          { file: initializer, from: 'StateManager-based initialization', to: 'Initialization' },
          {
            file: inOrchestration('index.ts'),
            from: '- `StateManager` keeps the states of tasks and steps consistent, and recommends the next one',
            to: '',
          },
        ],
      }),
    ],
    ensures: [fileGone({ file: stateManager }), fileLinesAtMost({ file: enqueuer, lines: 800 })],
    subjects: ['step-marking', 'state-initializer'],
  },
];

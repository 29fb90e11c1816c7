// The plan of TAS-63 as data: the seed's steps with what they quote, need, do and promise, on the code base as it was before.
import type { Plan } from '../plan/plan.ts';
import { eventSystemSteps } from './tas-63-event-system.ts';
import { processorSteps } from './tas-63-processor.ts';
import { discoverySteps, stateManagerSteps } from './tas-63-discovery.ts';
import { testSteps } from './tas-63-tests.ts';
import { discovery, eventSystem, processor, stateManager } from './tas-63-paths.ts';

const steps = [...eventSystemSteps, ...processorSteps, ...discoverySteps, ...stateManagerSteps, ...testSteps];
const order = ['1A', '2A', '2D', '3C', '4', '1B', '1C', '1D', '2B', '3A', '3B', '2C', 'tests'];

/** What steps change of what the packages offer; the others change nothing of it. */
const offered: Readonly<Record<string, readonly string[]>> = {
  '1A': ['OrchestrationEventSystem'],
  '1D': ['OrchestrationEventSystem'],
  '2D': ['OrchestrationProcessingStats'],
  '4': [
    'StateManager',
    'StateEntityType',
    'StateTransitionRequest',
    'StateTransitionEvent',
    'StateEvaluationResult',
    'StateHealthSummary',
    'StateInitializer',
    'StepEnqueuer',
  ],
};

/** Carried out by `npm run refactor`. */
export const tas63: Plan = {
  name: 'tas-63',
  title: 'TAS-63: Orchestration System Refactor for Testability',
  root: 'fixtures/tas-63/before',
  projects: ['packages/orchestration/tsconfig.json', 'packages/consumer/tsconfig.json'],
  phases: [
    { id: '1', title: 'Independent extractions and cleanups' },
    { id: '2', title: 'Duplication reduction' },
    { id: '3', title: 'Tests for what was extracted' },
  ],
  reported: [eventSystem, processor, discovery, stateManager],
  tests: [
    {
      root: 'packages/orchestration',
      args: ['--no-isolate'],
      mirrors: [
        { sources: 'src/orchestration/event-systems', tests: 'test' },
        { sources: 'src/orchestration/actors', tests: 'test' },
        { sources: 'src/orchestration/health', tests: 'test' },
        { sources: 'src/orchestration/commands', tests: 'test' },
        { sources: 'src/orchestration/lifecycle', tests: 'test' },
        { sources: 'src/orchestration', tests: 'test' },
        { sources: 'src/orchestration', tests: 'src/orchestration' },
      ],
    },
    { root: 'packages/consumer', coverage: false, args: ['--no-isolate'] },
  ],
  steps: steps
    .map((step) => ({ ...step, api: offered[step.id] ?? [] }))
    .toSorted((a, b) => order.indexOf(a.id) - order.indexOf(b.id)),
};

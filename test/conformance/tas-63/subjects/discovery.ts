// Discovery: which steps can run, with and without criteria, the levels of a task and its execution context (A 3.0).
import { choose } from '../../../../codemods/proof/answers.ts';
import type { Answer, Choices } from '../../../../codemods/proof/answers.ts';
import { randomIds } from '../../../../codemods/proof/normalisers.ts';
import type { Scenario, SubjectSpec } from '../../../../codemods/proof/prove.ts';
import { discoveryIn, readinessRow } from '../discovery-system.ts';
import type { Discovery } from '../discovery-system.ts';
import { fresh, kept } from '../fresh-inputs.ts';
import { fails } from '../recorded-database.ts';
import type { Answers } from '../recorded-database.ts';
import { rangesOf } from '../system.ts';

interface Asking {
  readonly answers: Answers;
  /** Of the publisher; default: it takes every event. */
  readonly publish?: Answer;
  ask(discovery: Discovery): unknown;
}

function asking(name: string, { answers, publish, ask }: Asking): Scenario {
  return {
    name,
    run(world, subject) {
      subject.use(world);
      return ask(discoveryIn(world, subject, answers, publish === undefined ? {} : { 'events.publish': publish }));
    },
  };
}

const failed = new Date(Date.UTC(2025, 11, 1, 10));
const next = new Date(Date.UTC(2025, 11, 1, 11));

const rowsOf: Readonly<Record<string, readonly object[]>> = {
  'no rows': [],
  'one step': [readinessRow('ship')],
  'no step is ready': [readinessRow('ship', { readyForExecution: false })],
  'some are ready': [
    readinessRow('ship', { readyForExecution: false }),
    readinessRow('bill', { currentState: 'WaitingForRetry', attempts: 2 }),
    readinessRow('call', { readyForExecution: false }),
    readinessRow('pack', { maxAttempts: 9 }),
  ],
  'of another task': [readinessRow('ship', { taskUuid: 'task-2' })],
  'ready although nothing else says so': [
    readinessRow('ship', { dependenciesSatisfied: false, retryEligible: false, currentState: 'Complete' }),
  ],
  'after a failure': [readinessRow('ship', { attempts: 1, lastFailureAt: failed, nextRetryAt: next })],
  'after a failure, not yet planned': [readinessRow('ship', { attempts: 1, lastFailureAt: failed })],
  'planned without a failure': [readinessRow('ship', { nextRetryAt: next })],
  'counts below zero': [readinessRow('ship', { attempts: -1, maxAttempts: -2 })],
  'counts that are no whole numbers': [readinessRow('ship', { attempts: 1.9, maxAttempts: 4_294_967_296 })],
};

const find = (discovery: Discovery): unknown => discovery.findViableSteps('task-1');
const found = Object.entries(rowsOf).map(([name, rows]) =>
  asking(`viable steps, ${name}`, { answers: { stepReadiness: () => rows }, ask: find }),
);

const notFound: readonly Scenario[] = [
  asking('viable steps, the statement fails', { answers: { stepReadiness: fails() }, ask: find }),
  asking('viable steps, the event is not taken', {
    answers: { stepReadiness: () => [readinessRow('ship')] },
    publish: { rejects: new Error('no listener') },
    ask: find,
  }),
  asking('viable steps, the publisher throws a text', {
    answers: { stepReadiness: () => [] },
    publish: { throws: 'closed' },
    ask: find,
  }),
];

/** A change of the row afterwards does not reach the step. */
const copiedDates: Scenario = {
  name: 'viable steps, the dates are copies',
  async run(world, subject) {
    subject.use(world);
    const row = { lastFailureAt: new Date(failed), nextRetryAt: new Date(next) };
    const discovery = discoveryIn(world, subject, { stepReadiness: () => [kept(readinessRow('ship', row))] });
    const steps = await discovery.findViableSteps('task-1');
    row.lastFailureAt.setTime(0);
    row.nextRetryAt.setTime(0);
    return steps;
  },
};

const threeRows = [readinessRow('bill'), readinessRow('ship'), readinessRow('call', { stepUuid: 'step-other' })];
const criteriaOf: Readonly<Record<string, object>> = {
  none: {},
  'one name': { stepNames: ['ship'] },
  'two names, in another order': { stepNames: ['ship', 'bill'] },
  'no names': { stepNames: [] },
  'an unknown name': { stepNames: ['shi'] },
  'at most two': { maxSteps: 2 },
  'at most none': { maxSteps: 0 },
  'at most more than there are': { maxSteps: 9 },
  'at most less than none': { maxSteps: -1 },
  'a name and at most one': { stepNames: ['call', 'ship'], maxSteps: 1 },
};

const byCriteria: readonly Scenario[] = [
  ...Object.entries(criteriaOf).map(([name, criteria]) =>
    asking(`criteria, ${name}`, {
      answers: { stepReadiness: () => threeRows },
      ask: (discovery) => discovery.findViableStepsWithCriteria('task-1', fresh(criteria)),
    }),
  ),
  asking('criteria, the statement fails', {
    answers: { stepReadiness: fails() },
    ask: (discovery) => discovery.findViableStepsWithCriteria('task-1', { maxSteps: 1 }),
  }),
];

const levels = (discovery: Discovery): unknown => discovery.getDependencyLevels('task-1');
const context = (discovery: Discovery): unknown => discovery.getExecutionContext('task-1');
const counts = {
  taskUuid: 'task-1',
  totalSteps: 4,
  completedSteps: 1,
  failedSteps: 0,
  readySteps: 2,
  pendingSteps: 1,
  inProgressSteps: 0,
};

const questions: readonly Scenario[] = [
  asking('levels, none', { answers: { dependencyLevels: () => [] }, ask: levels }),
  asking('levels, three steps', {
    answers: {
      dependencyLevels: () => [
        { stepUuid: 'step-a', level: 0 },
        { stepUuid: 'step-b', level: 1 },
        { stepUuid: 'step-c', level: 1 },
      ],
    },
    ask: levels,
  }),
  asking('levels, a step twice', {
    answers: {
      dependencyLevels: () => [
        { stepUuid: 'step-a', level: 2 },
        { stepUuid: 'step-a', level: 1 },
      ],
    },
    ask: levels,
  }),
  asking('levels, the statement fails', { answers: { dependencyLevels: fails() }, ask: levels }),
  asking('context, of a task', {
    answers: {
      taskExecutionContext: () => ({ ...counts, executionStatus: 'has_ready_steps', recommendedAction: 'execute_ready_steps' }),
    },
    ask: context,
  }),
  asking('context, the task is missing', { answers: {}, ask: context }),
  asking('context, the statement fails', { answers: { taskExecutionContext: fails() }, ask: context }),
];

const atOnce: Scenario = {
  name: 'viable steps, two tasks at once',
  concurrent: true,
  async run(world, subject) {
    subject.use(world);
    const discovery = discoveryIn(world, subject, {
      stepReadiness: (taskUuid) => [readinessRow('ship', { taskUuid, stepUuid: `step of ${String(taskUuid)}` })],
    });
    return Promise.all(['task-1', 'task-2'].map((taskUuid) => world.flow(taskUuid, () => discovery.findViableSteps(taskUuid))));
  },
};

function drawRows(choices: Choices): readonly object[] {
  const names = ['bill', 'ship', 'call', 'pack'].slice(0, choices.pick(5, 'number of rows'));
  return names.map((name) =>
    readinessRow(name, {
      readyForExecution: choices.pick(3, 'ready') > 0,
      currentState: choose(choices, 'state', ['Pending', 'WaitingForRetry', 'Complete', 'Error']),
      dependenciesSatisfied: choices.pick(2, 'satisfied') > 0,
      attempts: choose(choices, 'attempts', [0, 1, -1]),
      lastFailureAt: choose(choices, 'last failure', [null, failed]),
      nextRetryAt: choose(choices, 'next retry', [null, next]),
    }),
  );
}

function drawCriteria(choices: Choices): object {
  return {
    ...choose(choices, 'names', [{}, { stepNames: [] }, { stepNames: ['ship'] }, { stepNames: ['pack', 'bill'] }]),
    ...choose(choices, 'at most', [{}, { maxSteps: 0 }, { maxSteps: 1 }, { maxSteps: 3 }]),
  };
}

export const discovery: SubjectSpec = {
  name: 'discovery',
  normalisers: [randomIds],
  scenarios: [...found, ...notFound, copiedDates, ...byCriteria, ...questions, atOnce],
  random(world, subject, choices) {
    subject.use(world);
    const rows = drawRows(choices);
    const stepReadiness = choices.pick(8, 'statement fails') === 0 ? fails('timeout') : () => rows;
    const publish: Answer =
      choices.pick(8, 'event is not taken') === 0 ? { rejects: new Error('no listener') } : { resolves: undefined };
    const asked = discoveryIn(world, subject, { stepReadiness }, { 'events.publish': publish });
    return asked.findViableStepsWithCriteria('task-1', drawCriteria(choices));
  },
  ranges: rangesOf('src/orchestration/viable-step-discovery.ts', [
    'ViableStepDiscovery.constructor',
    'ViableStepDiscovery.findViableSteps',
    'ViableStepDiscovery.getDependencyLevels',
    'ViableStepDiscovery.getExecutionContext',
    'ViableStepDiscovery.findViableStepsWithCriteria',
  ]),
};

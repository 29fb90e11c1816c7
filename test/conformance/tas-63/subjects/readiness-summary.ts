// The readiness summary of a task: counts, percentage and the three questions about them (A 3.3).
import { randomIds } from '../../../../codemods/proof/normalisers.ts';
import type { Scenario, SubjectSpec } from '../../../../codemods/proof/prove.ts';
import type { Subject } from '../../../../codemods/proof/subject-loader.ts';
import { choose } from '../../../../codemods/proof/answers.ts';
import { discoveryIn, readinessRow } from '../discovery-system.ts';
import type { Summary } from '../discovery-system.ts';
import { fails } from '../recorded-database.ts';
import { entry, rangesOf } from '../system.ts';

const withAnswers = (summary: Summary) => ({
  summary,
  isComplete: summary.isComplete(),
  isBlocked: summary.isBlocked(),
  hasFailures: summary.hasFailures(),
});

function summarising(name: string, rows: readonly object[]): Scenario {
  return {
    name,
    async run(world, subject) {
      subject.use(world);
      return withAnswers(await discoveryIn(world, subject, { stepReadiness: () => rows }).getTaskReadinessSummary('task-1'));
    },
  };
}

const times = (count: number, row: object): readonly object[] => Array.from({ length: count }, () => row);

const complete = readinessRow('complete', { currentState: 'Complete', readyForExecution: false });
const ready = readinessRow('ready');
const waiting = readinessRow('waiting', { dependenciesSatisfied: false, readyForExecution: false });
const failed = readinessRow('failed', { currentState: 'Error', readyForExecution: false });
const running = readinessRow('running', { currentState: 'InProgress', readyForExecution: false });
const resolved = readinessRow('resolved', { currentState: 'ResolvedManually', readyForExecution: false });

/** How many of how many steps are complete: the percentage is cut off, never rounded. */
const shares: readonly (readonly [number, number])[] = [
  [0, 0],
  [0, 1],
  [1, 1],
  [1, 2],
  [1, 3],
  [2, 3],
  [3, 3],
  [5, 6],
  [1, 7],
  [6, 7],
  [1, 8],
  [29, 100],
  [57, 100],
  [99, 100],
  [100, 100],
  [199, 200],
  [1, 200],
  [300, 300],
];

const percentages = shares.map(([done, total]) =>
  summarising(`${done} of ${total} complete`, [...times(done, complete), ...times(total - done, ready)]),
);

const mixtures: readonly Scenario[] = [
  summarising('all wait', times(3, waiting)),
  summarising('all failed', times(2, failed)),
  summarising('all run', times(2, running)),
  summarising('all resolved by hand', times(2, resolved)),
  summarising('complete and failed', [complete, complete, failed]),
  summarising('ready and failed', [ready, failed, complete]),
  summarising('one of each', [complete, ready, waiting, failed, running, resolved]),
  summarising('waiting behind a running one', [running, ...times(4, waiting)]),
  summarising('counted twice: failed and waiting', [
    readinessRow('both', { currentState: 'Error', dependenciesSatisfied: false }),
  ]),
  summarising('counted twice: complete and ready', [readinessRow('both', { currentState: 'Complete' })]),
  summarising('states in other letters', [
    readinessRow('low', { currentState: 'complete' }),
    readinessRow('up', { currentState: 'ERROR' }),
  ]),
];

const notRead: Scenario = {
  name: 'the statement fails',
  run(world, subject) {
    subject.use(world);
    return discoveryIn(world, subject, { stepReadiness: fails() }).getTaskReadinessSummary('task-1');
  },
};

type SummaryClass = new (taskUuid: string, ...counts: readonly number[]) => Summary;

function summaryOf(subject: Subject, counts: readonly number[]): Summary {
  const { TaskReadinessSummary } = subject.load(entry) as unknown as { TaskReadinessSummary: SummaryClass };
  return new TaskReadinessSummary('task-1', ...counts);
}

/** Summaries as others make them: total, ready, complete, waiting, failed, percentage. */
const tables: Readonly<Record<string, readonly number[]>> = {
  'no steps': [0, 0, 0, 0, 0, 0],
  'more complete than there are': [2, 0, 3, 0, 0, 150],
  'complete and ready': [2, 1, 2, 0, 0, 100],
  'one ready': [2, 1, 0, 0, 0, 0],
  'none ready': [2, 0, 1, 1, 0, 50],
  'failures and nothing else': [1, 0, 0, 0, 1, 0],
  'failures below zero': [1, 0, 1, 0, -1, 100],
  'a percentage beyond a byte': [1, 0, 1, 0, 0, 300],
};

const made = Object.entries(tables).map(([name, counts]): Scenario => ({
  name: `made: ${name}`,
  run(world, subject) {
    subject.use(world);
    return withAnswers(summaryOf(subject, counts));
  },
}));

export const readinessSummary: SubjectSpec = {
  name: 'readiness-summary',
  normalisers: [randomIds],
  scenarios: [...percentages, ...mixtures, notRead, ...made],
  async random(world, subject, choices) {
    subject.use(world);
    const kinds = [complete, ready, waiting, failed, running, resolved];
    const rows = Array.from({ length: choices.pick(40, 'number of steps') }, () => choose(choices, 'kind of step', kinds));
    return withAnswers(await discoveryIn(world, subject, { stepReadiness: () => rows }).getTaskReadinessSummary('task-1'));
  },
  ranges: rangesOf('src/orchestration/viable-step-discovery.ts', [
    'ViableStepDiscovery.getTaskReadinessSummary',
    'TaskReadinessSummary',
  ]),
};

// Marking steps and tasks while steps are handed out: the StepEnqueuer with everything below it real (A 4.1, 4.2).
import { choose } from '../../../../codemods/proof/answers.ts';
import type { Answer, Choices } from '../../../../codemods/proof/answers.ts';
import { durations, randomIds, timestamps } from '../../../../codemods/proof/normalisers.ts';
import type { Scenario, SubjectSpec } from '../../../../codemods/proof/prove.ts';
import type { Subject } from '../../../../codemods/proof/subject-loader.ts';
import type { World } from '../../../../codemods/proof/world.ts';
import { readinessRow } from '../discovery-system.ts';
import { fresh } from '../fresh-inputs.ts';
import { enqueuerIn } from '../lifecycle-system.ts';
import type { Enqueuer, StoredStates } from '../lifecycle-system.ts';
import { fails, storedTimes } from '../recorded-database.ts';
import type { Answers } from '../recorded-database.ts';
import { answersOf, repetitions, runs, stepMarks, taskMarks } from '../step-situations.ts';
import type { Situation } from '../step-situations.ts';
import { rangesOf, textOf } from '../system.ts';

const known = { namespace: 'shop', correlationId: 'correlation-1' };

interface Opened {
  readonly enqueuer: Enqueuer;
  readonly states: StoredStates;
}

function open(world: World, subject: Subject, situation: Situation): Opened {
  const { tasks = { 'task-1': 'EnqueuingSteps' }, steps = {}, config, publish, send } = situation;
  const states = { tasks: new Map(Object.entries(tasks)), steps: new Map(Object.entries(steps)) };
  const enqueuer = enqueuerIn(world, subject, {
    answers: answersOf(situation, states),
    ...(config === undefined ? {} : { config }),
    ...(publish === undefined ? {} : { publish }),
    ...(send === undefined ? {} : { send }),
  });
  return { enqueuer, states };
}

/** One run; the counters are noted however it ends. */
async function enqueue(world: World, enqueuer: Enqueuer, { options = known }: Situation): Promise<unknown> {
  try {
    return await enqueuer.enqueueReadySteps('task-1', fresh(options));
  } finally {
    world.record({ target: 'enqueuer', operation: 'counts', args: [enqueuer.statistics(), enqueuer.successRate()] });
  }
}

async function enqueueTimes(world: World, { enqueuer, states }: Opened, situation: Situation): Promise<unknown> {
  const { times = 1, meanwhile } = situation;
  for (let time = 1; time < times; time += 1) {
    const result = await enqueue(world, enqueuer, situation);
    world.record({ target: 'enqueuer', operation: 'returned', args: [result] });
    meanwhile?.(states);
  }
  return enqueue(world, enqueuer, situation);
}

function scenarioOf(group: string) {
  return (situation: Situation): Scenario => ({
    name: `${group}: ${situation.name}`,
    run(world, subject) {
      subject.use(world);
      return enqueueTimes(world, open(world, subject, situation), situation);
    },
  });
}

/** Everything about the task is read, and nobody says who asks. */
const withoutOptions: Scenario = {
  name: 'run: without options',
  run(world, subject) {
    subject.use(world);
    return open(world, subject, { name: 'without options' }).enqueuer.enqueueReadySteps('task-1');
  },
};

/** Several tasks through one enqueuer: a task given twice is worked off once, one that fails stops no other. */
const batch: Scenario = {
  name: 'run: tasks one after the other',
  async run(world, subject) {
    subject.use(world);
    const { enqueuer } = open(world, subject, {
      name: 'batch',
      answers: (usual) => ({ ...usual, stepReadiness: (taskUuid) => rowsOf(String(taskUuid)) }),
    });
    return enqueuer.enqueueReadyStepsForTasks(['task-1', 'task-2', 'task-1', 'task-3'], fresh(known));
  },
};

function rowsOf(taskUuid: string): readonly object[] {
  if (taskUuid === 'task-2') throw new Error('connection lost');
  return [readinessRow('ship', { taskUuid, stepUuid: `step of ${taskUuid}` })];
}

/** Two runs at a time share what is kept: who loads the step depends on who comes first. */
function atOnce(name: string, taskUuids: readonly string[], row: (taskUuid: string) => object): Scenario {
  return {
    name: `at once: ${name}`,
    concurrent: true,
    async run(world, subject) {
      subject.use(world);
      const { enqueuer } = open(world, subject, {
        name,
        answers: (usual) => ({
          ...usual,
          stepReadiness: (taskUuid) => [row(String(taskUuid))],
          currentStepState: () => 'Pending',
        }),
      });
      return Promise.all(
        taskUuids.map((taskUuid, nr) => world.flow(`run ${nr + 1}`, () => enqueuer.enqueueReadySteps(taskUuid, fresh(known)))),
      );
    },
  };
}

const concurrently: readonly Scenario[] = [
  atOnce('two tasks', ['task-1', 'task-2'], (taskUuid) => readinessRow('ship', { taskUuid, stepUuid: `step of ${taskUuid}` })),
  atOnce('the same task', ['task-1', 'task-1'], () => readinessRow('ship')),
];

const statements = ['findStep', 'currentStepState', 'countOpenParents', 'currentTaskState', 'insertStepTransition', 'findTask'];

/** Every statement of a run may fail, or find nothing; what one of them meets does not depend on the others. */
function drawAnswers(choices: Choices, usual: Answers): Answers {
  const drawn = statements.map((statement): [string, Answers[string]] => [
    statement,
    (...args) => {
      const fate = choices.pick(10, `${statement} ${String(args[0])}`);
      if (fate === 0) return fails('timeout')();
      return fate === 1 && statement.startsWith('find') ? undefined : usual[statement]?.(...args);
    },
  ]);
  return { ...usual, ...Object.fromEntries(drawn) };
}

function draw(choices: Choices): Situation {
  const names = ['pick', 'bill', 'ship', 'call'].slice(0, choose(choices, 'number of rows', [0, 1, 2, 3, 3, 4]));
  const rows = names.map((name) =>
    readinessRow(name, {
      currentState: choose(choices, 'state in the row', ['Pending', 'Pending', 'WaitingForRetry', 'Enqueued']),
      attempts: choices.pick(3, 'attempts'),
    }),
  );
  const send = names.map((_, nr): Answer =>
    choices.pick(6, 'message is not sent') === 0 ? { rejects: new Error('queue is gone') } : { resolves: `message-${nr}` },
  );
  return {
    name: 'drawn',
    rows,
    tasks: {
      'task-1': choose(choices, 'state of the task', [
        'EnqueuingSteps',
        'StepsInProcess',
        'Pending',
        'WaitingForRetry',
        'Complete',
      ]),
    },
    answers: (usual) => drawAnswers(choices, usual),
    ...(send.length === 0 ? {} : { send }),
    options: choose(choices, 'options', [known, { ...known, priority: -100 }, { namespace: 'shop' }]),
    config: choose(choices, 'limits', [{}, { maxStepsPerTask: 1 }, { maxStepsPerTask: 3 }]),
    times: 1 + choices.pick(3, 'times'),
    meanwhile: ({ steps }) => {
      if (choices.pick(2, 'steps wait again') === 0) steps.clear();
    },
  };
}

async function drawnRuns(world: World, subject: Subject, choices: Choices): Promise<void> {
  const situation = draw(choices);
  const opened = open(world, subject, situation);
  await enqueueTimes(world, opened, situation).then(
    (result) => world.record({ target: 'enqueuer', operation: 'returned', args: [result] }),
    (error: unknown) => world.record({ target: 'enqueuer', operation: 'threw', args: [error] }),
  );
}

const stateManager = 'src/orchestration/state-manager.ts';

/** The lines of a branch, found by a text that stands once in the member they are in. */
function lineIn(member: string, text: string): number {
  const [range] = rangesOf(stateManager, [member]);
  const lines = textOf(stateManager).split('\n');
  return lines.findIndex((line, at) => at + 1 >= (range?.from ?? 0) && line.includes(text)) + 1;
}

const constantTarget =
  'StepEnqueuer reaches transitionTaskState through markTaskInProgress alone, whose constant target StepsInProcess takes the default arm and returns';

export const stepMarking: SubjectSpec = {
  name: 'step-marking',
  normalisers: [durations(['processingDurationMs']), timestamps, storedTimes, randomIds],
  scenarios: [
    ...stepMarks.map(scenarioOf('step')),
    ...taskMarks.map(scenarioOf('task')),
    ...repetitions.map(scenarioOf('again')),
    ...runs.map(scenarioOf('run')),
    withoutOptions,
    batch,
    ...concurrently,
  ],
  random(world, subject, choices) {
    subject.use(world);
    return drawnRuns(world, subject, choices);
  },
  ranges: [
    ...rangesOf('src/orchestration/lifecycle/step-enqueuer.ts', [
      'StepEnqueuer.constructor',
      'StepEnqueuer.enqueueReadySteps',
      'StepEnqueuer.enqueueIndividualStep',
    ]),
    ...rangesOf(stateManager, [
      'StateManager.constructor',
      'StateManager.databasePool',
      'StateManager.getOrCreateTaskStateMachine',
      'StateManager.getOrCreateStepStateMachine',
      'StateManager.transitionTaskState',
      'StateManager.markTaskInProgress',
      'StateManager.markStepEnqueued',
    ]),
  ],
  unreachable: ["case 'Initializing'", "case 'Complete'", "case 'Error'", 'catch (error)'].map((text) => ({
    path: stateManager,
    line: lineIn('StateManager.transitionTaskState', text),
    proof: constantTarget,
  })),
};

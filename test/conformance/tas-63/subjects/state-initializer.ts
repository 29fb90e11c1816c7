// Initialization of the states of a task: above all the loop that gets the machine of every step (A 4.3).
import { choose } from '../../../../codemods/proof/answers.ts';
import type { Answer, Choices } from '../../../../codemods/proof/answers.ts';
import { durations, randomIds, timestamps } from '../../../../codemods/proof/normalisers.ts';
import type { Scenario, SubjectSpec } from '../../../../codemods/proof/prove.ts';
import type { Subject } from '../../../../codemods/proof/subject-loader.ts';
import type { World } from '../../../../codemods/proof/world.ts';
import { initializerIn, storedLifecycle } from '../lifecycle-system.ts';
import type { Initializer } from '../lifecycle-system.ts';
import { fresh } from '../fresh-inputs.ts';
import { fails, inTurn, storedTimes } from '../recorded-database.ts';
import type { Answers } from '../recorded-database.ts';
import { rangesOf } from '../system.ts';

interface Initialization {
  readonly name: string;
  /** What is asked of the initializer; default: the machines of one step. */
  readonly ask?: (initializer: Initializer) => Promise<unknown>;
  /** States of steps that have one. */
  readonly steps?: Readonly<Record<string, string>>;
  /** Instead of the answers of the database that keeps states; made for each run, as they may count. */
  readonly answers?: (usual: Answers) => Answers;
  readonly publish?: Answer;
}

const machinesOf =
  (...steps: readonly string[]) =>
  (initializer: Initializer): Promise<unknown> =>
    initializer.initializeStateMachines('task-1', fresh(steps));

const oneStep = machinesOf('step-ship');
const threeSteps = machinesOf('step-pick', 'step-bill', 'step-ship');

function open(
  world: World,
  subject: Subject,
  { steps = {}, answers = (usual) => usual, publish }: Omit<Initialization, 'name'>,
): Initializer {
  const usual = storedLifecycle({ tasks: new Map(), steps: new Map(Object.entries(steps)) });
  return initializerIn(world, subject, { answers: answers(usual), ...(publish === undefined ? {} : { publish }) });
}

function scenarioOf(group: string) {
  return ({ name, ask = oneStep, ...initialization }: Initialization): Scenario => ({
    name: `${group}: ${name}`,
    run(world, subject) {
      subject.use(world);
      return ask(open(world, subject, initialization));
    },
  });
}

/** Answers of a statement by its key; the others get the usual answer. */
function forKey(usual: Answers, statement: string, special: Answers): Answers {
  return { ...usual, [statement]: (...args) => (special[String(args[0])] ?? usual[statement])?.(...args) };
}

const instead = (answers: Answers) => (usual: Answers) => ({ ...usual, ...answers });

/** The loop never fails; what it meets is in its records. */
const loop: readonly Initialization[] = [
  { name: 'no steps', ask: machinesOf() },
  { name: 'a step without a state' },
  ...['Pending', 'Enqueued', 'Complete'].map((state) => ({ name: `a step in ${state}`, steps: { 'step-ship': state } })),
  { name: 'the step is not found', answers: instead({ findStep: () => undefined }) },
  { name: 'the step cannot be loaded', answers: instead({ findStep: fails() }) },
  {
    name: 'the step cannot be loaded, a text is thrown',
    answers: instead({
      findStep: () => {
        // oxlint-disable-next-line typescript/only-throw-error -- a driver that throws something else is the case
        throw 'out of memory';
      },
    }),
  },
  { name: 'the state of the step cannot be read', answers: instead({ currentStepState: fails() }) },
  { name: 'three steps', ask: threeSteps, steps: { 'step-bill': 'InProgress' } },
  { name: 'three steps, none is found', ask: threeSteps, answers: instead({ findStep: () => undefined }) },
  {
    name: 'one of each',
    ask: machinesOf('step-none', 'step-lost', 'step-unread', 'step-ship'),
    answers: (usual) => ({
      ...forKey(usual, 'findStep', { 'step-none': () => undefined, 'step-lost': fails() }),
      currentStepState: (stepUuid) => (stepUuid === 'step-unread' ? fails('timeout')() : 'Pending'),
    }),
  },
];

const twice = async (initializer: Initializer): Promise<unknown> => [await oneStep(initializer), await oneStep(initializer)];

/** The same step more than once: what is kept between two looks shows in what is read. */
const repetitions: readonly Initialization[] = [
  { name: 'the same step twice in a call', ask: machinesOf('step-ship', 'step-ship') },
  { name: 'the same step in two calls', ask: twice },
  {
    name: 'the step has vanished in the second call',
    ask: twice,
    answers: (usual) => ({ ...usual, findStep: inTurn(usual['findStep'] ?? fails(), () => undefined) }),
  },
  {
    name: 'the step is found in the second call',
    ask: twice,
    answers: (usual) => ({ ...usual, findStep: inTurn(() => undefined, usual['findStep'] ?? fails()) }),
  },
  {
    name: 'the step can be loaded in the second call',
    ask: twice,
    answers: (usual) => ({ ...usual, findStep: inTurn(fails(), usual['findStep'] ?? fails()) }),
  },
  {
    name: 'the state can be read in the second call',
    ask: twice,
    answers: (usual) => ({ ...usual, currentStepState: inTurn(fails(), () => 'Enqueued') }),
  },
];

/** What is around the loop. */
const whole: readonly Initialization[] = [
  { name: 'a task with two steps', ask: (each) => each.initialize('task-1', ['step-bill', 'step-ship']) },
  { name: 'a task without steps', ask: (each) => each.initialize('task-1', []) },
  { name: 'a stored task', ask: (each) => each.initializeStoredTask('task-1') },
  {
    name: 'a stored task without steps',
    ask: (each) => each.initializeStoredTask('task-1'),
    answers: instead({ stepUuidsOfTask: () => [] }),
  },
  {
    name: 'the stored steps cannot be read',
    ask: (each) => each.initializeStoredTask('task-1'),
    answers: instead({ stepUuidsOfTask: fails() }),
  },
  {
    name: 'added steps, one given twice',
    ask: (each) => each.initializeAddedSteps('task-1', ['step-ship', 'step-bill', 'step-ship']),
  },
  {
    name: 'added steps, one is not found',
    ask: (each) => each.initializeAddedSteps('task-1', ['step-none', 'step-ship']),
    answers: (usual) => forKey(usual, 'findStep', { 'step-none': () => undefined }),
  },
  {
    name: 'added steps after the task itself',
    ask: async (each) => [
      await each.initialize('task-1', ['step-bill']),
      await each.initializeAddedSteps('task-1', ['step-bill', 'step-ship']),
    ],
  },
  {
    name: 'the first transition of the task is not stored',
    ask: (each) => each.initialize('task-1', ['step-ship']),
    answers: instead({ insertTaskTransition: fails() }),
  },
  {
    name: 'the first transition of a step is not stored',
    ask: (each) => each.initialize('task-1', ['step-ship']),
    answers: instead({ insertStepTransition: fails() }),
  },
  { name: 'the task is not found', answers: instead({ findTask: () => undefined }) },
  { name: 'the task cannot be loaded', answers: instead({ findTask: fails() }) },
  { name: 'the task cannot be started', answers: instead({ insertTaskTransition: fails() }) },
  { name: 'the start is not announced', publish: { rejects: new Error('no listener') } },
  { name: 'the state of the task cannot be read', answers: instead({ currentTaskState: fails() }) },
];

/** Each initializer loads the step for itself. */
const twoInitializers: Scenario = {
  name: 'again: two initializers on one database',
  async run(world, subject) {
    subject.use(world);
    return [await oneStep(open(world, subject, {})), await oneStep(open(world, subject, {}))];
  },
};

const atOnce: Scenario = {
  name: 'at once: the same step in two calls',
  concurrent: true,
  async run(world, subject) {
    subject.use(world);
    const initializer = open(world, subject, { steps: { 'step-ship': 'Pending' } });
    return Promise.all([1, 2].map((nr) => world.flow(`call ${nr}`, () => oneStep(initializer))));
  },
};

const stepUuids = ['step-pick', 'step-bill', 'step-ship', 'step-call'];

/** What a step meets is drawn by its uuid and how often it was looked for. */
function drawAnswers(choices: Choices, usual: Answers): Answers {
  return {
    ...usual,
    findStep(stepUuid) {
      const fate = choices.pick(5, `findStep ${String(stepUuid)}`);
      if (fate === 0) return fails('timeout')();
      return fate === 1 ? undefined : usual['findStep']?.(stepUuid);
    },
    currentStepState(stepUuid) {
      const fate = choices.pick(5, `currentStepState ${String(stepUuid)}`);
      return fate === 0 ? fails('timeout')() : usual['currentStepState']?.(stepUuid);
    },
  };
}

async function drawnCalls(world: World, initializer: Initializer, choices: Choices): Promise<void> {
  const calls = 1 + choices.pick(3, 'number of calls');
  for (let call = 0; call < calls; call += 1) {
    const steps = stepUuids.filter(() => choices.pick(3, 'step in the call') > 0);
    const added = choices.pick(2, 'kind of call') === 0;
    const result = await (added
      ? initializer.initializeAddedSteps('task-1', steps)
      : initializer.initializeStateMachines('task-1', steps));
    world.record({ target: 'initializer', operation: 'returned', args: [result] });
  }
}

export const stateInitializer: SubjectSpec = {
  name: 'state-initializer',
  normalisers: [durations(['durationMs']), timestamps, storedTimes, randomIds],
  scenarios: [
    ...loop.map(scenarioOf('steps')),
    ...repetitions.map(scenarioOf('again')),
    ...whole.map(scenarioOf('task')),
    twoInitializers,
    atOnce,
  ],
  random(world, subject, choices) {
    subject.use(world);
    const steps = { 'step-pick': choose(choices, 'state of a step', ['Pending', 'Enqueued', 'Error']) };
    return drawnCalls(world, open(world, subject, { steps, answers: (usual) => drawAnswers(choices, usual) }), choices);
  },
  ranges: [
    ...rangesOf('src/orchestration/lifecycle/state-initializer.ts', [
      'StateInitializer.constructor',
      'StateInitializer.initializeStateMachines',
      'StateInitializer.initializeStepStateMachines',
    ]),
    ...rangesOf('src/orchestration/state-manager.ts', ['StateManager.databasePool', 'StateManager.getOrCreateStepStateMachine']),
  ],
};

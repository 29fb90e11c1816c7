// buildStepExecutionRequests: what is looked up, read and recorded in which order, and every way it ends (A 3.1, 3.2).
import { choose } from '../../../../codemods/proof/answers.ts';
import type { Choices } from '../../../../codemods/proof/answers.ts';
import { randomIds, timestamps } from '../../../../codemods/proof/normalisers.ts';
import type { Scenario, SubjectSpec } from '../../../../codemods/proof/prove.ts';
import { createRecorder } from '../../../../codemods/proof/recorder.ts';
import type { Subject } from '../../../../codemods/proof/subject-loader.ts';
import type { World } from '../../../../codemods/proof/world.ts';
import { discoveryIn } from '../discovery-system.ts';
import { fresh } from '../fresh-inputs.ts';
import { fails, inTurn } from '../recorded-database.ts';
import type { Answers } from '../recorded-database.ts';
import { rangesOf } from '../system.ts';
import { definitionOf, oddTimeLimits, storedTask, timeLimits, unusableConfigurations, viableStep } from '../task-templates.ts';

interface Building {
  readonly name: string;
  /** Default: one step that is ready. */
  readonly steps?: readonly object[];
  /** Made for each run, as answers may count. */
  readonly answers?: () => Answers;
}

const oneStep = [viableStep('ship')];

function build(
  world: World,
  subject: Subject,
  { steps = oneStep, answers = storedTask }: Omit<Building, 'name'>,
): Promise<unknown> {
  const discovery = discoveryIn(world, subject, answers());
  const { standIn: registry } = createRecorder(world, 'registry');
  return discovery.buildStepExecutionRequests('task-1', fresh(steps), registry);
}

function matrix(): readonly Building[] {
  return [true, false].flatMap((isDefined) =>
    Object.entries(timeLimits).flatMap(([limitName, limit]) =>
      [true, false].flatMap((hasContext) =>
        [true, false].map((hasDependencies): Building => ({
          name: [
            isDefined ? 'step defined' : 'step not defined',
            limitName,
            hasContext ? 'context' : 'no context',
            hasDependencies ? 'dependencies read' : 'dependencies fail',
          ].join(', '),
          answers: () => ({
            ...storedTask({
              configuration: { steps: [definitionOf(isDefined ? 'ship' : 'bill', limit)] },
              ...(hasContext ? {} : { context: null }),
            }),
            ...(hasDependencies ? {} : { transitiveDependencies: fails('deadlock') }),
          }),
        })),
      ),
    ),
  );
}

const withAnswers = (name: string, answers: () => Answers): Building => ({
  name,
  answers: () => ({ ...storedTask(), ...answers() }),
});
const withConfiguration = (name: string, configuration: unknown): Building => ({
  name,
  answers: () => storedTask({ configuration }),
});

const limits = Object.entries(oddTimeLimits).map(([name, limit]) =>
  withConfiguration(name, { steps: [definitionOf('ship', limit)] }),
);

const inputs: readonly Building[] = [
  { name: 'no steps', steps: [] },
  { name: 'no step is satisfied', steps: [viableStep('ship', { dependenciesSatisfied: false })] },
  {
    name: 'some steps are not satisfied',
    steps: [
      viableStep('bill', { dependenciesSatisfied: false }),
      viableStep('ship'),
      viableStep('call', { dependenciesSatisfied: false }),
    ],
  },
  {
    name: 'attempts beyond 31 bits',
    steps: [viableStep('ship', { attempts: 0xffff_ffff, maxAttempts: 0x8000_0000 })],
  },
  { name: 'attempts that are no whole numbers', steps: [viableStep('ship', { attempts: 2.9, maxAttempts: 0 })] },
];

const failures: readonly Building[] = [
  withAnswers('the task is missing', () => ({ findTask: () => undefined })),
  withAnswers('the task cannot be read', () => ({ findTask: fails() })),
  withAnswers('the database throws a text', () => ({
    findTask: () => {
      // oxlint-disable-next-line typescript/only-throw-error -- a driver that throws something else is the case
      throw 'out of memory';
    },
  })),
  withAnswers('the task is gone when its template is read', () => ({
    findTask: inTurn(storedTask()['findTask'] ?? fails(), () => undefined),
  })),
  withAnswers('the task of the template cannot be read', () => ({
    findTask: inTurn(storedTask()['findTask'] ?? fails(), fails()),
  })),
  withAnswers('the named task cannot be read', () => ({ findNamedTask: fails() })),
  withAnswers('the named task is missing', () => ({ findNamedTask: () => undefined })),
  withAnswers('the namespace cannot be read', () => ({ findNamespace: fails() })),
  withAnswers('the namespace is missing', () => ({ findNamespace: () => undefined })),
  withConfiguration('the configuration is null', null),
  withAnswers('the configuration is absent', () => ({
    findNamedTask: (namedTaskUuid) => ({ namedTaskUuid, namespaceUuid: 'namespace-1', name: 'order', version: '1.2.0' }),
  })),
  ...Object.entries(unusableConfigurations).map(([name, value]) => withConfiguration(`the configuration is ${name}`, value)),
  withConfiguration('the template has no steps', { steps: [] }),
  withConfiguration('the template leaves its steps out', {}),
];

const results: readonly Building[] = [
  withAnswers('no earlier results', () => ({ transitiveDependencies: () => [] })),
  withAnswers('earlier steps without results', () => ({
    transitiveDependencies: () => [
      { stepUuid: 'step-a', stepName: 'a', results: null },
      { stepUuid: 'step-b', stepName: 'b' },
      { stepUuid: 'step-c', stepName: 'c', results: false },
      { stepUuid: 'step-d', stepName: 'd', results: '' },
    ],
  })),
  withAnswers('two earlier steps of the same name', () => ({
    transitiveDependencies: () => [
      { stepUuid: 'step-a', stepName: 'a', results: 1 },
      { stepUuid: 'step-b', stepName: 'a', results: 2 },
    ],
  })),
  withConfiguration('a step is defined twice', {
    steps: [definitionOf('ship', { seconds: 1 }), definitionOf('ship', { seconds: 2 })],
  }),
];

const threeSteps = [viableStep('pick'), viableStep('bill', { attempts: 0, maxAttempts: 1 }), viableStep('ship')];
const threeDefinitions = [definitionOf('ship', { handler: 900 }), definitionOf('pick'), definitionOf('bill', { seconds: 5 })];

/** Several steps; the dependencies of the second one answer as given. */
function several(name: string, definitions: readonly object[], second: Answers[string]): Building {
  const stored = storedTask({ configuration: { steps: definitions } });
  const read = stored['transitiveDependencies'] ?? fails();
  return { name, steps: threeSteps, answers: () => ({ ...stored, transitiveDependencies: inTurn(read, second, read) }) };
}

const read: Answers[string] = (stepUuid) => [{ stepUuid: 'step-pay', stepName: 'pay', results: { of: stepUuid } }];

/** A context that counts as false is one. */
const falsyContexts = ([0, '', false] as const).map((context): Building => ({
  name: `a context of ${JSON.stringify(context)}`,
  answers: () => storedTask({ context }),
}));

const batches: readonly Building[] = [
  several('three steps', threeDefinitions, read),
  several('three steps, the second has no earlier results', threeDefinitions, () => []),
  several('three steps, the second is not defined', threeDefinitions.slice(0, 2), read),
  several('three steps, the dependencies of the second fail', threeDefinitions, fails('deadlock')),
  several('three steps, the second is not defined and its dependencies fail', threeDefinitions.slice(0, 2), fails('deadlock')),
  { name: 'the same step twice', steps: [viableStep('ship'), viableStep('ship')] },
];

function scenarioOf({ name, ...building }: Building): Scenario {
  return {
    name,
    run(world, subject) {
      subject.use(world);
      return build(world, subject, building);
    },
  };
}

/** Requests of the same step share nothing that a handler could change. */
const ownConfigs: Scenario = {
  name: 'configurations of two requests are two objects',
  async run(world, subject) {
    subject.use(world);
    const built = (await build(world, subject, { steps: [viableStep('ship'), viableStep('ship')] })) as {
      handlerConfig: object;
    }[];
    return new Set(built.map(({ handlerConfig }) => handlerConfig)).size;
  },
};

/** Two tasks at a time on one discovery: neither sees anything of the other. */
const atOnce: Scenario = {
  name: 'two tasks at once',
  concurrent: true,
  async run(world, subject) {
    subject.use(world);
    const discovery = discoveryIn(world, subject, { ...storedTask(), transitiveDependencies: read });
    const tasks = ['task-1', 'task-2'];
    return Promise.all(
      tasks.map((taskUuid) => world.flow(taskUuid, () => discovery.buildStepExecutionRequests(taskUuid, fresh(oneStep), {}))),
    );
  },
};

/** Draws how many steps there are and what each of them meets. */
function draw(choices: Choices): Omit<Building, 'name'> {
  const names = ['pick', 'bill', 'ship', 'call'].slice(0, choose(choices, 'number of steps', [0, 1, 2, 3, 4, 4]));
  const steps = names.map((name) =>
    viableStep(name, {
      dependenciesSatisfied: choices.pick(5, 'satisfied') > 0,
      attempts: choose(choices, 'attempts', [0, 1, 2, 0xffff_ffff]),
    }),
  );
  const known = { ...timeLimits, ...oddTimeLimits };
  const limit = () => known[choose(choices, 'time limit', Object.keys(known))];
  const defined = names.filter(() => choices.pick(6, 'defined') > 0).map((name) => definitionOf(name, limit()));
  const stored = storedTask({
    configuration: { steps: [...defined, definitionOf('other')] },
    context: choose(choices, 'context', [null, {}, { order: 1 }]),
  });
  const broken = choose(choices, 'statement that fails', ['none', 'none', 'none', ...Object.keys(stored)]);
  const answer = choose(choices, 'how it fails', [() => undefined, fails('timeout')]);
  const failing = broken === 'transitiveDependencies' ? inTurn(stored[broken] ?? fails(), fails('timeout')) : answer;
  return { steps, answers: () => (broken === 'none' ? stored : { ...stored, [broken]: failing }) };
}

export const requestBuilder: SubjectSpec = {
  name: 'request-builder',
  normalisers: [timestamps, randomIds],
  scenarios: [
    ...[...matrix(), ...limits, ...inputs, ...failures, ...results, ...falsyContexts, ...batches].map(scenarioOf),
    ownConfigs,
    atOnce,
  ],
  random(world, subject, choices) {
    subject.use(world);
    return build(world, subject, draw(choices));
  },
  ranges: rangesOf('src/orchestration/viable-step-discovery.ts', [
    'ViableStepDiscovery.constructor',
    'ViableStepDiscovery.buildStepExecutionRequests',
    'ViableStepDiscovery.loadStepDependencies',
    'ViableStepDiscovery.getTaskTemplateFromDatabase',
  ]),
};

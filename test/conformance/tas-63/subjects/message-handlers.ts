// Commands with a whole message: hydrated, passed on to an actor, acknowledged or left in the queue (A 2.3).
import { choose } from '../../../../codemods/proof/answers.ts';
import type { Answer, Choices, Script } from '../../../../codemods/proof/answers.ts';
import type { Scenario, SubjectSpec } from '../../../../codemods/proof/prove.ts';
import type { Subject } from '../../../../codemods/proof/subject-loader.ts';
import type { World } from '../../../../codemods/proof/world.ts';
import { processorIn, workOff } from '../command-processor.ts';
import {
  directCommand,
  drawnSurroundings,
  entities,
  finalization,
  finalizations,
  initialization,
  messageCommand,
  payloads,
  refusals,
  refusalsByName,
  stepProcessing,
  stepResult,
  taskRequest,
} from '../processor-commands.ts';
import type { Entity } from '../processor-commands.ts';
import { rangesOf } from '../system.ts';

/** A message, and what the actor answers to it. */
interface Situation {
  readonly payload?: unknown;
  readonly answer?: (subject: Subject) => Answer;
}

type Situations = Readonly<Record<string, Situation>>;

const resolves = (value: unknown) => (): Answer => ({ resolves: value });

/** Every way in which the actor can refuse. */
function refused(name: string, payload?: object): Situations {
  return Object.fromEntries(
    Object.entries(refusalsByName).map(([how, answer]): [string, Situation] => [
      `${name} with ${how}`,
      { answer, ...(payload === undefined ? {} : { payload }) },
    ]),
  );
}

const initializations: Situations = {
  'hydrate error, no object': { payload: 'billing/invoice' },
  'hydrate error, name missing': { payload: { ...taskRequest, name: undefined } },
  'hydrate error, context a list': { payload: { ...taskRequest, context: [] } },
  'hydrate error, priority no whole number': { payload: { ...taskRequest, priority: 1.5 } },
  'direct ok': { answer: resolves(initialization.answer) },
  'direct ok, the least a request says': {
    payload: { namespace: 'n', name: 'm', version: 'v', correlationId: 'c' },
    answer: resolves({ taskUuid: 'task-2' }),
  },
  ...refused('direct error'),
};

const stepResults: Situations = {
  'hydrate error, no object': { payload: null },
  'hydrate error, success missing': { payload: { ...stepResult, success: undefined } },
  'hydrate error, status empty': { payload: { ...stepResult, status: '' } },
  'direct ok': {},
  'direct ok, step failed': { payload: { ...stepResult, status: 'failed', success: false, error: 'no disk' } },
  'direct ok, step skipped': { payload: { ...stepResult, status: 'skipped' } },
  ...refused('direct failed', { ...stepResult, status: 'failed', success: false, error: 'no disk' }),
  ...refused('direct skipped', { ...stepResult, status: 'skipped', success: false }),
  ...refused('direct error'),
  ...refused('direct error, status of another case', { ...stepResult, status: 'Failed' }),
};

const finalizing: Situations = {
  'hydrate error, a list': { payload: [] },
  'hydrate error, uuid empty': { payload: { taskUuid: '' } },
  'direct ok': { answer: resolves(finalizations[0]) },
  'direct ok, ended before': { answer: resolves(finalizations[1]) },
  'direct skipped, claimed by another': { answer: resolves(finalizations[2]) },
  'direct skipped, claimed by nobody known': { answer: resolves(finalizations[3]) },
  'direct skipped, claimed by an empty name': { answer: resolves(finalizations[5]) },
  'direct failed': { answer: resolves(finalizations[4]) },
  ...refused('direct error'),
};

const acknowledgements: Readonly<Record<string, (subject: Subject) => Answer>> = {
  'ack ok': resolves(undefined),
  'ack fails': refusals['an error of ours'],
};

function scenariosOf(entity: Entity, situations: Situations): readonly Scenario[] {
  return Object.entries(situations).flatMap(([name, { payload = entity.payload, answer = resolves(undefined) }]) =>
    Object.entries(acknowledgements).map(([acknowledgement, ack]): Scenario => ({
      name: `${entity.fromMessage}, ${name}, ${acknowledgement}`,
      run: (world, subject) =>
        workOff(
          processorIn(world, subject, { script: { [entity.actor]: answer(subject), 'client.acknowledge': ack(subject) } }),
          [messageCommand(entity, payload)],
        ),
    })),
  );
}

/** The acknowledgement fails in another way, or before it is awaited. */
const unacknowledged = entities.flatMap((entity) =>
  Object.entries({ 'with a text': refusals['a text'](), 'at once': { throws: new Error('no such thing') } }).map(
    ([how, ack]): Scenario => ({
      name: `${entity.fromMessage}, direct ok, ack fails ${how}`,
      run: (world, subject) =>
        workOff(
          processorIn(world, subject, { script: { [entity.actor]: { resolves: entity.answer }, 'client.acknowledge': ack } }),
          [messageCommand(entity)],
        ),
    }),
  ),
);

/** The direct commands run the same handlers, without a message. */
function directScenariosOf(entity: Entity, situations: Situations): readonly Scenario[] {
  return Object.entries(situations)
    .filter(([name]) => !name.startsWith('hydrate'))
    .map(([name, { payload = entity.payload, answer = resolves(undefined) }]): Scenario => ({
      name: `${entity.direct}, ${name}`,
      run: (world, subject) =>
        workOff(processorIn(world, subject, { script: { [entity.actor]: answer(subject) } }), [
          directCommand(entity, Object(payload) as object),
        ]),
    }));
}

/** An actor that changes what it was given: the records of the handler still name the step as it was reported. */
const meddling: readonly Scenario[] = ['does its work', 'refuses'].map((end): Scenario => ({
  name: `${stepProcessing.fromMessage}, the actor changes the result and ${end}`,
  run(world, subject) {
    const script: Script = {
      [stepProcessing.actor]: {
        acts: ({ args: [message] }) => {
          Object.assign((message as { result: object }).result, { stepUuid: 'step-changed', status: 'changed' });
          return world.answerLater('actor', () => {
            if (end === 'refuses') throw new Error('no such thing');
          });
        },
      },
    };
    return workOff(processorIn(world, subject, { script }), [messageCommand(stepProcessing, structuredClone(stepResult))]);
  },
}));

/** Several messages on one processor, whose actors and client answer at random. */
async function random(world: World, subject: Subject, choices: Choices): Promise<void> {
  const script = drawnSurroundings(world, subject, choices);
  const commands = Array.from({ length: 1 + choices.pick(5, 'number of commands') }, () => {
    const entity = choose(choices, 'entity', entities);
    return messageCommand(entity, choose(choices, 'payload', [entity.payload, entity.payload, ...payloads]));
  });
  await workOff(processorIn(world, subject, { script }), [...commands, { type: 'GetProcessingStats' }]);
}

export const messageHandlers: SubjectSpec = {
  name: 'message-handlers',
  normalisers: [],
  scenarios: [
    ...scenariosOf(initialization, initializations),
    ...scenariosOf(stepProcessing, stepResults),
    ...scenariosOf(finalization, finalizing),
    ...unacknowledged,
    ...directScenariosOf(initialization, initializations),
    ...directScenariosOf(stepProcessing, stepResults),
    ...directScenariosOf(finalization, finalizing),
    ...meddling,
  ],
  random,
  ranges: rangesOf('src/orchestration/actors/command-processor-actor.ts', [
    'toTaskerError',
    'CommandHandler.handleTaskInitializeFromMessage',
    'CommandHandler.handleStepResultFromMessage',
    'CommandHandler.handleTaskFinalizeFromMessage',
    'CommandHandler.handleTaskInitialize',
    'CommandHandler.handleStepResult',
    'CommandHandler.handleTaskFinalize',
    'CommandHandler.ackMessageWithHandle',
  ]),
};

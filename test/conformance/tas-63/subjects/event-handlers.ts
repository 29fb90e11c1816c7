// Commands with a signal: what it takes to fetch the message that belongs to it, and what becomes of it (A 2.2).
import { choose } from '../../../../codemods/proof/answers.ts';
import type { Choices, Script } from '../../../../codemods/proof/answers.ts';
import type { Scenario, SubjectSpec } from '../../../../codemods/proof/prove.ts';
import type { Subject } from '../../../../codemods/proof/subject-loader.ts';
import type { World } from '../../../../codemods/proof/world.ts';
import { processorIn, workOff } from '../command-processor.ts';
import { kept } from '../fresh-inputs.ts';
import { drawnSurroundings, entities, eventCommand, readMessage, refusals, refusalsByName, row } from '../processor-commands.ts';
import type { Entity } from '../processor-commands.ts';
import { rangesOf } from '../system.ts';

/** What the surroundings answer, by the name of the case; made for each run. */
type Situations = Readonly<Record<string, (entity: Entity, subject: Subject) => Script>>;

const otherProvider: Script = { 'client.providerName': { returns: 'rabbitmq' }, 'client.asPgmq': { returns: undefined } };
const noFetching: Script = { 'client.supportsFetchById': { returns: false }, 'client.providerName': { returns: 'rabbitmq' } };

const situations: Situations = {
  'fetch unsupported': () => noFetching,
  'fetch unsupported by a provider without PGMQ': () => ({ ...noFetching, ...otherProvider }),
  'provider not pgmq': () => otherProvider,
  ...Object.fromEntries(
    Object.entries(refusalsByName).map(([how, refusal]) => [
      `read fails with ${how}`,
      (_: Entity, subject: Subject): Script => ({ [readMessage]: refusal(subject) }),
    ]),
  ),
  missing: () => ({ [readMessage]: { resolves: undefined } }),
  found: ({ payload, actor, answer }) => ({ [readMessage]: { resolves: row(payload) }, [actor]: { resolves: answer } }),
  'found under another spelling of its id': ({ payload, actor, answer }) => ({
    [readMessage]: { resolves: row(payload, '+00041') },
    [actor]: { resolves: answer },
  }),
  'found, payload unusable': () => ({ [readMessage]: { resolves: row('no object') } }),
  'found, payload cannot be copied': () => ({ [readMessage]: { resolves: row({ step: Symbol('step') }) } }),
  'found, actor refuses': ({ payload, actor }, subject) => ({
    [readMessage]: { resolves: row(payload) },
    [actor]: refusals['an error of ours'](subject),
  }),
  'found, not acknowledged': ({ payload, actor, answer }) => ({
    [readMessage]: { resolves: row(payload) },
    [actor]: { resolves: answer },
    'client.acknowledge': refusals['another error'](),
  }),
};

/** Texts that are no whole number, and texts that are one in an unusual spelling. */
const refusedIds = ['', ' ', '12abc', ' 7', '7 ', '7\n', '\n7', '1.5', '1e3', '0x10', '--7', '+-7', '+', '٧', '1,000', 'NaN'];
const acceptedIds = ['0', '7', '+7', '-7', '007', '9007199254740993', '9223372036854775808'];

function scenariosOf(entity: Entity): readonly Scenario[] {
  const single = Object.entries(situations).map(([name, situation]): Scenario => ({
    name: `${entity.fromEvent}, ${name}`,
    run: (world, subject) =>
      workOff(processorIn(world, subject, { script: situation(entity, subject), noteMessages: true }), [eventCommand(entity)]),
  }));
  return [...single, ...idScenariosOf(entity), copyScenarioOf(entity)];
}

function idScenariosOf(entity: Entity): readonly Scenario[] {
  const table = (name: string, ids: readonly string[], script: Script): Scenario => ({
    name: `${entity.fromEvent}, ${name}`,
    run: (world, subject) =>
      workOff(
        processorIn(world, subject, { script }),
        ids.map((id) => eventCommand(entity, id)),
      ),
  });
  const missing: Script = { [readMessage]: { resolves: undefined } };
  return [
    table('bad id', ['12abc'], missing),
    table('bad ids', refusedIds, missing),
    table('ids in unusual spellings', acceptedIds, missing),
    table('bad id, fetch unsupported', ['12abc'], noFetching),
    table('bad id, provider not pgmq', ['12abc'], otherProvider),
  ];
}

/** The client keeps the row and changes it while the actor works: the actor has a copy. */
function copyScenarioOf(entity: Entity): Scenario {
  return {
    name: `${entity.fromEvent}, found, then changed by the client`,
    run(world, subject) {
      const payload = structuredClone({ ...entity.payload, context: { customer: 4 }, result: { sum: 3 } });
      const acknowledge = (): Promise<void> => {
        Object.assign(payload.context, { customer: 'changed' });
        Object.assign(payload.result, { sum: 'changed' });
        return world.answerLater('client.acknowledge', () => undefined);
      };
      const script: Script = {
        [readMessage]: { resolves: kept(row(payload)) },
        [entity.actor]: { resolves: entity.answer },
        'client.acknowledge': { acts: acknowledge },
      };
      return workOff(processorIn(world, subject, { script, noteMessages: true }), [eventCommand(entity)]);
    },
  };
}

/** Several signals on one processor, whose surroundings answer at random. */
async function random(world: World, subject: Subject, choices: Choices): Promise<void> {
  const providers: readonly Script[] = [{}, {}, {}, otherProvider, noFetching, { ...noFetching, ...otherProvider }];
  const script = { ...drawnSurroundings(world, subject, choices), ...choose(choices, 'provider', providers) };
  const ids = [...acceptedIds, ...acceptedIds, ...refusedIds];
  const commands = Array.from({ length: 1 + choices.pick(4, 'number of commands') }, () =>
    eventCommand(choose(choices, 'entity', entities), choose(choices, 'message id', ids)),
  );
  await workOff(processorIn(world, subject, { script, noteMessages: true }), [...commands, { type: 'GetProcessingStats' }]);
}

export const eventHandlers: SubjectSpec = {
  name: 'event-handlers',
  normalisers: [],
  scenarios: entities.flatMap(scenariosOf),
  random,
  ranges: rangesOf('src/orchestration/actors/command-processor-actor.ts', [
    'MESSAGE_ID',
    'CommandHandler.handleTaskInitializeFromMessageEvent',
    'CommandHandler.handleStepResultFromMessageEvent',
    'CommandHandler.handleTaskFinalizeFromMessageEvent',
    'CommandHandler.pgmqClient',
    'CommandHandler.wrapPgmqMessage',
  ]),
};

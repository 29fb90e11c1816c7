// The loop of the command processor: what each command leads to, how it is counted and answered, and what the loop lives through (A 2.5).
import { choose } from '../../../../codemods/proof/answers.ts';
import type { Answer, Choices, Script } from '../../../../codemods/proof/answers.ts';
import type { Normaliser } from '../../../../codemods/proof/normalisers.ts';
import type { Scenario, SubjectSpec } from '../../../../codemods/proof/prove.ts';
import type { Subject } from '../../../../codemods/proof/subject-loader.ts';
import type { World } from '../../../../codemods/proof/world.ts';
import { processorIn, workOff } from '../command-processor.ts';
import type { CommandText } from '../command-processor.ts';
import {
  directCommand,
  drawnSurroundings,
  enqueuer,
  entities,
  eventCommand,
  initialization,
  messageCommand,
  payloads,
  readiness,
  readMessage,
  refusals,
  refusalsByName,
  row,
  stepProcessing,
} from '../processor-commands.ts';
import type { Entity } from '../processor-commands.ts';
import { rangesOf } from '../system.ts';

const getStats = { type: 'GetProcessingStats' };
const healthCheck = { type: 'HealthCheck' };
const shutdown = { type: 'Shutdown' };

/** A command with the collaborator that it depends on. */
interface Case {
  readonly command: CommandText;
  /** Path of the call that answers; absent where a command asks nobody. */
  readonly actor?: string;
  readonly entity?: Entity;
}

const cases: readonly Case[] = [
  ...entities.map((entity): Case => ({ command: directCommand(entity), actor: entity.actor, entity })),
  ...entities.map((entity): Case => ({ command: messageCommand(entity), actor: entity.actor, entity })),
  ...entities.map((entity): Case => ({ command: eventCommand(entity), actor: entity.actor, entity })),
  { command: readiness, actor: enqueuer },
  { command: getStats },
  { command: healthCheck, actor: 'caches.getQueueStatus' },
  { command: shutdown },
];

/** The caches of a system in which nothing was evaluated. */
const caches: Script = {
  'caches.getDatabaseStatus': { resolves: { evaluated: false, circuitBreakerOpen: false, circuitBreakerFailures: 0 } },
  'caches.getChannelStatus': { resolves: { evaluated: false, isSaturated: false, commandChannelSaturationPercent: 0 } },
  'caches.getQueueStatus': { resolves: { tier: 'Unknown', maxDepth: 0, worstQueue: '' } },
  'caches.getBackpressure': { resolves: { active: false, reason: null } },
};

/** Everybody does what is asked. */
const willing: Script = {
  ...caches,
  ...Object.fromEntries(entities.map(({ actor, answer }): [string, Answer] => [actor, { resolves: answer }])),
  [enqueuer]: { resolves: { stepsEnqueued: 1, stepsDiscovered: 2 } },
};

const scriptOf = ({ entity }: Case): Script =>
  entity === undefined ? willing : { ...willing, [readMessage]: { resolves: row(entity.payload) } };

const answered = cases.flatMap((each): readonly Scenario[] => [
  {
    name: `${each.command.type}, listener present`,
    run: (world, subject) => workOff(processorIn(world, subject, { script: scriptOf(each) }), [each.command]),
  },
  {
    name: `${each.command.type}, listener dropped`,
    run: (world, subject) => tellAndClose(world, subject, { script: scriptOf(each), command: each.command }),
  },
]);

interface Told {
  readonly script: Script;
  readonly command: CommandText;
}

async function tellAndClose(world: World, subject: Subject, { script, command }: Told): Promise<void> {
  const processor = processorIn(world, subject, { script });
  processor.start();
  await processor.tell(command);
  processor.close();
}

/** Handlers that fail: with an error, with a listener or without, and before the first await. */
const failing = cases.flatMap((each): readonly Scenario[] => {
  const { actor, command } = each;
  if (actor === undefined) return [];
  const refused = (subject: Subject, answer: Answer = refusals['an error of ours'](subject)): Script => ({
    ...scriptOf(each),
    [actor]: answer,
  });
  return [
    {
      name: `${command.type}, refused`,
      run: (world, subject) => workOff(processorIn(world, subject, { script: refused(subject) }), [command]),
    },
    {
      name: `${command.type}, refused, listener dropped`,
      run: (world, subject) => tellAndClose(world, subject, { script: refused(subject), command }),
    },
    {
      name: `${command.type}, refused at once`,
      run: (world, subject) =>
        workOff(processorIn(world, subject, { script: refused(subject, { throws: new Error('no such thing') }) }), [command]),
    },
  ];
});

const { 'an error of ours': _, ...otherRefusals } = refusalsByName;

const refusedReadiness = Object.entries(otherRefusals).map(([how, refusal]): Scenario => ({
  name: `ProcessTaskReadiness, refused with ${how}`,
  run: (world, subject) =>
    workOff(processorIn(world, subject, { script: { ...willing, [enqueuer]: refusal(subject) } }), [readiness]),
}));

/** Numbers of ready steps, and what the answer makes of them. */
const readySteps = [0, 1, -1, -3, 2 ** 31, 2 ** 32, 2 ** 32 + 1, 2.5];

const counted: readonly Scenario[] = [
  {
    name: 'ProcessTaskReadiness, numbers of ready steps',
    run: (world, subject) =>
      workOff(
        processorIn(world, subject, { script: willing }),
        readySteps.map((steps) => ({ ...readiness, readySteps: steps })),
      ),
  },
  {
    name: 'GetProcessingStats after one of each and failures',
    async run(world, subject) {
      const script: Script = {
        ...willing,
        [readMessage]: [...entities.map(({ payload }) => ({ resolves: row(payload) })), { resolves: undefined }],
      };
      const processor = processorIn(world, subject, { script });
      processor.start();
      const first = await processor.ask(getStats);
      for (const { command } of cases) await processor.ask(command);
      // The rows are used up: these find no message, and count as errors.
      await processor.ask(eventCommand(initialization));
      await processor.ask(eventCommand(stepProcessing));
      const last = await processor.ask(getStats);
      processor.close();
      // As a reader of JSON gets it; the first must not have followed the counters.
      return [first, last].map((reply): unknown => JSON.parse(JSON.stringify(reply)));
    },
  },
];

const loop: readonly Scenario[] = [
  {
    name: 'the loop goes on after a failing handler',
    run: (world, subject) => {
      const script = { ...willing, [stepProcessing.actor]: [{ throws: new Error('no such thing') }, { resolves: undefined }] };
      const command = directCommand(stepProcessing);
      return workOff(processorIn(world, subject, { script }), [command, command, getStats]);
    },
  },
  {
    name: 'Shutdown does not stop the loop',
    async run(world, subject) {
      const processor = processorIn(world, subject, { script: willing });
      processor.start();
      await processor.ask(shutdown);
      await processor.ask(directCommand(stepProcessing));
      await processor.ask(shutdown);
    },
  },
  {
    name: 'the second start fails, the loop goes on',
    async run(world, subject) {
      const processor = processorIn(world, subject, { script: willing });
      processor.start();
      try {
        processor.start();
      } catch (error) {
        world.record({ target: 'start', operation: 'threw', args: [error] });
      }
      await processor.ask(directCommand(stepProcessing));
      processor.close();
      processor.start();
    },
  },
  {
    name: 'not started: commands wait, and are worked off when it is',
    async run(world, subject) {
      const processor = processorIn(world, subject, { script: willing, bufferSize: 2 });
      const replies = [processor.ask(directCommand(stepProcessing)), processor.ask(getStats), processor.ask(shutdown)];
      await world.answerLater('a while', () => undefined);
      world.record({ target: 'start', operation: 'call', args: [] });
      processor.start();
      await Promise.all(replies);
    },
  },
  {
    name: 'closed with commands in the channel: they are worked off, the next is not taken',
    async run(world, subject) {
      const processor = processorIn(world, subject, { script: willing });
      const replies = [processor.ask(directCommand(stepProcessing)), processor.ask(getStats)];
      processor.start();
      processor.close();
      await Promise.all(replies);
      await processor.ask(getStats);
    },
  },
  {
    name: 'one command at a time, from several producers',
    concurrent: true,
    async run(world, subject) {
      const processor = processorIn(world, subject, { script: willing, silent: ['log.debug', 'log.info'] });
      processor.start();
      const produce = async (commands: readonly CommandText[]): Promise<void> => {
        for (const command of commands) {
          await world.answerLater(command.type, () => undefined);
          await processor.ask(command);
        }
      };
      await Promise.all([produce([directCommand(initialization), getStats]), produce([directCommand(stepProcessing), shutdown])]);
      processor.close();
    },
  },
  {
    name: 'the monitor fails: the loop breaks off, nobody is answered any more',
    async run(world, subject) {
      const script = { ...willing, 'monitor.recordReceive': [{ returns: undefined }, { throws: new Error('no monitor') }] };
      const processor = processorIn(world, subject, { script });
      processor.start();
      await processor.ask(getStats);
      await processor.ask(getStats);
    },
  },
  {
    name: 'ProcessTaskReadiness, the client cannot say its name: the loop breaks off',
    async run(world, subject) {
      const script = { ...willing, 'client.providerName': [{ returns: 'pgmq' }, { throws: 'no name' }] };
      await workOff(processorIn(world, subject, { script }), [readiness]);
    },
  },
  {
    name: 'created with what it says about itself',
    run(world, subject) {
      const script = { 'client.providerName': { returns: 'rabbitmq' }, 'actors.actorCount': { returns: 3 } };
      processorIn(world, subject, { script, bufferSize: 7 });
    },
  },
];

/** Sequences of any commands, with listeners or without, whose surroundings answer at random. */
async function random(world: World, subject: Subject, choices: Choices): Promise<void> {
  const script = { ...caches, ...drawnSurroundings(world, subject, choices) };
  const processor = processorIn(world, subject, { script });
  processor.start();
  const number = 1 + choices.pick(8, 'number of commands');
  for (let nr = 0; nr < number; nr += 1) {
    const command = drawnCommand(choices);
    if (choices.pick(4, 'nobody listens') === 0) await processor.tell(command);
    else await processor.ask(command);
  }
  await processor.ask(getStats);
  if (choices.pick(2, 'closed at the end') === 1) processor.close();
}

function drawnCommand(choices: Choices): CommandText {
  const { command, entity } = choose(choices, 'command', cases);
  if (entity?.fromMessage === command.type) {
    return messageCommand(entity, choose(choices, 'payload', [entity.payload, ...payloads]));
  }
  return command.type === readiness.type ? { ...command, readySteps: choose(choices, 'ready steps', readySteps) } : command;
}

/** On a clock that has gone on for a while, a duration that is none is seen. */
function aged({ run, ...scenario }: Scenario): Scenario {
  return {
    ...scenario,
    run(world, subject) {
      for (let nr = 0; nr < 1_000; nr += 1) world.monotonicMs();
      return run(world, subject);
    },
  };
}

/** The world's clock goes on by a millisecond at each reading, so a duration is small; anything else is a mistake. */
const smallDurations: Normaliser = {
  name: 'durations',
  describe: 'numbers from 0 to 99 in processingTimeMs',
  replace: (value, key) =>
    key === 'processingTimeMs' && typeof value === 'number' && value >= 0 && value < 100 ? '<ms>' : undefined,
};

export const router: SubjectSpec = {
  name: 'router',
  normalisers: [smallDurations],
  scenarios: [...answered, ...failing, ...refusedReadiness, ...counted, ...loop].map(aged),
  random,
  ranges: rangesOf('src/orchestration/actors/command-processor-actor.ts', [
    'CommandProcessorActor.constructor',
    'CommandProcessorActor.create',
    'CommandProcessorActor.start',
    'CommandHandler.constructor',
    'CommandHandler.processCommand',
    'CommandHandler.executeWithStats',
    'CommandHandler.handleProcessTaskReadiness',
  ]),
};

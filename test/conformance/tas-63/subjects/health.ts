// The health check: the truth table of what was evaluated (A 2.1: 320 rows), the order of its reads, and reads that fail.
import { choose } from '../../../../codemods/proof/answers.ts';
import type { Answer, Choices, Script } from '../../../../codemods/proof/answers.ts';
import type { Scenario, SubjectSpec } from '../../../../codemods/proof/prove.ts';
import type { Subject } from '../../../../codemods/proof/subject-loader.ts';
import type { World } from '../../../../codemods/proof/world.ts';
import { processorIn, workOff } from '../command-processor.ts';
import type { Processor, Reply } from '../command-processor.ts';
import { refusals, refusalsByName } from '../processor-commands.ts';
import { classOf } from '../surroundings.ts';
import { rangesOf } from '../system.ts';

const check = { type: 'HealthCheck' };

interface Row {
  readonly evaluated: boolean;
  readonly connected: boolean;
  readonly open: boolean;
  readonly channelEvaluated: boolean;
  readonly saturated: boolean;
  readonly tier: string;
  readonly active: boolean;
}

const both = [true, false];
const tiers = ['Unknown', 'Normal', 'Warning', 'Critical', 'Overflow'];

const rows: readonly Row[] = both.flatMap((evaluated) =>
  both.flatMap((connected) =>
    both.flatMap((open) =>
      both.flatMap((channelEvaluated) =>
        both.flatMap((saturated) =>
          tiers.flatMap((tier) =>
            both.map((active): Row => ({ evaluated, connected, open, channelEvaluated, saturated, tier, active })),
          ),
        ),
      ),
    ),
  ),
);

/** What the four caches hold; the numbers differ, so that none is taken for another. */
interface Caches {
  readonly database: object;
  readonly channel: object;
  readonly queues: object;
  readonly backpressure: object;
}

function cachesOf({ evaluated, connected, open, channelEvaluated, saturated, tier, active }: Row): Caches {
  return {
    database: {
      evaluated,
      isConnected: connected,
      circuitBreakerOpen: open,
      circuitBreakerFailures: 3,
      lastCheckDurationMs: 17,
    },
    channel: {
      evaluated: channelEvaluated,
      commandChannelSaturationPercent: 41.5,
      commandChannelAvailableSlots: 58,
      commandChannelMessagesSent: 812,
      isSaturated: saturated,
    },
    queues: { tier, maxDepth: 900, worstQueue: 'q_results' },
    backpressure: { active, reason: active ? 'too much of it' : null, retryAfterSeconds: active ? 6 : null },
  };
}

function nameOf({ evaluated, connected, open, channelEvaluated, saturated, tier, active }: Row): string {
  const database = `${evaluated ? 'evaluated' : 'not evaluated'} ${connected ? 'connected' : 'not connected'} ${open ? 'breaker open' : 'breaker closed'}`;
  const channel = `${channelEvaluated ? 'evaluated' : 'not evaluated'} ${saturated ? 'saturated' : 'not saturated'}`;
  return `database ${database}, channel ${channel}, queues ${tier}, backpressure ${active ? 'on' : 'off'}`;
}

const paths = {
  database: 'caches.getDatabaseStatus',
  channel: 'caches.getChannelStatus',
  queues: 'caches.getQueueStatus',
  backpressure: 'caches.getBackpressure',
};

type Part = keyof typeof paths;
const parts: readonly Part[] = ['database', 'channel', 'queues', 'backpressure'];

function scriptOf(caches: Caches): Script {
  return Object.fromEntries(parts.map((part): [string, Answer] => [paths[part], { resolves: caches[part] }]));
}

/** One row as one line: what is decided by name, what is only copied as a list in the order of the health's type. */
function brief(reply: Reply): unknown {
  if (!reply.ok) return reply.error;
  const { status, databaseConnected, messageQueuesHealthy, healthEvaluated, ...copied } = reply.value as Record<string, unknown>;
  const {
    activeProcessors,
    circuitBreakerOpen,
    circuitBreakerFailures,
    commandChannelSaturationPercent,
    backpressureActive,
    backpressureReason,
    queueDepthTier,
    queueDepthMax,
    queueDepthWorst,
    ...others
  } = copied;
  const processors = [activeProcessors, circuitBreakerOpen, circuitBreakerFailures, commandChannelSaturationPercent];
  const queues = [backpressureActive, backpressureReason, queueDepthTier, queueDepthMax, queueDepthWorst];
  return { status, databaseConnected, messageQueuesHealthy, healthEvaluated, copied: [...processors, ...queues], ...others };
}

const quiet = { silent: ['log.info', 'monitor.recordReceive', ...Object.values(paths)], noteReplies: false };

async function answerOf(processor: Processor): Promise<Reply> {
  processor.start();
  const reply = await processor.ask(check);
  processor.close();
  return reply;
}

const table = rows.map((row): Scenario => ({
  name: nameOf(row),
  run: async (world, subject) =>
    brief(await answerOf(processorIn(world, subject, { script: scriptOf(cachesOf(row)), ...quiet }))),
}));

const usual: Row = {
  evaluated: true,
  connected: true,
  open: false,
  channelEvaluated: true,
  saturated: false,
  tier: 'Normal',
  active: false,
};
const bad: Row = { ...usual, connected: false, open: true, saturated: true, tier: 'Overflow', active: true };

interface RealCaches {
  setDatabaseStatus(status: object): Promise<void>;
  setChannelStatus(status: object): Promise<void>;
  setQueueStatus(status: object): Promise<void>;
  setBackpressure(status: object): Promise<void>;
}

function realCaches(subject: Subject): RealCaches {
  // An instance of the subject's class, which has these methods.
  return new (classOf(subject, 'src/index.ts', 'HealthStatusCaches'))() as RealCaches;
}

const detailed: readonly Scenario[] = [
  {
    name: 'reads in their order, all is well',
    run: (world, subject) => workOff(processorIn(world, subject, { script: scriptOf(cachesOf(usual)) }), [check]),
  },
  {
    name: 'reads in their order, nothing is well',
    run: (world, subject) => workOff(processorIn(world, subject, { script: scriptOf(cachesOf(bad)) }), [check]),
  },
  ...parts.flatMap((part) =>
    Object.entries(refusalsByName).map(([how, refusal]): Scenario => ({
      name: `${part} cannot be read, ${how}`,
      run: (world, subject) =>
        workOff(processorIn(world, subject, { script: { ...scriptOf(cachesOf(usual)), [paths[part]]: refusal(subject) } }), [
          check,
        ]),
    })),
  ),
  {
    name: 'actors cannot be counted',
    run: (world, subject) =>
      workOff(
        processorIn(world, subject, {
          script: {
            ...scriptOf(cachesOf(usual)),
            'actors.actorCount': [{ returns: 4 }, { throws: new Error('no actors') }],
          },
        }),
        [check],
      ),
  },
  {
    name: 'a failed check, and one after it',
    run: (world, subject) =>
      workOff(
        processorIn(world, subject, {
          script: {
            ...scriptOf(cachesOf(usual)),
            [paths.queues]: [refusals['another error'](), { resolves: cachesOf(bad).queues }],
          },
        }),
        [check, check],
      ),
  },
  {
    name: 'real caches, before and after they are set',
    async run(world, subject) {
      subject.use(world);
      const caches = realCaches(subject);
      const processor = processorIn(world, subject, { healthCaches: caches });
      processor.start();
      await processor.ask(check);
      for (const row of [bad, usual]) {
        const { database, channel, queues, backpressure } = cachesOf(row);
        await caches.setDatabaseStatus(database);
        await caches.setChannelStatus(channel);
        await caches.setQueueStatus(queues);
        await caches.setBackpressure(backpressure);
        await processor.ask(check);
      }
      processor.close();
    },
  },
];

/** Several checks; each read gives another status, with numbers that no row has, or fails. */
async function random(world: World, subject: Subject, choices: Choices): Promise<void> {
  const flag = (label: string): boolean => choices.pick(2, label) === 1;
  const number = (label: string): number => choose(choices, label, [0, -1, 1, 80, 100, 1e9, 0.5, Number.NaN]);
  const drawn: Readonly<Record<Part, () => object>> = {
    database: () => ({
      evaluated: flag('database evaluated'),
      isConnected: flag('database connected'),
      circuitBreakerOpen: flag('breaker open'),
      circuitBreakerFailures: number('breaker failures'),
      lastCheckDurationMs: number('last check'),
    }),
    channel: () => ({
      evaluated: flag('channel evaluated'),
      commandChannelSaturationPercent: number('saturation'),
      isSaturated: flag('channel saturated'),
    }),
    queues: () => ({
      tier: choose(choices, 'tier', tiers),
      maxDepth: number('depth'),
      worstQueue: choose(choices, 'worst queue', ['', 'q_results']),
    }),
    backpressure: () => ({
      active: flag('backpressure'),
      reason: choose(choices, 'reason', [null, '', 'too much of it']),
    }),
  };
  const answer = (part: Part): Answer => ({
    acts: () => {
      const fails = choices.pick(20, `${part} fails`) === 0;
      const status = drawn[part]();
      return world.answerLater(part, () => {
        if (fails) throw new Error(`no ${part}`);
        return status;
      });
    },
  });
  const script: Script = {
    ...Object.fromEntries(parts.map((part): [string, Answer] => [paths[part], answer(part)])),
    'actors.actorCount': { returns: number('actors') },
  };
  const checks = Array.from({ length: 1 + choices.pick(3, 'number of checks') }, () => check);
  await workOff(processorIn(world, subject, { script }), checks);
}

export const health: SubjectSpec = {
  name: 'health',
  normalisers: [],
  scenarios: [...table, ...detailed],
  random,
  ranges: rangesOf('src/orchestration/actors/command-processor-actor.ts', [
    'DEGRADING_TIERS',
    'CommandHandler.handleHealthCheck',
  ]),
};

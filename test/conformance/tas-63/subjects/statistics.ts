// Statistics: what the system makes of counters and latencies, of its own and of its components (A 1.1).
import { choose } from '../../../../codemods/proof/answers.ts';
import type { Choices } from '../../../../codemods/proof/answers.ts';
import { durations, randomIds, timestamps } from '../../../../codemods/proof/normalisers.ts';
import type { Scenario, SubjectSpec } from '../../../../codemods/proof/prove.ts';
import type { Subject } from '../../../../codemods/proof/subject-loader.ts';
import type { World } from '../../../../codemods/proof/world.ts';
import { listenerStats, pollerStats, useComponents } from '../components.ts';
import { attempt, quietly, saw, steppedClock } from '../driving.ts';
import { eventSystemIn, messageEvent, show } from '../event-system.ts';
import type { EventSystem, Statistics } from '../event-system.ts';
import { epochTimes } from '../surroundings.ts';
import type { CommandFate } from '../surroundings.ts';
import { rangesOf } from '../system.ts';

/** What the components have counted; one that is absent is not started. */
interface Counted {
  readonly poller?: { readonly messagesProcessed: number; readonly pollingErrors: number };
  readonly listener?: { readonly eventsReceived: number; readonly connectionErrors: number };
}

interface Made {
  readonly system: EventSystem;
  /** One event that takes so long and goes well. */
  succeed(takesMs: number): Promise<void>;
  /** One event whose command nobody takes. */
  fail(): Promise<void>;
  /** One notification that is through. */
  notify(): Promise<void>;
}

const modeOf = ({ poller, listener }: Counted): string => {
  if (poller !== undefined) return listener === undefined ? 'PollingOnly' : 'Hybrid';
  return listener === undefined ? 'Disabled' : 'EventDrivenOnly';
};

/** A started system on a clock that only its events move; what it took to get there is the subject `start`. */
async function madeIn(world: World, subject: Subject, counted: Counted): Promise<Made> {
  const clock = steppedClock(world);
  let next: { readonly takesMs: number; readonly fate: CommandFate } = { takesMs: 0, fate: { kind: 'silent' } };
  const components = useComponents(world, subject, {
    script: {
      'poller.stats': { resolves: { ...pollerStats, ...counted.poller } },
      'listener.stats': { resolves: { ...listenerStats, ...counted.listener } },
    },
  });
  const fate = (): CommandFate => {
    clock.advance(next.takesMs);
    return next.fate;
  };
  const system = await eventSystemIn(world, subject, { mode: modeOf(counted), fate, clock });
  await system.start();
  world.effects.splice(0);
  const process = (): Promise<void> => system.processEvent({ kind: 'StepResult', event: messageEvent() });
  return {
    system,
    async succeed(takesMs) {
      next = { takesMs, fate: { kind: 'reply', value: { kind: 'Success', message: 'through' } } };
      await process();
    },
    async fail() {
      next = { takesMs: 0, fate: { kind: 'closed' } };
      await process().catch(() => undefined);
    },
    async notify() {
      await components.notify({ kind: 'Reconnected' });
      await world.idle();
    },
  };
}

/** Latencies of events that went well, the number of events that did not, and what the components say. */
interface Row {
  readonly name: string;
  readonly latencies?: readonly number[];
  readonly failures?: number;
  readonly counted?: Counted;
}

const times = (count: number, latency: number): readonly number[] => Array.from({ length: count }, () => latency);

const rows: readonly Row[] = [
  { name: 'nothing happened' },
  { name: 'one event', latencies: [50] },
  { name: 'one event in no time', latencies: [0] },
  { name: 'many events in no time', latencies: times(5, 0) },
  { name: 'all failed', failures: 3 },
  { name: 'half failed', latencies: [10, 10], failures: 2 },
  { name: 'one of four failed, slow', latencies: [200, 400, 600], failures: 1 },
  { name: 'parts of a millisecond: the sum is cut', latencies: [0.4, 0.4, 0.4] },
  { name: 'parts of a millisecond: the sum is cut to zero', latencies: [0.3, 0.3] },
  { name: 'average of exactly 100 ms', latencies: [50, 150] },
  { name: 'average just above 100 ms', latencies: [100, 102] },
  { name: 'average just below 100 ms', latencies: [100, 98] },
  { name: 'one huge latency', latencies: [86_400_000] },
  { name: 'one huge latency among small ones', latencies: [...times(9, 1), 10_000] },
  { name: '99 latencies', latencies: [1000, ...times(98, 10)] },
  { name: '100 latencies', latencies: [1000, ...times(99, 10)] },
  { name: '101 latencies: the rate forgets the first', latencies: [1000, ...times(100, 10)] },
  { name: '150 latencies: the rate sees the latest hundred', latencies: [...times(50, 1000), ...times(100, 10)] },
];

/** Both components count, the events of the system itself are added; the latencies are its own. */
const aggregated: readonly Row[] = [
  { name: 'poller', counted: { poller: { messagesProcessed: 7, pollingErrors: 2 } } },
  { name: 'listener', counted: { listener: { eventsReceived: 11, connectionErrors: 3 } } },
  {
    name: 'poller and listener',
    counted: { poller: { messagesProcessed: 7, pollingErrors: 2 }, listener: { eventsReceived: 11, connectionErrors: 3 } },
  },
  { name: 'no component', counted: {} },
].flatMap(({ name, counted }) => [
  { name: `${name}, nothing else`, counted },
  { name: `${name}, and events of the system`, counted, latencies: [30, 300], failures: 1 },
]);

const tables: readonly Scenario[] = [...rows, ...aggregated].map(({ name, latencies = [], failures = 0, counted = {} }) => ({
  name,
  async run(world, subject) {
    const made = await madeIn(world, subject, counted);
    await quietly(world, `${latencies.length} events, ${failures} failures`, async () => {
      for (const latency of latencies) await made.succeed(latency);
      for (let nr = 0; nr < failures; nr += 1) await made.fail();
    });
    show(world, await made.system.statistics());
  },
}));

const both: Counted = {
  poller: { messagesProcessed: 1, pollingErrors: 2 },
  listener: { eventsReceived: 4, connectionErrors: 8 },
};

/** What was handed out does not change any more, and changing it changes nothing. */
const snapshots: readonly Scenario[] = [
  {
    name: 'an answer stays as it is while the system goes on',
    async run(world, subject) {
      const { system, succeed, fail, notify } = await madeIn(world, subject, both);
      const goOn = (takesMs: number): Promise<void> =>
        quietly(world, 'an event, a failure, a notification', async () => {
          await succeed(takesMs);
          await fail();
          await notify();
        });
      await goOn(20);
      const first = await system.statistics();
      show(world, first);
      await goOn(2000);
      show(world, first);
      show(world, await system.statistics());
    },
  },
  {
    name: 'the numbers of the components are not added twice',
    async run(world, subject) {
      const { system } = await madeIn(world, subject, both);
      show(world, await system.statistics());
      show(world, await system.statistics());
    },
  },
  {
    name: 'writing to an answer does not reach the system',
    async run(world, subject) {
      const { system, succeed } = await madeIn(world, subject, both);
      await quietly(world, 'an event', () => succeed(20));
      // The fields are public, so whoever has the answer may write to it.
      const answer = (await system.statistics()) as { eventsProcessed: number; processingLatenciesMs?: number[] };
      answer.eventsProcessed += 100;
      answer.processingLatenciesMs?.push(5000);
      show(world, await system.statistics());
    },
  },
  {
    name: 'components are asked in turn',
    async run(world, subject) {
      const { system } = await madeIn(world, subject, both);
      await Promise.all(
        ['first', 'second'].map((flow) =>
          world.flow(flow, async () => {
            show(world, await system.statistics());
          }),
        ),
      );
    },
    concurrent: true,
  },
  ...(['poller.stats', 'listener.stats'] as const).map((path): Scenario => ({
    name: `${path} fails`,
    async run(world, subject) {
      useComponents(world, subject, { script: { [path]: { rejects: new Error('no numbers') } } });
      const system = await eventSystemIn(world, subject);
      await system.start();
      world.effects.splice(0);
      await attempt(world, 'statistics', () => system.statistics());
    },
  })),
  {
    name: 'after stop only the own numbers are left',
    async run(world, subject) {
      const { system, succeed } = await madeIn(world, subject, both);
      await quietly(world, 'an event', () => succeed(20));
      await system.stop();
      show(world, await system.statistics());
    },
  },
  {
    name: 'before start',
    async run(world, subject) {
      useComponents(world, subject);
      const system = await eventSystemIn(world, subject);
      show(world, await system.statistics());
    },
  },
];

/** The class itself, which the package exports: a copy has all the numbers, and its own list of latencies. */
const copies: Scenario = {
  name: 'a copy of the statistics themselves',
  run(world, subject) {
    subject.use(world);
    // The class as the package exports it; its fields are public.
    const { OrchestrationStatistics } = subject.load('src/orchestration/event-systems/index.ts') as unknown as {
      OrchestrationStatistics: new () => Statistics & { processingLatenciesMs: number[]; clone(): Statistics };
    };
    const original = new OrchestrationStatistics();
    show(world, original);
    Object.assign(original, { eventsProcessed: 1, eventsFailed: 2, operationsCoordinated: 3, lastProcessingTimeMs: 4 });
    original.processingLatenciesMs.push(5, 6);
    const copy = original.clone();
    original.processingLatenciesMs.push(700);
    Object.assign(original, { eventsProcessed: 10, eventsFailed: 20, operationsCoordinated: 30, lastProcessingTimeMs: 40 });
    show(world, copy);
    saw(world, 'is another object', copy !== original);
    saw(world, 'is of the same class', copy instanceof OrchestrationStatistics);
  },
};

async function drawn(world: World, subject: Subject, choices: Choices): Promise<void> {
  const number = (label: string): number => choose(choices, label, [0, 1, 2, 9, 1000]);
  const poller = { messagesProcessed: number('polled'), pollingErrors: number('polling errors') };
  const listener = { eventsReceived: number('received'), connectionErrors: number('connection errors') };
  const made = await madeIn(world, subject, choose(choices, 'components', [{}, { poller }, { listener }, { poller, listener }]));
  const steps: Readonly<Record<string, () => Promise<unknown>>> = {
    succeed: () => made.succeed(choose(choices, 'takes ms', [0, 0.1, 0.5, 1, 99, 100, 101, 7777])),
    fail: () => made.fail(),
    notify: () => made.notify(),
    look: async () => show(world, await made.system.statistics()),
  };
  const count = choose(choices, 'steps', [1, 3, 8]);
  for (let nr = 0; nr < count; nr += 1) await steps[choose(choices, 'step', Object.keys(steps))]?.();
  show(world, await made.system.statistics());
}

export const statistics: SubjectSpec = {
  name: 'statistics',
  normalisers: [durations(['latencyMs']), timestamps, randomIds, epochTimes],
  scenarios: [...tables, ...snapshots, copies],
  random: drawn,
  ranges: rangesOf('src/orchestration/event-systems/orchestration-event-system.ts', [
    'OrchestrationStatistics',
    'OrchestrationEventSystem.statistics',
  ]),
};

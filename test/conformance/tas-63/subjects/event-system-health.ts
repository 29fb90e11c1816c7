// Health check, stop, and what the event system says about its components (A 1.0: per configured mode, not the effective one).
import { choose } from '../../../../codemods/proof/answers.ts';
import type { Answer, Choices, Script } from '../../../../codemods/proof/answers.ts';
import { durations, randomIds, timestamps } from '../../../../codemods/proof/normalisers.ts';
import type { Scenario, SubjectSpec } from '../../../../codemods/proof/prove.ts';
import type { Subject } from '../../../../codemods/proof/subject-loader.ts';
import type { World } from '../../../../codemods/proof/world.ts';
import { listenerStats, pollerStats, useComponents } from '../components.ts';
import { attempt, saw, steppedClock } from '../driving.ts';
import { eventSystemIn, messageEvent, modes } from '../event-system.ts';
import type { EventSystem, EventSystemOptions } from '../event-system.ts';
import { epochTimes } from '../surroundings.ts';
import type { CommandFate } from '../surroundings.ts';
import { rangesOf } from '../system.ts';

const providers = ['pgmq', 'rabbitmq'] as const;

/** The state of everything that the health check looks at. */
interface State {
  readonly mode: string;
  readonly provider?: string;
  readonly closed?: boolean;
  readonly pollerHealthy?: boolean;
  readonly listenerHealthy?: boolean;
  readonly poller?: object;
  readonly listener?: object;
  /** Answers in place of those that the fields above lead to. */
  readonly script?: Script;
}

function scriptOf({ pollerHealthy = true, listenerHealthy = true, poller, listener, script }: State): Script {
  return {
    'poller.isHealthy': { returns: pollerHealthy },
    'listener.isHealthy': { returns: listenerHealthy },
    'poller.stats': { resolves: { ...pollerStats, ...poller } },
    'listener.stats': { resolves: { ...listenerStats, ...listener } },
    ...script,
  };
}

/** A started system; what it took to get there is the subject `start`. */
async function started(world: World, subject: Subject, state: State, options: EventSystemOptions = {}): Promise<EventSystem> {
  useComponents(world, subject, { script: scriptOf(state) });
  const { mode, provider = 'pgmq', closed = false } = state;
  const fate: CommandFate = closed ? { kind: 'closed' } : { kind: 'silent' };
  const system = await eventSystemIn(world, subject, { mode, provider, fate, clock: steppedClock(world), ...options });
  await system.start();
  world.effects.splice(0);
  return system;
}

function check(name: string, state: State): Scenario {
  return {
    name,
    async run(world, subject) {
      const system = await started(world, subject, state);
      await attempt(world, 'healthCheck', () => system.healthCheck());
    },
  };
}

const flags = [true, false] as const;

/** Modes x providers x (command channel, poller, listener: well or not). */
const conditions: readonly Scenario[] = modes.flatMap((mode) =>
  providers.flatMap((provider) =>
    flags.flatMap((pollerHealthy) =>
      flags.flatMap((listenerHealthy) =>
        flags.map((closed) => {
          const bad = [!pollerHealthy && 'poller unwell', !listenerHealthy && 'listener unwell', closed && 'channel closed'];
          const what = bad.filter((each) => each !== false).join(', ') || 'all well';
          return check(`${mode}, ${provider}, ${what}`, { mode, provider, pollerHealthy, listenerHealthy, closed });
        }),
      ),
    ),
  ),
);

/** Errors of a component by what it did; the score of one that fails always is 0.5, which is not below 0.5. */
const numbers: readonly (readonly [string, Partial<State>])[] = [
  ['no polling cycles, but errors', { poller: { pollingCycles: 0, pollingErrors: 5 } }],
  ['one polling cycle, one error', { poller: { pollingCycles: 1, pollingErrors: 1 } }],
  ['a tenth of the polling cycles fails', { poller: { pollingCycles: 10, pollingErrors: 1 } }],
  ['more than a tenth of the polling cycles fails', { poller: { pollingCycles: 100, pollingErrors: 11 } }],
  ['no events, but lost connections', { listener: { eventsReceived: 0, connectionErrors: 5 } }],
  ['one event, one lost connection', { listener: { eventsReceived: 1, connectionErrors: 1 } }],
  ['a lost connection in twenty events', { listener: { eventsReceived: 20, connectionErrors: 1 } }],
  ['more than a lost connection in twenty events', { listener: { eventsReceived: 100, connectionErrors: 6 } }],
  [
    'both components fail often',
    { poller: { pollingCycles: 4, pollingErrors: 4 }, listener: { eventsReceived: 4, connectionErrors: 4 } },
  ],
];

const ratios = numbers.map(([name, state]) => check(`ratio: ${name}`, { mode: 'Hybrid', ...state }));

/** How well the mode does is half success, half latency: below 0.5 needs both to be bad. */
function scored(name: string, takesMs: number, { pollingErrors }: { readonly pollingErrors: number }): Scenario {
  return {
    name: `score: ${name}`,
    async run(world, subject) {
      const clock = steppedClock(world);
      const fate = (): CommandFate => {
        clock.advance(takesMs);
        return { kind: 'reply', value: { kind: 'Success', message: 'through' } };
      };
      const state = { mode: 'Hybrid', poller: { pollingErrors } };
      const system = await started(world, subject, state, { clock, fate });
      await system.processEvent({ kind: 'StepResult', event: messageEvent() });
      world.effects.splice(0);
      await attempt(world, 'healthCheck', () => system.healthCheck());
    },
  };
}

const scores: readonly Scenario[] = [
  scored('slow, but all goes well', 10_000, { pollingErrors: 0 }),
  scored('slow, half of it fails', 10_000, { pollingErrors: 1 }),
  scored('quick, most of it fails', 10, { pollingErrors: 9 }),
  scored('exactly a half', 200, { pollingErrors: 1 }),
  scored('just below a half', 201, { pollingErrors: 1 }),
];

/** A call that fails in the middle: what was seen before stays seen. */
const failingCalls: readonly Scenario[] = (
  [
    ['poller.isHealthy', { throws: new Error('no idea') }],
    ['poller.stats', { rejects: new Error('no numbers') }],
    ['listener.stats', { rejects: new Error('no numbers') }],
  ] as const satisfies readonly (readonly [string, Answer])[]
).map(([path, answer]) => check(`${path} fails`, { mode: 'Hybrid', script: { [path]: answer } }));

const notRunning: readonly Scenario[] = [
  {
    name: 'not started',
    async run(world, subject) {
      useComponents(world, subject);
      const system = await eventSystemIn(world, subject);
      await attempt(world, 'healthCheck', () => system.healthCheck());
      await attempt(world, 'stop', () => system.stop());
      await about(world, system);
    },
  },
  {
    name: 'stopped',
    async run(world, subject) {
      const system = await started(world, subject, { mode: 'Hybrid' });
      await attempt(world, 'stop', () => system.stop());
      await attempt(world, 'healthCheck', () => system.healthCheck());
      await attempt(world, 'stop', () => system.stop());
      await about(world, system);
    },
  },
];

async function about(world: World, system: EventSystem): Promise<void> {
  saw(world, 'isRunning', system.isRunning());
  saw(world, 'uptime', system.uptime());
  saw(world, 'config', system.config);
  await attempt(world, 'componentStatistics', () => system.componentStatistics());
}

/** Uptime counts from the last start, on the clock of the context. */
const seenFromOutside: readonly Scenario[] = modes.map((mode) => ({
  name: `${mode}, seen from outside`,
  async run(world, subject) {
    const clock = steppedClock(world);
    clock.advance(1000);
    const state = { mode, poller: { pollingCycles: 3 }, listener: { eventsReceived: 4 } };
    const system = await started(world, subject, state, { clock });
    await about(world, system);
    clock.advance(250);
    await about(world, system);
    await system.stop();
    clock.advance(250);
    await about(world, system);
    await system.start();
    await about(world, system);
  },
}));

/** A component that does not stop: the system still counts as running, and a second stop goes on with the rest. */
const stops: readonly Scenario[] = ([undefined, 'listener.stop', 'poller.stop'] as const).flatMap((fails) =>
  modes.map((mode): Scenario => {
    const script: Script = fails === undefined ? {} : { [fails]: [{ rejects: new Error('busy') }, { resolves: undefined }] };
    return {
      name: `${mode}, stopped${fails === undefined ? '' : `, ${fails} fails`}`,
      async run(world, subject) {
        const system = await started(world, subject, { mode, script });
        await attempt(world, 'stop', () => system.stop());
        await about(world, system);
        await attempt(world, 'stop', () => system.stop());
        await about(world, system);
      },
    };
  }),
);

/** While it stops it still runs, and its components are gone one after the other. */
const meanwhile: readonly Scenario[] = modes.flatMap((mode) => [
  {
    name: `${mode}, health checked while it stops`,
    concurrent: true,
    async run(world: World, subject: Subject) {
      const system = await started(world, subject, { mode, listenerHealthy: false, pollerHealthy: false });
      const stopping = world.flow('stopping', () => attempt(world, 'stop', () => system.stop()));
      await world.flow('checking', () => attempt(world, 'healthCheck', () => system.healthCheck()));
      await stopping;
    },
  },
  {
    name: `${mode}, stopped twice at once`,
    concurrent: true,
    async run(world: World, subject: Subject) {
      const system = await started(world, subject, { mode });
      const stop = (flow: string) => world.flow(flow, () => attempt(world, 'stop', () => system.stop()));
      await Promise.all([stop('first'), stop('second')]);
      await about(world, system);
    },
  },
  {
    name: `${mode}, started while it stops`,
    async run(world: World, subject: Subject) {
      const system = await started(world, subject, { mode });
      const stopping = world.flow('stopping', () => attempt(world, 'stop', () => system.stop()));
      await world.flow('starting', () => attempt(world, 'start', () => system.start()));
      await stopping;
      await about(world, system);
    },
  },
]);

function drawState(choices: Choices): State {
  const number = (label: string): number => choose(choices, label, [0, 1, 5, 10, 11, 20, 100]);
  return {
    mode: choose(choices, 'mode', modes),
    provider: choose(choices, 'provider', providers),
    pollerHealthy: choices.pick(3, 'poller') > 0,
    listenerHealthy: choices.pick(3, 'listener') > 0,
    poller: {
      pollingCycles: number('cycles'),
      pollingErrors: number('polling errors'),
      messagesProcessed: number('polled'),
    },
    listener: { eventsReceived: number('received'), connectionErrors: number('connection errors') },
  };
}

async function drawn(world: World, subject: Subject, choices: Choices): Promise<void> {
  const clock = steppedClock(world);
  const fate = (): CommandFate => {
    clock.advance(choose(choices, 'takes ms', [0, 1, 100, 200, 201, 5000]));
    return { kind: 'reply', value: { kind: 'Success', message: 'through' } };
  };
  const system = await started(world, subject, drawState(choices), { clock, fate });
  const steps: Readonly<Record<string, () => Promise<unknown>>> = {
    processEvent: () => system.processEvent({ kind: 'StepResult', event: messageEvent() }),
    healthCheck: () => attempt(world, 'healthCheck', () => system.healthCheck()),
    stop: () => attempt(world, 'stop', () => system.stop()),
    start: () => attempt(world, 'start', () => system.start()),
    about: () => about(world, system),
    wait: () => world.idle(),
  };
  for (let nr = 0; nr <= choices.pick(4, 'further steps'); nr += 1) {
    await steps[choose(choices, 'step', Object.keys(steps))]?.();
  }
  await attempt(world, 'healthCheck', () => system.healthCheck());
}

export const eventSystemHealth: SubjectSpec = {
  name: 'event-system-health',
  normalisers: [durations(['latencyMs']), timestamps, randomIds, epochTimes],
  scenarios: [...conditions, ...ratios, ...scores, ...failingCalls, ...notRunning, ...seenFromOutside, ...stops, ...meanwhile],
  random: drawn,
  ranges: rangesOf('src/orchestration/event-systems/orchestration-event-system.ts', [
    'OrchestrationEventSystem.componentStatistics',
    'OrchestrationEventSystem.uptime',
    'OrchestrationEventSystem.config',
    'OrchestrationEventSystem.isRunning',
    'OrchestrationEventSystem.stop',
    'OrchestrationEventSystem.healthCheck',
  ]),
};

// start: four modes, two providers, and a failure at each step; what lives afterwards, and what becomes of notifications (A 1.4).
import { choose } from '../../../../codemods/proof/answers.ts';
import type { Choices, Script } from '../../../../codemods/proof/answers.ts';
import { durations, randomIds, timestamps } from '../../../../codemods/proof/normalisers.ts';
import type { Scenario, SubjectSpec } from '../../../../codemods/proof/prove.ts';
import type { Subject } from '../../../../codemods/proof/subject-loader.ts';
import type { World } from '../../../../codemods/proof/world.ts';
import { failurePoints, useComponents } from '../components.ts';
import type { ComponentOptions, Components, FailurePoint } from '../components.ts';
import { attempt, saw } from '../driving.ts';
import { eventSystemIn, messageEvent, modes } from '../event-system.ts';
import type { EventSystem, EventSystemOptions } from '../event-system.ts';
import { epochTimes } from '../surroundings.ts';
import { rangesOf } from '../system.ts';

const providers = ['pgmq', 'rabbitmq'] as const;

const notification = { kind: 'Event', event: { kind: 'StepResult', event: messageEvent() } };

interface Made {
  readonly world: World;
  readonly system: EventSystem;
  readonly components: Components;
}

/** Just enough to tell the components apart; what is made of their numbers is the subject `event-system-health`. */
const numbers: Script = {
  'listener.stats': { resolves: { eventsReceived: 3 } },
  'poller.stats': { resolves: { pollingCycles: 2 } },
};

/** A system with its components; `drive` does the rest. */
function scenario(
  name: string,
  options: EventSystemOptions & ComponentOptions & { readonly concurrent?: boolean },
  drive: (made: Made) => Promise<void>,
): Scenario {
  return {
    name,
    concurrent: options.concurrent ?? false,
    async run(world, subject) {
      const components = useComponents(world, subject, { ...options, script: numbers });
      const system = await eventSystemIn(world, subject, options);
      await drive({ world, system, components });
    },
  };
}

async function startAndLook({ world, system }: Made): Promise<void> {
  await attempt(world, 'start', () => system.start());
  await look({ world, system });
}

async function stop({ world, system }: Made): Promise<void> {
  await attempt(world, 'stop', () => system.stop());
  await look({ world, system });
}

/** What can be seen from outside: whether it runs, which components it knows (they are asked for their numbers), what lives. */
async function look({ world, system }: Pick<Made, 'world' | 'system'>): Promise<void> {
  saw(world, 'isRunning', system.isRunning());
  await attempt(world, 'componentStatistics', () => system.componentStatistics());
  saw(
    world,
    'alive',
    world.alive().filter((each) => !each.startsWith('answer ')),
  );
}

async function startAndStop(made: Made): Promise<void> {
  await startAndLook(made);
  await stop(made);
}

const matrix: readonly Scenario[] = modes.flatMap((mode) =>
  providers.flatMap((provider) => [
    scenario(`${mode}, ${provider}`, { mode, provider }, startAndStop),
    ...failurePoints.map((failAt) => scenario(`${mode}, ${provider}, ${failAt} fails`, { mode, provider, failAt }, startAndStop)),
  ]),
);

/** What is there before anything runs. */
const created: readonly Scenario[] = modes.map((mode) =>
  scenario(`${mode}, not started`, { mode }, async ({ world, system }) => {
    await look({ world, system });
    saw(world, 'config', system.config);
    saw(world, 'uptime', system.uptime());
  }),
);

/** Without a size of its own the channel of the notifications gets the default; 0 is a size. */
const buffers: readonly Scenario[] = (['Hybrid', 'EventDrivenOnly'] as const).flatMap((mode) => [
  scenario(`${mode}, no buffer size`, { mode, config: { eventBufferSize: undefined } }, startAndLook),
  scenario(`${mode}, a buffer of 0`, { mode, config: { eventBufferSize: 0 } }, startAndLook),
]);

const otherSettings = {
  queues: { taskRequests: 'q_one', stepResults: 'q_two', taskFinalizations: 'q_three' },
  eventSystem: { processingTimeoutMs: 7, healthCheckIntervalMs: 8, healthCheckEnabled: false },
  fallbackPoller: { pollingIntervalMs: 1, batchSize: 2, ageThresholdMs: 3, maxAgeHours: 0.5, visibilityTimeoutSeconds: 4 },
};

const settings = scenario('Hybrid, other settings', { mode: 'Hybrid', config: otherSettings }, startAndLook);

const startedAgain: readonly Scenario[] = modes.flatMap((mode) => [
  scenario(`${mode}, started while it runs`, { mode }, async (made) => {
    await startAndLook(made);
    await startAndLook(made);
    await stop(made);
  }),
  scenario(`${mode}, started, stopped, started`, { mode }, async (made) => {
    await startAndLook(made);
    await stop(made);
    await startAndLook(made);
  }),
]);

/** What the first start has left behind is still there when the second succeeds. */
const triedAgain: readonly Scenario[] = failurePoints.map((failAt) =>
  scenario(`Hybrid, started again after ${failAt} failed`, { mode: 'Hybrid', failAt, failures: 1 }, async (made) => {
    await startAndLook(made);
    await startAndLook(made);
    await made.components.notify(notification, 0);
    await made.world.idle();
    await stop(made);
  }),
);

/** The listener writes from its start on: nothing is handled before the poller runs. */
const betweenStarts: readonly Scenario[] = [
  ['', undefined],
  [', poller.create fails', 'poller.create'],
  [', poller.start fails', 'poller.start'],
].map(([suffix, failAt]) =>
  scenario(
    `Hybrid, notification between listener and poller${suffix}`,
    {
      mode: 'Hybrid',
      // One of the three above, or nothing.
      ...(failAt === undefined ? {} : { failAt: failAt as FailurePoint }),
      onPollerCreate: ({ notify }) => void notify(notification),
    },
    async (made) => {
      await attempt(made.world, 'start', () => made.system.start());
      await made.world.idle();
      await look(made);
    },
  ),
);

const afterFailure: readonly Scenario[] = (['poller.create', 'poller.start'] as const).map((failAt) =>
  scenario(`Hybrid, notification after ${failAt} failed`, { mode: 'Hybrid', failAt }, async (made) => {
    await startAndLook(made);
    await made.components.notify(notification);
    await made.world.idle();
    await stop(made);
  }),
);

const listenerFailed = scenario(
  'EventDrivenOnly, notification after listener.start failed',
  { mode: 'EventDrivenOnly', failAt: 'listener.start' },
  async (made) => {
    await startAndLook(made);
    await made.components.notify(notification);
    await made.world.idle();
  },
);

const afterStart: readonly Scenario[] = (['Hybrid', 'EventDrivenOnly'] as const).map((mode) =>
  scenario(`${mode}, notification while it runs and after it was stopped`, { mode }, async (made) => {
    await startAndLook(made);
    await made.components.notify(notification);
    await made.world.idle();
    await stop(made);
    await made.components.notify(notification);
    await made.world.idle();
  }),
);

const atOnce: readonly Scenario[] = [
  scenario('Hybrid, started twice at once', { mode: 'Hybrid', concurrent: true }, async (made) => {
    const { world, system } = made;
    const startIn = (flow: string) => world.flow(flow, () => attempt(world, 'start', () => system.start()));
    await Promise.all([startIn('first'), startIn('second')]);
    await look(made);
    await stop(made);
  }),
  scenario('Hybrid, stopped while it starts', { mode: 'Hybrid' }, async (made) => {
    const starting = made.world.flow('starting', () => startAndLook(made));
    await stop(made);
    await starting;
  }),
];

async function drawn(world: World, subject: Subject, choices: Choices): Promise<void> {
  const failAt = choose(choices, 'fails at', [undefined, ...failurePoints]);
  const options = {
    mode: choose(choices, 'mode', modes),
    provider: choose(choices, 'provider', providers),
    config: choose(choices, 'settings', [{}, otherSettings, { eventBufferSize: undefined }, { eventBufferSize: 1 }]),
    ...(failAt === undefined ? {} : { failAt, failures: 1 + choices.pick(2, 'further failures') }),
    ...(choices.pick(2, 'between') === 1 ? { onPollerCreate: ({ notify }: Components) => void notify(notification) } : {}),
  };
  const components = useComponents(world, subject, { ...options, script: numbers });
  const made = { world, components, system: await eventSystemIn(world, subject, options) };
  const steps = {
    start: () => startAndLook(made),
    stop: () => stop(made),
    notify: () => void components.notify(notification),
    'notify the first': () => void components.notify(notification, 0),
    wait: () => world.idle(),
  };
  for (let nr = 0; nr <= choices.pick(6, 'further steps'); nr += 1) {
    const step = choose(choices, 'step', Object.keys(steps) as (keyof typeof steps)[]);
    saw(world, 'step', step);
    await steps[step]();
  }
  await world.idle();
}

export const startSubject: SubjectSpec = {
  name: 'start',
  normalisers: [durations(['systemUptimeMs']), timestamps, randomIds, epochTimes],
  scenarios: [
    ...created,
    ...matrix,
    ...buffers,
    settings,
    ...startedAgain,
    ...triedAgain,
    ...betweenStarts,
    ...afterFailure,
    listenerFailed,
    ...afterStart,
    ...atOnce,
  ],
  random: drawn,
  happensBefore: [
    { first: 'listener.start', next: 'notifications.recv' },
    { first: 'poller.start', next: 'commands.send' },
  ],
  ranges: rangesOf('src/orchestration/event-systems/orchestration-event-system.ts', [
    'OrchestrationEventSystem.constructor',
    'OrchestrationEventSystem.create',
    'OrchestrationEventSystem.listenerConfig',
    'OrchestrationEventSystem.pollerConfig',
    'OrchestrationEventSystem.start',
  ]),
};

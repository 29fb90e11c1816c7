// Notifications: what the loop between queue listener and command channel makes of each of them (A 1.3: 12 cases, and more).
import { choose } from '../../../../codemods/proof/answers.ts';
import type { Choices } from '../../../../codemods/proof/answers.ts';
import { durations, randomIds, timestamps } from '../../../../codemods/proof/normalisers.ts';
import type { Scenario, SubjectSpec } from '../../../../codemods/proof/prove.ts';
import type { Subject } from '../../../../codemods/proof/subject-loader.ts';
import type { World } from '../../../../codemods/proof/world.ts';
import { useComponents } from '../components.ts';
import type { Components } from '../components.ts';

import { eventSystemIn, messageEvent } from '../event-system.ts';
import type { EventSystem, EventSystemOptions } from '../event-system.ts';
import { epochTimes, jsonErrors, taskerError } from '../surroundings.ts';
import type { CommandFate } from '../surroundings.ts';
import { rangesOf } from '../system.ts';

/** A step result that comes with its message; `text` is what the bytes say. */
function withPayload(text: string | Uint8Array): object {
  return {
    kind: 'StepResultWithPayload',
    message: {
      message: typeof text === 'string' ? new TextEncoder().encode(text) : text,
      handle: { provider: 'rabbitmq', queueName: 'q_pushed', receipt: 'receipt-7' },
      metadata: { readCount: 2, enqueuedAt: new Date(0) },
    },
  };
}

const signal = (kind: string): object => ({ kind: 'Event', event: { kind, event: messageEvent() } });

/** Notifications that become a command. */
const passedOn: Readonly<Record<string, object>> = {
  payload: withPayload('{"stepUuid":"step-1","status":"complete"}'),
  'signal of a StepResult': signal('StepResult'),
  'signal of a TaskRequest': signal('TaskRequest'),
  'signal of a TaskFinalization': signal('TaskFinalization'),
};

/** Payloads at the edge of what JSON is. */
const otherPayloads: Readonly<Record<string, object>> = {
  'payload that is a text beyond ASCII': withPayload('"Ärger 🙂"'),
  'payload that is null': withPayload(' null '),
  'payload with bytes that are no UTF-8 in a text': withPayload(Uint8Array.of(0x22, 0xff, 0x22)),
  'payload with a byte order mark': withPayload(Uint8Array.of(0xef, 0xbb, 0xbf, 0x31)),
};

const notJson: Readonly<Record<string, object>> = {
  'payload that is not JSON': withPayload('{"stepUuid":'),
  'payload that is empty': withPayload(''),
  'payload that is a word': withPayload('done'),
};

/** Notifications that do not become a command. */
const noCommand: Readonly<Record<string, object>> = {
  ...notJson,
  Unknown: { kind: 'Event', event: { kind: 'Unknown', queueName: 'q_other', payload: 'anything' } },
  ConnectionError: { kind: 'ConnectionError', error: 'connection reset' },
  Reconnected: { kind: 'Reconnected' },
};

const lateReply: CommandFate = { kind: 'reply', value: { kind: 'Success', message: 'too late' } };

/** What may become of a command that nobody waits for. */
const fates: Readonly<Record<string, (subject: Subject) => CommandFate>> = {
  'late reply': () => lateReply,
  'reply at once': () => ({ ...lateReply, early: true }),
  'late error': (subject) => ({ kind: 'handler error', error: taskerError(subject, 'Database', 'connection lost') }),
  'responder dropped': () => ({ kind: 'dropped' }),
  'no reply': () => ({ kind: 'silent' }),
  'channel closed': () => ({ kind: 'closed' }),
};

interface Running {
  readonly system: EventSystem;
  readonly components: Components;
}

/** A system whose loop runs; what it took to get there is the subject `start`. */
async function running(world: World, subject: Subject, options: EventSystemOptions): Promise<Running> {
  const components = useComponents(world, subject);
  const system = await eventSystemIn(world, subject, { mode: 'EventDrivenOnly', ...options });
  await system.start();
  world.effects.splice(0);
  return { system, components };
}

interface Case {
  readonly name: string;
  readonly notification: object;
  readonly fate?: (subject: Subject) => CommandFate;
  readonly sampled?: boolean;
  readonly mode?: string;
}

function single({ name, notification, fate = () => lateReply, ...options }: Case): Scenario {
  return {
    name,
    async run(world, subject) {
      const { components } = await running(world, subject, { fate: fate(subject), ...options });
      await components.notify(notification);
      await world.idle();
    },
  };
}

const ofCommands: readonly Scenario[] = Object.entries(passedOn).flatMap(([name, notification]) => [
  ...Object.entries(fates).map(([fateName, fate]) => single({ name: `${name}, ${fateName}`, notification, fate })),
  single({ name: `${name}, late reply, sampled`, notification, sampled: true }),
  single({ name: `${name}, late reply, Hybrid`, notification, mode: 'Hybrid' }),
]);

const ofOthers: readonly Scenario[] = Object.entries({ ...noCommand, ...otherPayloads }).map(([name, notification]) =>
  single({ name, notification }),
);

/** Many at once: the loop takes the next one only when the channel has taken the command of the one before. */
const manyAtOnce: Scenario = {
  name: 'one of each at once',
  concurrent: true,
  async run(world, subject) {
    const { components } = await running(world, subject, { fate: lateReply, sampled: true });
    await Promise.all(Object.values({ ...passedOn, ...noCommand }).map((each) => components.notify(each)));
    await world.idle();
  },
};

/** The channel is full: the listener waits until the loop has taken one more. */
const fullChannel: Scenario = {
  name: 'more at once than the channel holds',
  concurrent: true,
  async run(world, subject) {
    const { components } = await running(world, subject, { fate: lateReply, config: { eventBufferSize: 1 } });
    await Promise.all(Object.values(passedOn).map((each) => components.notify(each)));
    await world.idle();
  },
};

/** The loop works off what is in the channel when the system stops, and ends. */
const stoppedMeanwhile: Scenario = {
  name: 'stopped while notifications wait',
  concurrent: true,
  async run(world, subject) {
    const { system, components } = await running(world, subject, { fate: lateReply });
    await Promise.all([components.notify(signal('StepResult')), components.notify(signal('TaskRequest')), system.stop()]);
    await world.idle();
    await components.notify(signal('TaskFinalization'));
    await world.idle();
  },
};

const known = Object.values({ ...passedOn, ...noCommand, ...otherPayloads });

async function drawn(world: World, subject: Subject, choices: Choices): Promise<void> {
  const fateOf = (): CommandFate => choose(choices, 'fate', Object.values(fates))(subject);
  const { system, components } = await running(world, subject, {
    fate: fateOf,
    mode: choose(choices, 'mode', ['Hybrid', 'EventDrivenOnly']),
    sampled: choices.pick(2, 'sampled') === 1,
    config: { eventBufferSize: choose(choices, 'buffer', [1, 2, 50]) },
  });
  const stopsAt = choices.pick(12, 'stops at');
  for (let nr = 0; nr <= choices.pick(5, 'further notifications'); nr += 1) {
    const sent = components.notify(choose(choices, 'notification', known));
    if (choices.pick(2, 'wait') === 1) await sent;
    if (choices.pick(2, 'idle') === 1) await world.idle();
    if (nr === stopsAt) await system.stop();
  }
  await world.idle();
}

export const notifications: SubjectSpec = {
  name: 'notifications',
  normalisers: [durations(['latencyMs']), timestamps, randomIds, epochTimes, jsonErrors],
  scenarios: [...ofCommands, ...ofOthers, manyAtOnce, fullChannel, stoppedMeanwhile],
  random: drawn,
  ranges: rangesOf('src/orchestration/event-systems/orchestration-event-system.ts', [
    'OrchestrationEventSystem.processOrchestrationNotification',
  ]),
};

// What left the event system: component health, dispatch, outcomes and notifications, against the class they were part of.
import fc from 'fast-check';
import type { Subject } from '../../../codemods/proof/subject-loader.ts';
import { agreement, outcomeOf } from './agreement.ts';
import type { ModuleProperty } from './agreement.ts';
import { commandChannel, countersOf, surroundings } from './stand-ins.ts';
import type { Counters, Fate, Surroundings } from './stand-ins.ts';
import { eventSystemPath, newStatistics, statisticsPath } from './of-statistics.ts';

const folder = 'src/orchestration/event-systems';

interface EventSystem {
  readonly systemStatistics: Counters;
  processEvent(event: unknown): Promise<void>;
  healthCheck(): Promise<unknown>;
}

interface EventSystemClass {
  create(...options: readonly unknown[]): Promise<EventSystem>;
  processOrchestrationNotification(...options: readonly unknown[]): Promise<void>;
}

function classOf(subject: Subject): EventSystemClass {
  return (subject.load(eventSystemPath) as unknown as { OrchestrationEventSystem: EventSystemClass }).OrchestrationEventSystem;
}

type Channel = ReturnType<typeof commandChannel>;

async function systemOf(subject: Subject, around: Surroundings, { sender, monitor }: Channel): Promise<EventSystem> {
  const options = { systemId: 'system-1', deploymentMode: 'Hybrid' };
  const system = await classOf(subject).create(options, { ...around, config: {} }, {}, sender, monitor);
  around.told.splice(0);
  return system;
}

const word = fc.constantFrom('', 'a', 'out of order', '42', '"');
const thrown = fc.oneof(
  word,
  word.map((message) => new Error(message)),
);
const commandResults = {
  StepResult: fc.oneof(
    fc.record({ kind: fc.constant('Success' as const), message: word }),
    fc.record({ kind: fc.constant('Failed' as const), error: word }),
    fc.record({ kind: fc.constant('Skipped' as const), reason: word }),
  ),
  TaskRequest: fc.oneof(
    fc.record({ kind: fc.constant('Success' as const), taskUuid: word, message: word }),
    fc.record({ kind: fc.constant('Failed' as const), error: word }),
    fc.record({ kind: fc.constant('Skipped' as const), reason: word }),
  ),
  TaskFinalization: fc.oneof(
    fc.record({
      kind: fc.constant('Success' as const),
      taskUuid: word,
      finalStatus: word,
      completionTime: fc.option(fc.date({ noInvalidDate: true })),
    }),
    fc.record({ kind: fc.constant('NotClaimed' as const), reason: word, alreadyClaimedBy: fc.option(word) }),
    fc.record({ kind: fc.constant('Failed' as const), error: word }),
  ),
};

type Kind = keyof typeof commandResults;
const kinds: readonly Kind[] = ['StepResult', 'TaskRequest', 'TaskFinalization'];
type CommandResult = { readonly kind: 'Success' | 'Failed' | 'Skipped' | 'NotClaimed' };

const messageEvent = fc.record({ messageId: word, queueName: word, namespace: word });

function eventAndResult(kind: Kind) {
  const result: fc.Arbitrary<CommandResult> = commandResults[kind];
  return fc.record({ kind: fc.constant(kind), event: messageEvent, result });
}

const answered = fc.oneof(...kinds.map(eventAndResult));

/** Each command with a result, and what becomes of it; most are answered. */
const dispatched = answered.chain(({ result, ...event }) => {
  const fate = fc.oneof(
    { weight: 3, arbitrary: fc.constant<Fate>({ kind: 'replied', reply: { ok: true, value: result } }) },
    { weight: 1, arbitrary: thrown.map((error): Fate => ({ kind: 'replied', reply: { ok: false, error } })) },
    { weight: 1, arbitrary: thrown.map((error): Fate => ({ kind: 'refused', error })) },
    { weight: 1, arbitrary: thrown.map((error): Fate => ({ kind: 'monitor fails', error })) },
    { weight: 1, arbitrary: fc.constant<Fate>({ kind: 'dropped' }) },
  );
  return fc.record({ event: fc.constant(event), result: fc.constant(result), fate, isSampled: fc.boolean() });
});

interface Dispatched {
  readonly event: object;
  readonly fate: Fate;
  readonly isSampled: boolean;
}

async function process(subject: Subject, { event, fate, isSampled }: Dispatched) {
  const around = surroundings();
  const system = await systemOf(subject, around, commandChannel(around, fate, isSampled));
  const outcome = await outcomeOf(() => system.processEvent(event));
  return { outcome, told: around.told, counted: countersOf(system.systemStatistics) };
}

const dispatch = agreement({
  module: `${folder}/command-dispatch.ts`,
  what: 'sends, waits, counts and records as each of the three branches of the event system did',
  input: dispatched,
  legacy: process,
  extracted: process,
  wrong: [
    { from: '...subject.extraSendFields,', to: '' },
    { from: 'no answer to ${subject.replyLabel}', to: 'no answer to ${subject.sendLabel}' },
    { from: 'recordOperation();\n      break;\n    case', to: 'recordFailure();\n      break;\n    case' },
  ],
});

/** What the legacy event system said had become of a command. */
async function legacyOutcome(before: Subject, { kind, event, result }: { kind: Kind; event: object; result: CommandResult }) {
  const fate: Fate = { kind: 'replied', reply: { ok: true, value: result } };
  const { told } = await process(before, { event: { kind, event }, fate, isSampled: false });
  const [, text, fields] = told.find(([, each]) => /command (?:done|failed|skipped|not claimed)$/.test(String(each))) ?? [];
  const { error, reason } = fields as { readonly error?: unknown; readonly reason?: unknown };
  if (String(text).endsWith('done')) return { kind: 'Success', carries: true };
  return String(text).endsWith('failed') ? { kind: 'Failed', error } : { kind: 'Skipped', reason, carries: true };
}

type Classify = (result: CommandResult) => { readonly result?: unknown; readonly kind: string };

const classifiers: Readonly<Record<Kind, string>> = {
  StepResult: 'commandOutcomeFromStepResult',
  TaskRequest: 'commandOutcomeFromTaskInitializeResult',
  TaskFinalization: 'commandOutcomeFromTaskFinalizationResult',
};

const commandOutcome = agreement({
  module: `${folder}/command-outcome.ts`,
  what: 'classifies every result as the branches did, and carries the result itself where it did not fail',
  input: answered,
  legacy: legacyOutcome,
  extracted(after, { kind, result }) {
    const classify = (after.load(`${folder}/command-outcome.ts`) as unknown as Record<string, Classify>)[classifiers[kind]];
    const { result: carried, ...outcome } = classify?.(result) ?? { kind: 'no classifier' };
    return carried === undefined ? outcome : { ...outcome, carries: carried === result };
  },
  wrong: [
    {
      from: "case 'NotClaimed':\n      return { kind: 'Skipped', reason: result.reason, result }",
      to: "case 'NotClaimed':\n      return { kind: 'Success', result }",
    },
    {
      from: "case 'NotClaimed':\n      return { kind: 'Skipped', reason: result.reason, result }",
      to: "case 'NotClaimed':\n      return { kind: 'Skipped', reason: result.reason, result: { ...result } }",
    },
  ],
});

interface Note {
  readonly kind: Kind | 'payload';
  readonly event: { readonly messageId: string; readonly queueName: string; readonly namespace: string };
}

interface Sent extends Dispatched {
  readonly note: Note;
}

const notified = fc.record({
  note: fc.record({ kind: fc.constantFrom<Note['kind']>(...kinds, 'payload'), event: messageEvent }),
  event: fc.constant({}),
  fate: fc.oneof(
    fc.constant<Fate>({ kind: 'replied', reply: { ok: true } }),
    thrown.map((error): Fate => ({ kind: 'refused', error })),
    thrown.map((error): Fate => ({ kind: 'monitor fails', error })),
  ),
  isSampled: fc.boolean(),
});

/** What a notification carries where its message came along. */
function pushed({ event }: Note): { readonly message: Uint8Array; readonly handle: object; readonly metadata: object } {
  return {
    message: new TextEncoder().encode('{"a":1}'),
    handle: { provider: 'rabbitmq', queueName: event.queueName, receipt: 'receipt-7' },
    metadata: { readCount: 2 },
  };
}

/** What each command is called where it cannot be sent, which fields go along, and the command. */
function fireAndForgetOf(note: Note) {
  const { event } = note;
  const { messageId: msgId, namespace, queueName: queue } = event;
  const rows = {
    StepResult: { type: 'ProcessStepResultFromMessageEvent', failFields: { msgId }, label: 'ProcessStepResult' },
    TaskRequest: { type: 'InitializeTaskFromMessageEvent', failFields: { msgId, namespace }, label: undefined },
    TaskFinalization: { type: 'FinalizeTaskFromMessageEvent', failFields: { msgId, namespace }, label: undefined },
    payload: { type: 'ProcessStepResultFromMessage', failFields: { queue }, label: undefined },
  };
  const { type, failFields, label = type } = rows[note.kind];
  const content = note.kind === 'payload' ? { message: { ...pushed(note), message: { a: 1 } } } : { messageEvent: event };
  return { failFields, label, build: (resp: unknown) => ({ type, ...content, resp }) };
}

/** Sends and failures only: that a notification arrived is recorded elsewhere. */
function sentAndFailed(around: Surroundings, { responders }: Channel, statistics: Counters) {
  const { eventsFailed, operationsCoordinated } = statistics;
  const told = around.told.filter(([level]) => level !== 'debug' && level !== 'info');
  return { told, eventsFailed, operationsCoordinated, heard: responders.map((each) => each.send({ ok: true })) };
}

const notification = agreement<Sent>({
  module: `${folder}/notification-dispatch.ts`,
  what: 'passes on, counts, records and stops listening as the loop of the event system did for each kind of notification',
  input: notified,
  async legacy(before, { note, fate, isSampled }) {
    const around = surroundings();
    const channel = commandChannel(around, fate, isSampled);
    const statistics = newStatistics(before, eventSystemPath);
    const notice =
      note.kind === 'payload'
        ? { kind: 'StepResultWithPayload', message: pushed(note) }
        : { kind: 'Event', event: { kind: note.kind, event: note.event } };
    const rest = [channel.sender, channel.monitor, statistics, around.log, around.clock];
    await classOf(before).processOrchestrationNotification(notice, around, ...rest);
    return sentAndFailed(around, channel, statistics);
  },
  async extracted(after, { note, fate, isSampled }) {
    const around = surroundings();
    const channel = commandChannel(around, fate, isSampled);
    const statistics = newStatistics(after, statisticsPath);
    const { fireAndForgetCommand } = after.load(`${folder}/notification-dispatch.ts`) as unknown as {
      fireAndForgetCommand(...given: readonly unknown[]): Promise<void>;
    };
    await fireAndForgetCommand(channel.sender, channel.monitor, statistics, around.log, fireAndForgetOf(note));
    return sentAndFailed(around, channel, statistics);
  },
  wrong: [
    { from: 'rx.close();', to: '' },
    { from: '...command.failFields,', to: '' },
    { from: 'statistics.recordOperation();', to: '' },
  ],
});

const ratio = fc.option(fc.record({ all: fc.constantFrom(0, 1, 2, 10, 19, 20, 21, 40), failed: fc.constantFrom(0, 1, 2, 4) }), {
  nil: undefined,
});

const componentHealth = agreement({
  module: `${folder}/component-health.ts`,
  what: 'warns about the components that the health check warned about, in its words',
  input: fc.record({ poller: ratio, listener: ratio }),
  async legacy(before, { poller, listener }) {
    const around = surroundings();
    const system = await systemOf(before, around, commandChannel(around, { kind: 'dropped' }, false));
    const pollerStats = poller && { pollingCycles: poller.all, pollingErrors: poller.failed, messagesProcessed: 0 };
    const listenerStats = listener && { eventsReceived: listener.all, connectionErrors: listener.failed };
    const healthy = (stats: object | undefined) => stats && { isHealthy: () => true, stats: async () => stats };
    Object.assign(system, { running: true, fallbackPoller: healthy(pollerStats), queueListener: healthy(listenerStats) });
    await system.healthCheck();
    return around.told.filter(([level, text]) => level === 'warn' && text !== 'deployment mode does badly');
  },
  extracted(after, { poller, listener }) {
    const around = surroundings();
    const { warnAboutFailingComponents } = after.load(`${folder}/component-health.ts`) as unknown as {
      warnAboutFailingComponents(...given: readonly unknown[]): void;
    };
    const components = {
      fallbackPollerStats: poller && { pollingCycles: poller.all, pollingErrors: poller.failed },
      queueListenerStats: listener && { eventsReceived: listener.all, connectionErrors: listener.failed },
    };
    warnAboutFailingComponents(components, around, 'system-1');
    return around.told;
  },
  wrong: [
    { from: 'errorRatio > 0.1', to: 'errorRatio >= 0.1' },
    { from: 'errorRatio > 0.05', to: 'errorRatio >= 0.05' },
    { from: 'listenerStats.eventsReceived > 0', to: 'listenerStats.eventsReceived > 1' },
  ],
});

export const ofEventSystem: readonly ModuleProperty[] = [componentHealth, dispatch, commandOutcome, notification];

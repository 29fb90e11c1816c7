// What left the command processor: counters, resolver, acknowledger and health, against the class they were part of.
import fc from 'fast-check';
import type { Subject } from '../../../codemods/proof/subject-loader.ts';
import { agreement } from './agreement.ts';
import type { ModuleProperty } from './agreement.ts';
import { fail, keptReply, surroundings } from './stand-ins.ts';
import type { Surroundings } from './stand-ins.ts';

const path = 'src/orchestration/actors/command-processor-actor.ts';
const countersPath = 'src/orchestration/actors/processing-counters.ts';
const evaluatorPath = 'src/orchestration/health/health-check-evaluator.ts';
const resolverPath = 'src/orchestration/commands/pgmq-message-resolver.ts';

interface Handler {
  processCommand(command: object): Promise<void>;
}

/** What the handler works with, as far as an input says. */
interface Collaborators {
  readonly actors?: object;
  readonly client?: object;
  readonly caches?: object;
}

const zero = {
  taskRequestsProcessed: 0,
  stepResultsProcessed: 0,
  tasksFinalized: 0,
  tasksReadyProcessed: 0,
  processingErrors: 0,
};

/** Counters as the version has them: behind a lock, or in a class of their own. */
function countersIn(subject: Subject, isLegacy: boolean): object {
  if (!isLegacy)
    return new (subject.load(countersPath) as unknown as { ProcessingCounters: new () => object }).ProcessingCounters();
  const { AsyncRwLock } = subject.load('src/channels.ts') as unknown as { AsyncRwLock: new (state: object) => object };
  return new AsyncRwLock({ ...zero, currentQueueSizes: new Map() });
}

function handlerOf(subject: Subject, around: Surroundings, given: Collaborators & { readonly isLegacy: boolean }): Handler {
  const { CommandHandler } = subject.load(path) as unknown as { CommandHandler: new (...all: readonly unknown[]) => Handler };
  const client = { providerName: () => 'pgmq', ...given.client };
  const counters = countersIn(subject, given.isLegacy);
  return new CommandHandler(around, given.actors ?? {}, counters, client, given.caches ?? {});
}

async function replyTo(handler: Handler, command: object): Promise<unknown> {
  const { replies, resp } = keptReply();
  await handler.processCommand({ ...command, resp });
  return replies[0];
}

const counted = {
  InitializeTask: 'taskRequestsProcessed',
  ProcessStepResult: 'stepResultsProcessed',
  FinalizeTask: 'tasksFinalized',
  ProcessTaskReadiness: 'tasksReadyProcessed',
} as const;

type Counted = keyof typeof counted;
const countedTypes: readonly Counted[] = ['InitializeTask', 'ProcessStepResult', 'FinalizeTask', 'ProcessTaskReadiness'];

interface ProcessingCounters extends Record<keyof typeof zero, number> {
  snapshot(): object;
}

const counters = agreement({
  module: countersPath,
  what: 'count as the record behind the lock did, and a snapshot stays what it was',
  input: fc.array(fc.record({ type: fc.constantFrom(...countedTypes), ok: fc.boolean() }), { maxLength: 8 }),
  async legacy(before, commands) {
    let ok = true;
    const actor = {
      async handle() {
        if (!ok) throw new Error('no');
        return { taskUuid: 'task-1' };
      },
    };
    const actors = { taskRequestActor: actor, resultProcessorActor: actor, taskFinalizerActor: actor, stepEnqueuerActor: actor };
    const handler = handlerOf(before, surroundings(), { actors, isLegacy: true });
    const snapshots: object[] = [];
    for (const command of commands) {
      ({ ok } = command);
      await replyTo(handler, { type: command.type, request: {}, result: { status: 'completed' } });
      const { value } = (await replyTo(handler, { type: 'GetProcessingStats' })) as { readonly value: object };
      // Never written, and removed by the plan.
      snapshots.push(Object.fromEntries(Object.entries(value).filter(([name]) => name !== 'currentQueueSizes')));
    }
    return snapshots;
  },
  extracted(after, commands) {
    const { ProcessingCounters } = after.load(countersPath) as unknown as { ProcessingCounters: new () => ProcessingCounters };
    const all = new ProcessingCounters();
    const snapshots = commands.map(({ type, ok }) => {
      all[ok ? counted[type] : 'processingErrors'] += 1;
      return all.snapshot();
    });
    // A snapshot that is the record itself would have gone on counting.
    return snapshots.map((each) => ({ ...each }));
  },
  wrong: [
    { from: 'tasksFinalized: this.tasksFinalized', to: 'tasksFinalized: this.tasksReadyProcessed' },
    { from: 'processingErrors: this.processingErrors,', to: '' },
  ],
});

const status = fc.record({
  database: fc.record({
    evaluated: fc.boolean(),
    isConnected: fc.boolean(),
    circuitBreakerOpen: fc.boolean(),
    circuitBreakerFailures: fc.nat({ max: 9 }),
    lastCheckDurationMs: fc.nat({ max: 9 }),
  }),
  channel: fc.record({
    evaluated: fc.boolean(),
    commandChannelSaturationPercent: fc.double({ min: 0, max: 100 }),
    commandChannelAvailableSlots: fc.nat({ max: 9 }),
    commandChannelMessagesSent: fc.nat({ max: 9 }),
    isSaturated: fc.boolean(),
  }),
  queues: fc.record({
    tier: fc.constantFrom('Unknown', 'Normal', 'Warning', 'Critical', 'Overflow'),
    maxDepth: fc.nat(),
    worstQueue: fc.constantFrom('', 'q_results'),
  }),
  backpressure: fc.record({ active: fc.boolean(), reason: fc.option(fc.string()), retryAfterSeconds: fc.option(fc.nat()) }),
  actorCount: fc.nat({ max: 9 }),
});

const evaluator = agreement({
  module: evaluatorPath,
  what: 'judges all that was measured as the health check of the command processor did',
  input: status,
  async legacy(before, { database, channel, queues, backpressure, actorCount }) {
    const caches = {
      getDatabaseStatus: async () => database,
      getChannelStatus: async () => channel,
      getQueueStatus: async () => queues,
      getBackpressure: async () => backpressure,
    };
    const actors = { actorCount: () => actorCount };
    const handler = handlerOf(before, surroundings(), { caches, actors, isLegacy: true });
    const reply = await replyTo(handler, { type: 'HealthCheck' });
    return (reply as { readonly value?: unknown }).value;
  },
  extracted(after, { database, channel, queues, backpressure, actorCount }) {
    const { evaluateHealthStatus } = after.load(evaluatorPath) as unknown as {
      evaluateHealthStatus(...given: readonly unknown[]): unknown;
    };
    return evaluateHealthStatus(database, channel, queues, backpressure, actorCount);
  },
  wrong: [
    { from: 'database.isConnected && !database.circuitBreakerOpen', to: 'database.isConnected' },
    { from: "queues.tier !== 'Critical' && ", to: '' },
    { from: 'channel.isSaturated || ', to: '' },
    { from: 'queueDepthMax: queues.maxDepth', to: 'queueDepthMax: 0' },
  ],
});

const word = fc.constantFrom('', 'q_results', 'out of order');
const failure = fc.oneof(
  word,
  word.map((message) => new Error(message)),
);
const fetched = fc.record({
  event: fc.record({
    messageId: fc.constantFrom('41', '-7', '+3', '9223372036854775807', '', '4.1', '1e3', ' 4', 'x'),
    queueName: word,
    namespace: word,
  }),
  canFetch: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  hasPgmq: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  read: fc.oneof(
    fc.record({
      row: fc.record({ messageId: word, payload: fc.jsonValue(), readCount: fc.nat(), enqueuedAt: fc.constant(new Date(0)) }),
    }),
    fc.constant({ row: undefined }),
    failure.map((error) => ({ error })),
  ),
  about: fc.constantFrom('StepResult' as const, 'TaskFinalize' as const, 'TaskInitialize' as const),
});

type Fetched = typeof fetched extends fc.Arbitrary<infer T> ? T : never;

/** A client that is asked for one message and keeps the question. */
function clientOf({ canFetch, hasPgmq, read }: Fetched, { told }: Surroundings): object {
  const pgmq = {
    async readSpecificMessage(...question: readonly unknown[]) {
      told.push(['read', ...question]);
      if ('error' in read) fail(read.error);
      return read.row;
    },
  };
  return { providerName: () => 'mail', supportsFetchById: () => canFetch, asPgmq: () => (hasPgmq ? pgmq : undefined) };
}

const commands = {
  StepResult: 'ProcessStepResultFromMessageEvent',
  TaskFinalize: 'FinalizeTaskFromMessageEvent',
  TaskInitialize: 'InitializeTaskFromMessageEvent',
};

/** Stops where the message is found: what becomes of it is not the resolver's. */
async function fetchWith(subject: Subject, given: Fetched, isLegacy: boolean): Promise<unknown> {
  const around = surroundings();
  const handler = handlerOf(subject, around, { client: clientOf(given, around), isLegacy });
  const payload = 'row' in given.read ? given.read.row?.payload : undefined;
  Object.assign(handler, {
    [`handle${given.about}FromMessage`]: async (found: { readonly message: unknown }) => ({
      found,
      isCopy: typeof payload !== 'object' || payload === null || found.message !== payload,
    }),
  });
  const reply = await replyTo(handler, { type: commands[given.about], messageEvent: given.event });
  return { reply, told: around.told };
}

const resolver = agreement({
  module: resolverPath,
  what: 'refuses, reads, records and wraps as each of the three handlers of a signal did',
  input: fetched,
  legacy: (before, given) => fetchWith(before, given, true),
  extracted: (after, given) => fetchWith(after, given, false),
  wrong: [
    { from: 'FETCH_VISIBILITY_SECONDS = 30', to: 'FETCH_VISIBILITY_SECONDS = 31' },
    { from: '/^[+-]?\\d+$/', to: '/^-?\\d+$/' },
    { from: '${subject.Noun} message', to: '${subject.noun} message' },
    { from: 'subject.onReadError?.(error);', to: '' },
    { from: 'structuredClone(message.payload)', to: 'message.payload' },
  ],
});

const taskRequest = fc.record({
  namespace: word,
  name: word,
  version: fc.constantFrom('1.0.0', ''),
  context: fc.constantFrom(undefined, null, {}, { order: 7 }, 'text'),
  correlationId: fc.constantFrom('corr-1', ''),
  priority: fc.constantFrom(undefined, 0, 5, 1.5),
});
const stepResult = fc.record({
  stepUuid: fc.constant('step-1'),
  taskUuid: fc.constant('task-1'),
  status: fc.constantFrom('completed', 'failed', 'skipped', ''),
  success: fc.boolean(),
  result: fc.constantFrom(null, 3),
});
const finalization = fc.record({ taskUuid: fc.constantFrom('task-1', 'task-2', '', undefined) });
const finalized = fc.oneof(
  fc.record({ kind: fc.constant('Success'), taskUuid: word, finalStatus: word, completionTime: fc.constant(null) }),
  fc.record({ kind: fc.constant('NotClaimed'), reason: word, alreadyClaimedBy: fc.option(word) }),
  fc.record({ kind: fc.constant('Failed'), error: word }),
);

/** A message about one of the three things; what its actor answers, or how it fails; and whether the acknowledgement fails. */
const acknowledged = fc.record({
  work: fc.oneof(
    fc.record({ type: fc.constant('InitializeTaskFromMessage'), message: taskRequest, answer: fc.record({ taskUuid: word }) }),
    fc.record({ type: fc.constant('ProcessStepResultFromMessage'), message: stepResult, answer: fc.constant(undefined) }),
    fc.record({ type: fc.constant('FinalizeTaskFromMessage'), message: finalization, answer: finalized }),
    fc.record({
      type: fc.constantFrom('FinalizeTaskFromMessage', 'InitializeTaskFromMessage'),
      message: fc.constantFrom(null, [], 1),
      answer: fc.constant(undefined),
    }),
  ),
  actorError: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: failure }),
  acknowledgeError: fc.option(failure, { freq: 2 }),
});

type Acknowledged = typeof acknowledged extends fc.Arbitrary<infer T> ? T : never;

async function workOff(subject: Subject, given: Acknowledged, isLegacy: boolean): Promise<unknown> {
  const { work, actorError, acknowledgeError } = given;
  const around = surroundings();
  const actor = {
    async handle(asked: unknown) {
      around.told.push(['handle', asked]);
      if (actorError !== null) fail(actorError);
      return work.answer;
    },
  };
  const client = {
    async acknowledge(...which: readonly unknown[]) {
      around.told.push(['acknowledge', ...which]);
      if (acknowledgeError !== null) fail(acknowledgeError);
    },
  };
  const actors = { taskRequestActor: actor, resultProcessorActor: actor, taskFinalizerActor: actor };
  const handler = handlerOf(subject, around, { actors, client, isLegacy });
  const handle = { provider: 'pgmq', queueName: 'q_any', receipt: '41' };
  const reply = await replyTo(handler, { type: work.type, message: { message: work.message, handle, metadata: {} } });
  return { reply, told: around.told };
}

const acknowledger = agreement({
  module: 'src/orchestration/commands/message-with-ack.ts',
  what: 'works off, records and acknowledges as each of the three handlers of a message did',
  input: acknowledged,
  legacy: (before, given) => workOff(before, given, true),
  extracted: (after, given) => workOff(after, given, false),
  wrong: [
    { from: 'if (handler.keepsMessage(request, result)) return result;', to: 'handler.keepsMessage(request, result);' },
    { from: '...handler.failedFields?.(request),', to: '' },
    { from: 'handler.onAcknowledged?.();', to: '' },
    { from: 'handle.queueName, handle.receipt', to: 'handle.receipt, handle.queueName' },
  ],
});

export const ofCommands: readonly ModuleProperty[] = [counters, evaluator, resolver, acknowledger];

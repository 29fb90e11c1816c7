// Steps of TAS-63 for the command processor: health, counters, messages behind events, acknowledgement.
import { extractClass } from '../extract-class.ts';
import { use } from '../kernel/codemod.ts';
import { lockToCounters } from '../lock-to-counters.ts';
import { mergeClones } from '../merge-clones.ts';
import { moveCaseLast } from '../move-case-last.ts';
import { moveDeclarations } from '../move-declarations.ts';
import { declares, fieldNames, fileLinesAtMost } from '../plan/claims/index.ts';
import type { Step } from '../plan/plan.ts';
import { removeNeverWrittenField } from '../remove-never-written-field.ts';
import { splitFunctionalCore } from '../split-functional-core.ts';
import { unwrapOutcome } from '../unwrap-outcome.ts';
import { tas63Claims } from './tas-63-claims.ts';
import { commandTypes, inOrchestration, processor } from './tas-63-paths.ts';

const evaluator = inOrchestration('health/health-check-evaluator.ts');
const counters = inOrchestration('actors/processing-counters.ts');
const resolver = inOrchestration('commands/pgmq-message-resolver.ts');
const withAck = inOrchestration('commands/message-with-ack.ts');
const finalize = 'CommandHandler.handleTaskFinalizeFromMessage';
const messageHandlers = ['handleTaskInitializeFromMessage', 'handleStepResultFromMessage', 'handleTaskFinalizeFromMessage'];
const record = 'OrchestrationProcessingStats';

const acknowledged = {
  rule: ['similarity', 'net-lines'],
  reason: 'the plan asks for one pipeline (file 2, extract 3); every rule of acknowledgement is kept as the handler had it',
} as const;

/** Extracts 1 to 3 and fix 4 of file 2. */
export const processorSteps: readonly Step[] = [
  {
    id: '2A',
    phase: '1',
    title: 'evaluateHealthStatus, pure, in a module of its own',
    after: [],
    claims: tas63Claims['2A'],
    operations: [
      use(splitFunctionalCore, {
        file: processor,
        in: 'CommandHandler.handleHealthCheck',
        name: 'evaluateHealthStatus',
        parts: [{ first: 'const healthEvaluated =', last: 'return {' }],
        to: evaluator,
        parameters: {
          database: 'database',
          channel: 'channel',
          queues: 'queues',
          backpressure: 'backpressure',
          actorCount: 'this.actors.actorCount()',
        },
        doc: 'Judges the health of the system. A measurement that was never made counts as good.',
        moduleDoc: 'The health of the system as a function of what was measured.',
      }),
    ],
    ensures: [declares({ file: evaluator, names: ['evaluateHealthStatus'] })],
    subjects: ['health', 'router'],
  },
  {
    id: '2D',
    phase: '1',
    title: 'Lock-free processing statistics',
    after: [],
    claims: tas63Claims['2D'],
    operations: [
      use(removeNeverWrittenField, { file: commandTypes, type: record, field: 'currentQueueSizes' }),
      use(lockToCounters, {
        lock: 'AsyncRwLock',
        record,
        counters: 'ProcessingCounters',
        to: counters,
        doc: 'Counters of the command processor.',
        classDoc: 'Written by the loop of the command processor alone, so that no lock is needed.',
        snapshotDoc: 'The numbers at this moment; the copy does not change any more.',
      }),
    ],
    ensures: [
      fieldNames({
        file: commandTypes,
        type: record,
        fields: ['taskRequestsProcessed', 'stepResultsProcessed', 'tasksFinalized', 'tasksReadyProcessed', 'processingErrors'],
      }),
      declares({ file: counters, names: ['ProcessingCounters'] }),
    ],
    subjects: ['router'],
  },
  {
    id: '2B',
    phase: '2',
    title: 'One way from a message event to its message',
    after: ['2A', '2D'],
    claims: tas63Claims['2B'],
    operations: [
      use(mergeClones, {
        file: processor,
        name: 'fetchMessageFromEvent',
        doc: 'Fetches the message that a signal is about.',
        descriptor: { name: 'subject', type: 'FetchSubject', doc: 'What the message is about, and what else is recorded.' },
        holes: ['onFetch', 'onReadError', 'noun', 'onMissing', 'Noun'],
        clones: [
          'handleTaskInitializeFromMessageEvent',
          'handleStepResultFromMessageEvent',
          'handleTaskFinalizeFromMessageEvent',
        ].map((method) => ({
          in: `CommandHandler.${method}`,
          from: 'if (!this.messageClient',
          to: 'if (message === undefined)',
          result: 'CommandHandler.wrapPgmqMessage(',
        })),
      }),
      use(extractClass, {
        file: processor,
        class: 'CommandHandler',
        name: 'PgmqMessageResolver',
        delegate: 'messageResolver',
        members: ['fetchMessageFromEvent', 'pgmqClient', 'wrapPgmqMessage'],
        doc: 'Finds the message that a signal is about.',
      }),
      use(moveDeclarations, {
        from: processor,
        symbols: ['PgmqMessageResolver', 'FetchSubject'],
        to: resolver,
        doc: 'From a signal of PGMQ to the message it is about.',
      }),
    ],
    ensures: [declares({ file: resolver, names: ['PgmqMessageResolver'] })],
    subjects: ['event-handlers', 'router'],
  },
  {
    id: '2C',
    phase: '2',
    title: 'Message, then acknowledgement',
    after: ['2B'],
    claims: tas63Claims['2C'],
    override: { rule: acknowledged.rule.join(', '), reason: acknowledged.reason },
    operations: [
      // The finalization catches its failure in a variable and acknowledges in the middle of a switch; straightened, it is a clone of the others.
      use(unwrapOutcome, { file: processor, in: finalize, outcome: 'outcome', value: 'result', error: 'failure' }),
      use(moveCaseLast, { file: processor, in: finalize, case: "'Success'" }),
      use(mergeClones, {
        file: processor,
        name: 'processMessageWithAck',
        types: ['Result', 'Content'],
        doc: 'Works a whole message off: reads it, handles what is in it, and acknowledges it where its handler says so.',
        descriptor: {
          name: 'handler',
          type: 'MessageHandler',
          doc: 'What is done with what is in the message, and what is recorded about it.',
        },
        holes: [
          { name: 'noun', doc: 'The content of the message in the records.' },
          { name: 'hydrate', doc: 'Reads the content.' },
          { name: 'readFields', doc: 'Fields of the record about the content.' },
          { name: 'handle', doc: 'Does what the content asks for.' },
          { name: 'onFailure', doc: 'Records that it could not be done; the message stays in its queue.' },
          { name: 'keepsMessage', doc: 'Records the result; true leaves the message in its queue.' },
          { name: 'onAcknowledged', doc: 'Records the acknowledgement.' },
          { name: 'failedFields', doc: 'More fields of the record about an acknowledgement that failed.' },
        ],
        override: acknowledged,
        clones: messageHandlers.map((method) => ({ in: `CommandHandler.${method}` })),
      }),
      use(extractClass, {
        file: processor,
        class: 'CommandHandler',
        name: 'MessageAcknowledger',
        delegate: 'acknowledger',
        members: ['processMessageWithAck', 'ackMessageWithHandle'],
        doc: 'Works whole messages off and acknowledges them.',
      }),
      use(moveDeclarations, {
        from: processor,
        symbols: ['MessageAcknowledger', 'MessageHandler'],
        to: withAck,
        doc: 'Works whole messages off: reads them, hands on what is in them, and acknowledges them.',
      }),
    ],
    ensures: [declares({ file: withAck, names: ['MessageAcknowledger'] }), fileLinesAtMost({ file: processor, lines: 800 })],
    subjects: ['message-handlers', 'router'],
  },
];

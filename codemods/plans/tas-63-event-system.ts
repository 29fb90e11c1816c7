// Steps of TAS-63 for the event system: statistics, dispatch of commands, notifications, set-up of the components.
import { classifyAndSwitch } from '../classify-and-switch.ts';
import { encapsulateOutsideTouches } from '../encapsulate-outside-touches.ts';
import { extractFunction } from '../extract-function.ts';
import { introduceOutcome } from '../introduce-outcome.ts';
import { use } from '../kernel/codemod.ts';
import { mergeClones } from '../merge-clones.ts';
import { moveDeclarations } from '../move-declarations.ts';
import { declares } from '../plan/claims/index.ts';
import type { Step } from '../plan/plan.ts';
import { tas63Claims } from './tas-63-claims.ts';
import { commandTypes, eventSystem, inOrchestration } from './tas-63-paths.ts';

const statistics = inOrchestration('event-systems/orchestration-statistics.ts');
const outcome = inOrchestration('event-systems/command-outcome.ts');
const dispatch = inOrchestration('event-systems/command-dispatch.ts');
const notification = inOrchestration('event-systems/notification-dispatch.ts');

const componentHealth = inOrchestration('event-systems/component-health.ts');

const processEvent = 'OrchestrationEventSystem.processEvent';
const router = 'OrchestrationEventSystem.processOrchestrationNotification';
const start = 'OrchestrationEventSystem.start';

const ordered = {
  rule: 'net-lines',
  reason: 'the plan orders the helper (file 1, extract 4); the two modes must not drift apart',
} as const;

/** Extracts 1 to 4 of file 1. */
export const eventSystemSteps: readonly Step[] = [
  {
    id: '1A',
    phase: '1',
    title: 'OrchestrationStatistics into a module of its own',
    after: [],
    claims: tas63Claims['1A'],
    operations: [
      use(moveDeclarations, {
        from: eventSystem,
        symbols: ['OrchestrationStatistics', 'OrchestrationComponentStatistics'],
        to: statistics,
        doc: 'The numbers of the event system: counters, latencies, and what follows from them.',
      }),
      use(encapsulateOutsideTouches, {
        file: statistics,
        class: 'OrchestrationStatistics',
        methods: {
          recordFailure: { field: 'eventsFailed', shape: 'increment', doc: 'One more event ended with an error.' },
          recordOperation: { field: 'operationsCoordinated', shape: 'increment', doc: 'One more operation was handed on.' },
          recordProcessed: { field: 'eventsProcessed', shape: 'increment', doc: 'One more event went through.' },
          recordLatency: { field: 'processingLatenciesMs', from: 'OrchestrationEventSystem.recordLatency' },
          stamp: {
            field: 'lastProcessingTimeMs',
            shape: 'store',
            parameter: 'nowMs',
            doc: 'A notification was through at this time, in epoch milliseconds.',
          },
        },
      }),
      // Not in the plan: without it the file would keep more than 800 lines.
      use(extractFunction, {
        file: eventSystem,
        in: 'OrchestrationEventSystem.healthCheck',
        name: 'warnAboutFailingComponents',
        first: 'const pollerStats =',
        last: 'if (listenerStats && listenerStats.eventsReceived > 0)',
        to: componentHealth,
        as: 'function',
        doc: 'Records a warning for each component that fails more often than it may.',
        moduleDoc: 'How well the components of the event system do, as their own numbers say.',
      }),
    ],
    ensures: [
      declares({ file: statistics, names: ['OrchestrationStatistics', 'OrchestrationComponentStatistics'] }),
      declares({ file: componentHealth, names: ['warnAboutFailingComponents'] }),
    ],
    subjects: ['statistics', 'process-event', 'notifications', 'start', 'event-system-health'],
  },
  {
    id: '1B',
    phase: '2',
    title: 'CommandOutcome and one dispatch for three kinds of events',
    after: ['1A'],
    claims: tas63Claims['1B'],
    operations: [
      use(introduceOutcome, {
        name: 'CommandOutcome',
        to: outcome,
        doc: 'What became of a command, whichever it was.',
        head: 'Classifies the results of commands, so that they are counted and recorded in one way.',
        from: [
          { type: 'StepProcessResult', file: commandTypes, classifier: 'commandOutcomeFromStepResult' },
          { type: 'TaskInitializeResult', file: commandTypes, classifier: 'commandOutcomeFromTaskInitializeResult' },
          { type: 'TaskFinalizationResult', file: commandTypes, classifier: 'commandOutcomeFromTaskFinalizationResult' },
        ],
        variants: [
          { kind: 'Success' },
          { kind: 'Failed', fields: ['error'] },
          { kind: 'Skipped', from: ['Skipped', 'NotClaimed'], fields: ['reason'] },
        ],
        sites: [eventSystem],
      }),
      use(classifyAndSwitch, { file: eventSystem, in: processEvent, outcome }),
      use(mergeClones, {
        file: eventSystem,
        name: 'sendCommandAndAwait',
        to: dispatch,
        types: ['Result'],
        doc: 'Sends a command, waits for its reply, and settles what became of it.',
        moduleDoc: 'How the event system hands a command to the command processor and waits for its reply.',
        context: { name: 'channel', type: 'CommandChannel', doc: 'Where commands go, and what is kept about it.' },
        parameters: { 'this.systemStatistics': 'statistics' },
        descriptor: { name: 'subject', type: 'AwaitedCommand', doc: 'What is sent, and what its records say.' },
        holes: [
          { name: 'build', doc: 'Makes the command around the responder.' },
          { name: 'extraSendFields', doc: 'More fields of the record about a command that was not sent.' },
          { name: 'sendLabel', doc: 'What that record calls the command.' },
          { name: 'replyLabel', doc: 'What the records about its reply call it.' },
          { name: 'classify', doc: 'What became of the command.' },
          { name: 'doneFields', doc: 'Fields of the record about a success.' },
          { name: 'noun', doc: 'The work in the records.' },
          { name: 'failedNoun', doc: 'The work in the error about a failure.' },
          { name: 'skippedFields', doc: 'More fields of the record about work that was left out.' },
          { name: 'skippedWord', doc: 'How that record calls it.' },
        ],
        clones: ["'StepResult'", "'TaskRequest'", "'TaskFinalization'"].map((event) => ({
          in: processEvent,
          case: event,
          from: 'const { tx, rx }',
          to: 'switch (',
        })),
      }),
    ],
    ensures: [
      declares({
        file: outcome,
        names: [
          'CommandOutcome',
          'commandOutcomeFromStepResult',
          'commandOutcomeFromTaskInitializeResult',
          'commandOutcomeFromTaskFinalizationResult',
        ],
      }),
      declares({ file: dispatch, names: ['sendCommandAndAwait'] }),
    ],
    subjects: ['process-event'],
  },
  {
    id: '1C',
    phase: '2',
    title: 'One helper for notifications nobody waits for',
    after: ['1A'],
    claims: tas63Claims['1C'],
    operations: [
      use(mergeClones, {
        file: eventSystem,
        name: 'fireAndForgetCommand',
        to: notification,
        types: ['Result'],
        doc: 'Sends a command that nobody waits for. Never rejects.',
        moduleDoc: 'How the event system passes notifications on to the command processor.',
        descriptor: { name: 'command', type: 'FireAndForgetCommand', doc: 'What is sent, and what is said when it cannot be.' },
        holes: [
          { name: 'build', doc: 'Makes the command around the responder.' },
          { name: 'failFields', doc: 'Fields of the record about a failure.' },
          { name: 'label', doc: 'What the record calls the command.' },
        ],
        clones: ["'StepResultWithPayload'", "'StepResult'", "'TaskRequest'", "'TaskFinalization'"].map((event) => ({
          in: router,
          case: event,
          from: 'const { tx, rx }',
          to: 'try { await',
        })),
      }),
    ],
    ensures: [declares({ file: notification, names: ['fireAndForgetCommand'] })],
    subjects: ['notifications'],
  },
  {
    id: '1D',
    phase: '2',
    title: 'One set-up of the listener and of its loop',
    after: ['1A'],
    claims: tas63Claims['1D'],
    operations: [
      use(mergeClones, {
        file: eventSystem,
        name: 'startQueueListener',
        doc: 'Creates the queue listener with its channel and starts it.',
        holes: ['channelName'],
        override: ordered,
        clones: ["'Hybrid'", "'EventDrivenOnly'"].map((mode) => ({
          in: start,
          case: mode,
          from: 'const bufferSize',
          to: 'try { listener',
        })),
      }),
      use(mergeClones, {
        file: eventSystem,
        name: 'spawnNotificationLoop',
        doc: 'Runs the loop that works the notifications off.',
        clones: ["'Hybrid'", "'EventDrivenOnly'"].map((mode) => ({
          in: start,
          case: mode,
          from: 'const context',
          to: 'void (async',
        })),
      }),
    ],
    ensures: [],
    override: { rule: ordered.rule, reason: ordered.reason },
    subjects: ['start'],
  },
];

// Which subjects are compared on src, by which of its modules and in which facts; what is left out says why.
import type { Adapter } from './src-system.ts';
import { componentSystemAdapter } from './component-system-adapter.ts';
import { discoveryAdapter } from './discovery-adapter.ts';
import { enqueuerAdapter } from './enqueuer-adapter.ts';
import { eventSystemAdapter } from './event-system-adapter.ts';
import type { Reading } from './facts.ts';
import { processorAdapter } from './processor-adapter.ts';
import {
  commandFacts,
  discoveryFacts,
  eventSystemHealthFacts,
  markingFacts,
  notificationFacts,
  processEventFacts,
  requestFacts,
  startFacts,
  statisticsFacts,
  summaryFacts,
} from './readings.ts';

export interface ComparedSubject {
  readonly subject: string;
  /** The cases it compares, where it does not compare all. */
  readonly cases?: RegExp;
  /** The modules of src behind the adapter, and what is compared. */
  readonly what: string;
  readonly adapter: Adapter;
  readonly reading: Reading;
}

export const comparedSubjects: readonly ComparedSubject[] = [
  {
    subject: 'statistics',
    what: 'orchestration-statistics, command-dispatch: every number that can be read, before and after more is counted',
    adapter: componentSystemAdapter,
    reading: statisticsFacts,
  },
  {
    subject: 'process-event',
    what: 'orchestration-event-system, command-dispatch, command-outcome, command-records: commands, counters, records with their fields, errors, order',
    adapter: eventSystemAdapter,
    reading: processEventFacts,
  },
  {
    subject: 'notifications',
    what: 'orchestration-event-system, queue-listener, command-dispatch: commands, counters, warnings and errors with their fields, what goes back to the queue',
    adapter: eventSystemAdapter,
    reading: notificationFacts,
  },
  {
    subject: 'start',
    what: 'orchestration-event-system, deployment-mode: what runs in which mode, the order of listener, poller and first command, failures of the listener, a second start',
    adapter: eventSystemAdapter,
    reading: startFacts,
  },
  {
    subject: 'event-system-health',
    cases: /^(?:PollingOnly|Hybrid|EventDrivenOnly|Disabled), (?:pgmq|rabbitmq), |^ratio: |^score: /,
    what: 'event-system-health, deployment-mode, orchestration-statistics: verdict and warnings',
    adapter: componentSystemAdapter,
    reading: eventSystemHealthFacts,
  },
  {
    subject: 'event-system-health',
    cases: /^not started$|^stopped$|, seen from outside$|, stopped|, started while it stops$/,
    what: 'orchestration-event-system: start, stop and uptime as they are seen from outside',
    adapter: eventSystemAdapter,
    reading: startFacts,
  },
  {
    subject: 'event-handlers',
    what: 'command-processor, message-event-resolver, act-batch, hydrate, message-with-ack: reads, handlers, counters, acknowledgements, replies, order',
    adapter: processorAdapter,
    reading: commandFacts,
  },
  {
    subject: 'message-handlers',
    what: 'command-processor, hydrate, message-with-ack: handlers, counters, acknowledgements, replies, order',
    adapter: processorAdapter,
    reading: commandFacts,
  },
  {
    subject: 'router',
    what: 'command-processor, act-plan, processing-stats: handlers, counters before replies, replies nobody waits for, a loop that outlives failures',
    adapter: processorAdapter,
    reading: commandFacts,
  },
  {
    subject: 'health',
    what: 'health-check-evaluator: all 320 rows of the truth table, every field',
    adapter: processorAdapter,
    reading: commandFacts,
  },
  {
    subject: 'discovery',
    what: 'viable-step-discovery with readiness: which steps are found, in which order',
    adapter: discoveryAdapter,
    reading: discoveryFacts,
  },
  {
    subject: 'request-builder',
    what: 'step-request-builder, timeout-chain, the dependency filter, parse-template: whole requests, and the error of a step without a template',
    adapter: discoveryAdapter,
    reading: requestFacts,
  },
  {
    subject: 'readiness-summary',
    what: 'task-readiness-summary: percentage and the three questions',
    adapter: discoveryAdapter,
    reading: summaryFacts,
  },
  {
    subject: 'step-marking',
    what: 'decide-task, step-enqueuer, task-finalizer, step-machine: which steps are marked and sent, in which states of step and task',
    adapter: enqueuerAdapter,
    reading: markingFacts,
  },
];

/** Subjects without a counterpart in src. */
export const uncomparedSubjects: readonly { readonly subject: string; readonly reason: string }[] = [
  {
    subject: 'state-initializer',
    reason:
      'All it does is to load a state machine for each step and to write down what fails. In src a machine is a table without an instance (architecture 3 (1)), and a task is created with its steps in one statement, so that there is nothing to load and nothing that can fail for one step alone.',
  },
];

export interface LeftOut {
  readonly subject: string;
  readonly cases: RegExp;
  readonly reason: string;
}

const oneTransaction =
  'In src this is read and saved in one transaction, or by one statement over arrays: what fails there fails as a whole, and nothing is half done (architecture 3 (2), 3 (3)).';

const readAtRegistration =
  'In src a template is read and checked when it is registered, and a task keeps the version it started with (architecture 3 (8)): such a template never gets there.';

export const leftOut: readonly LeftOut[] = [
  {
    subject: 'statistics',
    cases: /\.stats fails$/,
    reason: 'Counters of src are plain numbers of one writer (architecture 3 (6)): reading them cannot fail.',
  },
  {
    subject: 'start',
    cases: /poller\.(?:create|start) fail/,
    reason: "The start of src's poller sets a timer and asks nobody: it cannot fail.",
  },
  {
    subject: 'event-system-health',
    cases: /\.(?:isHealthy|stats) fails$/,
    reason: 'Components of src are asked for plain values (architecture 3 (6)): that cannot fail.',
  },
  {
    subject: 'event-system-health',
    cases: /, poller\.stop fails$/,
    reason: "The stop of src's poller ends a timer and waits for a poll: it cannot fail.",
  },
  {
    subject: 'event-system-health',
    cases: /, health checked while it stops$/,
    reason: 'The check of src answers at once, from a system that runs or one that does not: there is no while.',
  },
  {
    subject: 'event-handlers',
    cases: /^\w+, provider not pgmq$/,
    reason: 'A provider of src that can fetch by id does so itself (spec 4.1): there is no second client that may be missing.',
  },
  {
    subject: 'event-handlers',
    cases: /payload cannot be copied$/,
    reason: 'What comes out of a queue of src is JSON (spec 4.5): the payload of this case, a symbol, is not.',
  },
  {
    subject: 'message-handlers',
    cases: /^ProcessStepResultFromMessage, hydrate error, (?:success missing|status empty)/,
    reason: 'A step message of src is a pointer of three UUIDs (spec 4.5): it has no such fields.',
  },
  {
    subject: 'router',
    cases: /ProcessTaskReadiness/,
    reason: 'The command has no sender, and is removed later (spec 7.1): the recovery sweep finds ready tasks.',
  },
  {
    subject: 'router',
    cases: /Shutdown|, from several producers$|^not started: |^closed with commands in the channel/,
    reason:
      'The command does nothing in the legacy system; src is stopped by the stop of its service. Two of the other cases send it on the way; in the last the counters are asked for through the channel, which in src is a call.',
  },
  {
    subject: 'router',
    cases: /^HealthCheck, refused|^GetProcessingStats after one of each|the monitor fails|^created with|^the second start/,
    reason:
      'In src health and counters are read without asking anybody, the processor has no monitor to fail and says nothing about itself, and a second start is no mistake (each service may be started twice).',
  },
  {
    subject: 'health',
    cases: /cannot be (?:read|counted)|^a failed check/,
    reason:
      'The findings are replaced as a whole and read without asking anybody (architecture 3 (6)): reading them cannot fail.',
  },
  {
    subject: 'discovery',
    cases: /^(?:criteria|levels|context), /,
    reason: 'Nobody calls these in the legacy system (refactor-anatomy 3.0), and src has no such methods.',
  },
  {
    subject: 'discovery',
    cases: /the statement fails$|the event is not taken$|the publisher throws/,
    reason: oneTransaction,
  },
  {
    subject: 'discovery',
    cases: /ready although nothing else says so$|counts below zero$/,
    reason: 'Src decides from the facts of a step whether it is ready; these rows contradict themselves.',
  },
  {
    subject: 'request-builder',
    cases:
      /dependencies fail$|dependencies of the second fail$|cannot be read$|is missing$|throws a text$|^the task is gone|^earlier steps without results$/,
    reason: oneTransaction,
  },
  {
    subject: 'request-builder',
    cases: /^the configuration is |^the template |^a step is defined twice$|^a limit of 0 seconds$/,
    reason: readAtRegistration,
  },
  { subject: 'readiness-summary', cases: /^the statement fails$/, reason: oneTransaction },
  {
    subject: 'readiness-summary',
    cases: /^made: a percentage beyond a byte$/,
    reason: 'Src computes the percentage from the counts and stores none.',
  },
  {
    subject: 'step-marking',
    cases:
      /not found|cannot be (?:loaded|read|counted)|none can be marked$|not stored$|not announced$|not sent|the second time$|discovery fails$|who fails$|^run: tasks one after the other$/,
    reason: oneTransaction,
  },
  {
    subject: 'step-marking',
    cases: /^run: no step can run$/,
    reason: 'Src decides from the facts of a step whether it is ready; this row contradicts itself.',
  },
  {
    subject: 'step-marking',
    cases: /at most$|other limits$/,
    reason: 'Src has no limits for one run: it enqueues all that is ready by one statement (architecture 3 (3)).',
  },
];

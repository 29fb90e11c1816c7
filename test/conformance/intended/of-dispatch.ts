// Intended differences in what is sent, counted and written down about events and notifications.
import type { IntendedDifference } from '../src/intend.ts';

export const dispatch: readonly IntendedDifference[] = [
  {
    id: 'texts of commands that fail',
    subjects: ['process-event'],
    changes: [
      {
        fact: 'outcome',
        from: /^threw DeploymentModeError\("ConfigurationError", "(Step processing|Task Initialization|Task Finalization) was not possible: /,
        to: 'threw TaskerError("COMMAND_FAILED", "$1 failed: ',
      },
      {
        fact: 'outcome',
        from: /^threw DeploymentModeError\("ConfigurationError", "command could not be sent: /,
        to: 'threw TaskerError("COMMAND_SEND_FAILED", "Failed to send orchestration command: ',
      },
      {
        fact: 'outcome',
        from: /^threw DeploymentModeError\("ConfigurationError", "command processing gave an error: /,
        to: 'threw TaskerError("COMMAND_PROCESSING_FAILED", "Command processing failed: ',
      },
      {
        fact: 'outcome',
        from: /^threw DeploymentModeError\("ConfigurationError", "command response never came: /,
        to: 'threw TaskerError("COMMAND_RESPONSE_FAILED", "Command response failed: ',
      },
    ],
    spec: 'orchestration-spec 7.5',
    reason:
      'The words around noun and cause are those of the specification; each failure has a code of its own. The nouns are the legacy ones.',
  },
  {
    id: 'an unknown event is a warning',
    subjects: ['process-event'],
    changes: [{ fact: 'records', from: /^debug (?=\{queue: "q_other"\}$)/gm, to: 'warn ' }],
    spec: 'orchestration-spec 7.5',
    reason: 'The specification asks for a warning; the legacy system has one for notifications only.',
  },
  {
    id: 'every refused command says its namespace',
    subjects: ['process-event'],
    cases: /^(?:StepResult|TaskRequest), channel closed/,
    changes: [
      { fact: 'records', from: /^(error \{error: "channel closed", msgId: "42")\}$/, to: '$1, namespace: "conformance"}' },
    ],
    spec: 'architecture 4 (3)',
    reason:
      'The legacy record has the namespace for finalizations only, a suspected slip: src writes the same record for all acts.',
  },
  {
    id: 'every refused notification says its namespace',
    subjects: ['notifications'],
    cases: /^signal of a StepResult, channel closed$/,
    changes: [
      { fact: 'records', from: /^(warn \{error: "channel closed", msgId: "42")\}$/, to: '$1, namespace: "conformance"}' },
    ],
    spec: 'architecture 4 (3)',
    reason: 'The legacy record of a step result lacks the namespace that the others have, a suspected slip.',
  },
];

export const notifications: readonly IntendedDifference[] = [
  {
    id: 'the queue says the namespace',
    subjects: ['notifications'],
    changes: [
      { fact: 'commands', from: /namespace: "conformance"/g, to: 'namespace: "orchestration"' },
      { fact: 'records', from: /namespace: "conformance"/g, to: 'namespace: "orchestration"' },
    ],
    spec: 'orchestration-spec 4.4',
    reason: 'A notification names its queue; the namespace follows from that, and is "orchestration" for the three queues.',
  },
  {
    id: 'a signal has no payload',
    subjects: ['notifications'],
    cases: /^Unknown$|^one of each/,
    changes: [{ fact: 'records', from: /payload: "anything", (?=queue: "q_other")/, to: '' }],
    spec: 'orchestration-spec 4.5',
    reason: 'Messages are pointers, and signals of src carry ids only.',
  },
  {
    id: 'a pushed message goes back when its command was not taken',
    subjects: ['notifications'],
    cases: /^payload, channel closed$/,
    changes: [{ fact: 'given back', from: /^$/, to: 'provider.nack(1, "back to the queue")' }],
    spec: 'orchestration-spec 4.1',
    reason: '[INTENT] acknowledge after processing: a message whose command was not sent must not be lost.',
  },
  {
    id: 'a pushed message that is not JSON is set aside',
    subjects: ['notifications'],
    cases: /^payload that is (?:not JSON|empty|a word)$/,
    changes: [{ fact: 'given back', from: /^$/, to: 'provider.nack(1, "set aside")' }],
    spec: 'orchestration-spec 7.3',
    reason: '[INTENT] a poison message is not retried for ever.',
  },
  {
    id: 'three pushed messages that are not JSON are set aside',
    subjects: ['notifications'],
    cases: /^one of each at once$/,
    changes: [
      {
        fact: 'given back',
        from: /^$/,
        to: 'provider.nack(1, "set aside")\nprovider.nack(1, "set aside")\nprovider.nack(1, "set aside")',
      },
    ],
    spec: 'orchestration-spec 7.3',
    reason: '[INTENT] a poison message is not retried for ever.',
  },
  {
    id: 'bytes that are no UTF-8 are no JSON',
    subjects: ['notifications'],
    cases: /no UTF-8/,
    changes: [
      { fact: 'commands', from: /^commands\.send\("ProcessStepResultFromMessage", .*$/, to: '' },
      { fact: 'monitor', from: /^monitor\.recordSendSuccess\(\) returned false$/, to: '' },
      { fact: 'counters', from: /^operationsCoordinated \+1$/, to: 'eventsFailed +1' },
      { fact: 'records', from: /^$/, to: 'error {error: <not JSON>, queue: "q_pushed"}' },
      { fact: 'given back', from: /^$/, to: 'provider.nack(1, "set aside")' },
    ],
    spec: 'orchestration-spec 7.3',
    reason:
      'The legacy system replaces such bytes and processes another text than was sent; src sets the message aside as poison ([INTENT]).',
  },
  {
    id: 'a reconnect is followed by a poll',
    subjects: ['notifications'],
    cases: /^Reconnected$|^one of each/,
    changes: [{ fact: 'polls', from: /^0$/, to: '1' }],
    spec: 'orchestration-spec 6.15',
    reason:
      'Signals sent while the connection was away are lost: one look at the queues makes up for them, also without a poller.',
  },
  {
    id: 'a flood is made up for by a poll',
    subjects: ['notifications'],
    cases: /^more at once than the channel holds$/,
    changes: [
      { fact: 'commands', from: /(?<=\n|^)commands\.send\("\w+Event", .*(?:\n|$)/g, to: '' },
      { fact: 'commands', from: /\n$/, to: '' },
      { fact: 'monitor', from: /(?:\nmonitor\.recordSendSuccess\(\) returned false){3}$/, to: '' },
      { fact: 'counters', from: /^operationsCoordinated \+4$/, to: 'operationsCoordinated +1' },
      {
        fact: 'records',
        from: /^$/,
        to: 'error {available: 0, bufferSize: 1, channel: "orchestration_event_driven_event_channel", component: "orchestration", saturation: 1}',
      },
      { fact: 'polls', from: /^0$/, to: '1' },
    ],
    spec: 'orchestration-spec 6.15',
    reason:
      'A full buffer holds nobody up: the signals that find no place are dropped, and a poll fetches their messages from the queues.',
  },
];

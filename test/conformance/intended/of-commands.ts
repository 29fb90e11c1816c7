// Intended differences in what becomes of commands, and in the health check.
import type { IntendedDifference } from '../src/intend.ts';

const processors = ['event-handlers', 'message-handlers', 'router'];

export const commands: readonly IntendedDifference[] = [
  {
    id: 'a step message has no status',
    subjects: ['message-handlers'],
    cases: /direct (?:failed|skipped) with/,
    changes: [
      { fact: 'counted', from: /^stepResultsProcessed \+1$/, to: 'processingErrors +1' },
      { fact: 'acknowledged', from: /^client\.acknowledge\("q_results", "41"\) .*$/, to: '' },
      { fact: 'replies', from: /ok \{error: ("[^"]*"), kind: "Failed"\}/, to: 'error $1' },
      { fact: 'replies', from: /ok \{kind: "Skipped", reason: ("[^"]*")\}/, to: 'error $1' },
      { fact: 'order', from: /acknowledge, /, to: '' },
    ],
    spec: 'orchestration-spec 4.5',
    reason:
      'The message is a pointer, so that the processor cannot know that the step failed anyway; a result that was not taken in stays in its queue and comes again.',
  },
  {
    id: 'counted before it is acknowledged',
    subjects: processors,
    changes: [{ fact: 'order', from: /acknowledge, count/g, to: 'count, acknowledge' }],
    spec: 'architecture 3 (3)',
    reason:
      'Messages of a batch are acknowledged while the next one starts. Both still come before the reply, and after the handler.',
  },
  {
    id: 'ids are plain digits',
    subjects: ['event-handlers'],
    cases: /, ids in unusual spellings$/,
    changes: [
      { fact: 'fetched', from: /pgmq\.readSpecificMessage\("\w+", "[+-]7", 30\) resolved undefined\n/g, to: '' },
      { fact: 'counted', from: /^processingErrors \+7$/, to: 'messagesNotFound +5, processingErrors +2' },
      {
        fact: 'replies',
        from: /"(?:Task request|Step result|Finalization) message ([+-]7) is not in \w+"/g,
        to: '"Invalid message ID \'$1\' for PGMQ: expected a whole number."',
      },
      { fact: 'order', from: /^((?:fetch, count, reply, ){2})fetch, (count, reply, )fetch, /, to: '$1$2' },
    ],
    spec: 'orchestration-spec 7.3',
    reason:
      'Ids of pgmq are positive; a sign in front of one is a mistake of the sender. (The five others find no message: see below.)',
  },
  {
    id: 'a message is known by the id it was asked for',
    subjects: ['event-handlers'],
    cases: /, found under another spelling of its id$/,
    changes: [
      { fact: 'asked', from: /^actors\..*$/, to: '' },
      { fact: 'counted', from: /^\w+ \+1$/, to: 'messagesNotFound +1' },
      { fact: 'acknowledged', from: /^client\.acknowledge\("\w+", "\+00041"\) resolved undefined$/, to: '' },
      {
        fact: 'replies',
        from: /^("InitializeTask\w+") ok \{.*\}/,
        to: '$1 error "Task request message 41 is not in q_requests"',
      },
      {
        fact: 'replies',
        from: /^("ProcessStepResult\w+") ok \{.*\}/,
        to: '$1 error "Step result message 41 is not in q_results"',
      },
      {
        fact: 'replies',
        from: /^("FinalizeTask\w+") ok \{.*\}/,
        to: '$1 error "Finalization message 41 is not in q_finalizations"',
      },
      { fact: 'order', from: /ask, count, acknowledge, /, to: 'count, ' },
    ],
    spec: 'architecture 3 (3)',
    reason: 'One read fetches the messages of many signals: each is told from the others by its id, as the queue spells it.',
  },
  {
    id: 'a message that another orchestrator took is no error',
    subjects: ['event-handlers'],
    cases: /FromMessageEvent, missing$/,
    changes: [{ fact: 'counted', from: /^processingErrors \+1$/, to: 'messagesNotFound +1' }],
    spec: 'architecture 3 (5)',
    reason: 'Every orchestrator hears every signal: all but one find the message gone, which is how it should be.',
  },
  {
    id: 'texts of messages that cannot be read',
    subjects: ['event-handlers'],
    changes: [
      {
        fact: 'replies',
        from: /"single messages cannot be fetched from (\w+)"/g,
        to: '"Provider \'$1\' does not support fetch-by-message-ID flow. Use the deployment mode PollingOnly with it."',
      },
      {
        fact: 'replies',
        from: /"reading (task request|step result|finalization) message (\d+) in (\w+): /g,
        to: '"Failed to read specific $1 message $2 from queue $3: ',
      },
      {
        fact: 'replies',
        from: /"(Task request|Step result|Finalization) message (\d+) is not in (\w+)"/g,
        to: '"$1 message $2 not found in queue $3: it was taken by another reader or is invisible for now."',
      },
      {
        fact: 'replies',
        from: /"\\"([^"]*)\\" is no message id: not a whole number"/g,
        to: '"Invalid message ID \'$1\' for PGMQ: expected a whole number."',
      },
    ],
    spec: 'orchestration-spec 7.3',
    reason:
      'The words are those of the specification, with what to do. The noun at the beginning has the capital letter that it had.',
  },
  {
    id: 'texts of bodies that are no message',
    subjects: ['event-handlers', 'message-handlers'],
    changes: [
      {
        fact: 'replies',
        from: /("InitializeTaskFromMessageEvent" error) "a task request message is an object, not a value of type string"/,
        to: '$1 "Invalid task request: the body is \\"no object\\"; expected an object with the object task_request."',
      },
      {
        fact: 'replies',
        from: /("InitializeTaskFromMessage" error) "a task request message is an object, not a value of type string"/,
        to: '$1 "Invalid task request: the body is \\"billing/invoice\\"; expected an object with the object task_request."',
      },
      {
        fact: 'replies',
        from: /"a task request message needs a text in \\"name\\", not nothing"/,
        to: '"Invalid task request: name is missing. Correct the request."',
      },
      {
        fact: 'replies',
        from: /"\\"context\\" of a task request message is an object, not a list"/,
        to: '"Invalid task request: context is an array, expected an object. Correct the request."',
      },
      {
        fact: 'replies',
        from: /"\\"priority\\" of a task request message is a whole number, not a value of type number"/,
        to: '"Invalid task request: priority is 1.5, expected a whole number from -100 to 100. Correct the request."',
      },
      {
        fact: 'replies',
        from: /"a step result message is an object, not null"/,
        to: '"Invalid StepMessage format: the body is null; expected an object with the UUIDs task_uuid, step_uuid and correlation_id."',
      },
      {
        fact: 'replies',
        from: /"a step result message is an object, not a value of type string"/,
        to: '"Invalid StepMessage format: the body is \\"no object\\"; expected an object with the UUIDs task_uuid, step_uuid and correlation_id."',
      },
      {
        fact: 'replies',
        from: /"a finalization message is an object, not a list"/,
        to: '"Missing or invalid task_uuid in a finalization message: the body is an array; expected an object with a UUID."',
      },
      {
        fact: 'replies',
        from: /"a finalization message is an object, not a value of type string"/,
        to: '"Missing or invalid task_uuid in a finalization message: the body is \\"no object\\"; expected an object with a UUID."',
      },
      {
        fact: 'replies',
        from: /"a finalization message needs a text in \\"taskUuid\\", not an empty text"/,
        to: '"Missing or invalid task_uuid in a finalization message: task_uuid is \\"\\"; expected an object with a UUID."',
      },
    ],
    spec: 'orchestration-spec 4.5',
    reason: 'The texts begin as in the specification, and say what was found, what was expected and what to do.',
  },
  {
    id: 'the cause is not wrapped',
    subjects: processors,
    changes: [{ fact: 'replies', from: /error "the result of step step-\w+ was not taken in: /g, to: 'error "' }],
    spec: 'architecture 3 (3)',
    reason: 'What a set-based handler throws is the outcome of the whole batch, which has no one step to be named after.',
  },
  {
    id: 'the statistics have no map, and count what others took',
    subjects: ['router'],
    changes: [{ fact: 'replies', from: /currentQueueSizes: Map\{\}, /g, to: 'messagesNotFound: 0, ' }],
    spec: 'orchestration-spec 7.4',
    reason: 'The map was never filled, and is gone. Messages that another orchestrator took are counted for themselves.',
  },
  {
    id: 'health leaves the reason to the backpressure',
    subjects: ['router', 'health'],
    changes: [{ fact: 'replies', from: /backpressureReason: (?:null|"[^"]*"), /g, to: '' }],
    spec: 'orchestration-spec 7.8',
    reason: 'The specification lists the fields; the reason is asked of the backpressure checker.',
  },
  {
    id: 'rows of the truth table without the reason',
    subjects: ['health'],
    cases: /^database /,
    changes: [{ fact: 'outcome', from: /, (?:null|"too much of it")(?=, "\w+", 900, "q_results"\])/, to: ', undefined' }],
    spec: 'orchestration-spec 7.8',
    reason: 'The same, where the scenario shows a row as a list.',
  },
];

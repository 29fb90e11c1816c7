// The commands of the command processor with usual payloads, and what its surroundings may answer to them.
import { choose } from '../../../codemods/proof/answers.ts';
import type { Answer, Choices, Script } from '../../../codemods/proof/answers.ts';
import type { Subject } from '../../../codemods/proof/subject-loader.ts';
import type { World } from '../../../codemods/proof/world.ts';
import type { CommandText } from './command-processor.ts';
import { fresh } from './fresh-inputs.ts';
import { taskerError } from './surroundings.ts';

export const taskRequest = {
  namespace: 'billing',
  name: 'invoice',
  version: '1.2.0',
  context: { customer: 4 },
  correlationId: 'corr-1',
  priority: 5,
};

export const stepResult = {
  stepUuid: 'step-1',
  taskUuid: 'task-1',
  status: 'completed',
  success: true,
  result: { sum: 3 },
  error: null,
};

/** One of the three things that messages are about, with the three commands for it and the actor that answers. */
export interface Entity {
  readonly name: 'task request' | 'step result' | 'finalization';
  readonly direct: string;
  readonly fromMessage: string;
  readonly fromEvent: string;
  readonly queue: string;
  readonly payload: object;
  /** Path of the actor's method. */
  readonly actor: string;
  /** What the actor answers when all is well. */
  readonly answer: unknown;
}

export const initialization: Entity = {
  name: 'task request',
  direct: 'InitializeTask',
  fromMessage: 'InitializeTaskFromMessage',
  fromEvent: 'InitializeTaskFromMessageEvent',
  queue: 'q_requests',
  payload: taskRequest,
  actor: 'actors.taskRequestActor.handle',
  answer: { taskUuid: 'task-9', stepCount: 2, stepsEnqueued: 1 },
};

export const stepProcessing: Entity = {
  name: 'step result',
  direct: 'ProcessStepResult',
  fromMessage: 'ProcessStepResultFromMessage',
  fromEvent: 'ProcessStepResultFromMessageEvent',
  queue: 'q_results',
  payload: stepResult,
  actor: 'actors.resultProcessorActor.handle',
  answer: undefined,
};

export const finalization: Entity = {
  name: 'finalization',
  direct: 'FinalizeTask',
  fromMessage: 'FinalizeTaskFromMessage',
  fromEvent: 'FinalizeTaskFromMessageEvent',
  queue: 'q_finalizations',
  payload: { taskUuid: 'task-1' },
  actor: 'actors.taskFinalizerActor.handle',
  answer: { kind: 'Success', taskUuid: 'task-1', finalStatus: 'complete', completionTime: new Date(0) },
};

export const entities: readonly Entity[] = [initialization, stepProcessing, finalization];

/** The command with the domain object; `given` is what a message of it would carry. */
export function directCommand({ direct, name, payload }: Entity, given: object = payload): CommandText {
  if (name === 'task request') return { type: direct, request: given };
  if (name === 'step result') return { type: direct, result: given };
  return { type: direct, ...given };
}

/** The command with a whole message. */
export function messageCommand({ fromMessage, queue, payload }: Entity, message: unknown = payload): CommandText {
  return {
    type: fromMessage,
    message: {
      message,
      handle: { provider: 'pgmq', queueName: queue, receipt: '41' },
      metadata: { readCount: 1, enqueuedAt: new Date(0) },
    },
  };
}

/** The command with a signal. */
export function eventCommand({ fromEvent, queue }: Entity, messageId = '41'): CommandText {
  return { type: fromEvent, messageEvent: { messageId, queueName: queue, namespace: 'billing' } };
}

/** A row of a queue table. */
export function row(payload: unknown, messageId = '41'): object {
  return { messageId, payload, readCount: 1, enqueuedAt: new Date(0) };
}

/** The one call that fetches a message by its id. */
export const readMessage = 'pgmq.readSpecificMessage';

export const readiness = {
  type: 'ProcessTaskReadiness',
  taskUuid: 'task-1',
  namespace: 'billing',
  priority: 5,
  readySteps: 3,
  triggeredBy: 'scenario',
};

export const enqueuer = 'actors.stepEnqueuerActor.handle';

/** What the task finalizer can answer. */
export const finalizations = [
  { kind: 'Success', taskUuid: 'task-1', finalStatus: 'complete', completionTime: new Date(0) },
  { kind: 'Success', taskUuid: 'task-1', finalStatus: 'error', completionTime: null },
  { kind: 'NotClaimed', reason: 'another has it', alreadyClaimedBy: 'processor-2' },
  { kind: 'NotClaimed', reason: 'another has it', alreadyClaimedBy: null },
  { kind: 'Failed', error: 'steps are open' },
  { kind: 'NotClaimed', reason: 'another has it', alreadyClaimedBy: '' },
];

/** What messages carry in a random scenario: usable by one of the entities, or by none. */
export const payloads: readonly unknown[] = [
  taskRequest,
  { ...taskRequest, context: undefined, priority: null },
  ...['completed', 'failed', 'skipped', 'cancelled'].map((status) => ({ ...stepResult, status })),
  { taskUuid: 'task-1' },
  { ...taskRequest, ...stepResult },
  {},
  null,
  'no object',
  [],
];

/** Ways in which a collaborator refuses, by what it throws; the errors are classes of the subject. */
export const refusals = {
  'an error of ours': (subject: Subject): Answer => ({ rejects: taskerError(subject, 'Database', 'connection lost') }),
  'another error': (): Answer => ({ rejects: new Error('no such thing') }),
  'a text': (): Answer => ({ rejects: 'out of order' }),
};

export const refusalsByName: Readonly<Record<string, (subject: Subject) => Answer>> = refusals;

interface Drawn {
  readonly subject: Subject;
  readonly label: string;
  readonly values: readonly unknown[];
}

/** One of the values, or a refusal, drawn at each call. */
function drawnAnswer(world: World, choices: Choices, { subject, label, values }: Drawn): Answer {
  const refusing = Object.values(refusalsByName).map((refusal) => refusal(subject));
  const answers = [...values.map((value): Answer => ({ resolves: value })), ...refusing];
  return {
    acts: () => {
      const answer = choose(choices, label, answers);
      return world.answerLater(label, () => {
        if ('rejects' in answer) throw answer.rejects;
        return 'resolves' in answer ? fresh(answer.resolves) : undefined;
      });
    },
  };
}

/** What actors and message client answer in a random scenario. */
export function drawnSurroundings(world: World, subject: Subject, choices: Choices): Script {
  const drawn = (label: string, values: readonly unknown[]) => drawnAnswer(world, choices, { subject, label, values });
  return {
    [initialization.actor]: drawn('what the task request actor does', [initialization.answer, { taskUuid: 'task-10' }]),
    [stepProcessing.actor]: drawn('what the result processor does', [undefined, undefined]),
    [finalization.actor]: drawn('what the task finalizer does', finalizations),
    [enqueuer]: drawn('what the step enqueuer does', [{ stepsEnqueued: 1 }, { stepsEnqueued: 0 }]),
    'client.acknowledge': drawn('what becomes of the acknowledgement', [undefined, undefined]),
    [readMessage]: drawn('what is read', [undefined, ...payloads.map((payload) => row(payload))]),
  };
}

// What the command processor may answer to a command of the event system, by kind of event and name.
import type { Subject } from '../../../codemods/proof/subject-loader.ts';
import { taskerError } from './surroundings.ts';
import type { CommandFate } from './surroundings.ts';

/** Fates by name; made for each run, as errors are classes of the subject. */
export type Fates = Readonly<Record<string, (subject: Subject) => CommandFate>>;

const commonFates: Fates = {
  'channel closed': () => ({ kind: 'closed' }),
  'handler error': (subject) => ({ kind: 'handler error', error: taskerError(subject, 'Database', 'connection lost') }),
  'responder dropped': () => ({ kind: 'dropped' }),
};

const reply = (value: object) => (): CommandFate => ({ kind: 'reply', value });

/** A reply that comes while the sender still waits for its command to be taken. */
const earlyReply = (value: object) => (): CommandFate => ({ kind: 'reply', value, early: true });

export const fatesOf: Readonly<Record<string, Fates>> = {
  StepResult: {
    success: reply({ kind: 'Success', message: 'step is through' }),
    'success at once': earlyReply({ kind: 'Success', message: 'step is through' }),
    failed: reply({ kind: 'Failed', error: 'no such step' }),
    skipped: reply({ kind: 'Skipped', reason: 'seen before' }),
    ...commonFates,
  },
  TaskRequest: {
    success: reply({ kind: 'Success', taskUuid: 'task-1', message: 'task is there' }),
    'success at once': earlyReply({ kind: 'Success', taskUuid: 'task-1', message: 'task is there' }),
    failed: reply({ kind: 'Failed', error: 'no such template' }),
    skipped: reply({ kind: 'Skipped', reason: 'exists' }),
    ...commonFates,
  },
  TaskFinalization: {
    success: reply({ kind: 'Success', taskUuid: 'task-1', finalStatus: 'complete', completionTime: new Date(0) }),
    'success without a time': reply({ kind: 'Success', taskUuid: 'task-1', finalStatus: 'complete', completionTime: null }),
    'success at once': earlyReply({ kind: 'Success', taskUuid: 'task-1', finalStatus: 'complete', completionTime: null }),
    failed: reply({ kind: 'Failed', error: 'steps are open' }),
    'not claimed': reply({ kind: 'NotClaimed', reason: 'another has it', alreadyClaimedBy: 'processor-2' }),
    'not claimed, by nobody known': reply({ kind: 'NotClaimed', reason: 'another has it', alreadyClaimedBy: null }),
    'not claimed, by an empty name': reply({ kind: 'NotClaimed', reason: 'another has it', alreadyClaimedBy: '' }),
    ...commonFates,
  },
};

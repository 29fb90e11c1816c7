// Situations in which steps are handed out: rows of the discovery, what the database answers, and how often it is done.
import type { Answer } from '../../../codemods/proof/answers.ts';
import { readinessRow } from './discovery-system.ts';
import { fails, inTurn } from './recorded-database.ts';
import type { Answers } from './recorded-database.ts';
import { storedLifecycle } from './lifecycle-system.ts';
import type { StoredStates } from './lifecycle-system.ts';

export interface Situation {
  readonly name: string;
  /** Rows of the readiness function; default: one step that is ready. */
  readonly rows?: readonly object[];
  /** States at the beginning; default: the task is enqueuing, steps are new. */
  readonly tasks?: Readonly<Record<string, string>>;
  readonly steps?: Readonly<Record<string, string>>;
  /** Instead of the answers of the database that keeps states; made for each run, as they may count. */
  readonly answers?: (usual: Answers) => Answers;
  readonly publish?: Answer | readonly Answer[];
  readonly send?: Answer | readonly Answer[];
  /** Default: the namespace and the correlation id are known, so that the task is read by nobody but its mark. */
  readonly options?: object;
  readonly config?: object;
  /** How often the task is worked off by the same enqueuer; between two runs `meanwhile` happens. */
  readonly times?: number;
  readonly meanwhile?: (states: StoredStates) => void;
}

const ask =
  (situation: Omit<Situation, 'name'>) =>
  (name: string): Situation => ({ name, ...situation });
const answering = (answers: () => Answers) => ask({ answers: (usual) => ({ ...usual, ...answers() }) });
const named = (situations: Readonly<Record<string, (name: string) => Situation>>): readonly Situation[] =>
  Object.entries(situations).map(([name, make]) => make(name));

/** Answers of one statement: the usual one at first, then this. */
function thenInstead(usual: Answers, statement: string, ...later: readonly Answers[string][]): Answers {
  return { ...usual, [statement]: inTurn(usual[statement] ?? fails(), ...later) };
}

const inState = (state: string) => ask({ steps: { 'step-ship': state } });
const endedTask = (state: string) => ask({ tasks: { 'task-1': state } });

/** The step is marked, or is not: each failure is in the warnings. */
export const stepMarks = named({
  'a new step': ask({}),
  'a pending step': inState('Pending'),
  'a step that waits for its retry': inState('WaitingForRetry'),
  'the step is not found': answering(() => ({ findStep: () => undefined })),
  'the step cannot be loaded': answering(() => ({ findStep: fails() })),
  'the step cannot be loaded, a text is thrown': answering(() => ({
    findStep: () => {
      // oxlint-disable-next-line typescript/only-throw-error -- a driver that throws something else is the case
      throw 'out of memory';
    },
  })),
  'the state of the step cannot be read': answering(() => ({ currentStepState: fails() })),
  'the step is enqueued already': inState('Enqueued'),
  'the step is in progress': inState('InProgress'),
  'the step is complete': inState('Complete'),
  'the step has open parents': answering(() => ({ countOpenParents: () => 2 })),
  'the parents of the step cannot be counted': answering(() => ({ countOpenParents: fails() })),
  'the state of the task cannot be read by the guard': answering(() => ({ currentTaskState: fails() })),
  'the task has ended: complete': endedTask('Complete'),
  'the task has ended: error': endedTask('Error'),
  'the task has ended: cancelled': endedTask('Cancelled'),
  'the task has ended: resolved': endedTask('ResolvedManually'),
  'the transition of the step is not stored': answering(() => ({ insertStepTransition: fails('deadlock') })),
  'the transition of the step is not announced': ask({
    publish: [{ resolves: undefined }, { rejects: new Error('no listener') }],
  }),
  'the message is not sent': ask({ send: { rejects: new Error('queue is gone') } }),
});

/** The guard of the step sees a task under way; the mark of the task sees this state. */
const taskBecomes = (state: string | undefined) =>
  ask({ answers: (usual) => thenInstead(usual, 'currentTaskState', () => state) });

/** The task is looked at, and left as it is: each failure is in the warnings. */
export const taskMarks = named({
  ...Object.fromEntries(
    ['Initializing', 'EnqueuingSteps', 'StepsInProcess', 'EvaluatingResults'].map((state) => [
      `the task is active: ${state}`,
      ask({ tasks: { 'task-1': state } }),
    ]),
  ),
  ...Object.fromEntries(
    ['Pending', 'WaitingForDependencies', 'WaitingForRetry', 'BlockedByFailures'].map((state) => [
      `the task is not active: ${state}`,
      ask({ tasks: { 'task-1': state } }),
    ]),
  ),
  ...Object.fromEntries(
    ['Complete', 'Error', 'Cancelled', 'ResolvedManually'].map((state) => [
      `the task has ended meanwhile: ${state}`,
      taskBecomes(state),
    ]),
  ),
  'the task has no state': ask({ answers: (usual) => ({ ...usual, currentTaskState: () => undefined }) }),
  'the task is not found': answering(() => ({ findTask: () => undefined })),
  'the task cannot be loaded': answering(() => ({ findTask: fails() })),
  'the state of the task cannot be read': ask({ answers: (usual) => thenInstead(usual, 'currentTaskState', fails()) }),
});

/** The step goes back to waiting for its retry, so that it can be marked once more. */
const waitsAgain = ({ steps }: StoredStates): void => void steps.set('step-ship', 'WaitingForRetry');

/** The same step and task more than once: what is kept between two marks shows in what is read. */
export const repetitions = named({
  'twice, the step waits again': ask({ times: 2, meanwhile: waitsAgain }),
  'three times, the step waits again': ask({ times: 3, meanwhile: waitsAgain }),
  'twice, the step is still enqueued': ask({ times: 2 }),
  'twice, with the task read for its queue': ask({ times: 2, meanwhile: waitsAgain, options: {} }),
  'twice, the task is not active': ask({ times: 2, meanwhile: waitsAgain, tasks: { 'task-1': 'WaitingForRetry' } }),
  'twice, the task becomes inactive': ask({
    times: 2,
    meanwhile(states) {
      waitsAgain(states);
      states.tasks.set('task-1', 'BlockedByFailures');
    },
  }),
  'twice, the task ends in between': ask({
    times: 2,
    meanwhile(states) {
      waitsAgain(states);
      states.tasks.set('task-1', 'Cancelled');
    },
  }),
  'twice, the step is found the second time': ask({
    times: 2,
    answers: (usual) => notAtFirst(usual, 'findStep', () => undefined),
  }),
  'twice, the step can be loaded the second time': ask({ times: 2, answers: (usual) => notAtFirst(usual, 'findStep', fails()) }),
  'twice, the task is found the second time': ask({
    times: 2,
    meanwhile: waitsAgain,
    answers: (usual) => notAtFirst(usual, 'findTask', () => undefined),
  }),
  'twice, the task can be loaded the second time': ask({
    times: 2,
    meanwhile: waitsAgain,
    answers: (usual) => notAtFirst(usual, 'findTask', fails()),
  }),
  'twice, the step has vanished the second time': ask({
    times: 2,
    meanwhile: waitsAgain,
    answers: (usual) => thenInstead(usual, 'findStep', () => undefined),
  }),
  'twice, the step belongs to another task the second time': ask({
    times: 2,
    meanwhile: waitsAgain,
    answers: (usual) => thenInstead(usual, 'findStep', (stepUuid) => ({ stepUuid, taskUuid: 'task-2', name: 'renamed' })),
  }),
  'the same step in two rows': ask({ rows: [readinessRow('ship'), readinessRow('ship')] }),
});

function notAtFirst(usual: Answers, statement: string, first: Answers[string]): Answers {
  return { ...usual, [statement]: inTurn(first, usual[statement] ?? fails()) };
}

const three = [readinessRow('pick'), readinessRow('bill', { attempts: 1 }), readinessRow('ship')];

/** The other branches of a run: what is found, where it goes, what is left over. */
export const runs = named({
  'three steps': ask({ rows: three }),
  'three steps, the middle one is not found': ask({
    rows: three,
    answers: (usual) => thenInstead(usual, 'findStep', () => undefined, usual['findStep'] ?? fails()),
  }),
  'three steps, the message of one is not sent': ask({
    rows: three,
    send: [{ resolves: 'message-1' }, { rejects: new Error('queue is gone') }, { resolves: 'message-3' }],
  }),
  'three steps, none can be marked': ask({ rows: three, answers: (usual) => ({ ...usual, findStep: fails() }) }),
  'three steps, two at most': ask({ rows: three, config: { maxStepsPerTask: 2 } }),
  'three steps, three at most': ask({ rows: three, config: { maxStepsPerTask: 3 } }),
  'three steps, other limits': ask({ rows: three, config: { tasksPerBatch: 1 } }),
  'three steps, one is in no state for it': ask({ rows: [...three, readinessRow('call', { currentState: 'InProgress' })] }),
  'no step can run': ask({ rows: [readinessRow('ship', { readyForExecution: false })] }),
  'no step is in a state for it': ask({
    rows: [readinessRow('ship', { currentState: 'Enqueued' }), readinessRow('bill', { currentState: 'Error' })],
  }),
  'the discovery fails': answering(() => ({ stepReadiness: fails() })),
  'the queue of the task is read': ask({ options: {} }),
  'the task of the queue cannot be read': ask({ options: {}, answers: (usual) => ({ ...usual, findTask: fails() }) }),
  'the task of the queue is not found': ask({ options: {}, answers: (usual) => ({ ...usual, findTask: () => undefined }) }),
  'the task has no namespace': ask({ options: {}, answers: (usual) => ({ ...usual, findNamespace: () => undefined }) }),
  'asked by somebody': ask({
    options: { namespace: 'Shop North', correlationId: 'correlation-9', priority: 99, triggeredBy: 'sweep' },
  }),
  'asked by a trigger without a name': ask({ options: { triggeredBy: '' } }),
  'asked by somebody, who finds nothing': ask({ rows: [], options: { triggeredBy: 'sweep' } }),
  'asked by somebody, who fails': ask({
    options: { triggeredBy: 'sweep' },
    answers: (usual) => ({ ...usual, stepReadiness: fails() }),
  }),
  'asked by somebody, in no state for it': ask({
    rows: [readinessRow('ship', { currentState: 'Error' })],
    options: { triggeredBy: 'sweep' },
  }),
});

/** The answers of a situation, on states that live as long as one run of its scenario. */
export function answersOf({ rows, answers = (usual) => usual }: Situation, states: StoredStates): Answers {
  const usual = storedLifecycle(states);
  return answers(rows === undefined ? usual : { ...usual, stepReadiness: () => rows });
}

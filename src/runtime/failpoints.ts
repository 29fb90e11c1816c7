// Named places where a process ends itself with SIGKILL, for crash tests: one a row of spec 6.15, wrapped around the ports.
import type pg from 'pg';
import { TaskerError } from '../domain/errors.ts';
import { isTerminalTaskState } from '../domain/states.ts';
import type { TaskDecision } from '../domain/task-view.ts';
import type { MessagingProvider } from '../messaging/provider.ts';
import { orchestrationQueues } from '../messaging/queue-names.ts';
import type { Store } from '../store/store.ts';

export const failpointNames = [
  /** A task was asked for, nothing is written. */
  'orchestrator.before_create',
  /** The task is committed, nobody was told. */
  'orchestrator.created',
  /** Loaded and decided, nothing is saved. */
  'orchestrator.decided',
  /** The same, for a decision that ends a task. */
  'orchestrator.finalizing',
  /** Saved, not committed. */
  'orchestrator.saved',
  /** Committed, nobody was told; a result that came by polling is not acknowledged. */
  'orchestrator.committed',
  /** The same and announced, before results that came by polling are acknowledged. */
  'orchestrator.before_ack',
  /** About to take messages. */
  'worker.before_claim',
  /** Messages of lost steps are claimed from their queue, the steps are not taken over. */
  'worker.before_take_over',
  /** Steps are claimed, no handler runs. */
  'worker.claimed',
  /** The handler has ended, its result is not saved. */
  'worker.handled',
  /** The result is saved, nobody was told. */
  'worker.saved',
  /** Ends nothing: every announcement of the process is lost. */
  'announcements.lost',
] as const;

export type FailpointName = (typeof failpointNames)[number];

export interface Failpoint {
  readonly name: FailpointName;
  /** Which passing of the place it is; 1 for the first. */
  readonly nth: number;
}

/** Reads TASKER_FAILPOINT: `name` or `name:nth`. Undefined when it is not set; throws FAILPOINT_INVALID (kind `input`). */
export function parseFailpoint(text: string | undefined): Failpoint | undefined {
  if (text === undefined || text === '') return undefined;
  const [wanted, count = '1', ...rest] = text.split(':');
  const name = failpointNames.find((known) => known === wanted);
  if (name === undefined || !/^[1-9]\d{0,8}$/.test(count) || rest.length > 0) {
    const message = `TASKER_FAILPOINT is ${text}; expected name or name:nth, with one of the names ${failpointNames.join(', ')}. Unset it unless this is a crash test.`;
    throw new TaskerError('FAILPOINT_INVALID', message, { kind: 'input' });
  }
  return { name, nth: Number(count) };
}

export interface FailpointPorts {
  readonly pool: pg.Pool;
  readonly store: Store;
  readonly provider: MessagingProvider;
}

/** Does not come back. */
export type Die = () => void;

const killOwnProcess: Die = () => process.kill(process.pid, 'SIGKILL');

/** The same ports with the failpoint in them. Without a failpoint nobody calls this, so it costs nothing. */
export function armFailpoint(
  { name, nth }: Failpoint,
  ports: FailpointPorts,
  die: Die = killOwnProcess,
): Omit<FailpointPorts, 'pool'> {
  let passed = 0;
  const pass: Pass = (place) => {
    if (place !== name) return;
    passed += 1;
    if (passed === nth) die();
  };
  if (name === 'orchestrator.saved') dieBeforeCommit(ports.pool, pass);
  if (name === 'worker.before_take_over') dieBeforeTakeOver(ports.pool, pass);
  return { store: armStore(ports.store, pass), provider: armProvider(ports.provider, pass, name === 'announcements.lost') };
}

type Pass = (place: FailpointName) => void;

function armStore(store: Store, pass: Pass): Store {
  return {
    ...store,
    async createTasks(template, tasks) {
      pass('orchestrator.before_create');
      const created = await store.createTasks(template, tasks);
      pass('orchestrator.created');
      return created;
    },
    async decideTasks(taskUuids, decide) {
      const result = await store.decideTasks(taskUuids, armDecide(decide, pass));
      if (result.decisions.some(changes)) pass('orchestrator.committed');
      return result;
    },
    async decideTakenResults(messageIds, decide) {
      const result = await store.decideTakenResults(messageIds, armDecide(decide, pass));
      if (result.decisions.some(changes)) pass('orchestrator.committed');
      return result;
    },
    async claimSteps(params) {
      pass('worker.before_claim');
      const result = await store.claimSteps(params);
      if (result.claimed.length > 0) pass('worker.claimed');
      return result;
    },
    async submitResults(workerUuid, reports) {
      pass('worker.handled');
      const result = await store.submitResults(workerUuid, reports);
      pass('worker.saved');
      return result;
    },
  };
}

type Decide = Parameters<Store['decideTasks']>[1];

function armDecide(decide: Decide, pass: Pass): Decide {
  return async (views) => {
    const decisions = await decide(views);
    if (decisions.some(changes)) pass('orchestrator.decided');
    if (decisions.some(finalizes)) pass('orchestrator.finalizing');
    return decisions;
  };
}

function changes({ steps, task }: TaskDecision): boolean {
  return steps.length > 0 || task !== undefined;
}

function finalizes({ task }: TaskDecision): boolean {
  return task !== undefined && isTerminalTaskState(task.to);
}

function armProvider(provider: MessagingProvider, pass: Pass, isMute: boolean): MessagingProvider {
  return {
    ...provider,
    announce(queueName, messageIds) {
      if (!isMute) provider.announce(queueName, messageIds);
    },
    async ack(handles) {
      if (handles.some(({ queueName }) => queueName === orchestrationQueues.stepResults)) pass('orchestrator.before_ack');
      await provider.ack(handles);
    },
  };
}

/** The store sends `commit` right behind what it saves; here it waits for the save, so that the place between them exists. */
function dieBeforeCommit(pool: pg.Pool, pass: Pass): void {
  pool.on('connect', (client) => {
    const query: (...parameters: readonly unknown[]) => unknown = client.query.bind(client);
    let saved: unknown;
    const trapped = (...parameters: readonly unknown[]): unknown => {
      const [statement] = parameters;
      const waitFor = saved;
      const answer = statement === 'commit' && waitFor !== undefined ? commitAfter(waitFor) : query(...parameters);
      saved = isSave(statement) ? answer : undefined;
      return answer;
    };
    const commitAfter = async (save: unknown): Promise<unknown> => {
      await save;
      pass('orchestrator.saved');
      return query('commit');
    };
    Object.defineProperty(client, 'query', { value: trapped });
  });
}

/** Claim and take-over are one call of the store; the place between them is where the second statement would be sent. */
function dieBeforeTakeOver(pool: pg.Pool, pass: Pass): void {
  pool.on('connect', (client) => {
    const query: (...parameters: readonly unknown[]) => unknown = client.query.bind(client);
    const trapped = (...parameters: readonly unknown[]): unknown => {
      if (nameOf(parameters[0]).startsWith('taking-over-steps-of-')) pass('worker.before_take_over');
      return query(...parameters);
    };
    Object.defineProperty(client, 'query', { value: trapped });
  });
}

function isSave(statement: unknown): boolean {
  return nameOf(statement) === 'save-decisions';
}

function nameOf(statement: unknown): string {
  return typeof statement === 'object' && statement !== null && 'name' in statement ? String(statement.name) : '';
}

// What every test of the provider suite starts from: an open provider, two queues, and short ways to ask and compare.
import { afterEach, beforeEach } from 'vitest';
import { TaskerError } from '../domain/errors.ts';
import type { Json } from '../domain/json.ts';
import type { QueuedMessage } from '../messaging/envelope.ts';
import type { MessagingProvider } from '../messaging/provider.ts';

export interface ProviderFixture {
  readonly provider: MessagingProvider;
  /** A second instance on the same queue system, as another process would open it; needed when `supports.push`. */
  readonly peer?: MessagingProvider;
  /** Lets `ms` pass for the visibility and the delays of this queue, without waiting. */
  elapse(queueName: string, ms: number): Promise<void>;
  /** The bodies of what was set aside, oldest first. */
  archivedBodies(queueName: string): Promise<readonly Json[]>;
  /** Frees everything the fixture opened, the providers included. */
  close(): Promise<void>;
}

export const queueName = 'worker_suite_queue';
export const otherQueue = 'orchestration_step_results';
export const visibilityMs = 30_000;

/** The fixture of the running test; `get` fails loudly outside of one. */
export interface CurrentFixture {
  get(): ProviderFixture;
}

export function useFixture(open: () => Promise<ProviderFixture>): CurrentFixture {
  let fixture: ProviderFixture | undefined;
  beforeEach(async () => {
    fixture = await open();
    await fixture.provider.ensureQueues([queueName, otherQueue]);
  });
  afterEach(async () => {
    await fixture?.close();
    fixture = undefined;
  });
  return {
    get() {
      if (fixture === undefined) throw new Error('The fixture exists only while a test runs.');
      return fixture;
    },
  };
}

export function receive(provider: MessagingProvider, max: number, from = queueName): Promise<readonly QueuedMessage[]> {
  return provider.receive({ queueName: from, max, visibilityMs });
}

export function bodies(messages: readonly QueuedMessage[]): Json[] {
  return messages.map((message) => message.message);
}

export function handles(messages: readonly (QueuedMessage | undefined)[]): QueuedMessage['handle'][] {
  return messages.flatMap((message) => (message === undefined ? [] : [message.handle]));
}

/** `CODE kind` of the TaskerError that `outcome` ends with, so that one comparison checks both. */
export async function codeOf(outcome: Promise<unknown>): Promise<string> {
  try {
    await outcome;
    return 'no error';
  } catch (thrown) {
    return thrown instanceof TaskerError ? `${thrown.code} ${thrown.kind}` : `not a TaskerError: ${String(thrown)}`;
  }
}

// The row of a requested task: its identity, and the defaults of spec 6.1.
import { describe, expect, it } from 'vitest';
import { initializeTask } from '../../../src/orchestration/lifecycle/state-initializer.ts';
import type { TaskRequest } from '../../../src/orchestration/commands/commands.ts';
import { planTask } from '../../helpers/plan-task.ts';

function ports() {
  let ids = 0;
  return { newId: () => `id-${String((ids += 1))}`, hash: (text: string) => `#${text}` };
}
const request = (overrides: Partial<TaskRequest> = {}): TaskRequest => ({
  namespace: 'tests',
  name: 'order',
  version: '1.0.0',
  context: { b: 2, a: 1 },
  ...overrides,
});
const initialize = (overrides: Partial<TaskRequest> = {}, strategy = 'strict') =>
  initializeTask(request(overrides), planTask('order', { only: [] }, { identity_strategy: strategy }), ports());

describe('a new task', () => {
  it('has the defaults of the specification', () => {
    expect(initialize()).toMatchObject({
      context: { b: 2, a: 1 },
      correlationId: 'id-1',
      parentCorrelationId: undefined,
      initiator: 'system',
      sourceSystem: 'tasker-core',
      reason: 'Task requested',
      tags: [],
      priority: 0,
      requestedAt: undefined,
    });
  });

  it('keeps what was requested', () => {
    const given = {
      correlationId: 'c',
      parentCorrelationId: 'p',
      initiator: 'ann',
      sourceSystem: 'shop',
      reason: 'because',
      tags: ['x'],
      priority: -5,
      requestedAt: '2026-01-01T00:00:00Z',
    };
    expect(initialize(given)).toMatchObject(given);
  });

  it('is identified by template and context under strict, whatever the order of keys', () => {
    expect(initialize().identityHash).toBe(initialize({ context: { a: 1, b: 2 } }).identityHash);
    expect(initialize().identityHash).not.toBe(initialize({ context: { a: 1 } }).identityHash);
    expect(initialize().identityHash).toContain('tests/order:1.0.0');
  });

  it('keeps its identity when the text of the template changes under the same version', () => {
    const edited = initializeTask(request(), planTask('order', { only: [], more: ['only'] }), ports());
    expect(edited.identityHash).toBe(initialize().identityHash);
  });

  it('is identified by its key when there is one, under every strategy', () => {
    const hashes = ['strict', 'caller_provided', 'always_unique'].map(
      (strategy) => initialize({ idempotencyKey: 'k', context: { n: strategy } }, strategy).identityHash,
    );
    expect(new Set(hashes).size).toBe(1);
  });

  it('needs a key under caller_provided', () => {
    expect(() => initialize({}, 'caller_provided')).toThrow(
      expect.objectContaining({ code: 'IDEMPOTENCY_KEY_REQUIRED', kind: 'input' }),
    );
  });

  it('is identified by its request under always_unique where that has a name', () => {
    const named = () => initialize({ requestId: 'r' }, 'always_unique').identityHash;
    expect(named()).toBe(named());
    expect(named()).not.toBe(initialize({ requestId: 's' }, 'always_unique').identityHash);
  });

  it('is identified by nothing but itself under always_unique', () => {
    const [template, shared] = [planTask('order', { only: [] }, { identity_strategy: 'always_unique' }), ports()];
    expect(initializeTask(request(), template, shared).identityHash).not.toBe(
      initializeTask(request(), template, shared).identityHash,
    );
  });
});

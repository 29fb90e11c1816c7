// Checks that a batch gives one outcome per input whatever its handler does.
import { describe, expect, it } from 'vitest';
import { TaskerError } from '../../../src/domain/errors.ts';
import { executeBatch } from '../../../src/orchestration/commands/execute-batch.ts';

const down = new TaskerError('DATABASE_DOWN', 'no connection', { kind: 'infrastructure' });

describe('executeBatch', () => {
  it('keeps outcomes in the order of the inputs', async () => {
    const outcomes = await executeBatch([1, 2], async (inputs) => inputs.map((value) => ({ ok: true, value })));
    expect(outcomes).toEqual([
      { ok: true, value: 1 },
      { ok: true, value: 2 },
    ]);
  });

  it('calls a handler that throws for a single input once', async () => {
    let calls = 0;
    const outcomes = await executeBatch([1], async () => {
      calls += 1;
      throw new Error('boom');
    });
    expect(outcomes).toMatchObject([{ ok: false, error: { code: 'COMMAND_HANDLER_THREW', message: 'boom' } }]);
    expect(calls).toBe(1);
  });

  it('stops asking after three members in a row found the database gone', async () => {
    let calls = 0;
    const outcomes = await executeBatch([1, 2, 3, 4, 5], async () => {
      calls += 1;
      throw down;
    });
    expect(outcomes).toEqual(Array.from({ length: 5 }, () => ({ ok: false, error: down })));
    expect(calls).toBe(4);
  });

  it('reports the outcomes a handler forgot as its bug', async () => {
    const outcomes = await executeBatch([1, 2], async () => [{ ok: true, value: 'a' }]);
    expect(outcomes).toMatchObject([{ ok: true }, { ok: false, error: { code: 'COMMAND_OUTCOME_MISSING', kind: 'bug' } }]);
  });
});

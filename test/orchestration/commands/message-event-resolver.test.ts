// Checks the distinct errors of spec 7.3 and that many signals cost one read.
import { describe, expect, it } from 'vitest';
import { resolveMessageEvents } from '../../../src/orchestration/commands/message-event-resolver.ts';
import { createPushProvider } from '../push-provider.ts';

const params = { label: 'step result', queueName: 'orchestration_step_results', visibilityMs: 30_000 };

describe('resolveMessageEvents', () => {
  it('refuses a provider that cannot fetch by id', async () => {
    const provider = createPushProvider({ fetchById: false });
    const [first, second] = await resolveMessageEvents(provider, { ...params, messageIds: ['1', '2'] });
    expect(first).toMatchObject({
      ok: false,
      error: {
        code: 'MESSAGING_FETCH_BY_ID_UNSUPPORTED',
        message: expect.stringContaining("Provider 'pgmq' does not support fetch-by-message-ID flow."),
      },
    });
    expect(second).toMatchObject({ ok: false });
    expect(provider.calls).toEqual([]);
  });

  it.each(['unknown', '', '1.5', '-1', '12345678901234567890'])('refuses the id %j without reading', async (id) => {
    const provider = createPushProvider();
    const [outcome] = await resolveMessageEvents(provider, { ...params, messageIds: [id] });
    expect(outcome).toMatchObject({
      ok: false,
      error: {
        code: 'MESSAGE_ID_INVALID',
        kind: 'input',
        message: expect.stringContaining(`Invalid message ID '${id}' for PGMQ: `),
      },
    });
    expect(provider.calls).toEqual([]);
  });

  it('says which message is missing', async () => {
    const [outcome] = await resolveMessageEvents(createPushProvider(), { ...params, messageIds: ['7'] });
    expect(outcome).toMatchObject({
      ok: false,
      error: {
        code: 'MESSAGE_NOT_FOUND',
        kind: 'state',
        message: expect.stringContaining('Step result message 7 not found in queue orchestration_step_results'),
      },
    });
  });

  it('gives every readable id the read error, and an unreadable one its own', async () => {
    const provider = createPushProvider();
    const cause = new Error('connection lost');
    provider.fail('fetchById', cause);
    const outcomes = await resolveMessageEvents(provider, { ...params, messageIds: ['7', 'x'] });
    expect(outcomes).toMatchObject([
      {
        ok: false,
        error: {
          code: 'MESSAGE_READ_FAILED',
          kind: 'infrastructure',
          cause,
          message: 'Failed to read specific step result message 7 from queue orchestration_step_results: connection lost',
        },
      },
      { ok: false, error: { code: 'MESSAGE_ID_INVALID' } },
    ]);
  });

  it('reads many at once, in order, each id once', async () => {
    const provider = createPushProvider();
    const [one, two] = await provider.send(params.queueName, ['a', 'b']);
    if (one === undefined || two === undefined) throw new Error('nothing was sent');
    const outcomes = await resolveMessageEvents(provider, { ...params, messageIds: [two, 'bad', one, '99', two] });
    expect(outcomes.map((outcome) => (outcome.ok ? outcome.value.message : outcome.error.code))).toEqual([
      'b',
      'MESSAGE_ID_INVALID',
      'a',
      'MESSAGE_NOT_FOUND',
      'b',
    ]);
    expect(provider.calls).toEqual([{ name: 'fetchById', queueName: params.queueName, ids: [two, one, '99'] }]);
  });
});

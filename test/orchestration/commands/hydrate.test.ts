// Checks the hydration errors of spec 4.5 and the field rules of 6.1.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/domain/json.ts';
import type { TaskRequest } from '../../../src/orchestration/commands/commands.ts';
import {
  checkTaskRequest,
  hydrateStepMessage,
  hydrateTaskRequest,
  hydrateTaskUuid,
  taskRequestMessage,
} from '../../../src/orchestration/commands/hydrate.ts';
import { stepMessage, taskRequest, uuid } from '../command-fakes.ts';

function request(fields: Record<string, Json>): Json {
  return { request_id: 'r', task_request: { name: 'orders', ...fields } };
}

function nested(levels: number): Json {
  return levels === 0 ? 1 : [nested(levels - 1)];
}

describe('hydrateStepMessage', () => {
  it('reads three UUIDs, lower-cased, and ignores the rest', () => {
    const upper = '0000000A-0000-7000-8000-00000000000B';
    expect(hydrateStepMessage({ ...stepMessage(1), step_uuid: upper, extra: 1 })).toEqual({
      ok: true,
      value: { ...stepMessage(1), step_uuid: upper.toLowerCase() },
    });
  });

  it.each<[Json, string]>([
    ['text', 'the body is "text"'],
    [null, 'the body is null'],
    [[1], 'the body is an array'],
    [{}, 'task_uuid is missing; step_uuid is missing; correlation_id is missing'],
    [{ ...stepMessage(1), task_uuid: null }, 'task_uuid is missing'],
    [{ ...stepMessage(1), step_uuid: 7 }, 'step_uuid is 7, expected a UUID'],
    [{ ...stepMessage(1), correlation_id: 'x'.repeat(61) }, 'correlation_id is a text of 61 characters, expected a UUID'],
  ])('refuses %j', (body, found) => {
    const hydrated = hydrateStepMessage(body);
    expect(hydrated).toMatchObject({ ok: false, error: { code: 'STEP_MESSAGE_INVALID', kind: 'input' } });
    expect(!hydrated.ok && hydrated.error.message).toContain(`Invalid StepMessage format: ${found}; expected an object with`);
  });
});

describe('hydrateTaskUuid', () => {
  it('reads the task of any object that names one', () => {
    expect(hydrateTaskUuid({ task_uuid: uuid(1), more: true })).toEqual({ ok: true, value: uuid(1) });
  });

  it.each<[Json, string]>([
    [3, 'the body is 3'],
    [{}, 'task_uuid is missing'],
    [{ task_uuid: 'x' }, 'task_uuid is "x"'],
    [{ task_uuid: {} }, 'task_uuid is an object'],
  ])('refuses %j', (body, found) => {
    const hydrated = hydrateTaskUuid(body);
    expect(hydrated).toMatchObject({ ok: false, error: { code: 'TASK_UUID_INVALID', kind: 'input' } });
    expect(!hydrated.ok && hydrated.error.message).toContain(found);
  });
});

describe('hydrateTaskRequest', () => {
  it('fills namespace, version and context', () => {
    expect(hydrateTaskRequest(request({}))).toEqual({ ok: true, value: { ...taskRequest('orders'), requestId: 'r' } });
  });

  it.each<[string, Record<string, Json>, string | undefined, string | undefined]>([
    ['its request_id', { request_id: 'r' }, 'pgmq:q:1', 'r'],
    ['the message where it has no request_id', {}, 'pgmq:q:1', 'pgmq:q:1'],
    ['the message where its request_id is null', { request_id: null }, 'pgmq:q:1', 'pgmq:q:1'],
    ['nothing where there is neither', {}, undefined, undefined],
  ])('names the request after %s, never after a field of its own', (_name, wrapper, messageId, requestId) => {
    const hydrated = hydrateTaskRequest({ ...wrapper, task_request: { name: 'orders', requestId: 'forged' } }, messageId);
    expect(hydrated.ok && hydrated.value.requestId).toBe(requestId);
  });

  it.each([
    ['2026-01-31T08:00:00Z', '2026-01-31T08:00:00.000Z'],
    ['2026-01-31T08:00:00.5+02:00', '2026-01-31T06:00:00.500Z'],
    ['Sat, 31 Jan 2026 08:00:00 GMT', '2026-01-31T08:00:00.000Z'],
  ])('writes the time %s as ISO 8601, which every PostgreSQL reads', (given, requestedAt) => {
    expect(hydrateTaskRequest(request({ requested_at: given }))).toMatchObject({ ok: true, value: { requestedAt } });
  });

  it('makes a time that PostgreSQL can read of what only JavaScript reads', () => {
    const hydrated = hydrateTaskRequest(request({ requested_at: '1 (comment)' }));
    expect(hydrated.ok && hydrated.value.requestedAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  it.each<[Json, string]>([
    [null, 'the body is null'],
    [{}, 'task_request is missing'],
    [{ task_request: [] }, 'task_request is an array'],
    [{ task_request: {} }, 'name is missing'],
    [request({ name: '' }), 'name is "", expected text of 1 to 255 characters'],
    [request({ name: 'x'.repeat(256) }), 'name is a text of 256 characters, expected text of 1 to 255'],
    [request({ namespace: 'x'.repeat(256) }), 'namespace is a text of 256'],
    [request({ version: 'x'.repeat(51) }), 'version is "xxx'],
    [request({ context: [] }), 'context is an array, expected an object'],
    [request({ initiator: 'x'.repeat(129) }), 'initiator is a text of 129 characters, expected text of 1 to 128'],
    [request({ source_system: '' }), 'sourceSystem is "", expected text of 1 to 128'],
    [request({ reason: 'x'.repeat(129) }), 'reason is a text of 129 characters'],
    [request({ tags: 'a' }), 'tags is "a", expected an array'],
    [request({ tags: [1] }), 'tags is an array, expected an array of texts'],
    [request({ priority: 101 }), 'priority is 101, expected a whole number from -100 to 100'],
    [request({ priority: -101 }), 'priority is -101'],
    [request({ priority: 1.5 }), 'priority is 1.5'],
    [request({ correlation_id: 'x' }), 'correlationId is "x", expected a UUID'],
    [request({ parent_correlation_id: 'x' }), 'parentCorrelationId is "x"'],
    [request({ idempotency_key: '' }), 'idempotencyKey is ""'],
    [request({ requested_at: 'soon' }), 'requestedAt is "soon", expected a time'],
    [request({ requested_at: '+020260-01-31T08:00:00Z' }), 'requestedAt is "+020260-01-31T08:00:00Z", expected a time'],
    [request({ requested_at: '0000-01-31T08:00:00Z' }), 'requestedAt is "0000-01-31T08:00:00Z", expected a time'],
    [{ request_id: 7, task_request: { name: 'orders' } }, 'requestId is 7, expected text of 1 to 255'],
    [request({ priority: true, tags: 1 }), 'tags is 1, expected an array of texts; priority is true'],
  ])('refuses %j', (body, found) => {
    const hydrated = hydrateTaskRequest(body);
    expect(hydrated).toMatchObject({ ok: false, error: { code: 'TASK_REQUEST_INVALID', kind: 'input' } });
    expect(!hydrated.ok && hydrated.error.message).toContain(found);
  });

  it.each<[string, Record<string, Json>, string]>([
    ['too deep a context', { context: { a: nested(10) } }, 'JSON_TOO_DEEP'],
    ['too long a text in the context', { context: { a: 'x'.repeat(10_001) } }, 'JSON_STRING_TOO_LONG'],
    ['too many tags', { tags: Array.from({ length: 1001 }, () => 'a') }, 'JSON_TOO_MANY_ITEMS'],
  ])('refuses %s with its own code', (_name, fields, code) => {
    expect(hydrateTaskRequest(request(fields))).toMatchObject({ ok: false, error: { code, kind: 'input' } });
  });

  it('leaves out what PostgreSQL cannot hold', () => {
    expect(hydrateTaskRequest(request({ reason: 'a\0b', context: { a: '\0' }, tags: ['x\0'] }))).toMatchObject({
      ok: true,
      value: { reason: 'ab', context: { a: '' }, tags: ['x'] },
    });
    expect(hydrateTaskRequest(request({ reason: '\0' }))).toMatchObject({ ok: false, error: { code: 'TASK_REQUEST_INVALID' } });
  });

  it.each<[string, Record<string, Json>]>([
    ['the longest texts', { initiator: 'x'.repeat(128), reason: 'r'.repeat(128), version: 'v'.repeat(50) }],
    ['the highest priority', { priority: 100 }],
    ['the lowest priority', { priority: -100 }],
    ['null for absent', { priority: null, tags: null, correlation_id: null }],
  ])('accepts %s', (_name, fields) => {
    expect(hydrateTaskRequest(request(fields))).toMatchObject({ ok: true });
  });

  it('reads back what taskRequestMessage wrote', () => {
    const text = fc.string({ minLength: 1, maxLength: 50 });
    const arbitrary: fc.Arbitrary<TaskRequest> = fc
      .record(
        {
          namespace: text,
          name: text,
          version: text,
          context: fc.dictionary(fc.string(), fc.integer()),
          initiator: text,
          sourceSystem: text,
          reason: text,
          tags: fc.array(fc.string(), { maxLength: 5 }),
          priority: fc.integer({ min: -100, max: 100 }),
          correlationId: fc.uuid(),
          parentCorrelationId: fc.uuid(),
          idempotencyKey: text,
          requestedAt: fc.constant('2026-01-31T08:00:00.000Z'),
        },
        { requiredKeys: ['namespace', 'name', 'version', 'context'] },
      )
      .map((value) => ({ ...value, context: { ...value.context } }));
    fc.assert(
      fc.property(arbitrary, (value) => {
        const read = { ok: true, value: { ...value, requestId: 'r' } };
        expect(hydrateTaskRequest(taskRequestMessage('r', value))).toEqual(read);
        expect(hydrateTaskRequest(taskRequestMessage('r', { ...value, requestId: 'other' }))).toEqual(read);
        expect(checkTaskRequest(value)).toEqual({ ok: true, value });
      }),
    );
  });

  it('answers any JSON with an outcome and never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        // fast-check's JSON values are JSON; only the declared type differs.
        const body = value as Json;
        for (const read of [hydrateTaskRequest, hydrateStepMessage, hydrateTaskUuid]) expect(read(body)).toHaveProperty('ok');
        expect(hydrateTaskRequest({ task_request: body })).toHaveProperty('ok');
      }),
    );
  });
});

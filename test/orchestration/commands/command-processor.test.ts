// Checks the processor: batches, outcomes, counters, replies, acknowledgements and stopping (spec 7.3, 7.4).
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TaskerError } from '../../../src/domain/errors.ts';
import { CommandChannel } from '../../../src/orchestration/commands/command-channel.ts';
import { CommandProcessor } from '../../../src/orchestration/commands/command-processor.ts';
import type { CommandHandlers, OrchestrationCommand } from '../../../src/orchestration/commands/commands.ts';
import { describeService } from '../../helpers/describe-service.ts';
import { createPushProvider } from '../push-provider.ts';
import {
  recordingHandlers,
  sendFinalization,
  sendStepResult,
  sendTaskRequest,
  stepMessage,
  taskRequest,
  uuid,
} from '../command-fakes.ts';

const RESULTS = 'orchestration_step_results';
const REQUESTS = 'orchestration_task_requests';
const FINALIZATIONS = 'orchestration_task_finalizations';

function harness(overrides: Partial<CommandHandlers> = {}) {
  const channel = new CommandChannel<OrchestrationCommand>(1000);
  const provider = createPushProvider();
  const handlers = recordingHandlers(overrides);
  const batchSizes: number[] = [];
  const processor = new CommandProcessor({ channel, handlers, provider, onBatch: (taken) => batchSizes.push(taken) });
  return { channel, provider, handlers, processor, batchSizes };
}

function event(queueName: string, messageId: string) {
  return { via: 'event', event: { queueName, namespace: 'orchestration', messageId } } as const;
}

async function received(provider: ReturnType<typeof createPushProvider>, queueName: string) {
  const messages = await provider.receive({ queueName, max: 100, visibilityMs: 30_000 });
  return messages.map((message) => ({ via: 'message', message }) as const);
}

function callsOf(provider: ReturnType<typeof createPushProvider>, name: string) {
  return provider.calls.filter((call) => call.name === name).map(({ queueName, ids }) => ({ queueName, ids }));
}

describeService('the command processor', () => {
  const { channel, processor } = harness();
  return {
    service: processor,
    async works() {
      const outcome = await sendStepResult(channel, { via: 'direct', input: stepMessage(1) });
      expect(outcome).toMatchObject({ ok: true });
    },
    isQuiet: () => expect(processor.isRunning).toBe(false),
  };
});

describe('CommandProcessor', () => {
  it('answers each act with its own result and counts it', async () => {
    const { channel, processor, handlers } = harness();
    await processor.start();
    const outcomes = await Promise.all([
      sendTaskRequest(channel, { via: 'direct', input: taskRequest('a') }),
      sendStepResult(channel, { via: 'direct', input: stepMessage(1) }),
      sendFinalization(channel, { via: 'direct', input: uuid(9) }),
    ]);
    expect(outcomes.map((outcome) => outcome.ok && outcome.value.kind)).toEqual(['Success', 'Success', 'Success']);
    expect(handlers.batches.map((batch) => batch.act)).toEqual(['initialize_task', 'process_step_result', 'finalize_task']);
    expect(processor.stats.snapshot().counters).toEqual({
      taskRequestsProcessed: 1,
      stepResultsProcessed: 1,
      tasksFinalized: 1,
      tasksReadyProcessed: 0,
      processingErrors: 0,
      messagesNotFound: 0,
    });
    await processor.stop();
  });

  it('takes one command when idle and all that gathered while a batch was running', async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    let first = true;
    const { channel, processor, batchSizes } = harness({
      async processStepResults(results) {
        if (first) {
          first = false;
          await gate;
        }
        return results.map(() => ({ ok: true, value: { kind: 'Success', message: '' } }));
      },
    });
    await processor.start();
    const idle = sendStepResult(channel, { via: 'direct', input: stepMessage(0) });
    while (channel.size > 0) await Promise.resolve();
    const gathered = Array.from({ length: 300 }, (_, index) =>
      sendStepResult(channel, { via: 'direct', input: stepMessage(index + 1) }),
    );
    release();
    await Promise.all([idle, ...gathered]);
    await processor.stop();
    expect(batchSizes).toEqual([1, 256, 44]);
  });

  it('reads all signals of a queue at once, acknowledges them at once, and handles a repeated result once', async () => {
    const { channel, processor, provider, handlers } = harness();
    const ids = await provider.send(RESULTS, [stepMessage(1), stepMessage(2), stepMessage(1)]);
    await processor.start();
    const outcomes = await Promise.all(ids.map((id) => sendStepResult(channel, event(RESULTS, id))));
    await processor.stop();
    expect(outcomes.map((outcome) => outcome.ok && outcome.value)).toEqual([
      { kind: 'Success', message: uuid(1) },
      { kind: 'Success', message: uuid(2) },
      { kind: 'Success', message: uuid(1) },
    ]);
    expect(handlers.batches).toEqual([{ act: 'process_step_result', inputs: [stepMessage(1), stepMessage(2)] }]);
    expect(callsOf(provider, 'fetchById')).toEqual([{ queueName: RESULTS, ids }]);
    expect(callsOf(provider, 'ack')).toEqual([{ queueName: RESULTS, ids }]);
    expect(processor.stats.counters.stepResultsProcessed).toBe(3);
    expect(provider.waiting(RESULTS)).toBe(0);
  });

  it('acknowledges each queue of a mixed batch with one call', async () => {
    const { channel, processor, provider } = harness();
    await provider.send(RESULTS, [stepMessage(1), stepMessage(2)]);
    await provider.send(REQUESTS, [{ request_id: 'r', task_request: { name: 'a' } }]);
    const [one, two] = await received(provider, RESULTS);
    const [request] = await received(provider, REQUESTS);
    if (one === undefined || two === undefined || request === undefined) throw new Error('the messages were not received');
    await processor.start();
    await Promise.all([sendStepResult(channel, one), sendTaskRequest(channel, request), sendStepResult(channel, two)]);
    await processor.stop();
    expect(callsOf(provider, 'ack')).toEqual([
      { queueName: REQUESTS, ids: ['3'] },
      { queueName: RESULTS, ids: ['1', '2'] },
    ]);
  });

  it('knows a task request again when it is delivered a second time, with a request_id and without', async () => {
    const { channel, processor, provider, handlers } = harness();
    await processor.start();
    await provider.send(REQUESTS, [{ request_id: 'r', task_request: { name: 'a' } }, { task_request: { name: 'a' } }]);
    const deliver = async () => {
      const messages = await received(provider, REQUESTS);
      await Promise.all(messages.map((message) => sendTaskRequest(channel, message)));
      return handlers.batches.at(-1)?.inputs;
    };
    provider.fail('ack', new Error('lost'));
    const first = await deliver();
    expect(first).toMatchObject([
      { requestId: 'r' },
      { requestId: 'pgmq:orchestration_task_requests:2@1970-01-01T00:00:00.000Z' },
    ]);
    provider.expireVisibility();
    expect(await deliver()).toEqual(first);
    await processor.stop();
  });

  it('handles a task request once that arrives notified and polled in one batch', async () => {
    const { channel, processor, provider, handlers } = harness();
    await provider.send(REQUESTS, [{ request_id: 'r', task_request: { name: 'a' } }]);
    const [polled] = await received(provider, REQUESTS);
    if (polled === undefined) throw new Error('the message was not received');
    await processor.start();
    const outcomes = await Promise.all([sendTaskRequest(channel, polled), sendTaskRequest(channel, polled)]);
    await processor.stop();
    expect(outcomes.map((outcome) => outcome.ok)).toEqual([true, true]);
    expect(handlers.batches.map((batch) => batch.inputs.length)).toEqual([1]);
  });

  it('tells a signal whose message is gone apart from an error', async () => {
    const { channel, processor, provider } = harness();
    const [id] = await provider.send(RESULTS, [stepMessage(1)]);
    await processor.start();
    const [here, gone] = await Promise.all([
      sendStepResult(channel, event(RESULTS, id ?? '')),
      sendStepResult(channel, event(RESULTS, '77')),
    ]);
    await processor.stop();
    expect(here).toMatchObject({ ok: true });
    expect(gone).toMatchObject({ ok: false, error: { code: 'MESSAGE_NOT_FOUND' } });
    expect(processor.stats.counters).toMatchObject({ stepResultsProcessed: 1, processingErrors: 0, messagesNotFound: 1 });
  });

  it('keeps a message that cannot be read and counts the error', async () => {
    const { channel, processor, provider } = harness();
    const [bad, good] = await provider.send(RESULTS, [{ step: 1 }, stepMessage(1)]);
    await processor.start();
    const outcomes = await Promise.all([bad, good].map((id) => sendStepResult(channel, event(RESULTS, id ?? ''))));
    await processor.stop();
    expect(outcomes).toMatchObject([{ ok: false, error: { code: 'STEP_MESSAGE_INVALID' } }, { ok: true }]);
    expect(provider.waiting(RESULTS)).toBe(1);
    expect(processor.stats.counters).toMatchObject({ stepResultsProcessed: 1, processingErrors: 1 });
  });

  it('acknowledges failed and skipped step results, but only successful finalizations', async () => {
    const { channel, processor, provider } = harness({
      processStepResults: async () => [
        { ok: true, value: { kind: 'Failed', error: 'f' } },
        { ok: true, value: { kind: 'Skipped', reason: 's' } },
      ],
      finalizeTasks: async (taskUuids) =>
        taskUuids.map((taskUuid) =>
          taskUuid === uuid(1)
            ? { ok: true, value: { kind: 'NotClaimed', reason: 'busy', alreadyClaimedBy: undefined } }
            : { ok: true, value: { kind: 'Success', taskUuid, finalStatus: 'Completed', completionTime: undefined } },
        ),
    });
    const results = await provider.send(RESULTS, [stepMessage(1), stepMessage(2)]);
    const finalizations = await provider.send(FINALIZATIONS, [{ task_uuid: uuid(1) }, { task_uuid: uuid(2) }]);
    await processor.start();
    await Promise.all([
      ...results.map((id) => sendStepResult(channel, event(RESULTS, id))),
      ...finalizations.map((id) => sendFinalization(channel, event(FINALIZATIONS, id))),
    ]);
    await processor.stop();
    expect(provider.waiting(RESULTS)).toBe(0);
    expect(provider.waiting(FINALIZATIONS)).toBe(1);
    expect(processor.stats.counters).toMatchObject({ stepResultsProcessed: 2, tasksFinalized: 2, processingErrors: 0 });
  });

  it('lets a result stand whose acknowledgement failed', async () => {
    const { channel, processor, provider } = harness();
    const [id] = await provider.send(RESULTS, [stepMessage(1)]);
    provider.fail('ack', new Error('connection lost'));
    await processor.start();
    expect(await sendStepResult(channel, event(RESULTS, id ?? ''))).toMatchObject({ ok: true });
    await processor.stop();
    expect(processor.stats.counters).toMatchObject({ stepResultsProcessed: 1, processingErrors: 0 });
  });

  it('runs the members one by one when a batch throws, so that one poison member fails alone', async () => {
    const { channel, processor } = harness({
      async processStepResults(results) {
        if (results.some((result) => result.step_uuid === uuid(2))) throw new Error('poison');
        return results.map((result) => ({ ok: true, value: { kind: 'Success', message: result.step_uuid } }));
      },
    });
    await processor.start();
    const outcomes = await Promise.all(
      [1, 2, 3].map((step) => sendStepResult(channel, { via: 'direct', input: stepMessage(step) })),
    );
    await processor.stop();
    expect(outcomes).toMatchObject([{ ok: true }, { ok: false, error: { message: 'poison' } }, { ok: true }]);
    expect(processor.stats.counters).toMatchObject({ stepResultsProcessed: 2, processingErrors: 1 });
  });

  it('goes on after a reply that throws', async () => {
    const { channel, processor } = harness();
    await processor.start();
    channel.trySend({
      act: 'process_step_result',
      source: { via: 'direct', input: stepMessage(1) },
      reply: () => {
        throw new Error('nobody listens');
      },
    });
    expect(await sendStepResult(channel, { via: 'direct', input: stepMessage(2) })).toMatchObject({ ok: true });
    await processor.stop();
    expect(processor.stats.counters).toMatchObject({ stepResultsProcessed: 2, processingErrors: 0 });
  });

  it('refuses a direct request that breaks the rules without calling the handlers', async () => {
    const { channel, processor, handlers } = harness();
    await processor.start();
    const outcome = await sendTaskRequest(channel, { via: 'direct', input: { ...taskRequest('a'), priority: 101 } });
    await processor.stop();
    expect(outcome).toMatchObject({ ok: false, error: { code: 'TASK_REQUEST_INVALID' } });
    expect(handlers.batches).toEqual([]);
  });

  it('answers a caller without types whose input cannot even be read', async () => {
    const { channel, processor } = harness();
    await processor.start();
    // As: what a JavaScript caller can pass in spite of the types.
    const nothing = null as unknown as ReturnType<typeof stepMessage>;
    const request = null as unknown as ReturnType<typeof taskRequest>;
    const outcomes = await Promise.all([
      sendStepResult(channel, { via: 'direct', input: nothing }),
      sendTaskRequest(channel, { via: 'direct', input: request }),
      sendTaskRequest(channel, { via: 'direct', input: { ...taskRequest('a'), context: { circular: channel } as never } }),
    ]);
    expect(outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.error.code))).toEqual([
      'STEP_MESSAGE_INVALID',
      'TASK_REQUEST_INVALID',
      'JSON_NOT_REPRESENTABLE',
    ]);
    await processor.stop();
  });

  it('stops although the messages it wants to give back cannot be reached', async () => {
    const { channel, processor, provider } = harness();
    await provider.send(RESULTS, [stepMessage(1)]);
    const [message] = await received(provider, RESULTS);
    if (message === undefined) throw new Error('the message was not received');
    provider.fail('requeue', new Error('lost'));
    await processor.start();
    const waiting = sendStepResult(channel, message);
    await processor.stop();
    expect(await waiting).toMatchObject({ ok: false, error: { code: 'COMMAND_DROPPED' } });
    expect(processor.isRunning).toBe(false);
  });

  it('finishes what it took, answers what still waits as dropped, and gives received messages back', async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const { channel, processor, provider } = harness({
      async processStepResults(results) {
        await gate;
        return results.map(() => ({ ok: true, value: { kind: 'Success', message: '' } }));
      },
    });
    await provider.send(RESULTS, [stepMessage(2)]);
    const [message] = await received(provider, RESULTS);
    if (message === undefined) throw new Error('the message was not received');
    await processor.start();
    const taken = sendStepResult(channel, { via: 'direct', input: stepMessage(1) });
    while (channel.size > 0) await Promise.resolve();
    const waiting = sendStepResult(channel, message);
    const stopped = processor.stop();
    release();
    await stopped;
    expect(await taken).toMatchObject({ ok: true });
    expect(await waiting).toMatchObject({ ok: false, error: { code: 'COMMAND_DROPPED' } });
    expect(callsOf(provider, 'requeue')).toEqual([{ queueName: RESULTS, ids: ['1'] }]);
  });

  it('empties a closed channel and then ends by itself', async () => {
    const { channel, processor } = harness();
    const waiting = sendStepResult(channel, { via: 'direct', input: stepMessage(1) });
    channel.close();
    await processor.start();
    expect(await waiting).toMatchObject({ ok: true });
    await processor.stop();
    expect(processor.isRunning).toBe(false);
  });

  it('gives each command exactly one reply, whatever fails', async () => {
    const command = fc.record({
      step: fc.nat({ max: 5 }),
      via: fc.constantFrom('direct' as const, 'event' as const, 'lost' as const),
      pause: fc.boolean(),
    });
    const failure = fc.constantFrom('none', 'throw', 'outage', 'error', 'short');
    await fc.assert(
      fc.asyncProperty(
        fc.array(command, { maxLength: 40 }),
        fc.array(failure),
        fc.boolean(),
        async (commands, failures, acks) => {
          let call = 0;
          const { channel, processor, provider } = harness({
            async processStepResults(results) {
              const how = failures[call++ % Math.max(failures.length, 1)] ?? 'none';
              if (how === 'throw') throw new Error('bug');
              if (how === 'outage') throw new TaskerError('DOWN', 'down', { kind: 'infrastructure' });
              if (how === 'short') return [];
              if (how === 'error') return results.map(() => ({ ok: false, error: new TaskerError('X', 'x') }));
              return results.map(() => ({ ok: true, value: { kind: 'Success', message: '' } }));
            },
          });
          if (!acks) provider.fail('ack', new Error('ack'));
          await processor.start();
          const replies = commands.map(() => 0);
          for (const [index, { step, via, pause }] of commands.entries()) {
            const [id = ''] = via === 'event' ? await provider.send(RESULTS, [stepMessage(step)]) : ['999'];
            const source = via === 'direct' ? ({ via, input: stepMessage(step) } as const) : event(RESULTS, id);
            channel.trySend({
              act: 'process_step_result',
              source,
              reply: () => void (replies[index] = (replies[index] ?? 0) + 1),
            });
            if (pause) await new Promise((resolve) => void setImmediate(resolve));
          }
          await processor.stop();
          expect(replies).toEqual(commands.map(() => 1));
        },
      ),
      { numRuns: 60 },
    );
  });
});

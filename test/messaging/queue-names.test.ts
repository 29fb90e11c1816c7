// Queue names: how they are built, what is refused, whose queue a name is, and on which channel it is announced.
import { describe, expect, it } from 'vitest';
import {
  canonicalQueueName,
  channelOfQueue,
  classifyQueue,
  domainEventsQueue,
  holdsPointers,
  isSameQueue,
  namespaceOfQueue,
  orchestrationQueues,
  requireQueueName,
  workerQueue,
} from '../../src/messaging/queue-names.ts';

describe('queue names', () => {
  it('builds the names of the specification', () => {
    expect(workerQueue('payments')).toBe('worker_payments_queue');
    expect(workerQueue('payments', 'edge')).toBe('edge_payments_queue');
    expect(domainEventsQueue('payments')).toBe('payments_domain_events');
    expect(Object.values(orchestrationQueues)).toEqual([
      'orchestration_step_results',
      'orchestration_task_requests',
      'orchestration_task_finalizations',
    ]);
  });

  it.each([
    ['', 'letters, digits and underscores'],
    ['a-b', 'letters, digits and underscores'],
    ['a b', 'letters, digits and underscores'],
    ['ä', 'letters, digits and underscores'],
    ['x'.repeat(48), '48 characters'],
  ])('refuses "%s" and says why', (name, reason) => {
    expect(() => requireQueueName(name)).toThrow(expect.objectContaining({ code: 'QUEUE_NAME_INVALID', kind: 'input' }));
    expect(() => requireQueueName(name)).toThrow(reason);
  });

  it('accepts 47 characters, the namespace of 29 among them, and compares without case', () => {
    expect(requireQueueName('x'.repeat(47))).toHaveLength(47);
    expect(workerQueue('n'.repeat(29))).toHaveLength(42);
    expect(canonicalQueueName('Worker_A_Queue')).toBe('worker_a_queue');
    expect(isSameQueue('A_queue', 'a_QUEUE')).toBe(true);
  });

  it('refuses an empty or unfit namespace', () => {
    expect(() => workerQueue('')).toThrow('an empty namespace');
    expect(() => workerQueue('pay-ments')).toThrow('worker_pay-ments_queue');
    expect(() => workerQueue('n'.repeat(40))).toThrow('shorten it to 47');
  });

  it.each([
    ['orchestration_step_results', { kind: 'step_results' }],
    ['Orchestration_Task_Requests', { kind: 'task_requests' }],
    ['orchestration_task_finalizations', { kind: 'task_finalizations' }],
    ['worker_payments_queue', { kind: 'worker', namespace: 'payments' }],
    ['payments_queue', { kind: 'worker', namespace: 'payments' }],
    ['worker_queue', { kind: 'worker', namespace: 'worker' }],
    ['worker_a_b_queue', { kind: 'worker', namespace: 'a_b' }],
    ['worker__queue', { kind: 'unknown' }],
    ['_queue', { kind: 'unknown' }],
    ['payments_domain_events', { kind: 'unknown' }],
  ])('classifies %s', (name, expected) => {
    expect(classifyQueue(name)).toEqual(expected);
  });

  it('classifies by the configured names before the form of the name', () => {
    const queues = { stepResults: 'results_queue', taskRequests: 'requests_queue', taskFinalizations: 'finals_queue' };
    expect(classifyQueue('RESULTS_queue', queues)).toEqual({ kind: 'step_results' });
    expect(classifyQueue('orchestration_step_results', queues)).toEqual({ kind: 'unknown' });
  });

  it.each([
    ['orchestration_step_results', 'orchestration'],
    ['Orchestration_x', 'orchestration'],
    ['worker_payments_queue', 'payments'],
    ['Worker_Payments_Queue', 'payments'],
    ['payments_queue', 'payments'],
    ['payments_domain_events', 'default'],
    ['worker__queue', 'default'],
  ])('announces %s under namespace %s', (name, namespace) => {
    expect(namespaceOfQueue(name)).toBe(namespace);
    expect(channelOfQueue(name)).toBe(`pgmq_message_ready.${namespace}`);
  });

  it('knows that a task request is the only copy of what it says', () => {
    expect(holdsPointers('Orchestration_Task_Requests')).toBe(false);
    expect(['orchestration_step_results', 'worker_a_queue'].map((name) => holdsPointers(name))).toEqual([true, true]);
    expect(holdsPointers('requests', { ...orchestrationQueues, taskRequests: 'requests' })).toBe(false);
  });

  it('keeps every channel below the 63 bytes of a PostgreSQL identifier', () => {
    expect(channelOfQueue(`${'x'.repeat(41)}_queue`)).toHaveLength(60);
  });
});

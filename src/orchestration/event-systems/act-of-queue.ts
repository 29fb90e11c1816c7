// Which act the messages of an orchestration queue ask for, and in which order the poller visits the queues.
import { classifyQueue, type OrchestrationQueues } from '../../messaging/queue-names.ts';
import type { Act } from './command-dispatch.ts';

/** Undefined for every queue that is not one of the orchestrator's three. */
export function actOfQueue(queueName: string, queues: OrchestrationQueues): Act | undefined {
  switch (classifyQueue(queueName, queues).kind) {
    case 'step_results':
      return 'process_step_result';
    case 'task_requests':
      return 'initialize_task';
    case 'task_finalizations':
      return 'finalize_task';
    case 'worker':
    case 'unknown':
      return undefined;
  }
}

/** Step results first: they free workers' follow-up steps, while a new task can wait (spec 4.7). */
export function queuesInOrder(queues: OrchestrationQueues): readonly { readonly queueName: string; readonly act: Act }[] {
  return [
    { queueName: queues.stepResults, act: 'process_step_result' },
    { queueName: queues.taskRequests, act: 'initialize_task' },
    { queueName: queues.taskFinalizations, act: 'finalize_task' },
  ];
}

// Handlers that succeed unless told otherwise and remember each batch, and the shortest way to send a command.
import type { TaskerError } from '../../src/domain/errors.ts';
import type { Settled } from '../../src/domain/json.ts';
import type { CommandChannel } from '../../src/orchestration/commands/command-channel.ts';
import type {
  CommandHandlers,
  CommandSource,
  OrchestrationCommand,
  StepMessage,
  StepProcessResult,
  TaskFinalizationResult,
  TaskInitializeResult,
  TaskRequest,
} from '../../src/orchestration/commands/commands.ts';

export interface RecordingHandlers extends CommandHandlers {
  readonly batches: { readonly act: string; readonly inputs: readonly unknown[] }[];
}

export function uuid(number: number): string {
  return `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
}

export function stepMessage(step: number, task = 1): { task_uuid: string; step_uuid: string; correlation_id: string } {
  return { task_uuid: uuid(task), step_uuid: uuid(step), correlation_id: uuid(0) };
}

export function taskRequest(name: string): TaskRequest {
  return { namespace: 'default', name, version: '0.1.0', context: {} };
}

export function recordingHandlers(overrides: Partial<CommandHandlers> = {}): RecordingHandlers {
  const batches: { act: string; inputs: readonly unknown[] }[] = [];
  return {
    batches,
    async initializeTasks(requests) {
      batches.push({ act: 'initialize_task', inputs: requests });
      if (overrides.initializeTasks !== undefined) return overrides.initializeTasks(requests);
      return requests.map((_, index) => ({ ok: true, value: { kind: 'Success', taskUuid: uuid(index), message: 'created' } }));
    },
    async processStepResults(results) {
      batches.push({ act: 'process_step_result', inputs: results });
      if (overrides.processStepResults !== undefined) return overrides.processStepResults(results);
      return results.map((result) => ({ ok: true, value: { kind: 'Success', message: result.step_uuid } }));
    },
    async finalizeTasks(taskUuids) {
      batches.push({ act: 'finalize_task', inputs: taskUuids });
      if (overrides.finalizeTasks !== undefined) return overrides.finalizeTasks(taskUuids);
      return taskUuids.map((taskUuid) => ({
        ok: true,
        value: { kind: 'Success', taskUuid, finalStatus: 'Completed', completionTime: undefined },
      }));
    },
  };
}

type Channel = CommandChannel<OrchestrationCommand>;

export function sendStepResult(
  channel: Channel,
  source: CommandSource<StepMessage>,
): Promise<Settled<StepProcessResult, TaskerError>> {
  return new Promise((reply) => void channel.trySend({ act: 'process_step_result', source, reply }));
}

export function sendTaskRequest(
  channel: Channel,
  source: CommandSource<TaskRequest>,
): Promise<Settled<TaskInitializeResult, TaskerError>> {
  return new Promise((reply) => void channel.trySend({ act: 'initialize_task', source, reply }));
}

export function sendFinalization(
  channel: Channel,
  source: CommandSource<string>,
): Promise<Settled<TaskFinalizationResult, TaskerError>> {
  return new Promise((reply) => void channel.trySend({ act: 'finalize_task', source, reply }));
}

// Submits tasks as others complete, so that steps wait for recovery and not for their turn behind a backlog.
import type { TaskTemplate } from '../../src/domain/template/task-template.ts';
import { orchestrationQueues } from '../../src/messaging/queue-names.ts';
import type { TaskRequest } from '../../src/orchestration/commands/commands.ts';
import { taskRequestMessage } from '../../src/orchestration/commands/hydrate.ts';
import { newUuid } from '../../src/runtime/clock.ts';
import type { Tasker } from '../../src/runtime/tasker.ts';
import { readProgress } from './crash-oracle.ts';
import type { Progress } from './crash-oracle.ts';
import { below, randomTemplate } from './random-dag.ts';

const openTasks = 48;
const batch = 12;

/** Tasks of 16 random templates, which are made known. */
export async function randomRequests({ runtime }: Tasker, tasks: number, random: () => number): Promise<readonly TaskRequest[]> {
  const known: TaskTemplate[] = [];
  for (let index = 0; index < 16; index += 1) {
    const { template } = await runtime.core.registerTemplate(randomTemplate(`random_${index}`, random));
    known.push(template);
  }
  return Array.from({ length: tasks }, (_, index) => {
    const template = known[below(random, known.length)];
    if (template === undefined) throw new Error('no template was made');
    return { namespace: template.namespace_name, name: template.name, version: template.version, context: { index } };
  });
}

export class SteadyLoad {
  readonly #tasker: Tasker;
  #waiting: readonly TaskRequest[];
  #submitted = 0;

  constructor(tasker: Tasker, requests: readonly TaskRequest[]) {
    this.#tasker = tasker;
    this.#waiting = requests;
  }

  /** How far the tasks are; submits some more when few are open, every third batch as messages to the orchestrators. */
  async keepUp(): Promise<Progress> {
    const progress = await readProgress(this.#tasker.runtime.pool);
    if (this.#waiting.length === 0 || this.#submitted - progress.completeTasks > openTasks - batch) return progress;
    const requests = this.#waiting.slice(0, batch).map((request) => ({ ...request, requestedAt: new Date().toISOString() }));
    const byMessage = (this.#submitted / batch) % 3 === 2;
    this.#waiting = this.#waiting.slice(batch);
    this.#submitted += requests.length;
    const { core, provider } = this.#tasker.runtime;
    if (!byMessage) {
      await core.submitTasks(requests);
      return progress;
    }
    const queue = orchestrationQueues.taskRequests;
    provider.announce(
      queue,
      await provider.send(
        queue,
        requests.map((request) => taskRequestMessage(newUuid(), request)),
      ),
    );
    return progress;
  }
}

// Steps of a shared namespace whose handlers are in other workers: given back once, the attempt not counted, and left alone from then on.
import { messageOf } from '../domain/errors.ts';
import type { Logger } from '../domain/ports.ts';
import type { ClaimedStep, StepKind, WorkerStore } from '../store/store.ts';
import type { TemplateCache } from '../store/template-cache.ts';
import type { HandlerQuery, HandlerRegistry } from './handler-registry.ts';

export interface ForeignStepsOptions {
  readonly workerUuid: string;
  readonly store: Pick<WorkerStore, 'releaseSteps'>;
  readonly templates: Pick<TemplateCache, 'peek' | 'byUuid'>;
  readonly registry: Pick<HandlerRegistry, 'knows'>;
  readonly logger: Logger;
}

interface ForeignKind extends StepKind {
  readonly query: HandlerQuery;
}

// Each of them is looked for in every claim; what is forgotten is claimed, and given back, once more.
const maxKinds = 500;

export class ForeignSteps {
  readonly #options: ForeignStepsOptions;
  #kinds: readonly ForeignKind[] = [];
  readonly #warned = new Set<string>();

  constructor(options: ForeignStepsOptions) {
    this.#options = options;
  }

  /** What a claim is to leave in its queue; a handler that was registered meanwhile is foreign no more. */
  kinds(): readonly StepKind[] {
    if (this.#kinds.length > 0) this.#kinds = this.#kinds.filter(({ query }) => !this.#options.registry.knows(query));
    return this.#kinds;
  }

  /** Which of the claimed steps have their handler here. Reads nothing but templates that this process has not seen yet. */
  async sortOut(claimed: readonly ClaimedStep[]): Promise<{
    readonly own: readonly ClaimedStep[];
    readonly foreign: readonly ClaimedStep[];
  }> {
    const own: ClaimedStep[] = [];
    const foreign: ClaimedStep[] = [];
    for (const step of claimed) {
      const query = await this.#queryOf(step);
      if (query === undefined || this.#options.registry.knows(query)) {
        own.push(step);
        continue;
      }
      foreign.push(step);
      this.#remember(step, query);
    }
    return { own, foreign };
  }

  /** Back into their queue, to be seen at once: the next claim of this worker passes them over. Answers with those given back. */
  async giveBack(steps: readonly ClaimedStep[]): Promise<readonly ClaimedStep[]> {
    const { store, workerUuid, logger } = this.#options;
    if (steps.length === 0) return [];
    try {
      const released = new Set(await store.releaseSteps(workerUuid, steps));
      return steps.filter(({ stepUuid }) => released.has(stepUuid));
    } catch (error) {
      const stepUuids = steps.map(({ stepUuid }) => stepUuid);
      logger.error(
        { stepUuids, error: messageOf(error) },
        'steps could not be given back; another worker has them when their leases end',
      );
      return [];
    }
  }

  /** Undefined when it cannot be told: running the step fails it with the reason. */
  async #queryOf({ namedTaskUuid, stepName }: ClaimedStep): Promise<HandlerQuery | undefined> {
    const { templates } = this.#options;
    try {
      const { template } = templates.peek(namedTaskUuid) ?? (await templates.byUuid(namedTaskUuid));
      return template.steps.find(({ name }) => name === stepName)?.handler;
    } catch {
      return undefined;
    }
  }

  #remember({ namedTaskUuid, stepName, queueName }: ClaimedStep, query: HandlerQuery): void {
    const isKnown = this.#kinds.some((kind) => kind.namedTaskUuid === namedTaskUuid && kind.stepName === stepName);
    if (!isKnown) this.#kinds = [...this.#kinds.slice(1 - maxKinds), { namedTaskUuid, stepName, query }];
    const { callable } = query;
    if (this.#warned.has(callable)) return;
    this.#warned.add(callable);
    this.#options.logger.warn(
      { callable, stepName, queueName },
      `no handler here is named ${callable}: its steps are left to other workers of the namespace`,
    );
  }
}

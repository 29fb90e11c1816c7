// A worker in this process: the worker loop wired to templates, handlers and the request builder.
import { workerQueue } from '../messaging/queue-names.ts';
import { buildStepRequest } from '../orchestration/lifecycle/step-request-builder.ts';
import { createTemplateCache } from '../store/template-cache.ts';
import type { HandlerRegistry } from '../worker/handler-registry.ts';
import { ForeignSteps } from '../worker/foreign-steps.ts';
import { createRunStep } from '../worker/run-step.ts';
import { createWorker } from '../worker/worker.ts';
import type { Worker } from '../worker/worker.ts';
import { newUuid } from './clock.ts';
import type { Runtime } from './open-runtime.ts';

export interface WorkerRuntimeOptions {
  readonly registry: HandlerRegistry;
  /** The namespaces whose queues this worker serves. */
  readonly namespaces: readonly string[];
  /** Default 10. */
  readonly concurrency?: number;
  /** Default 30,000 ms. */
  readonly leaseMs?: number;
  /** Default 1,000 ms. */
  readonly pollIntervalMs?: number;
  /** Default 30,000 ms. */
  readonly drainMs?: number;
}

// The health row is written every 5 s: 500 names of at most 500 characters are 250 kB of it at worst.
const maxHandlersTold = 500;

function handlersTold(registry: HandlerRegistry): readonly string[] | null {
  const handlers = registry.list();
  return registry.isListed() && handlers.length <= maxHandlersTold ? handlers : null;
}

export function createWorkerOf(runtime: Runtime, options: WorkerRuntimeOptions): Worker {
  const { registry, namespaces, ...settings } = options;
  const workerUuid = newUuid();
  const { store, provider, clock, logger } = runtime;
  const templates = createTemplateCache(store);
  return createWorker({
    ...settings,
    workerUuid,
    store,
    provider,
    clock,
    logger,
    queueNames: namespaces.map((namespace) => workerQueue(namespace)),
    foreign: new ForeignSteps({ workerUuid, store, templates, registry, logger }),
    serves: () => ({ namespaces, handlers: handlersTold(registry) }),
    runStep: createRunStep({
      templates,
      registry,
      clock,
      workerId: workerUuid,
      buildRequest: (step, template, now) =>
        buildStepRequest({
          step: { ...step, name: step.stepName, dependenciesSatisfied: true },
          template,
          taskContext: step.context,
          previousResults: step.dependencies,
          now,
        }),
    }),
  });
}

// The library: open a database, define and register tasks, run orchestrator and worker here or elsewhere, submit and await.
import { TaskerError } from '../domain/errors.ts';
import { checkJson } from '../domain/json-limits.ts';
import type { Clock, Logger } from '../domain/ports.ts';
import { silentLogger } from '../domain/ports.ts';
import type { TaskState } from '../domain/states.ts';
import { templateKey } from '../domain/template/template-graph.ts';
import type { TaskTemplate } from '../domain/template/task-template.ts';
import type { TaskRequest } from '../orchestration/commands/commands.ts';
import type { StepAction } from '../orchestration/lifecycle/operator-actions.ts';
import type { RegisteredTemplate, TaskDetails } from '../store/store.ts';
import { createHandlerRegistry } from '../worker/handler-registry.ts';
import type { HandlerRegistry } from '../worker/handler-registry.ts';
import type { Handler } from '../worker/handler.ts';
import type { Worker } from '../worker/worker.ts';
import { openDatabase } from './database/open-database.ts';
import type { DatabaseLease } from './database/database-lease.ts';
import type { StepOutputs, StepShape, TaskDefinition } from './define-task.ts';
import { HealthReporter } from './health-reporter.ts';
import { openRuntime } from './open-runtime.ts';
import type { Runtime } from './open-runtime.ts';
import { OutcomeWaiter } from './outcome-waiter.ts';
import type { WaitOptions } from './outcome-waiter.ts';
import { createOrchestrator } from './start-orchestrator.ts';
import type { Orchestrator, OrchestratorOptions } from './start-orchestrator.ts';
import { createWorkerOf } from './start-worker.ts';
import type { WorkerRuntimeOptions } from './start-worker.ts';

export interface TaskerOptions {
  /** Default: DATABASE_URL, else a container where Docker answers, else the embedded PostgreSQL. */
  readonly databaseUrl?: string | undefined;
  /** Data directory of the embedded PostgreSQL. */
  readonly dataDir?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly logger?: Logger;
  readonly clock?: Clock;
  /** Default true. */
  readonly migrate?: boolean;
  readonly maxConnections?: number;
  readonly applicationName?: string;
}

export interface SubmitOptions<Context = object> {
  readonly context?: Context;
  readonly idempotencyKey?: string | undefined;
  /** −100 to 100, default 0. */
  readonly priority?: number;
  readonly tags?: readonly string[];
  readonly correlationId?: string;
  readonly initiator?: string;
  readonly reason?: string;
}

/** What became of a task. */
export interface TaskResult<Outputs = Readonly<Record<string, unknown>>> {
  readonly taskUuid: string;
  /** A terminal state, or blocked_by_failures. */
  readonly status: TaskState;
  /** Result of each step that has one, by name. */
  readonly outputs: Partial<Outputs>;
  readonly details: TaskDetails;
}

export interface TaskHandle<Outputs = Readonly<Record<string, unknown>>> {
  readonly taskUuid: string;
  /** False: a task with this identity existed already, and this is it. */
  readonly created: boolean;
  /** Waits for a completion notification, not by polling. Rejects with TASK_WAIT_TIMEOUT. */
  outcome(options?: WaitOptions): Promise<TaskState>;
  /** The outcome with the results of the steps. */
  result(options?: WaitOptions): Promise<TaskResult<Outputs>>;
  details(): Promise<TaskDetails>;
  cancel(by: { readonly reason: string; readonly by: string }): Promise<void>;
  /** Reset, resolve or complete a step by its name; the task goes on by itself. */
  actOnStep(stepName: string, action: StepAction): Promise<void>;
}

type AnyDefinition = TaskDefinition<never, Readonly<Record<string, StepShape>>>;
type ContextOf<Definition> =
  Definition extends TaskDefinition<infer Context, Readonly<Record<string, StepShape>>> ? Context : object;

export interface Tasker {
  readonly runtime: Runtime;
  readonly database: Pick<DatabaseLease, 'kind' | 'description' | 'url'>;
  register(template: TaskTemplate): Promise<RegisteredTemplate>;
  /** Registers the definitions and runs orchestrator and worker for them in this process. */
  start(...definitions: readonly Pick<AnyDefinition, 'template' | 'handlers'>[]): Promise<void>;
  startOrchestrator(options?: OrchestratorOptions): Promise<Orchestrator>;
  startWorker(
    options: Omit<WorkerRuntimeOptions, 'registry'> & { readonly handlers: HandlerRegistry | Readonly<Record<string, Handler>> },
  ): Promise<Worker>;
  /** Submits a task of a definition. Throws TEMPLATE_NOT_FOUND, JSON_*, IDEMPOTENCY_KEY_REQUIRED. */
  submit<Definition extends { readonly template: TaskTemplate }>(
    definition: Definition,
    options?: SubmitOptions<ContextOf<Definition>>,
  ): Promise<TaskHandle<StepOutputs<Definition>>>;
  submitRequest(request: TaskRequest): Promise<TaskHandle>;
  task(taskUuid: string): TaskHandle;
  /** Stops what was started here, newest first, and leaves the database. Safe twice. Rejects with the first error, after all of it. */
  close(): Promise<void>;
}

export async function openTasker(options: TaskerOptions = {}): Promise<Tasker> {
  const logger = options.logger ?? silentLogger;
  const { databaseUrl, dataDir, env = process.env } = options;
  const lease = await openDatabase({ databaseUrl, dataDir, env, purpose: 'user', logger });
  try {
    const { clock, migrate, maxConnections, applicationName } = options;
    const runtime = await openRuntime({
      databaseUrl: lease.url,
      logger,
      ...(clock === undefined ? {} : { clock }),
      ...(migrate === undefined ? {} : { migrate }),
      ...(maxConnections === undefined ? {} : { maxConnections }),
      ...(applicationName === undefined ? {} : { applicationName }),
    });
    return new OpenTasker(runtime, lease);
  } catch (error) {
    await lease.close();
    throw error;
  }
}

class OpenTasker implements Tasker {
  readonly runtime: Runtime;
  readonly database: DatabaseLease;
  readonly #waiter: OutcomeWaiter;
  /** What this process registered, by name: its own submissions are tasks of that text and need no look-up. */
  readonly #registered = new Map<string, RegisteredTemplate>();
  readonly #health: HealthReporter;
  readonly #running: { stop(): Promise<void> }[] = [];
  #closing: Promise<void> | undefined;

  constructor(runtime: Runtime, database: DatabaseLease) {
    this.runtime = runtime;
    this.database = database;
    this.#waiter = new OutcomeWaiter(runtime);
    this.#health = new HealthReporter(runtime);
  }

  async register(template: TaskTemplate): Promise<RegisteredTemplate> {
    const registered = await this.runtime.core.registerTemplate(template);
    this.#registered.set(templateKey(template), registered);
    return registered;
  }

  async start(...definitions: readonly Pick<AnyDefinition, 'template' | 'handlers'>[]): Promise<void> {
    for (const { template } of definitions) await this.register(template);
    const handlers = Object.fromEntries(definitions.flatMap((definition) => Object.entries(definition.handlers)));
    const namespaces = [...new Set(definitions.map(({ template }) => template.namespace_name))];
    await this.startOrchestrator();
    await this.startWorker({ handlers, namespaces });
  }

  async startOrchestrator(options?: OrchestratorOptions): Promise<Orchestrator> {
    const orchestrator = createOrchestrator(this.runtime, options);
    await orchestrator.start();
    this.#running.push(orchestrator);
    await this.#health.addOrchestrator(orchestrator);
    return orchestrator;
  }

  async startWorker(options: Parameters<Tasker['startWorker']>[0]): Promise<Worker> {
    const { handlers, ...settings } = options;
    const registry = isRegistry(handlers) ? handlers : createHandlerRegistry(handlers);
    const worker = createWorkerOf(this.runtime, { ...settings, registry });
    await worker.start();
    this.#running.push(worker);
    await this.#health.addWorker(worker);
    return worker;
  }

  async submit<Definition extends { readonly template: TaskTemplate }>(
    definition: Definition,
    options: SubmitOptions<ContextOf<Definition>> = {},
  ): Promise<TaskHandle<StepOutputs<Definition>>> {
    const { template } = definition;
    const { context = {}, ...rest } = options;
    return this.#submit({
      ...withoutUndefined(rest),
      namespace: template.namespace_name,
      name: template.name,
      version: template.version,
      context: checkJson(context, { what: 'the context', mustBe: 'object' }),
    });
  }

  async submitRequest(request: TaskRequest): Promise<TaskHandle> {
    return this.#submit({ ...request, context: checkJson(request.context, { what: 'the context', mustBe: 'object' }) });
  }

  task(taskUuid: string): TaskHandle {
    return this.#handle(taskUuid, false);
  }

  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    const parts = [
      ...this.#running.toReversed().map((service) => () => service.stop()),
      () => this.#health.stop(),
      () => this.#waiter.close(),
      () => this.runtime.close(),
      () => this.database.close(),
    ];
    const errors: unknown[] = [];
    // All of them whatever happens to one, or a pool stays open, and a process alive, because a worker could not say goodbye.
    for (const part of parts) {
      try {
        await part();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }

  async #submit<Outputs>(request: TaskRequest): Promise<TaskHandle<Outputs>> {
    await this.#waiter.ready();
    const [settled] = await this.runtime.core.submitTasks(
      [request],
      this.#registered.get(`${request.namespace}/${request.name}:${request.version}`),
    );
    if (settled === undefined) throw new TaskerError('STORE_FAILED', 'submitting a task had no outcome.');
    if (!settled.ok) throw settled.error;
    return this.#handle(settled.value.taskUuid, settled.value.created);
  }

  #handle<Outputs>(taskUuid: string, created: boolean): TaskHandle<Outputs> {
    const { core, store } = this.runtime;
    const details = async () => {
      const found = await store.taskDetails(taskUuid);
      if (found !== undefined) return found;
      throw new TaskerError('TASK_NOT_FOUND', `no task has the uuid ${taskUuid}; \`tasker task list\` shows those there are.`, {
        kind: 'input',
      });
    };
    const outcome = (options?: WaitOptions) => this.#waiter.outcomeOf(taskUuid, options);
    return {
      taskUuid,
      created,
      outcome,
      details,
      async result(options) {
        const status = await outcome(options);
        const known = await details();
        // As: the outputs are what the handlers of this very definition returned, by the names of its steps.
        const outputs = Object.fromEntries(
          known.steps.filter((step) => step.result !== undefined).map((step) => [step.name, step.result]),
        ) as Partial<Outputs>;
        return { taskUuid, status, outputs, details: known };
      },
      async cancel(by) {
        await core.cancelTask(taskUuid, by);
      },
      async actOnStep(stepName, action) {
        const { steps } = await details();
        const step = steps.find(({ name }) => name === stepName);
        if (step === undefined) {
          throw new TaskerError(
            'STEP_NOT_IN_TASK',
            `task ${taskUuid} has no step ${stepName}; its steps are ${steps.map(({ name }) => name).join(', ')}.`,
            { kind: 'input' },
          );
        }
        await core.actOnStep(taskUuid, step.stepUuid, action);
      },
    };
  }
}

function isRegistry(handlers: HandlerRegistry | Readonly<Record<string, Handler>>): handlers is HandlerRegistry {
  return (
    typeof handlers['resolve'] === 'function' &&
    typeof handlers['register'] === 'function' &&
    typeof handlers['list'] === 'function'
  );
}

/** exactOptionalPropertyTypes: a key that is present must have a value. */
function withoutUndefined<T extends object>(value: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  // As: fromEntries forgets the keys; none that remains is undefined.
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as {
    [Key in keyof T]: Exclude<T[Key], undefined>;
  };
}

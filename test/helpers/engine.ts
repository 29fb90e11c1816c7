// Orchestrator and worker on a test database, opened through the library and closed after each test.
import { afterEach } from 'vitest';
import type { LogFields, Logger } from '../../src/domain/ports.ts';
import type { TaskTemplate } from '../../src/domain/template/task-template.ts';
import type { OrchestratorOptions } from '../../src/runtime/start-orchestrator.ts';
import type { WorkerRuntimeOptions } from '../../src/runtime/start-worker.ts';
import { openTasker } from '../../src/runtime/tasker.ts';
import type { TaskHandle, Tasker } from '../../src/runtime/tasker.ts';
import type { Handler, HandlerInput } from '../../src/worker/handler.ts';

export { planTask } from './plan-task.ts';
export type { StepPlan } from './plan-task.ts';

export interface LogLine {
  readonly level: keyof Logger;
  readonly fields: LogFields;
  readonly message: string;
}

export interface RecordingLogger extends Logger {
  readonly lines: readonly LogLine[];
  /** Resolves with the first line, past or to come, whose message contains the text. */
  line(text: string): Promise<LogLine>;
}

export function createRecordingLogger(): RecordingLogger {
  const lines: LogLine[] = [];
  const awaited: { readonly text: string; readonly resolve: (line: LogLine) => void }[] = [];
  const record = (level: keyof Logger) => (fields: LogFields, message: string) => {
    const line = { level, fields, message };
    lines.push(line);
    for (const { text, resolve } of awaited) if (message.includes(text)) resolve(line);
  };
  return {
    lines,
    debug: record('debug'),
    info: record('info'),
    warn: record('warn'),
    error: record('error'),
    line(text) {
      const known = lines.find(({ message }) => message.includes(text));
      return known === undefined ? new Promise((resolve) => void awaited.push({ text, resolve })) : Promise.resolve(known);
    },
  };
}

/** A promise and what settles it: what a handler waits for, or tells a test. */
export interface Signal<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

export function signal<T = void>(): Signal<T> {
  let resolve: Signal<T>['resolve'] = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

export interface EngineOptions {
  readonly templates?: readonly TaskTemplate[];
  /** Default: each step of the templates answers with its own name and what it got. */
  readonly handlers?: Readonly<Record<string, Handler>>;
  readonly orchestrator?: OrchestratorOptions | false;
  readonly worker?: Omit<Partial<WorkerRuntimeOptions>, 'registry'> | false;
}

export interface Engine {
  readonly tasker: Tasker;
  readonly log: RecordingLogger;
  submit(template: TaskTemplate, options?: { readonly context?: object; readonly idempotencyKey?: string }): Promise<TaskHandle>;
}

/** Answers with the step's name and the names of the dependencies it was given. */
export const echo = ({ step, dependencies }: HandlerInput) => ({ step: step.name, got: Object.keys(dependencies).toSorted() });

/** Engines for the tests of a file; each is closed after the test that opened it. */
export function useEngines(database: { readonly url: string }): (options?: EngineOptions) => Promise<Engine> {
  const open: Tasker[] = [];
  afterEach(async () => {
    for (const tasker of open.splice(0).toReversed()) await tasker.close();
  });
  return async (options = {}) => {
    const log = createRecordingLogger();
    const tasker = await openTasker({ databaseUrl: database.url, migrate: false, logger: log, maxConnections: 5 });
    open.push(tasker);
    const { templates = [], handlers, orchestrator = {}, worker = {} } = options;
    for (const template of templates) await tasker.register(template);
    if (orchestrator !== false) await tasker.startOrchestrator(orchestrator);
    const namespaces = [...new Set(templates.map((template) => template.namespace_name))];
    const known = handlers ?? Object.fromEntries(templates.flatMap(({ steps }) => steps.map(({ name }) => [name, echo])));
    if (worker !== false) await tasker.startWorker({ namespaces, drainMs: 5_000, ...worker, handlers: known });
    return {
      tasker,
      log,
      submit: (template, submission = {}) => tasker.submit({ template }, submission),
    };
  };
}

/** Long enough for a loaded machine, short enough to name the task that hangs. */
export const outcomeWithin = { timeoutMs: 20_000 };

// `tasker run`: one task from nothing to its end, orchestrator and worker in this process.
import { isAbsolute, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { TaskerError } from '../../domain/errors.ts';
import type { JsonObject } from '../../domain/json.ts';
import { ignoredKeys } from '../../domain/template/ignored-keys.ts';
import type { TaskTemplate } from '../../domain/template/task-template.ts';
import { newUuid } from '../../runtime/clock.ts';
import { loadHandlers, registryFor } from '../../runtime/load-handlers.ts';
import type { TaskHandle, Tasker } from '../../runtime/tasker.ts';
import type { HandlerRegistry } from '../../worker/handler-registry.ts';
import { awaitTask } from '../await-task.ts';
import { withTasker } from '../cli.ts';
import type { Cli, ExitCode, Run } from '../cli.ts';
import { commandLine } from '../command-line.ts';
import { requireRequest, submitOrJoin } from '../join-task.ts';
import { readJsonObject, readTemplate, secondsArgument, wholeNumber } from '../read-inputs.ts';
import { blockedAdvice, ignoredText, interrupted, stillOpen } from '../views/advice.ts';
import { formatDuration } from '../views/format-time.ts';
import { startLiveView } from '../views/live-view.ts';
import { outcomeDocument, reportPathOf, stepTable } from '../views/task-view.ts';

interface RunFlags {
  readonly handlers: string;
  readonly context?: string;
  readonly idempotencyKey?: string;
  /** ms. */
  readonly timeout?: number;
  readonly concurrency?: number;
}

interface Job {
  readonly file: string;
  readonly flags: RunFlags;
  readonly template: TaskTemplate;
  readonly registry: HandlerRegistry;
  readonly context: JsonObject | undefined;
  readonly idempotencyKey: string;
}

// After a timeout or Ctrl-C a handler gets this long before its step goes back to the queue.
const drainMs = 3_000;

export function addRunCommand(program: Command, run: Run): void {
  program
    .command('run')
    .summary('run one task to its end in this process')
    .description('Runs one task of a template to its end: database, migrations, orchestrator and worker, all in this process.')
    .argument('<template>', 'the task template, a YAML file')
    .requiredOption('--handlers <module>', 'the handlers, a .ts, .mts, .mjs or .js file that exports them')
    .option('--context <json|@file>', 'the input of the task, a JSON object')
    .option('--idempotency-key <key>', 'the same key is the same task: join it when it exists; default: a fresh key')
    .option(
      '--timeout <seconds>',
      'stop waiting after this long; the task stays and goes on with the next worker',
      secondsArgument,
    )
    .option('--concurrency <n>', 'handlers that run at the same time; default 10', wholeNumber(1, 1000))
    .addHelpText('after', help)
    .action((file: string, flags: RunFlags, command: Command) => run(command, (cli) => runTask(cli, file, flags)));
}

const help = `
Processes with different handlers can share a namespace: a step goes to a worker that knows its handler.
Exit code 0 when the task is complete, 1 when it is not: failed, cancelled, timed out, interrupted.

Examples
  $ tasker run task.yaml --handlers handlers.ts
  $ tasker run task.yaml --handlers handlers.ts --context '{"order": 7}' --json
  $ tasker run task.yaml --handlers dist/handlers.mjs --context @order.json --idempotency-key order-7 --timeout 60
`;

async function runTask(cli: Cli, file: string, flags: RunFlags): Promise<ExitCode> {
  const { cwd } = cli.io;
  const template = readTemplate(file, cwd);
  const context =
    flags.context === undefined ? undefined : readJsonObject({ what: 'the context (--context)', text: flags.context, cwd });
  const registry = registryFor([template], await loadHandlers(resolve(cwd, flags.handlers)), flags.handlers);
  const job: Job = { file, flags, template, registry, context, idempotencyKey: flags.idempotencyKey ?? newUuid() };
  requireRequest(template, job.idempotencyKey);
  return withTasker(cli, (tasker) => runHere(cli, tasker, job));
}

async function runHere(cli: Cli, tasker: Tasker, job: Job): Promise<ExitCode> {
  const { file, template, context, idempotencyKey } = job;
  for (const line of ignoredText(file, template)) cli.say(`${line}\n`);
  await tasker.register(template);
  const task = await submitOrJoin(tasker, { template, context, idempotencyKey });
  cli.say(`${template.name} ${template.version}, task ${task.taskUuid}${task.created ? '' : ' (it existed already; joined)'}\n`);
  await watch(cli, tasker, { job, task });
  return finish(cli, tasker, { job, task });
}

async function startEngine(tasker: Tasker, { registry, template, flags: { concurrency } }: Job): Promise<void> {
  await tasker.startOrchestrator();
  await tasker.startWorker({
    handlers: registry,
    namespaces: [template.namespace_name],
    drainMs,
    ...(concurrency === undefined ? {} : { concurrency }),
  });
}

interface Watched {
  readonly job: Job;
  readonly task: TaskHandle;
}

/** Runs the task under a live view and waits for the outcome. Throws INTERRUPTED, or TASK_WAIT_TIMEOUT with what the steps wait for. */
async function watch(cli: Cli, tasker: Tasker, { job, task }: Watched): Promise<void> {
  const { store, clock } = tasker.runtime;
  const { stdout: output, signal } = cli.io;
  const { taskUuid } = task;
  const options = { store, taskUuid, joined: !task.created, output, clock, logger: cli.logger };
  // Before the engine: a step that ends before the first look would not be told to somebody who joined.
  const view = cli.flags.json === true ? undefined : await startLiveView(options);
  try {
    await startEngine(tasker, job);
    await awaitTask(task, { clock, timeoutMs: job.flags.timeout, signal });
  } catch (error) {
    if (signal?.aborted === true) throw interrupted(taskUuid, continueWith(cli, job), signal.reason);
    if (!(error instanceof TaskerError) || error.code !== 'TASK_WAIT_TIMEOUT') throw error;
    throw await stillOpen(tasker, taskUuid, error);
  } finally {
    await view?.stop();
  }
}

async function finish(cli: Cli, tasker: Tasker, { job, task }: Watched): Promise<ExitCode> {
  const details = await task.details();
  const outcome = outcomeDocument(details, await tasker.runtime.store.taskTransitions(task.taskUuid));
  const ignored = ignoredKeys(job.template);
  const document = ignored.length === 0 ? outcome : { ...outcome, ignored };
  const report = details.state === 'complete' ? reportPathOf(details.steps) : undefined;
  const lines = [
    '',
    ...stepTable(details.steps),
    '',
    `task ${details.taskUuid}: ${details.state} after ${formatDuration(document.durationMs)}`,
    ...(report === undefined ? [] : [`report: ${shown(report, cli.io.cwd)}`]),
  ];
  cli.answer(document, `${lines.join('\n')}\n`);
  if (details.state === 'blocked_by_failures') cli.io.stderr.write(blockedAdvice(cli, details, continueWith(cli, job)));
  return details.state === 'complete' ? 0 : 1;
}

/** The same command with the same key joins the task and goes on. */
function continueWith(cli: Cli, { file, flags, idempotencyKey }: Job): string {
  return commandLine(cli, 'run', file, '--handlers', flags.handlers, '--idempotency-key', idempotencyKey);
}

function shown(path: string, cwd: string): string {
  const near = relative(cwd, path);
  return isAbsolute(path) && !near.startsWith('..') ? near : path;
}

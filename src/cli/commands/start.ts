// `tasker start`: orchestrator and worker until Ctrl-C.
import { resolve } from 'node:path';
import { Option } from 'commander';
import type { Command } from 'commander';
import { TaskerError } from '../../domain/errors.ts';
import type { TaskTemplate } from '../../domain/template/task-template.ts';
import { deploymentModes } from '../../orchestration/event-systems/deployment-mode.ts';
import type { DeploymentMode } from '../../orchestration/event-systems/deployment-mode.ts';
import { loadHandlers, registryFor } from '../../runtime/load-handlers.ts';
import type { Tasker } from '../../runtime/tasker.ts';
import type { HandlerRegistry } from '../../worker/handler-registry.ts';
import { withTasker } from '../cli.ts';
import type { Cli, ExitCode, Run } from '../cli.ts';
import { readTemplate, wholeNumber } from '../read-inputs.ts';

interface StartFlags {
  readonly templates: readonly string[];
  readonly handlers?: string;
  readonly mode: DeploymentMode;
  readonly concurrency?: number;
  readonly namespace?: readonly string[];
  readonly orchestratorOnly?: true;
  readonly workerOnly?: true;
}

export function addStartCommand(program: Command, run: Run): void {
  program
    .command('start')
    .summary('run orchestrator and worker until Ctrl-C')
    .description('Runs orchestrator and worker until Ctrl-C, which lets the handlers that run finish (for at most 30 s).')
    .option('--templates <file...>', 'task templates to register, and whose namespaces the worker serves', [])
    .option('--handlers <module>', 'the handlers, a .ts, .mts, .mjs or .js file that exports them')
    .option('--namespace <name...>', 'more namespaces for the worker to serve')
    .option('--concurrency <n>', 'handlers that run at the same time; default 10', wholeNumber(1, 1000))
    .addOption(new Option('--mode <mode>', 'how messages reach the orchestrator').choices(deploymentModes).default('Hybrid'))
    .addOption(
      new Option('--orchestrator-only', 'no worker here').conflicts(['workerOnly', 'handlers', 'concurrency', 'namespace']),
    )
    .option('--worker-only', 'no orchestrator here')
    .addHelpText('after', help)
    .action((flags: StartFlags, command: Command) => run(command, (cli) => start(cli, flags)));
}

const help = `
Prints one line when it is ready. Any number of these processes share one database.

Examples
  $ tasker start --templates task.yaml --handlers handlers.ts
  $ tasker start --templates a.yaml b.yaml --orchestrator-only
  $ tasker start --templates a.yaml b.yaml --handlers handlers.mjs --worker-only --concurrency 50
`;

interface WorkerPlan {
  readonly registry: HandlerRegistry;
  readonly namespaces: readonly string[];
  readonly concurrency: number | undefined;
}

async function start(cli: Cli, flags: StartFlags): Promise<ExitCode> {
  const templates = flags.templates.map((file) => readTemplate(file, cli.io.cwd));
  const worker = flags.orchestratorOnly === true ? undefined : await planWorker(cli, flags, templates);
  return withTasker(cli, async (tasker) => {
    await startServices(tasker, { templates, worker, flags });
    const document = readiness(tasker, flags, worker);
    cli.answer(document, `${textOf(document)}\n`);
    await untilInterrupted(cli.io.signal);
    cli.say('stopping: running handlers may finish\n');
    const reason: unknown = cli.io.signal?.reason;
    if (reason instanceof TaskerError) throw reason;
    return 0;
  });
}

async function planWorker(cli: Cli, flags: StartFlags, templates: readonly TaskTemplate[]): Promise<WorkerPlan> {
  const namespaces = [...new Set([...templates.map((template) => template.namespace_name), ...(flags.namespace ?? [])])];
  if (flags.handlers === undefined) {
    throw new TaskerError(
      'HANDLERS_REQUIRED',
      'a worker needs handlers: name them with --handlers <module>, or start with --orchestrator-only.',
      {
        kind: 'input',
      },
    );
  }
  if (namespaces.length === 0) {
    throw new TaskerError(
      'NAMESPACE_REQUIRED',
      'a worker needs a namespace to serve: name templates with --templates, or namespaces with --namespace.',
      {
        kind: 'input',
      },
    );
  }
  const handlers = await loadHandlers(resolve(cli.io.cwd, flags.handlers));
  return { registry: registryFor(templates, handlers, flags.handlers), namespaces, concurrency: flags.concurrency };
}

interface Plan {
  readonly templates: readonly TaskTemplate[];
  readonly worker: WorkerPlan | undefined;
  readonly flags: StartFlags;
}

async function startServices(tasker: Tasker, { templates, worker, flags }: Plan): Promise<void> {
  for (const template of templates) await tasker.register(template);
  if (flags.workerOnly !== true) await tasker.startOrchestrator({ mode: flags.mode });
  if (worker === undefined) return;
  const { registry, namespaces, concurrency } = worker;
  await tasker.startWorker({ handlers: registry, namespaces, ...(concurrency === undefined ? {} : { concurrency }) });
}

function readiness(tasker: Tasker, flags: StartFlags, worker: WorkerPlan | undefined) {
  return {
    ready: true,
    processUuid: tasker.runtime.processUuid,
    orchestrator: flags.workerOnly === true ? null : flags.mode,
    worker: worker === undefined ? null : { namespaces: worker.namespaces, concurrency: worker.concurrency ?? 10 },
    database: tasker.database.description,
  };
}

function textOf({ orchestrator, worker, database }: ReturnType<typeof readiness>): string {
  const parts = [
    ...(orchestrator === null ? [] : [`orchestrator (${orchestrator})`]),
    ...(worker === null ? [] : [`worker of ${worker.namespaces.join(', ')} (${worker.concurrency} at a time)`]),
  ];
  return `ready: ${parts.join(' and ')}, ${database}. Ctrl-C stops.`;
}

function untilInterrupted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((done) => {
    if (signal?.aborted === true) done();
    else signal?.addEventListener('abort', () => done(), { once: true });
  });
}

// `tasker task create`: hands a task to whoever orchestrates, and leaves.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { TaskerError } from '../../domain/errors.ts';
import type { Tasker } from '../../runtime/tasker.ts';
import type { TemplateName } from '../../store/store.ts';
import { withTasker } from '../cli.ts';
import type { Cli, ExitCode, Run } from '../cli.ts';
import { requireRequest } from '../join-task.ts';
import { readJsonObject, readTemplate, wholeNumber } from '../read-inputs.ts';

interface CreateFlags {
  readonly context?: string;
  readonly idempotencyKey?: string;
  readonly priority?: number;
  readonly tag?: readonly string[];
}

export function addTaskCreate(task: Command, run: Run): void {
  task
    .command('create')
    .description('Creates a task and leaves; a running orchestrator and worker (`tasker start`) do the work.')
    .argument('<template>', 'a YAML file, or the name of a registered template: [namespace/]name[:version]')
    .option('--context <json|@file>', 'the input of the task, a JSON object')
    .option('--idempotency-key <key>', 'the same key is the same task')
    .option('--priority <n>', '-100 to 100, more is sooner', wholeNumber(-100, 100))
    .option('--tag <text...>', 'tags of the task')
    .addHelpText('after', help)
    .action((template: string, flags: CreateFlags, command: Command) => run(command, (cli) => create(cli, template, flags)));
}

const help = `
When the task exists already (the same key; or, for templates of strict identity, the same context), nothing is created,
the message names it, and the exit code is 2.

Examples
  $ tasker task create order.yaml --context '{"order": 7}' --idempotency-key order-7
  $ tasker task create shop/order:1.2.0 --context @order.json --json
`;

function create(cli: Cli, template: string, flags: CreateFlags): Promise<ExitCode> {
  const { cwd } = cli.io;
  const context =
    flags.context === undefined ? {} : readJsonObject({ what: 'the context (--context)', text: flags.context, cwd });
  const named = nameIn(template, cwd);
  const fromFile = named === undefined ? readTemplate(template, cwd) : undefined;
  if (fromFile !== undefined) requireRequest(fromFile, flags.idempotencyKey);
  return withTasker(cli, async (tasker) => {
    if (fromFile !== undefined) await tasker.register(fromFile);
    const name = named ?? {
      namespace: fromFile?.namespace_name ?? '',
      name: fromFile?.name ?? '',
      version: fromFile?.version ?? '',
    };
    const { idempotencyKey, priority, tag } = flags;
    const task = await tasker.submitRequest({
      ...name,
      context,
      initiator: 'tasker cli',
      reason: 'tasker task create',
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      ...(priority === undefined ? {} : { priority }),
      ...(tag === undefined ? {} : { tags: tag }),
    });
    if (!task.created) throw await conflict(tasker, task.taskUuid);
    cli.answer({ taskUuid: task.taskUuid }, `task ${task.taskUuid} created\n`);
    return 0;
  });
}

/** Undefined when `text` stands for a file. Throws TEMPLATE_NAME_INVALID for what is neither. */
function nameIn(text: string, cwd: string): TemplateName | undefined {
  if (/\.ya?ml$/i.test(text) || existsSync(resolve(cwd, text))) return undefined;
  const parts = /^(?:([^/:]+)\/)?([^/:]+)(?::([^/:]+))?$/.exec(text);
  if (parts === null) {
    throw new TaskerError(
      'TEMPLATE_NAME_INVALID',
      `"${text}" is neither a file nor a name; expected [namespace/]name[:version], such as shop/order:1.0.0.`,
      {
        kind: 'input',
      },
    );
  }
  const [, namespace = 'default', name = '', version = '1.0.0'] = parts;
  return { namespace, name, version };
}

async function conflict(tasker: Tasker, taskUuid: string): Promise<TaskerError> {
  const { state } = await tasker.task(taskUuid).details();
  return new TaskerError(
    'IDENTITY_CONFLICT',
    `a task with this identity exists already: ${taskUuid} (${state}). Use another --idempotency-key or another context, or look at it: tasker task show ${taskUuid}`,
    { kind: 'input', details: { taskUuid, state } },
  );
}

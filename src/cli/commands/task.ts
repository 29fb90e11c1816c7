// `tasker task …`: create, list, show, cancel and await tasks.
import { Option } from 'commander';
import type { Command } from 'commander';
import { TaskerError } from '../../domain/errors.ts';
import { taskStates } from '../../domain/states.ts';
import type { TaskState } from '../../domain/states.ts';
import { withExistingTasker } from '../cli.ts';
import type { Cli, ExitCode, Run } from '../cli.ts';
import { commandLine } from '../command-line.ts';
import { operatorOf } from '../operator.ts';
import type { OperatorFlags } from '../operator.ts';
import { secondsArgument, uuidArgument, wholeNumber } from '../read-inputs.ts';
import { blockedAdvice, interrupted, stillOpen } from '../views/advice.ts';
import { formatTime } from '../views/format-time.ts';
import { outcomeDocument } from '../views/task-view.ts';
import { detailsText, historyText } from '../views/task-details.ts';
import { textTable } from '../views/text-table.ts';
import { addTaskCreate } from './task-create.ts';

export function addTaskCommands(program: Command, run: Run): void {
  const task = program.command('task').description('Creates, lists, shows, cancels and awaits tasks.');
  addTaskCreate(task, run);
  task
    .command('list')
    .description('Lists tasks, the newest first.')
    .addOption(new Option('--state <state>', 'only tasks in this state').choices(taskStates))
    .option('--namespace <name>', 'only tasks of this namespace')
    .option('--name <name>', 'only tasks of this template')
    .option('--limit <n>', 'at most so many', wholeNumber(1, 10_000), 50)
    .addHelpText('after', '\nExamples\n  $ tasker task list\n  $ tasker task list --state blocked_by_failures --json\n')
    .action((flags: ListFlags, command: Command) => run(command, (cli) => list(cli, flags)));
  task
    .command('show')
    .description('Shows a task with its steps.')
    .argument('<task>', 'its uuid', uuidArgument)
    .option('--history', 'with every change of state')
    .addHelpText('after', '\nExamples\n  $ tasker task show 0192f3c4-…\n  $ tasker task show 0192f3c4-… --history --json\n')
    .action((uuid: string, flags: ShowFlags, command: Command) => run(command, (cli) => show(cli, uuid, flags)));
  task
    .command('cancel')
    .description('Cancels a task and each of its steps that has not ended.')
    .argument('<task>', 'its uuid', uuidArgument)
    .option('--reason <text>', 'why, for the history')
    .option('--by <name>', 'who, for the history; default: the user of the system')
    .addHelpText('after', "\nExamples\n  $ tasker task cancel 0192f3c4-… --reason 'ordered twice'\n")
    .action((uuid: string, flags: OperatorFlags, command: Command) => run(command, (cli) => cancel(cli, uuid, flags)));
  task
    .command('wait')
    .description('Waits until a task can go no further by itself. Exit code 0 when it is complete, else 1.')
    .argument('<task>', 'its uuid', uuidArgument)
    .option('--timeout <seconds>', 'at most so long', secondsArgument)
    .addHelpText('after', '\nExamples\n  $ tasker task wait 0192f3c4-… --timeout 60\n')
    .action((uuid: string, flags: WaitFlags, command: Command) => run(command, (cli) => wait(cli, uuid, flags)));
}

interface ListFlags {
  readonly state?: TaskState;
  readonly namespace?: string;
  readonly name?: string;
  readonly limit: number;
}

interface ShowFlags {
  readonly history?: true;
}

interface WaitFlags {
  /** ms. */
  readonly timeout?: number;
}

function list(cli: Cli, flags: ListFlags): Promise<ExitCode> {
  const { state, namespace, name, limit } = flags;
  const filter = { limit, ...(state && { state }), ...(namespace && { namespace }), ...(name && { name }) };
  return withExistingTasker(cli, async (tasker) => {
    const tasks = await tasker.runtime.store.listTasks(filter);
    const rows = tasks.map((task) => [
      task.taskUuid,
      `${task.namespace}/${task.name}:${task.version}`,
      task.state,
      `${task.completedSteps}/${task.totalSteps}`,
      formatTime(task.createdAt),
    ]);
    const table = textTable([['TASK', 'TEMPLATE', 'STATE', 'STEPS', 'CREATED'], ...rows]);
    cli.answer({ tasks }, tasks.length === 0 ? 'There are no such tasks.\n' : `${table.join('\n')}\n`);
    return 0;
  });
}

function show(cli: Cli, taskUuid: string, { history }: ShowFlags): Promise<ExitCode> {
  return withExistingTasker(cli, async (tasker) => {
    const details = await tasker.task(taskUuid).details();
    const transitions = history === true ? await tasker.runtime.store.taskTransitions(taskUuid) : undefined;
    const document = transitions === undefined ? { task: details } : { task: details, history: transitions };
    cli.answer(document, `${detailsText(details)}${transitions === undefined ? '' : historyText(transitions)}`);
    return 0;
  });
}

function cancel(cli: Cli, taskUuid: string, flags: OperatorFlags): Promise<ExitCode> {
  return withExistingTasker(cli, async (tasker) => {
    await tasker.task(taskUuid).cancel(operatorOf(cli, flags, 'task cancel'));
    cli.answer({ taskUuid, status: 'cancelled' }, `task ${taskUuid}: cancelled\n`);
    return 0;
  });
}

function wait(cli: Cli, taskUuid: string, { timeout }: WaitFlags): Promise<ExitCode> {
  const again = commandLine(cli, 'task', 'wait', taskUuid);
  return withExistingTasker(cli, async (tasker) => {
    const task = tasker.task(taskUuid);
    try {
      await task.outcome({ timeoutMs: timeout, signal: cli.io.signal });
    } catch (error) {
      if (cli.io.signal?.aborted === true) throw interrupted(taskUuid, again);
      if (!(error instanceof TaskerError) || error.code !== 'TASK_WAIT_TIMEOUT') throw error;
      throw await stillOpen(tasker, taskUuid, error);
    }
    const details = await task.details();
    cli.answer(outcomeDocument(details, await tasker.runtime.store.taskTransitions(taskUuid)), detailsText(details));
    if (details.state === 'blocked_by_failures') cli.io.stderr.write(blockedAdvice(cli, details, again));
    return details.state === 'complete' ? 0 : 1;
  });
}

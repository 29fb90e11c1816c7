// `tasker step …`: what an operator does to a step that failed or waits.
import type { Command } from 'commander';
import type { StepAction } from '../../orchestration/lifecycle/operator-actions.ts';
import { withExistingTasker } from '../cli.ts';
import type { Cli, ExitCode, Run } from '../cli.ts';
import { operatorOf } from '../operator.ts';
import type { OperatorFlags } from '../operator.ts';
import { readJson, uuidArgument } from '../read-inputs.ts';

interface StepFlags extends OperatorFlags {
  readonly result?: string;
}

interface StepCommand {
  readonly verb: 'retry' | 'resolve' | 'complete';
  readonly description: string;
  readonly example: string;
}

const commands: readonly StepCommand[] = [
  {
    verb: 'retry',
    description: 'Tries a failed step again, with all its attempts; a step that waits for its retry is tried now.',
    example: '',
  },
  {
    verb: 'resolve',
    description: 'Accepts a step without a result; the steps after it may run.',
    example: " --reason 'paid in cash'",
  },
  {
    verb: 'complete',
    description: 'Gives a step its result by hand; the steps after it get it.',
    example: ` --result '{"paymentId": "p-7"}'`,
  },
];

export function addStepCommands(program: Command, run: Run): void {
  const step = program
    .command('step')
    .description('Works on one step of a task by hand. A running orchestrator and worker go on from there.');
  for (const { verb, description, example } of commands) {
    const command = step
      .command(verb)
      .description(description)
      .argument('<task>', 'the uuid of the task', uuidArgument)
      .argument('<step>', 'the name of the step')
      .option('--reason <text>', 'why, for the history')
      .option('--by <name>', 'who, for the history; default: the user of the system')
      .addHelpText('after', `\nExamples\n  $ tasker step ${verb} 0192f3c4-… take-payment${example}\n`)
      .action((task: string, name: string, flags: StepFlags, self: Command) =>
        run(self, (cli) => act(cli, verb, { task, name, flags })),
      );
    if (verb === 'complete') command.option('--result <json|@file>', 'the result of the step; default null');
  }
}

interface Target {
  readonly task: string;
  readonly name: string;
  readonly flags: StepFlags;
}

function act(cli: Cli, verb: StepCommand['verb'], { task, name, flags }: Target): Promise<ExitCode> {
  const action = actionOf(cli, verb, flags);
  return withExistingTasker(cli, async (tasker) => {
    const handle = tasker.task(task);
    await handle.actOnStep(name, action);
    const { state, steps } = await handle.details();
    const stepState = steps.find((step) => step.name === name)?.state;
    cli.answer(
      { taskUuid: task, status: state, step: name, stepStatus: stepState },
      `step ${name}: ${stepState}\ntask ${task}: ${state}\n`,
    );
    return 0;
  });
}

function actionOf(cli: Cli, verb: StepCommand['verb'], flags: StepFlags): StepAction {
  const operator = operatorOf(cli, flags, `step ${verb}`);
  if (verb === 'retry') return { kind: 'reset_for_retry', ...operator };
  if (verb === 'resolve') return { kind: 'resolve_manually', ...operator };
  const { result } = flags;
  const value = result === undefined ? null : readJson({ what: 'the result (--result)', text: result, cwd: cli.io.cwd });
  return { kind: 'complete_manually', ...operator, result: value };
}

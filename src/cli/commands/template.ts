// `tasker template validate`: checks task templates without a database.
import type { Command } from 'commander';
import { TaskerError } from '../../domain/errors.ts';
import { ignoredKeys } from '../../domain/template/ignored-keys.ts';
import type { TaskTemplate } from '../../domain/template/task-template.ts';
import { unsupportedStepTypes } from '../../domain/template/unsupported-step-types.ts';
import type { Cli, ExitCode, Run } from '../cli.ts';
import { readTemplate } from '../read-inputs.ts';
import { ignoredText } from '../views/advice.ts';
import { textTable } from '../views/text-table.ts';

export function addTemplateCommands(program: Command, run: Run): void {
  const template = program.command('template').description('Works on task templates.');
  template
    .command('validate')
    .description('Checks templates: every problem at once, each with its file, line and column. Needs no database.')
    .argument('<file...>', 'task templates, YAML files')
    .addHelpText('after', help)
    .action((files: string[], _flags: object, command: Command) => run(command, (cli) => validate(cli, files)));
}

const help = `
Examples
  $ tasker template validate task.yaml
  $ tasker template validate templates/*.yaml --json
`;

type Checked =
  | { readonly file: string; readonly template: TaskTemplate }
  | { readonly file: string; readonly error: TaskerError };

async function validate(cli: Cli, files: readonly string[]): Promise<ExitCode> {
  const checked = files.map((file) => check(file, cli.io.cwd));
  const invalid = checked.flatMap((each) => ('error' in each ? [each] : []));
  if (invalid.length > 0) throw combined(invalid, files.length);
  const valid = checked.flatMap((each) => ('template' in each ? [each] : []));
  const rows = valid.map(({ file, template: { namespace_name, name, version, steps } }) => [
    file,
    `${namespace_name}/${name}:${version}`,
    `${steps.length} steps`,
    'valid',
  ]);
  const lines = [...textTable(rows), ...valid.flatMap(({ file, template }) => ignoredText(file, template))];
  cli.answer({ templates: valid.map(({ file, template }) => documentOf(file, template)) }, `${lines.join('\n')}\n`);
  return 0;
}

function check(file: string, cwd: string): Checked {
  try {
    const template = readTemplate(file, cwd);
    const unsupported = unsupportedStepTypes(template);
    if (unsupported.length === 0) return { file, template };
    const listed = unsupported.map(({ name, type }) => `${name} (${type})`).join(', ');
    const message = `${file} has steps of types this version cannot run: ${listed}. Use steps of type standard.`;
    return { file, error: new TaskerError('TEMPLATE_UNSUPPORTED', message, { kind: 'input' }) };
  } catch (error) {
    if (error instanceof TaskerError) return { file, error };
    throw error;
  }
}

function documentOf(file: string, template: TaskTemplate) {
  const { namespace_name: namespace, name, version, steps } = template;
  return { file, namespace, name, version, steps: steps.map((step) => step.name), ignored: ignoredKeys(template) };
}

/** One error for all files; that of a single file as it is. */
function combined(invalid: readonly { readonly file: string; readonly error: TaskerError }[], count: number): TaskerError {
  const [first] = invalid;
  if (first !== undefined && count === 1) return first.error;
  const messages = [`${invalid.length} of ${count} templates are not valid.`, ...invalid.map(({ error }) => error.message)];
  return new TaskerError('TEMPLATE_INVALID', messages.join('\n'), {
    kind: 'input',
    details: { templates: invalid.map(({ file, error }) => ({ file, code: error.code, ...error.details })) },
  });
}

// The page docs/codemods.md: every codemod with its manual and its options, made from their files.
import type { OptionSpec } from '../kernel/codemod.ts';
import { flagOf } from './codemod-flags.ts';
import { codemodManual, codemodNames, loadCodemod } from './codemod-registry.ts';

const head = `# Codemods

<!-- Generated from the head comments in codemods/ by \`npm run docs:codemods\`; edit them there. -->

A codemod reads a project and proposes; the kernel applies everything at once or nothing. It refuses, with a code and a reason,
what it cannot do without changing behaviour. Every example below is a test, and so is that a second run finds nothing to do.

    npm run codemod -- --list
    npm run codemod -- <name> --help
    npm run codemod -- <name> --project <tsconfig> <options>              # prints a unified diff, writes nothing
    npm run codemod -- <name> --project <tsconfig> <options> --write      # or --out <folder>

In a file, \`with {…}\` gives the options of the example below it, \`// ---- <path>\` begins a file, \`-> unchanged\` and
\`-> refused: <code>\` say that nothing is changed.
`;

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function optionRow([name, spec]: readonly [string, OptionSpec]): string {
  const needed = spec.required === true ? 'required' : '';
  return `| \`${name}\` | \`${flagOf(name)}\` | ${spec.kind} | ${needed} | ${cell(spec.help)} |`;
}

/** Options of examples in a code block of their own, so that they are not read as prose. */
function withFencedOptions(text: string): string {
  const lines = text.split('\n');
  const shown: string[] = [];
  let open = false;
  let inFence = false;
  for (const line of lines) {
    if (!inFence && line.startsWith('with {')) {
      shown.push('```json');
      open = true;
    }
    const ends = open && (line.trim() === '' || line.startsWith('```'));
    if (ends) shown.push('```', '');
    if (ends) open = false;
    if (line.startsWith('```')) inFence = line !== '```';
    shown.push(open ? line.replace(/^with /, '') : line.replace(/^->(?= |$)/, '**→**'));
  }
  return shown.join('\n');
}

async function section(name: string): Promise<string> {
  const options = Object.entries<OptionSpec>((await loadCodemod(name)).options);
  const table = ['| option | flag | kind | | |', '|---|---|---|---|---|', ...options.map(optionRow)].join('\n');
  return `## ${name}\n\n${withFencedOptions(codemodManual(name).text)}\n\n${table}\n`;
}

/** The whole page. */
export async function renderManuals(): Promise<string> {
  const names = codemodNames();
  const index = names.map((name) => `- [${name}](#${name}): ${codemodManual(name).summary}`).join('\n');
  const sections = await Promise.all(names.map(section));
  return `${head}\n${index}\n\n${sections.join('\n')}`;
}

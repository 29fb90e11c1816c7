// The options of a codemod as flags of the command line, and back.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { Codemod, OptionSpec } from '../kernel/codemod.ts';
import { reasonOf, RefitError } from '../kernel/refit-error.ts';

/** Names of flags that the command has itself, so no codemod may use them. */
export const reservedFlags: readonly string[] = ['project', 'root', 'dryRun', 'out', 'write', 'json', 'help', 'list', 'version'];

const placeholders: Readonly<Record<OptionSpec['kind'], string>> = {
  text: ' <text>',
  list: ' <a,b,…>',
  flag: '',
  number: ' <n>',
  data: ' <json>',
};

/** `renameTo` → `--rename-to`. */
export function flagOf(option: string): string {
  return `--${option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function specsOf(codemod: Codemod): readonly (readonly [string, OptionSpec])[] {
  return Object.entries<OptionSpec>(codemod.options);
}

/** Adds a flag for each option of the codemod. */
export function addFlags(command: Command, codemod: Codemod): void {
  for (const [name, spec] of specsOf(codemod)) {
    const option = new Option(`${flagOf(name)}${placeholders[spec.kind]}`, spec.help);
    command.addOption(option.makeOptionMandatory(spec.required === true));
  }
}

function problem(flag: string, what: string): RefitError {
  return new RefitError('REFIT_USAGE', `${flag}: ${what} See --help.`);
}

function parseJson(flag: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw problem(flag, `this is not JSON: ${reasonOf(thrown)}.`);
  }
}

function readNamedFile(flag: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    throw problem(flag, `the file cannot be read: ${reasonOf(thrown)}.`);
  }
}

/** Comma separated, or a JSON array when an item has a comma. */
function parseList(flag: string, text: string): readonly string[] {
  if (!text.startsWith('[')) return text.split(',').map((item) => item.trim());
  const items = parseJson(flag, text);
  if (Array.isArray(items) && items.every((item) => typeof item === 'string')) return items;
  throw problem(flag, 'expected a JSON array of texts.');
}

function valueOf(flag: string, spec: OptionSpec, given: string, cwd: string): unknown {
  switch (spec.kind) {
    case 'text':
    case 'flag':
      return given;
    case 'list':
      return parseList(flag, given);
    case 'number': {
      const value = Number(given);
      if (given.trim() !== '' && Number.isFinite(value)) return value;
      throw problem(flag, `${given} is not a number.`);
    }
    case 'data':
      return parseJson(flag, given.startsWith('@') ? readNamedFile(flag, resolve(cwd, given.slice(1))) : given);
  }
}

/** The options of the codemod in what the command line gave; those left out are left out. */
export function optionsFrom(codemod: Codemod, given: Readonly<Record<string, unknown>>, cwd: string): object {
  const entries = specsOf(codemod).flatMap(([name, spec]) => {
    const value = given[name];
    if (value === undefined) return [];
    return [[name, typeof value === 'string' ? valueOf(flagOf(name), spec, value, cwd) : value] as const];
  });
  return Object.fromEntries(entries);
}

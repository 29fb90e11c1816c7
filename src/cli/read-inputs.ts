// What users name on the command line: template files, JSON texts and files, uuids, numbers.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { messageOf, TaskerError } from '../domain/errors.ts';
import type { JsonObject, Json } from '../domain/json.ts';
import { checkJson } from '../domain/json-limits.ts';
import { parseTemplate } from '../domain/template/parse-template.ts';
import type { TaskTemplate } from '../domain/template/task-template.ts';

/** Throws FILE_NOT_READABLE, or TEMPLATE_INVALID with file, line and column of every problem. */
export function readTemplate(file: string, cwd: string): TaskTemplate {
  return parseTemplate(readText(file, cwd), file);
}

/** The value of `--context` and the like: JSON, or `@file` for a file that holds it. */
export interface JsonArgument {
  /** Names the value in messages: `the context (--context)`. */
  readonly what: string;
  readonly text: string;
  readonly cwd: string;
}

/** Throws JSON_INVALID, FILE_NOT_READABLE and the JsonErrorCodes of the limits. */
export function readJsonObject(argument: JsonArgument): JsonObject {
  return checkJson(parseJson(argument), { what: argument.what, mustBe: 'object' });
}

export function readJson(argument: JsonArgument): Json {
  return checkJson(parseJson(argument), { what: argument.what, mustBe: 'any' });
}

function parseJson({ what, text, cwd }: JsonArgument): unknown {
  const file = text.startsWith('@') ? text.slice(1) : undefined;
  const json = file === undefined ? text : readText(file, cwd);
  try {
    return JSON.parse(json);
  } catch (error) {
    const where = file === undefined ? '' : ` of ${file}`;
    const advice =
      file === undefined ? `Quote it for the shell, such as '{"key": 1}', or pass a file: @context.json.` : 'Correct the file.';
    throw new TaskerError('JSON_INVALID', `${what}${where} is not JSON: ${messageOf(error)}. ${advice}`, {
      kind: 'input',
      cause: error,
    });
  }
}

function readText(file: string, cwd: string): string {
  try {
    return readFileSync(resolve(cwd, file), 'utf8');
  } catch (error) {
    throw new TaskerError('FILE_NOT_READABLE', `cannot read ${file}: ${messageOf(error)}. Name a file that exists.`, {
      kind: 'input',
      cause: error,
      details: { file },
    });
  }
}

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** For commander: a task's uuid, checked before a database is opened. */
export function uuidArgument(text: string): string {
  if (uuidPattern.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError('Expected a uuid; `tasker task list` shows those of the tasks.');
}

/** For commander: a whole number within bounds. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
  };
}

// A timer of Node holds 2^31 - 1 ms, which is nearly 25 days.
const longestTimeoutSeconds = 2_147_483;

/** For commander: seconds, fractions allowed; answers in milliseconds. */
export function secondsArgument(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && seconds > 0 && seconds <= longestTimeoutSeconds) return Math.ceil(seconds * 1000);
  throw new InvalidArgumentError(`Expected seconds, more than 0 and at most ${longestTimeoutSeconds}.`);
}

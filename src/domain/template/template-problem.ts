// What is wrong with a template: one record per problem, and the one error that carries them all.
import { TaskerError } from '../errors.ts';

export type ProblemCode =
  | 'TEMPLATE_NOT_YAML'
  | 'WRONG_TYPE'
  | 'MISSING_KEY'
  | 'UNKNOWN_KEY'
  | 'CONFLICTING_KEYS'
  | 'OUT_OF_RANGE'
  | 'NOT_STORABLE'
  | 'EMPTY_STEPS'
  | 'DUPLICATE_STEP'
  | 'DUPLICATE_DEPENDENCY'
  | 'UNKNOWN_STEP'
  | 'DEPENDENCY_CYCLE'
  | 'DECISION_WITHOUT_DEPENDENCY';

export type TemplatePath = readonly (string | number)[];

export interface Problem {
  readonly code: ProblemCode;
  /** What was found, what was expected, what to do. */
  readonly message: string;
  readonly path: TemplatePath;
  /** Whether the last part of the path is meant as a key, or what stands there. */
  readonly on: 'key' | 'value';
}

/** 1-based, as editors count. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A problem as found in `details.problems` of TEMPLATE_INVALID; without a position when the template was not read from text. */
export interface TemplateProblem {
  readonly code: ProblemCode;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
  readonly path: TemplatePath;
}

/** One error for all problems, in the order of the text: `file:line:column: text` a line. */
export function templateInvalid(problems: readonly TemplateProblem[], name: string): TaskerError {
  const ordered = problems.toSorted((a, b) => placeOf(a) - placeOf(b));
  const count = ordered.length === 1 ? '1 problem' : `${ordered.length} problems`;
  const lines = ordered.map((problem) => [name, problem.line, problem.column, ` ${sentence(problem)}`].filter(isGiven).join(':'));
  return new TaskerError('TEMPLATE_INVALID', [`${name} is not a valid task template (${count}).`, ...lines].join('\n'), {
    kind: 'input',
    details: { file: name, problems: ordered },
  });
}

function sentence({ path, message }: TemplateProblem): string {
  return path.length === 0 ? message : `${pathText(path)}: ${message}`;
}

/** `steps[2].handler.callable` */
export function pathText(path: TemplatePath): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${part}`)).join('');
}

/** 100,000 columns: more than a line of a template of 1 MiB is likely to have. */
function placeOf({ line = 0, column = 0 }: TemplateProblem): number {
  return line * 100_000 + column;
}

function isGiven(part: string | number | undefined): part is string | number {
  return part !== undefined;
}

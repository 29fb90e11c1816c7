// Reading a task template from YAML text or from an object: every problem at once, each with its place (spec 5.1, 5.2).
import { LineCounter, parseDocument } from 'yaml';
import type { Document, YAMLParseError } from 'yaml';
import { messageOf } from '../errors.ts';
import { checkSteps } from './check-steps.ts';
import { inside, json } from './read-fields.ts';
import { templateInvalid } from './template-problem.ts';
import type { Position, Problem, TemplateProblem } from './template-problem.ts';
import { taskTemplate } from './template-schema.ts';
import type { TaskTemplate } from './task-template.ts';
import { positionAt, yamlPositions } from './yaml-positions.ts';
import type { Locate } from './yaml-positions.ts';

/**
 * Reads a template from YAML. Throws TEMPLATE_INVALID (kind `input`) with every problem found; its message has one line
 * `file:line:column: text` for each, its `details.problems` is a list of TemplateProblem.
 */
export function parseTemplate(text: string, fileName: string): TaskTemplate {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => notYaml(yamlMessage(error), positionAt(error.pos[0], lines)));
    throw templateInvalid(problems, fileName);
  }
  return read(valueOf(document, fileName), fileName, yamlPositions(document, lines));
}

/** The same checks for a template built as an object; its problems have a path and no line. */
export function validateTemplate(value: unknown, name: string): TaskTemplate {
  return read(value, name, () => undefined);
}

function read(value: unknown, name: string, locate: Locate): TaskTemplate {
  const problems: Problem[] = [];
  const top = { path: [], problems };
  const template = taskTemplate(value, top);
  checkSteps(template.steps, inside(top, 'steps'));
  // The whole is stored as one JSON value, so its size and its depth count as well (spec 1.13).
  if (problems.length === 0) json(template, top);
  if (problems.length === 0) return template;
  throw templateInvalid(
    problems.map((problem) => ({ code: problem.code, ...locate(problem), message: problem.message, path: problem.path })),
    name,
  );
}

function valueOf(document: Document, fileName: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    // Aliases without an anchor, and aliases that would unfold to more than a hundred times their text.
    throw templateInvalid([notYaml(`this is not YAML: ${messageOf(error)}`, { line: 1, column: 1 })], fileName);
  }
}

/** The parser's own words, except where they speak of its functions. */
function yamlMessage({ code, message }: YAMLParseError): string {
  if (code === 'MULTIPLE_DOCS')
    return 'found a second YAML document; expected one template a file. Put it into a file of its own';
  return `this is not YAML: ${message}`;
}

function notYaml(message: string, position: Position): TemplateProblem {
  const sentence = message.replace(/\.?\s*$/, '');
  return { code: 'TEMPLATE_NOT_YAML', ...position, message: `${sentence}.`, path: [] };
}

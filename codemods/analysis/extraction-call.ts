// The call that takes the place of an extracted range.
import { Node } from 'ts-morph';
import { indentAt, lineStart } from '../kernel/text-positions.ts';
import { fitsLine, listed, type ListInLine } from './code-text.ts';
import type { Output } from './data-flow.ts';
import type { Extraction } from './extraction.ts';
import type { Result, ResultField } from './extraction-result.ts';

export interface Call {
  /** Statements, each as it is printed at the caller's indentation; for an expression, the expression alone. */
  readonly statements: readonly string[];
  /** A name the call declares besides the results' own. */
  readonly declares: string | undefined;
}

function outputOf(extraction: Extraction, field: ResultField): Output | undefined {
  return extraction.outputs.find((output) => output.name === field.variable);
}

/** `const` where nothing assigns the variable again. */
function keyword(outputs: readonly (Output | undefined)[]): 'const' | 'let' {
  return outputs.some((output) => output?.assignedOutside === true) ? 'let' : 'const';
}

function pattern(fields: readonly ResultField[]): string {
  return `{ ${fields.map((field) => (field.inner === field.variable ? field.inner : `${field.inner}: ${field.variable}`)).join(', ')} }`;
}

/** A variable that is assigned again later keeps the type it was declared with. */
function annotation(output: Output | undefined): string {
  const declaration = output?.declaration;
  if (output?.assignedOutside !== true || !Node.isVariableDeclaration(declaration)) return '';
  const type = declaration.getTypeNode();
  return type === undefined ? '' : `: ${type.getText()}`;
}

function assignments(extraction: Extraction, fields: readonly ResultField[], from: string): readonly string[] {
  const declared = fields.filter((field) => outputOf(extraction, field)?.declaredInside === true);
  const assigned = fields.filter((field) => outputOf(extraction, field)?.declaredInside !== true);
  const lines: string[] = [];
  if (declared.length > 0)
    lines.push(`${keyword(declared.map((field) => outputOf(extraction, field)))} ${pattern(declared)} = ${from};`);
  return [...lines, ...assigned.map((field) => `${field.variable} = ${from}.${field.inner};`)];
}

function objectCall(extraction: Extraction, result: Result, call: (head: string, tail: string) => string, holder: string): Call {
  const all = result.fields.map((field) => outputOf(extraction, field));
  if (all.every((output) => output?.declaredInside === true)) {
    return { statements: [call(`${keyword(all)} ${pattern(result.fields)} = `, ';')], declares: undefined };
  }
  const lines = assignments(extraction, result.fields, holder);
  return { statements: [call(`const ${holder} = `, ';'), ...lines], declares: holder };
}

function structuredCall(
  extraction: Extraction,
  result: Result,
  call: (head: string, tail: string) => string,
  holder: string,
): Call {
  const kinds = new Set(extraction.control.exits.map((exit) => exit.kind));
  const hasValue = extraction.control.exits.some((exit) => exit.kind === 'return' && exit.value !== undefined);
  const checks = [...kinds].map((kind) => {
    const leave = kind === 'return' && hasValue ? `return ${holder}.value` : kind;
    return `if (${holder}.kind === '${kind}') ${leave};`;
  });
  const lines = result.fields.length === 0 ? [] : assignments(extraction, result.fields, holder);
  return { statements: [call(`const ${holder} = `, ';'), ...checks, ...lines], declares: holder };
}

function expressionCall(extraction: Extraction, call: (head: string, tail: string) => string, isAsync: boolean): Call {
  const node = extraction.request.parts.at(-1)?.nodes[0];
  const parent = node?.getParent();
  const isTarget =
    (Node.isPropertyAccessExpression(parent) ||
      Node.isElementAccessExpression(parent) ||
      Node.isCallExpression(parent) ||
      Node.isNonNullExpression(parent)) &&
    parent.getExpression() === node;
  return { statements: [isAsync && isTarget ? call('(', ')') : call('', '')], declares: undefined };
}

/** The columns the line has in front of the call and behind it. */
function placeInLine(extraction: Extraction): { readonly indent: string; readonly column: number; readonly behind: number } {
  const { parts, difference } = extraction.request;
  const part = parts.at(-1) ?? parts[0];
  const [first] = part.nodes;
  const node = difference?.variable ?? first;
  const text = node.getSourceFile().getFullText();
  const indent = indentAt(text, node.getStart());
  if (part.kind === 'statements') return { indent, column: indent.length, behind: 0 };
  const lineEnd = text.indexOf('\n', node.getEnd());
  return {
    indent,
    column: node.getStart() - lineStart(text, node.getStart()),
    behind: (lineEnd < 0 ? text.length : lineEnd) - node.getEnd(),
  };
}

/** The only argument of a call gets lines of its own before its own arguments do. */
function onOwnLines(extraction: Extraction, list: ListInLine): string | undefined {
  const node = extraction.request.parts.at(-1)?.nodes[0];
  const parent = node?.getParent();
  const isOnly = Node.isCallExpression(parent) && parent.getArguments().length === 1 && parent.getArguments()[0] === node;
  if (!isOnly || fitsLine(list)) return undefined;
  const inner = `${list.indent}  `;
  return `\n${inner}${listed({ ...list, indent: inner, column: inner.length, behind: 1 })},\n${list.indent}`;
}

/** It replaces the name and the value of the declaration, not its keyword. */
function countedCall(extraction: Extraction, result: Result, call: (head: string, tail: string) => string): Call {
  const name = extraction.request.difference?.name ?? '';
  const names = [...pattern(result.fields).slice(2, -2).split(', '), name].join(', ');
  return { statements: [call(`{ ${names} } = `, '')], declares: name };
}

function tailCall(extraction: Extraction, call: (head: string, tail: string) => string): Call {
  const hasValue = extraction.control.exits.some((exit) => exit.kind === 'return' && exit.value !== undefined);
  return { statements: hasValue ? [call('return ', ';')] : [call('', ';'), 'return;'], declares: undefined };
}

function oneCall(extraction: Extraction, field: ResultField | undefined, call: (head: string, tail: string) => string): Call {
  if (field === undefined) return { statements: [call('', ';')], declares: undefined };
  const output = outputOf(extraction, field);
  if (output?.declaredInside !== true) return { statements: [call(`${field.variable} = `, ';')], declares: undefined };
  return { statements: [call(`${keyword([output])} ${field.variable}${annotation(output)} = `, ';')], declares: undefined };
}

/** What stands in the caller now, not indented from its second line on. */
export function callOf(extraction: Extraction, result: Result): Call {
  const { request, control, asMethod } = extraction;
  const isAsync = control.awaits.length > 0;
  const receiver = asMethod ? 'this.' : '';
  const name = `${isAsync ? 'await ' : ''}${receiver}${request.name}`;
  const items = extraction.parameters.map((parameter) => parameter.argument);
  const place = placeInLine(extraction);
  const call = (head: string, tail: string): string => {
    const list: ListInLine = { head: `${head}${name}`, items, tail, ...place };
    return (result.kind === 'expression' ? onOwnLines(extraction, list) : undefined) ?? listed(list);
  };
  const holder = `${request.name}Result`;
  if (result.kind === 'counted') return countedCall(extraction, result, call);
  if (result.kind === 'expression') return expressionCall(extraction, call, isAsync);
  if (result.kind === 'tail') return tailCall(extraction, call);
  if (result.kind === 'object') return objectCall(extraction, result, call, holder);
  if (result.kind === 'structured') return structuredCall(extraction, result, call, holder);
  return oneCall(extraction, result.fields[0], call);
}

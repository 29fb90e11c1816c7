// Reads the line of an effect back into its parts.
import { unquoted } from './bare-or-quoted.ts';
import { proofError } from './proof-errors.ts';
import { effectLine, mainFlow } from './trace.ts';
import type { RenderedEffect } from './trace.ts';

/** The inverse of `effectLine`; a line that it could not have written is refused. */
export function parseEffectLine(line: string): RenderedEffect {
  const effect = readEffect(line);
  if (effect !== undefined && effectLine(effect) === line) return effect;
  throw proofError(
    'PROOF_GOLDEN_MALFORMED',
    `${JSON.stringify(line)} is no effect; expected "target.operation(arguments) answer", with "[flow] " before it where it is not the main one.`,
  );
}

const quoted = String.raw`"(?:[^"\\]|\\.)*"`;
const flowPattern = new RegExp(String.raw`^\[(?<flow>${quoted}|[^\]"]+)\] `);
const quotedTarget = new RegExp(String.raw`^(?<target>${quoted})\.(?<operation>${quoted}|[^".()]+)\(`);
/** `()` belongs to the path while a dot or another call follows it. */
const bareTarget = new RegExp(String.raw`^(?<target>(?:[^"()]|\(\)(?=[.(]))+)\.(?<operation>${quoted}|[^".()]+)\(`);

function readEffect(line: string): RenderedEffect | undefined {
  const flow = flowPattern.exec(line);
  const rest = flow === null ? line : line.slice(flow[0].length);
  const where = quotedTarget.exec(rest) ?? bareTarget.exec(rest);
  const { target, operation } = where?.groups ?? {};
  if (where === null || target === undefined || operation === undefined) return undefined;
  const { args, end } = readArguments(rest, where[0].length);
  try {
    return {
      flow: unquoted(flow?.groups?.['flow'] ?? mainFlow),
      target: unquoted(target),
      operation: unquoted(operation),
      args,
      answer: rest.slice(end + 2),
    };
  } catch {
    return undefined; // a quoted name with an escape that JSON has not
  }
}

const opening = '([{';
const closing = ')]}';

/** Splits at commas outside of brackets and texts, up to the parenthesis that closes the call. */
function readArguments(text: string, from: number): { readonly args: readonly string[]; readonly end: number } {
  const args: string[] = [];
  let depth = 0;
  let start = from;
  let at = from;
  for (; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '"') at = endOfText(text, at);
    else if (opening.includes(char)) depth += 1;
    else if (closing.includes(char) && depth > 0) depth -= 1;
    else if (char === ')') break;
    else if (char === ',' && depth === 0) {
      args.push(text.slice(start, at));
      start = at + 2;
    }
  }
  const last = text.slice(start, at);
  return { args: last === '' && args.length === 0 ? [] : [...args, last], end: at };
}

function endOfText(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1;
  return at;
}

// Reads a policy of allowed differences from a JSON file; what is wrong with it is said by file and entry.
import { readFileSync } from 'node:fs';
import { reasonOf } from '../kernel/refit-error.ts';
import type { RefitError } from '../kernel/refit-error.ts';
import type { DifferenceKind } from './compare-traces.ts';
import { definePolicy } from './policy.ts';
import type { AllowedDifference } from './policy.ts';
import { proofError } from './proof-errors.ts';

/** The entries of a policy file: a list of AllowedDifference. */
export function readPolicy(path: string): readonly AllowedDifference[] {
  const document = parse(path, readText(path));
  if (!Array.isArray(document)) throw invalid(path, 'it holds no list. Write a list of allowed differences.');
  const entries = document.map((entry: unknown, at) => checkEntry(entry, (found) => invalid(path, `entry ${at + 1} ${found}`)));
  try {
    return definePolicy(entries);
  } catch (error) {
    throw invalid(path, reasonOf(error), error);
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw invalid(path, `it cannot be read: ${reasonOf(error)}. Write the file, [] where nothing is allowed.`, error);
  }
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(path, `it is no JSON: ${reasonOf(error)}. Correct it.`, error);
  }
}

const required: readonly string[] = ['id', 'reason', 'kind', 'place'];
const texts: readonly string[] = [...required, 'subject', 'case', 'contains'];

/** Every kind once: the compiler asks for one that is added. */
const kinds: Readonly<Record<DifferenceKind, true>> = {
  'order-only': true,
  'text-only': true,
  'field-only': true,
  count: true,
  'missing effect': true,
  'extra effect': true,
  outcome: true,
  alive: true,
};

function checkEntry(entry: unknown, refuse: (found: string) => RefitError): AllowedDifference {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
    throw refuse(`is ${JSON.stringify(entry)}, expected an object.`);
  const fields = new Map<string, unknown>(Object.entries(entry));
  const missing = required.find((name) => !fields.has(name));
  if (missing !== undefined) throw refuse(`has no ${missing}. Add it.`);
  for (const [name, value] of fields) {
    const found = wrongWith(name, value);
    if (found !== undefined) throw refuse(found);
  }
  // Its fields were checked one by one: all that are required are there, each is of its type, and there are no others.
  return entry as AllowedDifference;
}

function wrongWith(name: string, value: unknown): string | undefined {
  if (name === 'count') {
    return typeof value === 'number' && Number.isInteger(value) && value > 0
      ? undefined
      : `has the count ${JSON.stringify(value)}, expected a whole number above 0.`;
  }
  if (!texts.includes(name)) return `has an unknown field ${name}. Known are ${texts.join(', ')}, count.`;
  if (typeof value !== 'string') return `has the ${name} ${JSON.stringify(value)}, expected a text.`;
  if (name === 'kind' && !Object.hasOwn(kinds, value))
    return `has the unknown kind ${JSON.stringify(value)}. Known are ${Object.keys(kinds).join(', ')}.`;
  return undefined;
}

function invalid(path: string, found: string, cause?: unknown): RefitError {
  return proofError('PROOF_POLICY_INVALID', `${path}: ${found}`, cause);
}

// What a case showed, reduced to named facts: the level on which two systems of different build can be held to the same behaviour.
import { effectLine } from '../../../codemods/proof/trace.ts';
import type { RenderedEffect, RenderedTrace } from '../../../codemods/proof/trace.ts';

/** Names of facts with their text; a fact that a case does not show is the empty text. */
export type Facts = Readonly<Record<string, string>>;

/** Reads the facts of a subject off a trace. */
export type Reading = (trace: RenderedTrace) => Facts;

export interface FactDifference {
  readonly subject: string;
  readonly case: string;
  readonly fact: string;
  readonly expected: string;
  readonly src: string;
}

/** A case, as the two systems know it. */
export interface ComparedCase {
  readonly subject: string;
  readonly case: string;
}

/** One difference for each fact in which the two are not equal. */
export function compareFacts(where: ComparedCase, expected: Facts, src: Facts): readonly FactDifference[] {
  const names = new Set([...Object.keys(expected), ...Object.keys(src)]);
  return [...names]
    .map((fact) => ({ ...where, fact, expected: expected[fact] ?? '', src: src[fact] ?? '' }))
    .filter((difference) => difference.expected !== difference.src);
}

/** The effects, one text each. */
export function lines(effects: readonly RenderedEffect[]): string {
  // What the flow is called is a matter of build.
  return effects.map((effect) => effectLine({ ...effect, flow: 'main' })).join('\n');
}

/** The trace flow by flow: within a flow the order counts, across flows it is free. */
export function flowByFlow(trace: RenderedTrace): RenderedTrace {
  return { ...trace, effects: trace.effects.toSorted((one, other) => one.flow.localeCompare(other.flow)) };
}

/** How the case ended; of an error its class, code and text. */
export function outcomeOf({ outcome }: RenderedTrace): string {
  return errorText(outcome);
}

/** The text of an effect or an outcome, its errors reduced to class, code and text. */
export function errorText(text: string): string {
  return text.replace(/(?<error>\w+\("(?:[^"\\]|\\.)*"(?:, "(?:[^"\\]|\\.)*")?).*$/, '$<error>)');
}

/** Effects on `target`; all operations when none is named. */
export function effectsOn(trace: RenderedTrace, target: string, ...operations: readonly string[]): readonly RenderedEffect[] {
  return trace.effects.filter(
    (effect) => effect.target === target && (operations.length === 0 || operations.includes(effect.operation)),
  );
}

/** By how much each counter of `target` grew over the whole case, by name. */
export function growth(trace: RenderedTrace, target: string): string {
  const sums = new Map<string, number>();
  for (const { args } of effectsOn(trace, target, 'add')) {
    const [name = '', by = '0'] = args;
    sums.set(name, (sums.get(name) ?? 0) + Number(by));
  }
  return [...sums]
    .map(([name, by]) => `${name.replaceAll('"', '')} +${by}`)
    .toSorted()
    .join(', ');
}

/** Fields that name what the text of a record or its logger says: each system has its own. */
const naming = ['act', 'systemId'];

/** The records of these levels: level and fields, in one spelling of their names; the texts are each system's own. */
export function records(trace: RenderedTrace, ...levels: readonly string[]): string {
  return effectsOn(trace, 'log', ...levels)
    .map(({ operation, args }) => `${operation} ${naming.reduce(without, args[0] ?? '')}`)
    .map((text) => text.replaceAll('queueName: ', 'queue: ').replaceAll('messageId: ', 'msgId: '))
    .join('\n');
}

/** The text of a record's fields without the field `key`, whose value is a text. */
function without(fields: string, key: string): string {
  const field = `${key}: "[^"]*"`;
  return fields.replace(new RegExp(`, ${field}|${field}, |${field}`), '');
}

// Compares two traces effect by effect and says of each difference where it is and of what kind.
import { alignLines } from './align-lines.ts';
import { effectLine } from './trace.ts';
import type { RenderedEffect, RenderedTrace } from './trace.ts';

/** From harmless to grave; `identical` is the absence of differences. */
export type DifferenceKind =
  | 'order-only'
  | 'text-only'
  | 'field-only'
  | 'count'
  | 'missing effect'
  | 'extra effect'
  | 'outcome'
  | 'alive';

export interface Difference {
  readonly kind: DifferenceKind;
  /** `target.operation`, `outcome` or `alive`. */
  readonly place: string;
  /** What was and what is; absent where there is nothing. */
  readonly before?: string;
  readonly after?: string;
}

/** An order that must stay although the effects are of different flows; both are `target.operation`. */
export interface HappensBefore {
  readonly first: string;
  readonly next: string;
}

/** Differences of `after` from `before`; none means identical. */
export function compareTraces(
  before: RenderedTrace,
  after: RenderedTrace,
  happensBefore: readonly HappensBefore[] = [],
): readonly Difference[] {
  const flows = [...new Set([...before.effects, ...after.effects].map(({ flow }) => flow))].toSorted();
  const inFlow = ({ effects }: RenderedTrace, flow: string) => effects.filter((effect) => effect.flow === flow);
  return [
    ...flows.flatMap((flow) => compareFlow(inFlow(before, flow), inFlow(after, flow))),
    ...happensBefore.flatMap((edge) => compareEdge(edge, before, after)),
    ...compareOutcomes(before.outcome, after.outcome),
    ...compareAlive(before.alive, after.alive),
  ];
}

function compareFlow(before: readonly RenderedEffect[], after: readonly RenderedEffect[]): readonly Difference[] {
  const aligned = alignLines(before.map(effectLine), after.map(effectLine));
  const gone = aligned.onlyBefore.flatMap((at) => before[at] ?? []);
  const come = aligned.onlyAfter.flatMap((at) => after[at] ?? []);
  if (gone.length === 0 && come.length === 0) return [];
  const moved = takePairs(gone, come, (one, other) => effectLine(one) === effectLine(other));
  const changed = takePairs(
    moved.gone,
    moved.come,
    (one, other) => one.target === other.target && one.operation === other.operation,
  );
  return [
    ...moved.pairs.map(([one, other]): Difference => ({
      kind: 'order-only',
      place: placeOf(one),
      before: placed(one, before),
      after: placed(other, after),
    })),
    ...changed.pairs.flatMap(([one, other]) => describeChange(one, other)),
    ...changed.gone.map((one) => lost(one, { before, after })),
    ...changed.come.map((one) => added(one, { before, after })),
  ];
}

/** The line of an effect with what comes before it: where it stands is what differs. */
function placed(effect: RenderedEffect, effects: readonly RenderedEffect[]): string {
  const previous = effects[effects.indexOf(effect) - 1];
  return `${effectLine(effect)}  (after ${previous === undefined ? 'the start' : effectLine(previous)})`;
}

interface Pairs {
  readonly pairs: readonly (readonly [RenderedEffect, RenderedEffect])[];
  readonly gone: readonly RenderedEffect[];
  readonly come: readonly RenderedEffect[];
}

/** Pairs each effect with the first of the other side that is like it. */
function takePairs(
  gone: readonly RenderedEffect[],
  come: readonly RenderedEffect[],
  alike: (one: RenderedEffect, other: RenderedEffect) => boolean,
): Pairs {
  const left = [...come];
  const pairs: (readonly [RenderedEffect, RenderedEffect])[] = [];
  const alone: RenderedEffect[] = [];
  for (const one of gone) {
    const at = left.findIndex((other) => alike(one, other));
    const [other] = at === -1 ? [] : left.splice(at, 1);
    if (other === undefined) alone.push(one);
    else pairs.push([one, other]);
  }
  return { pairs, gone: alone, come: left };
}

function placeOf({ target, operation }: RenderedEffect): string {
  return `${target}.${operation}`;
}

/** Same target and operation, other arguments or answer: the text, the fields, or both. */
function describeChange(one: RenderedEffect, other: RenderedEffect): readonly Difference[] {
  const kinds = new Set<DifferenceKind>();
  if (one.answer !== other.answer || one.args.length !== other.args.length) kinds.add('field-only');
  for (const [at, arg] of one.args.entries()) {
    if (arg !== (other.args[at] ?? arg)) kinds.add(isText(arg) && isText(other.args[at] ?? '') ? 'text-only' : 'field-only');
  }
  return [...kinds].map((kind) => ({ kind, place: placeOf(one), before: effectLine(one), after: effectLine(other) }));
}

function isText(arg: string): boolean {
  return arg.startsWith('"');
}

interface Sides {
  readonly before: readonly RenderedEffect[];
  readonly after: readonly RenderedEffect[];
}

function lost(effect: RenderedEffect, { after }: Sides): Difference {
  const line = effectLine(effect);
  const some = after.some((each) => effectLine(each) === line);
  return { kind: some ? 'count' : 'missing effect', place: placeOf(effect), before: line };
}

function added(effect: RenderedEffect, { before }: Sides): Difference {
  const line = effectLine(effect);
  const some = before.some((each) => effectLine(each) === line);
  return { kind: some ? 'count' : 'extra effect', place: placeOf(effect), after: line };
}

function compareEdge({ first, next }: HappensBefore, before: RenderedTrace, after: RenderedTrace): readonly Difference[] {
  const relation = ({ effects }: RenderedTrace): string => {
    const one = effects.findIndex((effect) => placeOf(effect) === first);
    const other = effects.findIndex((effect) => placeOf(effect) === next);
    if (one === -1 || other === -1) return 'not both';
    return one < other ? `${first} before ${next}` : `${next} before ${first}`;
  };
  const [was, is] = [relation(before), relation(after)];
  return was === is || was === 'not both' || is === 'not both'
    ? []
    : [{ kind: 'order-only', place: first, before: was, after: is }];
}

/** The same class and code with another text is a change of text. */
function compareOutcomes(before: string, after: string): readonly Difference[] {
  if (before === after) return [];
  // The text of an error is the last in its parentheses but for its cause; a code, the first of two, stays.
  const withoutTexts = (outcome: string): string =>
    outcome.replace(/"(?:[^"\\]|\\.)*"(?<end>\)|, cause )?/g, (text, end?: string) => (end === undefined ? text : `""${end}`));
  const kind = before.startsWith('threw ') && withoutTexts(before) === withoutTexts(after) ? 'text-only' : 'outcome';
  return [{ kind, place: 'outcome', before, after }];
}

function compareAlive(before: readonly string[], after: readonly string[]): readonly Difference[] {
  return before.join('\n') === after.join('\n')
    ? []
    : [{ kind: 'alive', place: 'alive', before: before.join(', ') || 'nothing', after: after.join(', ') || 'nothing' }];
}

// What texts before and after say about a structural claim, and the errors that end a judgement early.
import { NotReducible } from './normal-form.ts';

/** `open`: texts cannot decide it, for this reason. */
export type Judgement =
  | { readonly kind: 'equal' }
  | { readonly kind: 'different'; readonly why: string }
  | { readonly kind: 'open'; readonly why: string };

/** A file before and after. */
export interface TextPair {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Characters of a normal form that a difference shows, and how many of them are equal still. */
const SHOWN_CHARACTERS = 160;
const SHOWN_BEFORE = 40;

class Different extends Error {}

export function different(why: string): never {
  throw new Different(why);
}

export function undecided(why: string): never {
  throw new NotReducible(why);
}

/** Equal without a doubt, or what was thrown on the way. `judge` answers its doubts. */
export function judgement(judge: () => readonly string[]): Judgement {
  try {
    const doubts = judge();
    return doubts.length === 0 ? { kind: 'equal' } : { kind: 'open', why: `equal, but ${[...new Set(doubts)].join('; ')}` };
  } catch (thrown) {
    if (thrown instanceof Different) return { kind: 'different', why: thrown.message };
    if (thrown instanceof NotReducible) return { kind: 'open', why: thrown.message };
    throw thrown;
  }
}

/** Where two normal forms part. */
export function parting(now: string, then: string): string {
  let at = 0;
  while (at < now.length && now[at] === then[at]) at += 1;
  const from = Math.max(0, at - SHOWN_BEFORE);
  const show = (text: string): string => text.slice(from, from + SHOWN_CHARACTERS);
  return `put back, the function gives …${show(now)}… where …${show(then)}… stood`;
}

/** The free names of a function in a normal form; types are none. */
export function freeNames(form: string): readonly string[] {
  const values = form.replaceAll(/(?:TypeReference|TypeQuery|ExpressionWithTypeArguments|QualifiedName)\(free\([^)]*\)/g, '');
  return [...new Set([...values.matchAll(/free\(([^)]*)\)/g)].map((match) => match[1] ?? ''))];
}

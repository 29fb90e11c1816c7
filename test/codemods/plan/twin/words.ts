// Words of identifiers, and other words for them: nonsense that sorts in another order and that no identifier of the code has.
import { createHash } from 'node:crypto';

const consonants = 'bdfgklmnprstvz';
const vowels = 'aeiou';

/** The parts of an identifier that are words: `readHTTPText` has three. */
const word = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g;

/** Words of an identifier, in lower case. */
export function wordsOf(identifier: string): readonly string[] {
  return [...identifier.matchAll(word)].map(([text]) => text.toLowerCase());
}

function syllable(nr: number): string {
  return `${consonants.charAt(nr % consonants.length)}${vowels.charAt(Math.floor(nr / consonants.length) % vowels.length)}`;
}

/** Syllables, as many as fit the length but at least two; another word for each number below 4,900. */
function nonsense(nr: number, length: number): string {
  const base = consonants.length * vowels.length;
  const numbers = [nr % base, Math.floor(nr / base) % base, (nr * 7) % base, (nr * 11) % base];
  return numbers
    .slice(0, Math.max(2, Math.round(length / 2)))
    .map(syllable)
    .join('');
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Another word for each word, none of them among `taken`. The same for the same words, in whatever order. */
export function otherWords(words: ReadonlySet<string>, taken: ReadonlySet<string>): ReadonlyMap<string, string> {
  const others = new Map<string, string>();
  let nr = 0;
  for (const each of [...words].toSorted((a, b) => (hash(a) < hash(b) ? -1 : 1))) {
    while (taken.has(nonsense(nr, each.length))) nr += 1;
    others.set(each, nonsense(nr, each.length));
    nr += 1;
  }
  return others;
}

function inCaseOf(model: string, text: string): string {
  if (model === model.toUpperCase()) return text.toUpperCase();
  return model.charAt(0) === model.charAt(0).toUpperCase() ? `${text.charAt(0).toUpperCase()}${text.slice(1)}` : text;
}

/** The identifier with each of its words replaced, in the case of the word. */
export function translated(identifier: string, words: ReadonlyMap<string, string>): string {
  return identifier.replaceAll(word, (text) => inCaseOf(text, words.get(text.toLowerCase()) ?? text.toLowerCase()));
}

// Computes the facts of one text. It loads the compiler, so it is imported only when a text is not in the cache.
import type { CachedFacts, TextKind } from './cached-facts.ts';
import { countTests, declaresTestsAtTop } from './count-tests.ts';
import { inventoryFacts } from './inventory/inventory-facts.ts';
import { textFacts } from './source-facts.ts';

/** Facts may depend on the text and on the name of the file, on nothing else: no other file, no setting, no clock. */
const computers: { readonly [K in TextKind]: (file: string, text: string) => CachedFacts[K] } = {
  source(file, text) {
    const { hash: _, ...facts } = textFacts(file, text);
    return facts;
  },
  test: (file, text) => ({ cases: countTests(file, text), inventory: inventoryFacts(file, text) }),
  other: (file, text) => ({ declaresTests: declaresTestsAtTop(file, text), inventory: inventoryFacts(file, text) }),
};

export function computeFacts<K extends TextKind>(kind: K, file: string, text: string): CachedFacts[K] {
  return computers[kind](file, text);
}

// Rules on single tests: each asserts something, and each that is left out says why.
import { matcherOf } from '../../kernel/glob.ts';
import type { CoverageReportConfig } from '../config.ts';
import type { Failure } from '../failure.ts';
import { AssertionLinks } from './assertion-links.ts';
import type { InventoryFacts } from './inventory-facts.ts';

/** Facts of test files and of the helpers beside them, by path. */
export type Inventory = ReadonlyMap<string, InventoryFacts>;

/** Type tests assert by compiling. */
function holdsTests(file: string): boolean {
  return !/\.test-d\.[cm]?tsx?$/.test(file);
}

export function withoutAssertion(inventory: Inventory, config: CoverageReportConfig): readonly Failure[] {
  const isIncluded = matcherOf(config.include);
  const links = new AssertionLinks({
    factsOf: (path) => inventory.get(path),
    isSource: (path) => !inventory.has(path) && isIncluded(path),
    more: config.inventory.assertions,
  });
  return [...inventory].flatMap(([file, { tests }]) =>
    tests
      .filter(({ calls }) => holdsTests(file) && !links.reach(file, calls))
      .map(({ name, line }): Failure => {
        const message = `${file}:${line} "${name}" asserts nothing: it reaches no expect, no assert and no helper that does. Assert what its name says, or name the helper in inventory.assertions.`;
        return { code: 'GATE_TEST_WITHOUT_ASSERTION', file, line, message };
      }),
  );
}

export function skippedTests(inventory: Inventory): readonly Failure[] {
  return [...inventory].flatMap(([file, { skips }]) =>
    skips.map(({ name, line, how }): Failure => {
      const message = `${file}:${line} "${name}" is left out or leaves others out (${how}) and does not say why. Say it in a comment on the line or above it, or delete it.`;
      return { code: 'GATE_TEST_SKIPPED', file, line, message };
    }),
  );
}

/** The failures of one rule, none when they are no more than allowed or the rule is off. */
export function beyond(most: number | false, failures: readonly Failure[]): readonly Failure[] {
  return most === false || failures.length <= most ? [] : failures;
}

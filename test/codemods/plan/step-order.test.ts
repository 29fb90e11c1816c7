// Steps run after what they depend on; a plan that cannot be ordered is refused with the names.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan, Step } from '../../../codemods/plan/plan.ts';
import { orderOf, requireWellFormed, withDependencies } from '../../../codemods/plan/step-order.ts';

function step(id: string, after: readonly string[] = []): Step {
  return { id, title: id, phase: '1', after, claims: [], operations: [], ensures: [], subjects: [] };
}

function plan(...steps: readonly Step[]): Plan {
  return { name: 'small', title: 'Small', root: '.', projects: [], phases: [{ id: '1', title: 'One' }], steps, reported: [] };
}

const ids = (steps: readonly Step[]): readonly string[] => steps.map((each) => each.id);

describe('the order of steps', () => {
  it("is the plan's own where the dependencies leave a choice", () => {
    const small = plan(step('B', ['A']), step('A'), step('C'));
    expect(ids(orderOf(small, small.steps))).toEqual(['A', 'B', 'C']);
  });

  it('respects every dependency under any seed, and loses no step', () => {
    const steps = fc
      .integer({ min: 1, max: 12 })
      .chain((size) =>
        fc
          .tuple(
            ...Array.from({ length: size }, (_, at) => fc.subarray(Array.from({ length: at }, (__, nr) => `S${String(nr)}`))),
          )
          .map((after) => after.map((each, at) => step(`S${String(at)}`, each))),
      );
    fc.assert(
      fc.property(steps, fc.nat(), (drawn, seed) => {
        const order = ids(orderOf(plan(...drawn), drawn, seed));
        expect(order.toSorted()).toEqual(ids(drawn).toSorted());
        for (const each of drawn) for (const id of each.after) expect(order.indexOf(id)).toBeLessThan(order.indexOf(each.id));
      }),
    );
  });

  it('is another one for some seeds', () => {
    const small = plan(step('A'), step('B'), step('C'), step('D'));
    const orders = new Set([1, 2, 3, 4, 5].map((seed) => ids(orderOf(small, small.steps, seed)).join()));
    expect(orders.size).toBeGreaterThan(1);
  });

  it('refuses steps that wait for each other, naming them', () => {
    const small = plan(step('A', ['B']), step('B', ['A']), step('C'));
    expect(() => orderOf(small, small.steps)).toThrow(/wait for each other: A after B; B after A/);
  });

  it('takes what the chosen steps depend on along, whatever the case of the letters', () => {
    const small = plan(step('1A'), step('1B', ['1A']), step('2A'));
    expect(ids(withDependencies(small, ['1b']))).toEqual(['1A', '1B']);
  });

  it('names the nearest step for one that does not exist', () => {
    expect(() => withDependencies(plan(step('1A'), step('2D')), ['1AA'])).toThrow(
      /1AA, which the plan small does not have\. Did you mean 1A\?/,
    );
  });

  it.each([
    ['a dependency that does not exist', plan(step('A', ['X'])), /Step A \(after\) names step X/],
    ['the same id twice', plan(step('A'), step('A')), /two steps A/],
    ['a phase that does not exist', plan({ ...step('A'), phase: '9' }), /phase 9; the phases are 1/],
  ])('refuses %s', (_what, broken, message) => {
    expect(() => requireWellFormed(broken)).toThrow(message);
  });
});

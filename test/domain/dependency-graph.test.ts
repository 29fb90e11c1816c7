// Levels and cycles, on examples and against a brute force on random graphs.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dependencyLevels, findCycle } from '../../src/domain/dependency-graph.ts';
import type { DependencyEdge } from '../../src/domain/dependency-graph.ts';
import { thrownBy } from './thrown-by.ts';

const edge = (from: string, to: string): DependencyEdge => ({ from, to });

describe('dependencyLevels', () => {
  it('puts a step below its deepest parent', () => {
    const levels = dependencyLevels([edge('a', 'b'), edge('b', 'c'), edge('a', 'c'), edge('a', 'd')], ['lonely']);
    expect(Object.fromEntries(levels)).toEqual({ lonely: 0, a: 0, b: 1, d: 1, c: 2 });
  });

  it('has nothing to say about nothing', () => {
    expect(dependencyLevels([]).size).toBe(0);
  });

  it('takes a chain of 20,000 steps', () => {
    const chain = Array.from({ length: 20_000 }, (_, i) => edge(String(i), String(i + 1)));
    expect(dependencyLevels(chain).get('20000')).toBe(20_000);
  });

  it('throws on a cycle and names it', () => {
    const error = thrownBy(() => dependencyLevels([edge('root', 'a'), edge('c', 'a'), edge('b', 'c'), edge('a', 'b')]));
    expect(error).toMatchObject({ code: 'DEPENDENCY_CYCLE', kind: 'input', details: { cycle: ['a', 'c', 'b', 'a'] } });
    expect(error.message).toContain('in a circle: a → c → b → a (each step waits for the next)');
  });

  it('equals a brute force on random graphs without cycles', () => {
    fc.assert(
      fc.property(edgesAmong(8), (pairs) => {
        const forward = pairs.filter(([from, to]) => from < to).map(([from, to]) => edge(String(from), String(to)));
        const longest = (to: string): number =>
          Math.max(0, ...forward.filter((one) => one.to === to).map((one) => 1 + longest(one.from)));
        for (const [name, level] of dependencyLevels(forward)) expect(level).toBe(longest(name));
      }),
    );
  });
});

describe('findCycle', () => {
  it.each([
    [[edge('a', 'a')], ['a', 'a']],
    [
      [edge('b', 'a'), edge('a', 'b')],
      ['a', 'b', 'a'],
    ],
    [[edge('a', 'b')], undefined],
  ])('finds in %o the cycle %o', (edges, cycle) => {
    expect(findCycle(edges)).toEqual(cycle);
  });

  it('finds a cycle exactly when a step can reach itself, and each pair of it is an edge', () => {
    fc.assert(
      fc.property(edgesAmong(6), (pairs) => {
        const edges = pairs.map(([from, to]) => edge(String(from), String(to)));
        const cycle = findCycle(edges);
        expect(cycle !== undefined).toBe(edges.some(({ to }) => reachable(edges, to).has(to)));
        if (cycle === undefined) return;
        expect(cycle.at(-1)).toBe(cycle[0]);
        for (const [i, waiting] of cycle.slice(0, -1).entries())
          expect(edges).toContainEqual({ from: cycle[i + 1], to: waiting });
      }),
    );
  });
});

function edgesAmong(count: number): fc.Arbitrary<[number, number][]> {
  const node = fc.nat({ max: count - 1 });
  return fc.array(fc.tuple(node, node), { maxLength: 14 });
}

function reachable(edges: readonly DependencyEdge[], start: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const open = [start];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const { from, to } of edges) {
      if (from !== node || seen.has(to)) continue;
      seen.add(to);
      open.push(to);
    }
  }
  return seen;
}

// Differences of two traces: where, and of what kind.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareTraces } from '../../../codemods/proof/compare-traces.ts';
import type { HappensBefore } from '../../../codemods/proof/compare-traces.ts';
import type { RenderedEffect, RenderedTrace } from '../../../codemods/proof/trace.ts';
import { anyTrace, effect, trace } from './rendered-traces.ts';

const [a, b, c] = ['a', 'b', 'c'].map((operation) => effect({ operation }));
const log = (message: string, fields: string, answer = ''): RenderedEffect =>
  effect({ target: 'log', operation: 'info', args: [message, fields], answer });

function effects(...given: readonly (RenderedEffect | undefined)[]): RenderedTrace {
  return trace({ effects: given.flatMap((each) => each ?? []) });
}

function kinds(before: RenderedTrace, after: RenderedTrace, edges: readonly HappensBefore[] = []): readonly string[] {
  return compareTraces(before, after, edges).map(({ kind, place }) => `${kind} at ${place}`);
}

describe('compareTraces', () => {
  it('finds nothing between a trace and itself', () => {
    fc.assert(
      fc.property(anyTrace, (given) => {
        expect(compareTraces(given, structuredClone(given))).toEqual([]);
      }),
    );
  });

  it('finds something between traces that are not equal within their flows', () => {
    fc.assert(
      fc.property(anyTrace, anyTrace, (before, after) => {
        const equal = JSON.stringify(sorted(before)) === JSON.stringify(sorted(after));
        expect(compareTraces(before, after).length === 0).toBe(equal);
      }),
    );
  });

  it.each<[string, RenderedTrace, RenderedTrace, readonly string[]]>([
    ['another order', effects(a, b, c), effects(b, a, c), ['order-only at db.a']],
    ['a missing effect', effects(a, b), effects(a), ['missing effect at db.b']],
    ['an extra effect', effects(a), effects(a, b), ['extra effect at db.b']],
    ['an effect more often', effects(a), effects(a, a), ['count at db.a']],
    ['an effect less often', effects(a, b, a), effects(a, b), ['count at db.a']],
    ['another text', effects(log('"x"', '1')), effects(log('"y"', '1')), ['text-only at log.info']],
    ['another field', effects(log('"x"', '1')), effects(log('"x"', '2')), ['field-only at log.info']],
    ['text and field', effects(log('"x"', '1')), effects(log('"y"', '2')), ['text-only at log.info', 'field-only at log.info']],
    ['a text that became none', effects(log('"x"', '1')), effects(log('x', '1')), ['field-only at log.info']],
    ['another answer', effects(log('"x"', '1')), effects(log('"x"', '1', 'returned 1')), ['field-only at log.info']],
    [
      'one argument less',
      effects(log('"x"', '1')),
      effects(effect({ ...log('"x"', '1'), args: ['"x"'] })),
      ['field-only at log.info'],
    ],
    [
      'one argument more',
      effects(effect({ ...log('"x"', '1'), args: [] })),
      effects(log('"x"', '1')),
      ['field-only at log.info'],
    ],
    [
      'a text and an argument less',
      effects(log('"x"', '"z"')),
      effects(effect({ ...log('"y"', '1'), args: ['"y"'] })),
      ['field-only at log.info', 'text-only at log.info'],
    ],
    [
      'a dot that belongs to the operation',
      effects(effect({ target: 'x', operation: 'y.z' })),
      effects(effect({ target: 'x.y', operation: 'z' })),
      ['missing effect at x.y.z', 'extra effect at x.y.z'],
    ],
  ])('calls by its name: %s', (_, before, after, expected) => {
    expect(kinds(before, after)).toEqual(expected);
  });

  it('says what was and what is', () => {
    expect(compareTraces(effects(log('"x"', '1')), effects(log('"y"', '1')))).toEqual([
      { kind: 'text-only', place: 'log.info', before: 'log.info("x", 1)', after: 'log.info("y", 1)' },
    ]);
    expect(compareTraces(effects(a), effects())).toEqual([{ kind: 'missing effect', place: 'db.a', before: 'db.a(1)' }]);
    expect(compareTraces(effects(), effects(a))).toEqual([{ kind: 'extra effect', place: 'db.a', after: 'db.a(1)' }]);
  });

  it('counts the order within a flow, and none between flows', () => {
    const [one, other] = [effect({ flow: 'one' }), effect({ flow: 'other' })];
    expect(kinds(effects(one, other), effects(other, one))).toEqual([]);
    expect(kinds(effects(one, other), effects(other))).toEqual(['missing effect at db.find']);
  });

  describe('with a declared order between flows', () => {
    const [mark, send] = [effect({ flow: 'one', operation: 'mark' }), effect({ flow: 'other', operation: 'send' })];
    const edges = [{ first: 'db.mark', next: 'db.send' }];

    it('holds them to it', () => {
      expect(compareTraces(effects(mark, send), effects(send, mark), edges)).toEqual([
        { kind: 'order-only', place: 'db.mark', before: 'db.mark before db.send', after: 'db.send before db.mark' },
      ]);
    });

    it('says nothing while it stays, or where one of them is absent', () => {
      expect(kinds(effects(mark, send), effects(mark, send), edges)).toEqual([]);
      expect(kinds(effects(mark), effects(mark), edges)).toEqual([]);
      expect(kinds(effects(send), effects(mark, send), edges)).toEqual(['extra effect at db.mark']);
      expect(kinds(effects(mark, send), effects(mark), edges)).toEqual(['missing effect at db.send']);
    });
  });

  it.each([
    ['returned 1', 'returned 2', 'outcome'],
    ['returned "a"', 'returned "b"', 'outcome'],
    ['returned 1', 'threw Error("a")', 'outcome'],
    ['threw Error("a")', 'threw Error("b")', 'text-only'],
    ['threw Error("E_A", "a")', 'threw Error("E_A", "b")', 'text-only'],
    ['threw Error("E_A", "a")', 'threw Error("E_B", "a")', 'outcome'],
    ['threw Error("a")', 'threw TypeError("a")', 'outcome'],
    ['threw Error("a", cause Error("x"))', 'threw Error("b", cause Error("x"))', 'text-only'],
    ['threw Error("a", cause Error("x"))', 'threw Error("a", cause Error("y"))', 'text-only'],
    ['threw Error("a", cause Error("x"))', 'threw Error("a", cause TypeError("x"))', 'outcome'],
    ['threw Error("E_A", "\\") (")', 'threw Error("E_A", "\\"), x(")', 'text-only'],
    ['threw "a"', 'threw "b"', 'outcome'],
    ['waits for ever', 'returned undefined', 'outcome'],
  ])('takes %s and %s for a difference of %s', (before, after, kind) => {
    expect(compareTraces(trace({ outcome: before }), trace({ outcome: after }))).toEqual([
      { kind, place: 'outcome', before, after },
    ]);
  });

  it('tells what is alive', () => {
    expect(compareTraces(trace({ alive: ['loop'] }), trace())).toEqual([
      { kind: 'alive', place: 'alive', before: 'loop', after: 'nothing' },
    ]);
    expect(compareTraces(trace(), trace({ alive: ['a', 'b'] }))).toEqual([
      { kind: 'alive', place: 'alive', before: 'nothing', after: 'a, b' },
    ]);
  });
});

/** A trace by flow, as the order between flows says nothing. */
function sorted({ effects: given, outcome, alive }: RenderedTrace): unknown {
  const flows = [...new Set(given.map(({ flow }) => flow))].toSorted();
  return [flows.map((flow) => given.filter((each) => each.flow === flow)), outcome, alive];
}

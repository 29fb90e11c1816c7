// The lines of a trace.
import { describe, expect, it } from 'vitest';
import { aliveLine, effectLine, traceLines } from '../../../codemods/proof/trace.ts';
import { effect, trace } from './rendered-traces.ts';

describe('effectLine', () => {
  it.each([
    [effect(), 'db.find(1)'],
    [effect({ args: [] }), 'db.find()'],
    [effect({ args: ['"a, b"', '{c: 1}'], answer: 'returned 2' }), 'db.find("a, b", {c: 1}) returned 2'],
    [effect({ flow: 'event 1' }), '[event 1] db.find(1)'],
    [effect({ target: 'X().db', operation: 'reply undelivered' }), 'X().db.reply undelivered(1)'],
    [effect({ target: '[main] db' }), '"[main] db".find(1)'],
    [effect({ operation: 'X()' }), 'db."X()"(1)'],
    [effect({ flow: 'a]b' }), '["a]b"] db.find(1)'],
    [effect({ target: 'a\nb' }), '"a\\nb".find(1)'],
  ])('of %j', (given, line) => {
    expect(effectLine(given)).toBe(line);
  });
});

describe('traceLines', () => {
  it('has the effects, the outcome, and what is alive', () => {
    const lines = traceLines(trace({ effects: [effect()], alive: ['timeout 5 ms', 'a\nb'] }));
    expect(lines).toEqual(['db.find(1)', '=> returned undefined', 'alive: timeout 5 ms', 'alive: "a\\nb"']);
    expect(aliveLine('x')).toBe('alive: x');
  });
});

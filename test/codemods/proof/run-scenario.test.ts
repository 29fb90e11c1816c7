// One scenario from its beginning to its end.
import { describe, expect, it } from 'vitest';
import { runScenario, runTwice } from '../../../codemods/proof/run-scenario.ts';
import { lifo, seeded } from '../../../codemods/proof/schedule.ts';
import { traceLines } from '../../../codemods/proof/trace.ts';
import { linesOf } from './small-subject.ts';

describe('runScenario', () => {
  it('renders effects, outcome and what is alive', async () => {
    const trace = await runScenario((world) => {
      world.record({ target: 'db', operation: 'find', args: [{ a: 1 }], answer: { kind: 'returned', value: [2] } });
      world.flow('one', () =>
        world.record({ target: 'db', operation: 'lose', args: [], answer: { kind: 'threw', error: new Error('x') } }),
      );
      world.keepAlive('loop');
      return 5;
    });
    expect(trace).toEqual({
      effects: [
        { flow: 'main', target: 'db', operation: 'find', args: ['{a: 1}'], answer: 'returned [2]' },
        { flow: 'one', target: 'db', operation: 'lose', args: [], answer: 'threw Error("x")' },
      ],
      outcome: 'returned 5',
      alive: ['loop'],
    });
  });

  it('normalises what it renders', async () => {
    const normaliser = { name: 'n', describe: 'n', replace: (value: unknown) => (value === 5 ? '<five>' : undefined) };
    const trace = await runScenario(
      (world) => {
        world.record({ target: 'a', operation: 'b', args: [5] });
        return [5];
      },
      { normalisers: [normaliser] },
    );
    expect(traceLines(trace)).toEqual(['a.b(<five>)', '=> returned [<five>]']);
  });

  it('tells an error that was thrown at once from one that came later by nothing', async () => {
    const thrown = await runScenario(() => {
      throw new Error('a');
    });
    expect(thrown.outcome).toBe('threw Error("a")');
    expect(await runScenario(() => Promise.reject(new Error('a')))).toEqual(thrown);
  });

  it('reports a scenario that waits for ever, with what it waits for', async () => {
    const never = 'export const run = (dep) => new Promise(() => dep.asked());';
    expect(await linesOf(never)).toEqual(['dep.asked()', '=> waits for ever']);
    const both = 'export const run = async (dep) => { dep.on("data", () => 1); await new Promise(() => {}); };';
    expect(await linesOf(both)).toEqual(['dep.on("data")', '=> waits for ever', 'alive: listener dep:data']);
  });

  it('lets what was spawned go on after the end, but no timer', async () => {
    const text = `
      export async function run(dep) {
        void (async () => { for (;;) { await dep.next(); dep.took(); if (dep.last()) return; } })();
        setTimeout(() => dep.never(), 1);
        return 'ended';
      }`;
    const script = { 'dep.next': { resolves: 1 }, 'dep.last': [{ returns: false }, { returns: true }] };
    const lines = await linesOf(text, { script });
    expect(lines.filter((line) => line.startsWith('dep.took'))).toHaveLength(2);
    expect(lines.slice(-2)).toEqual(['=> returned "ended"', 'alive: timeout 1 ms']);
  });

  it('runs under the schedule it is given', async () => {
    const text = 'export const run = (dep) => Promise.all([1, 2, 3].map(async (nr) => { await dep.go(nr); dep.went(nr); }));';
    const went = async (schedule = lifo) =>
      (await linesOf(text, { schedule, script: { 'dep.go': { resolves: 1 } } }))
        .filter((line) => line.startsWith('dep.went'))
        .join();
    expect(await went()).toBe('dep.went(3),dep.went(2),dep.went(1)');
    const orders = new Set(await Promise.all(Array.from({ length: 30 }, (_, seed) => went(seeded(seed)))));
    expect(orders.size).toBe(6);
  });

  it.each([
    ['an empty loop', 'while (true) {}'],
    ['a loop without a body', 'for (;;);'],
    ['a loop that swallows errors', 'while (true) { try { for (;;) {} } catch {} }'],
    ['a loop that swallows errors in the end', 'outer: do { try { for (;;) {} } finally { continue outer; } } while (true);'],
    ['an endless generator', 'function* all() { while (true) yield 1; } for (const each of all()) void each;'],
    ['a loop that waits', 'for (;;) await null;'],
    ['a loop that waits for answers', 'for (;;) await dep.next();'],
    ['a timer that sets itself', 'await new Promise(() => { const again = () => setTimeout(again, 5); again(); });'],
    ['an interval', 'await new Promise(() => setInterval(() => {}, 5));'],
    ['an interval with an endless loop', 'await new Promise(() => setInterval(() => { for (;;) {} }, 5));'],
    ['a spawned loop', 'void (async () => { for (;;) await null; })();'],
    [
      'a spawned loop that swallows errors',
      'void (async () => { for (;;) { try { await dep.next(); for (;;) {} } catch {} } })();',
    ],
    ['a function that calls itself', 'const again = async () => { await null; return again(); }; await again();'],
    ['an arrow that calls itself', 'const again = () => Promise.resolve().then(again); await again();'],
  ])('ends %s by its bound of steps', async (_, body) => {
    const run = linesOf(`export async function run(dep) { ${body} }`, { stepBound: 50, script: { 'dep.next': { resolves: 1 } } });
    await expect(run).rejects.toMatchObject({
      code: 'PROOF_SCENARIO_DOES_NOT_END',
      message: expect.stringContaining('more than 50 steps'),
    });
  });

  it('ends a subject that swallows the error of its bound', async () => {
    const text = 'export function run(dep) { try { for (;;) dep.turn(); } catch {} return "fine"; }';
    await expect(linesOf(text, { stepBound: 50 })).rejects.toMatchObject({
      code: 'PROOF_SCENARIO_DOES_NOT_END',
      message: expect.stringContaining('last effect: dep.turn'),
    });
  });

  it('notes rejections that nobody handles, and errors of timers', async () => {
    const text = `
      export async function run(dep) {
        void (async () => { await dep.send(); })();
        setTimeout(() => { throw new Error('late'); }, 1);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }`;
    expect(await linesOf(text, { script: { 'dep.send': { rejects: new Error('lost') } } })).toEqual([
      'dep.send() rejected Error("lost")',
      'process.unhandledRejection(Error("lost"))',
      'process.uncaughtException(Error("late"))',
      '=> returned undefined',
    ]);
  });
});

describe('runTwice', () => {
  it('answers with the trace of what is the same twice', async () => {
    expect(await runTwice(() => 1)).toEqual({ effects: [], outcome: 'returned 1', alive: [] });
  });

  it.each<[string, (nth: number) => readonly string[], string]>([
    ['an effect that moved', (nth) => ['same', `call${nth}`], 'effect 2: first x.call1(), then x.call2()'],
    ['an effect that was lost', (nth) => (nth === 1 ? ['a', 'b'] : ['a']), 'effect 2: first x.b(), then => returned undefined'],
    ['an effect that came', (nth) => (nth === 1 ? [] : ['a']), 'effect 1: first => returned undefined, then x.a()'],
  ])('names %s', async (_, operations, message) => {
    let nth = 0;
    const run = runTwice((world) => {
      nth += 1;
      for (const operation of operations(nth)) world.record({ target: 'x', operation, args: [] });
    });
    await expect(run).rejects.toMatchObject({
      code: 'PROOF_SUBJECT_NOT_DETERMINISTIC',
      message: expect.stringContaining(message),
    });
  });

  it('names what is alive only once', async () => {
    let nth = 0;
    const alive = (wanted: number) =>
      runTwice((world) => {
        nth += 1;
        if (nth === wanted) world.keepAlive('loop');
      });
    await expect(alive(1)).rejects.toThrow('effect 2: first alive: loop, then nothing');
    nth = 0;
    await expect(alive(2)).rejects.toThrow('effect 2: first nothing, then alive: loop');
  });
});

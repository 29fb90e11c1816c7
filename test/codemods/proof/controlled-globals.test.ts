// Time, chance and timers as a subject finds them.
import { describe, expect, it } from 'vitest';
import { fifo } from '../../../codemods/proof/schedule.ts';
import { World } from '../../../codemods/proof/world.ts';
import { functionOf, linesOf, openTexts } from './small-subject.ts';

const body = (expression: string): string => `export const run = async (dep) => ${expression};`;

describe('the globals of a subject', () => {
  it.each([
    ['the present', 'new Date().toISOString()', '"2026-01-01T00:00:00.000Z"'],
    ['the present in milliseconds', 'Date.now() === new Date().getTime()', 'true'],
    ['the present as a text', 'Date() === new Date().toString()', 'true'],
    ['a given date', 'new Date(0).toISOString()', '"1970-01-01T00:00:00.000Z"'],
    ['a date of nothing', 'Number.isNaN(new Date(undefined).getTime())', 'true'],
    ['what else Date has', '[Date.UTC(1970, 0, 1), new Date() instanceof Date]', '[0, true]'],
    [
      'a class of dates',
      '(() => { class Day extends Date { x = 1 } return [new Day() instanceof Day, new Day().x, new Day().getTime() === Date.now()]; })()',
      '[true, 1, true]',
    ],
    ['chance', '[Math.random() === Math.random(), Math.random() < 1]', '[false, true]'],
    ['what else Math has', '[Math.max(1, 2), Math.PI > 3]', '[2, true]'],
    ['a clock that goes on', 'performance.now() < performance.now()', 'true'],
    [
      'ids',
      '[crypto.randomUUID(), crypto.randomUUID()]',
      '["00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"]',
    ],
    ['what else crypto has', 'typeof crypto.subtle.digest', '"function"'],
  ])('have %s', async (_, expression, value) => {
    expect(await linesOf(body(expression))).toEqual([`=> returned ${value}`]);
  });

  it('draw the same chance in every world', async () => {
    const text = body('[Math.random(), ...crypto.getRandomValues(new Uint16Array(4))]');
    const [once, again] = [await linesOf(text), await linesOf(text)];
    expect(once).toEqual(again);
    expect(once[0]).toMatch(/^=> returned \[0\.\d+(, \d+){4}\]$/);
  });

  it('have timers that take no time, in their order', async () => {
    const text = `
      export async function run(dep) {
        const cleared = setTimeout(() => dep.never(), 1);
        clearTimeout(cleared);
        clearImmediate(setImmediate(() => dep.never()));
        const tick = setInterval((text) => dep.tick(text, Date.now() - start), 400, 'tick');
        const start = Date.now();
        await new Promise((resolve) => setTimeout(resolve, 1_000, 'given'));
        clearInterval(tick);
        await new Promise((resolve) => setImmediate(resolve));
        setTimeout(() => dep.never(), 5);
        return Date.now() - start;
      }`;
    expect(await linesOf(text)).toEqual([
      'dep.tick("tick", 400)',
      'dep.tick("tick", 800)',
      '=> returned 1000',
      'alive: timeout 5 ms',
    ]);
  });

  it('stand still before there is a world', () => {
    const text = `
      const timers = [setTimeout(() => {}, 1), setInterval(() => {}, 1), setImmediate(() => {})];
      clearTimeout(timers[0]);
      export const run = () => [
        Date.now(), Math.random(), performance.now(), crypto.randomUUID(), [...crypto.getRandomValues(new Uint8Array(2))], timers,
      ];`;
    const nothing = [undefined, undefined, undefined];
    expect(functionOf(openTexts({ 'a.ts': text }))()).toEqual([0, 0, 0, '', [0, 0], nothing]);
  });

  it('follow the subject from world to world', () => {
    const subject = openTexts({ 'a.ts': 'export const run = () => Date.now();' });
    const run = functionOf(subject);
    const times = [1_000, 2_000].map((startsAtMs) => {
      subject.use(new World({ schedule: fifo, startsAtMs }));
      return run();
    });
    expect(times).toEqual([1_000, 2_000]);
  });

  it('may be hidden by declarations of the subject', async () => {
    const text =
      'const performance = { now: () => 7 }; class Date { now = 8 } export const run = () => [performance.now(), new Date().now];';
    expect(await linesOf(text)).toEqual(['=> returned [7, 8]']);
  });

  it.each([
    ['the present', 'globalThis.Date.now() === Date.now()', 'true'],
    ['chance', 'globalThis.Math === Math && global.crypto === crypto', 'true'],
    ['itself', 'globalThis.globalThis === global', 'true'],
    ['what else is global', '[globalThis.JSON === JSON, typeof globalThis.Array]', '[true, "function"]'],
    ['the process', 'globalThis.process === process', 'true'],
  ])('are those of globalThis: %s', async (_, expression, value) => {
    expect(await linesOf(body(expression))).toEqual([`=> returned ${value}`]);
  });

  it('are written for the subject only, where they are controlled', async () => {
    const real = globalThis.setTimeout;
    const text = body('((globalThis.setTimeout = 5), (globalThis.refitWritten = 6), [globalThis.setTimeout, refitWritten])');
    expect(await linesOf(text)).toEqual(['=> returned [5, 6]']);
    expect(globalThis.setTimeout).toBe(real);
    expect(Reflect.deleteProperty(globalThis, 'refitWritten')).toBe(true);
  });

  it('have timers under globalThis that take no time', async () => {
    const text = body('await new Promise((resolve) => globalThis.setTimeout(resolve, 60_000, "done"))');
    expect(await linesOf(text)).toEqual(['=> returned "done"']);
  });

  it.each([
    ['hrtime', 'process.hrtime()', '[0, 1000000]'],
    ['the time since another', 'process.hrtime(process.hrtime())', '[0, 1000000]'],
    ['hrtime as a big integer', '[process.hrtime.bigint(), process.hrtime.bigint()]', '[1000000n, 2000000n]'],
    ['how long it runs', 'process.uptime()', '0.001'],
    ['where the time begins', 'performance.timeOrigin === Date.now()', 'true'],
    ['what else it has', 'process.versions.node === process.version.slice(1)', 'true'],
  ])('have a process with %s of the world', async (_, expression, value) => {
    expect(await linesOf(body(expression))).toEqual([`=> returned ${value}`]);
  });

  it('run ticks and microtasks in the order of the language, first in first out', async () => {
    const text = `
      export async function run(dep) {
        queueMicrotask(() => dep.micro(1));
        Promise.resolve().then(() => dep.later(2));
        queueMicrotask(() => dep.micro(3));
        process.nextTick((n) => dep.tick(n), 4);
        await dep.wait();
      }`;
    expect(await linesOf(text, { script: { 'dep.wait': { resolves: 1 } } })).toEqual([
      'dep.wait() resolved 1',
      'dep.micro(1)',
      'dep.later(2)',
      'dep.micro(3)',
      'dep.tick(4)',
      '=> returned undefined',
    ]);
  });

  it.each(['process.nextTick', 'queueMicrotask'])('make an error that is thrown in %s an effect', async (name) => {
    expect(await linesOf(body(`${name}(() => { throw new Error("lost"); })`))).toContain(
      'process.uncaughtException(Error("lost"))',
    );
  });

  it('end a tick that asks for the next for ever', async () => {
    const text = 'export const run = () => { const again = () => { process.nextTick(again); }; again(); };';
    await expect(linesOf(text, { stepBound: 10 })).rejects.toMatchObject({ code: 'PROOF_SCENARIO_DOES_NOT_END' });
  });

  it('have timers that can be made promises', async () => {
    const text = `
      import { promisify } from 'node:util';
      export const run = async () => [await promisify(setTimeout)(5_000, 'a'), await promisify(setImmediate)('b'), Date.now()];`;
    expect(await linesOf(text)).toEqual(['=> returned ["a", "b", 1767225605000]']);
  });

  it('abort after a time of the world', async () => {
    const text = body(
      'new Promise((resolve) => { const signal = AbortSignal.timeout(7_000); signal.onabort = () => resolve([signal.reason.name, signal instanceof AbortSignal, Date.now()]); })',
    );
    expect(await linesOf(text)).toEqual(['=> returned ["TimeoutError", true, 1767225607000]']);
  });
});

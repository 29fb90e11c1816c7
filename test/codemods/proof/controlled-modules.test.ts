// Time and chance as a subject imports them from node.
import { describe, expect, it } from 'vitest';
import { functionOf, linesOf, openTexts } from './small-subject.ts';

const crypto = (expression: string): string =>
  `import * as crypto from 'node:crypto'; export const run = async (dep) => ${expression};`;
const id = (nr: number): string => `"00000000-0000-4000-8000-00000000000${nr}"`;

describe('node:crypto', () => {
  it.each([
    [
      'ids of the world, the global ones with them',
      '[crypto.randomUUID(), globalThis.crypto.randomUUID()]',
      `[${id(1)}, ${id(2)}]`,
    ],
    ['as many bytes as are asked for', '[crypto.randomBytes(5).length, Buffer.isBuffer(crypto.randomBytes(1))]', '[5, true]'],
    [
      'whole numbers within their bounds',
      'Array.from({ length: 50 }, () => crypto.randomInt(3, 5)).every((n) => n === 3 || n === 4)',
      'true',
    ],
    ['whole numbers from zero', 'crypto.randomInt(1)', '0'],
    [
      'a part of a buffer',
      '[...crypto.randomFillSync(new Uint8Array(4), 1, 2)].map((n, at) => at % 3 === 0 ? n : "drawn")',
      '[0, "drawn", "drawn", 0]',
    ],
    [
      'a part of a view of wider numbers',
      '[...crypto.randomFillSync(new Uint32Array(3), 1, 1)].map((n, at) => at === 1 ? n > 255 : n)',
      '[0, true, 0]',
    ],
    ['an inner crypto', 'crypto.webcrypto.getRandomValues(new Uint8Array(3)).length', '3'],
    ['what it computes', 'crypto.createHash("sha256").update("a").digest("hex").slice(0, 8)', '"ca978112"'],
  ])('has %s', async (_, expression, value) => {
    expect(await linesOf(crypto(expression))).toEqual([`=> returned ${value}`]);
  });

  it('refuses bounds without a number between them, as node does', async () => {
    expect(await linesOf(crypto('crypto.randomInt(5, 5)'))).toEqual([
      expect.stringMatching(/^=> threw RangeError\("The value of \\"max\\" is out of range/),
    ]);
  });

  it.each([
    'crypto.randomBytes(8).toString("hex")',
    'Array.from({ length: 8 }, () => crypto.randomInt(1_000_000))',
    '[...crypto.getRandomValues(new Uint8Array(8))]',
  ])('draws the same chance in every world, and another each time: %s', async (expression) => {
    const text = crypto(`[${expression}, ${expression}]`);
    const [once, again] = [await linesOf(text), await linesOf(text)];
    expect(once).toEqual(again);
    const [, one, other] = /^=> returned \[(.*), (\[.*\]|".*")\]$/.exec(once[0] ?? '') ?? [];
    expect(one).not.toBe(other);
  });

  it('calls back when the schedule says so', async () => {
    const text = crypto(
      `await new Promise((resolve) => {
        crypto.randomBytes(2, (error, bytes) => { dep.bytes(error, bytes.length); });
        crypto.randomFill(new Uint8Array(2), 1, (error, bytes) => { dep.filled(error, bytes[0]); });
        crypto.randomInt(1, (error, n) => { dep.drawn(error, n); resolve("done"); });
        dep.first();
      })`,
    );
    expect(await linesOf(text)).toEqual([
      'dep.first()',
      'dep.bytes(null, 2)',
      'dep.filled(null, 0)',
      'dep.drawn(null, 0)',
      '=> returned "done"',
    ]);
  });

  it('makes an error in its callback an effect', async () => {
    expect(await linesOf(crypto('crypto.randomInt(1, () => { throw new Error("lost"); })'))).toContain(
      'process.uncaughtException(Error("lost"))',
    );
  });

  it('has no chance before there is a world', async () => {
    const text = crypto(
      '[crypto.randomUUID(), crypto.randomBytes(2).toString("hex"), await new Promise((r) => crypto.randomInt(3, (_, n) => r(n)))]',
    );
    expect(await functionOf(openTexts({ 'a.ts': text }))()).toEqual(['', '0000', 0]);
  });
});

const timers = (statements: string): string => `
  import { setTimeout as sleep, setImmediate as turn, setInterval as every, scheduler } from 'node:timers/promises';
  import * as timers from 'node:timers';
  const start = Date.now();
  export const run = async (dep) => { const start = Date.now(); const passed = () => Date.now() - start; ${statements} };`;

describe('timers that are imported', () => {
  it.each([
    ['a wait', 'return [await sleep(60_000, "a"), passed()];', ['=> returned ["a", 60000]']],
    ['a turn', 'return [await turn("a"), passed()];', ['=> returned ["a", 0]']],
    ['a scheduler', 'await scheduler.wait(500); await scheduler.yield(); return passed();', ['=> returned 500']],
    ['the others', 'return new Promise((resolve) => timers.setTimeout(() => resolve(passed()), 700));', ['=> returned 700']],
    ['the promises of the others', 'await timers.promises.setTimeout(800); return passed();', ['=> returned 800']],
    ['one that is left', 'void sleep(900); return 1;', ['=> returned 1', 'alive: timeout 900 ms']],
    [
      'ticks, until they are left',
      'for await (const tick of every(100, "tick")) { dep.saw(tick, passed()); if (passed() >= 200) break; }',
      ['dep.saw("tick", 100)', 'dep.saw("tick", 200)', '=> returned undefined'],
    ],
    [
      'ticks that came while nobody waited',
      'for await (const tick of every(100)) { dep.saw(passed()); if (passed() >= 350) break; await sleep(250); }',
      ['dep.saw(100)', 'dep.saw(350)', '=> returned undefined'],
    ],
  ])('take no time: %s', async (_, statements, expected) => {
    expect(await linesOf(timers(statements))).toEqual(expected);
  });

  it.each([
    ['a wait', 'await sleep(100, 1, { signal: stop.signal });'],
    ['a turn', 'await turn(1, { signal: stop.signal });'],
    ['ticks', 'for await (const _ of every(100, 1, { signal: stop.signal }));'],
    ['a wait of the scheduler', 'await scheduler.wait(100, { signal: stop.signal });'],
  ])('can be aborted, before and while they run, and are gone then: %s', async (_, statements) => {
    const attempt = `try { ${statements} } catch (error) { return [error.name, error.code, error.cause]; }`;
    const aborted = ['=> returned ["AbortError", "ABORT_ERR", "why"]'];
    expect(await linesOf(timers(`const stop = new AbortController(); stop.abort("why"); ${attempt}`))).toEqual(aborted);
    expect(
      await linesOf(timers(`const stop = new AbortController(); queueMicrotask(() => stop.abort("why")); ${attempt}`)),
    ).toEqual(aborted);
  });

  it('do not listen to a signal any more once they are over', async () => {
    const text = timers(
      'const stop = new AbortController(); const value = await sleep(5, "kept", { signal: stop.signal }); stop.abort(); return value;',
    );
    expect(await linesOf(text)).toEqual(['=> returned "kept"']);
  });
});

it('node:perf_hooks measures the time of the world', async () => {
  const text =
    "import { performance as measured } from 'node:perf_hooks'; export const run = () => [measured.now(), performance.now(), measured === performance];";
  expect(await linesOf(text)).toEqual(['=> returned [1, 2, true]']);
});

it('node:process has the time of the world, as the global process has', async () => {
  const text =
    "import process from 'node:process'; export const run = () => [process.hrtime.bigint(), globalThis.process.hrtime.bigint()];";
  expect(await linesOf(text)).toEqual(['=> returned [1000000n, 2000000n]']);
});

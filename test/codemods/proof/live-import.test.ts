// Live imports and modules of which parts are refused, as objects.
import { fail } from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { liveImport } from '../../../codemods/proof/live-import.ts';
import type { Replacement } from '../../../codemods/proof/live-import.ts';
import { ruledModule } from '../../../codemods/proof/refused-members.ts';
import { markStandIn } from '../../../codemods/proof/stand-in.ts';
import { functionOf, linesOf, openTexts } from './small-subject.ts';

const live = (original: unknown, replacement?: Replacement): object => liveImport({ original, replacement: () => replacement });

function isFunction(value: unknown): value is () => unknown {
  return typeof value === 'function';
}

describe('a live import', () => {
  it('has the names of both, each once', () => {
    expect(Object.keys(live({ a: 1, b: 2 }, { by: { b: 3, c: 4 } }))).toEqual(['a', 'b', 'c']);
    expect({ ...live({ a: 1, b: 2 }, { by: { b: 3, c: 4 } }) }).toEqual({ a: 1, b: 3, c: 4 });
  });

  it('has no names that only a stand-in or a function answers to', () => {
    expect(Object.keys(live({ a: 1 }, { by: markStandIn({ b: 2 }, 'dep') }))).toEqual(['a']);
    const made = Object.assign(() => 1, { b: 2 });
    expect(Object.keys(live({ a: 1 }, { by: made }))).toEqual(['a', 'b']);
  });

  it('knows what it has, and that it is a module', () => {
    const module = live({ a: 1 });
    expect(['a', 'b', 'default', '__esModule'].map((key) => key in module)).toEqual([true, false, true, true]);
    expect(Reflect.get(module, 'b')).toBeUndefined();
    expect(Object.getOwnPropertyDescriptor(module, 'b')).toBeUndefined();
  });

  it('is written where it leads to', () => {
    const [original, by] = [{ a: 1 }, { a: 2 }];
    Reflect.set(live(original), 'a', 3);
    Reflect.set(live(original, { by }), 'a', 4);
    expect([original, by]).toEqual([{ a: 3 }, { a: 4 }]);
  });

  it('keeps what every object has, such as toString, until that is replaced', () => {
    expect(Reflect.get(live({ toString: 'original' }, { by: {} }), 'toString')).toBe('original');
    expect(Reflect.get(live({ toString: 'original' }, { by: { toString: 'by' } }), 'toString')).toBe('by');
  });

  it('has what a replacement inherits', () => {
    class Files {
      read(): string {
        return 'by';
      }
    }
    const read: unknown = Reflect.get(live({ read: 'original' }, { by: new Files() }), 'read');
    expect(read).toBe(Files.prototype.read);
  });

  it.each<[string, unknown, Replacement | undefined, unknown]>([
    ['of an ES module', { __esModule: true, default: 1 }, undefined, 1],
    ['of a replacement', { a: 1 }, { by: { default: 2 } }, 2],
    ['that is no object', { a: 1 }, { by: 3 }, 3],
    ['that is not there', undefined, undefined, undefined],
  ])('has a default export %s', (_, original, replacement, expected) => {
    expect(Reflect.get(live(original, replacement), 'default')).toBe(expected);
  });

  it('of a package that is not there cannot be called until something stands for it', () => {
    const called = live(undefined);
    const call = (): unknown => Reflect.apply(isFunction(called) ? called : fail('no function'), undefined, []);
    expect(call).toThrow(TypeError);
  });
});

describe('a module with rules', () => {
  const refuse = (member: string): never => fail(`refused ${member}`);
  const real = { run: () => 1, inner: { go: () => 2, limit: 3 }, limit: 4, known: () => 5 };

  it('has the names of the real one and of what is controlled', () => {
    const module = ruledModule(real, { controlled: { more: 6, limit: 7 } }, refuse);
    expect(Object.keys(module).toSorted()).toEqual(['inner', 'known', 'limit', 'more', 'run']);
    expect({ ...module }).toMatchObject({ limit: 7, more: 6 });
    expect(['run', 'more', 'none'].map((key) => key in module)).toEqual([true, true, false]);
    expect(Object.getOwnPropertyDescriptor(module, 'none')).toBeUndefined();
  });

  it('refuses calls and writes, and can be looked at', () => {
    // A view of the real one has its type.
    const module = ruledModule(real, { refused: 'all', harmless: new Set(['known']) }, refuse) as typeof real;
    expect([module.limit, module.inner.limit, module.known()]).toEqual([4, 3, 5]);
    expect(module.run).toBe(module.run);
    expect(() => module.run()).toThrow('refused run');
    expect(() => module.inner.go()).toThrow('refused inner.go');
    expect(() => {
      module.limit = 5;
    }).toThrow('refused limit');
  });
});

describe('a package that cannot be loaded', () => {
  it('is an error, where it is there', () => {
    const root = mkdtempSync(join(tmpdir(), 'refit-package-'));
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    mkdirSync(join(root, 'node_modules/broken'), { recursive: true });
    writeFileSync(join(root, 'node_modules/broken/index.js'), "throw new Error('broken at once');");
    const subject = openTexts({ 'a.ts': "import 'broken';" }, { root, replaceable: ['broken'] });
    expect(() => subject.load('a.ts')).toThrow(expect.objectContaining({ code: 'PROOF_SUBJECT_NOT_LOADED' }));
    expect(() => subject.load('a.ts')).toThrow('broken at once');
  });
});

describe('before there is a world', () => {
  it('ticks run', async () => {
    const text = 'const did = []; process.nextTick((n) => did.push(n), 1); export const run = () => did;';
    const run = functionOf(openTexts({ 'a.ts': text }));
    await new Promise((resolve) => setImmediate(resolve));
    expect(run()).toEqual([1]);
  });
});

it('a signal that aborts ticks nobody waits for ends them at the next', async () => {
  const text = `
    import { setInterval as every } from 'node:timers/promises';
    export const run = async (dep) => {
      const stop = new AbortController();
      try {
        for await (const tick of every(100, 'tick', { signal: stop.signal })) { dep.saw(tick); stop.abort(); }
      } catch (error) { return error.name; }
    };`;
  expect(await linesOf(text)).toEqual(['dep.saw("tick")', '=> returned "AbortError"']);
});

it('all modules of node that are passed on have the names they have', async () => {
  const text = `
    import { names } from './b.ts';
    export const run = () => names();`;
  const subject = openTexts({
    'a.ts': text,
    'b.ts':
      "import * as c from './c.ts'; export const names = () => ['randomUUID', 'createHash', 'randomBytes'].every((name) => typeof c[name] === 'function');",
    'c.ts': "export * from 'node:crypto';",
  });
  expect(functionOf(subject)()).toBe(true);
});

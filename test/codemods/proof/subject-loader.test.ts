// Subjects: loaded from texts and files, with their imports, in a world.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fifo } from '../../../codemods/proof/schedule.ts';
import { World } from '../../../codemods/proof/world.ts';
import { functionOf, openTexts } from './small-subject.ts';

const runOf = (texts: Readonly<Record<string, string>>, aliases = {}) => functionOf(openTexts(texts, { aliases }))();

describe('a subject', () => {
  it('is loaded once, when it is first asked for', () => {
    const subject = openTexts({ 'a.ts': 'export const made = {};' });
    expect(subject.counters.size).toBe(0);
    expect(subject.load('a.ts')).toBe(subject.load('a.ts'));
    expect([...subject.counters.keys()]).toEqual(['a.ts']);
  });

  it('shares nothing with another of the same text', () => {
    const text = 'export const made = {};';
    expect(openTexts({ 'a.ts': text }).load('a.ts')['made']).not.toBe(openTexts({ 'a.ts': text }).load('a.ts')['made']);
  });

  it.each([
    ['with the ending .ts', './b.ts', 'b.ts'],
    ['with the ending .js of what is compiled', './b.js', 'b.ts'],
    ['with the ending .mjs of what is compiled', './b.mjs', 'b.mts'],
    ['without an ending', './b', 'b.ts'],
    ['by its folder', './b', 'b/index.ts'],
    ['in another folder', './x/../y/b.ts', 'y/b.ts'],
    ['that is JavaScript', './b', 'b.js'],
    ['of a folder that is JavaScript', './b', 'b/index.js'],
    ['that really is a .js', './b.js', 'b.js'],
  ])('imports a module %s', (_, specifier, path) => {
    expect(
      runOf({ 'a.ts': `import { b } from '${specifier}'; export const run = () => b;`, [path]: 'export const b = 7;' }),
    ).toBe(7);
  });

  it('imports upwards, and from node and its packages', () => {
    const texts = {
      'a.ts': "export { run } from './x/b.ts';",
      'x/b.ts':
        "import { c } from '../c.ts'; import { join } from 'node:path'; import ts from 'typescript'; export const run = () => [c, join('a', 'b'), typeof ts.version];",
      'c.ts': 'export const c = 3;',
    };
    expect(runOf(texts)).toEqual([3, 'a/b', 'string']);
  });

  it('leads bare specifiers where it is told', () => {
    const texts = {
      'a.ts': "import { now } from '@scope/clock'; export const run = () => now();",
      'vendor/clock.ts': 'export const now = () => 5;',
    };
    expect(runOf(texts, { '@scope/clock': 'vendor/clock.ts' })).toBe(5);
  });

  it('imports what a CommonJS module puts in the place of its exports, each time', () => {
    const texts = {
      'a.ts': "import f from './f.cjs'; import { g } from './g.ts'; export const run = () => [f(), g()];",
      'g.ts': "import f from './f.cjs'; export const g = () => f();",
      'f.cjs': 'module.exports = () => 5;',
    };
    expect(runOf(texts)).toEqual([5, 5]);
  });

  it('imports data', () => {
    const texts = {
      'a.ts': "import data from './d.json' with { type: 'json' }; export const run = () => data.list[0];",
      'd.json': '{"list": [4]}',
    };
    expect(runOf(texts)).toBe(4);
  });

  it('imports in circles', () => {
    const texts = {
      'a.ts': "import { b } from './b.ts'; export const a = () => 'a'; export const run = () => b();",
      'b.ts': "import { a } from './a.ts'; export const b = () => a() + 'b'; export class B { f = a; }",
    };
    expect(runOf(texts)).toBe('ab');
  });

  it('knows where its modules are', () => {
    const subject = openTexts({
      'x/a.ts': 'export const run = () => [import.meta.url, import.meta.filename, import.meta.dirname];',
    });
    const filename = join(import.meta.dirname, 'x/a.ts');
    expect(functionOf(subject, 'x/a.ts')()).toEqual([`file://${filename}`, filename, join(import.meta.dirname, 'x')]);
  });

  it('reads files, and lets texts stand for them', () => {
    const root = mkdtempSync(join(tmpdir(), 'refit-subject-'));
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    writeFileSync(join(root, 'a.ts'), "import { b } from './b.ts'; export const run = () => b;");
    writeFileSync(join(root, 'b.ts'), "export const b = 'file';");
    expect(functionOf(openTexts({}, { root }))()).toBe('file');
    expect(functionOf(openTexts({ 'b.ts': "export const b = 'text';" }, { root }))()).toBe('text');
    expect(() => openTexts({ 'c.ts': "import './a.ts/d.ts';" }, { root }).load('c.ts')).toThrow('c.ts imports ./a.ts/d.ts');
  });
});

describe('a subject that cannot be loaded', () => {
  const many = 'x'.repeat(5_000);

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['because it is not there', {}, 'no module a.ts below'],
    ['because an import is not there', { 'a.ts': "import './b.ts';" }, 'a.ts imports ./b.ts, and there is no such file'],
    ['because an import is a folder', { 'a.ts': "import '../proof';" }, 'a.ts imports ../proof'],
    ['because it throws', { 'a.ts': "throw new Error('early');" }, 'a.ts threw while it was loaded: Error: early'],
    ['because an import throws', { 'a.ts': "import './b.ts';", 'b.ts': 'null.x;' }, 'b.ts threw while it was loaded: TypeError'],
    [
      'because node does not know a package',
      { 'a.ts': "import 'no-such-package-at-all';" },
      "Cannot find module 'no-such-package-at-all'",
    ],
    ['because it is no TypeScript', { 'a.ts': 'const = ;' }, 'a.ts cannot be compiled to the body of a function: SyntaxError'],
    ['because it waits at its top', { 'a.ts': 'export const a = await 1;' }, 'move an await at its top into a function'],
    ['because its data is none', { 'a.ts': "import './d.json';", 'd.json': '{' }, 'd.json is no JSON'],
    ['because a name is too long for the disk', { 'a.ts': `import './${many}.ts';` }, 'ENAMETOOLONG'],
  ])('says so %s', (_, texts, message) => {
    expect(() => openTexts(texts).load('a.ts')).toThrow(
      expect.objectContaining({ code: 'PROOF_SUBJECT_NOT_LOADED', message: expect.stringContaining(message) }),
    );
  });

  it('keeps the cause, and is loaded anew when it is asked for again', () => {
    const subject = openTexts({ 'a.ts': "throw new Error('early');" });
    for (let nth = 0; nth < 2; nth += 1)
      expect(() => subject.load('a.ts')).toThrow(expect.objectContaining({ cause: new Error('early') }));
  });

  it('ends a loop at its top by a bound', () => {
    expect(() => openTexts({ 'a.ts': 'for (;;);' }).load('a.ts')).toThrow(
      expect.objectContaining({ code: 'PROOF_SCENARIO_DOES_NOT_END', message: expect.stringContaining('Loading the subject') }),
    );
  });

  it('runs a loop at its top that ends, and arrows', () => {
    expect(
      openTexts({ 'a.ts': 'export const all = []; for (const x of [1, 2]) all.push([x].map((y) => y * 2));' }).load('a.ts')[
        'all'
      ],
    ).toEqual([[2], [4]]);
  });

  it('counts the steps of a loop in its world', () => {
    const subject = openTexts({ 'a.ts': 'for (let n = 0; n < 5; n++);' });
    const world = new World({ schedule: fifo });
    subject.use(world);
    subject.load('a.ts');
    expect(world.steps).toBe(5);
  });
});

// Which tests assert something: by what they call, by functions of their file, and by helpers they import.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../../codemods/gate/parse-config.ts';
import { inventoryFacts } from '../../../../codemods/gate/inventory/inventory-facts.ts';
import { withoutAssertion } from '../../../../codemods/gate/inventory/rules-inventory.ts';

/** Names of tests that assert nothing, in files given by path. */
function silent(files: Readonly<Record<string, string>>, assertions: readonly string[] = []): readonly string[] {
  const config = parseConfig({
    include: ['src/**/*.ts'],
    tests: [{ sources: 'src', tests: 'test' }],
    floors: [{ under: '.', lines: 0, branches: 0 }],
    inventory: { assertions },
  });
  const inventory = new Map(Object.entries(files).map(([path, text]) => [path, inventoryFacts(path, text)]));
  return withoutAssertion(inventory, config).map(({ message }) => /"(.*)" asserts nothing/.exec(message)?.[1] ?? message);
}

const one = (body: string, before = ''): Readonly<Record<string, string>> => ({
  'test/a.test.ts': `${before}\nit('a', async ({ page }) => {\n${body}\n});\n`,
});

describe('a test asserts when it', () => {
  it.each([
    ['compares', 'expect(1).toBe(1);'],
    ['compares what a promise gives', 'await expect(run()).rejects.not.toThrow();'],
    ['asks until it holds', 'await expect.poll(() => read()).toBe(1);'],
    ['counts its assertions', 'expect.assertions(1);'],
    ['says where it must not come', 'expect.unreachable();'],
    ['asserts on a type', 'expectTypeOf(a).toEqualTypeOf<string>();'],
    ['asserts by property', 'expect(a).to.be.ok;'],
    ['uses should', 'a.should.equal(1);'],
    ['calls should as a function', 'should(a).be.ok();'],
    ['asserts through a property test', 'fc.assert(fc.property(fc.nat(), (n) => n >= 0));'],
    ['asserts through its context', 'page.assert.ok(true);'],
    ['asks supertest', "await request(app).get('/').expect(200);"],
    ['asserts in a callback', 'rows.forEach((row) => { expect(row).toBe(1); });'],
    ['asserts in a branch', 'if (a) expect(a).toBe(1);'],
    ['asserts after a cast', '(expect(a) as Matchers)["toBe"](1);'],
    ['asserts on what a tag made', 'assertSql`select`.toBe(1);'],
  ])('%s', (_what, body) => {
    expect(silent(one(body))).toEqual([]);
  });

  it.each([
    ["import { equal } from 'node:assert/strict';", 'equal(1, 1);'],
    ["import { equal as same } from 'node:assert';", 'same(1, 1);'],
    ["import check from 'assert';", 'check(true);'],
    ["import * as check from 'node:assert';", 'check.ok(true);'],
    ["import { strict as check } from 'node:assert';", 'check(true);'],
    ["const { equal: same } = require('node:assert');", 'same(1, 1);'],
    ["const check = await import('node:assert');", 'check.ok(true);'],
    ["import { expect as e } from 'vitest';", 'e(1).toBe(1);'],
  ])('calls what it imported under another name: %s', (before, body) => {
    expect(silent(one(body, before))).toEqual([]);
  });

  it.each(['toString', 'constructor', 'hasOwnProperty.call', 'valueOf.apply'])(
    'does so beside a call of what every object has: %s',
    (name) => {
      expect(silent(one(`${name}(a); expect(1).toBe(1);`))).toEqual([]);
      expect(silent(one(`${name}(a);`))).toEqual(['a']);
      const root = name.replace(/\..*/, '');
      const files = one(`${root}(a);`, `import { ${root} } from './helper.ts';`);
      expect(silent({ ...files, 'test/helper.ts': 'export const other = () => 1;' })).toEqual(['a']);
    },
  );

  it('must fail to pass', () => {
    expect(silent({ 'test/a.test.ts': "it.fails('a', () => run()); test.failing('b', () => run());" })).toEqual([]);
  });
});

describe('a test asserts nothing when it', () => {
  it.each([
    ['is empty', ''],
    ['only waits for what may throw', 'await run();'],
    ['throws by itself', "if (!a) throw new Error('a');"],
    ['has an expectation without a matcher', 'expect(run());'],
    ['only makes a matcher', 'use(expect.any(String), expect.not.objectContaining({}));'],
    ['only reads a property', 'page.title;'],
    ['speaks of assertions in a text', "log('expect(1).toBe(1)'); // expect(1).toBe(1)"],
    ['calls through what has no name', '(() => run)()(); [run][0](); this.run();'],
  ])('%s', (_what, body) => {
    expect(silent(one(body))).toEqual(['a']);
  });

  it('declares a function that nothing uses', () => {
    expect(silent(one('const check = () => { expect(1).toBe(1); };'))).toEqual(['a']);
    expect(silent(one('function check() { expect(1).toBe(1); }\nrun({ check: 1 }, a.check);'))).toEqual(['a']);
  });

  it('tests code whose own name sounds like an assertion', () => {
    expect(silent(one('assertValid(1);', "import { assertValid } from '../src/valid.ts';"))).toEqual(['a']);
  });
});

describe('functions of the file', () => {
  it.each([
    ['declared', 'function check(a) { expect(a).toBe(1); }', 'check(1);'],
    ['kept in a constant', 'const check = (a) => expect(a).toBe(1);', 'check(1);'],
    ['handed over', 'const check = (a) => expect(a).toBe(1);', 'rows.forEach(check);'],
    ['through another', 'const check = (a) => expect(a).toBe(1);\nconst all = (rows) => rows.map(check);', 'all(rows);'],
    ['wrapped by a call', 'const check = memo((a) => expect(a).toBe(1));', 'check(1);'],
    ['of an object', 'const checks = { same(a) { expect(a).toBe(1); } };', 'checks.same(1);'],
    ['as a property of an object', 'const checks = { same: (a) => expect(a).toBe(1) };', 'checks.same(1);'],
    ['of a class', 'class Harness { check() { expect(1).toBe(1); } }', 'new Harness().check();'],
    ['of a class expression', 'const Harness = class { check() { expect(1).toBe(1); } };', 'new Harness().check();'],
  ])('are followed: %s', (_how, before, body) => {
    expect(silent(one(body, before))).toEqual([]);
  });

  it('are followed to the one that the place means, and not for ever', () => {
    const shadowed = 'function check() { expect(1).toBe(1); }';
    expect(silent(one('const check = () => { run(); };\ncheck();', shadowed))).toEqual(['a']);
    expect(silent(one('ping();', 'const ping = () => pong();\nconst pong = () => ping();'))).toEqual(['a']);
    expect(silent(one('expectAll();', 'const expectAll = () => { run(); };'))).toEqual(['a']);
  });

  it('may be the test itself', () => {
    const named = "const check = () => { expect(1).toBe(1); };\nit('a', check);\nit('b', empty);\nit.each([1])('c', check);";
    expect(silent({ 'test/a.test.ts': named })).toEqual(['b']);
  });
});

describe('helpers that are imported', () => {
  const asserts = 'export function same(a) { expect(a).toBe(1); }\nexport const idle = () => run();\nexport default same;';
  const files = (head: string, body: string, more: Readonly<Record<string, string>> = {}) =>
    silent({ ...one(body, head), 'test/helpers/same.ts': asserts, ...more });

  it('are read', () => {
    expect(files("import { same } from './helpers/same.ts';", 'same(1);')).toEqual([]);
    expect(files("import { same as equal } from './helpers/same.js';", 'equal(1);')).toEqual([]);
    expect(files("import * as h from './helpers/same';", 'h.same(1);')).toEqual([]);
    expect(files("import { idle as expectIdle } from './helpers/same.ts';", 'expectIdle();')).toEqual(['a']);
  });

  it('are read when they are only handed over', () => {
    expect(files("import { same } from './helpers/same.ts';", 'rows.forEach(same);')).toEqual([]);
  });

  it('may pass on what others assert', () => {
    const to = (text: string) =>
      files("import { check } from './helpers/index.ts';", 'check(1);', { 'test/helpers/index.ts': text });
    expect(to("export { same as check } from './same.ts';")).toEqual([]);
    expect(to("import { same } from './same.ts';\nexport { same as check };")).toEqual([]);
    expect(to('function here(a) { expect(a).toBe(1); }\nexport { here as check };')).toEqual([]);
    expect(to("import { same } from './same.ts';\nexport const check = (a) => same(a);")).toEqual([]);
    expect(to("export { idle as check } from './same.ts';")).toEqual(['a']);
    expect(to("export const other = 1;\nexport * from './gone.ts';")).toEqual(['a']);
    const star = {
      'test/helpers/index.ts': "export * from 'vitest';\nexport * as all from './same.ts';\nexport * from './same.ts';",
    };
    expect(files("import { same } from './helpers/index.ts';", 'same(1);', star)).toEqual([]);
  });

  it('that import each other come to an end', () => {
    const more = {
      'test/helpers/x.ts': "import { y } from './y.ts';\nexport const x = () => y();",
      'test/helpers/y.ts': "import { x } from './x.ts';\nexport const y = () => x();",
    };
    expect(files("import { x } from './helpers/x.ts';", 'x();', more)).toEqual(['a']);
  });

  it('that cannot be read go by their names, and by those of the configuration', () => {
    expect(files("import { expectRow } from './gone.ts';", 'expectRow(1);')).toEqual([]);
    expect(files("import { checkRow } from './gone.ts';", 'checkRow(1);')).toEqual(['a']);
    expect(files("import { harness } from './helpers/same.ts';", 'harness.expectRow(1);')).toEqual([]);
    expect(silent(one('checkRow(1);', "import { checkRow } from '../src/testing.ts';"), ['check*'])).toEqual([]);
    expect(silent(one('t.is(1, 1);'))).toEqual([]);
  });
});

describe('tests that are looked at', () => {
  it('are those of shared suites too, and no type tests, suites, hooks or steps', () => {
    const files = {
      'test/suite.ts': "export const suite = () => describe('s', () => { it('shared', () => { run(); }); });",
      'test/a.test-d.ts': "it('typed', () => { run(); });",
      'test/a.test.ts': "test.beforeEach(() => run()); test.describe('s', () => {}); test.use({}); it('no body'); it(); it;",
    };
    expect(silent(files)).toEqual(['shared']);
  });

  it('have names of every kind', () => {
    const text =
      'for (const n of [1]) { it(`of ${n}`, () => {}); test(name, () => {}); } suite("s", () => { test("x", () => {}); });';
    expect(silent({ 'test/a.test.ts': text })).toEqual(['of ${n}', 'name', 'x']);
  });

  it('are silent whatever surrounds them, and assert whatever surrounds the assertion', () => {
    const wraps = [
      (body: string) => `if (a) { ${body} }`,
      (body: string) => `for (const x of xs) { ${body} }`,
      (body: string) => `try { ${body} } finally { done(); }`,
      (body: string) => `await each(async () => { ${body} });`,
      (body: string) => `run(); ${body} run();`,
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...wraps), { maxLength: 6 }), fc.boolean(), (path, asserts) => {
        const body = path.reduce((inner, wrap) => wrap(inner), asserts ? 'expect(1).toBe(1);' : 'run();');
        expect(silent(one(body))).toEqual(asserts ? [] : ['a']);
      }),
    );
  });
});

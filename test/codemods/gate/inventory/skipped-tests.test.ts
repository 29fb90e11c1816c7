// Tests that are left out, and what counts as a reason.
import { describe, expect, it } from 'vitest';
import { inventoryFacts } from '../../../../codemods/gate/inventory/inventory-facts.ts';
import { skippedTests } from '../../../../codemods/gate/inventory/rules-inventory.ts';

const skips = (text: string): readonly string[] => inventoryFacts('test/a.test.ts', text).skips.map(({ how }) => how);

describe('a test without a reason', () => {
  it.each([
    ["it.skip('a', () => {});", 'it.skip'],
    ["test.todo('a');", 'test.todo'],
    ["describe.skip('s', () => {});", 'describe.skip'],
    ["it.skip.each([1])('a', () => {});", 'it.skip.each'],
    ["it.skipIf(slow)('a', () => {});", 'it.skipIf'],
    ["describe.runIf(fast)('s', () => {});", 'describe.runIf'],
    ["it.only('a', () => {});", 'it.only'],
    ["xit('a', () => {});", 'xit'],
    ["xdescribe('s', () => {});", 'xdescribe'],
    ["fit('a', () => {});", 'fit'],
    ["fdescribe('s', () => {});", 'fdescribe'],
    ["it('a');", 'it without a body'],
    ["it('a', { skip: true }, () => {});", '{ skip: true }'],
    ["it('a', { todo: slow }, () => {});", '{ todo: slow }'],
    ["it('a', (ctx) => { if (x) ctx.skip(); });", 'ctx.skip()'],
    ["it('a', (ctx) => { ctx.skip(isSlow); });", 'ctx.skip()'],
    ["it('a', ({ skip }) => { skip(); });", 'skip()'],
    ["it('a', function () { this.skip(); });", 'this.skip()'],
  ])('is found: %s', (text, how) => {
    expect(skips(text)).toEqual([how]);
  });

  it.each([
    "// slow\nit.skip('a', () => {});",
    "// eslint-disable-next-line no-disabled-tests\nit.skip('a', () => {});",
    "// The server is not there yet.\n\nit.skip('a', () => {});",
    "it.skip('says // nothing of why', () => {});",
    "const why = 'the server';\nit.skip(`${why} is away`, () => {});",
    'it.skip(name(), () => {});',
  ])('is found although something stands beside it: %j', (text) => {
    expect(skips(text)).toHaveLength(1);
  });
});

describe('a reason', () => {
  it.each([
    ["// The server is not there yet.\nit.skip('a', () => {});"],
    ["/* Needs a server of version 15,\n   which is not there yet. */\nit.skip('a', () => {});"],
    ["it.skip('a', () => {}); // needs a server"],
    ["it.skip('not run: no server', () => {});"],
    ["describe.skipIf(!there)('Not run: no server', () => {});"],
    ["const prefix = there ? '' : 'not run: no server: ';\ndescribe.skipIf(!there)(`${prefix}of rows`, () => {});"],
    ["it.runIf(there)(there ? 'works' : 'not run: no server', () => {});"],
    ["it('a', { skip: 'no server' }, () => {});"],
    ["it('a', { skip: `no ${server}` }, () => {});"],
    ["it('a', { skip: false, timeout: 9 }, () => {});"],
    ["it('a', (ctx) => { ctx.skip('no server'); });"],
    ["it('a', (ctx) => { ctx.skip(!there, why); });"],
    ["it('a', (ctx) => {\n  // The server is away.\n  ctx.skip();\n});"],
  ])('is heard: %j', ([text = '']) => {
    expect(skips(text)).toEqual([]);
  });

  it('is not asked of what is no test', () => {
    expect(skips("queue.skip(); list.it.skip('a'); it; test.extend({}); context.skip('a'); reader.only('b');")).toEqual([]);
    expect(skips("it('a', (ctx) => { cursor.skip(); });")).toEqual([]);
  });
});

describe('the failure of a skipped test', () => {
  it('names the place, the way it is left out, and what to do', () => {
    const facts = inventoryFacts('test/a.test.ts', "\nit.skip('b', () => {});\n");
    expect(skippedTests(new Map([['test/a.test.ts', facts]]))).toEqual([
      expect.objectContaining({
        code: 'GATE_TEST_SKIPPED',
        file: 'test/a.test.ts',
        line: 2,
        message: expect.stringMatching(/^test\/a\.test\.ts:2 "b" .*\(it\.skip\).* comment/),
      }),
    ]);
  });
});

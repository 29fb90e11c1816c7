// An extraction is proved on the texts alone: the function put back is the code that stood there; each careless change is found out, or left open.
import { describe, expect, it } from 'vitest';
import { extractionUndone } from '../../../codemods/analysis/undo-extraction.ts';
import type { Judgement } from '../../../codemods/analysis/judgement.ts';

const head = `import { describe } from './texts.ts';

const LIMIT = 3;

export class Worker {
  constructor(
    private readonly log: Log,
    private readonly queue: Queue,
  ) {}

`;

const before = `${head}  async work(id: string, channel: Channel): Promise<number> {
    this.log.info({ id }, 'begins');
    const count = await this.queue.size(id);
    if (count > LIMIT) return 0;
    const extra: Fields = { id, count };
    try {
      await channel.send(extra);
      this.log.info({ id, count }, 'sent');
    } catch (error) {
      this.log.warn({ id, error: describe(error) }, 'not sent');
    } finally {
      channel.close();
    }
    return count;
  }
}
`;

const after = `${head}  async work(id: string, channel: Channel): Promise<number> {
    this.log.info({ id }, 'begins');
    const passed = await passOn(id, channel, this.log, this.queue);
    if (passed.kind === 'return') return passed.value;
    const { count } = passed;
    return count;
  }
}

async function passOn(
  name: string,
  channel: Channel,
  log: Log,
  queue: Queue,
): Promise<{ kind: 'return'; value: number } | { kind: 'next'; count: number }> {
  const count = await queue.size(name);
  if (count > LIMIT) return { kind: 'return', value: 0 };
  const extra: Fields = { id: name, count };
  try {
    await channel.send(extra);
    log.info({ id: name, count }, 'sent');
  } catch (error) {
    log.warn({ id: name, error: describe(error) }, 'not sent');
  } finally {
    channel.close();
  }
  return { kind: 'next', count };
}
`;

const taken = `    const passed = await passOn(id, channel, this.log, this.queue);
    if (passed.kind === 'return') return passed.value;
    const { count } = passed;
`;

function inOneFile(name: string, texts: { readonly before: string; readonly after: string }): Judgement {
  const file = { path: '/a.ts', ...texts };
  return extractionUndone({ name, from: file, to: file });
}

/** The text with one place changed; the place must be there once. */
function swapped(text: string, from: string, to: string): string {
  expect(text.split(from)).toHaveLength(2);
  return text.replace(from, () => to);
}

describe('an extraction', () => {
  it('is the code it came from, whatever its names and layout', () => {
    expect(inOneFile('passOn', { before, after })).toEqual({ kind: 'equal' });
  });

  it.each([
    ['a log is dropped', "    log.info({ id: name, count }, 'sent');\n", ''],
    [
      'two effects are swapped',
      "    await channel.send(extra);\n    log.info({ id: name, count }, 'sent');",
      "    log.info({ id: name, count }, 'sent');\n    await channel.send(extra);",
    ],
    ['a wait comes earlier', `    this.log.info({ id }, 'begins');\n${taken}`, `${taken}    this.log.info({ id }, 'begins');\n`],
    ['a wait is dropped', 'await channel.send(extra)', 'channel.send(extra)'],
    ['a label is another', "'not sent'", "'was not sent'"],
    ['a field is lost', '{ id: name, error: describe(error) }', '{ error: describe(error) }'],
    ['a finally is skipped', ' finally {\n    channel.close();\n  }', ''],
    [
      'a finally is skipped when something failed',
      "'sent');\n  } catch (error) {\n    log.warn({ id: name, error: describe(error) }, 'not sent');\n  } finally {\n    channel.close();\n  }",
      "'sent');\n    channel.close();\n  } catch (error) {\n    log.warn({ id: name, error: describe(error) }, 'not sent');\n  }",
    ],
    [
      'a finally is skipped on the way that does not fail',
      "'not sent');\n  } finally {\n    channel.close();\n  }",
      "'not sent');\n    channel.close();\n  }",
    ],
    ['an early exit gives something else', "{ kind: 'return', value: 0 }", "{ kind: 'return', value: 1 }"],
    ['arguments are mixed up', 'passOn(id, channel, this.log', 'passOn(channel, id, this.log'],
    ['the call is not awaited', 'const passed = await passOn', 'const passed = passOn'],
    ['the caller goes on with something else', '    return count;\n  }\n}', '    return 0;\n  }\n}'],
    ['a constant of the file is another', 'const LIMIT = 3', 'const LIMIT = 4'],
    ['an import comes from elsewhere', "from './texts.ts'", "from './other.ts'"],
    ['another declaration came along', 'async function passOn', 'const other = 1;\n\nasync function passOn'],
  ])('is found out when %s', (_, from, to) => {
    expect(inOneFile('passOn', { before, after: swapped(after, from, to) })).toMatchObject({ kind: 'different' });
  });

  it('is left open when its caller does not take the early exit', () => {
    const careless = swapped(after, "    if (passed.kind === 'return') return passed.value;\n", '');
    expect(inOneFile('passOn', { before, after: careless })).toEqual({ kind: 'open', why: 'the function returns in the middle' });
  });

  it('is not mixed up with a member of that name, and is found out when the name meant something else', () => {
    const other = 'class Other {\n  passOn(): void {}\n}\n';
    expect(inOneFile('passOn', { before: before + other, after: after + other })).toEqual({ kind: 'equal' });
    const use = 'void passOn;\n';
    expect(inOneFile('passOn', { before: before + use, after: after + use })).toMatchObject({ kind: 'different' });
  });

  it('is no extraction when the function was there before, is not there, or is not called', () => {
    expect(inOneFile('passOn', { before: after, after })).toMatchObject({ kind: 'different', why: 'passOn was there before' });
    expect(inOneFile('other', { before, after })).toMatchObject({ kind: 'different', why: 'other is not there as a function' });
    const uncalled = `${before}${after.slice(after.indexOf('\nasync function'))}`;
    expect(inOneFile('passOn', { before, after: uncalled })).toMatchObject({
      kind: 'different',
      why: 'nothing calls the function',
    });
  });
});

/** A function `f` with this body before and after, and the helper. */
function judged(old: string, now: string, helper: string): Judgement {
  const outer = (body: string): string => `function f(a: number, list: number[], o: { p: number }): number {\n${body}\n}\n`;
  return inOneFile('g', { before: outer(old), after: `${outer(now)}\n${helper}\n` });
}

describe('what becomes of the results', () => {
  it.each([
    [
      'a variable that is assigned',
      'let b = 0;\nif (a > 1) b = a;\nreturn b;',
      'let b = 0;\nb = g(a, b);\nreturn b;',
      'function g(a: number, b: number): number {\n  if (a > 1) b = a;\n  return b;\n}',
    ],
    [
      'a variable that the function declares again',
      'let b: number;\nb = a * 2;\nreturn b;',
      'let b: number;\nb = g(a);\nreturn b;',
      'function g(a: number): number {\n  let b: number;\n  b = a * 2;\n  return b;\n}',
    ],
    [
      'an expression in a condition',
      'while (a > list.length) a -= 1;\nreturn a;',
      'while (g(a, list)) a -= 1;\nreturn a;',
      'function g(a: number, list: number[]): boolean {\n  return a > list.length;\n}',
    ],
    [
      'a body that is returned',
      'if (a > 1) return 1;\nreturn a;',
      'return g(a);',
      'function g(a: number): number {\n  if (a > 1) return 1;\n  return a;\n}',
    ],
    [
      'a jump out of a loop',
      'for (const each of list) {\n  if (each > a) break;\n  a += each;\n}\nreturn a;',
      "for (const each of list) {\n  const r = g(each, a);\n  if (r.kind === 'break') break;\n  a = r.a;\n}\nreturn a;",
      "function g(each: number, a: number): { kind: 'break' } | { kind: 'next'; a: number } {\n  if (each > a) return { kind: 'break' };\n  a += each;\n  return { kind: 'next', a };\n}",
    ],
    [
      'a count of what was left out',
      'const kept = list.filter((n) => n > a);\nif (kept.length !== list.length) return 0;\nreturn kept.length;',
      'const { kept, less } = g(list, a);\nif (less !== 0) return 0;\nreturn kept.length;',
      'function g(list: number[], a: number): { kept: number[]; less: number } {\n  const kept = list.filter((n) => n > a);\n  return { kept, less: list.length - kept.length };\n}',
    ],
  ])('%s: equal', (_, old, now, helper) => {
    expect(judged(old, now, helper)).toEqual({ kind: 'equal' });
  });

  it.each([
    [
      'a jump out of a loop of its own',
      'return a;',
      "for (const each of list) {\n  const r = g(each, a);\n  if (r.kind === 'break') break;\n}\nreturn a;",
      "function g(each: number, a: number): { kind: 'break' } | { kind: 'next' } {\n  for (;;) { if (each > a) return { kind: 'break' }; }\n  return { kind: 'next' };\n}",
      /loop or switch of its own/,
    ],
    [
      'an argument that runs earlier',
      'use(1);\nreturn next();',
      'return g(next());',
      'function g(n: number): number {\n  use(1);\n  return n;\n}',
      /next\(\) runs before the rest/,
    ],
    [
      'a property that is read earlier',
      'use(1);\nreturn o.p;',
      'return g(o.p);',
      'function g(p: number): number {\n  use(1);\n  return p;\n}',
      /o\.p is read before the rest/,
    ],
    [
      'a function that is called twice',
      'return a + a;',
      'return g(a) + g(a);',
      'function g(a: number): number {\n  return a;\n}',
      /used more than once/,
    ],
    [
      'a closure that keeps what was passed',
      'later(() => a);\na += 1;\nreturn a;',
      'g(a);\na += 1;\nreturn a;',
      'function g(a: number): void {\n  later(() => a);\n}',
      /a closure keeps a as it was/,
    ],
    ['a generator', 'return a;', 'return g(a);', 'function* g(a: number) {\n  return a;\n}', /generator/],
    [
      'a parameter that is a pattern',
      'return a;',
      'return g({ a });',
      'function g({ a }: { a: number }): number {\n  return a;\n}',
      /more than a name/,
    ],
    ['an argument that is left out', 'return 1;', 'return g();', 'function g(a?: number): number {\n  return 1;\n}', /left out/],
    ['arguments that are spread', 'return a;', 'return g(...list);', 'function g(a: number): number {\n  return a;\n}', /spread/],
  ])('%s: left open', (...row) => {
    const [, old, now, helper, why] = row;
    const result = judged(old, now, helper);
    expect(result).toMatchObject({ kind: 'open' });
    expect(result.kind === 'open' ? result.why : '').toMatch(why);
  });

  it('a variable that a handler of errors may see too early or too late is left open', () => {
    const text = (inner: string): string => `let b = 0;\ntry {\n  ${inner}\n} catch {\n  use(b);\n}\nreturn b;`;
    const helper = 'function g(b: number): number {\n  b = 1;\n  use(2);\n  return b;\n}';
    expect(judged(text('b = 1;\n  use(2);'), text('b = g(b);'), helper)).toMatchObject({ kind: 'open' });
  });

  it('statements that run later than before are left open, and found out when an effect goes with them', () => {
    const helper = 'function g(a: number, c: number): number {\n  const b = a * 2;\n  return b + c;\n}';
    const old = 'const b = a * 2;\nconst c = read();\nreturn b + c;';
    const now = 'const c = read();\nreturn g(a, c);';
    expect(judged(old, now, helper)).toMatchObject({ kind: 'different' });
    const part = 'const c = read();\nreturn Number(g(a, c));';
    expect(judged(old.replace('b + c', 'Number(b + c)'), part, helper)).toMatchObject({ kind: 'open' });
    expect(judged(old.replace('b + c', 'Number(b - c)'), part, helper)).toMatchObject({ kind: 'different' });
  });
});

describe('another module', () => {
  const from = {
    path: '/src/shop.ts',
    before:
      "import { round } from './round.ts';\nconst RATE = 2;\nexport function price(net: number): number {\n  const gross = round(net * RATE);\n  return gross;\n}\n",
    after:
      "import { grossOf } from './gross.ts';\nexport function price(net: number): number {\n  const gross = grossOf(net);\n  return gross;\n}\n",
  };
  const gross =
    "import { round } from './round.ts';\nconst RATE = 2;\nexport function grossOf(net: number): number {\n  const gross = round(net * RATE);\n  return gross;\n}\n";
  const judge = (text: string, old?: string): Judgement =>
    extractionUndone({ name: 'grossOf', from, to: { path: '/src/gross.ts', before: old, after: text } });

  it('gets the function with what it needs', () => {
    expect(judge(gross)).toEqual({ kind: 'equal' });
  });

  it.each([
    ['a name that means something else there', "from './round.ts'", "from '../round.ts'"],
    ['a constant that is another', 'const RATE = 2', 'const RATE = 3'],
    ['a name that is not imported', "import { round } from './round.ts';\n", ''],
  ])('is found out: %s', (_, old, now) => {
    expect(judge(gross.replace(old, now))).toMatchObject({ kind: 'different' });
  });

  it('must not lose what was in it', () => {
    expect(judge(gross, 'export const other = 1;\n')).toMatchObject({
      kind: 'different',
      why: '/src/gross.ts changed besides the function',
    });
  });

  it('is left open when a name comes from the same thing by another path, as it may be', () => {
    const result = judge(gross.replace("'./round.ts'", "'#shop/round'"));
    expect(result).toEqual({
      kind: 'open',
      why: 'round comes from #shop/round#round in the function and from /src/round#round before',
    });
  });

  it('is left open when a module is not loaded any more', () => {
    const lost = { ...from, before: `import './effects.ts';\n${from.before}` };
    const result = extractionUndone({
      name: 'grossOf',
      from: lost,
      to: { path: '/src/gross.ts', before: undefined, after: gross },
    });
    expect(result).toMatchObject({ kind: 'open', why: 'equal, but /src/effects is not loaded any more by these files' });
  });
});

describe('a part of an optional chain', () => {
  const part = 'function part(a: A) {\n  return a?.b;\n}\n';

  it('is found out: the chain does not end early any more', () => {
    const path = '/src/chain.ts';
    const whole = 'function f(a: A) {\n  return a?.b.c;\n}\n';
    const pair = { path, before: whole, after: `function f(a: A) {\n  return part(a).c;\n}\n${part}` };
    expect(extractionUndone({ name: 'part', from: pair, to: pair })).toMatchObject({ kind: 'different' });
  });
});

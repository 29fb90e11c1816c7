// A method specialised for constant arguments does what the method does with those arguments.
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canSpecialise, simplified, specialised } from '../../codemods/analysis/constant-specialise.ts';
import { syntaxErrorsOf } from '../../codemods/kernel/diagnostics.ts';

/** What a method without types logs, answers or throws, called with arguments given as text. */
function outcomeOf(method: string, callArguments: string): unknown {
  const script = `class C { log = []; ${method} }
    const c = new C();
    let end;
    try { end = ['answers', c.m(${callArguments})]; } catch (error) { end = ['throws', String(error)]; }
    result = JSON.stringify([c.log, end ?? null]);`;
  const context = { result: '' };
  runInNewContext(script, context);
  return JSON.parse(context.result);
}

function specialise(method: string, name: string, value: string): string {
  return specialised(method, new Map([[name, value]])).text;
}

const words = fc.constantFrom('a', 'b', 'c');

const condition = fc.oneof(
  words.map((word) => `how === '${word}'`),
  words.map((word) => `how !== '${word}'`),
  fc.tuple(words, words).map(([one, other]) => `(how === '${one}' || how === '${other}')`),
  words.map((word) => `!(how === '${word}') && x > 0`),
  fc.constant('x > 1'),
);

const leaf = fc.oneof(
  fc.nat(9).map((n) => `this.log.push(${String(n)});`),
  fc.constant('this.log.push(how);'),
  fc.constant('this.log.push({ how, x });'),
  condition.map((test) => `this.log.push(${test} ? 'yes' : 'no');`),
  fc.constant('return x;'),
  fc.constant("throw new Error('stop ' + how);"),
);

const { statement } = fc.letrec<{ statement: string; list: string }>((tie) => ({
  list: fc.array(tie('statement'), { maxLength: 3 }).map((all) => all.join('\n')),
  statement: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.tuple(condition, tie('list')).map(([test, list]) => `if (${test}) {\n${list}\n}`),
    fc.tuple(condition, tie('list'), tie('list')).map(([test, yes, no]) => `if (${test}) {\n${yes}\n} else {\n${no}\n}`),
    fc
      .tuple(words, tie('list'), fc.constantFrom('break;', '', 'return 7;'), tie('list'))
      .map(
        ([word, list, end, other]) =>
          `switch (how) {\ncase '${word}':\n${list}\n${end}\ncase 'c':\nthis.log.push('c');\nbreak;\ndefault:\n${other}\n}`,
      ),
  ),
}));

const method = fc
  .array(statement, { minLength: 1, maxLength: 4 })
  .map((all) => `m(how, x) {\n  const y = x + 1;\n${all.join('\n')}\n  this.log.push(y);\n  return undefined;\n}`);

describe('a method specialised for a constant', () => {
  it('does what it did with that argument, whatever the others are', () => {
    fc.assert(
      fc.property(method, words, fc.integer({ min: -1, max: 3 }), (text, word, x) => {
        const special = specialise(text, 'how', `'${word}'`);
        expect(syntaxErrorsOf('member.ts', `class C { ${special} }`)).toEqual([]);
        expect(outcomeOf(special, String(x))).toEqual(outcomeOf(text, `'${word}', ${String(x)}`));
      }),
      { numRuns: 300 },
    );
  });

  it('keeps nothing of the branches that are never taken', () => {
    const text = `m(how: string): void {
  let event: string;
  switch (how) {
    case 'a':
      event = 'A';
      break;
    default:
      // nothing to do
      return;
  }
  this.send(event);
}`;
    expect(specialise(text, 'how', `'z'`)).toBe('m(): void {}');
    expect(specialise(text, 'how', `'a'`)).toBe(`m(): void {
  let event: string;
  event = 'A';
  this.send(event);
}`);
  });

  it('keeps a call whose answer is not needed any more', () => {
    const text = `async m(id: string, how: 'a' | 'b'): Promise<void> {
  const machine = await this.load(id);
  if (how === 'a') {
    return;
  }
  await machine.go();
}`;
    expect(specialise(text, 'how', `'a'`)).toBe(`async m(id: string): Promise<void> {
  await this.load(id);
}`);
  });

  it('takes all clauses up to the break, and leaves a switch whose end it cannot tell', () => {
    const through = `m(how: string): void {\n  switch (how) {\n    case 'a':\n      this.one();\n    case 'b':\n      this.two();\n      break;\n    case 'c':\n      this.three();\n  }\n}`;
    expect(specialise(through, 'how', `'a'`)).toBe('m(): void {\n  this.one();\n  this.two();\n}');
    const inner = `m(how: string, x: number): void {\n  switch (how) {\n    case 'a':\n      if (x > 1) break;\n      this.one();\n  }\n}`;
    expect(specialise(inner, 'how', `'a'`)).toContain(`switch ('a')`);
  });

  it('writes the key of a short property out, and brackets a number before a dot', () => {
    expect(specialise('m(n: number): void { this.log({ n }, n.toFixed(1)); }', 'n', '5')).toBe(
      'm(): void { this.log({ n: 5 }, (5).toFixed(1)); }',
    );
  });

  it('is left alone when nothing is constant', () => {
    const text = 'm(): void { if (true) { this.a(); } }';
    expect(specialised(text, new Map())).toEqual({ text, folded: [] });
  });

  it('says what it decided', () => {
    expect(simplified(`m(): void { if ('a' === 'b') { this.a(); } this.b(); }`).folded).toEqual([
      `if ('a' === 'b') is always passed over`,
    ]);
  });
});

describe('a parameter can be specialised', () => {
  it.each([
    ['when it is only read', 'm(how: string): void { this.log(how); }', true],
    ['not when it is written', 'm(how: string): void { how += 1; }', false],
    ['not when it is counted up', 'm(how: number): void { how++; }', false],
    ['not when an inner variable has its name', 'm(how: string): void { for (const how of [1]) this.log(how); }', false],
    ['not when the arguments are read as a whole', 'm(how: string): void { this.log(arguments); }', false],
    ['not when it is taken apart', 'm({ how }: { how: string }): void { this.log(how); }', false],
  ])('%s', (_, text, can) => {
    expect(canSpecialise(text, 'how') && !text.startsWith('m({')).toBe(can);
  });
});

// Merging near-clones: what becomes a hole of which kind, what the calls look like, and which cells are reported.
import { describe, expect, it } from 'vitest';
import { merge, mergedRun, refusalOf, small, two } from './merge-cases.ts';
import { outDeclaration } from './run-program.ts';

describe('holes', () => {
  it('a text that differs is computed at the call, its common words stay', async () => {
    const text = await mergedRun(
      `export function f(): void {\n  out('the file was saved');\n  out(1);\n}\nexport function g(): void {\n  out('the file was loaded');\n  out(1);\n}\nf(); g();\n`,
      { clones: two, holes: ['verb'] },
    );
    expect(text).toContain("helper('saved');");
    expect(text).toContain('out(`the file was ${verb}`);');
  });

  it('backticks, backslashes and dollar braces of a text survive the way into a template', async () => {
    const text = await mergedRun(
      `export function f(): void {\n  out('a \`b\` \\\\ \${c} is one\\n');\n}\nexport function g(): void {\n  out('a \`b\` \\\\ \${c} is two\\n');\n}\nf(); g();\n`,
      { clones: two },
    );
    expect(text).toContain('${text}');
  });

  it('an expression that could act is a closure, run where it stood and as often', async () => {
    const code = (name: string, make: string): string =>
      `export function ${name}(on: boolean): void {\n  out('start');\n  if (on) {\n    out(${make});\n  }\n  out('end');\n}\n`;
    const text = await mergedRun(
      `function noisy(n: number): number {\n  out('noise');\n  return n;\n}\n${code('f', 'noisy(1) + 1')}${code('g', 'noisy(2) * 2')}f(true); f(false); g(true);\n`,
      { clones: two, holes: ['make'] },
    );
    expect(text).toContain('() => noisy(1) + 1');
    expect(text).toContain('out(make())');
  });

  it('a list that a loop makes anew each time is made anew each time', async () => {
    const code = (name: string, list: string): string =>
      `export function ${name}(): void {\n  const all: number[][] = [];\n  for (let at = 0; at < 2; at += 1) {\n    all.push(${list});\n    all[0]?.push(at);\n  }\n  out(all);\n}\n`;
    const text = await mergedRun(`${code('f', '[1]')}${code('g', '[2, 3]')}f(); g();\n`, { clones: two, holes: ['make'] });
    expect(text).toContain('helper(() => [2, 3]);');
  });

  it('an expression over a variable of the helper gets it as a parameter', async () => {
    const text = await mergedRun(
      `export function f(n: number): void {\n  const half = n / 2;\n  out(half.toFixed(1));\n  out('done');\n}\nexport function g(n: number): void {\n  const half = n / 2;\n  out(Math.round(half));\n  out('done');\n}\nf(3); g(5);\n`,
      { clones: two, holes: ['show'] },
    );
    expect(text).toMatch(/show: \(half: number\) => /);
    expect(text).toContain('helper(n, (half) => half.toFixed(1));');
  });

  it('a variable that is assigned later is not read early', async () => {
    const text = await mergedRun(
      `let level = 1;\nfunction raise(): void {\n  level += 1;\n}\nexport function f(): void {\n  raise();\n  out(level);\n}\nexport function g(): void {\n  raise();\n  out(-level);\n}\nf(); g();\n`,
      { clones: two, holes: ['shown'] },
    );
    expect(text).toContain('helper(() => level);');
  });

  it('types that differ are a type parameter, named at the call', () => {
    const { text } = merge(
      `interface Box<T> { value: T }\ndeclare function box<T>(): Box<T>;\ndeclare function keep(value: unknown): void;\nexport function f(): void {\n  const made = box<string>();\n  keep(made.value);\n}\nexport function g(): void {\n  const made = box<number>();\n  keep(made.value);\n}\n`,
      { clones: two, types: ['Value'] },
    );
    expect(text).toContain('helper<string>();');
    expect(text).toContain('const made = box<Value>();');
  });

  it('a statement that only some clones have is an optional callback', async () => {
    const text = await mergedRun(
      `export function f(n: number): void {\n  const twice = n * 2;\n  out('before');\n  // only here\n  out({ twice });\n  out('after');\n}\nexport function g(n: number): void {\n  const twice = n * 2;\n  out('before');\n  out('after');\n}\nf(1); g(2);\n`,
      { clones: two, holes: ['between'] },
    );
    expect(text).toContain('descriptor.between?.(twice);');
    expect(text).toMatch(/between: \(twice\) => \{\s+\/\/ only here\s+out\(\{ twice \}\);/);
    expect(text).toContain('helper(n, {});');
  });

  it('an optional statement with an await is only awaited where it is', async () => {
    const code = `async function tick(): Promise<void> {\n  out('tick');\n}\nexport async function f(): Promise<void> {\n  await tick();\n  out('f');\n  await tick();\n  out('end');\n}\nexport async function g(): Promise<void> {\n  await tick();\n  out('f');\n  out('end');\n}\nvoid f().then(() => g());\n`;
    const text = await mergedRun(code, { clones: two, holes: ['between'] });
    expect(text).toContain('if (descriptor.between !== undefined) await descriptor.between();');
  });

  it('fields that some records have more are spread in at their place', async () => {
    const code = (name: string, fields: string): string =>
      `export function ${name}(id: string, place: string): void {\n  const record: Record<string, unknown> = { id, ${fields}end: true };\n  out(record);\n  out(place);\n}\n`;
    const text = await mergedRun(`${code('f', 'place, ')}${code('g', '')}f('a', 'b'); g('c', 'd');\n`, {
      clones: two,
      holes: ['more'],
    });
    expect(text).toContain('{ id, ...descriptor.more, end: true }');
    expect(text).toContain('more: { place }');
  });

  it('locals may have other names, and closures keep those of their clone', async () => {
    const text = await mergedRun(
      `export function f(n: number): void {\n  const one = n + 1;\n  out(one);\n  out(one * 2);\n}\nexport function g(n: number): void {\n  const other = n + 1;\n  out(other);\n  out(other * 3 + 1);\n}\nf(1); g(2);\n`,
      { clones: two, holes: ['last'] },
    );
    expect(text).toContain('helper(n, (other) => other * 3 + 1);');
  });

  it('a text used in several places is one field', () => {
    const body = (word: string): string => `  out('start of ${word}');\n  out('end of ${word}');\n`;
    const { text } = merge(
      `export function f(): void {\n${body('saving')}}\nexport function g(): void {\n${body('loading')}}\n`,
      { clones: two },
    );
    expect(text).toContain("helper('saving');");
  });
});

describe('statements that end the helper', () => {
  it('a catch that always throws, in its own way, is a callback that never comes back', async () => {
    const code = (name: string, handler: string): string =>
      `export function ${name}(on: boolean): number {\n  out('${name}');\n  let made: number;\n  try {\n    made = risky(on);\n  } catch (error) {\n    ${handler}\n  }\n  out(made);\n  return made + 1;\n}\n`;
    const text = await mergedRun(
      `function risky(on: boolean): number {\n  if (!on) throw new Error('off');\n  return 1;\n}\nfunction attempt(run: () => number): void {\n  try {\n    out(run());\n  } catch (error) {\n    out(String(error));\n  }\n}\n${code('f', "out('failed'); throw error;")}${code('g', 'const why = String(error); out([why, why]); throw new Error(why);')}attempt(() => f(true)); attempt(() => f(false)); attempt(() => g(true)); attempt(() => g(false));\n`,
      { clones: two, holes: ['name', 'onFailure'] },
    );
    expect(text).toContain('readonly onFailure: (error: unknown) => never;');
    expect(text).toContain('descriptor.onFailure(error);');
  });

  it('a return that only some clones have is told to the helper', async () => {
    const code = (name: string, guard: string): string =>
      `export function ${name}(n: number): number {\n  const twice = n * 2;\n  out('${name}');\n${guard}  out('end');\n  return twice;\n}\n`;
    const guard = "  if (twice > 4) {\n    out('left early');\n    return twice;\n  }\n";
    const text = await mergedRun(`${code('f', guard)}${code('g', '')}out(f(1)); out(f(3)); out(g(1)); out(g(3));\n`, {
      clones: two,
      holes: ['name', 'leaves'],
    });
    expect(text).toContain('if (descriptor.leaves?.(twice) === true) return twice;');
    expect(text).toMatch(/return true;\s+\}\s+return false;/);
  });
});

describe('results', () => {
  it('a variable that is read behind the clone is returned', async () => {
    const text = await mergedRun(
      `export function f(n: number): number {\n  out('f');\n  const sum = n + 1;\n  return sum;\n}\nexport function g(n: number): number {\n  out('g');\n  const sum = n + 1;\n  return sum * 2;\n}\nout(f(1)); out(g(2));\n`,
      {
        clones: [
          { in: 'f', from: 'out(', to: 'const sum' },
          { in: 'g', from: 'out(', to: 'const sum' },
        ],
      },
    );
    expect(text).toContain("const sum = helper(n, 'f');");
  });

  it('several are returned together', async () => {
    const body = 'const a = n + 1;\n  const b = n + 2;\n  out(a);\n  return ';
    const text = await mergedRun(
      `export function f(n: number): number {\n  ${body}a + b;\n}\nexport function g(n: number): number {\n  ${body}a * b;\n}\nout(f(1)); out(g(2));\n`,
      {
        clones: [
          { in: 'f', from: 'const a', to: 'out' },
          { in: 'g', from: 'const a', to: 'out' },
        ],
      },
    );
    expect(text).toContain('const { a, b } = helper(n);');
    expect(text).toContain('{ readonly a: number; readonly b: number }');
  });

  it('a body that returns is returned', async () => {
    const body = (sign: string): string =>
      `  if (n > 9) {\n    throw new Error('big');\n  }\n  out('${sign}');\n  return n + 1;\n`;
    const text = await mergedRun(
      `export function f(n: number): number {\n${body('f')}}\nexport function g(n: number): number {\n${body('g')}}\nout(f(1)); out(g(2));\n`,
      { clones: two },
    );
    expect(text).toContain("return helper(n, 'f');");
  });

  it('an expression behind the clone can come along', async () => {
    const code = (name: string): string =>
      `export function ${name}(n: number): string {\n  if (n > 9) {\n    throw new Error('${name}');\n  }\n  return ${name === 'f' ? 'one' : 'two'}(String(n));\n}\n`;
    const text = await mergedRun(
      `function one(text: string): string {\n  return text;\n}\nfunction two(text: string): string {\n  return text + text;\n}\n${code('f')}${code('g')}out(f(1)); out(g(2));\n`,
      {
        clones: [
          { in: 'f', from: 'if (', result: 'String(n)' },
          { in: 'g', from: 'if (', result: 'String(n)' },
        ],
      },
    );
    expect(text).toContain("return two(helper(n, 'g'));");
  });

  it('an expression on a line of its own stays there', async () => {
    const code = (name: string): string =>
      `export function ${name}(n: number): string {\n  if (n > 9) {\n    throw new Error('${name}');\n  }\n  return same(\n    String(n),\n  );\n}\n`;
    const text = await mergedRun(
      `function same(text: string): string {\n  return text;\n}\n${code('f')}${code('g')}out(f(1)); out(g(2));\n`,
      {
        clones: two.map((each) => ({ ...each, from: 'if (', result: 'String(n)' })),
      },
    );
    expect(text).toContain("return same(\n    helper(n, 'g'),\n  );");
  });

  it('a promise that is returned out of a try is awaited there', async () => {
    const code = (name: string): string =>
      `export async function ${name}(): Promise<string> {\n  try {\n    await slow();\n    out('${name}');\n    return slow();\n  } catch {\n    return 'caught';\n  }\n}\n`;
    const text = await mergedRun(
      `async function slow(): Promise<string> {\n  throw new Error('no');\n}\n${code('f')}${code('g')}void f().then(out).then(() => g()).then(out);\n`,
      {
        clones: [
          { in: 'f', from: 'await slow()', to: 'return' },
          { in: 'g', from: 'await slow()', to: 'return' },
        ],
      },
    );
    expect(text).toContain("return await helper('f');");
  });
});

describe('where the helper goes', () => {
  const members = `export class Desk {\n  private readonly name: string = 'desk';\n  open(): void {\n    out(this.name);\n    out('open');\n  }\n  close(): void {\n    out(this.name);\n    out('close');\n  }\n}\n`;
  const inDesk = [{ in: 'Desk.open' }, { in: 'Desk.close' }];

  it('clones of one class become a private method behind the last', async () => {
    const text = await mergedRun(`${members}new Desk().open(); new Desk().close();\n`, {
      clones: inDesk,
      doc: 'Says what it does.',
    });
    expect(text).toContain("this.helper('open');");
    expect(text.indexOf('/** Says what it does. */\n  private helper(text: string): void {')).toBeGreaterThan(
      text.indexOf('close(): void'),
    );
  });

  it('a function of another file takes readonly fields as parameters', () => {
    const { files } = merge(
      { 'a.ts': members, 'globals.d.ts': outDeclaration },
      { clones: inDesk, to: 'say.ts', moduleDoc: 'Says.' },
    );
    expect(files['a.ts']).toContain("helper(this.name, 'open');");
    expect(files['say.ts']).toMatch(/^\/\*\* Says\. \*\/\n\nexport function helper\(name: string, text: string\): void \{/);
  });

  it('a field that can change cannot become a parameter', () => {
    const refusal = refusalOf(members.replace('private readonly', 'private'), { clones: inDesk, to: 'say.ts', override: small });
    expect(refusal.code).toBe('REFIT_MERGE_THIS');
  });

  it('names of the module that are not exported cannot be reached from another file', () => {
    const code = `const limit = 3;\nexport function f(): void {\n  out(limit);\n  out('f');\n}\nexport function g(): void {\n  out(limit);\n  out('g');\n}\n`;
    expect(refusalOf(code, { clones: two, to: 'say.ts', override: small }).code).toBe('REFIT_MERGE_NOT_EXPORTED');
  });

  it('the captured values can go into one object', () => {
    const code = (name: string): string =>
      `export function ${name}(a: number, b: string): void {\n  out(a);\n  out(b);\n  out({ a, name: '${name}' });\n}\n`;
    const { text } = merge(code('f') + code('g'), { clones: two, context: { name: 'input', type: 'Input' } });
    expect(text).toContain("helper({ a, b }, 'f');");
    expect(text).toContain('out({ a: input.a, name: text });');
  });
});

describe('irregular cells', () => {
  const clone = (kind: string, label: string, fields = 'id, '): string =>
    `export function f${kind}(id: string): void {\n  send({ kind: '${kind}', id });\n  note({ ${fields}at: 1 }, 'no answer to ${label}');\n}\n`;
  const head = `type Command = { kind: 'Save'; id: string } | { kind: 'Load'; id: string } | { kind: 'Drop'; id: string };\ndeclare function send(command: Command): void;\ndeclare function note(fields: Record<string, unknown>, text: string): void;\n`;
  const three = ['Save', 'Load', 'Drop'].map((kind) => ({ in: `f${kind}` }));

  it('a label of another clone is kept and reported', () => {
    const { record, text } = merge(head + clone('Save', 'Save') + clone('Load', 'Load') + clone('Drop', 'Load'), {
      clones: three,
    });
    expect(record.findings.map((finding) => finding.what)).toEqual([
      `'no answer to Load' says "Load" where 2 of 3 clones repeat \`kind\`, here "Drop". Kept as it is.`,
    ]);
    expect(text).toContain("kind: 'Drop'");
  });

  it('a field that most others have is reported as missing', () => {
    const { record } = merge(head + clone('Save', 'Save') + clone('Load', 'Load', '') + clone('Drop', 'Drop'), { clones: three });
    expect(record.findings.map((finding) => finding.what)).toEqual([
      'the field id is missing, 2 other clones have it. Kept as it is.',
    ]);
  });

  it('a field that only one has is nothing to report, nor are labels that follow their rule', () => {
    const { record } = merge(head + clone('Save', 'Save', '') + clone('Load', 'Load', '') + clone('Drop', 'Drop'), {
      clones: three,
    });
    expect(record.findings).toEqual([]);
  });
});

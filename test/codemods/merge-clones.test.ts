// Merging near-clones: what becomes a hole of which kind, what the calls look like, and what is refused with which numbers.
import { describe, expect, it } from 'vitest';
import { use } from '../../codemods/kernel/codemod.ts';
import { DiagnosticBaseline } from '../../codemods/kernel/diagnostics.ts';
import { Refusal } from '../../codemods/kernel/refusal.ts';
import { type OperationRecord, runOperation } from '../../codemods/kernel/run-operation.ts';
import { Workspace } from '../../codemods/kernel/workspace.ts';
import { mergeClones, type MergeClonesOptions } from '../../codemods/merge-clones.ts';
import { outDeclaration, runProgram } from './run-program.ts';

type Options = Partial<MergeClonesOptions> & Pick<MergeClonesOptions, 'clones'>;

/** Short programs have little to win: their tests are about the holes. */
const small = { rule: ['net-lines', 'similarity', 'conditional-lines'], reason: 'a small example' } as const;

interface Merged {
  readonly record: OperationRecord;
  readonly text: string;
  readonly files: Readonly<Record<string, string>>;
}

function merge(code: string | Readonly<Record<string, string>>, options: Options): Merged {
  const before = typeof code === 'string' ? { 'a.ts': outDeclaration + code } : code;
  const workspace = Workspace.inMemory(before);
  const operation = use(mergeClones, { file: 'a.ts', name: 'helper', override: small, ...options });
  const baseline = new DiagnosticBaseline(workspace);
  const record = runOperation(workspace, operation, { baseline });
  expect(runOperation(workspace, operation, { baseline }).edits, 'a second run').toBe(0);
  const paths = [...new Set([...Object.keys(before), ...record.files.map((file) => workspace.relative(file.path))])];
  const files = Object.fromEntries(paths.map((path) => [path, workspace.textOf(path) ?? '']));
  return { record, files, text: files['a.ts'] ?? '' };
}

/** Merges, and runs the program before and after. */
async function mergedRun(code: string, options: Options): Promise<string> {
  const { text } = merge(code, options);
  const lines = await runProgram({ 'a.ts': text }, 'a.ts');
  expect(lines).toEqual(await runProgram({ 'a.ts': outDeclaration + code }, 'a.ts'));
  expect(lines.length).toBeGreaterThan(0);
  return text;
}

function refusalOf(code: string, options: Options): Refusal {
  const workspace = Workspace.inMemory({ 'a.ts': outDeclaration + code });
  const before = workspace.textOf('a.ts');
  let refusal: unknown;
  try {
    runOperation(workspace, use(mergeClones, { file: 'a.ts', name: 'helper', ...options }), { baseline: new DiagnosticBaseline(workspace) });
  } catch (thrown) {
    refusal = thrown;
  }
  expect(workspace.textOf('a.ts')).toBe(before);
  expect(refusal).toBeInstanceOf(Refusal);
  return refusal instanceof Refusal ? refusal : new Refusal('NONE', 'nothing was refused');
}

const two = [{ in: 'f' }, { in: 'g' }];

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
    expect(text).toContain('out(descriptor.make())'.replace('descriptor.', ''));
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
    const text = await mergedRun(`${code('f', 'place, ')}${code('g', '')}f('a', 'b'); g('c', 'd');\n`, { clones: two, holes: ['more'] });
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
    const { text } = merge(`export function f(): void {\n${body('saving')}}\nexport function g(): void {\n${body('loading')}}\n`, { clones: two });
    expect(text).toContain("helper('saving');");
  });
});

describe('results', () => {
  it('a variable that is read behind the clone is returned', async () => {
    const text = await mergedRun(
      `export function f(n: number): number {\n  out('f');\n  const sum = n + 1;\n  return sum;\n}\nexport function g(n: number): number {\n  out('g');\n  const sum = n + 1;\n  return sum * 2;\n}\nout(f(1)); out(g(2));\n`,
      { clones: [{ in: 'f', from: 'out(', to: 'const sum' }, { in: 'g', from: 'out(', to: 'const sum' }] },
    );
    expect(text).toContain("const sum = helper(n, 'f');");
  });

  it('several are returned together', async () => {
    const body = 'const a = n + 1;\n  const b = n + 2;\n  out(a);\n  return ';
    const text = await mergedRun(
      `export function f(n: number): number {\n  ${body}a + b;\n}\nexport function g(n: number): number {\n  ${body}a * b;\n}\nout(f(1)); out(g(2));\n`,
      { clones: [{ in: 'f', from: 'const a', to: 'out' }, { in: 'g', from: 'const a', to: 'out' }] },
    );
    expect(text).toContain('const { a, b } = helper(n);');
    expect(text).toContain('{ readonly a: number; readonly b: number }');
  });

  it('a body that returns is returned', async () => {
    const body = (sign: string): string => `  if (n > 9) {\n    throw new Error('big');\n  }\n  out('${sign}');\n  return n + 1;\n`;
    const text = await mergedRun(`export function f(n: number): number {\n${body('f')}}\nexport function g(n: number): number {\n${body('g')}}\nout(f(1)); out(g(2));\n`, { clones: two });
    expect(text).toContain("return helper(n, 'f');");
  });

  it('an expression behind the clone can come along', async () => {
    const code = (name: string): string => `export function ${name}(n: number): string {\n  if (n > 9) {\n    throw new Error('${name}');\n  }\n  return ${name === 'f' ? 'one' : 'two'}(String(n));\n}\n`;
    const text = await mergedRun(
      `function one(text: string): string {\n  return text;\n}\nfunction two(text: string): string {\n  return text + text;\n}\n${code('f')}${code('g')}out(f(1)); out(g(2));\n`,
      { clones: [{ in: 'f', from: 'if (', result: 'String(n)' }, { in: 'g', from: 'if (', result: 'String(n)' }] },
    );
    expect(text).toContain("return two(helper(n, 'g'));");
  });

  it('a promise that is returned out of a try is awaited there', async () => {
    const code = (name: string): string => `export async function ${name}(): Promise<string> {\n  try {\n    await slow();\n    out('${name}');\n    return slow();\n  } catch {\n    return 'caught';\n  }\n}\n`;
    const text = await mergedRun(`async function slow(): Promise<string> {\n  throw new Error('no');\n}\n${code('f')}${code('g')}void f().then(out).then(() => g()).then(out);\n`, {
      clones: [{ in: 'f', from: 'await slow()', to: 'return' }, { in: 'g', from: 'await slow()', to: 'return' }],
    });
    expect(text).toContain("return await helper('f');");
  });
});

describe('where the helper goes', () => {
  const members = `export class Desk {\n  private readonly name: string = 'desk';\n  open(): void {\n    out(this.name);\n    out('open');\n  }\n  close(): void {\n    out(this.name);\n    out('close');\n  }\n}\n`;
  const inDesk = [{ in: 'Desk.open' }, { in: 'Desk.close' }];

  it('clones of one class become a private method behind the last', async () => {
    const text = await mergedRun(`${members}new Desk().open(); new Desk().close();\n`, { clones: inDesk, doc: 'Says what it does.' });
    expect(text).toContain("this.helper('open');");
    expect(text.indexOf('/** Says what it does. */\n  private helper(text: string): void {')).toBeGreaterThan(text.indexOf('close(): void'));
  });

  it('a function of another file takes readonly fields as parameters', () => {
    const { files } = merge({ 'a.ts': members, 'globals.d.ts': outDeclaration }, { clones: inDesk, to: 'say.ts', moduleDoc: 'Says.' });
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
    const code = (name: string): string => `export function ${name}(a: number, b: string): void {\n  out(a);\n  out(b);\n  out({ a, name: '${name}' });\n}\n`;
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
    const { record, text } = merge(head + clone('Save', 'Save') + clone('Load', 'Load') + clone('Drop', 'Load'), { clones: three });
    expect(record.findings.map((finding) => finding.what)).toEqual([
      `'no answer to Load' says "Load" where 2 of 3 clones repeat \`kind\`, here "Drop". Kept as it is.`,
    ]);
    expect(text).toContain("kind: 'Drop'");
  });

  it('a field that most others have is reported as missing', () => {
    const { record } = merge(head + clone('Save', 'Save') + clone('Load', 'Load', '') + clone('Drop', 'Drop'), { clones: three });
    expect(record.findings.map((finding) => finding.what)).toEqual(['the field id is missing, 2 other clones have it. Kept as it is.']);
  });

  it('a field that only one has is nothing to report, nor are labels that follow their rule', () => {
    const { record } = merge(head + clone('Save', 'Save', '') + clone('Load', 'Load', '') + clone('Drop', 'Drop'), { clones: three });
    expect(record.findings).toEqual([]);
  });
});

describe('refusals', () => {
  it('code that is not alike, with the numbers', () => {
    const refusal = refusalOf(`export function f(): void {\n  out('started');\n}\nexport function g(): void {\n  for (let at = 0; at < 3; at += 1) out(at);\n}\n`, { clones: two });
    expect(refusal.code).toBe('REFIT_MERGE_SIMILARITY');
    expect(refusal.message).toMatch(/similarity of the least similar pair 0\.\d\d, at least 0\.80/);
  });

  it('a merge that saves no lines, with the numbers', () => {
    const refusal = refusalOf(`export function f(): void {\n  out(1);\n  out('f');\n}\nexport function g(): void {\n  out(1);\n  out('g');\n}\n`, { clones: two });
    expect(refusal.code).toBe('REFIT_MERGE_NET_LINES');
    expect(refusal.message).toContain('4 lines of helper and 2 of calls for 4 lines of clones: 1.50, below 0.80');
  });

  it('an override without the rule that is broken', () => {
    const code = `export function f(): void {\n  out(1);\n  out('f');\n}\nexport function g(): void {\n  out(1);\n  out('g');\n}\n`;
    expect(refusalOf(code, { clones: two, override: { rule: 'similarity', reason: 'no' } }).code).toBe('REFIT_MERGE_NET_LINES');
  });

  it('a captured name that means different things', () => {
    const code = `const size = 1;\nexport function f(): void {\n  out(size);\n  out('x');\n}\nexport function g(size: number): void {\n  out(size);\n  out('x');\n}\n`;
    expect(refusalOf(code, { clones: two, override: small }).code).toBe('REFIT_MERGE_CAPTURE_DIFFERS');
  });

  it('a captured variable of another type', () => {
    const code = `export function f(size: number): void {\n  out(size);\n  out('x');\n}\nexport function g(size: string): void {\n  out(size);\n  out('x');\n}\n`;
    expect(refusalOf(code, { clones: two, override: small }).code).toBe('REFIT_MERGE_CAPTURE_DIFFERS');
  });

  it('an assignment to a variable from outside', () => {
    const code = (name: string): string => `export function ${name}(): number {\n  let sum = 0;\n  out('${name}');\n  sum += 1;\n  return sum;\n}\n`;
    const clones = ['f', 'g'].map((name) => ({ in: name, from: 'out(', to: 'sum +=' }));
    expect(refusalOf(code('f') + code('g'), { clones, override: small }).code).toBe('REFIT_MERGE_CAPTURED_WRITE');
  });

  it('a jump out of the clone', () => {
    const code = (name: string): string => `export function ${name}(list: number[]): void {\n  for (const each of list) {\n    out(each);\n    if (each > 3) break;\n  }\n}\n`;
    const clones = ['f', 'g'].map((name) => ({ in: name, from: 'out(', to: 'if (each' }));
    expect(refusalOf(code('f') + code('g'), { clones, override: small }).code).toBe('REFIT_MERGE_SKELETON');
  });

  it('a return that only one clone has', () => {
    const code = `export function f(n: number): void {\n  out(1);\n  if (n > 1) return;\n  out(2);\n}\nexport function g(n: number): void {\n  out(1);\n  out(2);\n  out(n);\n}\n`;
    expect(refusalOf(code, { clones: two, override: small }).code).toBe('REFIT_MERGE_SKELETON');
  });

  it('an await inside of an expression that differs', () => {
    const code = `async function one(): Promise<number> {\n  return 1;\n}\nexport async function f(): Promise<void> {\n  await one();\n  out({ id: 1, at: (await one()) + 1 });\n}\nexport async function g(): Promise<void> {\n  await one();\n  out({ id: 1, at: 2 });\n}\n`;
    expect(refusalOf(code, { clones: two, override: small }).code).toBe('REFIT_MERGE_SKELETON');
  });

  it('clones of which only some wait', () => {
    const code = `async function one(): Promise<number> {\n  return 1;\n}\nexport async function f(): Promise<void> {\n  out('a');\n  await one();\n}\nexport async function g(): Promise<void> {\n  out('a');\n  out(2);\n}\n`;
    expect(refusalOf(code, { clones: two, override: small }).code).toBe('REFIT_MERGE_SKELETON');
  });

  it('a closure that would have to assign a variable of the helper', () => {
    const code = `export function f(): void {\n  let n = 1;\n  out('a');\n  n += 2;\n  out(n);\n}\nexport function g(): void {\n  let n = 1;\n  out('a');\n  out(n);\n}\n`;
    expect(refusalOf(code, { clones: two, override: small }).code).toBe('REFIT_MERGE_HOLE_WRITES');
  });

  it('a variable that changes while a closure of the clone still sees it', () => {
    const code = (name: string): string => `export function ${name}(): void {\n  let n = 1;\n  const show = (): void => out(n);\n  out('${name}');\n  n = 2;\n  show();\n}\n`;
    const clones = ['f', 'g'].map((name) => ({ in: name, from: 'const show', to: 'out(' }));
    expect(refusalOf(code('f') + code('g'), { clones, override: small }).code).toBe('REFIT_MERGE_CAPTURE_CHANGES');
  });

  it('`arguments` of the function around the clone', () => {
    const code = (name: string): string => `export function ${name}(): void {\n  out(arguments.length);\n  out('${name}');\n}\n`;
    expect(refusalOf(code('f') + code('g'), { clones: two, override: small }).code).toBe('REFIT_MERGE_BOUND');
  });

  it('names of holes that do not fit, with the table of holes', () => {
    const code = `export function f(): void {\n  out('one');\n  out(1);\n}\nexport function g(): void {\n  out('two');\n  out(2);\n}\n`;
    const refusal = refusalOf(code, { clones: two, holes: ['word'], override: small });
    expect(refusal.code).toBe('REFIT_MERGE_HOLES');
    expect(refusal.message).toMatch(/1 word: 'one' \| 'two'\n {2}2 value: 1 \| 2/);
  });

  it('more parameters than anyone can read', () => {
    const code = (name: string): string => `export function ${name}(a: number, b: number, c: number, d: number, e: number, g: number, h: number): void {\n  out([a, b, c, d, e, g, h]);\n  out(1);\n}\n`;
    expect(refusalOf(code('f') + code('k'), { clones: [{ in: 'f' }, { in: 'k' }], override: small }).code).toBe('REFIT_MERGE_PARAMETERS');
  });

  it('a name that is taken', () => {
    const code = `export function helper(): void {}\nexport function f(): void {\n  out('one');\n}\nexport function g(): void {\n  out('two');\n}\n`;
    expect(refusalOf(code, { clones: two, override: small }).code).toBe('REFIT_MERGE_NAME_TAKEN');
  });

  it('a hole called like something the helper uses', () => {
    const code = `export function f(n: number): void {\n  out('one');\n  out(n);\n}\nexport function g(n: number): void {\n  out('two');\n  out(n);\n}\n`;
    expect(refusalOf(code, { clones: two, holes: ['n'], override: small }).code).toBe('REFIT_MERGE_NAME_TAKEN');
  });

  it('one clone alone, and clones that are not there', () => {
    const code = `export function f(n: number): void {\n  switch (n) {\n    case 1:\n      out(1);\n      break;\n    default:\n      out(2);\n  }\n}\n`;
    expect(refusalOf(code, { clones: [{ in: 'f' }] }).code).toBe('REFIT_MERGE_CLONES');
    expect(refusalOf(code, { clones: [{ in: 'f', case: '1' }, { in: 'f', case: '3' }] }).code).toBe('REFIT_SELECT_NONE');
    expect(refusalOf(code, { clones: [{ in: 'f', case: '1' }, { in: 'nowhere' }] }).code).toBe('REFIT_SELECT_FUNCTION');
  });
});

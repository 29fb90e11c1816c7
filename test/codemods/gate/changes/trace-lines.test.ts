// Following lines to the base: what stayed, what was moved, what was edited, and what is new.
import { describe, expect, it } from 'vitest';
import type { SourceText, TracedLine } from '../../../../codemods/gate/changes/trace-lines.ts';
import { traceLines } from '../../../../codemods/gate/changes/trace-lines.ts';

type Texts = Readonly<Record<string, string>>;

const listed = (texts: Texts): readonly SourceText[] => Object.entries(texts).map(([file, text]) => ({ file, text }));

function originText({ status, origin }: TracedLine): string {
  return origin === undefined ? status : `${status} ${origin.file}:${origin.lines.join('+')}`;
}

/** Each line of code of each present file: its first line, what became of it, and from where. */
function trace(base: Texts, present: Texts): Readonly<Record<string, readonly string[]>> {
  const { files } = traceLines(listed(base), listed(present));
  return Object.fromEntries(
    files.map(({ file, lines }) => [file, lines.map((line) => `${line.lines.join('+')} ${originText(line)}`)]),
  );
}

const alpha = `export function alpha(items: readonly Item[]): number {
  if (items.length === 0) {
    return 0;
  }
  const total = items.reduce((sum, item) => sum + item.price, 0);
  return total;
}
`;

const beta = `export function beta(items: readonly Item[]): number {
  if (items.length === 0) {
    return 0;
  }
  return items.length;
}
`;

const statusOf = (traced: readonly string[] | undefined): readonly string[] =>
  (traced ?? []).map((line) => line.split(' ')[1] ?? '');

describe('lines of one file', () => {
  it('stay the same when only comments, blanks, indentation, line ends, a byte order mark and trailing commas change', () => {
    const before = 'const a = [\n  1,\n  2\n];\nrun(a, { b: 1 });\n';
    const after = '\uFEFF// why\r\nconst a = [\r\n\r\n      1,\r\n      2, // two\r\n];\r\n/* more */ run(a, { b: 1, });\r\n';
    expect(trace({ 'a.ts': before }, { 'a.ts': after })).toEqual({
      'a.ts': ['2 unchanged a.ts:1', '4 unchanged a.ts:2', '5 unchanged a.ts:3', '6 unchanged a.ts:4', '7 unchanged a.ts:5'],
    });
  });

  it('stay the same when a statement is broken into lines differently', () => {
    const before = 'first();\nconst total = sum(one, two, { three: 3, four });\nlast();\n';
    const after = 'first();\nconst total = sum(\n  one,\n  two,\n  {\n    three: 3,\n    four,\n  },\n);\nlast();\n';
    const { files, removed } = traceLines(listed({ 'a.ts': before }), listed({ 'a.ts': after }));
    expect(files[0]?.lines.map(originText)).toEqual([
      'unchanged a.ts:1',
      'unchanged a.ts:2',
      'unchanged',
      'unchanged',
      'unchanged',
      'unchanged a.ts:3',
    ]);
    expect(removed).toEqual([]);
    const joined = trace({ 'a.ts': after }, { 'a.ts': before })['a.ts'];
    expect(joined).toEqual(['1 unchanged a.ts:1', '2 unchanged a.ts:2+3+4+5', '3 unchanged a.ts:10']);
  });

  it('are new when a statement of more than 60 lines is broken differently: so far no statement is followed', () => {
    const members = Array.from({ length: 70 }, (_, at) => `m${at}: ${at},`);
    const [joined, broken] = [`const all = { ${members.join(' ')} };\n`, `const all = {\n${members.join('\n')}\n};\n`];
    const traced = trace({ 'a.ts': `first();\n${joined}` }, { 'a.ts': `first();\n${broken}` })['a.ts'];
    expect(statusOf(traced).filter((status) => status === 'unchanged')).toHaveLength(1);
  });

  it('are edited where they stand for removed ones, new beyond that', () => {
    const after = alpha.replace('  return total;\n', '  log(total);\n  return total * 2;\n');
    expect(statusOf(trace({ 'a.ts': alpha }, { 'a.ts': after })['a.ts'])).toEqual([
      ...Array.from({ length: 5 }, () => 'unchanged'),
      'edited',
      'new',
      'unchanged',
    ]);
  });

  it('are one edit where any part of a statement over several lines changes', () => {
    const before = 'run(\n  one,\n  two,\n);\n';
    expect(trace({ 'a.ts': before }, { 'a.ts': before.replace('two', 'three') })).toEqual({ 'a.ts': ['1+2+3+4 edited'] });
  });

  it('were moved when they left their order', () => {
    const traced = trace({ 'a.ts': alpha + beta }, { 'a.ts': beta + alpha })['a.ts'] ?? [];
    expect(statusOf(traced).filter((status) => status === 'moved')).toHaveLength(6);
    expect(statusOf(traced).filter((status) => status === 'unchanged')).toHaveLength(7);
  });
});

describe('lines that moved to another file', () => {
  it('are known again, indented into a class', () => {
    const method = alpha.replace('export function ', '').replaceAll(/^/gm, '  ');
    const traced = trace({ 'a.ts': alpha + beta }, { 'a.ts': beta, 'b.ts': `class Sums {\n${method.trimEnd()}\n}\n` });
    expect(traced['b.ts']).toEqual([
      '1 new',
      '2 new',
      ...[3, 4, 5, 6, 7].map((line) => `${line} moved a.ts:${line - 1}`),
      '8 moved a.ts:7',
      '9 new',
    ]);
    expect(statusOf(traced['a.ts'])).toEqual(
      beta
        .trim()
        .split('\n')
        .map(() => 'unchanged'),
    );
  });

  it('are new when the original still stands', () => {
    const copy = alpha.replace('alpha', 'gamma');
    const traced = trace({ 'a.ts': alpha }, { 'a.ts': alpha, 'b.ts': alpha, 'c.ts': copy });
    expect(new Set(statusOf(traced['a.ts']))).toEqual(new Set(['unchanged']));
    expect(new Set(statusOf(traced['b.ts']))).toEqual(new Set(['new']));
    expect(new Set(statusOf(traced['c.ts']))).toEqual(new Set(['new']));
  });

  it('are moved once, when one original became two', () => {
    const traced = trace({ 'a.ts': `${alpha}${beta}` }, { 'a.ts': beta, 'b.ts': alpha, 'c.ts': alpha });
    expect(statusOf(traced['b.ts']).filter((status) => status === 'moved')).toHaveLength(7);
    expect(new Set(statusOf(traced['c.ts']))).toEqual(new Set(['new']));
  });

  it('keep the function they were of, where another has the same lines', () => {
    const both = traceLines(listed({ 'a.ts': alpha + beta }), listed({ 'b.ts': beta, 'c.ts': alpha }));
    const froms = both.files.map(({ lines }) => lines.map((line) => line.origin?.lines[0]));
    expect(froms).toEqual([
      [8, 9, 10, 11, 12, 13],
      [1, 2, 3, 4, 5, 6, 7],
    ]);
    expect(both.removed).toEqual([]);
  });

  it('are new when a short line alone is like one that was removed somewhere else', () => {
    const before = { 'a.ts': 'start();\nlet x = 1;\n', 'b.ts': 'other();\n' };
    const after = { 'a.ts': 'start();\n', 'b.ts': 'other();\nlet x = 1;\nmore();\n' };
    expect(trace(before, after)['b.ts']).toEqual(['1 unchanged b.ts:1', '2 new', '3 new']);
  });

  it('are new when a brace or a bare return alone is like a removed one', () => {
    const before = { 'a.ts': 'function gone() {\n  return;\n}\n', 'b.ts': 'other();\n' };
    const traced = trace(before, { 'b.ts': 'other();\nfunction come() {\n  return;\n}\n' });
    expect(traced['b.ts']).toEqual(['1 unchanged b.ts:1', '2 new', '3 new', '4 new']);
  });

  it('stay known through an edited line in their midst', () => {
    const edited = alpha.replace('sum + item.price', 'sum + item.cost');
    const traced = statusOf(trace({ 'a.ts': alpha + beta }, { 'a.ts': beta, 'b.ts': edited })['b.ts']);
    expect(traced).toEqual(['moved', 'moved', 'moved', 'moved', 'new', 'moved', 'moved']);
  });
});

describe('renamed files', () => {
  it('are compared with what they were, an edit and a common line included', () => {
    const { files, removed } = traceLines(
      listed({ 'old.ts': alpha + beta, 'gone.ts': 'only(here);\nand(there);\n' }),
      listed({ 'dir/new.ts': (alpha + beta).replace('return items.length;', 'return items.length + 1;') }),
    );
    expect(files[0]?.from).toBe('old.ts');
    expect(files[0]?.lines.map(({ status }) => status).filter((status) => status !== 'moved')).toEqual(['edited']);
    expect(removed.map(({ file }) => file)).toEqual(['gone.ts', 'gone.ts']);
  });

  it('are told apart by what they hold, not by their names', () => {
    const traced = traceLines(listed({ 'a.ts': alpha, 'b.ts': beta }), listed({ 'c.ts': beta, 'd.ts': alpha }));
    expect(traced.files.map(({ file, from }) => [file, from])).toEqual([
      ['c.ts', 'b.ts'],
      ['d.ts', 'a.ts'],
    ]);
  });

  it('are none where less than half is the same', () => {
    const traced = traceLines(listed({ 'a.ts': alpha }), listed({ 'b.ts': `${beta}${beta.replace('beta', 'b2')}` }));
    expect(traced.files[0]).not.toHaveProperty('from');
  });

  it('are found among files that all hold the same first line', () => {
    const head = "import { one } from './one';\n";
    const many = Object.fromEntries(
      Array.from({ length: 8 }, (_, at) => [`old-${at}.ts`, `${head}export const n${at} = one(${at});\n`]),
    );
    const { files } = traceLines(listed(many), listed({ 'new.ts': `${head}export const n5 = one(5);\n` }));
    expect(files[0]?.from).toBe('old-5.ts');
  });
});

describe('what else a text can hold', () => {
  it('elements, templates, enums, switches and types are read line by line', () => {
    const text = [
      'enum E {',
      '  A,',
      '  B,',
      '}',
      'type T = {',
      '  a: string;',
      '};',
      'export { E } from',
      "  './e';",
      'export const view = (e: E) => (',
      '  <div>',
      '    text',
      '    {e}',
      '    <br />',
      '  </div>',
      ');',
      'const t = `one',
      '  two ${view}`;',
      'switch (t) {',
      "  case 'a':",
      '    break;',
      '  default:',
      '}',
      'class A { get b() { return 1; } constructor() { super(); } c = () => 1; }',
      'const o = { ...t, d: function () { return 2; } };',
      '',
    ].join('\n');
    const { files } = traceLines([], listed({ 'a.tsx': text }));
    const lines = (files[0]?.lines ?? []).flatMap((line) => line.lines);
    expect(lines).toEqual(Array.from({ length: 25 }, (_, at) => at + 1));
    expect(new Set(files[0]?.lines.map(({ status }) => status))).toEqual(new Set(['new']));
    expect(files[0]?.lines).toContainEqual(expect.objectContaining({ lines: [8, 9] }));
    expect(files[0]?.lines).toContainEqual(expect.objectContaining({ lines: [17, 18] }));
  });

  it('nothing at all, on either side', () => {
    expect(traceLines([], [])).toEqual({ files: [], removed: [] });
    expect(traceLines(listed({ 'a.ts': '' }), listed({ 'a.ts': '// only words\n' })).files[0]?.lines).toEqual([]);
  });

  it('a line so common that it tells nothing goes along with its neighbours', () => {
    const many = Array.from({ length: 600 }, (_, at) => `only(${at});\nsame();\n`).join('');
    const { files, removed } = traceLines(listed({ 'a.ts': many }), listed({ 'b.ts': many, 'c.ts': 'same();\n' }));
    expect(removed).toEqual([]);
    expect(files.map(({ lines }) => new Set(lines.map(({ status }) => status)))).toEqual([new Set(['moved']), new Set(['new'])]);
  });
});

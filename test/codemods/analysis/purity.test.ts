// What the analysis says of a piece of code: what else it does, what in it can throw, what it reads that others may change.
import { Node } from 'ts-morph';
import { beforeAll, describe, expect, it } from 'vitest';
import { purityOf } from '../../../codemods/analysis/purity.ts';
import { Workspace } from '../../../codemods/kernel/workspace.ts';

interface Case {
  /** The body of `piece`. */
  readonly code: string;
  /** Kinds of the effects, in order. */
  readonly effects?: readonly string[];
  /** What can throw. */
  readonly throws?: readonly string[];
}

const support = `
export interface Row { id: string; readonly fixed: number; readonly list: readonly number[]; open: number[] }
declare const outside: (n: number) => number;
const fixed = { a: 1, deep: { b: 2 } } as const;
const table = new Map<string, number>();
const names: readonly string[] = ['a'];
const grown: number[] = [];
grown.push(1);
const read = { a: 1 };
const called = [1, 2];
called.includes(1);
const handed: { a: number } = { a: 1 };
outside(handed.a);
Object.keys(handed);
export const shared = { a: 1 };
export const sealed = [1, 2] as const;
let counter = 0;
counter += 1;
table.set('a', 1);
class Plain { value = 1; static twice(n: number): number { return n * 2; } get size(): number { return counter; } get one(): number { return 1; } }
class Made { constructor(readonly n: number) {} }
function double(n: number): number { return n * 2; }
function noisy(n: number): number { console.log(n); return n; }
function loud(n: number): number { if (n < 0) throw new Error('negative'); return n; }
function again(n: number): number { return n === 0 ? 0 : again(n - 1); }
const triple = (n: number): number => n * 3;
const tag = (parts: TemplateStringsArray): string => parts.join('');
enum Level { Low, High }
`;

/** Code and what it reads that may be different a moment later. */
const reading: readonly (readonly [code: string, reads: readonly string[]])[] = [
  ['return given.id + given.fixed;', ['given.id']],
  ['return given.list[0] + given.open[0];', ['given.open[0]', 'given.open']],
  ['const copy = { ...given }; return 0;', ['...given']],
  ['const copy = { ...kept }; return kept.id + text.length;', []],
];

const cases: readonly Case[] = [
  { code: 'const a = n + 1; return a * 2;' },
  { code: 'return `${n}` + Level.High + fixed.a + names.length;' },
  { code: 'return double(n) + triple(n) + again(n) + Plain.twice(n);' },
  { code: 'const own = [3, 1]; own.push(n); own.sort(); own[0] = 2; return own.length;' },
  { code: 'const own = { a: n }; own.a = 2; return 0;' },
  { code: 'const own = [1].concat(2).reverse(); own.push(3); return 0;' },
  { code: 'const own = new Set<number>().add(1); own.add(2); return 0;' },
  { code: 'return new Plain() === new Plain() ? 1 : 2;' },
  { code: 'return new Plain().one;' },
  { code: 'const twice = (m: number): number => m * 2; return twice(n);' },
  { code: 'type Local = typeof counter; const local: Local = 1; return local;' },
  { code: 'return names.map((each) => each.length).length + names.filter(Boolean).length;' },
  { code: 'await 1; return 0;', effects: ['await'] },
  { code: 'return this;', effects: ['this'] },
  { code: 'return Date.now() + Math.random();', effects: ['clock', 'random'] },
  { code: 'return new Date();', effects: ['clock'] },
  { code: 'return new Date(1).getTime();' },
  { code: 'return tag`x`;', effects: ['call'] },
  { code: 'delete any.a; return 0;', effects: ['mutation', 'call'] },
  { code: 'any.call(); return 0;', effects: ['call', 'call'] },
  { code: 'return outside(n);', effects: ['call'] },
  { code: 'return noisy(n);', effects: ['call'] },
  { code: 'return names.map((each) => each.length).concat(numbers.map(noisy));', effects: ['call'] },
  { code: 'return numbers.map(callback);', effects: ['call'] },
  { code: 'return new Made(n);', effects: ['call'] },
  { code: 'return console;', effects: ['state', 'state'] },
  { code: 'return counter;', effects: ['state'] },
  { code: 'counter += 1; return 0;', effects: ['state', 'mutation'] },
  { code: 'return grown.length + shared.a;', effects: ['state', 'state'] },
  { code: 'return table.get("a");', effects: ['state'] },
  { code: 'return read.a + called.length + sealed[0];' },
  { code: 'return handed.a;', effects: ['state'] },
  { code: 'numbers.push(n); numbers.sort(); return 0;', effects: ['mutation', 'mutation'] },
  { code: 'numbers[0] = n; given.id = "a"; return 0;', effects: ['mutation', 'mutation'] },
  { code: 'const same = numbers; same[0] = n; return 0;', effects: ['mutation'] },
  { code: 'return `${given}` + (given > 1);', effects: ['coercion', 'coercion'] },
  { code: 'return new Plain().size;', effects: ['call'] },
  { code: 'return given.fixed + given.list.length;' },
  { code: 'throw new Error("no");', throws: ['throw new Error("no");'] },
  { code: 'return loud(n);', throws: ['loud(n)'] },
  { code: 'return JSON.parse("1") as number;', throws: ['JSON.parse("1")'] },
  { code: 'return maybe!;', throws: ['maybe!'] },
  { code: 'return new RegExp(text).test(text);', throws: ['new RegExp(text).test(text)', 'new RegExp(text)'] },
  ...reading.map(([code]) => ({ code })),
];

function sourceOf(): string {
  const parameters =
    'this: void, n: number, text: string, maybe: string | undefined, numbers: number[], callback: (n: number) => number, any: any, given: Row, kept: Readonly<Row>';
  return support + cases.map(({ code }, at) => `async function piece${String(at)}(${parameters}) { ${code} }`).join('\n');
}

let workspace: Workspace;
beforeAll(() => {
  workspace = Workspace.inMemory({ 'a.ts': sourceOf() });
});

function pieceOf(at: number): readonly Node[] {
  return workspace
    .sourceFile('a.ts')
    .getFunctionOrThrow(`piece${String(at)}`)
    .getStatements();
}

describe('a piece of code', () => {
  it.each(cases.map((each, at) => ({ ...each, at })))('$code', ({ at, effects = [], throws = [] }) => {
    const found = purityOf(pieceOf(at));
    expect({
      effects: found.effects.map(({ kind }) => kind),
      throws: found.throws.map((node) => node.getText()),
    }).toEqual({ effects, throws });
  });

  it('reads what others may change meanwhile, unless its type says that nobody does', () => {
    const read = [...cases.keys()].slice(cases.length - reading.length).map((at) => purityOf(pieceOf(at)).mutableReads);
    expect(read.map((nodes) => nodes.map((node) => node.getText()))).toEqual(reading.map(([, reads]) => reads));
  });

  it('says why, and of which code', () => {
    const at = cases.findIndex(({ code }) => code.startsWith('return noisy'));
    expect(purityOf(pieceOf(at)).effects.map(({ node, why }) => [node.getText(), why])).toEqual([
      ['noisy(n)', 'noisy(n): console.log(n) is not known to be pure'],
    ]);
  });

  it('is not blamed for what is taken out of it before it becomes a function', () => {
    const at = cases.findIndex(({ code }) => code.startsWith('return Date.now'));
    const piece = pieceOf(at);
    const calls = piece.flatMap((each) => each.getDescendants().filter((node) => Node.isCallExpression(node)));
    expect(purityOf(piece, calls.slice(0, 1)).effects.map(({ kind }) => kind)).toEqual(['random']);
  });
});

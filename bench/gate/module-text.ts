// One generated module: its text, and the Istanbul entry of a run that left some of it uncovered.

/** A number from 0 (included) to 1 (excluded). */
export type Random = () => number;

/** Mulberry32: the same seed gives the same project on every machine. */
export function randomOf(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Location {
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number | null };
}

/** A file's entry as vitest's json reporter writes it. */
export interface IstanbulEntry {
  readonly path: string;
  readonly statementMap: Record<string, Location>;
  readonly fnMap: Record<string, { name: string; decl: Location; loc: Location; line: number }>;
  readonly branchMap: Record<string, { loc: Location; type: string; locations: readonly Location[]; line: number }>;
  readonly s: Record<string, number>;
  readonly f: Record<string, number>;
  readonly b: Record<string, number[]>;
  readonly meta: { readonly seen: Record<string, number> };
}

export interface GeneratedModule {
  readonly text: string;
  readonly entry: IstanbulEntry;
}

/** What a block of lines holds: statements and arms by their line within it, a function or none. */
interface Block {
  readonly lines: (nr: number) => readonly string[];
  readonly statements: readonly number[];
  readonly branches: readonly number[];
  readonly functions: readonly number[];
}

const blocks: readonly Block[] = [
  {
    lines: (nr) => [
      '/**',
      ` * Sums the amounts above the limit of order ${nr}.`,
      ' * Amounts are in cents; a negative one is a refund and is left out.',
      ' */',
      `export function sumOfOrder${nr}(amounts: readonly number[], limit = ${nr}): number {`,
      '  let total = 0;',
      '  for (const amount of amounts) {',
      '    if (amount > limit) {',
      '      total += amount;',
      '    } else {',
      '      total -= 1;',
      '    }',
      '  }',
      '  // Rounded by the caller, who knows the currency.',
      '  return total;',
      '}',
      '',
    ],
    statements: [5, 6, 7, 8, 10, 14],
    branches: [7],
    functions: [4],
  },
  {
    lines: (nr) => [
      `export interface Shipment${nr} {`,
      '  readonly order: string;',
      '  readonly parcels: readonly { readonly weight: number; readonly address: string }[];',
      '  /** Milliseconds since the epoch. */',
      '  readonly sentAt: number | undefined;',
      '}',
      '',
      `type Carrier${nr} = 'road' | 'rail' | 'sea' | 'air';`,
      '',
    ],
    statements: [],
    branches: [],
    functions: [],
  },
  {
    lines: (nr) => [
      `const carriers${nr}: ReadonlyMap<string, number> = new Map([`,
      "  ['road', 12],",
      "  ['rail', 30],",
      "  ['sea', 200],",
      ']);',
      '',
      `export const carrierOf${nr} = (name: string): number =>`,
      `  carriers${nr}.get(name) ?? Number.NaN;`,
      '',
    ],
    statements: [0, 6, 7],
    branches: [7],
    functions: [6],
  },
  {
    lines: (nr) => [
      '/** Keeps what was asked for until it is delivered. */',
      `export class Backlog${nr} {`,
      '  readonly #open = new Map<string, { readonly at: number; readonly weight: number }>();',
      '',
      '  add(order: string, weight: number, at: number): void {',
      '    if (this.#open.has(order)) {',
      '      throw new Error(`Order ${order} is open already.`);',
      '    }',
      '    this.#open.set(order, { at, weight });',
      '  }',
      '',
      '  deliver(order: string): number {',
      '    const found = this.#open.get(order);',
      '    this.#open.delete(order);',
      '    return found === undefined ? 0 : found.weight;',
      '  }',
      '}',
      '',
    ],
    statements: [2, 5, 6, 8, 12, 13, 14],
    branches: [5, 14],
    functions: [4, 11],
  },
];

function at(line: number, column: number): Location {
  return { start: { line, column }, end: { line, column: null } };
}

function emptyEntry(path: string): IstanbulEntry {
  return { path, statementMap: {}, fnMap: {}, branchMap: {}, s: {}, f: {}, b: {}, meta: { seen: {} } };
}

/** Notes the block that begins on `first`; what did not run in it is all or nothing, as it is where a function has no test. */
function cover(entry: IstanbulEntry, block: Block, first: number, count: number): void {
  const next = (map: object): string => String(Object.keys(map).length);
  for (const line of block.statements) {
    const id = next(entry.statementMap);
    entry.statementMap[id] = at(first + line, 4);
    entry.s[id] = count;
    entry.meta.seen[`s:${first + line}:4:${first + line}:Infinity`] = Number(id);
  }
  for (const line of block.functions) {
    const id = next(entry.fnMap);
    entry.fnMap[id] = { name: `fn${id}`, decl: at(first + line, 2), loc: at(first + line + 1, 4), line: first + line };
    entry.f[id] = count;
    entry.meta.seen[`f:${first + line}:2:${first + line}:Infinity`] = Number(id);
  }
  for (const line of block.branches) {
    const id = next(entry.branchMap);
    const arms = [at(first + line, 12), at(first + line, 20)];
    entry.branchMap[id] = { loc: at(first + line, 8), type: 'if', locations: arms, line: first + line };
    entry.b[id] = [count, count > 2 ? 1 : 0];
    entry.meta.seen[`b:${first + line}:8:${first + line}:Infinity`] = Number(id);
  }
}

/** A module of about `lines` lines at the absolute path `path`. */
export function generateModule(path: string, lines: number, random: Random): GeneratedModule {
  const text = ['// Generated for a measurement.', "import { performance } from 'node:perf_hooks';", '', 'void performance;', ''];
  const entry = emptyEntry(path);
  cover(entry, { lines: () => [], statements: [0], branches: [], functions: [] }, text.length - 1, 1);
  for (let nr = 0; text.length < lines; nr += 1) {
    const block = blocks[Math.floor(random() * blocks.length)] ?? blocks[0];
    if (block === undefined) break;
    cover(entry, block, text.length + 1, random() < 0.08 ? 0 : Math.ceil(random() * 40));
    text.push(...block.lines(nr));
  }
  return { text: `${text.join('\n')}\n`, entry };
}

/** The tests of one module. */
export function generateTests(name: string, cases: number): string {
  const each = (nr: number): string => `  it('adds up what is above the limit ${nr}', () => {
    const amounts = [${nr}, ${nr + 1}, 400];
    expect(amounts.reduce((sum, amount) => sum + amount, 0)).toBeGreaterThan(${nr});
  });
`;
  const body = Array.from({ length: cases }, (_, nr) => each(nr)).join('\n');
  return `// Tests of ${name}.
import { describe, expect, it } from 'vitest';

describe('${name}', () => {
${body}
  it.each([1, 2, 3])('counts %i', (count) => {
    expect(count).toBeGreaterThan(0);
  });
});
`;
}

// split-functional-core beyond its manual: what counts as pure, and that no wait moves over what can be seen or can throw.
import { describe, expect, it } from 'vitest';
import { use } from '../../codemods/kernel/codemod.ts';
import { DiagnosticBaseline } from '../../codemods/kernel/diagnostics.ts';
import { proposalOf, runOperation } from '../../codemods/kernel/run-operation.ts';
import { splitFunctionalCore, type SplitFunctionalCoreOptions } from '../../codemods/split-functional-core.ts';
import { outDeclaration, runProgram } from './run-program.ts';
import { borrowedWorkspace } from './borrowed-workspace.ts';

type Parts = Pick<SplitFunctionalCoreOptions, 'parts' | 'parameters'>;

/** A method with effects of every kind; `STATEMENTS` is what a case puts between them. */
function service(before: string, after: string): string {
  return `${outDeclaration}
interface Rates {
  readonly base: number;
  factor: number;
}

class Service {
  count = 0;

  constructor(private readonly clock: () => number) {}

  async read(): Promise<number> {
    out('read');
    return Promise.resolve(7);
  }

  async go(name: string, rates: Rates): Promise<string> {
    out('start');
${before}
    const size = await this.read();
    out('between');
${after}
  }
}

const rates = { base: 2, factor: 3 };
void new Service(() => 5).go('ab', rates).then(out, (error: unknown) => out(String(error)));
void new Service(() => 5).go('', rates).then(out, (error: unknown) => out(String(error)));
rates.factor = 10;
export { Service };
`;
}

function split(before: string, after: string, options: Parts) {
  const workspace = borrowedWorkspace({ 'service.ts': service(before, after) });
  const operation = use(splitFunctionalCore, { file: 'service.ts', in: 'Service.go', name: 'core', to: 'core.ts', ...options });
  return { workspace, operation };
}

describe('the effects keep their order', () => {
  const pure = '    const label = name.toUpperCase() + rates.base;';
  const result = '    return label + size + this.clock();';
  const parts = [{ first: 'const label' }, { expression: 'label + size + this' }] as const;
  const parameters = { name: 'name', rates: 'rates', size: 'size', now: 'this.clock()' };

  it('when a pure part runs behind the wait, and the clock is read before the call', async () => {
    const { workspace, operation } = split(pure, result, { parts, parameters });
    const before = await runProgram({ 'service.ts': workspace.textOf('service.ts') ?? '' }, 'service.ts');
    const record = runOperation(workspace, operation, { baseline: new DiagnosticBaseline(workspace) });
    const after = { 'service.ts': workspace.textOf('service.ts') ?? '', 'core.ts': workspace.textOf('core.ts') ?? '' };
    expect(await runProgram(after, 'service.ts')).toEqual(before);
    expect(before).toContain('"start"');
    expect(after['service.ts']).toMatch(
      /out\('start'\);\n    const size = await this\.read\(\);\n    out\('between'\);\n    return core\(name, rates, size, this\.clock\(\)\);/,
    );
    expect(record.checked.map((each) => each.statement)).toContainEqual(expect.stringMatching(/^lines \d+ may run later/));
    expect(proposalOf(workspace, operation).isEmpty).toBe(true);
  });

  const moved: readonly (readonly [string, string, string, string])[] = [
    ['can throw', "    if (name === '') throw new Error('no name');", 'if (name', 'REFIT_CORE_MOVES_AWAIT'],
    ['logs', "    out('log');", "out('log')", 'REFIT_CORE_IMPURE'],
    ['waits', '    await Promise.resolve();', 'await Promise', 'REFIT_CORE_IMPURE'],
    ['leaves', "    if (name === '') return 'nothing';", 'if (name', 'REFIT_CORE_MOVES_AWAIT'],
    ['parses, which can throw', '    const label = String(JSON.parse(name));', 'const label', 'REFIT_CORE_MOVES_AWAIT'],
    ['reads a field that is not readonly', '    const label = name + rates.factor;', 'const label', 'REFIT_CORE_MOVES_AWAIT'],
  ];

  it.each(moved)('or it is refused: a part that %s', (_what, before, first, code) => {
    const { workspace, operation } = split(before, '    return name + size;', {
      parts: [{ first }, { expression: 'name + size' }],
    });
    const unchanged = workspace.changes();
    expect(() => runOperation(workspace, operation)).toThrow(expect.objectContaining({ code }));
    expect(workspace.changes()).toEqual(unchanged);
  });

  it('or it is refused: what a part made is used before the call', () => {
    const { operation, workspace } = split('    const label = name + 1;\n    out(label);', '    return label + size;', {
      parts: [{ first: 'const label' }, { expression: 'label + size' }],
    });
    expect(() => proposalOf(workspace, operation)).toThrow(expect.objectContaining({ code: 'REFIT_CORE_PARTS' }));
  });

  it('or it is refused: a part of a branch that may not run', () => {
    const { operation, workspace } = split("    if (name === 'x') {\n      out(name);\n    }", '    return name + size;', {
      parts: [{ first: "if (name === 'x')" }, { expression: 'name + size' }],
    });
    expect(() => proposalOf(workspace, operation)).toThrow(expect.objectContaining({ code: 'REFIT_CORE_IMPURE' }));
  });

  it('or it is refused: the caller would evaluate what may not run', () => {
    const after = "    return name === '' ? 'none' : name + this.clock();";
    const { operation, workspace } = split('', after, {
      parts: [{ expression: "name === ''" }],
      parameters: { now: 'this.clock()' },
    });
    expect(() => proposalOf(workspace, operation)).toThrow(expect.objectContaining({ code: 'REFIT_EXTRACT_PARAMETER' }));
    const whole = split('', after, { parts: [{ expression: "name === '' ? 'none'" }], parameters: { now: 'this.clock()' } });
    expect(() => proposalOf(whole.workspace, whole.operation)).toThrow(expect.objectContaining({ code: 'REFIT_EXTRACT_LIFT' }));
  });

  it('or it is refused: two calls would change places', () => {
    const after = '    return String(this.clock() + Number(this.count++));';
    const swapped = { b: 'this.count++', a: 'this.clock()' };
    const { operation, workspace } = split('', after, { parts: [{ expression: 'String(this.clock()' }], parameters: swapped });
    expect(() => proposalOf(workspace, operation)).toThrow(expect.objectContaining({ code: 'REFIT_EXTRACT_LIFT' }));
  });
});

describe('a core is refused as impure when it', () => {
  const impure: readonly (readonly [string, string])[] = [
    ['reads the clock', 'Date.now()'],
    ['makes a date of now', 'new Date().getTime()'],
    ['asks for chance', 'Math.random()'],
    ['logs', 'out(name)'],
    ['reads state of the module', 'counter + 1'],
    ['reads a collection that someone changes', 'seen.size'],
    ['changes what it was given', 'list.push(1)'],
    ['changes a field of what it was given', '(rates.factor = 1)'],
    ['calls a function that is not pure', 'next()'],
    ['calls a function it was given', 'give()'],
    ['turns an object into a text', '`${rates}`'],
    ['runs a getter that is not pure', 'meter.value'],
    ['hands an impure function on', 'list.map(next)'],
  ];
  const code = (expression: string): string => `${outDeclaration}
let counter = 0;
const seen = new Set<string>();
function next(): number {
  counter += 1;
  seen.add('x');
  return counter;
}
class Meter {
  get value(): number {
    return next();
  }
}
class Service {
  count = 0;
  go(name: string, list: number[], rates: { factor: number }, give: () => number, meter: Meter): unknown {
    out([name, list, rates, give(), meter.value, this.count]);
    return ${expression};
  }
}
export { Service };
`;

  it.each(impure)('%s', (_what, expression) => {
    const workspace = borrowedWorkspace({ 'service.ts': code(expression) });
    const options = { file: 'service.ts', in: 'Service.go', name: 'core', to: 'core.ts', parts: [{ first: 'return' }] as const };
    expect(() => proposalOf(workspace, use(splitFunctionalCore, options))).toThrow(
      expect.objectContaining({ code: 'REFIT_CORE_IMPURE' }),
    );
  });

  const pure: readonly (readonly [string, string])[] = [
    ['filters, maps and joins', 'list.filter((each) => each > 1).map((each) => each * 2).join()'],
    ['changes a copy it made', '[...list].sort().reverse()'],
    ['calls pure functions of the project', 'twice(list.length)'],
    ['reads a constant table', "TABLE['a'] ?? 0"],
    ['makes a date of a number', 'new Date(list.length).getTime()'],
    ['counts in a variable of its own', 'sumOf(list)'],
  ];

  it.each(pure)('and accepted when it %s', (_what, expression) => {
    const text = `const TABLE: Readonly<Record<string, number>> = { a: 1 };
export function twice(n: number): number {
  return n * 2;
}
export function sumOf(list: number[]): number {
  let sum = 0;
  for (const each of list) sum += each;
  return sum;
}
export function go(list: number[]): unknown {
  const from = list;
  return ${expression};
}
`;
    const pureFile = { 'pure.ts': text.slice(text.indexOf('export function twice'), text.indexOf('export function go')) };
    const main = `import { sumOf, twice } from './pure.ts';\n\n${text.slice(0, text.indexOf('export function twice'))}${text.slice(text.indexOf('export function go'))}export const used = [sumOf, twice];\n`;
    const workspace = borrowedWorkspace({ ...pureFile, 'main.ts': main });
    const options = { file: 'main.ts', in: 'go', name: 'core', to: 'core.ts', parts: [{ first: 'return' }] as const };
    runOperation(workspace, use(splitFunctionalCore, options), { baseline: new DiagnosticBaseline(workspace) });
    expect(workspace.textOf('core.ts')).toContain(`return ${expression};`);
  });
});

// extract-function beyond its manual: programs print the same before and after, or the extraction is refused with its reason.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Judgement, TextPair } from '../../codemods/analysis/judgement.ts';
import { extractionUndone } from '../../codemods/analysis/undo-extraction.ts';
import { extractFunction, type ExtractFunctionOptions } from '../../codemods/extract-function.ts';
import { use } from '../../codemods/kernel/codemod.ts';
import { DiagnosticBaseline, diagnosticsOf } from '../../codemods/kernel/diagnostics.ts';
import { editedText } from '../../codemods/kernel/edits.ts';
import type { Edit } from '../../codemods/kernel/proposal.ts';
import { Refusal } from '../../codemods/kernel/refusal.ts';
import { proposalOf, runOperation } from '../../codemods/kernel/run-operation.ts';
import { Workspace } from '../../codemods/kernel/workspace.ts';
import { extracted } from './extract-function-programs.ts';
import { refused } from './extract-function-refusals.ts';
import { rangesOf, randomFunction, type RandomFunction } from './random-functions.ts';
import { outDeclaration, runProgram } from './run-program.ts';
import { borrowedWorkspace } from './borrowed-workspace.ts';

function operation(options: Omit<ExtractFunctionOptions, 'file' | 'name'>, file = 'example.ts') {
  return use(extractFunction, { file, name: 'extracted', ...options });
}

/** What the texts of one file say about the extraction. */
function judgedAlone(file: TextPair): Judgement {
  return extractionUndone({ name: 'extracted', from: file, to: file });
}

/** All programs as files of one workspace: it is type-checked once. */
function workspaceOf(programs: readonly { readonly code: string }[]): {
  readonly workspace: Workspace;
  readonly paths: readonly string[];
} {
  const paths = programs.map((_, at) => `program-${String(at)}.ts`);
  const workspace = Workspace.inMemory(
    Object.fromEntries(programs.map(({ code }, at) => [paths[at] ?? '', `export {};\n${outDeclaration}${code}`])),
  );
  return { workspace, paths };
}

describe('a program prints the same after the extraction', () => {
  const { workspace, paths } = workspaceOf(extracted);
  const baseline = new DiagnosticBaseline(workspace);

  it('compiles before', () => {
    expect(baseline.all).toEqual([]);
  });

  it.each(extracted.map((program, at) => ({ ...program, path: paths[at] ?? '' })))(
    '$title',
    async ({ code, options, shows, path }) => {
      const { files, claims } = runOperation(workspace, operation(options, path), { baseline });
      expect(files.map((file) => judgedAlone(file).kind)).not.toContain('different');
      expect(claims).toContainEqual({ kind: 'extracted', name: 'extracted', from: path, to: path });
      const after = workspace.textOf(path) ?? '';
      for (const text of shows) expect(after).toContain(text);
      const before = await runProgram({ 'example.ts': outDeclaration + code }, 'example.ts');
      expect(before).not.toEqual([]);
      expect(await runProgram({ 'example.ts': after }, 'example.ts')).toEqual(before);
      expect(proposalOf(workspace, operation(options, path)).isEmpty).toBe(true);
    },
  );
});

describe('it refuses, and changes nothing,', () => {
  const { workspace, paths } = workspaceOf(refused);

  it.each(refused.map((program, at) => ({ ...program, path: paths[at] ?? '' })))(
    '$title',
    ({ options, refused: expected, path }) => {
      const before = workspace.changes();
      const attempt = (): unknown => runOperation(workspace, operation(options, path));
      expect(attempt).toThrow(expect.objectContaining({ code: expected }));
      expect(workspace.changes()).toEqual(before);
    },
  );
});

describe('another module', () => {
  const shop = `import { round } from './round.ts';
${outDeclaration}
const RATE = 0.2;
let calls = 0;

export function price(net: number): number {
  calls += 1;
  const gross = round(net * (1 + RATE));
  return gross + calls;
}

export function tax(net: number): number {
  return net * RATE;
}
out(price(10));
out(tax(10));
`;
  const files = { 'round.ts': 'export function round(n: number): number {\n  return Math.round(n);\n}\n', 'shop.ts': shop };
  const options = { file: 'shop.ts', in: 'price', name: 'grossOf', to: 'gross.ts' };

  it('gets a private constant that both need, exported and imported back', async () => {
    const workspace = borrowedWorkspace(files);
    const record = runOperation(workspace, use(extractFunction, { ...options, first: 'const gross' }), {
      baseline: new DiagnosticBaseline(workspace),
    });
    const after = {
      'round.ts': files['round.ts'],
      'shop.ts': workspace.textOf('shop.ts') ?? '',
      'gross.ts': workspace.textOf('gross.ts') ?? '',
    };
    expect(after['gross.ts']).toContain("import { round } from './round.ts';\n\nexport const RATE = 0.2;");
    expect(after['shop.ts']).toContain("import { grossOf, RATE } from './gross.ts';");
    expect(after['shop.ts']).not.toContain('round');
    expect(record.claims.map((claim) => claim.kind)).toEqual(['moved', 'extracted']);
    expect(await runProgram(after, 'shop.ts')).toEqual(await runProgram(files, 'shop.ts'));
  });

  it('does not get state', () => {
    const workspace = borrowedWorkspace(files);
    const attempt = (): unknown =>
      proposalOf(workspace, use(extractFunction, { ...options, first: 'calls +=', last: 'const gross' }));
    expect(attempt).toThrow(expect.objectContaining({ code: 'REFIT_EXTRACT_MODULE_STATE' }));
  });

  it('is appended to when it exists, its imports merged', () => {
    const workspace = borrowedWorkspace({
      ...files,
      'gross.ts': "import { round } from './round.ts';\n\nexport const half = round(0.5);\n",
    });
    runOperation(workspace, use(extractFunction, { ...options, first: 'const gross' }), {
      baseline: new DiagnosticBaseline(workspace),
    });
    expect(workspace.textOf('gross.ts')).toMatch(
      /^import \{ round \} from '\.\/round\.ts';\n\nexport const half = round\(0\.5\);\n\nexport const RATE = 0\.2;\n\nexport function grossOf/,
    );
  });

  it('must not be one that loads the file the code comes from', () => {
    const workspace = borrowedWorkspace({
      ...files,
      'gross.ts': "import { tax } from './shop.ts';\n\nexport const one = () => tax(1);\n",
    });
    const attempt = (): unknown => proposalOf(workspace, use(extractFunction, { ...options, first: 'const gross' }));
    expect(attempt).toThrow(expect.objectContaining({ code: 'REFIT_EXTRACT_CYCLE' }));
  });

  it('must not give a name another meaning', () => {
    const workspace = borrowedWorkspace({ ...files, 'gross.ts': 'export const RATE = 1;\n' });
    const attempt = (): unknown => proposalOf(workspace, use(extractFunction, { ...options, first: 'const gross' }));
    expect(attempt).toThrow(expect.objectContaining({ code: 'REFIT_EXTRACT_NAME_CLASH' }));
  });
});

describe('the record', () => {
  it('says that a range that waits costs a turn, and which fields are shared meanwhile', () => {
    const code = `class A {\n  private n = 0;\n\n  async go(p: Promise<number>): Promise<number> {\n    this.n += await p;\n    return this.n;\n  }\n}\nvoid new A().go(Promise.resolve(1)).then(out);\n`;
    const workspace = borrowedWorkspace({ 'example.ts': outDeclaration + code });
    const { findings, checked } = runOperation(workspace, operation({ in: 'A.go', first: 'this.n += await' }));
    expect(findings.map((finding) => finding.what)).toEqual([
      'extracted waits, so its caller goes on one turn later than before. Fields it shares with its caller: this.n.',
    ]);
    expect(checked).toContainEqual({ statement: 'everything the range reads from its function is a parameter', witness: 'p' });
  });

  it('keeps Windows newlines', () => {
    const code = `${outDeclaration}function f(a: number): number {\n  const b = a + 1;\n  return b;\n}\nout(f(1));\n`.replaceAll(
      '\n',
      '\r\n',
    );
    const workspace = borrowedWorkspace({ 'example.ts': code });
    runOperation(workspace, operation({ in: 'f', first: 'const b' }));
    const after = workspace.textOf('example.ts') ?? '';
    expect(after.replaceAll('\r\n', '')).not.toContain('\n');
    expect(after).toContain('const b = extracted(a);\r\n');
  });
});

/** Functions in one program: one program is type-checked, however many ranges are tried on it. */
const FUNCTIONS = 25;

describe('random functions with random ranges', () => {
  const program = fc.array(randomFunction, { minLength: FUNCTIONS, maxLength: FUNCTIONS });
  let done = 0;
  let tried = 0;
  let proved = 0;

  function extractAll(workspace: Workspace, functions: readonly RandomFunction[]): string {
    const edits: Edit[] = [];
    for (const [at, each] of functions.entries()) {
      const range = rangesOf(each)[each.pick % rangesOf(each).length];
      if (range === undefined) continue;
      tried += 1;
      try {
        const options = { file: 'example.ts', in: `f${String(at)}`, name: `extracted${String(at)}`, ...range };
        const proposal = proposalOf(workspace, use(extractFunction, options));
        edits.push(...proposal.edits);
        const before = workspace.textOf('example.ts') ?? '';
        const own = (text: string): string =>
          text
            .slice(text.indexOf(`function f${String(at)}(`))
            .split(/^function f\d+\(/m, 2)
            .join('function f(');
        const file = { path: '/example.ts', before: own(before), after: own(editedText(before, proposal.edits)) };
        const judged = extractionUndone({ name: options.name, from: file, to: file });
        expect(judged).not.toMatchObject({ kind: 'different' });
        if (judged.kind === 'equal') proved += 1;
        done += 1;
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(Refusal);
      }
    }
    return editedText(workspace.textOf('example.ts') ?? '', edits);
  }

  it('print the same, and compile', async () => {
    await fc.assert(
      fc.asyncProperty(program, async (functions) => {
        const before = outDeclaration + functions.map((each, at) => each.print(`f${String(at)}`)).join('\n');
        const workspace = borrowedWorkspace({ 'example.ts': before });
        const known = new Set(diagnosticsOf(workspace).map((each) => each.message));
        const after = extractAll(workspace, functions);
        const messages = diagnosticsOf(borrowedWorkspace({ 'example.ts': after })).map((each) => each.message);
        expect(messages.filter((message) => !known.has(message))).toEqual([]);
        expect(await runProgram({ 'example.ts': after }, 'example.ts')).toEqual(
          await runProgram({ 'example.ts': before }, 'example.ts'),
        );
      }),
      // Shrinking type-checks a program for every try; the seed that is printed is enough to look at it.
      { numRuns: 2, endOnFailure: true },
    );
    expect(done / tried).toBeGreaterThan(0.5);
    expect(proved / done).toBeGreaterThan(0.4);
  });
});

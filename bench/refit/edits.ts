// The time per edit on a generated file of 5,000 lines: one apply of one edit, one of many, and a rename with as many uses.
import type { Codemod } from '../../codemods/kernel/codemod.ts';
import { use } from '../../codemods/kernel/codemod.ts';
import { physicalLines } from '../../codemods/kernel/parse-source.ts';
import { runOperation } from '../../codemods/kernel/run-operation.ts';
import { Workspace } from '../../codemods/kernel/workspace.ts';
import { renameSymbol } from '../../codemods/rename-symbol.ts';

const LINES = 5_000;
const file = 'generated.ts';

/** Eight lines that use `shared` once and hold one number to edit. */
function block(nr: number): string {
  return `
/** Adds up what is above the limit. */
export function sum${String(nr)}(values: readonly number[]): number {
  const limit = ${String(nr)};
  const above = values.filter((value) => value > limit);
  const total = above.reduce((sum, value) => sum + shared(value), 0);
  return total;
}
`;
}

const head = '// Generated.\nexport function shared(value: number): number {\n  return value;\n}\n';
const blocks = (LINES - physicalLines(head)) / physicalLines(block(0));

function generated(): Workspace {
  const text = head + Array.from({ length: Math.ceil(blocks) }, (_, nr) => block(nr)).join('');
  return Workspace.inMemory({ [file]: text });
}

/** Adds one to so many of the limits. */
const raiseLimits: Codemod<{ count: number }> = {
  name: 'raise-limits',
  options: { count: { kind: 'number', help: 'how many' } },
  propose(workspace, { count }, out) {
    const text = workspace.sourceFile(file).getFullText();
    for (const found of [...text.matchAll(/(?<=limit = )\d+/g)].slice(0, count)) {
      out.edit(file, [found.index, found.index + found[0].length], String(Number(found[0]) + 1));
    }
  },
};

export interface EditTimes {
  readonly name: string;
  readonly lines: number;
  readonly edits: number;
  readonly totalMs: number;
  readonly msPerEdit: number;
}

function measured(name: string, workspace: Workspace, run: () => number): EditTimes {
  const lines = physicalLines(workspace.textOf(file) ?? '');
  const from = performance.now();
  const edits = run();
  const totalMs = performance.now() - from;
  return { name, lines, edits, totalMs, msPerEdit: totalMs / edits };
}

/** Each measurement on a project of its own; the first run of the process warms it up and is not one. */
export function measureEdits(): readonly EditTimes[] {
  const all = Math.ceil(blocks);
  const apply = (count: number) => (workspace: Workspace) => runOperation(workspace, use(raiseLimits, { count })).edits;
  const rename = (workspace: Workspace) =>
    runOperation(workspace, use(renameSymbol, { file, symbol: 'shared', to: 'common' })).edits;
  const cases = [
    ['apply, one edit', apply(1)],
    ['apply, many edits', apply(all)],
    ['rename-symbol', rename],
  ] as const;
  apply(all)(generated());
  return cases.map(([name, run]) => {
    const workspace = generated();
    return measured(name, workspace, () => run(workspace));
  });
}

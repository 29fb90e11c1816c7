// A small project in a folder of its own with a plan of one step, for tests of `refit run`.
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const codemods = join(import.meta.dirname, '../../../codemods');
const long = `export interface Line {
  readonly text: string;
}

/** Prints lines. */
export function print(line: Line): string {
  return line.text;
}
`;

export interface PlanText {
  readonly lines?: number;
  readonly symbols?: string;
  readonly promised?: number;
  readonly after?: string;
}

/** A project with one long file, a plan that moves what is in it, and proof modules that find nothing (`same`) or a difference (`moved`). */
export function planProject({ lines = 8, symbols = "['Line']", promised = 100, after = '[]' }: PlanText = {}): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'refit-run-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  writeFileSync(
    join(root, 'tsconfig.json'),
    '{ "compilerOptions": { "strict": true, "types": [], "lib": ["es2023"], "module": "nodenext" }, "include": ["long.ts", "line.ts"] }',
  );
  writeFileSync(join(root, 'package.json'), '{ "name": "small", "type": "module" }');
  writeFileSync(join(root, 'long.ts'), long);
  writeFileSync(
    join(root, 'plan.ts'),
    `import { use } from '${codemods}/kernel/codemod.ts';
import { moveDeclarations } from '${codemods}/move-declarations.ts';
import { fileLines, fileLinesAtMost } from '${codemods}/plan/claims/index.ts';
export const plan = {
  name: 'small', title: 'A small plan', root: '.', projects: ['tsconfig.json'],
  phases: [{ id: '1', title: 'All' }], reported: ['long.ts'],
  steps: [{
    id: 'A', phase: '1', title: 'Move Line', after: ${after},
    claims: [fileLines({ file: 'long.ts', lines: ${String(lines)} })],
    operations: [use(moveDeclarations, { from: 'long.ts', symbols: ${symbols}, to: 'line.ts' })],
    ensures: [fileLinesAtMost({ file: 'long.ts', lines: ${String(promised)} })],
    subjects: ['print'],
  }],
};
`,
  );
  writeFileSync(
    join(root, 'same.ts'),
    `export const trace = async (_changed, { random }) =>
  [{ subject: 'print', cases: 3, random, differences: [], allowed: [], branchesReached: 1, branches: 1 }];
`,
  );
  writeFileSync(
    join(root, 'moved.ts'),
    `export const trace = async (_changed, { random }) =>
  [{ subject: 'print', cases: 3, random, differences: ['one line: - log.info'], allowed: [], branchesReached: 1, branches: 1 }];
`,
  );
  return root;
}

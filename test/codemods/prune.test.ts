// What keeps a dependency or a generated file: uses that are not imports, and keys that do not fit.
import { describe, expect, it } from 'vitest';
import { use } from '../../codemods/kernel/codemod.ts';
import { Refusal } from '../../codemods/kernel/refusal.ts';
import { runOperation, type OperationRecord } from '../../codemods/kernel/run-operation.ts';
import type { Workspace } from '../../codemods/kernel/workspace.ts';
import { pruneDependency } from '../../codemods/prune-dependency.ts';
import { pruneGenerated } from '../../codemods/prune-generated.ts';
import { borrowedWorkspace } from './borrowed-workspace.ts';

type Files = Readonly<Record<string, string>>;

const manifest = JSON.stringify(
  { name: 'it', exports: './main.ts', dependencies: { dep: '1.0.0' }, scripts: { test: 'vitest run' } },
  null,
  2,
);

function prune(files: Files): { readonly workspace: Workspace; readonly record: OperationRecord } {
  const workspace = borrowedWorkspace({ 'package.json': manifest, 'main.ts': 'export const run = 1;\n', ...files });
  return { workspace, record: runOperation(workspace, use(pruneDependency, { package: 'dep' })) };
}

function refusalOf(run: () => unknown): Refusal {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown;
    throw thrown;
  }
  throw new Error('it was not refused');
}

describe('a dependency stays', () => {
  const uses: readonly (readonly [string, Files])[] = [
    ['an import of a type', { 'a.ts': "import type { A } from 'dep';\nexport type B = A;\n" }],
    ['a subpath', { 'a.ts': "export * from 'dep/more';\n" }],
    ['an import for its effect', { 'a.ts': "import 'dep';\n" }],
    ['an import at run time', { 'a.ts': "export const a = (): Promise<unknown> => import('dep');\n" }],
    ['a type of an import', { 'a.ts': "export type A = import('dep').A;\n" }],
    ['an ambient declaration', { 'a.d.ts': "declare module 'dep' {\n  export const a: number;\n}\n" }],
    ['a mock in a test', { 'a.test.ts': "declare const vi: { mock(path: string): void };\nvi.mock('dep');\n" }],
    ['a script outside the project', { 'scripts/run.mjs': "import { a } from 'dep';\na();\n" }],
    ['an option of a tool', { 'vitest.config.ts': "export const config = { test: { setupFiles: ['dep/setup'] } };\n" }],
    ['`types` of a tsconfig', { 'tsconfig.json': '{ "compilerOptions": { "types": ["dep"] } }' }],
    ['a plugin in a JSON file', { 'lint.json': '{ "plugins": ["dep"] }' }],
    ['a command of package.json', { 'package.json': manifest.replace('vitest run', 'dep --check && vitest run') }],
  ];

  it.each(uses)('for %s', (_what, files) => {
    expect(refusalOf(() => prune(files)).code).toBe('REFIT_DEPENDENCY_USED');
  });
});

describe('a dependency goes', () => {
  it('although another package has a longer name, and a comment speaks of it', () => {
    const { workspace } = prune({
      'a.ts': "// 'dep' was here\nexport const a = 'dependable';\n",
      'b.ts': "export const b = 'dep-extra';\n",
    });
    expect(JSON.parse(workspace.textOf('package.json') ?? '')).toEqual({
      name: 'it',
      exports: './main.ts',
      scripts: { test: 'vitest run' },
    });
  });

  it('from every list of every package, and no empty list is left', () => {
    const { workspace } = prune({ 'more/package.json': '{\n  "name": "more",\n  "devDependencies": { "dep": "^1.0.0" }\n}\n' });
    expect(workspace.textOf('more/package.json')).toBe('{\n  "name": "more"\n}\n');
  });

  it('and the lockfile is left to the package manager', () => {
    const lockfile = '{ "packages": { "node_modules/dep": {} , "": { "dependencies": { "dep": "1.0.0" } } } }';
    const { workspace, record } = prune({ 'package-lock.json': lockfile });
    expect(workspace.textOf('package-lock.json')).toBe(lockfile);
    expect(record.obligations).toEqual([expect.stringContaining('package-lock.json drops dep')]);
  });

  it('once: a second run finds nothing to do and says so', () => {
    const { workspace } = prune({});
    const again = runOperation(workspace, use(pruneDependency, { package: 'dep' }));
    expect(again.files).toEqual([]);
    expect(again.skips.map((each) => each.why)).toEqual([expect.stringContaining('depends on dep')]);
  });
});

describe('generated files', () => {
  it('named after their source go with it', () => {
    const workspace = borrowedWorkspace({ 'gen/a.json': '{}', 'gen/b.json': '{}', 'src/a.ts': 'export const a = 1;\n' });
    runOperation(
      workspace,
      use(pruneGenerated, { artefacts: ['gen/*.json'], sources: ['src/*.ts'], key: { kind: 'name', source: 'src/{name}.ts' } }),
    );
    expect([workspace.textOf('gen/a.json'), workspace.textOf('gen/b.json')]).toEqual(['{}', undefined]);
  });

  const template = {
    artefacts: ['gen/*.json'],
    sources: ['src/*.ts'],
    key: { kind: 'template', tag: 'sql', field: 'text' },
  } as const;
  const source =
    'declare const sql: (parts: TemplateStringsArray, ...values: unknown[]) => string;\nexport const a = sql`SELECT ${1}, ${2}`;\n/** sql`SELECT old` */\nexport const b = 1;\n';

  it('of a statement that only a comment or a test still holds go', () => {
    const workspace = borrowedWorkspace({
      'gen/a.json': '{ "text": "SELECT $1, $2" }',
      'gen/old.json': '{ "text": "SELECT old" }',
      'gen/tested.json': '{ "text": "SELECT tested" }',
      'src/a.ts': source,
      'src/a.test.ts': 'declare const sql: (parts: TemplateStringsArray) => string;\nexport const t = sql`SELECT tested`;\n',
    });
    const record = runOperation(workspace, use(pruneGenerated, template));
    expect(record.files.map((file) => workspace.relative(file.path))).toEqual(['gen/old.json', 'gen/tested.json']);
  });

  it('of another generator are left alone, with a reason', () => {
    const workspace = borrowedWorkspace({
      'gen/a.json': '{ "text": "SELECT $1, $2" }',
      'gen/other.json': '{ "hash": 1 }',
      'src/a.ts': source,
    });
    const record = runOperation(workspace, use(pruneGenerated, template));
    expect(record.files).toEqual([]);
    expect(record.skips.map((each) => workspace.relative(each.path))).toEqual(['gen/other.json']);
  });

  it('are not judged by globs that match nothing', () => {
    const workspace = borrowedWorkspace({ 'gen/a.json': '{ "text": "SELECT" }', 'src/a.ts': source });
    const wrong = use(pruneGenerated, { ...template, sources: ['source/*.ts'] });
    expect(refusalOf(() => runOperation(workspace, wrong)).code).toBe('REFIT_GENERATED_KEY');
  });
});

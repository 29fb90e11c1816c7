// Moving declarations: the fixture's statistics, and what is kept or refused in small projects.
import { basename } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { use } from '../../codemods/kernel/codemod.ts';
import { type OperationRecord, runOperation } from '../../codemods/kernel/run-operation.ts';
import type { Workspace } from '../../codemods/kernel/workspace.ts';
import { moveDeclarations, type MoveDeclarationsOptions } from '../../codemods/move-declarations.ts';
import { untouchedTas63 } from '../helpers/tas-63-workspace.ts';
import { type Files, type Outcome, outcomeOf, refusalOf } from './small-project.ts';

const options: MoveDeclarationsOptions = { from: 'old.ts', symbols: ['A'], to: 'new.ts' };

function run(files: Files, wanted: Partial<MoveDeclarationsOptions> = {}): Outcome {
  return outcomeOf(moveDeclarations, { ...options, ...wanted }, files);
}

/** Texts of the changed files by name. */
function moved(files: Files, wanted: Partial<MoveDeclarationsOptions> = {}): Files {
  return run(files, wanted).texts;
}

function refusal(files: Files, wanted: Partial<MoveDeclarationsOptions> = {}): string {
  return refusalOf(moveDeclarations, { ...options, ...wanted }, files);
}

describe('the statistics of the fixture', () => {
  let workspace: Workspace;
  const systems = 'packages/orchestration/src/orchestration/event-systems';
  const symbols = ['OrchestrationStatistics', 'OrchestrationComponentStatistics'];
  const fixture = {
    from: `${systems}/orchestration-event-system.ts`,
    symbols,
    to: `${systems}/orchestration-statistics.ts`,
    doc: 'The numbers of the event system.',
  };
  let record: OperationRecord;

  beforeAll(() => {
    const untouched = untouchedTas63();
    const { baseline } = untouched;
    workspace = untouched.workspace;
    record = runOperation(workspace, use(moveDeclarations, fixture), { baseline });
  }, 120_000);

  it('move with the types of their imports, and nothing else', () => {
    const text = workspace.textOf(fixture.to) ?? '';
    expect(text.split('\n').slice(0, 8)).toEqual([
      '/** The numbers of the event system. */',
      "import type { DeploymentMode } from '../../config.js';",
      "import type { EventSystemStatistics } from './event-driven-system.js';",
      "import type { OrchestrationFallbackPoller, OrchestrationPollerStats } from './fallback-poller.js';",
      "import type { OrchestrationListenerStats, OrchestrationQueueListener } from './queue-listener.js';",
      '',
      '/** Counters and latencies of the event system; written by the system itself, read through statistics(). */',
      'export class OrchestrationStatistics implements EventSystemStatistics {',
    ]);
    const before = record.files.find((file) => file.path.endsWith('orchestration-event-system.ts'))?.before ?? '';
    const start = before.indexOf('/** Counters and latencies');
    const end = before.indexOf('\n\n/** Coordinates listener');
    expect(text.endsWith(`\n\n${before.slice(start, end)}\n`)).toBe(true);
  });

  it('are named in the new module by every importer and barrel', () => {
    expect(record.files.map((file) => basename(file.path)).toSorted((a, b) => a.localeCompare(b, 'en'))).toEqual([
      'index.ts',
      'orchestration-event-system.test.ts',
      'orchestration-event-system.ts',
      'orchestration-statistics.ts',
    ]);
    expect(workspace.textOf(`${systems}/index.ts`)).toContain(
      "export { OrchestrationEventSystem } from './orchestration-event-system.js';\nexport { type OrchestrationComponentStatistics, OrchestrationStatistics } from './orchestration-statistics.js';\n",
    );
    expect(record.claims.map((claim) => ('name' in claim ? claim.name : ''))).toEqual(symbols);
  });

  it('are there already the second time', () => {
    expect(runOperation(workspace, use(moveDeclarations, fixture)).files).toEqual([]);
  });
});

describe('what moves along', () => {
  it('private helpers that only moved code uses, and those they use', () => {
    const files = {
      'old.ts':
        'const unit = 2;\n\nconst double = (n: number): number => n * unit;\n\nexport const A = (): number => double(1);\n\nexport const b = 1;\n',
    };
    expect(moved(files)).toEqual({
      'old.ts': 'export const b = 1;\n',
      'new.ts':
        'const unit = 2;\n\nconst double = (n: number): number => n * unit;\n\nexport const A = (): number => double(1);\n',
    });
  });

  it('a private helper that staying code needs, when it is named; it is exported then, and said to be', () => {
    const files = {
      'old.ts': 'const help = (): number => 1;\nexport const A = (): number => help();\nexport const b = (): number => help();\n',
    };
    expect(refusal(files)).toBe('REFIT_MOVE_SHARED');
    const { texts, record } = run(files, { symbols: ['A', 'help'] });
    expect(texts['new.ts']).toBe('export const help = (): number => 1;\nexport const A = (): number => help();\n');
    expect(texts['old.ts']).toBe("import { help } from './new.js';\n\nexport const b = (): number => help();\n");
    expect(record.findings.map((finding) => finding.what)).toEqual([expect.stringContaining('help was private')]);
  });

  it('comments right above and behind, overloads, and interfaces that are merged', () => {
    const old = [
      '// A section of its own.',
      '',
      '/** Doc. */',
      '// and more',
      'export function A(n: number): number;',
      'export function A(n: string): string;',
      'export function A(n: number | string): number | string {',
      '  return n;',
      '} // end',
      '',
      'export interface I {',
      '  a: number;',
      '}',
      'export const b = 1;',
      'export interface I {',
      '  b: number;',
      '}',
      '',
    ];
    const texts = moved({ 'old.ts': old.join('\n') }, { symbols: ['A', 'I'] });
    expect(texts['old.ts']).toBe('// A section of its own.\n\nexport const b = 1;\n');
    expect(texts['new.ts']).toBe([...old.slice(2, 9), '', ...old.slice(10, 13), '', ...old.slice(14)].join('\n'));
  });

  it('imports of every kind, relative ones from the new folder, types as types', () => {
    const files = {
      'lib/x.ts': 'export default class X {}\nexport const y = 1;\nexport interface Z {\n  z: number;\n}\n',
      'lib/ns.ts': 'export const one = 1;\n',
      'old.ts':
        "import X, { y as why, type Z } from './lib/x.ts';\nimport * as ns from './lib/ns.ts';\n\nexport const A = (z: Z): number => why + ns.one + z.z;\nexport const b = (x: X): number => why + (x instanceof X ? 1 : 0);\n",
    };
    const texts = moved(files, { to: 'deep/er/new.ts' });
    expect(texts['deep/er/new.ts']).toBe(
      "import { y as why, type Z } from '../../lib/x.ts';\nimport * as ns from '../../lib/ns.ts';\n\nexport const A = (z: Z): number => why + ns.one + z.z;\n",
    );
    expect(texts['old.ts']).toBe(
      "import X, { y as why } from './lib/x.ts';\n\nexport const b = (x: X): number => why + (x instanceof X ? 1 : 0);\n",
    );
  });

  it('into a module that exists: at its end, with the imports it lacks', () => {
    const files = {
      'x.ts': 'export const x = 1;\nexport default 5;\n',
      'old.ts': "import five, { x } from './x.ts';\n\nexport const A = (): number => x + five;\nexport const b = 1;\n",
      'new.ts': "import { b } from './old.ts';\n\nexport const c = b;\n",
      'use.ts': "import { A, b } from './old.ts';\nimport { c } from './new.ts';\n\nexport const all = [A, b, c];\n",
    };
    const texts = moved(files);
    expect(texts['new.ts']).toBe(
      "import { b } from './old.ts';\nimport five, { x } from './x.ts';\n\nexport const c = b;\n\nexport const A = (): number => x + five;\n",
    );
    expect(texts['use.ts']).toBe(
      "import { b } from './old.ts';\nimport { A, c } from './new.ts';\n\nexport const all = [A, b, c];\n",
    );
  });

  it('keeps the line ends of the old module', () => {
    const texts = moved({ 'old.ts': '/** Doc. */\r\nexport const A = 1;\r\n\r\nexport const b = 1;\r\n' }, { doc: 'New.' });
    expect(texts).toEqual({
      'old.ts': 'export const b = 1;\r\n',
      'new.ts': '/** New. */\r\n\r\n/** Doc. */\r\nexport const A = 1;\r\n',
    });
  });
});

describe('importers', () => {
  const old = 'export const A = 1;\nexport const b = 2;\nexport type T = string;\n';

  it('keep other names, aliases and what is only a type', () => {
    const files = {
      'old.ts': old,
      'use.ts': "import { A as first, b, type T } from './old.ts';\n\nexport const all = (t: T): unknown[] => [first, b, t];\n",
    };
    expect(moved(files, { symbols: ['A', 'T'] })['use.ts']).toBe(
      "import { A as first, type T } from './new.ts';\nimport { b } from './old.ts';\n\nexport const all = (t: T): unknown[] => [first, b, t];\n",
    );
  });

  it('see the same names through every kind of barrel', () => {
    const files = {
      'old.ts': old,
      'named.ts': "export { A as first, b } from './old.ts';\n",
      'star.ts': "export * from './old.ts';\n",
      'types.ts': "export type * from './old.ts';\n",
      'use.ts':
        "import { first, b } from './named.ts';\nimport { A, type T } from './star.ts';\nimport type { T as U } from './types.ts';\n\nexport const all = (t: T, u: U): unknown[] => [first, b, A, t, u];\n",
    };
    expect(moved(files, { symbols: ['A', 'T'] })).toMatchObject({
      'named.ts': "export { b } from './old.ts';\nexport { A as first } from './new.ts';\n",
      'star.ts': "export * from './old.ts';\nexport * from './new.ts';\n",
      'types.ts': "export type * from './old.ts';\nexport type * from './new.ts';\n",
    });
  });

  it('of a star get the names one by one when the new module has others', () => {
    const files = { 'old.ts': old, 'new.ts': 'export const c = 3;\n', 'star.ts': "export * from './old.ts';\n" };
    expect(moved(files, { symbols: ['A', 'T'] })['star.ts']).toBe(
      "export * from './old.ts';\nexport { A, type T } from './new.ts';\n",
    );
  });

  it('stay as they are when the old path is kept', () => {
    const files = { 'old.ts': old, 'use.ts': "import * as all from './old.ts';\n\nexport const a = all.A;\n" };
    expect(refusal(files)).toBe('REFIT_MOVE_NAMESPACE_IMPORT');
    const texts = moved(files, { keepOldPath: true });
    expect(texts['old.ts']).toBe("export const b = 2;\nexport type T = string;\n\nexport { A } from './new.ts';\n");
    expect(texts['use.ts']).toBeUndefined();
  });

  it('of a namespace that use other names only do not mind', () => {
    const files = { 'old.ts': old, 'use.ts': "import * as all from './old.ts';\n\nexport const b = all.b;\n" };
    expect(Object.keys(moved(files)).toSorted()).toEqual(['new.ts', 'old.ts']);
  });

  it('keeps a name that the old module exported in a list', () => {
    const files = {
      'old.ts': 'const A = 1;\nconst b = 2;\nexport { A, b };\n',
      'use.ts': "import { A } from './old.ts';\n\nexport const a = A;\n",
    };
    expect(moved(files)).toEqual({
      'old.ts': 'const b = 2;\nexport { b };\n',
      'new.ts': 'export const A = 1;\n',
      'use.ts': "import { A } from './new.ts';\n\nexport const a = A;\n",
    });
  });
});

describe('what is refused', () => {
  const rest = '\nexport const b = 1;\n';
  const effect = 'declare const log: string[];\nlog.push("loaded");\nexport const on = true;\n';
  const cases: readonly (readonly [title: string, code: string, files: Files, wanted?: Partial<MoveDeclarationsOptions>])[] = [
    ['an unknown name', 'REFIT_MOVE_UNKNOWN', { 'old.ts': `export const AA = 1;${rest}` }],
    ['the same module', 'REFIT_MOVE_SAME', { 'old.ts': `export const A = 1;${rest}` }, { to: 'old.ts' }],
    ['everything there is', 'REFIT_MOVE_ALL', { 'old.ts': 'export const A = 1;\n' }],
    [
      'a variable that staying code writes',
      'REFIT_MOVE_STATE',
      { 'old.ts': 'export let A = 1;\nexport const set = (): void => {\n  A = 2;\n};\n' },
    ],
    [
      'a variable that moved code writes',
      'REFIT_MOVE_STATE',
      { 'old.ts': 'export let n = 1;\nexport const A = (): void => {\n  n += 1;\n};\n' },
    ],
    [
      'state that both sides use',
      'REFIT_MOVE_STATE',
      { 'old.ts': 'let n = 1;\nexport const A = (): number => n;\nexport const b = (): void => {\n  n += 1;\n};\n' },
    ],
    ['one statement for two', 'REFIT_MOVE_SHARED', { 'old.ts': 'export const A = 1,\n  b = 2;\n' }],
    [
      'an initialiser that does something',
      'REFIT_MOVE_EFFECT',
      { 'old.ts': `const make = (): number => 1;\nexport const A = make();${rest}` },
    ],
    [
      'a static block',
      'REFIT_MOVE_EFFECT',
      { 'old.ts': `export class A {\n  static n = 0;\n  static {\n    A.n = 1;\n  }\n}${rest}` },
    ],
    [
      'a decorated class',
      'REFIT_MOVE_EFFECT',
      { 'old.ts': `const mark = (_: unknown, __: unknown): void => undefined;\n@mark\nexport class A {}${rest}` },
    ],
    [
      'a base class that is computed',
      'REFIT_MOVE_EFFECT',
      { 'old.ts': `const mix = (): (new () => object) => Object;\nexport class A extends mix() {}${rest}` },
    ],
    ['the path of the module', 'REFIT_MOVE_OWN_PATH', { 'old.ts': `export const A = (): object => import.meta;${rest}` }],
    [
      'a relative dynamic import',
      'REFIT_MOVE_OWN_PATH',
      { 'x.ts': 'export const x = 1;\n', 'old.ts': `export const A = async (): Promise<unknown> => import('./x.ts');${rest}` },
      { to: 'deep/new.ts' },
    ],
    ['a default export', 'REFIT_MOVE_DEFAULT', { 'old.ts': `export default class A {}${rest}` }],
    ['an export under another name', 'REFIT_MOVE_EXPORT_ALIAS', { 'old.ts': `const A = 1;\nexport { A as a };${rest}` }],
    ['a directive', 'REFIT_MOVE_DIRECTIVE', { 'old.ts': `'use client';\nexport const A = 1;${rest}` }],
    [
      'a name the target has',
      'REFIT_MOVE_NAME_TAKEN',
      { 'old.ts': `export const A = 1;${rest}`, 'new.ts': 'const A = 2;\nexport const c = A;\n' },
    ],
    [
      'an import the target has another of',
      'REFIT_MOVE_NAME_TAKEN',
      {
        'x.ts': 'export const x = 1;\n',
        'old.ts': `import { x } from './x.ts';\nexport const A = x;${rest}`,
        'new.ts': 'const x = 2;\nexport const c = x;\n',
      },
    ],
    [
      'modules that would load each other',
      'REFIT_MOVE_CYCLE',
      { 'old.ts': 'export class A extends Object {\n  b = b;\n}\nexport const b = 1;\nexport const c = (): A => new A();\n' },
    ],
    [
      'a mocked module',
      'REFIT_MOVE_MOCKED',
      {
        'old.ts': `export const A = 1;${rest}`,
        'old.test.ts': "declare const vi: { mock(path: string): void };\nvi.mock('./old.ts');\nexport {};\n",
      },
    ],
    [
      'a dynamic import of the module',
      'REFIT_MOVE_DYNAMIC',
      {
        'old.ts': `export const A = 1;${rest}`,
        'use.ts': "export const load = async (): Promise<unknown> => import('./old.ts');\n",
      },
    ],
    [
      'an import type of the module',
      'REFIT_MOVE_DYNAMIC',
      { 'old.ts': `export type A = 1;${rest}`, 'use.ts': "export type U = import('./old.ts').A;\n" },
    ],
    [
      'an entry of the package',
      'REFIT_MOVE_ENTRY',
      { 'old.ts': `export const A = 1;${rest}`, 'package.json': '{ "name": "p", "exports": { ".": "./old.ts" } }' },
    ],
    [
      'an importer that would not load an effect any more',
      'REFIT_MOVE_LOAD_ORDER',
      {
        'effect.ts': effect,
        'old.ts': `import { on } from './effect.ts';\nexport const A = 1;\nexport const b = on;\n`,
        'use.ts': "import { A } from './old.ts';\nexport const a = A;\n",
      },
    ],
    [
      'a value that is read while modules set themselves up',
      'REFIT_MOVE_LOAD_ORDER',
      {
        'effect.ts': effect,
        'table.ts': 'export const table: Record<string, number> = {};\n',
        'old.ts':
          "import './effect.ts';\nimport { table } from './table.ts';\nexport const A = table['a'];\nexport const b = 1;\n",
      },
    ],
    ['a namespace', 'REFIT_MOVE_EFFECT', { 'old.ts': `export namespace A {\n  export const x = 1;\n}${rest}` }],
    [
      'a re-export of the whole',
      'REFIT_MOVE_NAMESPACE_IMPORT',
      { 'old.ts': `export const A = 1;${rest}`, 'all.ts': "export * as all from './old.ts';\n" },
    ],
  ];

  it.each(cases.map(([title, code, files, wanted]) => ({ title, code, files, wanted })))('$title', ({ code, files, wanted }) => {
    expect(refusal(files, wanted)).toBe(code);
  });

  it('says which name was meant', () => {
    expect(() => run({ 'old.ts': 'export const Alpha = 1;\nexport const b = 1;\n' }, { symbols: ['Alpa'] })).toThrow(
      /declares no Alpa at its top level. Did you mean Alpha\?/,
    );
  });
});

it('keeps the order in which modules with effects are loaded', () => {
  const files = {
    'one.ts': 'declare const log: string[];\nlog.push("one");\nexport const one = 1;\n',
    'two.ts': 'declare const log: string[];\nlog.push("two");\nexport const two = 2;\n',
    'old.ts':
      "import { one } from './one.ts';\nimport { two } from './two.ts';\n\nexport const A = (): number => two;\nexport const b = (): number => one + A();\n",
  };
  // `new.ts` sorts before `one.ts`, so loading it there would load `two.ts` first.
  expect(refusal(files)).toBe('REFIT_MOVE_LOAD_ORDER');
  expect(moved(files, { to: 'zoo.ts' })['zoo.ts']).toBe(
    "import { two } from './two.ts';\n\nexport const A = (): number => two;\n",
  );
});

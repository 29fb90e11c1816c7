// How each form of import and re-export follows names that leave their module.
import { beforeAll, describe, expect, it } from 'vitest';
import { importerChanges, type Leaving } from '../../../codemods/analysis/moved-imports.ts';
import { Workspace } from '../../../codemods/kernel/workspace.ts';

interface Followed {
  /** The importer's text after the edits; undefined when nothing about it changes. */
  readonly text: string | undefined;
  /** Names that are to be imported from the new module, as `name as alias`, types marked. */
  readonly requests: readonly string[];
}

let workspace: Workspace;
beforeAll(() => {
  workspace = Workspace.inMemory({ 'old.ts': old, 'new.ts': 'export const C = 1;\n', 'user.ts': '' });
});

const old = 'export class A {} export class B {} export type T = string; export default A;';

/** `A` and the type `T` leave `old.ts` for `new.ts`, and one file looks at them. */
function follow(text: string, wanted: Partial<Leaving> & { readonly into?: string } = {}): Followed {
  const { into = 'user.ts', ...leaving } = wanted;
  workspace.setText('user.ts', into === 'user.ts' ? text : '');
  workspace.setText('new.ts', into === 'new.ts' ? text : 'export const C = 1;\n');
  const changes = importerChanges({
    workspace,
    from: workspace.absolute('old.ts'),
    to: workspace.absolute('new.ts'),
    names: new Map([
      ['A', false],
      ['T', true],
    ]),
    alone: true,
    oldExports: true,
    ...leaving,
  });
  expect(changes.length).toBeLessThan(2);
  const [change] = changes;
  if (change === undefined) return { text: undefined, requests: [] };
  const edited = change.edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((all, { start, end, text: by }) => all.slice(0, start) + by + all.slice(end), text);
  const requests = change.requests.map(
    ({ name, alias, typeOnly }) => `${typeOnly ? 'type ' : ''}${name}${alias === undefined ? '' : ` as ${alias}`}`,
  );
  return { text: edited, requests };
}

describe('an import', () => {
  it.each<[what: string, before: string, after: string, requests?: readonly string[]]>([
    ['of what leaves names the new module', "import { A } from './old.js';\n", "import { A } from './new.js';\n"],
    ['keeps its alias', "import { A as First, type T } from './old.js'\n", "import { A as First, type T } from './new.js'\n"],
    ['of types stays one', 'import type { T } from "./old.js";\n', 'import type { T } from "./new.js";\n'],
    ['is split where something stays', "import { A, B } from './old.js';\n", "import { B } from './old.js';\n", ['A']],
    [
      'keeps its default',
      "import Old, { A, type T as Text } from './old.js';\n",
      "import Old from './old.js';\n",
      ['A', 'type T as Text'],
    ],
    [
      'keeps the comments in it',
      "import { A /* one */, B /* two */ } from './old.js';\n",
      "import { /* one */ B /* two */ } from './old.js';\n",
      ['A'],
    ],
    [
      'keeps the comments in it, with a comma that follows at once',
      "import { B, A, /* none */ } from './old.js';\n",
      "import { B,  /* none */ } from './old.js';\n",
      ['A'],
    ],
    [
      'joins the one of the new module',
      "import { A } from './old.js';\nimport { C } from './new.js';\n",
      "import { C } from './new.js';\n",
      ['A'],
    ],
    [
      'does not join one of the whole new module',
      "import { A } from './old.js';\nimport * as all from './new.js';\n",
      "import { A } from './new.js';\nimport * as all from './new.js';\n",
    ],
  ])('%s', (_, before, after, requests = []) => {
    expect(follow(before)).toEqual({ text: after, requests });
  });

  it.each([
    ['of other names', "import { B } from './old.js';"],
    ['of the default', "import Old from './old.js';"],
    ['for its effects', "import './old.js';"],
    ['of another module', "import { A } from './other.js';"],
    ['of the namespace, of which only others are used', "import * as old from './old.js'; new old.B();"],
  ])('%s stays as it is', (_, text) => {
    expect(follow(text)).toEqual({ text: undefined, requests: [] });
  });

  it.each([
    ['a value of it that leaves', "import * as old from './old.js'; new old.A();"],
    ['a type of it that leaves', "import * as old from './old.js'; let text: old.T;"],
    ['all of it', "import * as old from './old.js'; console.log(old);"],
    ['a name that is computed', "import * as old from './old.js'; old['A'];"],
  ])('of the namespace is refused where the file uses %s', (_, text) => {
    expect(() => follow(text)).toThrow(
      expect.objectContaining({ code: 'REFIT_MOVE_NAMESPACE_IMPORT', place: { path: workspace.absolute('user.ts'), line: 1 } }),
    );
  });

  it('in the new module goes, and is refused under another name', () => {
    expect(follow("import { A, B } from './old.js';\n", { into: 'new.ts' })).toEqual({
      text: "import { B } from './old.js';\n",
      requests: [],
    });
    expect(follow("import { A } from './old.js';\nnew A();\n", { into: 'new.ts' })).toEqual({ text: 'new A();\n', requests: [] });
    expect(() => follow("import { A as First } from './old.js';\n", { into: 'new.ts' })).toThrow(
      expect.objectContaining({ code: 'REFIT_MOVE_NAME_TAKEN' }),
    );
  });
});

describe('a re-export', () => {
  it.each<[what: string, before: string, after: string, wanted?: Partial<Leaving>]>([
    [
      'of what leaves names the new module',
      "export { A as First } from './old.js';\n",
      "export { A as First } from './new.js';\n",
    ],
    [
      'is split where something stays',
      "export { A, B } from './old.js';\n",
      "export { B } from './old.js';\nexport { A } from './new.js';\n",
    ],
    [
      'of everything is joined by one of the new module',
      "export * from './old.js'\n",
      "export * from './old.js'\nexport * from './new.js'\n",
    ],
    [
      'of all types is joined by one of types',
      "export type * from './old.js';\n",
      "export type * from './old.js';\nexport type * from './new.js';\n",
    ],
    [
      'of everything names what leaves, where the new module has more',
      "export * from './old.js';\n",
      "export * from './old.js';\nexport { A, type T } from './new.js';\n",
      { alone: false },
    ],
    [
      'of everything changes its module, where the old one is empty',
      "export * from './old.js';\n",
      "export * from './new.js';\n",
      { oldExports: false },
    ],
    [
      'of everything becomes names, where the old module is empty and the new one has more',
      "export * from './old.js';\n",
      "export { A, type T } from './new.js';\n",
      { oldExports: false, alone: false },
    ],
  ])('%s', (_, before, after, wanted) => {
    expect(follow(before, wanted)).toEqual({ text: after, requests: [] });
  });

  it('of other names stays as it is', () => {
    expect(follow("export { B } from './old.js';\n").text).toBeUndefined();
  });

  it('of the module as one name is refused', () => {
    expect(() => follow("export * as old from './old.js';\n")).toThrow(
      expect.objectContaining({ code: 'REFIT_MOVE_NAMESPACE_IMPORT' }),
    );
  });

  it.each<[what: string, before: string, after: string | undefined, wanted?: Partial<Leaving>]>([
    ['goes', "export { A } from './old.js';\nexport const c = 1;\n", 'export const c = 1;\n'],
    ['keeps what stays', "export { A, B } from './old.js';\n", "export { B } from './old.js';\n"],
    ['of everything stays', "export * from './old.js';\n", undefined],
    [
      'of everything goes with the last name',
      "export * from './old.js';\r\nexport const c = 1;\n",
      'export const c = 1;\n',
      { oldExports: false },
    ],
  ])('in the new module %s', (_, before, after, wanted) => {
    expect(follow(before, { into: 'new.ts', ...wanted })).toEqual({ text: after, requests: [] });
  });

  it('in the new module is refused under another name', () => {
    expect(() => follow("export { A as First } from './old.js';\n", { into: 'new.ts' })).toThrow(
      expect.objectContaining({ code: 'REFIT_MOVE_EXPORT_ALIAS', message: expect.stringContaining('A under another name') }),
    );
  });
});

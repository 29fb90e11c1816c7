// The imports of a file after its edits: added in order, merged, made values, removed, and otherwise left alone.
import { describe, expect, it } from 'vitest';
import type { ImportRequest } from '../../../codemods/kernel/proposal.ts';
import type { Workspace } from '../../../codemods/kernel/workspace.ts';
import { apply } from './propose-and-apply.ts';
import { borrowedWorkspace } from '../borrowed-workspace.ts';

const modules = {
  'lib/deep.ts':
    'export interface Deep { a: number }\nexport const deep = 1;\nexport const other = 2;\nexport class Thing {}\nexport default 3;\n',
  'near.ts': 'export const near = 1;\nexport interface Near { b: string }\n',
  'effects.ts': "console.log('loaded');\nexport const e = 1;\nexport interface E { c: number }\n",
  'through.ts': "import { e } from './effects.ts';\nexport const t = (): number => e;\n",
};

type Request = Omit<ImportRequest, 'into' | 'from' | 'typeOnly'> & { readonly from: string; readonly typeOnly?: boolean };

/** The text of `src/main.ts` after the requests, and after `old` was replaced by `put`. */
function after(
  source: string,
  requests: readonly Request[],
  change?: { readonly old: string; readonly put: string },
): string | undefined {
  const workspace = workspaceOf(source);
  const into = workspace.absolute('src/main.ts');
  apply(workspace, (out) => {
    if (change !== undefined) {
      const start = source.lastIndexOf(change.old);
      out.edit(into, [start, start + change.old.length], change.put);
    }
    for (const { name, from, typeOnly } of requests) {
      out.needImport({
        into,
        name,
        from: /^(?:node:|pkg)/.test(from) ? from : workspace.absolute(`src/${from}`),
        typeOnly: typeOnly === true,
      });
    }
  });
  return workspace.textOf(into);
}

function workspaceOf(source: string): Workspace {
  const files = Object.fromEntries(Object.entries(modules).map(([path, text]) => [`src/${path}`, text]));
  return borrowedWorkspace({ ...files, 'src/main.ts': source });
}

describe('a name that is needed', () => {
  it('joins the import of its module, in order', () => {
    const text = "import { deep, Thing } from './lib/deep.ts';\nexport const x = [deep, Thing];\n";
    expect(after(text, [{ name: 'other', from: 'lib/deep.ts' }])).toBe(
      "import { deep, other, Thing } from './lib/deep.ts';\nexport const x = [deep, Thing];\n",
    );
  });

  it('changes nothing when it is imported already', () => {
    const text = "import {deep} from './lib/deep.ts'\nexport const x = deep;\n";
    expect(after(text, [{ name: 'deep', from: 'lib/deep.ts' }])).toBe(text);
    expect(after(text, [{ name: 'deep', from: 'lib/deep.ts', typeOnly: true }])).toBe(text);
  });

  it('keeps quotes, the missing semicolon and aliases of the import it joins', () => {
    const text = 'import { deep as d } from "./lib/deep.ts"\nexport const x = d;\n';
    expect(after(text, [{ name: 'other', from: 'lib/deep.ts' }])).toBe(
      'import { deep as d, other } from "./lib/deep.ts"\nexport const x = d;\n',
    );
  });

  it('becomes a value where it was a type', () => {
    const text = "import type { Deep, Thing } from './lib/deep.ts';\nexport type X = Deep | Thing;\n";
    expect(after(text, [{ name: 'Thing', from: 'lib/deep.ts' }])).toBe(
      "import { type Deep, Thing } from './lib/deep.ts';\nexport type X = Deep | Thing;\n",
    );
  });

  it('moves from the types to the values when its module has an import of each', () => {
    const text =
      "import type { Deep, Thing } from './lib/deep.ts';\nimport { deep } from './lib/deep.ts';\nexport const x: Deep | Thing = { a: deep };\n";
    expect(after(text, [{ name: 'Thing', from: 'lib/deep.ts' }])).toBe(
      "import type { Deep } from './lib/deep.ts';\nimport { deep, Thing } from './lib/deep.ts';\nexport const x: Deep | Thing = { a: deep };\n",
    );
  });

  it('is a type among types, and marked as one among values', () => {
    const types = "import type { Thing } from './lib/deep.ts';\nexport type X = Thing;\n";
    const values = "import { deep } from './lib/deep.ts';\nexport const x = deep;\n";
    const request = [{ name: 'Deep', from: 'lib/deep.ts', typeOnly: true }];
    expect(after(types, request)).toBe("import type { Deep, Thing } from './lib/deep.ts';\nexport type X = Thing;\n");
    expect(after(values, request)).toBe("import { deep, type Deep } from './lib/deep.ts';\nexport const x = deep;\n");
  });

  it('joins a default import, but neither a namespace nor a default type', () => {
    const request = [{ name: 'deep', from: 'lib/deep.ts' }];
    expect(after("import d from './lib/deep.ts';\nexport const x = d;\n", request)).toContain(
      "import d, { deep } from './lib/deep.ts';\n",
    );
    expect(after("import * as d from './lib/deep.ts';\nexport const x = d;\n", request)).toBe(
      "import * as d from './lib/deep.ts';\nimport { deep } from './lib/deep.ts';\nexport const x = d;\n",
    );
    expect(after("import type d from './lib/deep.ts';\nexport type x = typeof d;\n", request)).toBe(
      "import type d from './lib/deep.ts';\nimport { deep } from './lib/deep.ts';\nexport type x = typeof d;\n",
    );
  });

  it('goes on lines of its own when the line grows too long', () => {
    const names = Array.from({ length: 12 }, (_, at) => `someLongName${String(at)}`);
    const text = `import { ${names.slice(1).join(', ')} } from './near.ts';\nexport const x = [${names.slice(1).join(', ')}];\n`;
    const result = after(text, [{ name: names[0] ?? '', from: 'near.ts' }]);
    expect(result).toMatch(
      /^import \{\n {2}someLongName0,\n {2}someLongName1,\n(?: {2}someLongName\d+,\n)+\} from '\.\/near\.ts';\n/,
    );
  });

  it('is not imported into the module that declares it', () => {
    const workspace = workspaceOf('export {};\n');
    const path = workspace.absolute('src/near.ts');
    apply(workspace, (out) => out.needImport({ into: path, name: 'near', from: path, typeOnly: false }));
    expect(workspace.textOf(path)).toBe(modules['near.ts']);
  });

  it('is refused when the file has another thing of that name', () => {
    const refused = expect.objectContaining({ code: 'REFIT_IMPORT_NAME_TAKEN' });
    expect(() => after('const near = 5;\nexport const x = near;\n', [{ name: 'near', from: 'near.ts' }])).toThrow(refused);
    expect(() =>
      after("import { deep as near } from './lib/deep.ts';\nexport const x = near;\n", [{ name: 'near', from: 'near.ts' }]),
    ).toThrow(refused);
  });
});

describe('a new import stands', () => {
  const request = (from: string): readonly Request[] => [{ name: 'near', from }];

  it('after node modules and packages, the far ones before the near ones', () => {
    const text =
      "import fs from 'node:fs';\nimport x from 'pkg';\nimport { y } from './zebra.ts';\nexport const z = [fs, x, y];\n";
    const at = (from: string): number | undefined =>
      after(text, request(from))
        ?.split('\n')
        .findIndex((line) => line.includes('near'));
    expect([at('node:path'), at('pkg-a'), at('near.ts'), at('../up.ts')]).toEqual([1, 2, 2, 2]);
  });

  it.each([
    ['on top of a file without imports', 'export const a = 1;\n', "import { near } from './near.ts';\n\nexport const a = 1;\n"],
    ['in an empty file', '', "import { near } from './near.ts';\n\n"],
    [
      'below the comment of the file',
      '// What it is.\n\nexport const a = 1;\n',
      "// What it is.\n\nimport { near } from './near.ts';\n\nexport const a = 1;\n",
    ],
    [
      'above the comment of the first declaration',
      '/** A. */\nexport const a = 1;\n',
      "import { near } from './near.ts';\n\n/** A. */\nexport const a = 1;\n",
    ],
    [
      'below a shebang',
      '#!/usr/bin/env node\nexport const a = 1;\n',
      "#!/usr/bin/env node\nimport { near } from './near.ts';\n\nexport const a = 1;\n",
    ],
    [
      'below directives',
      "'use strict';\nexport const a = 1;\n",
      "'use strict';\nimport { near } from './near.ts';\nexport const a = 1;\n",
    ],
    [
      'after the comment at the end of the line of the import before it',
      "import { d } from './a.ts'; // for d\nexport const a = d;\n",
      "import { d } from './a.ts'; // for d\nimport { near } from './near.ts';\nexport const a = d;\n",
    ],
    [
      'above a comment that speaks to a tool about the next import',
      "// @ts-expect-error no types\nimport { z } from './z.ts';\nexport const a = z;\n",
      "import { near } from './near.ts';\n// @ts-expect-error no types\nimport { z } from './z.ts';\nexport const a = z;\n",
    ],
    [
      'below the head comment that touches the first import',
      "// What it is.\nimport { z } from './z.ts';\nexport const a = z;\n",
      "// What it is.\nimport { near } from './near.ts';\nimport { z } from './z.ts';\nexport const a = z;\n",
    ],
    [
      'with the newlines of the file',
      "import { d } from './a.ts';\r\nexport const a = d;\r\n",
      "import { d } from './a.ts';\r\nimport { near } from './near.ts';\r\nexport const a = d;\r\n",
    ],
  ])('%s', (_, before, expected) => {
    expect(after(before, request('near.ts'))).toBe(expected);
  });

  it('in the extension style of the file', () => {
    expect(after("import { d } from './a.js';\nexport const a = d;\n", request('near.ts'))).toContain("from './near.js'");
    expect(after("import { d } from './a';\nexport const a = d;\n", request('near.ts'))).toContain("from './near'");
  });

  it('together with others, in order, one blank line below them', () => {
    expect(
      after('export const a = 1;\n', [
        ...request('near.ts'),
        { name: 'deep', from: 'lib/deep.ts' },
        { name: 'join', from: 'node:path' },
      ]),
    ).toBe(
      "import { join } from 'node:path';\nimport { deep } from './lib/deep.ts';\nimport { near } from './near.ts';\n\nexport const a = 1;\n",
    );
  });
});

describe('an import that the edits made useless', () => {
  it('loses the name, and goes when no name is left', () => {
    const text =
      "import { deep, other } from './lib/deep.ts';\nimport { near } from './near.ts';\n\nexport const x = [other, deep, near];\n";
    expect(after(text, [], { old: 'deep, near', put: '1' })).toBe(
      "import { other } from './lib/deep.ts';\n\nexport const x = [other, 1];\n",
    );
  });

  it('leaves no blank line on top of the file, and one between comment and code', () => {
    expect(after("import { near } from './near.ts';\n\nexport const x = near;\n", [], { old: 'near', put: '1' })).toBe(
      'export const x = 1;\n',
    );
    const text =
      "// Head.\n\nimport { near } from './near.ts';\nimport { deep } from './lib/deep.ts';\n\nexport const x = near + deep;\n";
    expect(after(text, [], { old: 'near + deep', put: '1' })).toBe('// Head.\n\nexport const x = 1;\n');
  });

  it('is replaced in place when another is needed at the same time', () => {
    const text = "// Head.\n\nimport { near } from './near.ts';\n\nexport const x = near;\n";
    expect(after(text, [{ name: 'deep', from: 'lib/deep.ts' }], { old: 'near', put: 'deep' })).toBe(
      "// Head.\n\nimport { deep } from './lib/deep.ts';\n\nexport const x = deep;\n",
    );
  });

  it('stays when it was useless before: that is not the business of the edit', () => {
    const text = "import { near } from './near.ts';\nexport const x = 1 + 1;\n";
    expect(after(text, [], { old: '1 + 1', put: '2' })).toBe("import { near } from './near.ts';\nexport const x = 2;\n");
  });

  it('is not held by a member, a key or a label of the same name', () => {
    const text = "import { near } from './near.ts';\nexport const x = { near: 1, y: near };\nexport const z = x.near;\n";
    expect(after(text, [], { old: 'y: near', put: 'y: 2' })).toBe(
      'export const x = { near: 1, y: 2 };\nexport const z = x.near;\n',
    );
  });

  it('is not held by a local variable that hides it', () => {
    const text = "import { near } from './near.ts';\nexport const f = (near: number) => near;\nexport const y = near;\n";
    expect(after(text, [], { old: 'y = near', put: 'y = 2' })).toBe(
      'export const f = (near: number) => near;\nexport const y = 2;\n',
    );
  });

  it('is held by an export list, a type, a shorthand property', () => {
    for (const use of ['export { near };', 'export type T = typeof near;', 'export const o = { near };']) {
      const text = `import { near } from './near.ts';\n${use}\nexport const y = 1 + near;\n`;
      expect(after(text, [], { old: '1 + near', put: '2' })).toContain('import { near }');
    }
  });

  it('keeps the comments between the names that stay', () => {
    const text =
      "import {\n  deep, // the deep one\n  other, // the other\n} from './lib/deep.ts';\nexport const x = [deep, other];\n";
    expect(after(text, [], { old: ', other]', put: ']' })).toBe(
      "import {\n  deep, // the deep one\n  // the other\n} from './lib/deep.ts';\nexport const x = [deep];\n",
    );
  });

  it('keeps what it does while it loads', () => {
    const text = "import { e } from './effects.ts';\nexport const x = e;\n";
    expect(after(text, [], { old: '= e', put: '= 1' })).toBe("import './effects.ts';\nexport const x = 1;\n");
  });

  it('keeps what the modules below it do while they load, unless another import loads them too', () => {
    const text = "import { t } from './through.ts';\nexport const x = t();\n";
    expect(after(text, [], { old: 't()', put: '1' })).toBe("import './through.ts';\nexport const x = 1;\n");
    const both = "import { e } from './effects.ts';\nimport { t } from './through.ts';\nexport const x = e + t();\n";
    expect(after(both, [], { old: ' + t()', put: '' })).toBe("import { e } from './effects.ts';\nexport const x = e;\n");
  });

  it('goes although its module does something, when only a type was imported: that never loaded it', () => {
    const text = "import { E } from './effects.ts';\nexport const x: E = { c: 1 };\n";
    expect(after(text, [], { old: ': E', put: '' })).toBe('export const x = { c: 1 };\n');
  });

  it('keeps loading its module when only types are left in it', () => {
    const text = "import { e, type E } from './effects.ts';\nexport const x: E = { c: e };\n";
    expect(after(text, [], { old: 'c: e', put: 'c: 1' })).toBe(
      "import './effects.ts';\nimport type { E } from './effects.ts';\nexport const x: E = { c: 1 };\n",
    );
  });

  it('is never touched when it has no names', () => {
    const text = "import './effects.ts';\nimport { near } from './near.ts';\nexport const x = near;\n";
    expect(after(text, [], { old: '= near', put: '= 1' })).toBe("import './effects.ts';\nexport const x = 1;\n");
  });
});

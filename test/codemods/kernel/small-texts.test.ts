// Small pure parts of the kernel: printed imports and their order, module specifiers, nearest names, positions, indentation.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reindent } from '../../../codemods/kernel/indent.ts';
import { specifierFor } from '../../../codemods/kernel/module-specifier.ts';
import { nearestOf } from '../../../codemods/kernel/nearest.ts';
import { printImport, sortsBefore } from '../../../codemods/kernel/print-import.ts';
import { indentAt, lineAt, lineStart, newlineOf, nextLineStart, withNewline } from '../../../codemods/kernel/text-positions.ts';
import { Workspace } from '../../../codemods/kernel/workspace.ts';

describe('printImport', () => {
  const base = { specifier: './a.ts', quote: "'", semicolon: true, width: 80, sort: false, named: [] };
  const name = (text: string, typeOnly = false): { name: string; alias: undefined; typeOnly: boolean } => ({
    name: text,
    alias: undefined,
    typeOnly,
  });

  it.each([
    [{ defaultName: 'a' }, "import a from './a.ts';"],
    [{ namespaceName: 'a' }, "import * as a from './a.ts';"],
    [{ namespaceName: 'a', typeOnly: true }, "import type * as a from './a.ts';"],
    [{ named: [name('b'), name('a')] }, "import { b, a } from './a.ts';"],
    [{ named: [name('b'), name('a')], sort: true }, "import { a, b } from './a.ts';"],
    [{ named: [name('b', true), name('a', true)] }, "import type { b, a } from './a.ts';"],
    [{ named: [name('b', true), name('a')] }, "import { type b, a } from './a.ts';"],
    [{ defaultName: 'd', named: [name('b', true)] }, "import d, { type b } from './a.ts';"],
    [{ named: [{ ...name('a'), alias: 'b' }], quote: '"', semicolon: false }, 'import { a as b } from "./a.ts"'],
    [{ named: [name('aaaaaaaaaaaa'), name('b')], width: 30 }, "import {\n  aaaaaaaaaaaa,\n  b,\n} from './a.ts';"],
  ])('prints %j', (text, expected) => {
    expect(printImport({ ...base, ...text })).toBe(expected);
  });
});

describe('sortsBefore', () => {
  const specifiers = fc.constantFrom(
    'node:fs',
    'node:path',
    'pkg',
    '@scope/pkg',
    '../../a.ts',
    '../b.ts',
    './a.ts',
    './B.ts',
    './folder/c.ts',
  );

  it('orders node modules, packages, then folders from far to near', () => {
    const mixed = ['./b.ts', '../a.ts', 'pkg', 'node:fs', '../../z.ts', './A.ts'];
    expect(mixed.toSorted((a, b) => (sortsBefore(a, b) ? -1 : 1))).toEqual([
      'node:fs',
      'pkg',
      '../../z.ts',
      '../a.ts',
      './A.ts',
      './b.ts',
    ]);
  });

  it('is a strict order', () => {
    fc.assert(
      fc.property(specifiers, specifiers, specifiers, (a, b, c) => {
        expect(sortsBefore(a, a)).toBe(false);
        expect(a === b || sortsBefore(a, b) !== sortsBefore(b, a)).toBe(true);
        expect(!(sortsBefore(a, b) && sortsBefore(b, c)) || sortsBefore(a, c)).toBe(true);
      }),
    );
  });
});

describe('specifierFor', () => {
  it.each([
    ['.ts', "import { b } from './b.ts';", './folder/c.ts'],
    ['.js', "import { b } from './b.js';", './folder/c.js'],
    ['no extension', "import { b } from './b';", './folder/c'],
  ])('follows the style of the file: %s', (_, text, expected) => {
    const workspace = Workspace.inMemory({ 'a.ts': text, 'b.ts': 'export const b = 1;', 'folder/c.ts': '' });
    expect(specifierFor(workspace, 'a.ts', workspace.absolute('folder/c.ts'))).toBe(expected);
  });

  it('takes the style of another file when the file has none, and `.js` when none has', () => {
    const styled = Workspace.inMemory({ 'a.ts': '', 'b.ts': "import './c.ts';", 'c.ts': '' });
    expect(specifierFor(styled, 'a.ts', styled.absolute('c.ts'))).toBe('./c.ts');
    const bare = Workspace.inMemory({ 'x/a.ts': '', 'c.ts': '', 'm.mts': '' });
    expect(specifierFor(bare, 'x/a.ts', bare.absolute('c.ts'))).toBe('../c.js');
    expect(specifierFor(bare, 'x/a.ts', bare.absolute('m.mts'))).toBe('../m.mjs');
  });

  it('leaves packages alone', () => {
    expect(specifierFor(Workspace.inMemory({ 'a.ts': '' }), 'a.ts', '@scope/pkg/part')).toBe('@scope/pkg/part');
  });
});

describe('nearestOf', () => {
  it('finds the name with the fewest slips, and none that is nothing like it', () => {
    expect(nearestOf('markStepEnqeued', ['markTask', 'markStepEnqueued', 'x'])).toBe('markStepEnqueued');
    expect(nearestOf('STATE', ['state', 'stat'])).toBe('state');
    expect(nearestOf('abc', ['xyz'])).toBeUndefined();
    expect(nearestOf('abc', [])).toBeUndefined();
  });
});

describe('positions', () => {
  const texts = fc.array(fc.constantFrom('a', ' ', '\n'), { maxLength: 20 }).map((parts) => parts.join(''));

  it('the line of an offset counts the newlines before it', () => {
    fc.assert(
      fc.property(texts, fc.nat(20), (text, at) => {
        const offset = Math.min(at, text.length);
        expect(lineAt(text, offset)).toBe(text.slice(0, offset).split('\n').length);
        expect(text.slice(lineStart(text, offset), offset)).not.toContain('\n');
        expect(text.slice(offset, nextLineStart(text, offset)).replace(/\n$/, '')).not.toContain('\n');
      }),
    );
  });

  it('know the indentation of a line and the newline of a file', () => {
    expect(indentAt('a\n \t b', 5)).toBe(' \t ');
    expect(newlineOf('a\r\nb\r\nc\n')).toBe('\r\n');
    expect(newlineOf('a\r\nb\nc\n')).toBe('\n');
    expect(newlineOf('')).toBe('\n');
    expect(withNewline('a\r\nb\nc', '\r\n')).toBe('a\r\nb\r\nc');
  });
});

describe('reindent', () => {
  it('moves the lines below the first, and keeps blank lines and what is deeper', () => {
    expect(reindent('if (a) {\n      b;\n\n        c;\n    }', '  ')).toBe('if (a) {\n    b;\n\n      c;\n  }');
  });

  it('leaves the inside of templates alone, for its blanks are data', () => {
    const code = 'const x = `a\n      b ${c}\n   d`;\n    y();';
    expect(reindent(code, '')).toBe('const x = `a\n      b ${c}\n   d`;\ny();');
  });

  it('there and back is the same', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a();', 'if (b) {', '}', ''), { minLength: 1, maxLength: 6 }), (lines) => {
        const code = lines.map((line, at) => (at === 0 || line === '' ? line : `    ${line}`)).join('\n');
        expect(reindent(reindent(code, '  ', '    '), '    ', '  ')).toBe(code);
      }),
    );
  });
});

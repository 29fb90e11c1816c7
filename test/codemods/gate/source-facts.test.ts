// What is counted in a text itself: code lines, statements, functions, inline tests, and a hash that ignores what tools change.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textFacts } from '../../../codemods/gate/source-facts.ts';

const facts = (text: string) => textFacts('src/a.ts', text);

describe('textFacts', () => {
  it('counts neither blanks nor comments as code, wherever they stand', () => {
    const text = [
      '// head',
      '',
      '/** A doc.',
      ' * more */',
      'export function a(): void {',
      '  // only a comment',
      '',
      '}',
      'const slashes = /\\/\\*/; // not a comment begins in the expression',
      'const text = `',
      '',
      '// within a template`;',
      'export const used = [slashes, text];',
    ];
    expect(facts(`${text.join('\n')}\n`)).toMatchObject({ lines: 13, codeLines: 7 });
  });

  it.each([
    ['export interface A {\n  readonly b: number;\n}\nexport type B = A;\n', []],
    ["import { a } from './a.ts';\nexport { a };\nexport const b = a;\n", [3]],
    [
      'export function a(b: boolean): number {\n  if (b) return 1;\n  for (;;) {\n    break;\n  }\n  return 2;\n}\n',
      [2, 3, 4, 6],
    ],
    ['declare const a: number;\nlet b;\nexport const c = 1;\n', [3]],
  ])('knows the lines on which statements run: %j', (text, lines) => {
    expect(facts(text).statementLines).toEqual(lines);
  });

  it('names functions, methods, arrows and constructors, with their length', () => {
    const text = [
      'export function first() {',
      '  return 1;',
      '}',
      'export const second = () => 2;',
      'export class Third {',
      '  constructor(readonly a: number) {}',
      '  fourth() {',
      '    return [this.a].map((each) => each);',
      '  }',
      '}',
      'export const fifth = { sixth: () => 6 };',
    ];
    expect(facts(text.join('\n')).functions).toEqual([
      { name: 'first', line: 1, lines: 3 },
      { name: 'second', line: 4, lines: 1 },
      { name: 'constructor', line: 6, lines: 1 },
      { name: 'fourth', line: 7, lines: 3 },
      { name: 'function', line: 8, lines: 1 },
      { name: 'sixth', line: 11, lines: 1 },
    ]);
  });

  it('finds inline tests and counts nothing inside of them', () => {
    const found = facts(
      'export const a = 1;\nif (import.meta.vitest) {\n  const { it } = import.meta.vitest;\n  it("a", () => {});\n}\n',
    );
    expect(found.inlineTests).toEqual([{ from: 2, to: 5 }]);
    expect(found.statementLines).toEqual([1]);
    expect(found.functions).toEqual([]);
  });

  it('never has more code lines than lines, nor more statement lines than code lines', () => {
    const line = fc.constantFrom(
      '',
      '  ',
      '// c',
      '/* c',
      '*/',
      'const a = 1;',
      'if (a) b();',
      '`',
      '}',
      '{',
      'f(() => {',
      '});',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const found = facts(lines.join('\n'));
        expect(found.codeLines).toBeLessThanOrEqual(found.lines);
        expect(found.statementLines.length).toBeLessThanOrEqual(found.codeLines);
      }),
    );
  });
});

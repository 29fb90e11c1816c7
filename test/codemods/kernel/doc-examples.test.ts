// The manual in the head comment of a codemod.
import { describe, expect, it } from 'vitest';
import { filesOfFence, readManual } from '../../../codemods/kernel/doc-examples.ts';

const source = `// Codemod: turn-round
//
// Turns things round. More about it,
// on two lines.
//
// with { "name": "a",
//   "deep": { "b": [1] } }
// \`\`\`ts
// const a = 1;
//
// const b = 2;
// \`\`\`
// ->
// \`\`\`ts
// // ---- a.ts
// const b = 2;
// // ---- folder/b.ts
// // a comment
// \`\`\`
//
// Left alone:
//
// \`\`\`ts
// let c;
// \`\`\`
// -> unchanged
// with {"x": true}
// \`\`\`ts
// let d;
// \`\`\`
// -> refused: REFIT_TURN_ROUND
import { x } from './x.ts';
// \`\`\`ts
`;

describe('readManual', () => {
  it('reads name, summary and text', () => {
    const manual = readManual('turn-round.ts', source);
    expect(manual).toMatchObject({ name: 'turn-round', summary: 'Turns things round.' });
    expect(manual.text).toMatch(
      /^Turns things round\. More about it,\non two lines\.\n\nwith \{[\s\S]*-> refused: REFIT_TURN_ROUND$/,
    );
  });

  it('reads the examples: options hold for the next one only, files begin with a line of their own', () => {
    expect(readManual('turn-round.ts', source).examples).toEqual([
      {
        line: 8,
        options: { name: 'a', deep: { b: [1] } },
        before: { 'example.ts': 'const a = 1;\n\nconst b = 2;\n' },
        result: { kind: 'changed', files: { 'a.ts': 'const b = 2;\n', 'folder/b.ts': '// a comment\n' } },
      },
      { line: 23, options: {}, before: { 'example.ts': 'let c;\n' }, result: { kind: 'unchanged' } },
      {
        line: 28,
        options: { x: true },
        before: { 'example.ts': 'let d;\n' },
        result: { kind: 'refused', code: 'REFIT_TURN_ROUND' },
      },
    ]);
  });

  const head = '// Codemod: x\n//\n// Does it.\n//\n';
  it.each([
    ['no name', '// Does it.\n', /^x\.ts:1: the file opens with/],
    ['no sentence', '// Codemod: x\n//\n// ```ts\n// ```\n', /^x\.ts:2: after the name/],
    ['a fence that stays open', `${head}// \`\`\`ts\n// a\n`, /^x\.ts:5: this fence is never closed/],
    ['a fence of another language', `${head}// \`\`\`js\n// a\n// \`\`\`\n`, /^x\.ts:5: expected a fence/],
    ['no arrow', `${head}// \`\`\`ts\n// a\n// \`\`\`\n//\n`, /^x\.ts:8: an example is followed by/],
    ['a refusal without its code', `${head}// \`\`\`ts\n// a\n// \`\`\`\n// -> refused\n`, /^x\.ts:8: an example is followed by/],
    [
      'options that are no JSON',
      `${head}// with { a }\n// \`\`\`ts\n// \`\`\`\n`,
      /^x\.ts:5: the options after `with` are not JSON/,
    ],
  ])('refuses %s, with file and line', (_, text, message) => {
    expect(() => readManual('x.ts', text)).toThrow(
      expect.objectContaining({ code: 'REFIT_MANUAL', message: expect.stringMatching(message) }),
    );
  });
});

describe('filesOfFence', () => {
  it('ends every file with a newline, unless it is empty', () => {
    expect(filesOfFence(['// ---- a.ts', 'x', '', '// ---- b.ts', '// ---- c.ts', 'y'])).toEqual({
      'a.ts': 'x\n\n',
      'b.ts': '',
      'c.ts': 'y\n',
    });
    expect(filesOfFence([])).toEqual({});
  });
});

// Rule: escape hatches.
import { describe, expect, it } from 'vitest';
import { escapeHatchesRule } from '../../../codemods/checks/escape-hatches.ts';
import { findingsFor, messagesOf } from './rule-run.ts';

const at = ['@', 'ts-'].join('');

describe('escape-hatches', () => {
  it.each([
    ['let a: any;', '`any` switches'],
    ['const a = b as any;', '`any` switches'],
    ['type A = Promise<any>;', '`any` switches'],
    ['const a = b!;', '`!` asserts'],
    ['a.b!.c();', '`!` asserts'],
    ['class A { b!: string; }', '`!:` promises'],
    ['export default 1;', 'default export'],
    ['export default function a() {}', 'default export'],
    ['export default class A {}', 'default export'],
    ['const a = 1; export { a as default };', 'default export'],
    [`// ${at}ignore`, 'hides every error'],
    [`/* ${at}nocheck */`, 'hides every error'],
    [`// ${at}expect-error`, 'without a reason'],
    ['// oxlint-disable-next-line no-console', 'without a reason'],
    ['/* eslint-disable */', 'without a reason'],
    ['const a = 1; // oxlint-disable-line no-console --', 'without a reason'],
  ])('finds %s', (text, says) => {
    expect(messagesOf(escapeHatchesRule, 'src/a.ts', text)).toEqual([expect.stringContaining(says)]);
  });

  it.each([
    'const any = 1; const a = !any;',
    'if (a !== b) {}',
    'export const a = 1; export { a as b };',
    `// ${at}expect-error a string is refused`,
    '// oxlint-disable-next-line no-console -- the terminal is the output',
    `// We do not use ${at}ignore here.`,
    `const a = '// ${at}ignore'; const b = \`/* eslint-disable */\`; const c = /\\/\\/ x/;`,
    'const a = `x ${"// oxlint-disable"} y`;',
  ])('lets %s be', (text) => {
    expect(messagesOf(escapeHatchesRule, 'src/a.ts', text)).toEqual([]);
  });

  it('lets configurations and examples export by default', () => {
    const sources = {
      'vitest.config.ts': 'export default {};',
      'examples/a/handlers.ts': 'export default {};',
      'src/a.ts': 'export default {};',
    };
    expect(findingsFor(escapeHatchesRule, sources).map((finding) => finding.path)).toEqual(['src/a.ts']);
  });

  it('points at the line of a comment', () => {
    expect(findingsFor(escapeHatchesRule, { 'src/a.ts': `const a = 1;\n/* one\n two */\n// ${at}ignore\n` })[0]?.line).toBe(4);
  });
});

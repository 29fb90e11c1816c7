// Rule: type assertions carry a reason.
import { describe, expect, it } from 'vitest';
import { assertionsRule } from '../../../codemods/checks/assertions.ts';
import { messagesOf } from './rule-run.ts';

describe('assertions', () => {
  it.each([
    'const a = b as string;',
    'const a = <string>b;',
    '// Far above.\n\nconst a = b as string;',
    'const a = 1; // beside another\n\nconst c = b as string;',
    'function f() {\n  return {\n    a: b as string,\n  };\n}',
  ])('finds %j', (text) => {
    expect(messagesOf(assertionsRule, 'src/a.ts', text)).toEqual([expect.stringContaining('`as string` without a reason')]);
  });

  it.each([
    'const a = [1] as const;',
    'const a = b as string; // JSON.parse of our own text',
    '// The column is not null.\nconst a = b as string;',
    '// The column is not null.\nconst a = {\n  c: b as string,\n};',
    'const a = {\n  // The column is not null.\n  c: b as string,\n};',
    "import { a as b } from './a.ts';",
    'const a = b satisfies string;',
  ])('lets %j be', (text) => {
    expect(messagesOf(assertionsRule, 'src/a.ts', text)).toEqual([]);
  });

  it('leaves tests alone', () => {
    expect(messagesOf(assertionsRule, 'test/a.test.ts', 'const a = b as string;')).toEqual([]);
  });
});

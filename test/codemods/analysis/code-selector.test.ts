// Code is named by what it says: blanks, quotes, line breaks and the parentheses around a parameter alone do not matter.
import { describe, expect, it } from 'vitest';
import { functionNamed, selectCode, type CodeSelector } from '../../../codemods/analysis/code-selector.ts';
import { borrowedWorkspace } from '../borrowed-workspace.ts';

const code = `export function f(list: number[]): number[] {
  const kept = list.filter(n => n > 1);
  const later = list.map(async (each) => each);
  void later;
  const both = kept.map((a, b) => a + b);
  return both;
}
`;

function found(selector: CodeSelector): string {
  const workspace = borrowedWorkspace({ 'a.ts': code });
  return selectCode(functionNamed(workspace.sourceFile('a.ts'), 'f'), selector)
    .nodes.map((node) => node.getText())
    .join('\n');
}

describe('a selector', () => {
  it.each([
    [{ expression: 'list.filter((n) => n > 1)' }, 'list.filter(n => n > 1)'],
    [{ expression: 'list.filter( n=>n>1 )' }, 'list.filter(n => n > 1)'],
    [{ expression: 'list.map(async each => each)' }, 'list.map(async (each) => each)'],
    [{ first: 'const later = list.map(async each =>' }, 'const later = list.map(async (each) => each);'],
    [{ first: 'const both = kept.map((a, b) => a' }, 'const both = kept.map((a, b) => a + b);'],
  ])('finds code whatever its layout: %o', (selector, text) => {
    expect(found(selector)).toBe(text);
  });

  it.each([
    { expression: 'list.filter((m) => m > 1)' },
    { expression: 'list.map((each) => each)' },
    { first: 'const both = kept.map(a, b => a' },
  ])('does not take other code for it: %o', (selector) => {
    expect(() => found(selector)).toThrow(expect.objectContaining({ code: 'REFIT_SELECT_NONE' }));
  });
});

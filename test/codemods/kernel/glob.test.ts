// Globs over project paths.
import { describe, expect, it } from 'vitest';
import { isUnder, matcherOf } from '../../../codemods/kernel/glob.ts';

describe('matcherOf', () => {
  it.each([
    ['src/**/*.ts', 'src/a.ts', true],
    ['src/**/*.ts', 'src/a/b/c.ts', true],
    ['src/**/*.ts', 'other/src/a.ts', false],
    ['src/**/*.ts', 'src/a.tsx', false],
    ['src/*.ts', 'src/a/b.ts', false],
    ['src/**', 'src/a/b.txt', true],
    ['**/*.test.{ts,tsx}', 'a/b.test.tsx', true],
    ['**/*.test.{ts,tsx}', 'a/b.test.js', false],
    ['{src,codemods}/cli/bin.ts', 'codemods/cli/bin.ts', true],
    ['a+b/(c).ts', 'a+b/(c).ts', true],
    ['a,b.ts', 'a,b.ts', true],
    ['a.ts', 'abts', false],
  ])('%s on %s: %s', (glob, path, matches) => {
    expect(matcherOf([glob])(path)).toBe(matches);
  });

  it('matches nothing without a glob', () => {
    expect(matcherOf([])('src/a.ts')).toBe(false);
  });
});

describe('isUnder', () => {
  it.each([
    ['src/a.ts', 'src', true],
    ['src', 'src', true],
    ['srcs/a.ts', 'src', false],
    ['src/a.ts', '.', true],
  ])('%s under %s: %s', (path, folder, under) => {
    expect(isUnder(path, folder)).toBe(under);
  });
});

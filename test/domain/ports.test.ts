// The silent logger takes every level and says nothing.
import { expect, it } from 'vitest';
import { silentLogger } from '../../src/domain/ports.ts';

it('takes every level and returns nothing', () => {
  const levels = ['debug', 'info', 'warn', 'error'] as const;
  expect(levels.map((level) => silentLogger[level]({ task: 1 }, 'a sentence'))).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

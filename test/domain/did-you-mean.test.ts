// Which mistyped names are recognized, and which are left alone.
import { describe, expect, it } from 'vitest';
import { closestName, didYouMean } from '../../src/domain/did-you-mean.ts';

describe('closestName', () => {
  it.each([
    ['laod', ['report', 'load'], 'load'],
    ['backof', ['backoff_base_ms', 'backoff'], 'backoff'],
    ['Load', ['load'], 'load'],
    ['loads', ['lands', 'load'], 'load'],
    ['max_atempts', ['max_attempts', 'max_backoff_ms'], 'max_attempts'],
    ['ab', ['ad', 'xyz'], 'ad'],
    ['cat', ['dog', 'cow'], undefined],
    ['', ['load'], undefined],
    ['anything', [], undefined],
  ])('takes %s among %o for %s', (name, known, closest) => {
    expect(closestName(name, known)).toBe(closest);
  });

  it('becomes the end of a sentence', () => {
    expect(didYouMean('laod', ['load'])).toBe(' Did you mean "load"?');
    expect(didYouMean('zzz', ['load'])).toBe('');
  });
});

// The colours of coverage: which step a file is in, that steps stay apart in grey, and that text on them can be read.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classOf, coverageClass, coverageSteps, plainSteps } from '../../../codemods/gate/coverage-colours.ts';
import { factsOf } from './facts-of-files.ts';

/** Relative luminance as WCAG 2 defines it, 0 to 1. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].toSorted((left, right) => left - right);
  return (lighter + 0.05) / (darker + 0.05);
}

describe('the colours of coverage', () => {
  it.each([
    [0, 100, 'c0'],
    [24, 100, 'c0'],
    [25, 100, 'c1'],
    [50, 100, 'c2'],
    [75, 100, 'c3'],
    [90, 100, 'c4'],
    [9_999, 10_000, 'c4'],
    [100, 100, 'c5'],
    [0, 0, 'none'],
  ])('%i covered of %i is %s', (covered, coverable, name) => {
    expect(coverageClass(covered, coverable)).toBe(name);
  });

  it('never falls when one more line is covered', () => {
    const names = coverageSteps.map(({ name }) => name);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(499), (coverable, lower) => {
        const covered = lower % coverable;
        expect(names.indexOf(coverageClass(covered + 1, coverable))).toBeGreaterThanOrEqual(
          names.indexOf(coverageClass(covered, coverable)),
        );
      }),
    );
  });

  it('sets exempt files apart, whatever they cover', () => {
    expect(classOf(factsOf('a.ts', 10, 5, { exempt: 'generated' }))).toBe('exempt');
    expect(classOf(factsOf('a.ts', 10, 5))).toBe('c5');
  });

  it('gets darker with every step, so that the steps stay apart without any colour', () => {
    const shades = coverageSteps.map(({ fill }) => luminance(fill) + 0.05);
    for (const [at, shade] of shades.slice(1).entries()) expect((shades[at] ?? 0) / shade).toBeGreaterThan(1.2);
  });

  it.each([...coverageSteps, ...plainSteps])('has text on $name that can be read', ({ fill, ink }) => {
    expect(contrast(fill, ink)).toBeGreaterThanOrEqual(4.5);
  });
});

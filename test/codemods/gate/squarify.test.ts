// A rectangle cut by weights: areas in proportion, nothing outside, nothing twice, nothing left over.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rectangle } from '../../../codemods/gate/squarify.ts';
import { squarify } from '../../../codemods/gate/squarify.ts';

const bounds = fc.record({
  x: fc.integer({ min: -50, max: 50 }),
  y: fc.integer({ min: -50, max: 50 }),
  width: fc.integer({ min: 1, max: 2_000 }),
  height: fc.integer({ min: 1, max: 2_000 }),
});
const weights = fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 60 });
const area = ({ width, height }: Rectangle): number => width * height;
const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);

function shared(left: Rectangle, right: Rectangle): number {
  const width = Math.min(left.x + left.width, right.x + right.width) - Math.max(left.x, right.x);
  const height = Math.min(left.y + left.height, right.y + right.height) - Math.max(left.y, right.y);
  return Math.max(0, width) * Math.max(0, height);
}

describe('squarify', () => {
  it('gives each weight an area in proportion to it', () => {
    fc.assert(
      fc.property(weights, bounds, (given, within) => {
        const total = sum(given);
        for (const [at, part] of squarify(given, within).entries()) {
          const wanted = total === 0 ? 0 : (area(within) * (given[at] ?? 0)) / total;
          expect(area(part)).toBeCloseTo(wanted, 4);
        }
      }),
    );
  });

  it('keeps every part inside of the bounds, and no two of them share an area', () => {
    fc.assert(
      fc.property(weights, bounds, (given, within) => {
        const parts = squarify(given, within);
        for (const [at, part] of parts.entries()) {
          expect(part.x).toBeGreaterThanOrEqual(within.x - 1e-6);
          expect(part.y).toBeGreaterThanOrEqual(within.y - 1e-6);
          expect(part.x + part.width).toBeLessThanOrEqual(within.x + within.width + 1e-6);
          expect(part.y + part.height).toBeLessThanOrEqual(within.y + within.height + 1e-6);
          const common = sum(parts.slice(at + 1).map((other) => shared(part, other)));
          expect(common).toBeCloseTo(0, 4);
        }
      }),
    );
  });

  it('leaves nothing over', () => {
    fc.assert(
      fc.property(weights, bounds, (given, within) => {
        const whole = sum(given) === 0 ? 0 : area(within);
        expect(sum(squarify(given, within).map(area))).toBeCloseTo(whole, 4);
      }),
    );
  });

  it('cuts the published example into the published rows', () => {
    const parts = squarify([6, 6, 4, 3, 2, 2, 1], { x: 0, y: 0, width: 6, height: 4 });
    const rounded = parts.map(({ x, y, width, height }) => [x, y, width, height].map((each) => Math.round(each * 100) / 100));
    expect(rounded).toEqual([
      [0, 0, 3, 2],
      [0, 2, 3, 2],
      [3, 0, 1.71, 2.33],
      [4.71, 0, 1.29, 2.33],
      [3, 2.33, 1.2, 1.67],
      [4.2, 2.33, 1.2, 1.67],
      [5.4, 2.33, 0.6, 1.67],
    ]);
  });

  it('stays squarer than slices of one direction', () => {
    const elongation = ({ width, height }: Rectangle): number => Math.max(width / height, height / width);
    const parts = squarify(
      Array.from({ length: 50 }, (_, at) => at + 1),
      { x: 0, y: 0, width: 1_200, height: 640 },
    );
    expect(Math.max(...parts.map(elongation))).toBeLessThan(3);
  });

  it('has no part for no weights, and one without area for a weight of nothing', () => {
    const within = { x: 1, y: 2, width: 3, height: 4 };
    expect(squarify([], within)).toEqual([]);
    expect(squarify([0, 5, Number.NaN], within)).toEqual([
      { x: 1, y: 2, width: 0, height: 0 },
      within,
      { x: 1, y: 2, width: 0, height: 0 },
    ]);
  });
});

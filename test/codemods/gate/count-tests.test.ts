// Counting the test cases that a source declares.
import { describe, expect, it } from 'vitest';
import { countTests } from '../../../codemods/gate/count-tests.ts';

describe('countTests', () => {
  const table: readonly (readonly [source: string, cases: number])[] = [
    ["it('a', () => {});", 1],
    ["test('a', () => {}); test('b', () => {});", 2],
    ["describe('s', () => { it('a', () => {}); describe('t', () => { it('b', () => {}); }); });", 2],
    ["it.only('a', () => {}); it.concurrent('b', () => {}); it.fails('c', () => {});", 3],
    ["it.skip('a', () => {}); it.todo('b'); test.skip('c', () => {});", 0],
    ["describe.skip('s', () => { it('a', () => {}); });", 0],
    ["it.each([1, 2, 3])('a %i', () => {});", 3],
    ["it.for([[1], [2]])('a %i', () => {});", 2],
    ["it.each(rows)('a %i', () => {});", 1],
    ["const rows = [1, 2]; it.each(rows)('a %i', () => {});", 2],
    ["const rows: readonly number[] = [1, 2] as const; it.each(rows)('a %i', () => {});", 2],
    ["const rows = ([1, 2, 3]) satisfies number[]; it.each(rows)('a %i', () => {});", 3],
    ["const rows = load(); it.each(rows)('a %i', () => {});", 1],
    ["it.each`a | b`('a %i', () => {});", 1],
    ["it.each([...rows, 4])('a %i', () => {});", 1],
    ["it.skip.each([1, 2])('a %i', () => {});", 0],
    ["it.skipIf(slow)('a', () => {}); it.runIf(fast)('b', () => {});", 2],
    ["describe.each([1, 2])('s %i', () => { it('a', () => {}); });", 1],
    ['for (const n of [1, 2]) it(`a ${n}`, () => {});', 1],
    ["fit('a'); items.it('b'); submit('c'); (() => it)()('d');", 0],
    ["// it('a', () => {})\nconst text = \"it('b', () => {})\";", 0],
    ['', 0],
  ];

  it.each(table)('finds in %j so many cases: %i', (source, cases) => {
    expect(countTests('a.test.ts', source)).toBe(cases);
  });
});

// Counting lines of a text.
import { expect, it } from 'vitest';
import { physicalLines } from '../../../codemods/kernel/parse-source.ts';

it.each([
  ['', 0],
  ['a', 1],
  ['a\n', 1],
  ['a\nb', 2],
  ['\n\n', 2],
  ['a\r\nb\r\n', 2],
])('finds in %j so many physical lines: %i', (text, lines) => {
  expect(physicalLines(text)).toBe(lines);
});

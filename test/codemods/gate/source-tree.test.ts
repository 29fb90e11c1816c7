// Files laid out by folder: each once, by lines, independent of their order; small ones together when there are too many.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileFacts } from '../../../codemods/gate/facts.ts';
import { layOutTree } from '../../../codemods/gate/source-tree.ts';
import type { Rectangle } from '../../../codemods/gate/squarify.ts';
import { factsOf } from './facts-of-files.ts';

const bounds = { x: 0, y: 0, width: 600, height: 400 };
const all = { mostFiles: 1_000, leastArea: 0 };
const path = fc
  .array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 })
  .chain((folders) => fc.nat(99).map((name) => [...folders, `${name}.ts`].join('/')));
const sources = fc
  .uniqueArray(path, { minLength: 1, maxLength: 40 })
  .chain((paths) => fc.tuple(...paths.map((file) => fc.integer({ min: 1, max: 900 }).map((lines) => factsOf(file, lines, 0)))));

const namesIn = (files: readonly FileFacts[], limits = all): readonly (readonly string[])[] =>
  layOutTree(files, bounds, limits).leaves.map((leaf) => leaf.files.map(({ file }) => file));

function contains(outer: Rectangle, inner: Rectangle): boolean {
  const right = inner.x + inner.width <= outer.x + outer.width + 1e-6;
  const below = inner.y + inner.height <= outer.y + outer.height + 1e-6;
  return inner.x >= outer.x - 1e-6 && inner.y >= outer.y - 1e-6 && right && below;
}

describe('layOutTree', () => {
  it('gives every file one place, as large as its part of all lines', () => {
    fc.assert(
      fc.property(sources, (files) => {
        const { leaves } = layOutTree(files, bounds, all);
        expect(leaves.flatMap((leaf) => leaf.files.map(({ file }) => file)).toSorted()).toEqual(
          files.map(({ file }) => file).toSorted(),
        );
        const total = files.reduce((sum, { lines }) => sum + lines, 0);
        for (const { lines, rectangle } of leaves) {
          expect(rectangle.width * rectangle.height).toBeCloseTo((240_000 * lines) / total, 4);
        }
      }),
    );
  });

  it('keeps what is in a folder inside of it', () => {
    fc.assert(
      fc.property(sources, (files) => {
        const { leaves, folders } = layOutTree(files, bounds, all);
        for (const folder of folders) {
          const inside = leaves.filter((leaf) =>
            leaf.files.some(({ file }) => folder.path === '' || file.startsWith(`${folder.path}/`)),
          );
          expect(inside.every((leaf) => contains(folder.rectangle, leaf.rectangle))).toBe(true);
        }
      }),
    );
  });

  it('is the same for every order of the files', () => {
    fc.assert(
      fc.property(sources, fc.integer({ min: 0, max: 40 }), (files, mostFiles) => {
        const limits = { mostFiles, leastArea: 3 };
        expect(layOutTree(files.toReversed(), bounds, limits)).toEqual(layOutTree(files, bounds, limits));
      }),
    );
  });

  it('loses no line when small files come together', () => {
    fc.assert(
      fc.property(sources, fc.integer({ min: 0, max: 10 }), (files, mostFiles) => {
        const { leaves } = layOutTree(files, bounds, { mostFiles, leastArea: 0 });
        const lines = leaves.reduce((sum, leaf) => sum + leaf.lines, 0);
        expect(lines).toBe(files.reduce((sum, file) => sum + file.lines, 0));
        expect(leaves.flatMap((leaf) => leaf.files)).toHaveLength(files.length);
      }),
    );
  });

  it('folds a folder without a large file into the folder around it', () => {
    const files = [
      factsOf('src/long.ts', 900, 0),
      factsOf('src/a/one.ts', 5, 0),
      factsOf('src/b/two.ts', 4, 0),
      factsOf('src/c.ts', 3, 0),
    ];
    expect(namesIn(files, { mostFiles: 1, leastArea: 0 })).toEqual([
      ['src/long.ts'],
      ['src/c.ts', 'src/a/one.ts', 'src/b/two.ts'],
    ]);
    expect(namesIn(files, { mostFiles: 9, leastArea: 2_000 })).toEqual([
      ['src/long.ts'],
      ['src/c.ts', 'src/a/one.ts', 'src/b/two.ts'],
    ]);
  });

  it('shows a chain of folders as one, and has no place for files without lines', () => {
    const { folders, leaves } = layOutTree([factsOf('a/b/c/d.ts', 10, 5), factsOf('a/b/c/empty.ts', 0, 0)], bounds, all);
    expect(folders).toEqual([{ path: 'a/b/c', depth: 0, rectangle: bounds }]);
    expect(leaves.map(({ folder, lines }) => [folder, lines])).toEqual([['a/b/c', 10]]);
    expect(layOutTree([], bounds, all).leaves).toEqual([]);
  });
});

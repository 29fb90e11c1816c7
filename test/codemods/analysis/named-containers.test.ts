// Where code stands: the names around a node, and the lines of each named declaration.
import { expect, it } from 'vitest';
import { containerOf, containersIn, nameOfDeclaration } from '../../../codemods/analysis/named-containers.ts';
import { parseSource, ts, walk } from '../../../codemods/kernel/parse-source.ts';

const text = `class A {
  field = 1;
  constructor(n: number) {}
  get [Symbol.iterator]() { return this.field; }
  run() {
    const local = () => mark;
  }
}
namespace N { export function f() {} }
const top = {
  inner() {},
};
const { a, b } = top;
`;
const source = parseSource('a.ts', text);

it('lists classes, members, functions and variables at the top with their lines', () => {
  expect(containersIn(source).map(({ name, from, to }) => [name, from, to])).toEqual([
    ['A', 1, 8],
    ['A.field', 2, 2],
    ['A.constructor', 3, 3],
    ['A.run', 5, 7],
    ['N', 9, 9],
    ['N.f', 9, 9],
    ['top', 10, 12],
    ['top.inner', 11, 11],
  ]);
});

it('names what a node stands in, locals left out', () => {
  let found = '';
  walk(source, (node) => {
    if (ts.isIdentifier(node) && node.text === 'mark') found = containerOf(node);
  });
  expect(found).toBe('A.run');
});

it('has no name for patterns, computed members and nodes that are none', () => {
  const unnamed: (string | undefined)[] = [];
  walk(source, (node) => {
    if (ts.isBindingElement(node) || ts.isGetAccessor(node) || ts.isBlock(node)) unnamed.push(nameOfDeclaration(node));
  });
  expect(unnamed.filter((name) => name !== undefined)).toEqual(['a', 'b']);
});

// Cuts in JSON texts: a property or element goes with its comma and its line, the rest stays as it is written.
import { ts } from 'ts-morph';
import { listCuts, type Range } from './removal-ranges.ts';

/** The value a path of keys leads to, in a JSON text with or without comments. */
export function jsonNodeAt(path: string, text: string, keys: readonly string[]): ts.Expression | undefined {
  const source = ts.parseJsonText(path, text);
  setParents(source);
  let at: ts.Expression | undefined = source.statements[0]?.expression;
  for (const key of keys) {
    if (at === undefined || !ts.isObjectLiteralExpression(at)) return undefined;
    at = propertyNamed(at, key)?.initializer;
  }
  return at;
}

/** The tree of a JSON text knows no parents; cuts ask for the source file of a node. */
function setParents(node: ts.Node): void {
  ts.forEachChild(node, (child) => {
    Object.assign(child, { parent: node });
    setParents(child);
  });
}

export function propertyNamed(object: ts.ObjectLiteralExpression, key: string): ts.PropertyAssignment | undefined {
  return object.properties
    .filter(ts.isPropertyAssignment)
    .find((each) => ts.isStringLiteral(each.name) && each.name.text === key);
}

/** The cuts that take properties of an object or elements of an array out. */
export function jsonCuts(
  text: string,
  holder: ts.ObjectLiteralExpression | ts.ArrayLiteralExpression,
  gone: ReadonlySet<ts.Node>,
): readonly Range[] {
  const items: readonly ts.Node[] = ts.isObjectLiteralExpression(holder) ? holder.properties : holder.elements;
  return mergedCuts(text, listCuts(text, items, gone), items, gone);
}

/** When all items go, so do the blanks between the brackets. */
function mergedCuts(
  text: string,
  cuts: readonly Range[],
  items: readonly ts.Node[],
  gone: ReadonlySet<ts.Node>,
): readonly Range[] {
  if (!items.every((item) => gone.has(item)) || items.length === 0) return cuts;
  const first = items[0];
  const last = items.at(-1);
  if (first === undefined || last === undefined) return cuts;
  const start = text.slice(0, first.getStart()).trimEnd().length;
  const rest = text.slice(last.getEnd());
  return [[start, last.getEnd() + (rest.length - rest.trimStart().length)]];
}

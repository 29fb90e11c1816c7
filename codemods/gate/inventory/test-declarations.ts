// The tests and suites that a file declares, with their modifiers: `it.skipIf(x).each(t)('name', …)`.
import { lineOf, ts, walk } from '../../kernel/parse-source.ts';

export interface Declaration {
  readonly call: ts.CallExpression;
  readonly isSuite: boolean;
  readonly modifiers: readonly string[];
  readonly name: string;
  readonly line: number;
}

interface Root {
  readonly isSuite: boolean;
  /** What the name alone says: `xit` is `it.skip`. */
  readonly modifiers: readonly string[];
}

const roots: ReadonlyMap<string, Root> = new Map<string, Root>([
  ...['it', 'test', 'specify'].map((name): [string, Root] => [name, { isSuite: false, modifiers: [] }]),
  ...['describe', 'suite'].map((name): [string, Root] => [name, { isSuite: true, modifiers: [] }]),
  ...['xit', 'xtest'].map((name): [string, Root] => [name, { isSuite: false, modifiers: ['skip'] }]),
  ['fit', { isSuite: false, modifiers: ['only'] }],
  ['xdescribe', { isSuite: true, modifiers: ['skip'] }],
  ['fdescribe', { isSuite: true, modifiers: ['only'] }],
]);

const known: ReadonlySet<string> = new Set(
  'skip todo only each for concurrent sequential shuffle fails failing skipIf runIf serial parallel fixme describe'.split(' '),
);

/** Root and modifiers of a callee, calls such as `.each(table)` passed over. */
function wordsOf(node: ts.Expression): readonly string[] | undefined {
  if (ts.isIdentifier(node)) return [node.text];
  if (ts.isCallExpression(node)) return wordsOf(node.expression);
  if (ts.isTaggedTemplateExpression(node)) return wordsOf(node.tag);
  if (!ts.isPropertyAccessExpression(node)) return undefined;
  const owner = wordsOf(node.expression);
  return owner && [...owner, node.name.text];
}

function nameOf(call: ts.CallExpression): string {
  const [first] = call.arguments;
  if (first === undefined) return '(no name)';
  return ts.isStringLiteralLike(first) ? first.text : first.getText().replace(/^`|`$/g, '');
}

/** `it.each(table)` and `it.skipIf(condition)` are calls that only prepare the call that declares the test. */
function isPreparation(call: ts.CallExpression): boolean {
  const { parent } = call;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === call;
  return ts.isCallExpression(parent) && parent.expression === call;
}

function declarationAt(call: ts.CallExpression, source: ts.SourceFile): Declaration | undefined {
  const [first = '', ...modifiers] = wordsOf(call.expression) ?? [];
  const root = roots.get(first);
  if (root === undefined || isPreparation(call) || call.arguments.length === 0) return undefined;
  if (!modifiers.every((each) => known.has(each))) return undefined;
  return {
    call,
    isSuite: root.isSuite || modifiers.includes('describe'),
    modifiers: [...root.modifiers, ...modifiers],
    name: nameOf(call),
    line: lineOf(source, call.getStart(source)),
  };
}

export function declarationsIn(source: ts.SourceFile): readonly Declaration[] {
  const found: Declaration[] = [];
  walk(source, (node) => {
    const declaration = ts.isCallExpression(node) ? declarationAt(node, source) : undefined;
    if (declaration !== undefined) found.push(declaration);
  });
  return found;
}

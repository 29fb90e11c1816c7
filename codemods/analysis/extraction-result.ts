// What an extracted function gives back: nothing, a value, an object of values, or how the range was left.
import { Node, SyntaxKind, type Type } from 'ts-morph';
import { placeOf } from '../kernel/proposal.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { Output } from './data-flow.ts';
import type { Extraction, SizeDifference } from './extraction.ts';
import { annotationText, type TypeText, typeText } from './type-text.ts';

/** One value of the result: a variable of the caller, under the name it has in the new function. */
export interface ResultField {
  readonly variable: string;
  readonly inner: string;
  readonly type: TypeText;
}

export interface Result {
  /** `tail`: the range ends by returning from its function, so the call is returned. */
  readonly kind: 'void' | 'expression' | 'counted' | 'tail' | 'one' | 'object' | 'structured';
  readonly fields: readonly ResultField[];
  readonly type: TypeText;
  /** The last statement of the new function. */
  readonly end: string | undefined;
}

const nothing: TypeText = { text: 'void', names: new Map() };

function annotationOf(declaration: Node): Node | undefined {
  return Node.isVariableDeclaration(declaration) || Node.isParameterDeclaration(declaration)
    ? declaration.getTypeNode()
    : undefined;
}

function fieldOf(output: Output, names: ReadonlyMap<string, string>): ResultField {
  const read = output.firstRead;
  return {
    variable: output.name,
    inner: names.get(output.name) ?? output.name,
    type: typeText(read.getType(), read, annotationOf(output.declaration)),
  };
}

function expressionType(node: Node): TypeText {
  const parent = node.getParent();
  if (Node.isVariableDeclaration(parent)) {
    const annotation = parent.getTypeNode();
    if (annotation !== undefined) return annotationText(annotation);
  }
  const isLiteral = Node.isObjectLiteralExpression(node) || Node.isArrayLiteralExpression(node) || Node.isArrowFunction(node);
  const wanted = isLiteral ? withoutPromise(node.getContextualType()) : undefined;
  const hasName =
    wanted !== undefined &&
    (wanted.getAliasSymbol() !== undefined || !wanted.isAnonymous()) &&
    !wanted.isAny() &&
    !wanted.isUnknown();
  return typeText(hasName ? wanted : node.getType().getBaseTypeOfLiteralType(), node);
}

/** What an async function may return is its value or a promise of it; the range gives the value. */
function withoutPromise(type: Type | undefined): Type | undefined {
  if (type === undefined || !type.isUnion()) return type;
  const [value, other] = type
    .getUnionTypes()
    .filter((each) => !['Promise', 'PromiseLike'].includes(each.getSymbol()?.getName() ?? ''));
  return other === undefined ? value : type;
}

function isPromise(node: Node | undefined): boolean {
  return node?.getType().getSymbol()?.getName() === 'Promise';
}

/** What the function around the range returns, without its promise. */
function returnType(extraction: Extraction): TypeText {
  const owner = extraction.inner;
  const values = extraction.control.exits.flatMap((exit) =>
    exit.kind === 'return' && exit.value !== undefined ? [exit.value] : [],
  );
  if (values.length === 0) return nothing;
  if (Node.isGeneratorable(owner) && owner.isGenerator()) {
    throw new Refusal(
      'REFIT_EXTRACT_EXIT',
      'The range returns from a generator. Leave the return with the generator.',
      placeOf(owner),
    );
  }
  const isAsync = Node.isAsyncable(owner) && owner.isAsync();
  const own = ownReturnType(owner, isAsync);
  const waits = isAsync && extraction.control.awaits.length === 0;
  if (!waits || !values.some(isPromise)) return own;
  return { ...own, text: values.every(isPromise) ? `Promise<${own.text}>` : `${own.text} | Promise<${own.text}>` };
}

function ownReturnType(owner: Node, isAsync: boolean): TypeText {
  const annotation = Node.isReturnTyped(owner) ? owner.getReturnTypeNode() : undefined;
  if (annotation !== undefined) {
    if (!isAsync) return annotationText(annotation);
    const [inner] = Node.isTypeReference(annotation) ? annotation.getTypeArguments() : [];
    if (inner !== undefined) return annotationText(inner);
    const named = annotationText(annotation);
    return { ...named, text: `Awaited<${named.text}>` };
  }
  const type = Node.isReturnTyped(owner) ? owner.getReturnType() : owner.getType();
  const [inner] = isAsync ? type.getTypeArguments() : [];
  return typeText(inner ?? type, owner);
}

function merged(types: readonly TypeText[]): ReadonlyMap<string, Node> {
  return new Map(types.flatMap((type) => [...type.names]));
}

function objectType(fields: readonly ResultField[]): string {
  return `{ ${fields.map((field) => `${field.inner}: ${field.type.text}`).join('; ')} }`;
}

/** Ways out that the result names, then the normal one. */
function structured(extraction: Extraction, fields: readonly ResultField[]): Result {
  const value = returnType(extraction);
  const kinds = new Set(extraction.control.exits.map((exit) => exit.kind));
  const members = [...kinds].map((kind) =>
    kind === 'return' && value.text !== 'void' ? `{ kind: 'return'; value: ${value.text} }` : `{ kind: '${kind}' }`,
  );
  const next = `{ kind: 'next'${fields.map((field) => `; ${field.inner}: ${field.type.text}`).join('')} }`;
  return {
    kind: 'structured',
    fields,
    type: { text: [...members, next].join(' | '), names: merged([value, ...fields.map((field) => field.type)]) },
    end: `return { kind: 'next'${fields.map((field) => `, ${field.inner}`).join('')} };`,
  };
}

function requireResultNames(extraction: Extraction): ReadonlyMap<string, string> {
  const { results, owner } = extraction.request;
  for (const [name, variable] of Object.entries(results)) {
    if (extraction.outputs.some((output) => output.name === variable)) continue;
    const known = extraction.outputs.map((output) => output.name).join(', ') || 'none';
    const message = `The result ${name} stands for ${variable}, which is not read after the range. Results of the range: ${known}.`;
    throw new Refusal('REFIT_EXTRACT_RESULT', message, placeOf(owner));
  }
  return new Map(Object.entries(results).map(([name, variable]) => [variable, name]));
}

/** The value and how much smaller it is than what went in. */
function counted(extraction: Extraction, difference: SizeDifference, type: TypeText): Result {
  const names = new Map(extraction.parameters.map((parameter) => [parameter.argument, parameter.name]));
  names.set(difference.variable.getName(), difference.valueName);
  const side = (node: Node): string => {
    const name = node.getFirstDescendantByKind(SyntaxKind.Identifier)?.getText() ?? '';
    return node.getText().replace(name, names.get(name) ?? name);
  };
  return {
    kind: 'counted',
    fields: [{ variable: difference.variable.getName(), inner: difference.valueName, type }],
    type: { text: `{ ${difference.valueName}: ${type.text}; ${difference.name}: number }`, names: type.names },
    end: `return { ${difference.valueName}, ${difference.name}: ${side(difference.larger)} - ${side(difference.smaller)} };`,
  };
}

/** The shape of what comes back. */
export function resultOf(extraction: Extraction): Result {
  const last = extraction.request.parts.at(-1) ?? extraction.request.parts[0];
  if (last.kind === 'expression') {
    const [assigned] = extraction.outputs;
    if (assigned !== undefined) {
      throw new Refusal(
        'REFIT_EXTRACT_POSITION',
        `The expression assigns ${assigned.name}, which is read later. Choose the statement around it.`,
        placeOf(last.nodes[0]),
      );
    }
    const type = expressionType(last.nodes[0]);
    const { difference } = extraction.request;
    if (difference !== undefined) return counted(extraction, difference, type);
    return { kind: 'expression', fields: [], type, end: undefined };
  }
  const names = requireResultNames(extraction);
  const fields = extraction.outputs.map((output) => fieldOf(output, names));
  if (!extraction.control.endReachable && extraction.control.exits.length > 0) {
    return { kind: 'tail', fields: [], type: returnType(extraction), end: undefined };
  }
  if (extraction.control.exits.length > 0) return structured(extraction, fields);
  const [first, second] = fields;
  if (first === undefined)
    return {
      kind: 'void',
      fields,
      type: extraction.control.endReachable ? nothing : { text: 'never', names: new Map() },
      end: undefined,
    };
  if (second === undefined) return { kind: 'one', fields, type: first.type, end: `return ${first.inner};` };
  const type = { text: objectType(fields), names: merged(fields.map((field) => field.type)) };
  return { kind: 'object', fields, type, end: `return { ${fields.map((field) => field.inner).join(', ')} };` };
}

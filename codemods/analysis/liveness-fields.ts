// Fields that are only written, or never written after their first value.
import { ts } from 'ts-morph';
import type { LivenessGraph } from './liveness-graph.ts';
import { storingKinds, type Member, type Use } from './liveness-model.ts';

/** Uses of a field that take its value, through an interface it belongs to as well. */
export function readsOf(graph: LivenessGraph, field: Member): readonly Use[] {
  return [field, ...graph.basesOf(field)]
    .flatMap((each) => graph.usesOf(each))
    .filter((use) => !storingKinds.has(use.kind) && use.kind !== 'type');
}

/** Uses that store into it, its declaration's own initialiser not counted. */
export function storesOf(graph: LivenessGraph, field: Member): readonly Use[] {
  return graph.usesOf(field).filter((use) => storingKinds.has(use.kind) && use.kind !== 're-export');
}

function hasInitialiser(field: Member): boolean {
  return field.nodes.some((node) => ts.isParameter(node) || (ts.isPropertyDeclaration(node) && node.initializer !== undefined));
}

/** Whether nobody else can hold the value. */
function isMadeHere(value: ts.Expression | undefined): boolean {
  return (
    value !== undefined &&
    (ts.isNewExpression(value) || ts.isArrayLiteralExpression(value) || ts.isObjectLiteralExpression(value))
  );
}

/** Whether whoever the field's collection came from may see what is put into it. */
function isShared(field: Member, uses: readonly Use[]): boolean {
  const stored = uses
    .filter((use) => use.to === field && (use.kind === 'write' || use.kind === 'initialise'))
    .map((use) => storedValue(use.node));
  const declared = field.nodes.flatMap((node) => {
    if (ts.isParameter(node)) return [undefined];
    return ts.isPropertyDeclaration(node) && node.initializer !== undefined ? [node.initializer] : [];
  });
  return ![...declared, ...stored].every(isMadeHere);
}

/** The uses, and a reading for each change of a collection that came from elsewhere: others take what is put into it. */
export function withSharedCollections(uses: readonly Use[]): readonly Use[] {
  const filled = new Set(uses.filter(({ kind, to }) => kind === 'mutate' && to.kind === 'field').map(({ to }) => to));
  const shared = new Set([...filled].filter((field) => isShared(field, uses)));
  const reads = uses.filter(({ kind, to }) => kind === 'mutate' && shared.has(to)).map((use): Use => ({ ...use, kind: 'read' }));
  return [...uses, ...reads];
}

/** Production stores into the field and nobody, tests included, takes its value. */
export function isWriteOnly(graph: LivenessGraph, field: Member): boolean {
  if (field.kind !== 'field' || readsOf(graph, field).length > 0) return false;
  return hasInitialiser(field) || storesOf(graph, field).some((use) => !use.from.test);
}

/** A value that says nothing: `0`, `''`, `false`, `null`, `[]`, `new Map()`. */
function isBlank(value: ts.Expression): boolean {
  if (ts.isNewExpression(value)) {
    return /^(?:Map|Set|WeakMap|WeakSet|Array)$/.test(value.expression.getText()) && (value.arguments ?? []).length === 0;
  }
  if (ts.isArrayLiteralExpression(value)) return value.elements.length === 0;
  if (ts.isObjectLiteralExpression(value)) return value.properties.length === 0;
  return isScalar(value);
}

function isScalar(value: ts.Expression): boolean {
  if (ts.isStringLiteralLike(value)) return value.text === '';
  if (ts.isNumericLiteral(value)) return Number(value.text) === 0;
  const blank: readonly ts.SyntaxKind[] = [ts.SyntaxKind.NullKeyword, ts.SyntaxKind.FalseKeyword];
  return blank.includes(value.kind) || (ts.isIdentifier(value) && value.text === 'undefined');
}

function isReadonly(field: Member): boolean {
  return field.nodes.some((node) => (ts.getCombinedModifierFlags(node as ts.Declaration) & ts.ModifierFlags.Readonly) !== 0); // a field's nodes are declarations
}

/** The values the field starts with in production; undefined where one is not written as an expression of its own. */
function initialValues(graph: LivenessGraph, field: Member): readonly (ts.Expression | undefined)[] {
  const declared = field.nodes.flatMap((node) =>
    ts.isPropertyDeclaration(node) && node.initializer !== undefined ? [node.initializer] : [],
  );
  const stored = storesOf(graph, field)
    .filter((use) => !use.from.test && (use.kind === 'initialise' || isInConstructor(use, field)))
    .map((use) => storedValue(use.node));
  return [...declared, ...stored];
}

function isInConstructor(use: Use, field: Member): boolean {
  return use.kind === 'write' && use.from === field.owner;
}

function storedValue(name: ts.Node): ts.Expression | undefined {
  if (ts.isPropertyAssignment(name.parent)) return name.parent.initializer;
  const assignment = name.parent.parent;
  return ts.isBinaryExpression(assignment) ? assignment.right : undefined;
}

/** Whether the value may be changed by whoever it is handed to: it is passed on as a whole. */
function escapes(use: Use): boolean {
  const access = ts.isPropertyAccessExpression(use.node.parent) ? use.node.parent : use.node;
  const parent = access.parent;
  return !(ts.isPropertyAccessExpression(parent) && parent.expression === access) && !ts.isForOfStatement(parent);
}

/**
 * Every object of production starts with the same blank value and no production code stores another: collections are
 * not added to either, and are not handed to code that might. Spreads hand on a reference; they are named as a blocker.
 */
export function isNeverWritten(graph: LivenessGraph, field: Member): boolean {
  if (field.kind !== 'field' && field.kind !== 'interface field') return false;
  if (field.nodes.some((node) => ts.isParameter(node))) return false;
  const values = initialValues(graph, field);
  const later = storesOf(graph, field).filter(
    (use) => !use.from.test && use.kind !== 'initialise' && use.kind !== 'copy' && !isInConstructor(use, field),
  );
  if (later.length > 0 || !values.every((value) => value !== undefined && isBlank(value))) return false;
  if (values.length === 0) return field.kind === 'field' && readsOf(graph, field).some((use) => !use.from.test);
  if (values.every((value) => value !== undefined && isScalar(value))) return !isReadonly(field);
  const handedOn = readsOf(graph, field).filter((use) => !use.from.test && use.kind !== 'whole' && escapes(use));
  return handedOn.length === 0;
}

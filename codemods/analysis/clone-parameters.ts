// The locals of a merged helper that a hole needs: they become parameters of the closure that fills it.
import { Node } from 'ts-morph';
import { placeOf } from '../kernel/proposal.ts';
import { Refusal } from '../kernel/refusal.ts';
import { type CloneScope, localsUsed, type ScopedUse } from './clone-scope.ts';
import type { TypeTable } from './clone-types.ts';
import { narrowedType } from './narrowed-type.ts';
import { type TypeText, typeText } from './type-text.ts';

/** A parameter of a closure. */
export interface HoleParameter {
  /** In the helper's type; as the first clone calls the local (or the property read from it). */
  readonly name: string;
  readonly type: string;
  /** What the helper passes. */
  readonly argument: string;
  /** For each clone what it calls the local. */
  readonly cellLocals: readonly string[];
  /** For each clone what it calls the parameter. */
  readonly cellNames: readonly string[];
  /** Properties read from the local at the call (`.value`), because only the path is narrowed; else empty. */
  readonly path: string;
}

interface Filled {
  readonly scope: CloneScope;
  /** The code that fills the hole in this clone. */
  readonly nodes: readonly Node[];
}

/** `x`, `x.a`, `x.a.b` … as far as the code around the use goes; what is called at the end is left out. */
function accessChain(identifier: Node): readonly Node[] {
  const chain: Node[] = [identifier];
  for (let node = identifier; ;) {
    const parent = node.getParent();
    if (!Node.isPropertyAccessExpression(parent) || parent.getExpression() !== node) return chain;
    const called = parent.getParent();
    if (Node.isCallExpression(called) && called.getExpression() === parent) return chain;
    chain.push(parent);
    node = parent;
  }
}

/** Control flow has told more about the property than its declaration says. */
function isNarrowed(access: Node): boolean {
  if (!Node.isPropertyAccessExpression(access)) return false;
  const symbol = access.getNameNode().getSymbol();
  return symbol !== undefined && symbol.getTypeAtLocation(access).getText(access) !== access.getType().getText(access);
}

function narrowedPath(use: ScopedUse): string | undefined {
  const narrowed = accessChain(use.identifier).findLast(isNarrowed);
  return narrowed === undefined ? undefined : narrowed.getText().slice(use.identifier.getText().length).replaceAll(/\s/g, '');
}

/** The part of the chain that is the path; undefined when the use does not go along it. */
export function alongPath(identifier: Node, path: string): Node | undefined {
  const start = identifier.getText().length;
  return accessChain(identifier).find((each) => each.getText().slice(start).replaceAll(/\s/g, '') === path);
}

function annotationOf(declaration: Node): Node | undefined {
  const typed = Node.isVariableDeclaration(declaration) || Node.isParameterDeclaration(declaration);
  return typed ? declaration.getTypeNode() : undefined;
}

/** The type a use has at its place, written as its declaration writes it. */
export function typeOfUse(use: ScopedUse, path: string): TypeText {
  const node = alongPath(use.identifier, path) ?? use.identifier;
  if (path !== '') return typeText(node.getType(), use.identifier);
  const annotation = annotationOf(use.declaration);
  return (
    narrowedType(node.getType(), use.declaration.getType(), use.identifier, annotation) ??
    typeText(node.getType(), use.identifier, annotation)
  );
}

/** The declared type of the local with this name in a clone. */
function declaredIn(scope: CloneScope | undefined, baseName: string): TypeText | undefined {
  const declared = scope?.uses.find((use) => use.declares && use.baseName === baseName);
  return declared === undefined
    ? undefined
    : typeText(declared.declaration.getType(), declared.identifier, annotationOf(declared.declaration));
}

/** The type in a clone that does not use the local in its hole: what is left of the declared type in a clone that does. */
function typeLike(declared: TypeText | undefined, known: TypeText, knownDeclared: TypeText | undefined): TypeText {
  if (declared === undefined || knownDeclared === undefined || !known.text.includes(knownDeclared.text)) return known;
  const names = new Map([...known.names, ...declared.names]);
  return { text: known.text.replace(knownDeclared.text, () => declared.text), names };
}

function requireReads(uses: readonly ScopedUse[]): void {
  const written = uses.find((use) => use.writes);
  if (written === undefined) return;
  throw new Refusal(
    'REFIT_MERGE_HOLE_WRITES',
    `The clones differ in code that assigns ${written.baseName}, a variable of the merged part: a closure cannot assign it. Take the assignment out of the range, or make the clones alike there.`,
    placeOf(written.identifier),
  );
}

/** The parameters that closures need which fill a hole in each clone. */
export function holeParameters(cells: readonly Filled[], types: TypeTable): readonly HoleParameter[] {
  const used = cells.map(({ scope, nodes }) => localsUsed(scope, nodes).filter((use) => !use.typeOnly));
  requireReads(used.flat());
  const names = [...new Set(used.flat().map((use) => use.baseName))];
  return names.map((name) => parameterFor({ cells, used, types }, name));
}

/** Whether a name means something else already in the code that fills a hole. */
function isTaken(nodes: readonly Node[], name: string): boolean {
  const isName = (node: Node): boolean => {
    const parent = node.getParent();
    const member = Node.isPropertyAccessExpression(parent)
      ? parent.getNameNode() === node
      : Node.isPropertyAssignment(parent) && parent.getNameNode() === node;
    return Node.isIdentifier(node) && node.getText() === name && !member;
  };
  return nodes.some((node) => [node, ...node.getDescendants()].some(isName));
}

interface Needed {
  readonly cells: readonly Filled[];
  readonly used: readonly (readonly ScopedUse[])[];
  readonly types: TypeTable;
}

/**
 * The property that every clone reads from a narrowed local and nothing else of it: then the property is passed, when its type
 * can be written. Empty: the local itself is passed.
 */
function sharedProperty(uses: readonly (readonly ScopedUse[])[], types: TypeTable): string {
  const first = uses.flatMap((each) => each.map((use) => accessChain(use.identifier)[1])).find((each) => each !== undefined);
  const path = first !== undefined && Node.isPropertyAccessExpression(first) ? `.${first.getName()}` : '';
  const shared =
    path !== '' && uses.every((each) => each.length > 0 && each.every((use) => alongPath(use.identifier, path) !== undefined));
  const isNarrowedLocal = uses.flat().every((use) => use.identifier.getType() !== use.declaration.getType());
  if (!shared || !isNarrowedLocal) return '';
  const texts = uses.flatMap(([use]) => (use === undefined ? [] : [typeOfUse(use, path)]));
  return types.generalise(texts, false) === undefined ? '' : path;
}

function parameterFor({ cells, used, types }: Needed, name: string): HoleParameter {
  const uses = used.map((each) => each.filter((use) => use.baseName === name));
  const path =
    uses.flatMap((each) => each.flatMap((use) => narrowedPath(use) ?? [])).toSorted((a, b) => b.length - a.length)[0] ??
    sharedProperty(uses, types);
  const astray = uses.flat().find((use) => alongPath(use.identifier, path) === undefined);
  if (astray !== undefined) {
    const found = `the clones read ${name}${path}, which is narrowed, and other parts of ${name} in one hole`;
    throw new Refusal(
      'REFIT_MERGE_TYPE',
      `No parameter can stand for it: ${found}. Put ${name}${path} into a variable first.`,
      placeOf(astray.identifier),
    );
  }
  const declared = cells.map(({ scope }) => declaredIn(scope, name));
  const found = uses.map(([first]) => (first === undefined ? undefined : typeOfUse(first, path)));
  const at = found.findIndex((each) => each !== undefined);
  const known = found[at] ?? { text: 'unknown', names: new Map<string, Node>() };
  const texts = found.map((each, clone) => each ?? (path === '' ? typeLike(declared[clone], known, declared[at]) : known));
  const last = path.split('.').at(-1) ?? '';
  const short = cells.some(({ nodes }) => isTaken(nodes, last)) ? `${name}${last.charAt(0).toUpperCase()}${last.slice(1)}` : last;
  const cellLocals = uses.map((each) => each[0]?.identifier.getText() ?? name);
  return {
    name: path === '' ? name : short,
    type: types.generalise(texts, true) ?? 'unknown',
    argument: `${name}${path}`,
    cellLocals,
    cellNames: path === '' ? cellLocals : cellLocals.map(() => short),
    path,
  };
}

// What a merged helper takes from around its clones: values of their functions, paths of `this`, names of the module.
import { Node } from 'ts-morph';
import { placeOf } from '../kernel/proposal.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { Difference } from './anti-unify.ts';
import type { Replacement } from './clone-holes.ts';
import { typeOfUse } from './clone-parameters.ts';
import { type CloneScope, isReadonlyPath, type ScopedUse } from './clone-scope.ts';
import type { TypeTable } from './clone-types.ts';
import { isWithin } from './name-uses.ts';
import { type TypeText, typeText } from './type-text.ts';

/** A value that all clones take from the code around them under one name. */
export interface Captured {
  readonly name: string;
  readonly type: string;
  /** What each clone passes. */
  readonly cells: readonly string[];
  /** Where the first clone uses it. */
  readonly uses: readonly Node[];
  /** A path of `this`, not a variable. */
  readonly isOfThis: boolean;
}

export interface Captures {
  readonly values: readonly Captured[];
  /** Uses of names of the module that stay in the helper. */
  readonly moduleUses: readonly ScopedUse[];
  readonly usesThis: boolean;
}

interface Reading {
  readonly scopes: readonly CloneScope[];
  readonly differences: readonly Difference[];
  readonly types: TypeTable;
  /** Paths of `this` become parameters: the helper is not a member of the class. */
  readonly withoutThis: boolean;
  /** Names for captured paths. */
  readonly renames: Readonly<Record<string, string>>;
}

/** What fills the holes of a clone. */
export function holeNodes(differences: readonly Difference[], clone: number): readonly Node[] {
  return differences.flatMap((each): readonly Node[] => {
    if (each.kind === 'literal') return [];
    const cell = each.cells[clone];
    return cell === undefined ? [] : [cell].flat();
  });
}

function fixedUses(scope: CloneScope, holes: readonly Node[]): readonly ScopedUse[] {
  return scope.uses.filter((use) => !isWithin(use.identifier, holes));
}

function differs(use: ScopedUse, other: string): Refusal {
  const message = `The captured name ${use.baseName} means different things in the clones: ${other}. Rename one of them, or take its use out of the range.`;
  return new Refusal('REFIT_MERGE_CAPTURE_DIFFERS', message, placeOf(use.identifier));
}

function declarationsOf(use: ScopedUse): readonly Node[] {
  return (use.symbol.getAliasedSymbol() ?? use.symbol).getDeclarations();
}

/** The same free name has the same kind of meaning in every clone; the uses are those of one name in each clone. */
function requireSameMeaning(uses: readonly (ScopedUse | undefined)[]): void {
  const [base] = uses;
  if (base === undefined) return;
  for (const use of uses) {
    if (use === undefined) continue;
    if (use.binding !== base.binding) throw differs(use, `a ${base.binding} name in one, a ${use.binding} name in another`);
    if (use.binding === 'module' && declarationsOf(use)[0] !== declarationsOf(base)[0])
      throw differs(use, 'two declarations of different modules');
  }
}

function capturedValue(reading: Reading, uses: readonly (ScopedUse | undefined)[], baseUses: readonly ScopedUse[]): Captured {
  const [base] = uses;
  if (base === undefined)
    throw new Refusal(
      'REFIT_MERGE_CAPTURE_DIFFERS',
      'A captured name has no use in the first clone. This is a bug of the codemod.',
    );
  const written = baseUses.find((use) => use.writes);
  if (written !== undefined) {
    const message = `The clones assign ${base.baseName}, a variable declared outside of them: a helper cannot. Take the assignment out of the range.`;
    throw new Refusal('REFIT_MERGE_CAPTURED_WRITE', message, placeOf(written.identifier));
  }
  if (Node.isTypeParameterDeclaration(base.declaration)) {
    const message = `The clones use ${base.baseName}, a type parameter of their function. Merge them into a method of a generic class, or write the type out.`;
    throw new Refusal('REFIT_MERGE_CAPTURE_DIFFERS', message, placeOf(base.identifier));
  }
  const types = uses.map((use): TypeText => typeOfUse(use ?? base, ''));
  const type = reading.types.generalise(types, false);
  if (type === undefined) throw differs(base, [...new Set(types.map((each) => each.text))].join(', '));
  return {
    name: reading.renames[base.baseName] ?? base.baseName,
    type,
    cells: uses.map((use) => use?.identifier.getText() ?? base.baseName),
    uses: baseUses.map((use) => use.identifier),
    isOfThis: false,
  };
}

/** `this.a.b` around a `this`, as far as every property is readonly and nothing is called. */
function pathOfThis(node: Node): Node {
  let path: Node = node;
  for (;;) {
    const parent = path.getParent();
    if (!Node.isPropertyAccessExpression(parent) || parent.getExpression() !== path || !isReadonlyPath(parent)) return path;
    path = parent;
  }
}

function thisPaths(reading: Reading, thisNodes: readonly Node[]): readonly Captured[] {
  const groups = new Map<string, Node[]>();
  for (const node of thisNodes) {
    const path = pathOfThis(node);
    if (path === node) {
      const message = `A function outside of the class cannot use \`${node.getParentOrThrow().getText()}\`: it is not a readonly field. Merge into a method (leave \`to\` out).`;
      throw new Refusal('REFIT_MERGE_THIS', message, placeOf(node));
    }
    const text = path.getText().replaceAll(/\s/g, '');
    groups.set(text, [...(groups.get(text) ?? []), path]);
  }
  return [...groups].map(([text, uses]) => {
    const [first] = uses;
    const last = text.split('.').at(-1) ?? text;
    const annotation = first === undefined ? undefined : annotationOf(first);
    const type = first === undefined ? 'unknown' : reading.types.note(typeText(first.getType(), first, annotation));
    return { name: reading.renames[text] ?? last, type, cells: reading.scopes.map(() => text), uses, isOfThis: true };
  });
}

function annotationOf(access: Node): Node | undefined {
  const declaration = Node.isPropertyAccessExpression(access)
    ? access.getNameNode().getSymbol()?.getDeclarations()[0]
    : undefined;
  const typed =
    Node.isPropertyDeclaration(declaration) || Node.isPropertySignature(declaration) || Node.isParameterDeclaration(declaration);
  return typed ? declaration.getTypeNode() : undefined;
}

function thisIn(nodes: readonly Node[], holes: readonly Node[]): readonly Node[] {
  return nodes
    .flatMap((node) => [node, ...node.getDescendants()])
    .filter((node) => Node.isThisExpression(node) && !isWithin(node, holes));
}

/** Reads what the fixed part of the clones captures. */
export function capturesOf(reading: Reading): Captures {
  const holes = reading.scopes.map((_, clone) => holeNodes(reading.differences, clone));
  const fixed = reading.scopes.map((scope, clone) => fixedUses(scope, holes[clone] ?? []));
  const base = fixed[0] ?? [];
  const groups = new Map<string, ScopedUse[]>();
  for (const use of base) if (use.binding !== 'local') groups.set(use.baseName, [...(groups.get(use.baseName) ?? []), use]);
  const values: Captured[] = [];
  for (const [name, baseUses] of groups) {
    const uses = fixed.map((each) => each.find((use) => use.baseName === name && use.binding !== 'local'));
    requireSameMeaning(uses);
    if (baseUses[0]?.binding === 'captured') values.push(capturedValue(reading, uses, baseUses));
  }
  const thisNodes = thisIn(reading.scopes[0]?.nodes ?? [], holes[0] ?? []);
  const paths = reading.withoutThis ? thisPaths(reading, thisNodes) : [];
  return {
    values: [...paths, ...values],
    moduleUses: base.filter((use) => use.binding === 'module'),
    usesThis: thisNodes.length > 0,
  };
}

/** Uses of captured values that the helper calls differently than the first clone does. */
export function captureReplacements(values: readonly Captured[], reach: (value: Captured) => string): readonly Replacement[] {
  return values.flatMap((value) =>
    value.uses.flatMap((use): readonly Replacement[] => {
      const parent = use.getParent();
      const text = reach(value);
      if (text === use.getText()) return [];
      if (Node.isShorthandPropertyAssignment(parent))
        return [{ start: use.getStart(), end: use.getEnd(), text: () => `${use.getText()}: ${text}` }];
      const short = Node.isPropertyAssignment(parent) && parent.getNameNode().getText() === text;
      return [{ start: (short ? parent : use).getStart(), end: use.getEnd(), text: () => text }];
    }),
  );
}

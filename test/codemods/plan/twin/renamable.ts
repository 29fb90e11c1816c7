// Which identifiers of a project can get other names everywhere: every use of the name is of something the project declares.
import type { Node, SourceFile } from 'ts-morph';
import { ts } from '../../../../codemods/kernel/parse-source.ts';
import type { Workspace } from '../../../../codemods/kernel/workspace.ts';

interface Reading {
  readonly checker: ts.TypeChecker;
  isOwnFile(path: string): boolean;
}

/** Names by what was found out about their uses. */
export interface Names {
  readonly own: ReadonlySet<string>;
  readonly foreign: ReadonlySet<string>;
}

function isOwn(symbol: ts.Symbol | undefined, reading: Reading): boolean {
  if (symbol === undefined) return false;
  // Not a test of one bit only: flags are a set.
  const target = (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : reading.checker.getAliasedSymbol(symbol);
  const declarations = target.declarations ?? [];
  return declarations.length > 0 && declarations.every((each) => reading.isOwnFile(each.getSourceFile().fileName));
}

/** The key of an object literal is data (a log field, JSON) unless the type the object is for declares it. */
function isOwnKey(name: string, literal: ts.ObjectLiteralExpression, reading: Reading): boolean {
  const type = reading.checker.getContextualType(literal);
  if (type === undefined) return true;
  const members = type.isUnion() ? type.types : [type];
  const declared = members.flatMap((each) => reading.checker.getPropertyOfType(each, name) ?? []);
  return declared.length > 0 && declared.every((each) => isOwn(each, reading));
}

/** The member, and the member of each type its class extends or implements. */
function isOwnMember(name: string, member: ts.ClassElement, reading: Reading): boolean {
  if (!ts.isClassLike(member.parent)) return true;
  const bases = (member.parent.heritageClauses ?? []).flatMap((clause) =>
    clause.types.map((each) => reading.checker.getTypeAtLocation(each)),
  );
  const inherited = bases.flatMap((each) => reading.checker.getPropertyOfType(each, name) ?? []);
  return inherited.every((each) => isOwn(each, reading));
}

function isOwnUse(node: ts.Identifier | ts.PrivateIdentifier, reading: Reading): boolean {
  const { parent } = node;
  const { checker } = reading;
  if (!isOwn(checker.getSymbolAtLocation(node), reading)) return false;
  if (ts.isShorthandPropertyAssignment(parent)) {
    return isOwn(checker.getShorthandAssignmentValueSymbol(parent), reading) && isOwnKey(node.text, parent.parent, reading);
  }
  if (ts.isObjectLiteralElement(parent) && ts.isObjectLiteralExpression(parent.parent) && parent.name === node) {
    return isOwnKey(node.text, parent.parent, reading);
  }
  if (
    ts.isBindingElement(parent) &&
    parent.name === node &&
    parent.propertyName === undefined &&
    ts.isObjectBindingPattern(parent.parent)
  ) {
    return isOwn(checker.getPropertyOfType(checker.getTypeAtLocation(parent.parent), node.text), reading);
  }
  return ts.isClassElement(parent) && parent.name === node ? isOwnMember(node.text, parent, reading) : true;
}

/** A text that may be a name: a key, a kind of a union. Tests have titles as well, which nothing reads. */
function literalName(node: ts.Node, isTest: boolean): string | undefined {
  return !isTest && ts.isStringLiteralLike(node) && /^[A-Za-z_$][\w$]*$/.test(node.text) ? node.text : undefined;
}

function readFile(file: SourceFile, reading: Reading, own: Set<string>, foreign: Set<string>): void {
  const isTest = file.getFilePath().endsWith('.test.ts');
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) (isOwnUse(node, reading) ? own : foreign).add(node.text);
    const literal = literalName(node, isTest);
    if (literal !== undefined) foreign.add(literal);
    ts.forEachChild(node, visit);
  };
  const root: Node = file;
  visit(root.compilerNode);
}

/** Reads every identifier of the workspace's own files. */
export function namesOf(workspace: Workspace): Names {
  const own = new Set<string>();
  const foreign = new Set<string>();
  const files = workspace.sourceFiles().filter((file) => !file.isDeclarationFile());
  const paths = new Set<string>(files.map((file) => file.getFilePath()));
  const reading: Reading = {
    checker: workspace.project.getTypeChecker().compilerObject,
    isOwnFile: (path) => paths.has(path),
  };
  for (const file of files) readFile(file, reading, own, foreign);
  return { own, foreign };
}

/** Names that are the project's own wherever they stand. A name of one letter stays: it hides nothing. */
export function renamable(names: readonly Names[]): ReadonlySet<string> {
  const foreign = new Set(names.flatMap((each) => [...each.foreign]));
  const own = names.flatMap((each) => [...each.own]);
  return new Set(own.filter((name) => name.length > 1 && name !== 'constructor' && !foreign.has(name)));
}

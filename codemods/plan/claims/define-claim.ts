// Makes claim constructors: a sentence and a check over quotes that are data.
import { Node, type ClassDeclaration, type SourceFile } from 'ts-morph';
import { nearestOf } from '../../kernel/nearest.ts';
import type { Workspace } from '../../kernel/workspace.ts';
import type { Claim, ClaimResult, Quotes } from '../claim.ts';

interface Kind<Q extends Quotes> {
  says(quotes: Q): string;
  check(workspace: Workspace, quotes: Q): ClaimResult;
}

/** A constructor of claims of one kind. */
export function defineClaim<Q extends Quotes>(kind: Kind<Q>): (quotes: Q, source?: string) => Claim {
  const make = (quotes: Q, source?: string): Claim => ({
    says: kind.says(quotes),
    ...(source === undefined ? {} : { source }),
    quotes,
    // The lint mutates quotes one at a time, keeping their types.
    withQuotes: (other) => make(other as Q, source),
    check(workspace) {
      try {
        return kind.check(workspace, quotes);
      } catch (thrown) {
        if (thrown instanceof Missing) return { holds: false, found: thrown.message };
        throw thrown;
      }
    },
  });
  return make;
}

/** Something a claim names does not exist. */
export class Missing extends Error {}

function missing(what: string, name: string, known: readonly string[]): Missing {
  const near = nearestOf(name, known);
  return new Missing(`there is no ${what} ${name}${near === undefined ? '' : `; the nearest name is ${near}`}`);
}

/** The file, or a Missing with the nearest path. */
export function fileOf(workspace: Workspace, path: string): SourceFile {
  const file = workspace.findSourceFile(path);
  if (file !== undefined) return file;
  const known = workspace.sourceFiles().map((each) => workspace.relative(each.getFilePath()));
  throw missing('file', path, known);
}

/** A class of a file. */
export function classOf(file: SourceFile, name: string): ClassDeclaration {
  const found = file.getClass(name);
  if (found !== undefined) return found;
  const known = file.getClasses().map((each) => each.getName() ?? '');
  throw missing('class', name, known);
}

/** Methods, accessors and the constructor of a class, by name (`constructor`), statics included. */
export function membersOf(declaration: ClassDeclaration): ReadonlyMap<string, Node> {
  const members = new Map<string, Node>();
  for (const member of declaration.getMembers()) {
    if (Node.isConstructorDeclaration(member)) members.set('constructor', member);
    else if (Node.isMethodDeclaration(member) || Node.isGetAccessorDeclaration(member) || Node.isSetAccessorDeclaration(member))
      members.set(member.getName(), member);
  }
  return members;
}

/** A member `Class.member` or a top-level declaration of a file. */
export function memberOf(workspace: Workspace, path: string, name: string): Node {
  const file = fileOf(workspace, path);
  const [first = '', second] = name.split('.');
  if (second !== undefined) {
    const members = membersOf(classOf(file, first));
    const member = members.get(second);
    if (member !== undefined) return member;
    throw missing(
      'member',
      name,
      [...members.keys()].map((each) => `${first}.${each}`),
    );
  }
  const declarations = declarationsOf(file);
  const declaration = declarations.get(first);
  if (declaration !== undefined) return declaration;
  throw missing('declaration', name, [...declarations.keys()]);
}

/** Named top-level declarations of a file. */
export function declarationsOf(file: SourceFile): ReadonlyMap<string, Node> {
  const found = new Map<string, Node>();
  for (const statement of file.getStatements()) {
    if (Node.isVariableStatement(statement)) for (const each of statement.getDeclarations()) found.set(each.getName(), each);
    else if (
      Node.isClassDeclaration(statement) ||
      Node.isFunctionDeclaration(statement) ||
      Node.isInterfaceDeclaration(statement) ||
      Node.isTypeAliasDeclaration(statement) ||
      Node.isEnumDeclaration(statement)
    ) {
      const name = statement.getName();
      if (name !== undefined) found.set(name, statement);
    }
  }
  return found;
}

/** `path:line` of a node. */
export function at(workspace: Workspace, node: Node): string {
  return `${workspace.relative(node.getSourceFile().getFilePath())}:${String(node.getStartLineNumber())}`;
}

/** Whether a file is a test by its name or folder. */
export function isTestFile(path: string): boolean {
  return /\.test\.[cm]?tsx?$/.test(path) || /\/tests?\//.test(path);
}

// Claims about who uses what: callers, dead and live members, types that exist, tests and what they exercise.
import { Node, SyntaxKind, type ReferenceFindableNode } from 'ts-morph';
import type { Workspace } from '../../kernel/workspace.ts';
import { at, classOf, defineClaim, fileOf, isTestFile, memberOf, membersOf } from './define-claim.ts';

function referencesOf(node: Node): readonly Node[] {
  if (Node.isConstructorDeclaration(node)) return constructionsOf(node);
  // Every named declaration the claims reach has this method; the mixin's type is not a Node's.
  const named = node as unknown as ReferenceFindableNode;
  return named
    .findReferencesAsNodes()
    .filter((each) => each !== node && each.getFirstAncestor(Node.isImportDeclaration) === undefined);
}

function constructionsOf(constructor: Node): readonly Node[] {
  const declaration = constructor.getParentIfKindOrThrow(SyntaxKind.ClassDeclaration);
  return declaration.findReferencesAsNodes().filter((each) => Node.isNewExpression(each.getParent()));
}

function isOwnName(reference: Node, declaration: Node): boolean {
  if (reference.getSourceFile() !== declaration.getSourceFile()) return false;
  return reference.getPos() >= declaration.getPos() && reference.getEnd() <= declaration.getEnd();
}

/** The name of another declaration of the same member: of the interface it implements, of an override. */
function isDeclarationName(reference: Node): boolean {
  const parent = reference.getParent();
  return (
    (Node.isMethodSignature(parent) || Node.isPropertySignature(parent) || Node.isMethodDeclaration(parent)) &&
    parent.getNameNode() === reference
  );
}

/** References of a declaration from production code outside of itself (and, for a member, outside of its class). */
export function productionUses(workspace: Workspace, declaration: Node): readonly Node[] {
  const scope = declaration.getFirstAncestorByKind(SyntaxKind.ClassDeclaration) ?? declaration;
  return referencesOf(declaration).filter((each) => {
    const path = workspace.relative(each.getSourceFile().getFilePath());
    return (
      !isTestFile(path) &&
      !isOwnName(each, scope) &&
      !isDeclarationName(each) &&
      each.getFirstAncestor(Node.isExportDeclaration) === undefined
    );
  });
}

/** These members have no use in production code. */
export const unusedMembers = defineClaim<{ file: string; class: string; members: readonly string[] }>({
  says: (quotes) => `of ${quotes.class}, nothing in production uses ${quotes.members.join(', ')}`,
  check(workspace, quotes) {
    const used = quotes.members.flatMap((name) => {
      const uses = productionUses(workspace, memberOf(workspace, quotes.file, `${quotes.class}.${name}`));
      return uses[0] === undefined ? [] : [`${name} is used at ${uses.map((use) => at(workspace, use)).join(' and ')}`];
    });
    return { holds: used.length === 0, found: used.length === 0 ? 'no use of any of them' : used.join('; '), at: quotes.file };
  },
});

/** The members of a class that production code needs, directly or through each other, are exactly these. */
export const liveMembers = defineClaim<{ file: string; class: string; members: readonly string[] }>({
  says: (quotes) => `the members of ${quotes.class} that production needs are ${quotes.members.join(', ')}`,
  check(workspace, quotes) {
    const declaration = classOf(fileOf(workspace, quotes.file), quotes.class);
    const members = membersOf(declaration);
    const live = new Set<string>();
    const waiting = [...members].filter(([, node]) => productionUses(workspace, node).length > 0).map(([name]) => name);
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      if (live.has(name)) continue;
      live.add(name);
      for (const access of members.get(name)?.getDescendantsOfKind(SyntaxKind.PropertyAccessExpression) ?? []) {
        if (Node.isThisExpression(access.getExpression()) && members.has(access.getName())) waiting.push(access.getName());
      }
    }
    const holds = live.size === quotes.members.length && quotes.members.every((name) => live.has(name));
    return { holds, found: `production reaches ${[...live].toSorted().join(', ')}`, at: at(workspace, declaration) };
  },
});

/** A member is used exactly in these files of production code. */
export const usedIn = defineClaim<{ file: string; member: string; users: readonly string[] }>({
  says: ({ member, users }) => `${member} is used in ${users.length === 0 ? 'no file' : users.join(', ')}`,
  check(workspace, { file, member, users }) {
    const uses = productionUses(workspace, memberOf(workspace, file, member));
    const found = [...new Set(uses.map((use) => workspace.relative(use.getSourceFile().getFilePath())))].toSorted();
    const holds = found.length === users.length && found.every((path) => users.includes(path));
    return { holds, found: found.length === 0 ? 'no production code uses it' : `used in ${found.join(', ')}`, at: file };
  },
});

/** All of these have a caller in production code. */
export const active = defineClaim<{ file: string; members: readonly string[] }>({
  says: ({ file, members }) => `${members.join(', ')} of ${file} are active: production code calls them`,
  check(workspace, { file, members }) {
    const idle = members.filter((name) => productionUses(workspace, memberOf(workspace, file, name)).length === 0);
    return {
      holds: idle.length === 0,
      found: idle.length === 0 ? 'each has a caller' : `no production code calls ${idle.join(', ')}`,
      at: file,
    };
  },
});

/** A type of this name is declared in a file. */
export const typeExists = defineClaim<{ type: string; file: string }>({
  says: ({ type, file }) => `the type ${type} is declared in ${file}`,
  check(workspace, { type, file }) {
    const node = memberOf(workspace, file, type);
    return { holds: true, found: 'it is', at: at(workspace, node) };
  },
});

function identifiersIn(node: Node): ReadonlySet<string> {
  // A private member may be reached through its name as text: `manager['recommend']`.
  const keys = node.getDescendantsOfKind(SyntaxKind.StringLiteral).map((each) => each.getLiteralText());
  return new Set([...node.getDescendantsOfKind(SyntaxKind.Identifier).map((each) => each.getText()), ...keys]);
}

/** Names a test uses, itself or through the helpers of its file. */
function namesIn(test: Node, helpers: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> {
  const names = new Set(identifiersIn(test));
  // A set grows while it is iterated: helpers of helpers are reached too.
  for (const name of names) for (const each of helpers.get(name) ?? []) names.add(each);
  return names;
}

/** A test file has so many tests, and each exercises one of these. */
export const testsExercise = defineClaim<{ file: string; tests: number; symbols: readonly string[] }>({
  says: ({ file, tests, symbols }) => `the ${String(tests)} tests of ${file} test ${symbols.join(', ')}`,
  check(workspace, { file, tests, symbols }) {
    const source = fileOf(workspace, file);
    const cases = source
      .getDescendantsOfKind(SyntaxKind.CallExpression)
      .filter((call) => /^(?:it|test)$/.test(call.getExpression().getText()));
    const named = [
      ...source.getDescendantsOfKind(SyntaxKind.FunctionDeclaration),
      ...source.getDescendantsOfKind(SyntaxKind.VariableDeclaration),
    ];
    const helpers = new Map(named.map((node) => [node.getName() ?? '', identifiersIn(node)]));
    const used = new Set<string>();
    const other = cases.filter((call) => {
      const names = namesIn(call, helpers);
      for (const symbol of symbols) if (names.has(symbol)) used.add(symbol);
      return !symbols.some((symbol) => names.has(symbol));
    });
    const unused = symbols.filter((symbol) => !used.has(symbol));
    const parts = [`${String(cases.length)} tests`];
    if (other.length > 0) parts.push(`${String(other.length)} of them use none of these`);
    if (unused.length > 0) parts.push(`none uses ${unused.join(', ')}`);
    return { holds: cases.length === tests && other.length === 0 && unused.length === 0, found: parts.join(', '), at: file };
  },
});

// A function or method by its name: what calls it by, what documents it, and what fixes its signature from outside.
import {
  type ArrowFunction,
  type ClassDeclaration,
  type FunctionDeclaration,
  type FunctionExpression,
  type MethodDeclaration,
  Node,
  Scope,
  type SourceFile,
  SyntaxKind,
  type VariableStatement,
} from 'ts-morph';
import { nearestOf } from '../kernel/nearest.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { Workspace } from '../kernel/workspace.ts';
import { hiddenUseOf, namespaceUseOf, shapeWith } from './other-views.ts';

export interface NamedFunction {
  /** As it was asked for: `f` or `Class.method`. */
  readonly name: string;
  readonly node: FunctionDeclaration | MethodDeclaration | ArrowFunction | FunctionExpression;
  /** What references lead to. */
  readonly nameNode: Node & { findReferencesAsNodes(): Node[] };
  /** What its JSDoc comment stands above. */
  readonly documented: FunctionDeclaration | MethodDeclaration | VariableStatement;
}

/** Every function of the file that has a name: `f`, a `const` that holds one, `Class.method`. */
function namedFunctions(file: SourceFile): ReadonlyMap<string, NamedFunction> {
  const found = new Map<string, NamedFunction>();
  const add = (
    name: string | undefined,
    node: NamedFunction['node'],
    nameNode: Node | undefined,
    documented: NamedFunction['documented'],
  ): void => {
    if (name === undefined || !(Node.isIdentifier(nameNode) || Node.isPrivateIdentifier(nameNode))) return;
    found.set(name, { name, node, nameNode, documented });
  };
  for (const node of file.getFunctions()) add(node.getName(), node, node.getNameNode(), node);
  for (const statement of file.getVariableStatements()) {
    for (const variable of statement.getDeclarations()) {
      const value = variable.getInitializer();
      const isFunction = Node.isArrowFunction(value) || Node.isFunctionExpression(value);
      if (isFunction) add(variable.getName(), value, variable.getNameNode(), statement);
    }
  }
  for (const owner of file.getClasses()) {
    for (const node of owner.getMethods())
      add(`${owner.getName() ?? 'default'}.${node.getName()}`, node, node.getNameNode(), node);
  }
  return found;
}

/** The function called `name` in the file; refused with the nearest name when there is none. */
export function findFunction(file: SourceFile, name: string): NamedFunction {
  const functions = namedFunctions(file);
  const found = functions.get(name);
  if (found !== undefined) return found;
  const near = nearestOf(name, functions.keys());
  throw new Refusal(
    'REFIT_FUNCTION_UNKNOWN',
    `${file.getBaseName()} has no function ${name}.${near === undefined ? '' : ` Did you mean ${near}?`} Give a function, a const that holds one, or Class.method.`,
  );
}

/** Whether code that the project does not hold may call it: it is exported, or a method that is not private. */
export function isReachableFromOutside({ node, documented }: NamedFunction): boolean {
  if (Node.isMethodDeclaration(node)) return node.getScope() !== Scope.Private && !Node.isPrivateIdentifier(node.getNameNode());
  if (Node.isFunctionDeclaration(node)) return isExported(node, node.getName());
  return (
    Node.isVariableStatement(documented) && documented.getDeclarations().some((each) => isExported(documented, each.getName()))
  );
}

/** By a keyword, or by a list `export { name }` of the file. */
function isExported(node: Node & { isExported(): boolean; getSourceFile(): SourceFile }, name: string | undefined): boolean {
  if (node.isExported()) return true;
  const listed = node
    .getSourceFile()
    .getExportDeclarations()
    .filter((each) => each.getModuleSpecifier() === undefined);
  return listed.some((each) => each.getNamedExports().some((item) => item.getName() === name));
}

/** Why the parameters of the function must stay as they are, or undefined. */
export function fixesSignature(workspace: Workspace, { node, nameNode }: NamedFunction): string | undefined {
  if (Node.isFunctionDeclaration(node) && node.getOverloads().length > 0) return 'it has overloads';
  if (!Node.isMethodDeclaration(node)) return fixesVariable(node) ?? namespaceUse(workspace, node);
  if (node.getOverloads().length > 0) return 'it has overloads';
  if (node.getDecorators().length > 0) return 'a decorator sees it';
  const owner = node.getParent();
  if (!Node.isClassDeclaration(owner)) return 'its object may be called by other names';
  const name = nameNode.getText();
  if (hasMember(owner, name)) return `an interface or a base class declares ${name}`;
  const override = owner.getDerivedClasses().find((each) => each.getInstanceMember(name) !== undefined);
  if (override !== undefined) return `${override.getName() ?? 'a subclass'} overrides it`;
  return computedAccess(workspace, owner) ?? otherView(workspace, owner, name);
}

/** Callers that look exports of the module up by a computed name. */
function namespaceUse(workspace: Workspace, node: Node): string | undefined {
  const view = namespaceUseOf(workspace, node.getSourceFile());
  if (view === undefined) return undefined;
  return `${workspace.relative(view.path)}:${String(view.line)} hands on all exports of its module (\`${view.text}\`)`;
}

/** Callers that reach the method without naming the class: through an assertion, or a type it happens to fit. */
function otherView(workspace: Workspace, owner: ClassDeclaration, name: string): string | undefined {
  const view = hiddenUseOf(workspace, owner, name) ?? shapeWith(workspace, owner, name);
  if (view === undefined) return undefined;
  return `${workspace.relative(view.path)}:${String(view.line)} may call it under another type (\`${view.text}\`)`;
}

function fixesVariable(node: Node): string | undefined {
  const variable = node.getParent();
  if (Node.isVariableDeclaration(variable) && variable.getTypeNode() !== undefined) return 'its variable has a type of its own';
  return undefined;
}

/** Whether a class or interface that the class builds on has the member. */
function hasMember(owner: ClassDeclaration, name: string): boolean {
  const bases = [...owner.getImplements(), owner.getExtends()].filter((each) => each !== undefined);
  return bases.some((base) => base.getType().getProperty(name) !== undefined);
}

/** `object[key]` on the class with a key that is no literal may reach any method. */
function computedAccess(workspace: Workspace, owner: ClassDeclaration): string | undefined {
  const symbol = owner.getSymbol();
  for (const file of workspace.sourceFiles()) {
    for (const access of file.getDescendantsOfKind(SyntaxKind.ElementAccessExpression)) {
      const key = access.getArgumentExpression();
      if (key === undefined || Node.isStringLiteral(key) || Node.isNumericLiteral(key)) continue;
      if (access.getExpression().getType().getSymbol() !== symbol) continue;
      return `${workspace.relative(file.getFilePath())}:${String(access.getStartLineNumber())} reaches its methods by a computed name`;
    }
  }
  return undefined;
}

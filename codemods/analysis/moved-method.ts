// A method that touches nothing but an object in one field, as a method of that object's class.
import { type ClassDeclaration, type MethodDeclaration, Node, Scope, SyntaxKind } from 'ts-morph';
import { reindent } from '../kernel/indent.ts';
import { type ImportRequest, placeOf } from '../kernel/proposal.ts';
import { Refusal } from '../kernel/refusal.ts';
import { indentAt } from '../kernel/text-positions.ts';
import type { Workspace } from '../kernel/workspace.ts';
import { fieldUses, type FieldDeclaration } from './field-uses.ts';
import { isModuleLevel, nameUses } from './name-uses.ts';
import { extentOf, topLevelNames } from './top-level.ts';

export interface MovedMethod {
  readonly method: MethodDeclaration;
  /** The text in the new class, comments included, from the first column. */
  readonly text: string;
  /** Calls `this.old(…)`: their callee becomes `callee`. */
  readonly callees: readonly Node[];
  readonly callee: string;
  readonly requests: readonly ImportRequest[];
}

function refuse(node: Node, message: string): never {
  throw new Refusal('REFIT_ENCAPSULATE_METHOD', message, placeOf(node));
}

function methodNamed(workspace: Workspace, name: string, target: ClassDeclaration): MethodDeclaration {
  const [className = '', methodName = ''] = name.split('.');
  const found = workspace.sourceFiles().flatMap((file) =>
    file
      .getClasses()
      .filter((each) => each.getName() === className)
      .flatMap((each) => each.getInstanceMethod(methodName) ?? []),
  );
  const [method, other] = found;
  if (method === undefined) refuse(target, `There is no method ${name} in the project. Name it as Class.method.`);
  if (other !== undefined) refuse(other, `${name} is declared more than once. Rename one of them first.`);
  return method;
}

function requirePlain(method: MethodDeclaration): void {
  const what =
    method.isAbstract() || method.getOverloads().length > 0 || method.getDecorators().length > 0 || method.hasOverrideKeyword();
  if (what) refuse(method, 'The method is abstract, overloaded, decorated or overrides another. Only a plain method can move.');
  const owner = method.getParentIfKind(SyntaxKind.ClassDeclaration);
  const isOpen =
    (owner?.getDerivedClasses().length ?? 0) > 0 || (owner?.getImplements().length ?? 0) > 0 || owner?.getExtends() !== undefined;
  if (method.getScope() !== Scope.Private && isOpen)
    refuse(method, 'The method may be called or overridden through another type. Make it private first.');
  const hidden = method
    .getDescendants()
    .find(
      (node) =>
        Node.isSuperExpression(node) || (Node.isIdentifier(node) && node.getText() === 'arguments') || Node.isMetaProperty(node),
    );
  if (hidden !== undefined) refuse(hidden, `\`${hidden.getText()}\` means the method it stands in. Move it by hand.`);
}

/** `this.field` of every `this` in the method; all the same, and an object of the class. */
function receiverOf(method: MethodDeclaration, target: ClassDeclaration): readonly [Node, ...Node[]] {
  const receivers = method.getDescendantsOfKind(SyntaxKind.ThisKeyword).map((node) => {
    const own = node.getFirstAncestor(
      (each) =>
        Node.isFunctionDeclaration(each) ||
        Node.isFunctionExpression(each) ||
        Node.isMethodDeclaration(each) ||
        Node.isClassExpression(each),
    );
    if (own !== method) refuse(node, 'A nested function has a `this` of its own. Move it by hand.');
    const access = node.getParent();
    const symbol = Node.isPropertyAccessExpression(access) ? access.getType().getSymbol() : undefined;
    if (!Node.isPropertyAccessExpression(access) || symbol !== target.getSymbol())
      refuse(
        node,
        `\`${(access ?? node).getText()}\` is not about ${target.getName() ?? 'the class'}. Only a method that touches nothing else can move.`,
      );
    return access;
  });
  const [first, ...rest] = receivers;
  if (first === undefined) refuse(method, 'The method does not touch the class at all.');
  const other = rest.find((each) => each.getText() !== first.getText());
  if (other !== undefined)
    refuse(other, `The method touches two objects: \`${first.getText()}\` and \`${other.getText()}\`. Split it first.`);
  requireFixed(first);
  return [first, ...rest];
}

/** The field that holds the object must be the same one during the call. */
function requireFixed(receiver: Node): void {
  const declaration = receiver.getSymbol()?.getDeclarations()[0];
  if (declaration === undefined || !(Node.isPropertyDeclaration(declaration) || Node.isParameterDeclaration(declaration)))
    refuse(receiver, 'The object is not held in a field.');
  if (declaration.isReadonly()) return;
  // Both kinds of declarations have a name node and references.
  const field = declaration as unknown as FieldDeclaration;
  const write = fieldUses(field).find(
    (use) =>
      !['read', 'declaration'].includes(use.touch) && use.node.getFirstAncestorByKind(SyntaxKind.Constructor) === undefined,
  );
  if (write !== undefined) refuse(write.node, 'The field that holds the object is assigned again. Make it readonly first.');
}

function calleesOf(method: MethodDeclaration): readonly Node[] {
  return method
    .findReferencesAsNodes()
    .filter((node) => node !== method.getNameNode())
    .map((node) => {
      const access = node.getParent();
      const called =
        Node.isPropertyAccessExpression(access) &&
        access.getExpression().getKind() === SyntaxKind.ThisKeyword &&
        Node.isCallExpression(access.getParent()) &&
        access.getParentIfKind(SyntaxKind.CallExpression)?.getExpression() === access;
      if (!called) refuse(node, `${method.getName()} is used other than by \`this.${method.getName()}(…)\`. Change that first.`);
      return access;
    });
}

/** Imports the class's file needs for names the method uses. */
function requestsOf(method: MethodDeclaration, into: string): readonly ImportRequest[] {
  const file = method.getSourceFile();
  if (file.getFilePath() === into) return [];
  const own = topLevelNames(file);
  return nameUses([method]).flatMap((use): readonly ImportRequest[] => {
    const { declaration } = use;
    if (use.declares || declaration.getSourceFile() !== file || !isModuleLevel(declaration)) return [];
    const local = use.identifier.getText();
    if (!Node.isImportSpecifier(declaration)) {
      if (own.get(local)?.exported !== 'keyword')
        refuse(use.identifier, `${local} is not exported from ${file.getBaseName()}. Export it, or move it first.`);
      return [{ into, name: local, from: file.getFilePath(), typeOnly: use.typeOnly }];
    }
    const whole = declaration.getImportDeclaration();
    const path = whole.getModuleSpecifierSourceFile()?.getFilePath();
    if (path === into) return [];
    const specifier = whole.getModuleSpecifierValue();
    const typeOnly = use.typeOnly || declaration.isTypeOnly() || whole.isTypeOnly();
    return [
      {
        into,
        name: declaration.getName(),
        alias: declaration.getAliasNode()?.getText(),
        from: specifier.startsWith('.') ? (path ?? specifier) : specifier,
        typeOnly,
      },
    ];
  });
}

function textOf(method: MethodDeclaration, name: string, receivers: readonly Node[]): string {
  const text = method.getSourceFile().getFullText();
  const { start, end } = extentOf(method);
  const scope = method
    .getModifiers()
    .filter((each) => [SyntaxKind.PrivateKeyword, SyntaxKind.ProtectedKeyword].includes(each.getKind()));
  const changes = [
    ...scope.map((each) => ({ from: each.getStart(), to: each.getEnd() + 1, text: '' })),
    { from: method.getNameNode().getStart(), to: method.getNameNode().getEnd(), text: name },
    ...receivers.map((each) => ({ from: each.getStart(), to: each.getEnd(), text: 'this' })),
  ].toSorted((a, b) => b.from - a.from);
  let moved = text.slice(start, end);
  for (const change of changes) moved = moved.slice(0, change.from - start) + change.text + moved.slice(change.to - start);
  return reindent(moved, '', indentAt(text, method.getStart()), 'member');
}

/** How the method `from` becomes the method `name` of the class. Refused when it touches anything else. */
export function movedMethod(workspace: Workspace, target: ClassDeclaration, from: string, name: string): MovedMethod {
  const method = methodNamed(workspace, from, target);
  requirePlain(method);
  const receivers = receiverOf(method, target);
  return {
    method,
    text: textOf(method, name, receivers),
    callees: calleesOf(method),
    callee: `${receivers[0].getText()}.${name}`,
    requests: requestsOf(method, target.getSourceFile().getFilePath()),
  };
}

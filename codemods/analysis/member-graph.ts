// Which methods of a class use which fields and call which methods: what a class can be cut along.
import { type ClassDeclaration, type GetAccessorDeclaration, type MethodDeclaration, Node, SyntaxKind } from 'ts-morph';

/** What a class is cut along: methods, and getters that no setter goes with. */
export type CodeMember = MethodDeclaration | GetAccessorDeclaration;

/** `this.name`, or `Class.name` for a static member. */
export interface MemberUse {
  readonly name: string;
  readonly access: Node;
  readonly isStatic: boolean;
  readonly called: boolean;
}

/** Code whose `this` does not say which member is meant. */
export interface OpaqueUse {
  readonly node: Node;
  readonly why: string;
}

function ownThis(node: Node, method: Node): boolean {
  const binds = node.getFirstAncestor(
    (each) =>
      each === method ||
      Node.isFunctionDeclaration(each) ||
      Node.isFunctionExpression(each) ||
      Node.isClassExpression(each) ||
      Node.isMethodDeclaration(each) ||
      Node.isGetAccessorDeclaration(each) ||
      Node.isSetAccessorDeclaration(each),
  );
  return binds === method;
}

function isCalled(access: Node): boolean {
  const call = access.getParent();
  return Node.isCallExpression(call) && call.getExpression() === access;
}

/** The members of its own object and class that the code names, in the order of the text. */
export function memberUses(node: Node, owner: ClassDeclaration): readonly MemberUse[] {
  const className = owner.getName();
  return node.getDescendants().flatMap((each): readonly MemberUse[] => {
    const access = each.getParent();
    if (!Node.isPropertyAccessExpression(access) || access.getExpression() !== each) return [];
    const isStatic = Node.isIdentifier(each) && each.getText() === className;
    if (!isStatic && !Node.isThisExpression(each)) return [];
    return [{ name: access.getName(), access, isStatic, called: isCalled(access) }];
  });
}

/** The first use of `this`, `super` or `arguments` in a method that cannot be followed. */
export function opaqueUse(method: CodeMember): OpaqueUse | undefined {
  for (const node of method.getDescendants()) {
    if (Node.isSuperExpression(node)) return { node, why: '`super` means the class it stands in' };
    if (Node.isPrivateIdentifier(node)) return { node, why: 'a `#private` name cannot leave its class' };
    if (!Node.isThisExpression(node)) continue;
    if (method.isStatic()) return { node, why: '`this` of a static method is the class' };
    if (!ownThis(node, method)) return { node, why: 'a nested function has a `this` of its own' };
    const parent = node.getParent();
    if (!Node.isPropertyAccessExpression(parent)) return { node, why: 'the whole object is passed on' };
  }
  return undefined;
}

/** Methods by name (static ones too), and getters of the object that no setter goes with; overloads are not among them. */
export function methodsOf(owner: ClassDeclaration): ReadonlyMap<string, CodeMember> {
  const found: readonly CodeMember[] = [...owner.getInstanceMethods(), ...owner.getStaticMethods(), ...readersOf(owner)];
  return new Map(found.map((each) => [each.getName(), each]));
}

function readersOf(owner: ClassDeclaration): readonly GetAccessorDeclaration[] {
  return owner.getGetAccessors().filter((each) => !each.isStatic() && each.getSetAccessor() === undefined);
}

/** The largest set of methods that use no field but the given ones and call none but each other. */
export function partitionBy(owner: ClassDeclaration, fields: ReadonlySet<string>): readonly string[] {
  const methods = methodsOf(owner);
  const uses = new Map([...methods].map(([name, method]) => [name, memberUses(method, owner)]));
  const chosen = new Set(
    [...methods].flatMap(([name, method]) => ((uses.get(name)?.length ?? 0) > 0 && !method.isAbstract() ? [name] : [])),
  );
  for (let settled = false; !settled;) {
    const foreign = [...chosen].filter((name) =>
      (uses.get(name) ?? []).some((use) => !fields.has(use.name) && !chosen.has(use.name)),
    );
    for (const name of foreign) chosen.delete(name);
    settled = foreign.length === 0;
  }
  return [...methods.keys()].filter((name) => chosen.has(name));
}

/** The statement `this.field = …` of the constructor, when it is the only assignment to it there. */
export function constructorAssignment(owner: ClassDeclaration, field: string): Node | undefined {
  const found = (owner.getConstructors()[0]?.getDescendantsOfKind(SyntaxKind.ExpressionStatement) ?? []).filter((each) => {
    const expression = each.getExpression();
    return (
      Node.isBinaryExpression(expression) &&
      expression.getOperatorToken().getKind() === SyntaxKind.EqualsToken &&
      expression.getLeft().getText() === `this.${field}`
    );
  });
  return found.length === 1 ? found[0] : undefined;
}

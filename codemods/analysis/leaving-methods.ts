// Whether methods can leave their class for another one, what they need of it, and who calls them.
import { type ClassDeclaration, Node, type SourceFile, SyntaxKind } from 'ts-morph';
import type { Proposal } from '../kernel/proposal.ts';
import { type CodeMember, memberUses, methodsOf, opaqueUse } from './member-graph.ts';
import { writeOf } from './name-uses.ts';

/** Methods on their way out of a class. */
export interface LeavingMethods {
  readonly owner: ClassDeclaration;
  readonly methods: readonly CodeMember[];
  /** Their names. */
  readonly moved: ReadonlySet<string>;
  readonly out: Proposal;
}

export interface Callers {
  /** `this.m` or `Class.m` in code of the class that stays. */
  readonly own: readonly Node[];
  /** Whether code outside of the class uses the method. */
  readonly foreign: boolean;
}

export function requirePlain({ methods, owner, out }: LeavingMethods): void {
  for (const method of methods) {
    const overloads = Node.isMethodDeclaration(method) ? method.getOverloads().length : 0;
    const overrides = method.hasModifier(SyntaxKind.OverrideKeyword);
    const special = method.isAbstract() || overloads > 0 || method.getDecorators().length > 0 || overrides;
    if (special)
      out.refuse(
        'REFIT_EXTRACT_CLASS_METHOD',
        method,
        `${method.getName()} is abstract, overloaded, decorated or overrides another. Only a plain method can move.`,
      );
    const opaque = opaqueUse(method);
    if (opaque !== undefined)
      out.refuse('REFIT_EXTRACT_CLASS_METHOD', opaque.node, `${method.getName()} cannot leave its class: ${opaque.why}.`);
    const overridden = owner.getDerivedClasses().find((each) => each.getInstanceMember(method.getName()) !== undefined);
    if (overridden !== undefined)
      out.refuse(
        'REFIT_EXTRACT_CLASS_METHOD',
        overridden,
        `${method.getName()} is overridden here; the new class would not call this one.`,
      );
  }
}

/** While the old object is built the new one is not there yet: nothing that runs then may need it. */
export function requireNotBuilding({ owner, moved, out }: LeavingMethods): void {
  const all = methodsOf(owner);
  const initial = owner
    .getInstanceProperties()
    .flatMap((each) => (Node.isPropertyDeclaration(each) ? (each.getInitializer() ?? []) : []));
  const waiting: Node[] = [...owner.getConstructors(), ...initial];
  const seen = new Set<string>();
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    for (const use of memberUses(node, owner)) {
      if (moved.has(use.name) && !use.isStatic) {
        out.refuse(
          'REFIT_EXTRACT_CLASS_CONSTRUCTOR',
          use.access,
          `${use.name} runs while the object is built, before there is an object of the new class. Call it later.`,
        );
      }
      const method = all.get(use.name);
      if (method === undefined || seen.has(use.name)) continue;
      seen.add(use.name);
      waiting.push(method);
    }
  }
}

/** `vi.spyOn(handler, 'fetch')` replaces a method by its name. */
export function requireNoSpies({ methods, owner, out }: LeavingMethods, files: readonly SourceFile[]): void {
  const names = new Set(methods.map((each) => each.getName()));
  for (const file of files) {
    const text = file.getFullText();
    if (![...names].some((name) => text.includes(`'${name}'`) || text.includes(`"${name}"`) || text.includes(`\`${name}\``)))
      continue;
    for (const literal of [
      ...file.getDescendantsOfKind(SyntaxKind.StringLiteral),
      ...file.getDescendantsOfKind(SyntaxKind.NoSubstitutionTemplateLiteral),
    ]) {
      const call = literal.getParentIfKind(SyntaxKind.CallExpression);
      const first = call?.getArguments()[0];
      if (!names.has(literal.getLiteralText()) || first === undefined || first === literal) continue;
      const type = first.getType();
      if (type.getSymbol() !== owner.getSymbol() && !type.isAny()) continue;
      out.refuse(
        'REFIT_EXTRACT_CLASS_METHOD',
        literal,
        `${literal.getLiteralText()} is replaced by its name here, which would miss the new class. Change the test first.`,
      );
    }
  }
}

/** Moved methods may call each other only; whatever else they name on `this` is a field. */
export function fieldNames({ methods, owner, moved, out }: LeavingMethods): ReadonlySet<string> {
  const all = methodsOf(owner);
  const names = new Set<string>();
  for (const method of methods) {
    for (const use of memberUses(method, owner)) {
      if (moved.has(use.name)) continue;
      if (all.has(use.name) && !use.isStatic)
        out.refuse(
          'REFIT_EXTRACT_CLASS_CALL',
          use.access,
          `${method.getName()} calls ${use.name}, which stays. Move it along (add it to members), or pass what it answers.`,
        );
      if (!use.isStatic) names.add(use.name);
    }
  }
  return names;
}

function isWithin(node: Node, nodes: readonly Node[]): boolean {
  return nodes.some(
    (each) => each.getSourceFile() === node.getSourceFile() && each.getPos() <= node.getPos() && node.getEnd() <= each.getEnd(),
  );
}

/** A method is called, a getter is read. */
function isPlainUse(method: CodeMember, access: Node | undefined): boolean {
  if (!Node.isPropertyAccessExpression(access)) return false;
  const parent = access.getParent();
  if (Node.isGetAccessorDeclaration(method)) return writeOf(access) === 'none' && !Node.isDeleteExpression(parent);
  return Node.isCallExpression(parent) && parent.getExpression() === access;
}

export function callersOf(method: CodeMember, { owner, methods, out }: LeavingMethods): Callers {
  const own: Node[] = [];
  let foreign = false;
  for (const node of method.findReferencesAsNodes()) {
    if (node === method.getNameNode() || isWithin(node, methods)) continue;
    const access = node.getParent();
    if (!isPlainUse(method, access))
      out.refuse(
        'REFIT_EXTRACT_CLASS_METHOD',
        node,
        `${method.getName()} is used here as a value or through another type. Use it directly first.`,
      );
    const onSelf =
      Node.isPropertyAccessExpression(access) && (Node.isThisExpression(access.getExpression()) || method.isStatic());
    if (isWithin(node, [owner]) && onSelf && access !== undefined) own.push(access);
    else foreign = true;
  }
  return { own, foreign };
}

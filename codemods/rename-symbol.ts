// Codemod: rename-symbol
//
// Renames a declaration of a module (`name`) or a member of a class or interface (`Class.member`), with every use of it
// in the project. Object literals and destructuring that name a variable or field for short are written out, so that
// only the one that is meant changes. Comments and documents that speak of the old name are reported, not changed.
//
// Preconditions: the new name is an identifier and free wherever the old one is used, so nothing is bound to something
// else; a member's new name is free in the classes and interfaces around it. Names in JSON or built at run time cannot
// be seen: whatever text still holds the old name is reported. Refused: a member that is reached by a computed key.
//
// with { "file": "a.ts", "symbol": "total", "to": "sum" }
// ```ts
// // ---- a.ts
// export function total(list: readonly number[]): number {
//   return list.length;
// }
// // ---- b.ts
// import { total } from './a.ts';
// // the total of it
// export const answer = { total, twice: total([1]) * 2 };
// ```
// ->
// ```ts
// // ---- a.ts
// export function sum(list: readonly number[]): number {
//   return list.length;
// }
// // ---- b.ts
// import { sum } from './a.ts';
// // the total of it
// export const answer = { total: sum, twice: sum([1]) * 2 };
// ```
//
// with { "file": "example.ts", "symbol": "total", "to": "list" }
// ```ts
// export function total(list: readonly number[]): number {
//   return list.length === 0 ? 0 : total(list.slice(1)) + 1;
// }
// ```
// -> refused: REFIT_RENAME_TAKEN
import {
  type ClassDeclaration,
  type InterfaceDeclaration,
  Node,
  type ReferenceFindableNode,
  type ShorthandPropertyAssignment,
  type SourceFile,
  ts,
} from 'ts-morph';
import { textMentionsOf } from './analysis/mentions.ts';
import { hiddenUseOf, listingOf, namespaceUseOf, nameReadOf } from './analysis/other-views.ts';
import type { Codemod } from './kernel/codemod.ts';
import { nearestOf } from './kernel/nearest.ts';
import type { Proposal } from './kernel/proposal.ts';
import type { Workspace } from './kernel/workspace.ts';

export interface RenameSymbolOptions {
  readonly file: string;
  readonly symbol: string;
  readonly to: string;
}

/** A declaration that has a name and can be asked for its uses. */
interface Target {
  readonly name: Node;
  readonly uses: readonly Node[];
  readonly owner: ClassDeclaration | InterfaceDeclaration | undefined;
}

type Owner = ClassDeclaration | InterfaceDeclaration;

function membersOf(owner: Owner): ReadonlyMap<string, Node> {
  const found = new Map<string, Node>();
  const members = Node.isClassDeclaration(owner)
    ? [
        ...owner.getMembers(),
        ...(owner
          .getConstructors()[0]
          ?.getParameters()
          .filter((each) => each.isParameterProperty()) ?? []),
      ]
    : owner.getMembers();
  for (const member of members) if (Node.hasName(member)) found.set(member.getName(), member);
  return found;
}

function declarationsOf(file: SourceFile): ReadonlyMap<string, Node> {
  const found = new Map<string, Node>();
  const all = [
    ...file.getFunctions(),
    ...file.getClasses(),
    ...file.getInterfaces(),
    ...file.getTypeAliases(),
    ...file.getEnums(),
    ...file.getVariableDeclarations(),
  ];
  for (const each of all) {
    const name = each.getName();
    if (name !== undefined) found.set(name, each);
  }
  return found;
}

function findIn(names: ReadonlyMap<string, Node>, name: string): Node | string {
  const found = names.get(name);
  const near = nearestOf(name, names.keys());
  return found ?? `There is no ${name} here.${near === undefined ? '' : ` Did you mean ${near}?`}`;
}

/** The declaration a name stands for; undefined when the new name stands there already. */
function targetOf(file: SourceFile, options: RenameSymbolOptions, out: Proposal): Target | undefined {
  const place = { path: file.getFilePath(), line: 1 };
  const [first = '', second] = options.symbol.split('.');
  const names = declarationsOf(file);
  if (second === undefined && !names.has(first) && names.has(options.to)) return undefined;
  const outer = findIn(names, first);
  if (typeof outer === 'string') return out.refuse('REFIT_RENAME_UNKNOWN', place, outer);
  const owner = Node.isClassDeclaration(outer) || Node.isInterfaceDeclaration(outer) ? outer : undefined;
  if (second !== undefined && owner === undefined)
    return out.refuse('REFIT_RENAME_UNKNOWN', outer, `${first} has no members to rename.`);
  if (second === undefined || owner === undefined) return usesOf(outer, undefined, out);
  const members = membersOf(owner);
  if (!members.has(second) && members.has(options.to)) return undefined;
  const member = findIn(members, second);
  if (typeof member === 'string') return out.refuse('REFIT_RENAME_UNKNOWN', owner, member);
  return usesOf(member, owner, out);
}

/** With every declaration of it: overloads, and the class, interface and namespace that are merged under one name. */
function everyReference(declaration: Node & ReferenceFindableNode): readonly Node[] {
  const references = declaration.findReferences().flatMap((found) => found.getReferences());
  // `getNode` of ts-morph may answer with a larger node that starts at the same place.
  return references.flatMap((each) => each.getSourceFile().getDescendantAtPos(each.getTextSpan().getStart()) ?? []);
}

function usesOf(declaration: Node, owner: Owner | undefined, out: Proposal): Target {
  const name = Node.hasName(declaration) ? declaration.getNameNode() : undefined;
  if (name === undefined || !Node.isReferenceFindable(declaration))
    return out.refuse('REFIT_RENAME_UNKNOWN', declaration, 'This declaration has no name that can be followed.');
  const found = new Map(
    [name, ...everyReference(declaration)].map((node) => [
      `${node.getSourceFile().getFilePath()}:${String(node.getStart())}`,
      node,
    ]),
  );
  const isOld = (node: Node): boolean => node.getText().replaceAll(/^['"`]|['"`]$/g, '') === name.getText(); // not uses under an alias
  return { name, owner, uses: [...found.values()].filter(isOld) };
}

function requireIdentifier(options: RenameSymbolOptions, out: Proposal): void {
  const scanned = ts.createScanner(ts.ScriptTarget.Latest, false, ts.LanguageVariant.Standard, options.to.replace(/^#/, ''));
  const kind = scanned.scan();
  const whole = kind === ts.SyntaxKind.Identifier && scanned.scan() === ts.SyntaxKind.EndOfFileToken;
  if (!whole || options.to.startsWith('#') !== (options.symbol.split('.').at(-1) ?? '').startsWith('#')) {
    out.refuse(
      'REFIT_RENAME_NAME',
      undefined,
      `"${options.to}" cannot be the new name. Expected an identifier that is no keyword${options.symbol.includes('#') ? ', with # in front' : ''}.`,
    );
  }
}

/** A variable's new name must mean nothing else where the old one is used, and not be taken away from what it means now. */
function requireFreeVariable(target: Target, options: RenameSymbolOptions, out: Proposal): void {
  for (const file of new Set(target.uses.map((use) => use.getSourceFile()))) {
    const taken = file
      .getDescendants()
      .find((node) => Node.isIdentifier(node) && node.getText() === options.to && !isMemberName(node));
    if (taken !== undefined) {
      out.refuse(
        'REFIT_RENAME_TAKEN',
        taken,
        `${options.to} is a name in this file already, and ${options.symbol} is used here: one of them would be bound to the other. Choose another name.`,
      );
    }
  }
}

function isMemberName(node: Node): boolean {
  const parent = node.getParent();
  if (Node.isPropertyAccessExpression(parent) || Node.isPropertyAssignment(parent)) return parent.getNameNode() === node;
  const member =
    Node.isMethodDeclaration(parent) ||
    Node.isPropertyDeclaration(parent) ||
    Node.isPropertySignature(parent) ||
    Node.isMethodSignature(parent);
  return member && parent.getNameNode() === node;
}

/** Members of that name in the class, its bases, what extends it, and what it implements. */
function requireFreeMember(target: Target, options: RenameSymbolOptions, out: Proposal): void {
  const owners = new Set<Node>();
  for (const use of target.uses) {
    const owner = use.getFirstAncestor(
      (each) => Node.isClassDeclaration(each) || Node.isInterfaceDeclaration(each) || Node.isTypeLiteral(each),
    );
    const declares =
      Node.isMethodDeclaration(use.getParent()) ||
      Node.isPropertyDeclaration(use.getParent()) ||
      Node.isPropertySignature(use.getParent()) ||
      Node.isMethodSignature(use.getParent());
    if (owner !== undefined && declares) owners.add(owner);
  }
  if (target.owner !== undefined) owners.add(target.owner);
  const derived = Node.isClassDeclaration(target.owner) ? target.owner.getDerivedClasses() : [];
  for (const owner of [...owners, ...derived]) {
    if (owner.getType().getProperty(options.to) === undefined) continue;
    out.refuse('REFIT_RENAME_TAKEN', owner, `There is a member ${options.to} already. Choose another name.`);
  }
}

/** `this[key]` or `x[key]` on an object of the class: which member is meant is not written down. */
function requireNoComputedKey(workspace: Workspace, target: Target, out: Proposal): void {
  const symbol = target.owner?.getType().getSymbol();
  if (symbol === undefined) return;
  for (const file of workspace.sourceFiles()) {
    for (const node of file.getDescendantsOfKind(ts.SyntaxKind.ElementAccessExpression)) {
      if (Node.isStringLiteral(node.getArgumentExpression()) || node.getExpression().getType().getSymbol() !== symbol) continue;
      out.refuse(
        'REFIT_RENAME_COMPUTED',
        node,
        `A member is chosen by a computed key here (${node.getText()}): it may be this one. Name the members first.`,
      );
    }
  }
}

function isField(node: Node | undefined): node is Node {
  return Node.isPropertyDeclaration(node) || Node.isPropertySignature(node) || Node.isParameterDeclaration(node);
}

/** Uses that name neither the class nor its member: through an assertion, an untyped value, the namespace of the module. */
function requireNoHiddenUse(workspace: Workspace, target: Target, out: Proposal): void {
  const name = target.name.getText();
  const hidden =
    target.owner === undefined
      ? namespaceUseOf(workspace, target.name.getSourceFile())
      : hiddenUseOf(workspace, target.owner, name);
  const declaration = target.name.getParent();
  const listed = target.owner !== undefined && isField(declaration) ? listingOf(workspace, declaration) : undefined;
  if (listed !== undefined) {
    out.refuse(
      'REFIT_RENAME_LISTED',
      listed,
      `${name} is shown by its name here (\`${listed.text}\`), and would be shown by the new one. Name what is shown first.`,
    );
  }
  if (hidden === undefined) return;
  out.refuse(
    'REFIT_RENAME_COMPUTED',
    hidden,
    `${name} may be reached here without being named (\`${hidden.text}\`). Name what is meant first.`,
  );
}

/** `{ x }` with the x of a parameter that is also a field: the variable is meant. */
function isVariableRead(node: ShorthandPropertyAssignment): boolean {
  return (
    node
      .getValueSymbol()
      ?.getDeclarations()
      .some((each) => Node.isParameterDeclaration(each) && each.isParameterProperty()) ?? false
  );
}

/** The text that stands for a use under the new name. */
function renamedUse(use: Node, target: Target, to: string): string {
  const isMember = target.owner !== undefined;
  // `const { old } = await import(…)` takes an export out by its name, into a variable of its own.
  const isProperty = isMember || use !== target.name;
  const parent = use.getParent();
  const old = use.getText();
  if (Node.isStringLiteral(use)) return `${old.charAt(0)}${to}${old.charAt(0)}`;
  if (Node.isShorthandPropertyAssignment(parent)) return isMember && !isVariableRead(parent) ? `${to}: ${old}` : `${old}: ${to}`;
  const pattern =
    Node.isBindingElement(parent) &&
    parent.getPropertyNameNode() === undefined &&
    Node.isObjectBindingPattern(parent.getParent());
  if (pattern && parent.getNameNode() === use) return isProperty ? `${to}: ${old}` : `${old}: ${to}`;
  return to;
}

/** `Class.name`, `object.constructor.name`: the old name is part of what the program says. */
function requireNameUnread(workspace: Workspace, target: Target, out: Proposal): void {
  const declaration = target.name.getParent();
  if (target.owner !== undefined || declaration === undefined) return;
  const read = nameReadOf(workspace, declaration);
  if (read === undefined) return;
  out.refuse(
    'REFIT_RENAME_NAME_READ',
    read,
    `The program reads the name of ${target.name.getText()} when it runs (\`${read.text}\`), and would say the new one. Give it a text of its own first.`,
  );
}

function propose(workspace: Workspace, options: RenameSymbolOptions, out: Proposal): void {
  requireIdentifier(options, out);
  const file = workspace.sourceFile(options.file);
  const target = targetOf(file, options, out);
  if (target === undefined)
    return out.skip({ path: file.getFilePath(), line: 1 }, `${options.symbol} is called ${options.to} already.`);
  const isMember = target.owner !== undefined;
  if (isMember) {
    requireFreeMember(target, options, out);
    requireNoComputedKey(workspace, target, out);
    if (Node.isParameterDeclaration(target.name.getParent())) requireFreeVariable(target, options, out);
  } else requireFreeVariable(target, options, out);
  requireNoHiddenUse(workspace, target, out);
  requireNameUnread(workspace, target, out);
  const own = new Set(workspace.sourceFiles());
  for (const use of target.uses) {
    if (!own.has(use.getSourceFile()))
      out.refuse(
        'REFIT_RENAME_FOREIGN',
        use,
        `${options.symbol} is also declared outside of this project (${use.getSourceFile().getBaseName()}): its name is not ours to change.`,
      );
    out.replace(use, renamedUse(use, target, options.to));
    if (Node.isExportSpecifier(use.getParent()))
      out.finding('api', use, `${use.getText()} is exported here under its new name ${options.to}.`);
  }
  out.holds(
    `${options.to} is free where ${options.symbol} is used`,
    `${String(target.uses.length)} uses in ${String(new Set(target.uses.map((use) => use.getSourceFile())).size)} files`,
  );
  for (const { place, word } of textMentionsOf(workspace, {
    names: [options.symbol.split('.').at(-1) ?? ''],
    paths: [],
    without: [],
  })) {
    out.finding(
      'note',
      place,
      `${word} is spoken of here, in a comment or another text; if the renamed one is meant, tidy-comments changes it.`,
    );
  }
}

export const renameSymbol: Codemod<RenameSymbolOptions> = {
  name: 'rename-symbol',
  options: {
    file: { kind: 'text', required: true, help: 'the file of the declaration' },
    symbol: { kind: 'text', required: true, help: 'its name, or Class.member' },
    to: { kind: 'text', required: true, help: 'the new name' },
  },
  propose,
};

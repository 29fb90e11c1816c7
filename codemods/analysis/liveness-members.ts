// Collects the members of a program: every declaration that the liveness analysis judges on its own.
import { ts } from 'ts-morph';
import { lineOfNode, type Member, type MemberKind } from './liveness-model.ts';

/** A source file of the workspace as the analysis takes it. */
export interface AnalysedFile {
  readonly source: ts.SourceFile;
  readonly path: string;
  readonly test: boolean;
}

const topLevelKinds: ReadonlyMap<ts.SyntaxKind, MemberKind> = new Map([
  [ts.SyntaxKind.ClassDeclaration, 'class'],
  [ts.SyntaxKind.FunctionDeclaration, 'function'],
  [ts.SyntaxKind.InterfaceDeclaration, 'interface'],
  [ts.SyntaxKind.TypeAliasDeclaration, 'type'],
  [ts.SyntaxKind.EnumDeclaration, 'enum'],
  [ts.SyntaxKind.ModuleDeclaration, 'namespace'],
]);

function nameOf(node: ts.Node): string | undefined {
  const name = ts.getNameOfDeclaration(node as ts.Declaration); // only declarations are asked for their name
  if (name === undefined) return undefined;
  if (ts.isComputedPropertyName(name)) return undefined;
  return ts.isIdentifier(name) || ts.isPrivateIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name)
    ? name.text
    : undefined;
}

function flagsOf(node: ts.Node): ts.ModifierFlags {
  return ts.getCombinedModifierFlags(node as ts.Declaration); // as above
}

function visibilityOf(node: ts.Node, name: string): Member['visibility'] {
  const flags = flagsOf(node);
  if (name.startsWith('#') || (flags & ts.ModifierFlags.Private) !== 0) return 'private';
  return (flags & ts.ModifierFlags.Protected) === 0 ? 'public' : 'protected';
}

/** The kind of a class, interface or enum member; undefined for what belongs to its owner (constructor, signature, block). */
function kindOfMember(node: ts.Node): MemberKind | undefined {
  if (ts.isMethodDeclaration(node)) return 'method';
  if (ts.isGetAccessor(node) || ts.isSetAccessor(node)) return 'accessor';
  if (ts.isPropertyDeclaration(node)) return 'field';
  if (ts.isMethodSignature(node)) return 'interface method';
  if (ts.isPropertySignature(node))
    return node.type !== undefined && ts.isFunctionTypeNode(node.type) ? 'interface method' : 'interface field';
  return ts.isEnumMember(node) ? 'enum member' : undefined;
}

function membersOf(node: ts.Node): readonly ts.Node[] {
  if (ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isEnumDeclaration(node)) return [...node.members];
  return [];
}

/** All members of the analysed files, and which of them a node or symbol belongs to. */
export class MemberIndex {
  readonly all: Member[] = [];
  /** Members by name: an identifier with another name refers to none of them. */
  readonly byName = new Map<string, Member[]>();
  readonly modules = new Map<ts.SourceFile, Member>();
  readonly #byNode = new Map<ts.Node, Member>();
  readonly #childrenOf = new Map<Member, Member[]>();

  constructor(files: readonly AnalysedFile[]) {
    for (const file of files) this.#collectFile(file);
  }

  /** The member a node declares. */
  declaredAt(node: ts.Node): Member | undefined {
    return this.#byNode.get(node);
  }

  childrenOf(owner: Member): readonly Member[] {
    return this.#childrenOf.get(owner) ?? [];
  }

  /** The member whose declaration holds the node. */
  enclosing(node: ts.Node): Member | undefined {
    for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent) {
      const member = this.#byNode.get(at);
      if (member !== undefined) return member;
    }
    return undefined;
  }

  /** The members a symbol (aliases resolved) declares: several for a property of a union. */
  ofSymbol(symbol: ts.Symbol | undefined): readonly Member[] {
    const found = new Set<Member>();
    for (const declaration of symbol?.declarations ?? []) {
      if (ts.isParameter(declaration) && symbol !== undefined && (symbol.flags & ts.SymbolFlags.Property) === 0) continue;
      const member = this.#byNode.get(declaration) ?? this.#holderOf(declaration);
      if (member !== undefined) found.add(member);
    }
    return [...found];
  }

  /** A property of a type literal, a constructor or an element of a pattern belongs to what holds it. */
  #holderOf(declaration: ts.Declaration): Member | undefined {
    if (ts.isPropertySignature(declaration) || ts.isMethodSignature(declaration) || ts.isConstructorDeclaration(declaration)) {
      return this.enclosing(declaration);
    }
    if (!ts.isBindingElement(declaration)) return undefined;
    const member = this.enclosing(declaration);
    return member?.kind === 'variable' && ts.isVariableDeclaration(declaration.parent.parent) ? member : undefined;
  }

  #collectFile(file: AnalysedFile): void {
    const module = this.#add(file, file.source, { name: file.path, kind: 'module', owner: undefined });
    this.modules.set(file.source, module);
    for (const statement of file.source.statements) {
      if (ts.isVariableStatement(statement)) {
        for (const each of statement.declarationList.declarations) {
          this.#add(file, each, { name: nameOf(each) ?? each.name.getText(file.source), kind: 'variable', owner: undefined });
        }
      }
      const kind = topLevelKinds.get(statement.kind);
      if (kind === undefined) continue;
      const member = this.#add(file, statement, { name: nameOf(statement) ?? 'default', kind, owner: undefined });
      this.#collectMembers(file, statement, member);
    }
  }

  #collectMembers(file: AnalysedFile, declaration: ts.Node, owner: Member): void {
    for (const node of membersOf(declaration)) {
      const properties = ts.isConstructorDeclaration(node)
        ? node.parameters.filter((each) => ts.isParameterPropertyDeclaration(each, node))
        : [];
      for (const each of properties) this.#add(file, each, { name: nameOf(each) ?? '', kind: 'field', owner });
      const kind = kindOfMember(node);
      const name = nameOf(node);
      if (kind !== undefined && name !== undefined) this.#add(file, node, { name, kind, owner });
    }
  }

  #add(file: AnalysedFile, node: ts.Node, what: Pick<Member, 'name' | 'kind' | 'owner'>): Member {
    const isStatic = what.owner !== undefined && (flagsOf(node) & ts.ModifierFlags.Static) !== 0;
    const siblings = what.owner === undefined ? [] : (this.#childrenOf.get(what.owner) ?? []);
    const known = siblings.find((each) => each.name === what.name && each.isStatic === isStatic) ?? this.#overloaded(file, what);
    if (known !== undefined) {
      known.nodes.push(node);
      this.#byNode.set(node, known);
      return known;
    }
    const member: Member = {
      ...what,
      label: what.owner === undefined ? what.name : `${what.owner.name}.${what.name}`,
      nodes: [node],
      file: file.source,
      path: file.path,
      line: what.kind === 'module' ? 1 : lineOfNode(node),
      test: file.test,
      visibility: what.owner === undefined ? 'public' : visibilityOf(node, what.name),
      isStatic,
    };
    this.all.push(member);
    if (what.kind !== 'module') this.byName.set(what.name, [...(this.byName.get(what.name) ?? []), member]);
    this.#byNode.set(node, member);
    if (what.owner !== undefined) this.#childrenOf.set(what.owner, [...siblings, member]);
    return member;
  }

  /** A function or interface that is declared several times in one file is one member. */
  #overloaded(file: AnalysedFile, what: Pick<Member, 'name' | 'kind' | 'owner'>): Member | undefined {
    if (what.kind !== 'function' && what.kind !== 'interface' && what.kind !== 'namespace') return undefined;
    const named = this.byName.get(what.name) ?? [];
    return named.find((each) => each.file === file.source && each.owner === undefined && each.kind === what.kind);
  }
}

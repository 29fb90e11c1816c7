// What a file is made of, as texts say it: its declarations and members one by one, and what each of its outer names is bound to.
import { posix } from 'node:path';
import { parseSource, ts } from '../kernel/parse-source.ts';
import { tokensOf } from './code-tokens.ts';
import { declaredIn } from './normal-form-syntax.ts';

/** A statement of the file, or a member of one of its classes. */
export interface ModuleItem {
  /** `f`, `Class.member`; empty for code without a name. */
  readonly name: string;
  readonly node: ts.Node;
  /** Its tokens, without `export`, comments and layout. */
  readonly code: string;
}

export interface ModuleText {
  readonly path: string;
  readonly source: ts.SourceFile;
  readonly items: readonly ModuleItem[];
  /** Outer name → the module and name it comes from, `path#name`. */
  readonly bindings: ReadonlyMap<string, string>;
  /** Modules that are loaded for something else than types. */
  readonly loads: ReadonlySet<string>;
}

const extension = /(?:\.d)?\.[cm]?[jt]sx?$/;

function codeOf(text: string): string {
  const tokens = tokensOf(text);
  return (tokens[0] === 'export' ? tokens.slice(1) : tokens).join(' ');
}

function memberName(member: ts.ClassElement): string {
  if (ts.isConstructorDeclaration(member)) return 'constructor';
  return member.name?.getText() ?? '';
}

/** The class without its members, then each member. */
function itemsOfClass(node: ts.ClassDeclaration): readonly ModuleItem[] {
  const name = node.name?.text ?? 'default';
  const first = node.members.pos - node.getStart();
  const head = node.getText().slice(0, first);
  return [
    { name, node, code: codeOf(head) },
    ...node.members
      .filter((member) => !ts.isSemicolonClassElement(member))
      .map((member) => ({ name: `${name}.${memberName(member)}`, node: member, code: codeOf(member.getText()) })),
  ];
}

function nameOf(statement: ts.Statement): string {
  const [declared] = declaredIn([statement]);
  if (declared !== undefined) return declared;
  const named =
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isEnumDeclaration(statement) ||
    ts.isModuleDeclaration(statement);
  return named ? statement.name.text : '';
}

function itemsIn(source: ts.SourceFile): readonly ModuleItem[] {
  return source.statements.flatMap((statement) => {
    if (ts.isImportDeclaration(statement)) return [];
    if (ts.isClassDeclaration(statement)) return itemsOfClass(statement);
    return [{ name: nameOf(statement), node: statement, code: codeOf(statement.getText()) }];
  });
}

/** The module a specifier of the file means; a relative one by its path, without an extension. */
function moduleOf(path: string, specifier: string): string {
  return specifier.startsWith('.') ? stemOf(posix.join(posix.dirname(path), specifier)) : specifier;
}

/** A path as modules name each other by it. */
export function stemOf(path: string): string {
  return path.replace(extension, '').replace(/\/index$/, '');
}

function importedNames(path: string, node: ts.ImportDeclaration): readonly (readonly [string, string])[] {
  const module = ts.isStringLiteral(node.moduleSpecifier) ? moduleOf(path, node.moduleSpecifier.text) : '';
  const clause = node.importClause;
  const bindings = clause?.namedBindings;
  const named =
    bindings === undefined
      ? []
      : ts.isNamespaceImport(bindings)
        ? [[bindings.name.text, `${module}#*`] as const]
        : bindings.elements.map((each) => [each.name.text, `${module}#${(each.propertyName ?? each.name).text}`] as const);
  return clause?.name === undefined ? named : [[clause.name.text, `${module}#default`], ...named];
}

function bindingsIn(path: string, source: ts.SourceFile): ReadonlyMap<string, string> {
  const own = source.statements
    .flatMap((each) => (ts.isImportDeclaration(each) ? [] : [...declaredIn([each]), nameOf(each)]))
    .filter((name) => name !== '');
  return new Map([
    ...own.map((name): [string, string] => [name, `${stemOf(path)}#${name}`]),
    ...source.statements.filter(ts.isImportDeclaration).flatMap((each) => importedNames(path, each)),
  ]);
}

function isLoad(node: ts.ImportDeclaration): boolean {
  const clause = node.importClause;
  if (clause === undefined) return true;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return false;
  const bindings = clause.namedBindings;
  if (clause.name !== undefined || bindings === undefined || ts.isNamespaceImport(bindings)) return true;
  return bindings.elements.length === 0 || bindings.elements.some((each) => !each.isTypeOnly);
}

/** Reads one file; an empty one for a file that is not there. */
export function moduleText(path: string, text: string | undefined): ModuleText {
  const source = parseSource(path, text ?? '');
  const loads = source.statements.filter(ts.isImportDeclaration).filter(isLoad);
  return {
    path,
    source,
    items: itemsIn(source),
    bindings: bindingsIn(path, source),
    loads: new Set(
      loads.map((each) => (ts.isStringLiteral(each.moduleSpecifier) ? moduleOf(path, each.moduleSpecifier.text) : '')),
    ),
  };
}

// Which named declarations a node stands in: the address of code that survives edits around it.
import { ts } from '../kernel/parse-source.ts';

function isContainer(node: ts.Node): boolean {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isClassLike(node) ||
    ts.isClassElement(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isModuleDeclaration(node) ||
    isTopLevelVariable(node)
  );
}

function isTopLevelVariable(node: ts.Node): boolean {
  return (
    ts.isVariableDeclaration(node) && ts.isVariableStatement(node.parent.parent) && ts.isSourceFile(node.parent.parent.parent)
  );
}

/** The name of a declaration as its text has it; `constructor` for constructors, undefined for what has none. */
export function nameOfDeclaration(node: ts.Node): string | undefined {
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  const name = 'name' in node ? node.name : undefined;
  const isNode = typeof name === 'object' && name !== null && 'kind' in name;
  return isNode && isPlainName(name) ? name.text : undefined;
}

const plainNames: ReadonlySet<unknown> = new Set([
  ts.SyntaxKind.Identifier,
  ts.SyntaxKind.PrivateIdentifier,
  ts.SyntaxKind.StringLiteral,
]);

function isPlainName(node: { readonly kind: unknown }): node is ts.Identifier | ts.PrivateIdentifier | ts.StringLiteral {
  return plainNames.has(node.kind);
}

/** The names of the containers around a node, outermost first, joined by dots; empty at the top of the file. */
export function containerOf(node: ts.Node): string {
  const names: string[] = [];
  for (let at = node.parent; !ts.isSourceFile(at); at = at.parent) {
    const name = isContainer(at) ? nameOfDeclaration(at) : undefined;
    if (name !== undefined) names.unshift(name);
  }
  return names.join('.');
}

/** A named declaration and the lines it stands on, counted from 1. */
export interface DeclarationSpan {
  /** `Class.method`, `function`. */
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** Its text, blanks between tokens as one. */
  readonly text: string;
}

/** Every named container of a file: classes, their members, functions, variables at the top. The first of a name counts. */
export function containersIn(source: ts.SourceFile): readonly DeclarationSpan[] {
  const spans = new Map<string, DeclarationSpan>();
  const visit = (node: ts.Node, around: string): void => {
    const own = isContainer(node) ? nameOfDeclaration(node) : undefined;
    const name = own === undefined ? around : [around, own].filter((part) => part !== '').join('.');
    if (own !== undefined && !spans.has(name)) {
      const line = (at: number): number => source.getLineAndCharacterOfPosition(at).line + 1;
      const text = node.getText(source).replaceAll(/\s+/g, ' ');
      spans.set(name, { name, from: line(node.getStart(source)), to: line(node.getEnd()), text });
    }
    ts.forEachChild(node, (child) => visit(child, name));
  };
  visit(source, '');
  return [...spans.values()];
}

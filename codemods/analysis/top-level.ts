// The declarations a module has at its top level, by name, and where each one's text begins and ends.
import { Node, type SourceFile, type Statement } from 'ts-morph';
import { ts } from '../kernel/parse-source.ts';
import { lineStart } from '../kernel/text-positions.ts';

/** All statements that declare one name: overloads, merged interfaces. */
export interface TopLevelName {
  readonly name: string;
  readonly statements: readonly Statement[];
  /** How the name leaves the module: by the keyword, as the default, in a list `export { … }`, or not at all. */
  readonly exported: 'keyword' | 'default' | 'list' | 'no';
}

/** The names a statement declares. */
export function namesDeclaredBy(statement: Node): readonly string[] {
  if (Node.isVariableStatement(statement)) {
    return statement.getDeclarations().flatMap((each) => {
      const name = each.getNameNode();
      if (Node.isIdentifier(name)) return [name.getText()];
      return name
        .getDescendants()
        .filter(Node.isBindingElement)
        .flatMap((part) => {
          const local = part.getNameNode();
          return Node.isIdentifier(local) ? [local.getText()] : [];
        });
    });
  }
  const named =
    Node.isFunctionDeclaration(statement) ||
    Node.isClassDeclaration(statement) ||
    Node.isInterfaceDeclaration(statement) ||
    Node.isTypeAliasDeclaration(statement) ||
    Node.isEnumDeclaration(statement) ||
    Node.isModuleDeclaration(statement);
  const name = named ? statement.getName() : undefined;
  return name === undefined ? [] : [name];
}

/** Names in the lists `export { a, b as c }` of the module itself. */
function listedExports(file: SourceFile): ReadonlySet<string> {
  const lists = file.getExportDeclarations().filter((each) => each.getModuleSpecifier() === undefined);
  return new Set(lists.flatMap((each) => each.getNamedExports().map((specifier) => specifier.getName())));
}

function exportOf(statement: Statement, listed: boolean): TopLevelName['exported'] {
  if (Node.isExportable(statement)) {
    if (statement.hasDefaultKeyword()) return 'default';
    if (statement.hasExportKeyword()) return 'keyword';
  }
  return listed ? 'list' : 'no';
}

/** Every top-level name of the module, in the order of first appearance. */
export function topLevelNames(file: SourceFile): ReadonlyMap<string, TopLevelName> {
  const listed = listedExports(file);
  const assigned = file
    .getExportAssignment((each) => !each.isExportEquals())
    ?.getExpression()
    .getText();
  const names = new Map<string, TopLevelName>();
  for (const statement of file.getStatements()) {
    for (const name of namesDeclaredBy(statement)) {
      const known = names.get(name);
      const exported = name === assigned ? 'default' : exportOf(statement, listed.has(name));
      names.set(name, {
        name,
        statements: [...(known?.statements ?? []), statement],
        exported: known === undefined || known.exported === 'no' ? exported : known.exported,
      });
    }
  }
  return names;
}

/** A range of a file's text. */
export interface Extent {
  readonly start: number;
  readonly end: number;
}

/** A node with its comments: those right above it (no blank line between) and the one behind it on its line. */
export function extentOf(node: Node): Extent {
  const text = node.getSourceFile().getFullText();
  let start = node.getStart();
  const leading = ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [];
  for (const comment of leading.toReversed()) {
    const behindOther = text.slice(lineStart(text, comment.pos), comment.pos).trim() !== '';
    if (behindOther || text.slice(comment.end, start).split('\n').length > 2) break;
    start = comment.pos;
  }
  const trailing = ts.getTrailingCommentRanges(text, node.getEnd()) ?? [];
  return { start, end: trailing.at(-1)?.end ?? node.getEnd() };
}

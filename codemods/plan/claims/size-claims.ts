// Claims about sizes and counts: lines of files and declarations, members, calls.
import { Node } from 'ts-morph';
import { physicalLines } from '../../kernel/parse-source.ts';
import { at, classOf, declarationsOf, defineClaim, fileOf, memberOf, membersOf, Missing } from './define-claim.ts';

/** The file has exactly so many physical lines. */
export const fileLines = defineClaim<{ file: string; lines: number }>({
  says: ({ file, lines }) => `${file} has ${String(lines)} lines`,
  check(workspace, { file, lines }) {
    const found = physicalLines(fileOf(workspace, file).getFullText());
    return { holds: found === lines, found: `${String(found)} lines`, at: file };
  },
});

/** The file exists and has at most so many physical lines. */
export const fileLinesAtMost = defineClaim<{ file: string; lines: number }>({
  says: ({ file, lines }) => `${file} has at most ${String(lines)} lines`,
  check(workspace, { file, lines }) {
    const found = physicalLines(fileOf(workspace, file).getFullText());
    return { holds: found <= lines, found: `${String(found)} lines`, at: file };
  },
});

/** The file is not there. */
export const fileGone = defineClaim<{ file: string }>({
  says: ({ file }) => `${file} is gone`,
  check(workspace, { file }) {
    const gone = workspace.textOf(file) === undefined;
    return { holds: gone, found: gone ? 'it is not there' : 'it is there' };
  },
});

/** A class has exactly so many methods, accessors and constructors. */
export const methodCount = defineClaim<{ file: string; class: string; count: number }>({
  says: (quotes) => `class ${quotes.class} of ${quotes.file} has ${String(quotes.count)} methods`,
  check(workspace, quotes) {
    const declaration = classOf(fileOf(workspace, quotes.file), quotes.class);
    const found = membersOf(declaration).size;
    return {
      holds: found === quotes.count,
      found: `${String(found)} methods, accessors and constructors`,
      at: at(workspace, declaration),
    };
  },
});

/** Fields of a class, interface or object type are exactly these. */
export const fieldNames = defineClaim<{ file: string; type: string; fields: readonly string[] }>({
  says: ({ type, fields }) => `${type} has the fields ${fields.join(', ')}`,
  check(workspace, { file, type, fields }) {
    const node = memberOf(workspace, file, type);
    const found =
      Node.isClassDeclaration(node) || Node.isInterfaceDeclaration(node)
        ? node.getProperties().map((each) => each.getName())
        : Node.isTypeAliasDeclaration(node)
          ? node
              .getType()
              .getProperties()
              .map((each) => each.getName())
          : [];
    const holds = found.length === fields.length && found.every((name) => fields.includes(name));
    return { holds, found: `its fields are ${found.join(', ')}`, at: at(workspace, node) };
  },
});

/** So many calls of a function or method stand in a member. */
export const callCount = defineClaim<{ file: string; member: string; callee: string; count: number }>({
  says: ({ member, callee, count }) => `${member} calls ${callee} ${String(count)} times`,
  check(workspace, { file, member, callee, count }) {
    const node = memberOf(workspace, file, member);
    const calls = node.getDescendants().filter((each) => {
      if (Node.isNewExpression(each)) return callee === `new ${each.getExpression().getText()}`;
      if (!Node.isCallExpression(each)) return false;
      const expression = each.getExpression();
      return (Node.isPropertyAccessExpression(expression) ? expression.getName() : expression.getText()) === callee;
    });
    return { holds: calls.length === count, found: `${String(calls.length)} calls`, at: at(workspace, node) };
  },
});

/** The named declarations take so many lines together (doc comments included), with so many touches of their fields from outside. */
export const standsAlone = defineClaim<{ file: string; declarations: readonly string[]; lines: number; outsideWrites: number }>({
  says: ({ declarations, lines, outsideWrites }) =>
    `${declarations.join(' and ')} take ${String(lines)} lines; the rest of the file writes their fields ${String(outsideWrites)} times`,
  check(workspace, { file, declarations, lines, outsideWrites }) {
    const nodes = declarations.map((name) => memberOf(workspace, file, name));
    const total = nodes.reduce((sum, node) => sum + node.getEndLineNumber() - node.getStartLineNumber(true) + 1, 0);
    const fields = new Set(
      nodes.flatMap((node) => (Node.isClassDeclaration(node) ? node.getProperties().map((each) => each.getName()) : [])),
    );
    const writes = fileOf(workspace, file)
      .getDescendants()
      .filter((node) => Node.isPropertyAccessExpression(node) && fields.has(node.getName()))
      .filter((node) => !nodes.some((own) => node.getPos() >= own.getPos() && node.getEnd() <= own.getEnd()))
      .filter((node) => isWrite(node));
    const found = `${String(total)} lines, ${String(writes.length)} writes from outside`;
    return { holds: total === lines && writes.length === outsideWrites, found, at: file };
  },
});

/** Assignments, increments, and calls of methods that change the value. */
function isWrite(node: Node): boolean {
  const parent = node.getParent();
  if (Node.isBinaryExpression(parent))
    return parent.getLeft() === node && /^(?:[-+*/%&|^]|\*\*|<<|>>>?|\?\?|\|\||&&)?=$/.test(parent.getOperatorToken().getText());
  if (Node.isPrefixUnaryExpression(parent) || Node.isPostfixUnaryExpression(parent)) return /\+\+|--/.test(parent.getText());
  return (
    Node.isPropertyAccessExpression(parent) && /^(?:push|splice|pop|shift|unshift|set|add|delete|clear)$/.test(parent.getName())
  );
}

/** A file declares these names at its top level. */
export const declares = defineClaim<{ file: string; names: readonly string[] }>({
  says: ({ file, names }) => `${file} declares ${names.join(', ')}`,
  check(workspace, { file, names }) {
    const known = declarationsOf(fileOf(workspace, file));
    const absent = names.filter((name) => !known.has(name));
    if (absent.length > 0) throw new Missing(`it declares ${[...known.keys()].join(', ')}, not ${absent.join(', ')}`);
    return { holds: true, found: 'all of them are declared there', at: file };
  },
});

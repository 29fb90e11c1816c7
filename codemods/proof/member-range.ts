// Finds the lines of a named declaration, so that a range of interest survives edits above it.
import { lineOf, parseSource, ts } from '../kernel/parse-source.ts';
import type { LineRange } from './branch-coverage.ts';
import { proofError } from './proof-errors.ts';

/** Lines of `Class.member`, `Class` or `function`, its comment not included. */
export function memberRange(path: string, text: string, name: string): LineRange {
  const source = parseSource(path, text);
  const [outer = '', inner] = name.split('.');
  // Types of the same name are no code; of overloads, and of a getter and its setter, all count.
  const declared = source.statements.filter((statement) => !isType(statement) && nameOf(statement) === outer);
  const members = declared.flatMap(membersOf);
  const found = inner === undefined ? declared : members.filter((member) => nameOf(member) === inner);
  const [first] = found;
  const last = found.at(-1);
  if (first === undefined || last === undefined) {
    const known = inner === undefined ? source.statements.map(nameOf) : members.map(nameOf);
    throw proofError(
      'PROOF_SUBJECT_NOT_LOADED',
      `${path} declares no ${name}; it has ${known.filter(Boolean).join(', ') || 'nothing of that kind'}.`,
    );
  }
  return { path, from: lineOf(source, first.getStart(source)), to: lineOf(source, last.getEnd()) };
}

function isType(statement: ts.Statement): boolean {
  return ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
}

function membersOf(statement: ts.Statement): readonly ts.ClassElement[] {
  return ts.isClassDeclaration(statement) ? statement.members : [];
}

function nameOf(node: ts.Statement | ts.ClassElement): string {
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  if (ts.isVariableStatement(node)) return node.declarationList.declarations.map(({ name }) => name.getText()).join(', ');
  const name = 'name' in node ? (node.name as ts.Node | undefined) : undefined; // a declaration's name, of whatever syntax
  return name?.getText() ?? '';
}

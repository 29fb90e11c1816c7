// The text of a class made of methods and fields of another one.
import { type ClassDeclaration, Node, SyntaxKind } from 'ts-morph';
import { memberIndent } from './class-members.ts';
import { type CodeMember, memberUses } from './member-graph.ts';
import type { SplitField } from './split-fields.ts';
import { extentOf } from './top-level.ts';
import { typeText } from './type-text.ts';

/** Columns a constructor may have on one line. */
const WIDTH = 120;

export interface NewClass {
  readonly owner: ClassDeclaration;
  readonly name: string;
  readonly methods: readonly CodeMember[];
  readonly fields: readonly SplitField[];
  /** Methods that code outside of the new class calls: they lose `private`. */
  readonly open: ReadonlySet<string>;
  readonly doc: string | undefined;
}

function typeOf({ declaration }: SplitField): string {
  return typeText(declaration.getType(), declaration, declaration.getTypeNode()).text;
}

/** Comments above a declaration, each on lines of its own. */
function commentsAbove(field: SplitField, indent: string): string {
  const { declaration } = field;
  const text = declaration.getSourceFile().getFullText();
  const { start } = extentOf(declaration);
  const above = text.slice(start, declaration.getStart()).trim();
  return above === '' ? '' : `${indent}${above}\n`;
}

function constructorText(given: readonly SplitField[], indent: string): string {
  if (given.length === 0) return '';
  const parts = given.map((each) => `private readonly ${each.name}: ${typeOf(each)}`);
  const line = `${indent}constructor(${parts.join(', ')}) {}`;
  const comments = given.map((each) => (each.fate === 'given' ? commentsAbove(each, `${indent}  `) : ''));
  if (line.length <= WIDTH && comments.every((each) => each === '')) return line;
  return `${indent}constructor(\n${parts.map((part, at) => `${comments[at] ?? ''}${indent}  ${part},\n`).join('')}${indent}) {}`;
}

function methodText(method: CodeMember, made: NewClass): string {
  const text = method.getSourceFile().getFullText();
  const { start, end } = extentOf(method);
  const moved = new Set(made.methods.map((each) => each.getName()));
  const scope = method
    .getModifiers()
    .find((each) => [SyntaxKind.PrivateKeyword, SyntaxKind.ProtectedKeyword].includes(each.getKind()));
  const changes = memberUses(method, made.owner)
    .filter((use) => use.isStatic && moved.has(use.name))
    .flatMap((use) => (Node.isPropertyAccessExpression(use.access) ? [use.access.getExpression()] : []))
    .map((node) => ({ from: node.getStart(), to: node.getEnd(), text: made.name }));
  if (scope !== undefined && made.open.has(method.getName()))
    changes.push({ from: scope.getStart(), to: scope.getEnd() + 1, text: '' });
  let result = text.slice(start, end);
  for (const change of changes.toSorted((a, b) => b.from - a.from))
    result = result.slice(0, change.from - start) + change.text + result.slice(change.to - start);
  return `${memberIndent(made.owner)}${result}`;
}

/** The new class, with `doc` as its comment; members as they stood, in their order. */
export function newClassText(made: NewClass): string {
  const indent = memberIndent(made.owner);
  const text = made.owner.getSourceFile().getFullText();
  const own = made.fields
    .filter((each) => each.fate === 'own')
    .map((each) => {
      const { start, end } = extentOf(each.declaration);
      return `${indent}${text.slice(start, end)}`;
    });
  const given = made.fields.filter((each) => each.fate !== 'own');
  const parts = [own.join('\n'), constructorText(given, indent), ...made.methods.map((each) => methodText(each, made))].filter(
    (part) => part !== '',
  );
  return `${made.doc === undefined ? '' : `/** ${made.doc} */\n`}export class ${made.name} {\n${parts.join('\n\n')}\n}`;
}

/** What is left of a method that other code calls on the old class: it passes the call on. Undefined when it cannot. */
export function delegatingStub(method: CodeMember, delegate: string): string | undefined {
  const parameters = method.getParameters();
  const names = parameters.map((each) =>
    Node.isIdentifier(each.getNameNode()) ? `${each.isRestParameter() ? '...' : ''}${each.getName()}` : undefined,
  );
  const body = method.getBody();
  const result = method.getReturnTypeNode();
  if (names.includes(undefined) || body === undefined || result === undefined || parameters.some((each) => each.hasInitializer()))
    return undefined;
  const text = method.getSourceFile().getFullText();
  const start = method.getStart();
  const signature = text.slice(start, body.getStart()).replace(/\basync\s+/, '');
  const indent = memberIndent(method.getParentIfKindOrThrow(SyntaxKind.ClassDeclaration));
  const given = Node.isGetAccessorDeclaration(method) ? '' : `(${names.join(', ')})`;
  const call = `this.${delegate}.${method.getName()}${given}`;
  const statement = result.getText() === 'void' ? `${call};` : `return ${call};`;
  return `${signature}{\n${indent}  ${statement}\n${indent}}`;
}

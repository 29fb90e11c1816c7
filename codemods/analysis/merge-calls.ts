// The calls of a merged helper: what stands in place of each clone, and the comments that go there with it.
import { commentsOf, normalComment } from '../kernel/comments.ts';
import { reindent } from '../kernel/indent.ts';
import { indentAt } from '../kernel/text-positions.ts';
import { Node } from 'ts-morph';
import { callText, standsInTry, statementText } from './clone-print.ts';
import type { Clone } from './clone-selector.ts';
import { type MergeDesign, statementOf } from './merge-design.ts';

/** The edit that puts a call in place of a clone. */
export interface CallEdit {
  readonly range: readonly [start: number, end: number];
  readonly text: string;
  /** The statement with the call, without the file's indentation. */
  readonly statement: string;
}

function calleeOf({ helper, owner }: MergeDesign): string {
  if (helper.form === 'function') return helper.name;
  return helper.form === 'static' ? `${owner?.getName() ?? 'this'}.${helper.name}` : `this.${helper.name}`;
}

/** What stands before the call in its statement. */
function prefixOf(design: MergeDesign, clone: number): string {
  const { returned } = design.helper;
  if (returned.kind === 'own') return 'return ';
  if (returned.kind !== 'variables') return '';
  return statementText(design.helper, '', boundNames(design, clone)).replace(/;$/, '');
}

function boundNames(
  { results, helper }: MergeDesign,
  clone: number,
): { readonly names: readonly string[]; readonly keyword: string } {
  const binding = results.bindings[clone];
  const names = helper.returned.kind === 'variables' ? helper.returned.names : [];
  return { names: names.map((name, at) => binding?.names[at] ?? name), keyword: binding?.keyword ?? 'const' };
}

/** Comments of a clone that stand neither in the helper nor in what the clone passes. */
function ownComments(design: MergeDesign, clone: Clone, call: string): readonly string[] {
  const [first] = clone.statements;
  const text = clone.file.getFullText();
  const range = text.slice(first.getStart(), clone.result?.getStart() ?? clone.statements.at(-1)?.getEnd());
  const kept = new Set(
    [...commentsOf('helper.ts', design.helperText), ...commentsOf('call.ts', call)].map((comment) => comment.text),
  );
  return commentsOf('clone.ts', range)
    .filter((comment) => !kept.has(normalComment(range.slice(comment.start, comment.end))))
    .map((comment) => range.slice(comment.start, comment.end));
}

/** The call in the expression of the statement behind the clone. */
function resultEdit(design: MergeDesign, clone: Clone, at: number): CallEdit | undefined {
  const { result } = clone;
  if (result === undefined) return undefined;
  const text = clone.file.getFullText();
  const statement = statementOf(result);
  const indent = indentAt(text, clone.statements[0].getStart());
  const head = text.slice(statement.getStart(), result.getStart());
  const callee = calleeOf(design);
  const print = (inner: string, column: number): string => callText(design.helper, { clone: at, indent: inner, column, callee });
  const line = head.split('\n').at(-1) ?? '';
  const ownIndent = head.includes('\n') && line.trim() === '' ? line : undefined;
  const inLine = print(ownIndent ?? indent, ownIndent === undefined ? indent.length + line.length : line.length);
  const parent = result.getParent();
  const isOnly = Node.isCallExpression(parent) && parent.getArguments().length === 1 && parent.getArguments()[0] === result;
  const needsParentheses = design.helper.isAsync && Node.isPropertyAccessExpression(parent);
  const call = needsParentheses ? `(${inLine})` : inLine;
  const breaks = isOnly && ownIndent === undefined && inLine.includes('\n');
  const placed = breaks ? `${head}\n${indent}  ${print(`${indent}  `, indent.length + 2)},\n${indent}` : `${head}${call}`;
  const whole = `${placed}${text.slice(result.getEnd(), statement.getEnd())}`;
  const comments = ownComments(design, clone, whole)
    .map((comment) => `${comment}\n${indent}`)
    .join('');
  return {
    range: [clone.statements[0].getStart(), result.getEnd()],
    text: `${comments}${placed}`,
    statement: reindent(whole, '', indent),
  };
}

/** What stands in place of clone number `at`. */
export function callEdit(design: MergeDesign, at: number): CallEdit {
  const clone = design.clones[at] ?? design.clones[0];
  const inResult = resultEdit(design, clone, at);
  if (inResult !== undefined) return inResult;
  const text = clone.file.getFullText();
  const [first] = clone.statements;
  const indent = indentAt(text, first.getStart());
  const awaits = design.helper.isAsync && design.helper.returned.kind === 'own' && standsInTry(first) ? 'await ' : '';
  const column = indent.length + prefixOf(design, at).length + awaits.length;
  const call = `${awaits}${callText(design.helper, { clone: at, indent, column, callee: calleeOf(design) })}`;
  const statement = statementText(design.helper, call, boundNames(design, at));
  const comments = ownComments(design, clone, statement)
    .map((comment) => `${comment}\n${indent}`)
    .join('');
  const end = clone.statements.at(-1)?.getEnd() ?? first.getEnd();
  return { range: [first.getStart(), end], text: `${comments}${statement}`, statement: reindent(statement, '', indent) };
}

// What a clone puts into a hole, as text: the code as it stood, or a closure around it.
import { Node } from 'ts-morph';
import { reindent } from '../kernel/indent.ts';
import { indentAt } from '../kernel/text-positions.ts';
import { controlExits } from './control-exits.ts';
import { alongPath, type HoleParameter } from './clone-parameters.ts';

/** Properties that need more columns than this stand on lines of their own. */
const LINE_COLUMNS = 80;

/** A text as a string literal in single quotes. */
export function quoted(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** A text as part of a template literal. */
export function escapedForTemplate(text: string): string {
  return text
    .replaceAll(/[\\`]|\$(?=\{)/g, (found) => `\\${found}`)
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r');
}

/** Where a statement starts, comments above it included. */
export function leadingStart(node: Node): number {
  return node.getLeadingCommentRanges()[0]?.getPos() ?? node.getStart();
}

/** The text from one position of a node's file to another, with the second and later lines not indented. */
function outdented(node: Node, start: number, end: number): string {
  const text = node.getSourceFile().getFullText();
  return reindent(text.slice(start, end), '', indentAt(text, start));
}

/** How control leaves statements: at their end, never (they always throw), or early, by a return the helper has to follow. */
export type Leaving = 'at its end' | 'never' | 'early';

/** The closure around code that needs locals of the helper; undefined where the cell is the code itself. */
export interface Closure {
  readonly parameters: readonly HoleParameter[];
  /** The number of the clone. */
  readonly clone: number;
  readonly isAsync: boolean;
  readonly leaving?: Leaving;
}

const bare: Closure = { parameters: [], clone: 0, isAsync: false };

function headOf({ parameters, clone, isAsync }: Closure): string {
  return `${isAsync ? 'async ' : ''}(${parameters.map((each) => each.cellNames[clone] ?? each.name).join(', ')}) => `;
}

interface Cut {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text of nodes from `start`, with the narrowed paths (`reply.value`) called what the parameter is called. */
function filledText(nodes: readonly Node[], { parameters, clone, leaving }: Closure, start: number): string {
  const [first] = nodes;
  const last = nodes.at(-1);
  if (first === undefined || last === undefined) return '';
  const renamed = parameters.filter((each) => each.path !== '').flatMap((each) => cutsFor(nodes, each, each.cellLocals[clone]));
  const cuts =
    leaving === 'early'
      ? [
          ...renamed,
          ...controlExits(nodes).exits.map((exit) => ({
            start: exit.node.getStart(),
            end: exit.node.getEnd(),
            text: 'return true;',
          })),
        ]
      : renamed;
  let text = first.getSourceFile().getFullText().slice(start, last.getEnd());
  for (const cut of cuts.toSorted((a, b) => b.start - a.start)) {
    text = text.slice(0, cut.start - start) + cut.text + text.slice(cut.end - start);
  }
  return cuts.length === 0
    ? outdented(first, start, last.getEnd())
    : reindent(text, '', indentAt(first.getSourceFile().getFullText(), start));
}

function cutsFor(nodes: readonly Node[], parameter: HoleParameter, local: string | undefined): readonly Cut[] {
  const identifiers = nodes
    .flatMap((node) => [node, ...node.getDescendants()])
    .filter((each) => Node.isIdentifier(each) && each.getText() === local);
  return identifiers.flatMap((identifier) => {
    const access = alongPath(identifier, parameter.path);
    return access === undefined ? [] : [{ start: access.getStart(), end: access.getEnd(), text: parameter.name }];
  });
}

/** An expression, or the closure that computes it. */
export function cellOfExpression(node: Node, closure: Closure | undefined): string {
  const text = filledText([node], closure ?? bare, node.getStart());
  if (closure === undefined) return text;
  const head = headOf(closure);
  return eta(node, closure) ?? (Node.isObjectLiteralExpression(node) ? `${head}(${text})` : `${head}${text}`);
}

/** `(x) => f(x)` is `f`, where f is a function of the module: it has no `this` to lose. */
function eta(node: Node, closure: Closure): string | undefined {
  if (!Node.isCallExpression(node)) return undefined;
  const head = headOf(closure);
  const passed = node.getArguments().map((each) => filledText([each], closure, each.getStart()));
  const callee = node.getExpression();
  const symbol = Node.isIdentifier(callee) ? callee.getSymbol() : undefined;
  const declared = (symbol?.getAliasedSymbol() ?? symbol)?.getDeclarations() ?? [];
  if (declared.length === 0 || !declared.every(Node.isFunctionDeclaration)) return undefined;
  return `(${passed.join(', ')}) => ` === head ? callee.getText() : undefined;
}

/** Properties as an object, or the closure that makes it. */
export function cellOfProperties(nodes: readonly Node[], closure: Closure | undefined): string {
  const texts = nodes.map((node) => filledText([node], closure ?? bare, node.getStart()));
  const line = `{ ${texts.join(', ')} }`;
  const body =
    line.length <= LINE_COLUMNS && !line.includes('\n')
      ? line
      : `{\n${texts.map((text) => `  ${reindent(text, '  ', '')},\n`).join('')}}`;
  return closure === undefined ? body : `${headOf(closure)}(${body})`;
}

/** Statements as the body of a closure. */
export function cellOfStatements(nodes: readonly Node[], closure: Closure): string {
  const [first] = nodes;
  if (first === undefined) return '';
  const text = filledText(nodes, closure, leadingStart(first));
  const end = closure.leaving === 'early' && controlExits(nodes).endReachable ? '\n  return false;' : '';
  return `${headOf(closure)}{\n  ${reindent(text, '  ', '')}${end}\n}`;
}

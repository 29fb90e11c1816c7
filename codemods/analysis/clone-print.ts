// The text of a merged helper, of its descriptor's type, and of the calls that stand where the clones were.
import { Node } from 'ts-morph';
import { reindent } from '../kernel/indent.ts';
import { indentAt } from '../kernel/text-positions.ts';
import type { Captured } from './clone-captures.ts';
import type { Access, Field, Replacement } from './clone-holes.ts';
import type { CloneScope } from './clone-scope.ts';
import type { TypeParameter } from './clone-types.ts';

/** Columns a line of new code may have. */
export const LINE_WIDTH = 120;

/** A parameter object for what the clones capture. */
export interface ContextName {
  readonly name: string;
  readonly type: string;
  readonly doc?: string;
}

/** What the helper gives back to the code behind the clones. */
export type Returned =
  | { readonly kind: 'nothing' }
  /** The statements end with a return of their own. */
  | { readonly kind: 'own'; readonly type: string }
  /** An expression of the statement behind the clone. */
  | { readonly kind: 'expression'; readonly type: string }
  /** Variables that the code behind reads. */
  | { readonly kind: 'variables'; readonly type: string; readonly names: readonly string[] };

export interface HelperDesign {
  readonly name: string;
  readonly doc: string | undefined;
  readonly descriptorName: string;
  readonly descriptorType: string;
  readonly descriptorDoc: string | undefined;
  readonly context: ContextName | undefined;
  readonly captured: readonly Captured[];
  readonly fields: readonly Field[];
  readonly typeParameters: readonly TypeParameter[];
  readonly returned: Returned;
  readonly isAsync: boolean;
  /** How the helper stands in its file: a function of the module, or a method. */
  readonly form: 'function' | 'method' | 'static';
  readonly isExported: boolean;
}

/** One field that is a value is passed as it is. */
export function isDirect(fields: readonly Field[]): boolean {
  const [only, ...more] = fields;
  return only !== undefined && more.length === 0 && !only.optional;
}

/** How the helper reaches a field. */
export function accessTo(design: HelperDesign): Access {
  return (field) => (isDirect(design.fields) ? field.name : `${design.descriptorName}.${field.name}`);
}

/** Captured values that the parameter object holds: those of the object around the clones, or all when there are none. */
export function inContext({ context, captured }: Pick<HelperDesign, 'context' | 'captured'>): readonly Captured[] {
  if (context === undefined) return [];
  const ofThis = captured.filter((each) => each.isOfThis);
  return ofThis.length > 0 ? ofThis : captured;
}

function besideContext(design: HelperDesign): readonly Captured[] {
  const held = inContext(design);
  return design.captured.filter((each) => !held.includes(each));
}

export function docComment(doc: string | undefined, indent: string): string {
  return doc === undefined ? '' : `${indent}/** ${doc} */\n`;
}

function used(parameters: readonly TypeParameter[], text: string): readonly string[] {
  return parameters.map((each) => each.name).filter((name) => new RegExp(`\\b${name}\\b`).test(text));
}

function generic(names: readonly string[]): string {
  return names.length === 0 ? '' : `<${names.join(', ')}>`;
}

function fieldType(field: Field): string {
  if (field.form === 'value') return field.type;
  return `(${field.parameters.map((each) => `${each.name}: ${each.type}`).join(', ')}) => ${field.type}`;
}

function fieldsText(design: HelperDesign): string {
  return design.fields
    .map((field) => `${docComment(field.doc, '  ')}  readonly ${field.name}${field.optional ? '?' : ''}: ${fieldType(field)};\n`)
    .join('');
}

function exportOf(design: HelperDesign): string {
  return design.isExported ? 'export ' : '';
}

/** The interface of the descriptor, and that of the context. */
export function interfacesText(design: HelperDesign, withContext = true): string {
  const parts: string[] = [];
  const { context } = design;
  if (context !== undefined && withContext) {
    const members = inContext(design)
      .map((each) => `  readonly ${each.name}: ${each.type};\n`)
      .join('');
    parts.push(`${docComment(context.doc, '')}${exportOf(design)}interface ${context.type} {\n${members}}\n`);
  }
  if (design.fields.length > 0 && !isDirect(design.fields)) {
    const members = fieldsText(design);
    const parameters = generic(used(design.typeParameters, members));
    parts.push(
      `${docComment(design.descriptorDoc, '')}${exportOf(design)}interface ${design.descriptorType}${parameters} {\n${members}}\n`,
    );
  }
  return parts.join('\n');
}

function parametersOf(design: HelperDesign): readonly string[] {
  const { context } = design;
  const beside = besideContext(design).map((each) => `${each.name}: ${each.type}`);
  const captured = context === undefined ? beside : [`${context.name}: ${context.type}`, ...beside];
  const [only] = design.fields;
  if (only === undefined) return captured;
  if (isDirect(design.fields)) return [...captured, `${only.name}: ${fieldType(only)}`];
  return [
    ...captured,
    `${design.descriptorName}: ${design.descriptorType}${generic(used(design.typeParameters, fieldsText(design)))}`,
  ];
}

/** Parameters of the helper, the descriptor counted as one. */
export function parameterCount(design: HelperDesign): number {
  return parametersOf(design).length;
}

function returnType({ returned, isAsync }: HelperDesign): string {
  if (returned.kind === 'own') return returned.type;
  const type = returned.kind === 'nothing' ? 'void' : returned.type;
  return isAsync ? `Promise<${type}>` : type;
}

/** An object type with one member a line. */
function brokenObject(type: string, indent: string): string {
  return type.replace(
    /\{ (readonly [^{}]*) \}/,
    (_, members: string) =>
      `{\n${members
        .split('; ')
        .map((each) => `${indent}  ${each};\n`)
        .join('')}${indent}}`,
  );
}

function signature(design: HelperDesign, indent: string): string {
  const words = { function: design.isExported ? ['export'] : [], method: ['private'], static: ['private', 'static'] }[
    design.form
  ];
  if (design.isAsync) words.push('async');
  if (design.form === 'function') words.push('function');
  const head = `${words.join(' ')} ${design.name}${generic(design.typeParameters.map((each) => each.name))}`;
  const type = returnType(design);
  const fits = indent.length + type.length + '): '.length + ' {'.length <= LINE_WIDTH;
  const tail = `: ${fits ? type : brokenObject(type, indent)} {`;
  const line = `${head}(${parametersOf(design).join(', ')})${tail}`;
  if (indent.length + (line.split('\n')[0]?.length ?? 0) <= LINE_WIDTH) return line;
  return `${head}(\n${parametersOf(design)
    .map((each) => `${indent}  ${each},\n`)
    .join('')}${indent})${tail}`;
}

/** The first clone's text with its holes and captured names replaced. */
function templateText(base: CloneScope, replacements: readonly Replacement[], access: Access): string {
  const start = base.clone.statements[0].getStart();
  const end = base.clone.statements.at(-1)?.getEnd() ?? start;
  return replacedText(base, replacements, [start, end], access);
}

function replacedText(
  base: CloneScope,
  replacements: readonly Replacement[],
  range: readonly [number, number],
  access: Access,
): string {
  const text = base.clone.file.getFullText();
  let result = '';
  let from = range[0];
  const inside = replacements.filter((each) => each.start >= range[0] && each.end <= range[1]);
  for (const each of inside.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (each.start < from) continue; // a use inside of a hole: it stays with the clone
    result += text.slice(from, each.start) + each.text(access);
    from = each.end;
  }
  return result + text.slice(from, range[1]);
}

function returnStatement(design: HelperDesign, base: CloneScope, replacements: readonly Replacement[]): string {
  const { returned } = design;
  const { result } = base.clone;
  if (returned.kind === 'expression' && result !== undefined) {
    return `return ${replacedText(base, replacements, [result.getStart(), result.getEnd()], accessTo(design))};`;
  }
  if (returned.kind !== 'variables') return '';
  return returned.names.length === 1 ? `return ${returned.names.join('')};` : `return { ${returned.names.join(', ')} };`;
}

/** The helper, without indentation before its first line. */
export function helperText(design: HelperDesign, base: CloneScope, replacements: readonly Replacement[]): string {
  const indent = design.form === 'function' ? '' : '  ';
  const first = base.clone.statements[0];
  const body = reindent(
    templateText(base, replacements, accessTo(design)),
    `${indent}  `,
    indentAt(base.clone.file.getFullText(), first.getStart()),
  );
  const end = returnStatement(design, base, replacements);
  const last = end === '' ? '' : `\n${indent}  ${reindent(end, `${indent}  `)}`;
  const doc = docComment(design.doc, indent).trimStart();
  return `${doc}${doc === '' ? '' : indent}${signature(design, indent)}\n${indent}  ${body}${last}\n${indent}}`;
}

function objectText(entries: readonly string[], indent: string, column: number): string {
  if (entries.length === 0) return '{}';
  const line = `{ ${entries.join(', ')} }`;
  if (!line.includes('\n') && column + line.length <= LINE_WIDTH) return line;
  return `{\n${entries.map((each) => `${indent}  ${reindent(each, `${indent}  `, '')},\n`).join('')}${indent}}`;
}

/** `name: value`, or the shorthand. */
function entry(name: string, value: string): string {
  return name === value ? name : `${name}: ${value}`;
}

interface CallPlace {
  readonly clone: number;
  readonly indent: string;
  /** Column where the call starts. */
  readonly column: number;
  readonly callee: string;
}

/** The call with which a clone runs the helper, `await` included. */
export function callText(design: HelperDesign, { clone, indent, column, callee }: CallPlace): string {
  const types = generic(design.typeParameters.map((each) => each.cells[clone] ?? 'unknown'));
  const head = `${design.isAsync && design.returned.kind !== 'own' ? 'await ' : ''}${callee}${types}(`;
  const valueOf = (each: Captured): string => each.cells[clone] ?? each.name;
  const values = besideContext(design).map(valueOf);
  const held = inContext(design).map((each) => entry(each.name, valueOf(each)));
  const entries = design.fields.flatMap((field) => {
    const cell = field.cells[clone];
    return cell === undefined ? [] : [entry(field.name, cell)];
  });
  const direct = isDirect(design.fields) ? design.fields.flatMap((field) => field.cells[clone] ?? []) : undefined;
  const print = (inner: string, at: number): readonly string[] => {
    const context = design.context === undefined ? values : [objectText(held, inner, at), ...values];
    if (direct !== undefined) return [...context, ...direct.map((each) => reindent(each, inner, ''))];
    if (design.fields.length === 0) return context;
    const before = context.join(', ').length + (context.length > 0 ? 2 : 0);
    return [...context, objectText(entries, inner, at + (inner === indent ? before : 0))];
  };
  const inLine = print(indent, column + head.length);
  const line = `${head}${inLine.join(', ')})`;
  const isOneLined = inLine.slice(0, -1).every((each) => !each.includes('\n'));
  if (isOneLined && (line.split('\n')[0]?.length ?? 0) + column <= LINE_WIDTH) return line;
  return `${head}\n${print(`${indent}  `, indent.length + 2)
    .map((each) => `${indent}  ${each},\n`)
    .join('')}${indent})`;
}

/** The statement that takes what the helper gives back. */
export function statementText(
  design: HelperDesign,
  call: string,
  bound: { readonly names: readonly string[]; readonly keyword: string },
): string {
  const { returned } = design;
  if (returned.kind === 'nothing') return `${call};`;
  if (returned.kind === 'own') return `return ${call};`;
  if (returned.kind === 'expression') return call;
  const pattern =
    returned.names.length === 1
      ? bound.names.join('')
      : `{ ${returned.names.map((name, at) => (bound.names[at] === name ? name : `${name}: ${bound.names[at] ?? name}`)).join(', ')} }`;
  return `${bound.keyword} ${pattern} = ${call};`;
}

/** Whether a `return` of the promise would let it escape a `try` around it. */
export function standsInTry(node: Node): boolean {
  for (let at: Node | undefined = node; at !== undefined && !Node.isFunctionLikeDeclaration(at); at = at.getParent()) {
    const parent: Node | undefined = at.getParent();
    if (Node.isTryStatement(parent) && (parent.getTryBlock() === at || parent.getFinallyBlock() !== undefined)) return true;
  }
  return false;
}

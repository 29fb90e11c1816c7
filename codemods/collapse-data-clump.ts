// Codemod: collapse-data-clump
//
// Makes one parameter of neighbouring parameters that always go together: the text they are put into, or an object.
//
// Without `type`, every use of the parameters must be the same run of a template (`${a}/${b}`): the callers then build that
// text. With `type`, the function takes an object of a new interface of that name. Preconditions: every use of the function is
// a direct call with all arguments listed, nothing fixes its signature (overloads, interfaces, subclasses), and its body does
// not assign the parameters. Building the text early cannot be seen: only texts, numbers, flags and nothing (null, undefined)
// are accepted.
//
// with { "file": "example.ts", "function": "missing", "parameters": ["space", "task", "version"], "as": "label" }
// ```ts
// function missing(step: string, space: string, task: string, version: number, known: string[]): string {
//   if (known.includes(step)) return step;
//   throw new Error(`${step} (in ${space}/${task}/${version}) is missing`);
// }
// missing('a', 'shop', 'ship', 2, []);
// ```
// ->
// ```ts
// function missing(step: string, label: string, known: string[]): string {
//   if (known.includes(step)) return step;
//   throw new Error(`${step} (in ${label}) is missing`);
// }
// missing('a', `${'shop'}/${'ship'}/${2}`, []);
// ```
//
// with { "file": "example.ts", "function": "area", "parameters": ["width", "height"], "as": "size", "type": "Size", "doc": "In metres." }
// ```ts
// export function area(width: number, height: number): { width: number; area: number } {
//   return { width, area: width * height };
// }
// const width = 2;
// area(width, 3);
// ```
// ->
// ```ts
// /** In metres. */
// export interface Size {
//   readonly width: number;
//   readonly height: number;
// }
//
// export function area(size: Size): { width: number; area: number } {
//   return { width: size.width, area: size.width * size.height };
// }
// const width = 2;
// area({ width, height: 3 });
// ```
//
// Refused: one of them is used by itself, so it is more than a part of the text.
//
// with { "file": "example.ts", "function": "label", "parameters": ["space", "task"], "as": "path" }
// ```ts
// export function label(space: string, task: string): string {
//   return space === '' ? task : `${space}/${task}`;
// }
// ```
// -> refused: REFIT_CLUMP_USE
import { type CallExpression, Node, type ParameterDeclaration } from 'ts-morph';
import { docComment, relisted } from './analysis/code-text.ts';
import { directCalls } from './analysis/direct-calls.ts';
import { findFunction, fixesSignature, isReachableFromOutside, type NamedFunction } from './analysis/named-function.ts';
import { nameUses } from './analysis/name-uses.ts';
import { isPrimitive } from './analysis/purity.ts';
import { templateClump, type TemplateClump } from './analysis/template-clump.ts';
import type { Codemod } from './kernel/codemod.ts';
import type { Proposal } from './kernel/proposal.ts';
import { lineStart } from './kernel/text-positions.ts';

export interface CollapseDataClumpOptions {
  readonly file: string;
  readonly function: string;
  readonly parameters: readonly string[];
  readonly as: string;
  readonly type?: string;
  readonly doc?: string;
}

interface Clump {
  readonly target: NamedFunction;
  readonly parameters: readonly ParameterDeclaration[];
  readonly first: number;
  readonly options: CollapseDataClumpOptions;
  readonly calls: readonly CallExpression[];
}

export const collapseDataClump: Codemod<CollapseDataClumpOptions> = {
  name: 'collapse-data-clump',
  options: {
    file: { kind: 'text', required: true, help: 'the file of the function' },
    function: { kind: 'text', required: true, help: 'the function: f or Class.method' },
    parameters: { kind: 'list', required: true, help: 'the parameters that go together, in their order' },
    as: { kind: 'text', required: true, help: 'the name of the one parameter' },
    type: { kind: 'text', help: 'the name of a new interface; without it the parameters become the text they are put into' },
    doc: { kind: 'text', help: 'the doc comment of the interface' },
  },
  propose(workspace, options, out) {
    const target = findFunction(workspace.sourceFile(options.file), options.function);
    const all = target.node.getParameters();
    const names = all.map((each) => each.getName());
    if (names.includes(options.as) && !options.parameters.some((name) => names.includes(name))) return;
    const first = names.indexOf(options.parameters[0] ?? '');
    const parameters = all.slice(first, first + options.parameters.length);
    if (first < 0 || parameters.length < 2 || parameters.map((each) => each.getName()).join() !== options.parameters.join()) {
      out.refuse(
        'REFIT_CLUMP_PARAMETERS',
        target.node,
        `${options.function} takes (${names.join(', ')}). Name two or more neighbours of them, in this order, as \`parameters\`.`,
      );
    }
    const fixed = fixesSignature(workspace, target);
    if (fixed !== undefined)
      out.refuse('REFIT_CLUMP_SIGNATURE', target.node, `The parameters of ${options.function} must stay as they are: ${fixed}.`);
    const clump: Clump = { target, parameters, first, options, calls: directCalls(target, 'REFIT_CLUMP_VALUE_USE') };
    requirePlain(clump, out);
    if (options.type === undefined) collapseToText(clump, out);
    else collapseToObject(clump, options.type, out);
    out.holds(`every use of ${options.function} is a direct call`, `${String(clump.calls.length)} calls in the project`);
    if (isReachableFromOutside(target))
      out.finding('api', target.node, `${options.function} takes ${options.as} in place of ${options.parameters.join(', ')}.`);
  },
};

function bodyOf(target: NamedFunction): Node {
  return target.node.getBody() ?? target.node;
}

/** Plain parameters that the body only reads, and arguments that are given one by one. */
function requirePlain({ target, parameters, first, options, calls }: Clump, out: Proposal): void {
  const special = parameters.find(
    (each) =>
      each.isOptional() ||
      each.isRestParameter() ||
      each.hasInitializer() ||
      each.isParameterProperty() ||
      !Node.isIdentifier(each.getNameNode()),
  );
  if (special !== undefined)
    out.refuse(
      'REFIT_CLUMP_PARAMETERS',
      special,
      `${special.getName()} is optional, a rest parameter, a pattern or a field. Only plain parameters are put together.`,
    );
  const symbols = new Set(parameters.map((each) => each.getSymbol()));
  const uses = nameUses([bodyOf(target)]);
  const written = uses.find((use) => use.writes && symbols.has(use.symbol));
  if (written !== undefined)
    out.refuse(
      'REFIT_CLUMP_ASSIGNED',
      written.identifier,
      `${target.name} assigns ${written.identifier.getText()}. Give it a variable of its own for that, first.`,
    );
  const taken = [...uses.map((use) => use.identifier), ...target.node.getParameters().map((each) => each.getNameNode())].find(
    (node) => node.getText() === options.as,
  );
  if (taken !== undefined)
    out.refuse('REFIT_CLUMP_NAME', taken, `${options.as} means something else in ${target.name}. Choose another name as \`as\`.`);
  for (const call of calls) {
    const given = call.getArguments();
    if (call.getAncestors().includes(bodyOf(target)))
      out.refuse('REFIT_CLUMP_USE', call, `${target.name} calls itself here. Its parameters are not put together.`);
    if (
      given.slice(0, first + parameters.length).some((each) => Node.isSpreadElement(each)) ||
      given.length < first + parameters.length
    ) {
      out.refuse('REFIT_CLUMP_ARGUMENT', call, 'Arguments are spread or missing here. List them all, first.');
    }
  }
}

/** Prints a list in parentheses anew; one with comments is changed where it must be only. */
function replaceInList(items: readonly Node[], clump: Clump, text: string, out: Proposal): void {
  const { first, parameters } = clump;
  const group = items.slice(first, first + parameters.length);
  const [head] = items;
  if (head === undefined) return;
  const file = head.getSourceFile();
  const full = file.getFullText();
  const open = head.getPos() - 1;
  const close = full.indexOf(')', items.at(-1)?.getEnd() ?? 0);
  const inside = full.slice(open + 1, close);
  if (full.charAt(open) !== '(' || /\/[/*]/.test(inside) || inside.includes('\n\n')) {
    out.edit(file.getFilePath(), [group[0]?.getStart() ?? 0, group.at(-1)?.getEnd() ?? 0], text, 'deleted');
    return;
  }
  const texts = [...items.slice(0, first), ...items.slice(first + parameters.length)].map((each) => each.getText());
  out.edit(file.getFilePath(), [open + 1, close], relisted(full, open, close, texts.toSpliced(first, 0, text)));
}

/** `${a}/${b}` becomes `${label}`; a template that is nothing else becomes the name. */
function collapseToText(clump: Clump, out: Proposal): void {
  const { target, parameters, options, calls } = clump;
  for (const parameter of parameters) {
    if (isPrimitive(parameter.getType())) continue;
    out.refuse(
      'REFIT_CLUMP_TYPE',
      parameter,
      `${parameter.getName()} is no text, number or flag: turning it into a text runs code. Give an interface as \`type\` instead.`,
    );
  }
  const found = templateClump(parameters, bodyOf(target));
  if (found instanceof Node) {
    out.refuse(
      'REFIT_CLUMP_USE',
      found,
      `${target.name} uses ${found.getText()} here by itself, or with other text in between. Give an interface as \`type\` instead.`,
    );
  }
  if (found.runs.length === 0)
    out.refuse(
      'REFIT_CLUMP_USE',
      target.node,
      `${target.name} uses none of ${options.parameters.join(', ')}. Remove them instead (remove-unused-parameter).`,
    );
  const path = target.node.getSourceFile().getFilePath();
  for (const { template, first } of found.runs) {
    const spans = template.getTemplateSpans();
    const isWhole =
      spans.length === parameters.length &&
      template.getHead().getText() === '`${' &&
      spans.at(-1)?.getLiteral().getText() === '}`';
    const start = spans[first]?.getExpression().getStart() ?? 0;
    const end = spans[first + parameters.length - 1]?.getExpression().getEnd() ?? 0;
    if (isWhole) out.replace(template, options.as, 'deleted');
    else out.edit(path, [start, end], options.as, 'deleted');
  }
  out.holds(
    `${options.parameters.join(', ')} are used for one text only`,
    `${String(found.runs.length)} templates with the same run`,
  );
  replaceInList(target.node.getParameters(), clump, `${options.as}: string`, out);
  for (const call of calls) replaceArguments(clump, call, textArgument(found), out);
}

function textArgument({ separators }: TemplateClump): (given: readonly string[]) => string {
  return (given) => `\`${given.map((value, at) => `\${${value}}${separators[at] ?? ''}`).join('')}\``;
}

function replaceArguments(clump: Clump, call: CallExpression, print: (given: readonly string[]) => string, out: Proposal): void {
  const given = call.getArguments().slice(clump.first, clump.first + clump.parameters.length);
  replaceInList(call.getArguments(), clump, print(given.map((each) => each.getText())), out);
}

/** The body reads fields of one object; every call gives an object literal. */
function collapseToObject(clump: Clump, type: string, out: Proposal): void {
  const { target, parameters, options, calls } = clump;
  const path = target.node.getSourceFile().getFilePath();
  const untyped = parameters.find((each) => each.getTypeNode() === undefined);
  if (untyped !== undefined)
    out.refuse(
      'REFIT_CLUMP_TYPE',
      untyped,
      `${untyped.getName()} has no type of its own to write into ${type}. Annotate it first.`,
    );
  const symbols = new Set(parameters.map((each) => each.getSymbol()));
  for (const use of nameUses([bodyOf(target)])) {
    if (!symbols.has(use.symbol)) continue;
    const name = use.identifier.getText();
    out.replace(
      use.identifier,
      Node.isShorthandPropertyAssignment(use.identifier.getParent()) ? `${name}: ${options.as}.${name}` : `${options.as}.${name}`,
    );
  }
  out.holds(`${target.name} only reads ${options.parameters.join(', ')}`, 'no assignment in its body');
  declareInterface(clump, type, path, out);
  replaceInList(target.node.getParameters(), clump, `${options.as}: ${type}`, out);
  const names = parameters.map((each) => each.getName());
  const print = (given: readonly string[]): string =>
    `{ ${given.map((value, at) => (value === names[at] ? value : `${names[at] ?? ''}: ${value}`)).join(', ')} }`;
  for (const call of calls) replaceArguments(clump, call, print, out);
}

function declareInterface({ target, parameters, options }: Clump, type: string, path: string, out: Proposal): void {
  const statement =
    [target.node, ...target.node.getAncestors()].find((each) => Node.isSourceFile(each.getParent())) ?? target.node;
  const text = target.node.getSourceFile().getFullText();
  const exported = isReachableFromOutside(target) ? 'export ' : '';
  const fields = parameters
    .map((each) => `  readonly ${each.getName()}: ${each.getTypeNode()?.getText() ?? 'unknown'};\n`)
    .join('');
  const doc = options.doc === undefined ? '' : `${docComment(options.doc)}\n`;
  out.insert(path, lineStart(text, statement.getStart(true)), `${doc}${exported}interface ${type} {\n${fields}}\n\n`);
}

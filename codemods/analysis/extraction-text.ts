// The text of an extracted function and of the call that takes its place.
import { Node, type TypeParameterDeclaration } from 'ts-morph';
import { reindent } from '../kernel/indent.ts';
import { placeOf } from '../kernel/proposal.ts';
import { Refusal } from '../kernel/refusal.ts';
import { indentAt } from '../kernel/text-positions.ts';
import type { CodePart } from './code-selector.ts';
import { docComment, listed, rangeWithComments, replacedText, type Replacement } from './code-text.ts';
import type { Extraction } from './extraction.ts';
import { callOf, type Call } from './extraction-call.ts';
import { type Result, resultOf } from './extraction-result.ts';
import type { NeededName } from './module-names.ts';
import { nameUses } from './name-uses.ts';
import { annotationText, type TypeText } from './type-text.ts';

export interface ExtractedText {
  /** The declaration, not indented, without `export` or a modifier. */
  readonly signature: string;
  readonly body: string;
  readonly call: Call;
  /** What it names of its module and of others. */
  readonly names: readonly NeededName[];
}

/** A use of a name that becomes another name; shorthand properties keep their key. */
function renamed(place: Node, name: string): Replacement | undefined {
  const old = place.getText();
  if (old === name) return undefined;
  const parent = place.getParent();
  const isShorthand =
    Node.isShorthandPropertyAssignment(parent) || (Node.isBindingElement(parent) && isShorthandBinding(parent, place));
  return { start: place.getStart(), end: place.getEnd(), text: isShorthand ? `${old}: ${name}` : name };
}

function isShorthandBinding(element: Node, place: Node): boolean {
  if (!Node.isBindingElement(element) || element.getPropertyNameNode() !== undefined) return false;
  return element.getNameNode() === place && Node.isObjectBindingPattern(element.getParent());
}

function renamedOutputs(extraction: Extraction, result: Result): readonly Replacement[] {
  return result.fields.flatMap((field) => {
    const uses = extraction.outputs.find((output) => output.name === field.variable)?.uses ?? [];
    return uses.flatMap((use) => renamed(use.identifier, field.inner) ?? []);
  });
}

/** `return x` as `return { kind: 'return', value: x }`: the parts around `x` are replaced, so that `x` may change too. */
function structuredExits(extraction: Extraction): readonly Replacement[] {
  return extraction.control.exits.flatMap((exit): readonly Replacement[] => {
    const { node } = exit;
    if (exit.kind !== 'return' || exit.value === undefined)
      return [{ start: node.getStart(), end: node.getEnd(), text: `return { kind: '${exit.kind}' };` }];
    return [
      { start: node.getStart(), end: exit.value.getStart(), text: `return { kind: 'return', value: ` },
      { start: exit.value.getEnd(), end: node.getEnd(), text: ' };' },
    ];
  });
}

export function replacementsOf(extraction: Extraction, result: Result): readonly Replacement[] {
  const parameters = extraction.parameters.flatMap((parameter) =>
    parameter.places.flatMap((place) => renamed(place, parameter.name) ?? []),
  );
  const exits = result.kind === 'structured' ? structuredExits(extraction) : [];
  return [...parameters, ...renamedOutputs(extraction, result), ...exits];
}

const BODY_INDENT = '  ';

function partText(part: CodePart, result: Result, replacements: readonly Replacement[]): string {
  const range =
    part.kind === 'expression' ? ([part.nodes[0].getStart(), part.nodes[0].getEnd()] as const) : rangeWithComments(part.nodes);
  const text = replacedText(part.nodes[0], range, replacements);
  const from = indentAt(part.nodes[0].getSourceFile().getFullText(), range[0]);
  if (part.kind === 'statements') return `${BODY_INDENT}${reindent(text, BODY_INDENT, from)}`;
  const [field] = result.fields;
  const start = result.kind === 'counted' && field !== undefined ? `const ${field.inner} = ` : 'return ';
  return `${BODY_INDENT}${reindent(`${start}${text};`, BODY_INDENT, from)}`;
}

/** Variables of the caller that the new function assigns before it reads them: it declares its own. */
function prelude(extraction: Extraction, result: Result): readonly { readonly line: string; readonly type: TypeText }[] {
  const inputs = new Set(extraction.flow.inputs.map((input) => input.name));
  const outputs = extraction.outputs.filter((output) => !output.declaredInside && !inputs.has(output.name));
  const names = new Map(result.fields.map((field) => [field.variable, field.inner]));
  return [...outputs, ...extraction.flow.scratch].map((local) => {
    const type = declaredType(local.declaration);
    return { line: `${BODY_INDENT}let ${names.get(local.name) ?? local.name}: ${type.text};`, type };
  });
}

function declaredType(declaration: Node): TypeText {
  const annotated =
    Node.isVariableDeclaration(declaration) || Node.isParameterDeclaration(declaration) ? declaration.getTypeNode() : undefined;
  if (annotated !== undefined) return annotationText(annotated);
  return { text: declaration.getType().getText(declaration), names: new Map() };
}

/** A last `return` stands apart from a longer body. */
function bodyText(lines: readonly string[], parts: readonly string[], end: string | undefined): string {
  const moved = parts.join('\n\n');
  const isLong = moved.split('\n').length > 2;
  const before = lines.length === 0 ? moved : `${lines.join('\n')}\n${moved}`;
  if (end === undefined) return before;
  return `${before}${isLong ? '\n\n' : '\n'}${BODY_INDENT}${end}`;
}

function requireFreeNames(extraction: Extraction, result: Result): void {
  const replaced = new Set(extraction.parameters.flatMap((parameter) => parameter.places));
  const inner = new Map(result.fields.map((field) => [field.variable, field.inner]));
  const outputs = new Map(extraction.outputs.map((output) => [output.symbol, output]));
  const covered = extraction.parameters.filter((parameter) => parameter.lifted).flatMap((parameter) => parameter.places);
  const others = nameUses(extraction.pieces)
    .filter(
      (use) =>
        !replaced.has(use.identifier) &&
        !covered.some((node) => node.containsRange(use.identifier.getPos(), use.identifier.getEnd())),
    )
    .map((use) => inner.get(outputs.get(use.symbol)?.name ?? '') ?? use.identifier.getText());
  const taken = new Set(others);
  for (const parameter of extraction.parameters) {
    if (!taken.has(parameter.name) || extraction.outputs.some((output) => output.name === parameter.argument)) continue;
    const message = `The parameter ${parameter.name} would hide another ${parameter.name} that the range uses. Choose another name in \`parameters\`.`;
    throw new Refusal('REFIT_EXTRACT_NAME_CLASH', message, placeOf(extraction.request.owner));
  }
}

/** Type parameters of the functions (and, for a function, the class) around the range that its text or types mention. */
function typeParameters(extraction: Extraction, types: readonly TypeText[]): readonly TypeParameterDeclaration[] {
  const mentioned = [...extraction.flow.typeParameters, ...types.flatMap((type) => [...type.names.values()])].filter((each) =>
    Node.isTypeParameterDeclaration(each),
  );
  return [...new Set(mentioned)].filter((each) => !(extraction.asMethod && Node.isClassDeclaration(each.getParent())));
}

function neededNames(extraction: Extraction, types: readonly TypeText[]): readonly NeededName[] {
  const lifted = extraction.parameters.filter((parameter) => parameter.lifted).flatMap((parameter) => parameter.places);
  const used = extraction.flow.moduleUses
    .filter((use) => !lifted.some((node) => node.containsRange(use.identifier.getPos(), use.identifier.getEnd())))
    .map((use): NeededName => ({ name: use.identifier.getText(), declaration: use.declaration, typeOnly: use.typeOnly }));
  const named = types
    .flatMap((type) => [...type.names])
    .map(([name, declaration]): NeededName => ({ name, declaration, typeOnly: true }));
  return [...used, ...named.filter((each) => !Node.isTypeParameterDeclaration(each.declaration))];
}

function wrappedInPromise(text: string, isAsync: boolean): string {
  return isAsync ? `Promise<${text}>` : text;
}

/** Prints the function and its call. */
export function extractedText(
  extraction: Extraction,
  place: { readonly modifiers: string; readonly indent: string },
): ExtractedText {
  const { request, control, asMethod } = extraction;
  const result = resultOf(extraction);
  requireFreeNames(extraction, result);
  const replacements = replacementsOf(extraction, result);
  const own = prelude(extraction, result);
  const parts = request.parts.map((part) => partText(part, result, replacements));
  const types = [...extraction.parameters.map((parameter) => parameter.type), result.type, ...own.map((each) => each.type)];
  const generics = typeParameters(extraction, types).map((each) => each.getText());
  const isAsync = control.awaits.length > 0;
  const head = `${isAsync ? 'async ' : ''}${asMethod ? '' : 'function '}${request.name}${generics.length > 0 ? `<${generics.join(', ')}>` : ''}`;
  const list = extraction.parameters.map((parameter) => `${parameter.name}: ${parameter.type.text}`);
  return {
    signature: listed({
      head,
      items: list,
      tail: `: ${wrappedInPromise(result.type.text, isAsync)} {`,
      indent: place.indent,
      column: place.indent.length + place.modifiers.length,
    }),
    body: bodyText(
      own.map((each) => each.line),
      parts,
      result.end,
    ),
    call: callOf(extraction, result),
    names: neededNames(extraction, types),
  };
}

/** The whole declaration with its doc comment, each line indented. */
export function declarationText(
  text: ExtractedText,
  options: { readonly modifiers: string; readonly doc: string | undefined; readonly indent: string },
): string {
  const { modifiers, doc, indent } = options;
  const comment = doc === undefined ? '' : `${docComment(doc, indent)}\n${indent}`;
  const code = `${modifiers}${text.signature}\n${text.body}\n}`;
  return `${comment}${indent === '' ? code : reindentMember(code, indent)}`;
}

function reindentMember(code: string, indent: string): string {
  return reindent(code, indent, '', 'member');
}

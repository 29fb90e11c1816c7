// The facts of one extraction: what the new function takes and gives, and every reason why it must not be made.
import { type BinaryExpression, Node, type VariableDeclaration } from 'ts-morph';
import { placeOf } from '../kernel/proposal.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { CodeFunction, CodePart } from './code-selector.ts';
import { sameCode } from './code-tokens.ts';
import { type ControlExits, controlExits } from './control-exits.ts';
import { copyHazards, type DataFlow, dataFlowOf, type Local, type Output } from './data-flow.ts';
import { isWithin, writeOf } from './name-uses.ts';
import { type TypeText, typeText } from './type-text.ts';

/** What to extract and how to name it. */
export interface ExtractionRequest {
  readonly name: string;
  readonly owner: CodeFunction;
  /** In the order of the text; the call takes the place of the last one. */
  readonly parts: readonly [CodePart, ...CodePart[]];
  readonly kind: 'function' | 'method' | undefined;
  /** Names of parameters, in order, and what stands in the code for each: a variable, or an expression the caller evaluates. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Names of results, and the variable each is. */
  readonly results: Readonly<Record<string, string>>;
  readonly structuredExits: boolean;
  /** A comparison of two sizes that becomes a count among the results. */
  readonly difference?: SizeDifference | undefined;
}

/** `a.length !== b.length`, where `b` is what the extracted expression gives: the count `a.length - b.length`. */
export interface SizeDifference {
  readonly name: string;
  /** The name of the value itself among the results. */
  readonly valueName: string;
  readonly comparison: BinaryExpression;
  /** The variable the expression initialises. */
  readonly variable: VariableDeclaration;
  readonly larger: Node;
  readonly smaller: Node;
}

export interface Parameter {
  readonly name: string;
  /** What the caller passes. */
  readonly argument: string;
  readonly type: TypeText;
  /** The places in the parts that become the name. */
  readonly places: readonly Node[];
  /** The code of the caller that is evaluated before the call instead of inside the part. */
  readonly lifted: boolean;
}

export interface Extraction {
  readonly request: ExtractionRequest;
  readonly pieces: readonly Node[];
  readonly flow: DataFlow;
  readonly control: ControlExits;
  readonly asMethod: boolean;
  /** The innermost function around the last part: a `return` in the range leaves that one. */
  readonly inner: Node;
  readonly parameters: readonly Parameter[];
  readonly outputs: readonly Output[];
}

function refuse(code: string, node: Node, message: string): never {
  throw new Refusal(code, message, placeOf(node));
}

function requireMovable(request: ExtractionRequest, control: ControlExits, flow: DataFlow): void {
  const [bound] = control.bound;
  if (bound !== undefined)
    refuse(
      'REFIT_EXTRACT_BOUND',
      bound,
      `\`${bound.getText().slice(0, 40)}\` belongs to the function it stands in and cannot move to another. Leave it outside of the range.`,
    );
  const jump = control.exits.find((exit) => exit.kind !== 'return' && exit.label !== undefined);
  if (jump !== undefined)
    refuse(
      'REFIT_EXTRACT_LABEL',
      jump.node,
      'A jump to a label leaves the range. Take the labelled statement into the range, or leave the jump outside.',
    );
  const [exit] = control.exits;
  if (exit !== undefined && control.endReachable && !request.structuredExits) {
    refuse(
      'REFIT_EXTRACT_EXIT',
      exit.node,
      'The range is left early and also reaches its end. Allow a structured result, or cut the range so that the early exit stays with the caller.',
    );
  }
  if (!control.endReachable && control.exits.some((each) => each.kind !== 'return')) {
    refuse(
      'REFIT_EXTRACT_EXIT',
      exit?.node ?? request.owner,
      'The range never reaches its end and jumps out of it. Leave the last jump with the caller.',
    );
  }
  const [localType] = flow.localTypes;
  if (localType !== undefined) {
    refuse(
      'REFIT_EXTRACT_LOCAL_TYPE',
      localType.identifier,
      `The type ${localType.identifier.getText()} is declared inside the function and cannot be named outside of it. Move it to the module first.`,
    );
  }
}

/** Whether a field keeps its value while the code runs: readonly, and no accessor. */
function isSteadyField(node: Node): boolean {
  const declarations = node.getSymbol()?.getDeclarations() ?? [];
  return (
    declarations.length > 0 &&
    declarations.every(
      (each) =>
        (Node.isPropertyDeclaration(each) || Node.isParameterDeclaration(each) || Node.isPropertySignature(each)) &&
        each.isReadonly(),
    )
  );
}

/** The `this.field` around a `this`, when that is all it is used for. */
function fieldOf(node: Node): Node | undefined {
  const parent = node.getParent();
  return Node.isPropertyAccessExpression(parent) && isSteadyField(parent) ? parent : undefined;
}

function occurrences(pieces: readonly Node[], code: string): readonly Node[] {
  return pieces
    .flatMap((piece) => [piece, ...piece.getDescendants()])
    .filter((node) => Node.isExpression(node) && sameCode(node.getText(), code))
    .filter(
      (node, _at, all) =>
        !all.some(
          (other) =>
            other !== node &&
            other.getPos() === node.getPos() &&
            other.getEnd() === node.getEnd() &&
            isWithin(node, [other]) &&
            all.indexOf(other) < all.indexOf(node),
        ),
    );
}

function annotationOf(declaration: Node): Node | undefined {
  return Node.isVariableDeclaration(declaration) || Node.isParameterDeclaration(declaration)
    ? declaration.getTypeNode()
    : undefined;
}

function variableParameter(name: string, local: Local): Parameter {
  const first =
    local.uses.find((use) => use.reads && !use.typeOnly)?.identifier ?? local.uses[0]?.identifier ?? local.declaration;
  const optional = Node.isParameterDeclaration(local.declaration) && local.declaration.isOptional();
  const annotation = optional ? undefined : annotationOf(local.declaration);
  return {
    name,
    argument: local.name,
    type: typeText(first.getType(), first, annotation),
    places: local.uses.map((use) => use.identifier),
    lifted: false,
  };
}

function expressionParameter(name: string, places: readonly Node[]): Parameter | undefined {
  const [first] = places;
  if (first === undefined) return undefined;
  return { name, argument: first.getText(), type: typeText(first.getType(), first), places, lifted: true };
}

function namedParameters(request: ExtractionRequest, pieces: readonly Node[], flow: DataFlow): readonly Parameter[] {
  return Object.entries(request.parameters).map(([name, code]) => {
    const local = flow.inputs.find((input) => input.name === code);
    const found = local === undefined ? expressionParameter(name, occurrences(pieces, code)) : variableParameter(name, local);
    if (found !== undefined) return found;
    return refuse(
      'REFIT_EXTRACT_PARAMETER',
      request.owner,
      `The parameter ${name} stands for \`${code}\`, which the range does not use. It uses ${flow.inputs.map((input) => input.name).join(', ') || 'no variables of the function'}.`,
    );
  });
}

/** `this.field` becomes a parameter when the new function is no method. */
function fieldParameters(control: ControlExits, taken: readonly Parameter[]): readonly Parameter[] {
  const covered = taken.flatMap((parameter) => parameter.places);
  const fields = new Map<string, Node[]>();
  for (const use of control.thisUses) {
    if (isWithin(use, covered)) continue;
    const field = fieldOf(use);
    if (field === undefined) {
      refuse(
        'REFIT_EXTRACT_THIS',
        use,
        `\`${(use.getParent() ?? use).getText().slice(0, 60)}\` needs the object and is no read of a readonly field. Extract a method, or name the expression as a parameter.`,
      );
    }
    fields.set(field.getText(), [...(fields.get(field.getText()) ?? []), field]);
  }
  return [...fields].flatMap(([text, places]) => expressionParameter(text.slice(text.lastIndexOf('.') + 1), places) ?? []);
}

/** Variables first used only in what the caller now evaluates are no inputs any more. */
function remainingInputs(flow: DataFlow, taken: readonly Parameter[]): readonly Local[] {
  const covered = taken.filter((parameter) => parameter.lifted).flatMap((parameter) => parameter.places);
  const named = new Set(taken.filter((parameter) => !parameter.lifted).map((parameter) => parameter.argument));
  return flow.inputs
    .filter((input) => !named.has(input.name))
    .map((input) => ({ ...input, uses: input.uses.filter((use) => !isWithin(use.identifier, covered)) }))
    .filter((input) => input.uses.length > 0);
}

function requireOwnNames(parameters: readonly Parameter[], request: ExtractionRequest): void {
  const seen = new Set<string>();
  for (const { name } of parameters) {
    if (seen.has(name))
      refuse('REFIT_EXTRACT_NAME_CLASH', request.owner, `Two parameters would be called ${name}. Name them in \`parameters\`.`);
    seen.add(name);
  }
}

/** `this` is used in a way that only a method can, or a private name of the class is. */
function needsObject(control: ControlExits, parameters: readonly Parameter[], pieces: readonly Node[]): boolean {
  const covered = parameters.flatMap((parameter) => parameter.places);
  if (
    pieces.flatMap((piece) => piece.getDescendants()).some((node) => Node.isPrivateIdentifier(node) && !isWithin(node, covered))
  )
    return true;
  return control.thisUses.some((use) => !isWithin(use, covered) && fieldOf(use) === undefined);
}

function ownerIsMember(owner: CodeFunction): boolean {
  return Node.isClassDeclaration(owner.getParent()) || Node.isClassExpression(owner.getParent());
}

function innerFunction(pieces: readonly Node[], owner: CodeFunction): Node {
  return (
    pieces
      .at(-1)
      ?.getAncestors()
      .find((each) => Node.isFunctionLikeDeclaration(each) || Node.isFunctionExpression(each)) ?? owner
  );
}

function hasOtherThis(inner: Node, owner: Node): boolean {
  return [inner, ...inner.getAncestors()].some(
    (each) =>
      each !== owner &&
      isWithin(each, [owner]) &&
      (Node.isFunctionExpression(each) || Node.isFunctionDeclaration(each) || Node.isMethodDeclaration(each)),
  );
}

/** An expression that means something else, or is assigned to, where it stands. */
function requireValue(part: CodePart): void {
  if (part.kind !== 'expression') return;
  const [node] = part.nodes;
  const parent = node.getParent();
  const isAccess = Node.isPropertyAccessExpression(node) || Node.isElementAccessExpression(node);
  const isReceiver =
    isAccess && (Node.isCallExpression(parent) || Node.isTaggedTemplateExpression(parent)) && parent.getFirstChild() === node;
  const inChain =
    node.getText().includes('?.') &&
    (Node.isPropertyAccessExpression(parent) || Node.isElementAccessExpression(parent) || Node.isCallExpression(parent)) &&
    parent.getExpression() === node;
  const isPlace =
    writeOf(node) !== 'none' || Node.isDeleteExpression(parent) || (Node.isTypeOfExpression(parent) && Node.isIdentifier(node));
  if (isReceiver || inChain || isPlace || Node.isTypeNode(node)) {
    refuse(
      'REFIT_EXTRACT_POSITION',
      node,
      `\`${node.getText()}\` is not a value here: it is assigned to, called on its object, or part of an optional chain. Choose the expression around it.`,
    );
  }
}

/** Reads the parts and checks every precondition. Throws a `Refusal`. */
export function extractionOf(request: ExtractionRequest): Extraction {
  const pieces = request.parts.flatMap((part) => [...part.nodes]);
  const flow = dataFlowOf(request.owner, pieces);
  const control = controlExits(pieces);
  for (const part of request.parts) requireValue(part);
  requireMovable(request, control, flow);
  const [hazard] = copyHazards(request.owner, pieces, flow);
  if (hazard !== undefined) refuse('REFIT_EXTRACT_CLOSURE', hazard.node, hazard.why);
  const named = namedParameters(request, pieces, flow);
  const asMethod = request.kind === 'method' || (request.kind === undefined && needsObject(control, named, pieces));
  if (asMethod && !ownerIsMember(request.owner)) {
    refuse(
      'REFIT_EXTRACT_THIS',
      request.owner,
      'A method was asked for, or `this` is used, and the function is no member of a class. Extract a function and name what it needs in `parameters`.',
    );
  }
  const inner = innerFunction(pieces, request.owner);
  if (asMethod && hasOtherThis(inner, request.owner)) {
    refuse(
      'REFIT_EXTRACT_THIS',
      inner,
      'The range stands in a function with a `this` of its own. Make it an arrow function first, or extract a function.',
    );
  }
  const variables = remainingInputs(flow, named).map((input) => variableParameter(input.name, input));
  const fields = asMethod ? [] : fieldParameters(control, named);
  const parameters = [...named, ...variables, ...fields];
  requireOwnNames(parameters, request);
  return { request, pieces, flow, control, asMethod, inner, parameters, outputs: control.endReachable ? flow.outputs : [] };
}

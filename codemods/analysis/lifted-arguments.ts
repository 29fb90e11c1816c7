// Expressions that the caller evaluates for the call instead of the range: each runs as often and in the same order as before.
import { Node } from 'ts-morph';
import type { Proposal } from '../kernel/proposal.ts';
import { controlExits } from './control-exits.ts';
import type { Extraction, Parameter } from './extraction.ts';
import { isWithin, nameUses } from './name-uses.ts';
import { purityOf } from './purity.ts';

export function liftedPlaces(extraction: Extraction): readonly Node[] {
  return extraction.parameters.filter((parameter) => parameter.lifted).flatMap((parameter) => parameter.places);
}

/** The lines of the nodes, for a message. */
export function linesOf(nodes: readonly Node[]): string {
  return [...new Set(nodes.map((node) => String(node.getStartLineNumber())))].join(', ');
}

/** The conditions, loops and closures of the range that a node stands in. */
function conditionalParent(node: Node, pieces: readonly Node[]): Node | undefined {
  return node.getAncestors().find((each) => isWithin(each, pieces) && isConditional(each, node));
}

function isConditional(parent: Node, node: Node): boolean {
  if (
    Node.isFunctionLikeDeclaration(parent) ||
    Node.isIterationStatement(parent) ||
    Node.isCatchClause(parent) ||
    Node.isTryStatement(parent)
  )
    return true;
  if (Node.isIfStatement(parent)) return !isWithin(node, [parent.getExpression()]);
  if (Node.isConditionalExpression(parent)) return !isWithin(node, [parent.getCondition()]);
  if (Node.isSwitchStatement(parent)) return !isWithin(node, [parent.getExpression()]);
  const shortCircuit = Node.isBinaryExpression(parent) && ['&&', '||', '??'].includes(parent.getOperatorToken().getText());
  return shortCircuit && !isWithin(node, [parent.getLeft()]);
}

function isFirstAssignedInside(parameter: Parameter, extraction: Extraction): Node | undefined {
  const [place] = parameter.places;
  return place === undefined
    ? undefined
    : nameUses([place]).find(
        (use) => isWithin(use.declaration, extraction.pieces) || assignedIn(extraction, use.symbol.getName(), use.declaration),
      )?.identifier;
}

function assignedIn(extraction: Extraction, name: string, declaration: Node): boolean {
  return nameUses(extraction.pieces).some(
    (use) => use.writes && use.declaration === declaration && use.symbol.getName() === name,
  );
}

/** What an effectful argument overtakes must neither be seen, nor throw, nor read what the argument may change. */
function requireNothingOvertaken(extraction: Extraction, place: Node, out: Proposal): void {
  const before = overtaken(extraction.pieces, place);
  const purity = purityOf(before, liftedPlaces(extraction));
  const text = place.getText();
  const conditional = conditionalParent(place, extraction.pieces);
  if (conditional !== undefined)
    out.refuse(
      'REFIT_EXTRACT_LIFT',
      place,
      `\`${text}\` does not run exactly once, on every way through the range (line ${String(conditional.getStartLineNumber())}). It cannot be evaluated by the caller.`,
    );
  const exit = controlExits(extraction.pieces).exits.find((each) => each.node.getEnd() <= place.getPos());
  const stops = [...purity.throws, ...purity.effects.map((each) => each.node), ...(exit === undefined ? [] : [exit.node])];
  if (stops.length > 0)
    out.refuse(
      'REFIT_EXTRACT_LIFT',
      place,
      `\`${text}\` would run before line ${linesOf(stops)}, which can throw, leave or be seen. It cannot be evaluated by the caller.`,
    );
  if (purity.mutableReads.length > 0)
    out.refuse(
      'REFIT_EXTRACT_LIFT',
      place,
      `\`${text}\` would run before line ${linesOf(purity.mutableReads)}, which reads a field that is not readonly. It cannot be evaluated by the caller.`,
    );
  out.holds(
    `\`${text}\` is evaluated once, before the call, with the same effects`,
    'what stood before it can neither throw nor be seen, and reads readonly fields only',
  );
}

/** Parts of the range that are evaluated before the node. */
function overtaken(pieces: readonly Node[], place: Node): readonly Node[] {
  return pieces.flatMap((piece) => {
    if (piece.getEnd() <= place.getPos()) return [piece];
    if (!isWithin(place, [piece])) return [];
    return piece
      .getDescendants()
      .filter(
        (each) =>
          each.getEnd() <= place.getStart() &&
          !each
            .getAncestors()
            .some((parent) => parent !== piece && isWithin(parent, [piece]) && parent.getEnd() <= place.getStart()),
      );
  });
}

/** Reading early is fine unless what runs before could change what is read. */
function requireSameValue(extraction: Extraction, places: readonly Node[], out: Proposal): void {
  for (const place of places) {
    const changing =
      purityOf([place]).mutableReads.length > 0
        ? purityOf(overtaken(extraction.pieces, place), liftedPlaces(extraction)).effects
        : [];
    if (changing.length === 0) continue;
    const before = linesOf(changing.map((each) => each.node));
    out.refuse(
      'REFIT_EXTRACT_LIFT',
      place,
      `\`${place.getText()}\` would be read before line ${before}, which may change it: not every field in it is readonly. It cannot be evaluated by the caller.`,
    );
  }
  out.holds(
    `\`${places[0]?.getText() ?? ''}\` may be read before the call`,
    'its fields are readonly, or nothing before it in the range changes anything',
  );
}

/** Whether nobody can tell when it is evaluated, the fields it reads aside. */
export function isPureArgument(place: Node): boolean {
  if (Node.isThisExpression(place)) return true;
  const purity = purityOf([place]);
  return (
    purity.throws.length === 0 &&
    purity.effects.every((effect) => effect.kind === 'this' && Node.isThisExpression(effect.node) && isFieldRead(effect.node))
  );
}

function isFieldRead(node: Node): boolean {
  const access = node.getParent();
  if (!Node.isPropertyAccessExpression(access)) return false;
  const call = access.getParent();
  return !(Node.isCallExpression(call) && call.getExpression() === access);
}

/** What the caller evaluates for the call is evaluated as it was. */
export function requireLiftsKeepOrder(extraction: Extraction, out: Proposal): void {
  const effectful: Node[] = [];
  for (const parameter of extraction.parameters.filter((each) => each.lifted)) {
    const [place, second] = parameter.places;
    if (place === undefined) continue;
    const changed = isFirstAssignedInside(parameter, extraction);
    if (changed !== undefined)
      out.refuse(
        'REFIT_EXTRACT_LIFT',
        place,
        `\`${place.getText()}\` uses ${changed.getText()}, which the range declares or assigns. It cannot be evaluated by the caller.`,
      );
    if (isPureArgument(place)) {
      requireSameValue(extraction, parameter.places, out);
      continue;
    }
    if (second !== undefined)
      out.refuse(
        'REFIT_EXTRACT_LIFT',
        second,
        `\`${place.getText()}\` runs more than once in the range. It cannot be evaluated once by the caller.`,
      );
    requireNothingOvertaken(extraction, place, out);
    effectful.push(place);
  }
  requireOrder(effectful, out);
}

function requireOrder(effectful: readonly Node[], out: Proposal): void {
  for (const [at, place] of effectful.entries()) {
    const next = effectful[at + 1];
    if (next === undefined || next.getPos() >= place.getPos()) continue;
    out.refuse(
      'REFIT_EXTRACT_LIFT',
      next,
      `\`${next.getText()}\` runs before \`${place.getText()}\`, the parameters are in the other order. Name them in the order they run.`,
    );
  }
}

// What the code behind the clones needs from them: the helper returns it.
import { Node } from 'ts-morph';
import { placeOf } from '../kernel/proposal.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { Returned } from './clone-print.ts';
import { type CloneScope, nodesOf } from './clone-scope.ts';
import type { TypeTable } from './clone-types.ts';
import { controlExits } from './control-exits.ts';
import { copyHazards, dataFlowOf, type Output } from './data-flow.ts';
import { type TypeText, typeText } from './type-text.ts';

interface Out {
  readonly output: Output;
  readonly baseName: string;
}

/** How one clone binds what the helper gives back. */
export interface Binding {
  /** In the order of the helper's names; undefined where this clone does not need it. */
  readonly names: readonly (string | undefined)[];
  readonly keyword: 'const' | 'let';
}

export interface Results {
  readonly returned: Returned;
  readonly bindings: readonly Binding[];
}

/** Closures, loops and jumps that make a copy of a variable unsafe. */
function requireCopies(scope: CloneScope): void {
  const nodes = nodesOf(scope.clone);
  const { bound, exits } = controlExits(nodes);
  const [tied] = bound;
  if (tied !== undefined) {
    throw new Refusal(
      'REFIT_MERGE_BOUND',
      `\`${tied.getText()}\` belongs to its function and cannot go into a helper. Take it out of the range.`,
      placeOf(tied),
    );
  }
  const jump = exits.find((exit) => exit.kind !== 'return');
  if (jump !== undefined) {
    const message = `A \`${jump.kind}\` leaves the clone. Expected: statements that end at their end, by an exception or by a return. Choose a smaller range.`;
    throw new Refusal('REFIT_MERGE_SKELETON', message, placeOf(jump.node));
  }
  const [hazard] = copyHazards(scope.clone.owner, nodes, dataFlowOf(scope.clone.owner, nodes));
  if (hazard !== undefined)
    throw new Refusal(
      'REFIT_MERGE_CAPTURE_CHANGES',
      `A parameter would be a stale copy: ${hazard.why}. Choose another range.`,
      placeOf(hazard.node),
    );
}

function outputsOf(scope: CloneScope): readonly Out[] {
  return dataFlowOf(scope.clone.owner, nodesOf(scope.clone)).outputs.map((output) => {
    if (!output.declaredInside) {
      const message = `The clone assigns ${output.name}, a variable declared outside of it that is read behind it. Start the range at its declaration.`;
      throw new Refusal('REFIT_MERGE_CAPTURED_WRITE', message, placeOf(output.declaration));
    }
    const baseName = scope.uses.find((use) => use.symbol === output.symbol)?.baseName ?? output.name;
    return { output, baseName };
  });
}

function annotationOf(declaration: Node): Node | undefined {
  return Node.isVariableDeclaration(declaration) ? declaration.getTypeNode() : undefined;
}

function typeOfOutput(output: Output): TypeText {
  return typeText(output.firstRead.getType(), output.firstRead, annotationOf(output.declaration));
}

function ownReturn(scopes: readonly CloneScope[], types: TypeTable): Returned {
  const texts = scopes.map(({ clone: { owner } }) => {
    const annotation = Node.isReturnTyped(owner) ? owner.getReturnTypeNode() : undefined;
    if (annotation === undefined) {
      throw new Refusal(
        'REFIT_MERGE_TYPE',
        'The clone ends with a return, and its function does not say what type it returns. Write the type first.',
        placeOf(owner),
      );
    }
    return typeText(annotation.getType(), owner, annotation);
  });
  return { kind: 'own', type: types.generalise(texts, true) ?? 'unknown' };
}

function typeOfNames(names: readonly string[], outs: readonly (readonly Out[])[], types: TypeTable): string {
  const texts = names.map((name) => {
    const cells = outs
      .map((each) => each.find((out) => out.baseName === name))
      .map((out) => (out === undefined ? undefined : typeOfOutput(out.output)));
    const known = cells.find((each) => each !== undefined);
    if (known === undefined) return 'unknown';
    return (
      types.generalise(
        cells.map((each) => each ?? known),
        true,
      ) ?? 'unknown'
    );
  });
  if (names.length === 1) return texts.join('');
  return `{ ${names.map((name, at) => `readonly ${name}: ${texts[at] ?? 'unknown'}`).join('; ')} }`;
}

/** What the helper returns, and how each clone takes it. */
export function resultsOf(scopes: readonly CloneScope[], types: TypeTable): Results {
  for (const scope of scopes) requireCopies(scope);
  const outs = scopes.map(outputsOf);
  const returns = scopes.flatMap(({ clone }) => controlExits(nodesOf(clone)).exits.filter((exit) => exit.kind === 'return'));
  const results = scopes.flatMap(({ clone }) => clone.result ?? []);
  const none = scopes.map((): Binding => ({ names: [], keyword: 'const' }));
  if (returns.length > 0) {
    const ending = scopes.every(({ clone }) => !controlExits(clone.statements).endReachable);
    if (ending && results.length === 0) return { returned: ownReturn(scopes, types), bindings: none };
    const message =
      'A return leaves the clone in the middle, so that the code behind it runs only sometimes. End the range where every way returns or throws.';
    throw new Refusal('REFIT_MERGE_SKELETON', message, returns[0] === undefined ? undefined : placeOf(returns[0].node));
  }
  const names = [...new Set(outs.flat().map((out) => out.baseName))];
  if (results.length > 0 && names.length > 0) {
    const message = `The code behind reads ${names.join(', ')} besides the result. A helper returns one thing: choose the range so that only the result is needed.`;
    throw new Refusal('REFIT_MERGE_RESULT', message, results[0] === undefined ? undefined : placeOf(results[0]));
  }
  if (results.length > 0) {
    return {
      returned: {
        kind: 'expression',
        type:
          types.generalise(
            results.map((each) => typeText(each.getType(), each)),
            true,
          ) ?? 'unknown',
      },
      bindings: none,
    };
  }
  if (names.length === 0) return { returned: { kind: 'nothing' }, bindings: none };
  const bindings = outs.map((each): Binding => ({
    names: names.map((name) => each.find((out) => out.baseName === name)?.output.name),
    keyword: each.some((out) => out.output.assignedOutside) ? 'let' : 'const',
  }));
  return { returned: { kind: 'variables', type: typeOfNames(names, outs, types), names }, bindings };
}

// How a merged helper runs statements that its clones do not share, and what of them it cannot run.
import { Node, type Statement } from 'ts-morph';
import { placeOf } from '../kernel/proposal.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { Leaving } from './clone-cells.ts';
import type { HoleParameter } from './clone-parameters.ts';
import { controlExits } from './control-exits.ts';

/** What of a field says how it is called. */
export interface Callback {
  readonly optional: boolean;
  readonly isAsync: boolean;
  readonly parameters: readonly HoleParameter[];
}

/** Whether the closure is awaited where it runs; the clones must agree. */
export function requireSameAwaits(cells: readonly (readonly Statement[])[]): boolean {
  const awaits = cells.map((cell) => controlExits(cell).awaits.length > 0);
  const isAsync = awaits.includes(true);
  const mixed = cells.find((cell, at) => isAsync && cell.length > 0 && awaits[at] === false)?.[0];
  if (mixed !== undefined) throw skeletonRefusal(mixed, 'statements that differ wait in one clone and do not in this one');
  return isAsync;
}

/** How control leaves statements that differ. */
export function leavingOf(cells: readonly (readonly Statement[])[]): Leaving {
  if (cells.some((cell) => controlExits(cell).exits.length > 0)) return 'early';
  return cells.every((cell) => cell.length > 0 && !controlExits(cell).endReachable) ? 'never' : 'at its end';
}

/** The variable that all returns in the statements give back: then the helper can return it itself. */
export function returnedValue(cells: readonly (readonly Statement[])[]): string {
  const returns = cells.flatMap((cell) => controlExits(cell).exits);
  const values = returns.map((exit) => (exit.kind === 'return' ? exit.value?.getText() : undefined));
  const [first] = values;
  const place = returns[0]?.node;
  const isName = returns.every((exit) => exit.kind === 'return' && (exit.value === undefined || Node.isIdentifier(exit.value)));
  if (isName && values.every((value) => value === first)) return first ?? '';
  throw skeletonRefusal(place, 'statements that differ return something that is no variable of all clones');
}

/** The call of a callback as a statement; one that may end the helper says so by what it answers. */
export function statementCall(reach: string, field: Callback, value: string | undefined): string {
  const given = callOf(reach, { ...field, optional: false });
  const isPresent = `${reach} !== undefined`;
  if (value !== undefined) {
    const leave = `return${value === '' ? '' : ` ${value}`};`;
    const required = field.isAsync ? `await ${given}` : given;
    if (!field.optional) return `if (${required}) ${leave}`;
    return `if (${field.isAsync ? `${isPresent} && (${required})` : `${callOf(reach, field)} === true`}) ${leave}`;
  }
  if (!field.isAsync) return `${callOf(reach, field)};`;
  return field.optional ? `if (${isPresent}) await ${given};` : `await ${given};`;
}

export function callOf(reach: string, field: Pick<Callback, 'optional' | 'parameters'>): string {
  return `${reach}${field.optional ? '?.' : ''}(${field.parameters.map((each) => each.argument).join(', ')})`;
}

export function skeletonRefusal(node: Node | undefined, found: string): Refusal {
  return new Refusal(
    'REFIT_MERGE_SKELETON',
    `The clones do not have the same control skeleton: ${found}. Expected: awaits, returns, jumps and tries at the same places of all clones. Choose a smaller range.`,
    node === undefined ? undefined : placeOf(node),
  );
}

export function shapeRefusal(node: Node | undefined): Refusal {
  const message =
    'The first clone has an empty list where others have elements; there is no place to put a hole. Name the longest clone first.';
  return new Refusal('REFIT_MERGE_SHAPE', message, node === undefined ? undefined : placeOf(node));
}

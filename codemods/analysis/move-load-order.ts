// Refuses a move after which modules would load each other, or modules with effects would be loaded in another order.
import { Node, type SourceFile } from 'ts-morph';
import type { Proposal } from '../kernel/proposal.ts';
import { chainOf, currentLoads, effectOrder, effectsIn, type LoadsOf } from './import-graph.ts';
import { loadTimeReads } from './move-hazards.ts';
import type { ImporterChange, Leaving } from './moved-imports.ts';
import { importerLoads, newModuleLoads, oldModuleLoads } from './moved-loads.ts';
import type { MovedSet } from './moved-set.ts';
import { nameUses } from './name-uses.ts';

export interface LoadCheck {
  readonly file: SourceFile;
  readonly moved: MovedSet;
  readonly leaving: Leaving;
  /** Whether the old module re-exports what moved. */
  readonly keepOldPath: boolean;
  readonly changes: readonly ImporterChange[];
  readonly out: Proposal;
}

/** Names that the code that stays evaluates. */
function evaluatedByRest({ file, moved }: LoadCheck): ReadonlySet<string> {
  const rest = file.getStatements().filter((each) => !moved.statements.includes(each) && !Node.isImportDeclaration(each));
  return new Set(nameUses(rest).flatMap((use) => (use.typeOnly ? [] : [use.identifier.getText()])));
}

interface Loads {
  readonly current: LoadsOf;
  readonly later: LoadsOf;
  /** Modules whose loads change, the new one left out. */
  readonly changed: readonly string[];
  readonly hasEffect: (path: string) => boolean;
}

function loadsThen(check: LoadCheck): Loads {
  const { moved, leaving } = check;
  const current = currentLoads(leaving.workspace);
  const hasEffect = effectsIn(leaving.workspace);
  const valueLeaves = [...leaving.names.values()].includes(false);
  const needsNew = moved.usedByRest.some((each) => !each.typeOnly) || (check.keepOldPath && valueLeaves);
  const after = new Map(
    check.changes.map((change) => [String(change.file.getFilePath()), importerLoads(change, leaving, current)]),
  );
  after.delete(leaving.to);
  after.set(leaving.from, oldModuleLoads(leaving, { current, hasEffect, byRest: evaluatedByRest(check), needsNew }));
  const changed = [...after.keys()];
  after.set(leaving.to, newModuleLoads(moved, leaving, current));
  return { current, hasEffect, changed, later: (path) => after.get(path) ?? current(path) };
}

function requireNoCycle({ leaving, file, out }: LoadCheck, loads: Loads): void {
  const cycle = chainOf(leaving.to, leaving.to, loads.later);
  if (cycle === undefined) return;
  const chain = cycle.map((path) => leaving.workspace.relative(path)).join(' -> ');
  const advice = 'Move what the new module needs along (add it to symbols), or to a third module first.';
  out.refuse('REFIT_MOVE_CYCLE', file.getStatements()[0], `The modules would load each other: ${chain}. ${advice}`);
}

function requireSameEffects({ leaving, out }: LoadCheck, loads: Loads): void {
  const { current, later, hasEffect } = loads;
  const show = (order: readonly string[]): string => order.map((each) => leaving.workspace.relative(each)).join(', ') || 'none';
  for (const path of loads.changed) {
    const [before, now] = [effectOrder(current(path), current, hasEffect), effectOrder(later(path), later, hasEffect)];
    if (before.join('\n') === now.join('\n')) continue;
    const message = `Loading this file would load other modules with effects, or in another order: ${show(now)} instead of ${show(before)}.`;
    out.refuse(
      'REFIT_MOVE_LOAD_ORDER',
      { path, line: 1 },
      `${message} Set keepOldPath, or put the effects behind a function first.`,
    );
  }
}

function requireEarlyReads({ moved, leaving, out }: LoadCheck, { current, hasEffect }: Loads): void {
  const [read] = loadTimeReads(moved.statements);
  if (read === undefined) return;
  if (!hasEffect(leaving.from) && effectOrder(current(leaving.from), current, hasEffect).length === 0) return;
  const message = `\`${read.getText()}\` is read while modules with effects are loaded; in another module it may be read earlier. Read it in a function first.`;
  out.refuse('REFIT_MOVE_LOAD_ORDER', read, message);
}

/** Compares what every module concerned loads now and after the move. */
export function requireLoadOrder(check: LoadCheck): void {
  const loads = loadsThen(check);
  requireNoCycle(check, loads);
  requireSameEffects(check, loads);
  requireEarlyReads(check, loads);
  const { workspace, to } = check.leaving;
  check.out.holds(
    'no import cycle is evaluated through the new module',
    `${workspace.relative(to)} is not reachable from what it loads`,
  );
  check.out.holds('modules with effects are loaded in the order they were', `${String(loads.changed.length)} modules compared`);
}

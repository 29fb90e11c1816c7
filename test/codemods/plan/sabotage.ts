// Sabotage: a step of a plan with one operation that works like the real one, but for one careless edit in what it proposes.
import type { Codemod, Operation } from '../../../codemods/kernel/codemod.ts';
import type { Proposal } from '../../../codemods/kernel/proposal.ts';
import type { Workspace } from '../../../codemods/kernel/workspace.ts';
import type { Plan, Step } from '../../../codemods/plan/plan.ts';

/** Source text, whatever its layout, and what the careless codemod makes of it. */
interface Slip {
  readonly from: string;
  readonly to: string;
}

/** What a careless codemod does besides its work. */
export interface Sabotage {
  readonly name: string;
  readonly step: string;
  /** The operation that is made careless, counted from 0 among those of the step. */
  readonly operation: number;
  /** Where the slips are, when they are beside what the operation proposes. */
  readonly file?: string;
  readonly slips: readonly Slip[];
}

/** The one place of a text, whatever its layout; undefined when it is not there, or more than once. */
function placeOf(text: string, snippet: string): readonly [start: number, end: number] | undefined {
  const words = snippet.trim().split(/\s+/);
  const pattern = new RegExp(
    words.map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)).join(String.raw`\s+`),
    'g',
  );
  const [found, ...more] = text.matchAll(pattern);
  if (found === undefined || more.length > 0) return undefined;
  return [found.index, found.index + found[0].length];
}

/** The proposed text with the slip; undefined when it holds no place for it. */
function spoilt<T extends { readonly text: string }>(proposed: T, { from, to }: Slip): T | undefined {
  const place = placeOf(proposed.text, from);
  if (place === undefined) return undefined;
  return { ...proposed, text: proposed.text.slice(0, place[0]) + to + proposed.text.slice(place[1]) };
}

/** Spoils every item that can be, and answers how many. */
function spoilAll(items: { readonly text: string }[], slip: Slip): number {
  let count = 0;
  for (const [at, item] of items.entries()) {
    const bad = spoilt(item, slip);
    if (bad === undefined) continue;
    items[at] = bad;
    count += 1;
  }
  return count;
}

function spoilProposal(workspace: Workspace, out: Proposal, { name, file, slips }: Sabotage): void {
  for (const slip of slips) {
    const place = file === undefined ? undefined : placeOf(workspace.textOf(file) ?? '', slip.from);
    if (file !== undefined && place !== undefined) out.edit(file, place, slip.to);
    const places = file === undefined ? spoilAll(out.edits, slip) + spoilAll(out.creations, slip) : Number(place !== undefined);
    if (places !== 1) throw new Error(`${name}: ${String(places)} places for "${slip.from}", expected one`);
  }
}

function sabotaged({ codemod, options }: Operation, sabotage: Sabotage): Operation {
  const careless: Codemod = {
    ...codemod,
    propose(workspace, given, out) {
      codemod.propose(workspace, given, out);
      spoilProposal(workspace, out, sabotage);
    },
  };
  return { codemod: careless, options };
}

/** The plan with one careless operation. */
export function sabotagedPlan(plan: Plan, sabotage: Sabotage): Plan {
  const spoil = (step: Step): Step => {
    if (step.id !== sabotage.step) return step;
    const target = step.operations[sabotage.operation];
    if (target === undefined) throw new Error(`${sabotage.name}: step ${step.id} has no such operation`);
    return { ...step, operations: step.operations.with(sabotage.operation, sabotaged(target, sabotage)) };
  };
  return { ...plan, steps: plan.steps.map(spoil) };
}

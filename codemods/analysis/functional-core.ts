// The preconditions of a functional core: it is pure, what the caller evaluates for it keeps its order, and no await moves over what can be seen.
import type { Node } from 'ts-morph';
import type { Proposal } from '../kernel/proposal.ts';
import type { CodePart } from './code-selector.ts';
import { controlExits } from './control-exits.ts';
import type { Extraction } from './extraction.ts';
import { isPureArgument, liftedPlaces, linesOf } from './lifted-arguments.ts';
import { mutableRead, sharedRead } from './immutability.ts';
import { isWithin, nameUses } from './name-uses.ts';
import { type Purity, purityOf } from './purity.ts';

/** No `this`, no state, no clock, no chance, no call that is not known to be pure. */
export function requirePure(extraction: Extraction, out: Proposal): void {
  const { pieces, request } = extraction;
  const purity = purityOf(pieces, liftedPlaces(extraction));
  const [effect] = purity.effects;
  if (effect !== undefined) {
    const list = [...new Set(purity.effects.map((each) => `line ${String(each.node.getStartLineNumber())}: ${each.why}`))]
      .slice(0, MOST_REASONS)
      .join('; ');
    out.refuse(
      'REFIT_CORE_IMPURE',
      effect.node,
      `${request.name} would not be pure: ${list}. Leave that with the caller, or pass it in through \`parameters\`.`,
    );
  }
  const reads = extraction.parameters.map((parameter) => parameter.name).join(', ');
  out.holds(
    'the core is pure: no this, state, clock, chance, waiting, or unknown call',
    `it depends on ${reads || 'nothing'} alone`,
  );
}

/** Reasons a refusal lists. */
const MOST_REASONS = 5;

/** Statements that run between a part and the last part. */
function crossed(part: CodePart, last: CodePart, pieces: readonly Node[]): readonly Node[] {
  const end = part.nodes.at(-1)?.getEnd() ?? 0;
  const start = last.nodes[0].getStart();
  const between = part.nodes[0].getParent()?.forEachChildAsArray() ?? [];
  return between.filter((node) => node.getPos() >= end && node.getStart() < start && !pieces.includes(node));
}

function requireSunk(part: CodePart, extraction: Extraction, out: Proposal): void {
  const { pieces, request } = extraction;
  const last = request.parts.at(-1) ?? part;
  const [first] = part.nodes;
  const passed = crossed(part, last, pieces);
  if (first.getParent() === undefined || !last.nodes[0].getAncestors().includes(first.getParentOrThrow())) {
    out.refuse(
      'REFIT_CORE_PARTS',
      first,
      'A part does not stand in a block around the last part, so it may not run before it. Name parts of one block.',
    );
  }
  const own = nameUses(part.nodes).filter((use) => use.declares || use.writes);
  const used = nameUses([first.getParentOrThrow()]).find(
    (use) => own.some((each) => each.symbol === use.symbol) && !isWithin(use.identifier, pieces),
  );
  if (used !== undefined)
    out.refuse(
      'REFIT_CORE_PARTS',
      used.identifier,
      `${used.identifier.getText()} of an earlier part is used outside of the function. Take what uses it along, or leave the part with the caller.`,
    );
  requireUnseen(part, passed, movedPurity(part, extraction), out);
}

/** What the caller evaluates for the call moves along with it: it counts like the rest of the part. */
function movedPurity(part: CodePart, extraction: Extraction): Purity {
  const places = liftedPlaces(extraction);
  const rest = purityOf(part.nodes, places);
  const lifted = places.filter((place) => isWithin(place, part.nodes));
  const own = lifted.map((place) => purityOf([place]));
  const seen = lifted.flatMap((place, at) => (isPureArgument(place) ? [] : (own[at]?.effects ?? [])));
  return {
    effects: [...rest.effects, ...seen],
    throws: [...rest.throws, ...own.flatMap((each) => each.throws)],
    mutableReads: [...rest.mutableReads, ...own.flatMap((each) => each.mutableReads)],
  };
}

function requireUnseen(part: CodePart, passed: readonly Node[], purity: Purity, out: Proposal): void {
  const [first] = part.nodes;
  const over = purityOf(passed);
  const waits = over.effects.filter((each) => each.kind === 'await').map((each) => each.node);
  const exits = controlExits(part.nodes).exits.map((exit) => exit.node);
  const seen = [...purity.throws, ...purity.effects.map((each) => each.node), ...exits];
  if (seen.length > 0) {
    const what = waits.length > 0 ? `the await on line ${linesOf(waits)}` : `line ${linesOf(passed)}`;
    out.refuse(
      'REFIT_CORE_MOVES_AWAIT',
      seen[0],
      `Line ${linesOf(seen)} can throw, leave or be seen, and would run after ${what} instead of before. Split it off as a function of its own that is called where it stands.`,
    );
  }
  const written = nameUses(passed).find(
    (use) => use.writes && !use.declares && nameUses(part.nodes).some((each) => each.symbol === use.symbol),
  );
  const shared = part.nodes.flatMap((node) => [node, ...node.getDescendants()]).filter(sharedRead);
  const changing = over.effects.length > 0 ? [...purity.mutableReads, ...shared] : [];
  if (written !== undefined || changing.length > 0) {
    const node = written?.identifier ?? changing[0] ?? first;
    out.refuse(
      'REFIT_CORE_MOVES_AWAIT',
      node,
      `\`${node.getText()}\` can change before the last part runs: it is assigned, or a field that is not readonly, or the contents of a collection that others hold, and line ${linesOf(passed)} runs in between. Split it off as a function of its own that is called where it stands.`,
    );
  }
  out.holds(
    `lines ${linesOf(part.nodes)} may run later, behind line ${linesOf(passed)}`,
    'they can neither throw nor be seen, and read readonly fields and constants only',
  );
}

/** Every await, log and throw stays where it is; pure parts move only where nobody can tell. */
export function requireOrderKept(extraction: Extraction, out: Proposal): void {
  for (const part of extraction.request.parts.slice(0, -1)) requireSunk(part, extraction, out);
  for (const part of extraction.request.parts) {
    const reads = part.nodes.flatMap((node) => node.getDescendants()).filter(mutableRead);
    if (reads.length > 0)
      out.holds('fields that are not readonly are read where they were read before', `lines ${linesOf(reads)}`);
  }
}

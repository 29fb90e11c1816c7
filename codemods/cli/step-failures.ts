// What structure and traces say against a step.
import { checkStructure } from '../plan/check-structure.ts';
import type { StepFailure, StepRecord } from '../plan/execute-plan.ts';
import type { TracedSubject } from '../proof/trace-verdict.ts';

/** What the traces of a step say against it. */
export function behaviourFailure(traced: readonly TracedSubject[]): StepFailure | undefined {
  const moved = traced.find(({ differences }) => differences.length > 0);
  if (moved === undefined) return undefined;
  const list = moved.differences.slice(0, 5).join('\n  ');
  return {
    code: 'REFIT_BEHAVIOUR_CHANGED',
    message: `The effect traces of ${moved.subject} differ from those of the code before:\n  ${list}`,
  };
}

/** A claim of structure that the texts do not bear out: a declaration that changed while it moved, a helper that is not its clones. */
export function structureFailure(record: StepRecord): StepFailure | undefined {
  const broken = checkStructure(record).find(({ holds, decidedByTraces }) => !holds && !decidedByTraces);
  if (broken === undefined) return undefined;
  return { code: 'REFIT_STRUCTURE_CHANGED', message: `The codemod claims: ${broken.claim}; the texts say: ${broken.found}.` };
}

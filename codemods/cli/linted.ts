// A record of `refit lint --json`: a run that is given one is refused when the code or the plan changed since.
import { existsSync, readFileSync } from 'node:fs';
import { RefitError } from '../kernel/refit-error.ts';
import type { Workspace } from '../kernel/workspace.ts';
import { requireSameSteps, requireUnchanged } from '../plan/lint-plan.ts';
import type { Plan } from '../plan/plan.ts';

type Texts = Readonly<Record<string, string>>;

function textsOf(document: object, field: string): Texts | undefined {
  const found: unknown = Object.entries(document).find(([name]) => name === field)?.[1];
  if (typeof found !== 'object' || found === null) return undefined;
  const texts = Object.entries(found).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return texts.length === Object.keys(found).length ? Object.fromEntries(texts) : undefined;
}

/** What a file holds as JSON; undefined where it is none, or none of an object. */
export function jsonObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Refuses to run a plan that was not linted as it is, on the code as it is.
 * @throws RefitError REFIT_LINT_RECORD for a file that is no such record, REFIT_PLAN_STALE where something changed.
 */
export function requireAsLinted(path: string, plan: Plan, workspace: Workspace): void {
  const document = existsSync(path) ? jsonObject(readFileSync(path, 'utf8')) : undefined;
  const [sources, steps] = document === undefined ? [] : [textsOf(document, 'sources'), textsOf(document, 'steps')];
  const isLint = document !== undefined && 'schema' in document && document.schema === 'refit-lint/1';
  if (!isLint || sources === undefined || steps === undefined) {
    throw new RefitError(
      'REFIT_LINT_RECORD',
      `${path} is no record of a lint. Write one with \`refit lint <plan> --json > ${path}\`.`,
    );
  }
  if (!('plan' in document) || document.plan !== plan.name) {
    throw new RefitError('REFIT_LINT_RECORD', `${path} is of another plan than ${plan.name}. Lint this one.`);
  }
  requireSameSteps(new Map(Object.entries(steps)), plan);
  requireUnchanged(new Map(Object.entries(sources)), workspace);
}

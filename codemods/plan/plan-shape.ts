// Whether a module's plan has the fields a plan has: plans are loaded without their types being checked.
import type { Operation, OptionSpec } from '../kernel/codemod.ts';
import { nearestOf } from '../kernel/nearest.ts';
import { RefitError } from '../kernel/refit-error.ts';
import type { Plan, Step } from './plan.ts';

type Kind = 'text' | 'list';

const ofPlan: Readonly<Record<string, Kind>> = {
  name: 'text',
  title: 'text',
  root: 'text',
  projects: 'list',
  phases: 'list',
  reported: 'list',
  steps: 'list',
};

const ofStep: Readonly<Record<string, Kind>> = {
  id: 'text',
  title: 'text',
  phase: 'text',
  after: 'list',
  claims: 'list',
  operations: 'list',
  ensures: 'list',
  subjects: 'list',
};

function fits(value: unknown, kind: OptionSpec['kind']): boolean {
  switch (kind) {
    case 'text':
      return typeof value === 'string';
    case 'list':
      return Array.isArray(value);
    case 'flag':
      return typeof value === 'boolean';
    case 'number':
      return typeof value === 'number';
    case 'data':
      return value !== undefined;
  }
}

function requireFields(value: unknown, fields: Readonly<Record<string, Kind>>, where: string): void {
  const own = new Map<string, unknown>(typeof value === 'object' && value !== null ? Object.entries(value) : []);
  for (const [name, kind] of Object.entries(fields)) {
    if (fits(own.get(name), kind)) continue;
    const found = own.has(name) ? `is ${JSON.stringify(own.get(name))}` : 'is missing';
    throw new RefitError('REFIT_PLAN_SHAPE', `${where}: \`${name}\` ${found}; expected a ${kind}. See README for a plan.`);
  }
}

/**
 * Refuses a plan with a missing field, or one of another kind.
 * @throws RefitError REFIT_PLAN_SHAPE
 */
export function requirePlanShape(plan: Plan, path: string): void {
  requireFields(plan, ofPlan, path);
  for (const [at, step] of plan.steps.entries()) requireFields(step, ofStep, `${path}, step ${String(at + 1)}`);
}

function requireOptions({ codemod, options }: Operation, where: string): void {
  const known = Object.entries<OptionSpec>(codemod.options);
  const given = new Map<string, unknown>(Object.entries(options));
  // A codemod of the plan's own may say nothing about its options.
  if (known.length === 0) return;
  const names = known.map(([name]) => name);
  const wrong = (what: string): RefitError => new RefitError('REFIT_PLAN_OPTION', `${where}: ${what}`);
  for (const name of given.keys()) {
    if (names.includes(name)) continue;
    const near = nearestOf(name, names);
    throw wrong(
      `there is no option ${name}.${near === undefined ? '' : ` Did you mean ${near}?`} Its options: ${names.join(', ')}.`,
    );
  }
  for (const [name, { kind, required }] of known) {
    const value = given.get(name);
    if (value === undefined && required !== true) continue;
    if (!fits(value, kind))
      throw wrong(`option ${name} is ${value === undefined ? 'missing' : JSON.stringify(value)}; expected a ${kind}.`);
  }
}

/**
 * Refuses an operation whose options its codemod does not take.
 * @throws RefitError REFIT_PLAN_OPTION
 */
export function requireStepOptions(step: Step): void {
  for (const [at, operation] of step.operations.entries())
    requireOptions(operation, `Step ${step.id}, operation ${String(at + 1)} (${operation.codemod.name})`);
}

// What must hold between the steps of a template: names are unique, dependencies exist, nothing waits for itself (spec 5.2).
import { cycleText, findCycle } from '../dependency-graph.ts';
import { didYouMean } from '../did-you-mean.ts';
import { inside, note } from './read-fields.ts';
import type { Place } from './read-fields.ts';
import type { StepDefinition } from './task-template.ts';

/**
 * Notes its problems at `place`, the list of steps. Steps come here with whatever else is wrong with them, so that a writer hears
 * everything at once: an empty name or dependency stands for one that could not be read and has been noted.
 */
export function checkSteps(steps: readonly StepDefinition[], place: Place): void {
  if (steps.length === 0 && !place.problems.some(({ path }) => path.length === 0 || (path.length === 1 && path[0] === 'steps'))) {
    note(place, 'EMPTY_STEPS', 'found no steps; expected at least one. A task without steps has nothing to do.');
  }
  checkNames(steps, place);
  const names = new Set(steps.map((step) => step.name));
  for (const [index, step] of steps.entries()) checkDependencies(step, { names, place: inside(place, index) });
  checkCycle(steps, place);
}

function checkNames(steps: readonly StepDefinition[], place: Place): void {
  const first = new Map<string, number>();
  for (const [index, { name }] of steps.entries()) {
    if (name === '') continue;
    const before = first.get(name);
    if (before === undefined) {
      first.set(name, index);
      continue;
    }
    const message = `found a second step named ${JSON.stringify(name)}; steps[${before}] has that name already. Rename one of them.`;
    note(inside(inside(place, index), 'name'), 'DUPLICATE_STEP', message);
  }
}

function checkDependencies(
  step: StepDefinition,
  { names, place }: { readonly names: ReadonlySet<string>; readonly place: Place },
): void {
  const list = inside(place, 'dependencies');
  for (const [index, dependency] of step.dependencies.entries()) {
    if (dependency === '') continue;
    const shown = JSON.stringify(dependency);
    if (!names.has(dependency)) {
      const known = [...names].filter((name) => name !== step.name && name !== '');
      const message = `found the dependency ${shown}, which is no step of this template; ${expectedOneOf(known)}.${didYouMean(dependency, known)}`;
      note(inside(list, index), 'UNKNOWN_STEP', message);
    } else if (step.dependencies.indexOf(dependency) < index) {
      note(inside(list, index), 'DUPLICATE_DEPENDENCY', `found the dependency ${shown} twice; remove one.`);
    }
  }
  if (step.type === 'decision' && step.dependencies.length === 0) {
    const message = 'found a decision step without dependencies; expected at least one. Add the step whose result it decides on.';
    note(inside(place, 'type'), 'DECISION_WITHOUT_DEPENDENCY', message);
  }
}

function checkCycle(steps: readonly StepDefinition[], place: Place): void {
  const edges = steps.flatMap((step) => step.dependencies.map((from) => ({ from, to: step.name })));
  const cycle = findCycle(edges);
  if (cycle === undefined) return;
  const index = steps.findIndex((step) => step.name === cycle[0]);
  note(
    inside(inside(place, index), 'dependencies'),
    'DEPENDENCY_CYCLE',
    `${cycleText(cycle)}. Remove one of these dependencies.`,
  );
}

function expectedOneOf(names: readonly string[]): string {
  return names.length === 0 ? 'there is no other step. Remove it, or add that step' : `expected one of ${listed(names)}`;
}

/** Enough names to recognize the template, not a screenful. */
function listed(names: readonly string[]): string {
  return names.length > 12 ? `${names.slice(0, 12).join(', ')} and ${names.length - 12} more` : names.join(', ');
}

// A plan is a module of somebody else: what it lacks is said with the place, not found out by a crash.
import { describe, expect, it } from 'vitest';
import type { Codemod } from '../../../codemods/kernel/codemod.ts';
import { requirePlanShape, requireStepOptions } from '../../../codemods/plan/plan-shape.ts';
import type { Plan, Step } from '../../../codemods/plan/plan.ts';
import { requireWellFormed } from '../../../codemods/plan/step-order.ts';

const step: Step = { id: 'A', title: 'A', phase: '1', after: [], claims: [], operations: [], ensures: [], subjects: [] };
const plan: Plan = {
  name: 'small',
  title: 'Small',
  root: '.',
  projects: [],
  phases: [{ id: '1', title: 'One' }],
  steps: [step],
  reported: [],
};

describe('the shape of a plan', () => {
  it('is that of the type', () => {
    expect(() => requirePlanShape(plan, 'plan.ts')).not.toThrow();
  });

  it.each([
    ['a missing field', { root: undefined }, 'plan.ts: `root` is undefined; expected a text'],
    ['steps that are no list', { steps: 3 }, 'plan.ts: `steps` is 3; expected a list'],
    ['a step that lacks its promises', { steps: [step, { ...step, ensures: null }] }, 'plan.ts, step 2: `ensures` is null'],
    ['a step that is none', { steps: [null] }, 'plan.ts, step 1: `id` is missing; expected a text'],
  ])('is refused with the place: %s', (_, wrong, message) => {
    const loaded: unknown = { ...plan, ...wrong };
    expect(() => requirePlanShape(loaded as Plan, 'plan.ts')).toThrow(
      expect.objectContaining({ code: 'REFIT_PLAN_SHAPE', message: expect.stringContaining(message) }),
    );
  });
});

describe('the options of an operation', () => {
  const options = {
    from: { kind: 'text', required: true, help: '' },
    symbols: { kind: 'list', help: '' },
    deep: { kind: 'flag', help: '' },
    count: { kind: 'number', help: '' },
    data: { kind: 'data', help: '' },
  } as const;
  const codemod: Codemod = { name: 'move-it', options, propose: () => undefined };
  const withOptions = (given: object, of: Codemod = codemod): Step => ({
    ...step,
    operations: [{ codemod: of, options: given }],
  });

  it('are those it describes; one that describes none takes any', () => {
    const all = { from: 'a', symbols: ['b'], deep: true, count: 1, data: {} };
    expect(() => requireStepOptions(withOptions(all))).not.toThrow();
    expect(() => requireStepOptions(withOptions({ from: 'a', symbols: undefined }))).not.toThrow();
    expect(() => requireStepOptions(withOptions({ file: 'a' }, { ...codemod, options: {} }))).not.toThrow();
  });

  it.each([
    [{}, 'Step A, operation 1 (move-it): option from is missing; expected a text.'],
    [{ from: 'a', symbol: ['b'] }, 'there is no option symbol. Did you mean symbols?'],
    [{ from: 'a', symbols: 'b' }, 'option symbols is "b"; expected a list.'],
    [{ from: 'a', qqqqqqqqq: 1 }, 'there is no option qqqqqqqqq. Its options: from, symbols, deep, count, data.'],
  ])('that are %j are refused before a step runs', (given, message) => {
    expect(() => requireWellFormed({ ...plan, steps: [withOptions(given)] })).toThrow(
      expect.objectContaining({ code: 'REFIT_PLAN_OPTION', message: expect.stringContaining(message) }),
    );
  });
});

// The graph of a template: order, ancestors, the steps a task begins with, and environments.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateTemplate } from '../../../src/domain/template/parse-template.ts';
import type { StepType, TaskTemplate } from '../../../src/domain/template/task-template.ts';
import {
  executionOrder,
  initialSteps,
  resolveEnvironment,
  templateKey,
  transitiveDependencies,
} from '../../../src/domain/template/template-graph.ts';
import { unsupportedStepTypes } from '../../../src/domain/template/unsupported-step-types.ts';

interface Sketch {
  readonly [name: string]: readonly string[] | { readonly type: StepType; readonly after: readonly string[] };
}

function template(sketch: Sketch, more: object = {}): TaskTemplate {
  const steps = Object.entries(sketch).map(([name, rest]) => ({
    name,
    handler: { callable: name, initialization: { timeout_ms: 100, keep: true } },
    ...('after' in rest ? { type: rest.type, dependencies: rest.after } : { dependencies: rest }),
  }));
  return validateTemplate({ name: 'weather', namespace_name: 'reports', version: '1.2.3', steps, ...more }, 'test');
}

const names = (steps: readonly { readonly name: string }[]) => steps.map(({ name }) => name);

it('has a key', () => {
  expect(templateKey(template({ a: [] }))).toBe('reports/weather:1.2.3');
});

describe('the graph', () => {
  const diamond = template({ report: ['left', 'right'], left: ['load'], right: ['load'], load: [] });

  it('runs parents first, else in the order of the template', () => {
    expect(names(executionOrder(diamond))).toEqual(['load', 'left', 'right', 'report']);
  });

  it('knows all ancestors', () => {
    const ancestors = transitiveDependencies(diamond);
    expect([...(ancestors.get('report') ?? [])].toSorted()).toEqual(['left', 'load', 'right']);
    expect(ancestors.get('load')?.size).toBe(0);
  });

  it('takes a dependency that is no step for an ancestor without ancestors', () => {
    const broken = { steps: diamond.steps.slice(1, 2) };
    expect(transitiveDependencies(broken)).toEqual(new Map([['left', new Set(['load'])]]));
  });

  it('orders any graph so that nobody runs before its parents, and finds the ancestors a search finds', () => {
    const graphs = fc.array(fc.uniqueArray(fc.nat({ max: 8 }), { maxLength: 4 }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(graphs, (parents) => {
        const entries = parents.map((list, i) => [`s${i}`, list.filter((j) => j < i).map((j) => `s${j}`)] as const);
        const built = template(Object.fromEntries(entries.toReversed()));
        const order = names(executionOrder(built));
        const search = (name: string): readonly string[] =>
          (Object.fromEntries(entries)[name] ?? []).flatMap((parent) => [parent, ...search(parent)]);
        for (const [name, ancestors] of transitiveDependencies(built)) {
          expect(ancestors).toEqual(new Set(search(name)));
          for (const ancestor of ancestors) expect(order.indexOf(ancestor)).toBeLessThan(order.indexOf(name));
        }
      }),
    );
  });
});

describe('the steps a task begins with', () => {
  const batch = {
    load: [],
    split: { type: 'batchable', after: ['load'] },
    work: { type: 'batch_worker', after: ['split'] },
    gather: { type: 'deferred_convergence', after: ['work'] },
  } as const;

  it('are all of them in an ordinary template', () => {
    expect(names(initialSteps(template({ a: [], b: ['a'] })))).toEqual(['a', 'b']);
  });

  it('are not batch workers or what gathers them', () => {
    expect(names(initialSteps(template(batch)))).toEqual(['load', 'split']);
  });

  it('are not behind a decision', () => {
    const built = template({
      load: [],
      audit: ['load'],
      choose: { type: 'decision', after: ['load'] },
      yes: ['choose'],
      ship: ['yes', 'audit'],
      work: { type: 'batch_worker', after: ['load'] },
      gather: { type: 'deferred_convergence', after: ['ship'] },
    });
    expect(names(initialSteps(built))).toEqual(['load', 'audit', 'choose']);
  });

  it('may be of types that cannot run yet, which are named', () => {
    expect(unsupportedStepTypes(template(batch))).toEqual([
      { name: 'split', type: 'batchable' },
      { name: 'work', type: 'batch_worker' },
      { name: 'gather', type: 'deferred_convergence' },
    ]);
    expect(unsupportedStepTypes(template({ a: [] }))).toEqual([]);
  });
});

describe('an environment', () => {
  const environments = {
    test: {
      task_handler: { initialization: { own: 2 } },
      steps: [
        { name: 'ALL', handler: { initialization: { timeout_ms: 5, extra: 1 } }, timeout_seconds: 9 },
        { name: 'b', retry: { max_attempts: 1 }, timeout_seconds: 3 },
        { name: 'a', retry: { max_attempts: 4 } },
        { name: 'nobody', timeout_seconds: 1 },
      ],
    },
    bare: { steps: [{ name: 'a', timeout_seconds: 2 }] },
  };
  const built = template(
    { a: [], b: ['a'] },
    { environments, task_handler: { callable: 'T', initialization: { own: 1, base: 1 } } },
  );

  it('merges initialization key by key and replaces timeout and retry, later entries winning', () => {
    const resolved = resolveEnvironment(built, 'test');
    expect(resolved.steps.map((step) => step.handler.initialization)).toEqual([
      { timeout_ms: 5, keep: true, extra: 1 },
      { timeout_ms: 5, keep: true, extra: 1 },
    ]);
    expect(resolved.steps.map((step) => step.timeout_seconds)).toEqual([9, 3]);
    expect(resolved.steps.map((step) => step.retry.max_attempts)).toEqual([4, 1]);
    expect(resolved.task_handler?.initialization).toEqual({ own: 2, base: 1 });
    expect(validateTemplate(resolved, 'test')).toEqual(resolved);
  });

  it('changes only what it names', () => {
    const resolved = resolveEnvironment(built, 'bare');
    expect(resolved.steps[0]).toEqual({ ...built.steps[0], timeout_seconds: 2 });
    expect(resolved.steps[1]).toEqual(built.steps[1]);
    expect(resolved.task_handler).toEqual(built.task_handler);
  });

  it('applies without a task handler', () => {
    expect(resolveEnvironment(template({ a: [] }, { environments }), 'test')).not.toHaveProperty('task_handler');
  });

  it.each(['production', 'constructor'])('that is not there changes nothing: %s', (name) => {
    expect(resolveEnvironment(built, name)).toBe(built);
  });
});

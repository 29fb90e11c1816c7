// Tasks of every shape run to completion: each step once, after its parents, with the results of all its ancestors (spec 6.14, 15.2).
import { describe, expect, it } from 'vitest';
import type { TaskTemplate } from '../../src/domain/template/task-template.ts';
import type { HandlerInput } from '../../src/worker/handler.ts';
import { useTestDatabase } from '../helpers/database.ts';
import { outcomeWithin, planTask, useEngines } from '../helpers/engine.ts';

const shapes: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  single: { only: [] },
  linear: { a: [], b: ['a'], c: ['b'], d: ['c'] },
  diamond: { start: [], left: ['start'], right: ['start'], end: ['left', 'right'] },
  'parallel roots': { one: [], two: [], three: [] },
  tree: { root: [], left: ['root'], right: ['root'], ll: ['left'], lr: ['left'], rl: ['right'], rr: ['right'] },
  'mixed DAG': { init: [], p: ['init'], q: ['init'], r: ['p'], s: ['p', 'q'], t: ['q'], end: ['r', 's', 't', 'init'] },
  'order fulfilment': {
    validate_order: [],
    reserve_inventory: ['validate_order'],
    process_payment: ['validate_order', 'reserve_inventory'],
    ship_order: ['process_payment'],
  },
  'e-commerce': {
    validate_cart: [],
    process_payment: ['validate_cart'],
    update_inventory: ['process_payment'],
    create_order: ['update_inventory'],
    send_confirmation: ['create_order'],
  },
  'data pipeline': {
    extract_sales: [],
    extract_inventory: [],
    extract_customers: [],
    transform_sales: ['extract_sales'],
    transform_inventory: ['extract_inventory'],
    transform_customers: ['extract_customers'],
    aggregate: ['transform_sales', 'transform_inventory', 'transform_customers'],
    insights: ['aggregate'],
  },
  'user registration': {
    create_account: [],
    setup_billing: ['create_account'],
    init_preferences: ['create_account'],
    send_welcome: ['setup_billing', 'init_preferences'],
    update_status: ['send_welcome'],
  },
};

function ancestorsOf(shape: Readonly<Record<string, readonly string[]>>, step: string): readonly string[] {
  const found = new Set<string>();
  const visit = (name: string): void => {
    for (const parent of shape[name] ?? []) {
      if (!found.has(parent)) visit(parent);
      found.add(parent);
    }
  };
  visit(step);
  return [...found].toSorted();
}

describe('a task of shape', () => {
  const database = useTestDatabase();
  const openEngine = useEngines(database);

  it.each(Object.entries(shapes))('%s completes, and results flow to every dependent', async (name, shape) => {
    const ran: string[] = [];
    const template: TaskTemplate = planTask(name.replaceAll(/\W/g, '_'), shape);
    const handler = ({ step, dependencies, context }: HandlerInput) => {
      ran.push(step.name);
      return { from: step.name, got: dependencies, order: context['order'] ?? null };
    };
    const engine = await openEngine({
      templates: [template],
      handlers: Object.fromEntries(template.steps.map((step) => [step.name, handler])),
    });
    const task = await engine.submit(template, { context: { order: 7 } });
    const { status, details } = await task.result(outcomeWithin);

    expect(status).toBe('complete');
    expect(ran.toSorted()).toEqual(Object.keys(shape).toSorted());
    expect(details).toMatchObject({
      state: 'complete',
      completedSteps: ran.length,
      totalSteps: ran.length,
      completionPercentage: 100,
    });
    for (const step of details.steps) {
      expect(step).toMatchObject({ state: 'complete', attempts: 1, parents: shape[step.name]?.toSorted() });
      const ancestors = ancestorsOf(shape, step.name);
      expect(ran.indexOf(step.name)).toBeGreaterThan(Math.max(-1, ...ancestors.map((ancestor) => ran.indexOf(ancestor))));
      expect(step.result).toMatchObject({ from: step.name, order: 7 });
      expect(Object.keys((step.result as { got: object }).got).toSorted()).toEqual(ancestors);
    }
    expect(await engine.tasker.runtime.store.doctor(100)).toEqual([]);
    expect(engine.log.lines.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
  });
});

// What the compiler knows of a task definition: the results a step gets follow its edges, the context is typed, mistakes do not compile.
import { describe, expectTypeOf, it } from 'vitest';
import { defineTask } from '../../src/runtime/define-task.ts';
import type { StepOutputs } from '../../src/runtime/define-task.ts';
import type { TaskHandle, Tasker } from '../../src/runtime/tasker.ts';

interface Order {
  readonly orderId: string;
  readonly lines: readonly { readonly sku: string; readonly count: number }[];
}

const order = defineTask<Order>({ name: 'order' })
  .step('validate', { run: ({ context }) => ({ total: context.lines.length, currency: 'EUR' as const }) })
  .step('reserve', { dependsOn: ['validate'], run: async ({ dependencies }) => [`r-${String(dependencies.validate.total)}`] })
  .step('pay', {
    dependsOn: ['validate'],
    run: ({ dependencies }) => ({ paid: dependencies.validate.total > 0, receipt: 'R-1' }),
  });

describe('the results a step gets', () => {
  it('are those of its direct parents', () => {
    order.step('ship', {
      dependsOn: ['reserve', 'pay'],
      run({ dependencies }) {
        expectTypeOf(dependencies.pay).toEqualTypeOf<{ paid: boolean; receipt: string }>();
        expectTypeOf(dependencies.reserve).toEqualTypeOf<string[]>();
      },
    });
  });

  it('are those of the steps before them, too', () => {
    order.step('ship', {
      dependsOn: ['pay'],
      run({ dependencies }) {
        expectTypeOf(dependencies.validate.currency).toEqualTypeOf<'EUR'>();
        expectTypeOf<keyof typeof dependencies>().toEqualTypeOf<'pay' | 'validate'>();
      },
    });
  });

  it('reach through any number of edges', () => {
    order.step('ship', { dependsOn: ['reserve'], run: () => 1 }).step('notify', {
      dependsOn: ['ship'],
      run({ dependencies }) {
        expectTypeOf<keyof typeof dependencies>().toEqualTypeOf<'ship' | 'reserve' | 'validate'>();
        expectTypeOf(dependencies.ship).toEqualTypeOf<number>();
      },
    });
  });

  it('are none for a step without parents', () => {
    order.step('audit', {
      run({ dependencies }) {
        expectTypeOf<keyof typeof dependencies>().toEqualTypeOf<never>();
      },
    });
  });

  it('may be inferred from an async handler, and unwrapped', () => {
    expectTypeOf<StepOutputs<typeof order>['reserve']>().toEqualTypeOf<string[]>();
  });
});

describe('a mistake', () => {
  it('in a field of a dependency does not compile', () => {
    order.step('ship', {
      dependsOn: ['pay'],
      run({ dependencies }) {
        // @ts-expect-error the result of pay has no field named reciept
        void dependencies.pay.reciept;
      },
    });
  });

  it('of using the result of a step that is not before this one does not compile', () => {
    order.step('ship', {
      dependsOn: ['pay'],
      run({ dependencies }) {
        // @ts-expect-error reserve is a sibling of pay: its result may not be there yet
        void dependencies.reserve;
      },
    });
  });

  it('in the name of a parent does not compile', () => {
    order.step('ship', {
      // @ts-expect-error no step is named payment
      dependsOn: ['payment'],
      run: () => 1,
    });
  });

  it('of depending on oneself or on a later step does not compile', () => {
    order.step('ship', {
      // @ts-expect-error ship is not defined before itself
      dependsOn: ['ship'],
      run: () => 1,
    });
  });

  it('in a field of the context does not compile', () => {
    order.step('ship', {
      run({ context }) {
        // @ts-expect-error the context has no field named customer
        void context.customer;
      },
    });
  });

  it('in the retry block does not compile', () => {
    // @ts-expect-error there is no such backoff
    order.step('ship', { retry: { backoff: 'quadratic' }, run: () => 1 });
  });
});

describe('submitting', () => {
  // As: only its type is looked at; this file is never run.
  const tasker = {} as Tasker;

  it('asks for the context of the definition', () => {
    expectTypeOf(tasker.submit(order, { context: { orderId: '1', lines: [] } })).resolves.toEqualTypeOf<
      TaskHandle<StepOutputs<typeof order>>
    >();
    // @ts-expect-error lines are missing
    void tasker.submit(order, { context: { orderId: '1' } });
    // @ts-expect-error an order id is a text
    void tasker.submit(order, { context: { orderId: 1, lines: [] } });
  });

  it('answers with the results of the steps by name, each of which may be missing', async () => {
    const { outputs } = await (await tasker.submit(order)).result();
    expectTypeOf(outputs.pay).toEqualTypeOf<{ paid: boolean; receipt: string } | undefined>();
    // @ts-expect-error no step is named ship in this definition
    expectTypeOf(outputs.ship).toBeAny();
  });

  it('takes any object as the context of a definition that names none', () => {
    const loose = defineTask({ name: 'loose' }).step('only', { run: ({ context }) => context['anything'] ?? null });
    expectTypeOf(tasker.submit(loose, { context: { anything: 1 } })).resolves.toHaveProperty('taskUuid');
  });
});

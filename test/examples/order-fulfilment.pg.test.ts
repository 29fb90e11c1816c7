// The order end to end: shipped, refused, and blocked by a payment that fails for good until an operator acts.
import { describe, expect, it } from 'vitest';
import { documentOf, tasker } from '../cli/tasker-in-process.ts';
import type { Ran } from '../cli/tasker-in-process.ts';
import { useTestDatabase } from '../helpers/database.ts';

const database = useTestDatabase();
const files = ['examples/order-fulfilment/task.yaml', '--handlers', 'examples/order-fulfilment/handlers.ts'];

const command = (...argv: readonly string[]): Promise<Ran> => tasker([...argv, '--database-url', database.url]);
const run = (...argv: readonly string[]): Promise<Ran> => command('run', ...files, ...argv);

interface Shown {
  readonly task: {
    readonly state: string;
    readonly steps: readonly { readonly name: string; readonly state: string; readonly result?: unknown }[];
  };
}

async function show(taskUuid: string): Promise<Shown['task']> {
  return (documentOf(await command('task', 'show', taskUuid, '--json')) as Shown).task;
}

const uuidOf = (ran: Ran): string => (documentOf(ran) as { taskUuid: string }).taskUuid;

describe('examples/order-fulfilment', () => {
  it('ships the order and tells the customer', async () => {
    const ran = await run('--context', '{"order": "7", "lines": [{"sku": "cup", "quantity": 3, "unitCents": 250}]}', '--json');
    expect(ran.code).toBe(0);
    const { steps } = await show(uuidOf(ran));
    const result = (name: string) => steps.find((step) => step.name === name)?.result;
    expect(result('take-payment')).toMatchObject({ amountCents: 750, currency: 'EUR' });
    expect(result('reserve-inventory')).toMatchObject({ items: 3 });
    expect(result('notify')).toMatchObject({
      message: expect.stringMatching(/^Order 7 is on its way as parcel-.+ Paid: payment-/),
    });
  });

  it.each([
    ['{"lines": []}', 'order sample-order has no lines'],
    ['{"lines": [{"sku": "cup", "quantity": 0, "unitCents": 250}]}', '0 pieces of cup at 250 cents make no sense'],
  ])('refuses the order %s in one attempt', async (context, message) => {
    const ran = await run('--context', context);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(`step validate failed for good after 1 attempt: `);
    expect(ran.stderr).toContain(message);
  });

  it.each([
    ['resolve', ['--reason', 'paid in cash'], 'Payment was arranged by hand.'],
    ['complete', ['--result', '{"paymentId": "cash-7", "amountCents": 1, "currency": "EUR"}'], 'Paid: cash-7.'],
  ])('lets the other branch finish when the card is declined, and goes on after step %s', async (verb, more, paid) => {
    const key = ['--idempotency-key', `declined-${verb}`];
    const blocked = await run('--context', '{"card": "declined"}', ...key, '--json');
    expect(blocked.code).toBe(1);
    const taskUuid = uuidOf(blocked);
    const states = Object.fromEntries((await show(taskUuid)).steps.map(({ name, state }) => [name, state]));
    expect(states).toEqual({
      validate: 'complete',
      'reserve-inventory': 'complete',
      'take-payment': 'error',
      ship: 'pending',
      notify: 'pending',
    });
    expect((await command('step', verb, taskUuid, 'take-payment', ...more)).code).toBe(0);
    const joined = await run(...key, '--json');
    expect(joined.code).toBe(0);
    expect(uuidOf(joined)).toBe(taskUuid);
    const notify = (await show(taskUuid)).steps.find(({ name }) => name === 'notify');
    expect(notify?.result).toMatchObject({ message: expect.stringContaining(paid) });
  });

  it('tries the payment again after step retry', async () => {
    const key = ['--idempotency-key', 'declined-twice'];
    const taskUuid = uuidOf(await run('--context', '{"card": "declined"}', ...key, '--json'));
    expect((await command('step', 'retry', taskUuid, 'take-payment')).stdout).toContain('step take-payment: enqueued');
    const again = await run(...key, '--json');
    expect(again.code).toBe(1);
    expect(documentOf(again)).toMatchObject({ taskUuid, status: 'blocked_by_failures' });
  });
});

// Handlers of an order: effects of the outside world are made up, but carry the step's uuid as the key a real one would need.
import { PermanentError } from '../../src/index.ts';
import type { HandlerInput } from '../../src/index.ts';

interface Line {
  readonly sku: string;
  readonly quantity: number;
  readonly unitCents: number;
}

interface Context {
  readonly order?: string;
  readonly lines?: readonly Line[];
  /** `declined` makes the payment fail for good. */
  readonly card?: string;
}

type Input<Dependencies, Options = object> = HandlerInput<Context, Dependencies, Options>;

export interface Order {
  readonly order: string;
  readonly lines: readonly Line[];
  readonly totalCents: number;
}

export interface Reservation {
  readonly reservationId: string;
  readonly items: number;
}

export interface Payment {
  readonly paymentId: string;
  readonly amountCents: number;
  readonly currency: string;
}

export interface Parcel {
  readonly trackingNumber: string;
  readonly paymentId: string | null;
}

const sampleLines: readonly Line[] = [
  { sku: 'espresso-cup', quantity: 4, unitCents: 1250 },
  { sku: 'coffee-beans-1kg', quantity: 1, unitCents: 1990 },
];

/** An order without a line, or with one that makes no sense, cannot be mended by another attempt. */
export function validateOrder({ context }: Input<object>): Order {
  const { order = 'sample-order', lines = sampleLines } = context;
  const wrong = lines.find(({ quantity, unitCents }) => !(quantity > 0) || !(unitCents >= 0));
  if (lines.length === 0) throw new PermanentError(`order ${order} has no lines`);
  if (wrong !== undefined)
    throw new PermanentError(
      `order ${order}: ${wrong.quantity} pieces of ${wrong.sku} at ${wrong.unitCents} cents make no sense`,
    );
  return { order, lines, totalCents: lines.reduce((total, { quantity, unitCents }) => total + quantity * unitCents, 0) };
}

export function reserveInventory({ dependencies, step }: Input<{ validate: Order }>): Reservation {
  const items = dependencies.validate.lines.reduce((total, { quantity }) => total + quantity, 0);
  return { reservationId: `reservation-${step.stepUuid}`, items };
}

/** The key of the payment is the step's uuid: a second attempt of the same step can never charge twice. */
export function takePayment({
  context,
  dependencies,
  input,
  step,
}: Input<{ validate: Order }, { readonly currency: string }>): Payment {
  if (context.card === 'declined') throw new PermanentError('the card was declined', { errorType: 'card_declined' });
  return { paymentId: `payment-${step.stepUuid}`, amountCents: dependencies.validate.totalCents, currency: input.currency };
}

interface BeforeShipping {
  readonly validate: Order;
  readonly 'reserve-inventory': Reservation;
  /** Not there when an operator has resolved the step: paid some other way. */
  readonly 'take-payment'?: Payment | null;
}

export function ship({ dependencies, step }: Input<BeforeShipping>): Parcel {
  return { trackingNumber: `parcel-${step.stepUuid}`, paymentId: dependencies['take-payment']?.paymentId ?? null };
}

export function notify({ dependencies }: Input<BeforeShipping & { readonly ship: Parcel }>): { readonly message: string } {
  const { validate, ship: parcel } = dependencies;
  const paid = parcel.paymentId === null ? 'Payment was arranged by hand.' : `Paid: ${parcel.paymentId}.`;
  return { message: `Order ${validate.order} is on its way as ${parcel.trackingNumber}. ${paid}` };
}

// The code before its refactor: reminds customers of invoices that are overdue.
export interface Invoice {
  readonly id: string;
  readonly customer: string;
  readonly dueAt: Date;
  readonly cents: number;
}

export interface Surroundings {
  readonly invoices: { open(): Promise<readonly Invoice[]>; markReminded(id: string): Promise<void> };
  readonly mail: { send(to: string, text: string): Promise<void> };
  readonly log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

export class Reminders {
  readonly #surroundings: Surroundings;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** Sends one mail for each overdue invoice; one that cannot be sent is left for the next run. */
  async sendAll(): Promise<{ readonly sent: number; readonly failed: number }> {
    const { invoices, mail, log } = this.#surroundings;
    let sent = 0;
    let failed = 0;
    for (const invoice of await invoices.open()) {
      if (invoice.dueAt.getTime() >= Date.now()) continue;
      log.info({ invoice: invoice.id }, 'invoice is overdue');
      try {
        await mail.send(invoice.customer, `Please pay ${(invoice.cents / 100).toFixed(2)}.`);
        await invoices.markReminded(invoice.id);
        sent += 1;
      } catch (error) {
        log.warn({ invoice: invoice.id, customer: invoice.customer, error: String(error) }, 'reminder not sent');
        failed += 1;
      }
    }
    return { sent, failed };
  }
}

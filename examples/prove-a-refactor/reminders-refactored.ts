// The code after a refactor by hand: shorter, type-clean, and it passes a test that counts mails. It changed three things.
import type { Invoice, Surroundings } from './reminders.ts';

export function overdue(invoices: readonly Invoice[], now: number): readonly Invoice[] {
  return invoices.filter((invoice) => invoice.dueAt.getTime() < now);
}

export class Reminders {
  readonly #surroundings: Surroundings;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  async sendAll(): Promise<{ readonly sent: number; readonly failed: number }> {
    const due = overdue(await this.#surroundings.invoices.open(), Date.now());
    for (const { id } of due) this.#surroundings.log.info({ invoice: id }, 'invoice is overdue');
    const results = await Promise.all(due.map((invoice) => this.#remind(invoice)));
    return { sent: results.filter(Boolean).length, failed: results.filter((each) => !each).length };
  }

  async #remind({ id, customer, cents }: Invoice): Promise<boolean> {
    const { invoices, mail, log } = this.#surroundings;
    try {
      await mail.send(customer, `Please pay ${(cents / 100).toFixed(2)}.`);
      await invoices.markReminded(id);
      return true;
    } catch (error) {
      log.warn({ invoice: id, error: String(error) }, 'reminder not sent');
      return false;
    }
  }
}

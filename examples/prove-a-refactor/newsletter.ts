// A function that imports its surroundings instead of being given them: a post office of its own project, and ids of node.
import { randomUUID } from 'node:crypto';
import { archive, sendMail } from './post-office.ts';

export interface Issue {
  readonly text: string;
  readonly readers: readonly string[];
  readonly statistics: { sent: number };
}

/** Archives an issue, then mails it to all readers at once. */
export async function sendNewsletter({ text, readers, statistics }: Issue): Promise<void> {
  await archive(randomUUID(), text);
  const send = async (reader: string): Promise<void> => {
    await sendMail(reader, text);
    statistics.sent += 1;
  };
  await Promise.all(readers.map(send));
}

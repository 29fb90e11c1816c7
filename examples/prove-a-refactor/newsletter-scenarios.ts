// Scenarios of a function whose imports are replaced, with an object that is watched and an order across flows that must stay.
import { createRecorder, openSubject, watch } from '../../codemods/proof/index.ts';
import type { Script, Subject, SubjectSpec, World } from '../../codemods/proof/index.ts';
import type { Issue } from './newsletter.ts';

type SendNewsletter = (issue: Issue) => Promise<void>;

/** `text` stands for newsletter.ts; the file itself when absent. */
export function openNewsletter(text?: string): Subject {
  return openSubject({
    root: import.meta.dirname,
    replaceable: ['archive', 'sendMail'],
    overlay: new Map(text === undefined ? [] : [['newsletter.ts', text]]),
  });
}

const script: Script = { 'archive.store': { resolves: undefined }, 'mail.send': { resolves: undefined } };

function send(world: World, subject: Subject, readers: readonly string[]): Promise<void> {
  // What the subject exports is known by its source.
  const sendNewsletter = subject.load('newsletter.ts')['sendNewsletter'] as SendNewsletter;
  const archive = createRecorder<{ store(id: string, text: string): Promise<void> }>(world, 'archive', { script }).standIn;
  const mail = createRecorder<{ send(to: string, text: string): Promise<void> }>(world, 'mail', { script }).standIn;
  subject.use(world, {
    archive: (id: string, text: string) => archive.store(id, text),
    // Which reader is first is free: each mail is a flow of its own.
    sendMail: (to: string, text: string) => world.flow(`mail to ${to}`, () => mail.send(to, text)),
  });
  const statistics = watch(world, 'statistics', { object: { sent: 0 } });
  return sendNewsletter({ text: 'News.', readers, statistics });
}

export const newsletter: SubjectSpec = {
  name: 'newsletter',
  normalisers: [],
  scenarios: [
    { name: 'no readers', run: (world, subject) => send(world, subject, []) },
    { name: 'two readers', concurrent: true, run: (world, subject) => send(world, subject, ['a', 'b']) },
  ],
  happensBefore: [{ first: 'archive.store', next: 'mail.send' }],
  ranges: [],
};

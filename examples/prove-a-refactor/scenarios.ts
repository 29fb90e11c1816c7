// What the reminders are put through: every situation that the code tells apart.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  choose,
  constructSubject,
  createRecorder,
  enumerateChoices,
  memberRange,
  openSubject,
} from '../../codemods/proof/index.ts';
import type { Script, Subject, SubjectSpec, World } from '../../codemods/proof/index.ts';
import type { Reminders, Surroundings } from './reminders.ts';

const folder = import.meta.dirname;
const textOf = (file: string): string => readFileSync(join(folder, file), 'utf8');

export const goldenFolder = join(folder, 'golden');
export const policyFile = join(folder, 'allowed.json');
export const before = textOf('reminders.ts');
export const after = textOf('reminders-refactored.ts');

/** One version of the code: `text` stands for reminders.ts. */
export function openReminders(text: string): Subject {
  return openSubject({ root: folder, overlay: new Map([['reminders.ts', text]]) });
}

/** Builds the class in the scenario's world, with stand-ins for all it needs, and calls it. */
function remind(world: World, subject: Subject, script: Script) {
  subject.use(world);
  const surroundings: Surroundings = {
    invoices: createRecorder<Surroundings['invoices']>(world, 'invoices', { script, strict: true }).standIn,
    mail: createRecorder<Surroundings['mail']>(world, 'mail', { script, strict: true }).standIn,
    log: createRecorder<Surroundings['log']>(world, 'log').standIn,
  };
  return constructSubject<Reminders>(subject, { module: 'reminders.ts', name: 'Reminders' }, [surroundings]).sendAll();
}

// The world's clock starts with 2026.
const past = new Date('2025-12-01T00:00:00Z');
const future = new Date('2026-02-01T00:00:00Z');
const invoice = (id: string, dueAt: Date) => ({ id, customer: `${id}@example.org`, dueAt, cents: 1250 });

const done = { resolves: undefined };
const noMail = { rejects: new Error('mailbox full') };

const listed: Readonly<Record<string, Script>> = {
  'nothing is open': { 'invoices.open': { resolves: [] } },
  'one is overdue, one is not': {
    'invoices.open': { resolves: [invoice('a', past), invoice('b', future)] },
    'mail.send': done,
    'invoices.markReminded': done,
  },
  'one is due right now': { 'invoices.open': { resolves: [invoice('a', new Date('2026-01-01T00:00:00Z'))] } },
  'marking fails': {
    'invoices.open': { resolves: [invoice('a', past)] },
    'mail.send': done,
    'invoices.markReminded': { rejects: new Error('locked') },
  },
  'the invoices cannot be read': { 'invoices.open': { rejects: new Error('no connection') } },
};

/** Two invoices, and every combination of what becomes of their mails. */
const enumerated = enumerateChoices((choices): readonly [string, Script] => {
  const mails = ['first', 'second'].map((mail) => choose(choices, mail, [done, noMail]));
  const name = `of two mails ${mails.map((mail) => (mail === done ? 'one arrives' : 'one fails')).join(', ')}`;
  const open = { resolves: [invoice('a', past), invoice('b', past)] };
  // Where both mails fail nothing is marked.
  return [name, { 'invoices.open': open, 'mail.send': mails, 'invoices.markReminded': { ...done, optional: true } }];
});

export const reminders: SubjectSpec = {
  name: 'reminders',
  normalisers: [],
  scenarios: [...Object.entries(listed), ...enumerated].map(([name, script]) => ({
    name,
    concurrent: true,
    run: (world, subject) => remind(world, subject, script),
  })),
  random(world, subject, choices) {
    const open = ['a', 'b', 'c'].map((id) => invoice(id, choose(choices, `due ${id}`, [past, future])));
    const mails = ['first', 'second', 'third'].map((mail) => choose(choices, mail, [done, noMail]));
    const marked = choose(choices, 'marked', [done, { rejects: new Error('locked') }]);
    return remind(world, subject, { 'invoices.open': { resolves: open }, 'mail.send': mails, 'invoices.markReminded': marked });
  },
  ranges: [memberRange('reminders.ts', before, 'Reminders')],
};

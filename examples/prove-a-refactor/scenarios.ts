// What the reminders are put through: every situation that the code tells apart. Works on any version with the same exports.
import { join } from 'node:path';
import { choose, constructSubject, createRecorder, openSubject } from '../../codemods/proof/index.ts';
import type { Script, Subject, SubjectSpec, World } from '../../codemods/proof/index.ts';
import type { Reminders, Surroundings } from './reminders.ts';

const folder = import.meta.dirname;

export const goldenFolder = join(folder, 'golden');

/** One version of the code, as a subject. */
export function openVersion(): Subject {
  return openSubject({ root: folder });
}

// The world's clock starts with 2026.
const past = new Date('2025-12-01T00:00:00Z');
const future = new Date('2026-02-01T00:00:00Z');
const invoice = (id: string, dueAt: Date) => ({ id, customer: `${id}@example.org`, dueAt, cents: 1250 });

const ok: Script = { 'mail.send': { resolves: undefined }, 'invoices.markReminded': { resolves: undefined } };

const situations: Readonly<Record<string, Script>> = {
  'nothing is open': { 'invoices.open': { resolves: [] } },
  'one is overdue, one is not': { ...ok, 'invoices.open': { resolves: [invoice('a', past), invoice('b', future)] } },
  'two are overdue': { ...ok, 'invoices.open': { resolves: [invoice('a', past), invoice('b', past)] } },
  'the first of two mails fails': {
    ...ok,
    'invoices.open': { resolves: [invoice('a', past), invoice('b', past)] },
    'mail.send': [{ rejects: new Error('mailbox full') }, { resolves: undefined }],
  },
  'marking fails': {
    ...ok,
    'invoices.open': { resolves: [invoice('a', past)] },
    'invoices.markReminded': { rejects: new Error('locked') },
  },
  'the invoices cannot be read': { 'invoices.open': { rejects: new Error('no connection') } },
};

async function remind(world: World, subject: Subject, { file, script }: { readonly file: string; readonly script: Script }) {
  subject.use(world);
  const surroundings: Surroundings = {
    invoices: createRecorder<Surroundings['invoices']>(world, 'invoices', { script }).standIn,
    mail: createRecorder<Surroundings['mail']>(world, 'mail', { script }).standIn,
    log: createRecorder<Surroundings['log']>(world, 'log').standIn,
  };
  return constructSubject<Reminders>(subject, { module: file, name: 'Reminders' }, [surroundings]).sendAll();
}

/** The cases of one version; `file` is the module that exports the class. */
export function remindersIn(file: string): SubjectSpec {
  return {
    name: 'reminders',
    normalisers: [],
    scenarios: Object.entries(situations).map(([name, script]) => ({
      name,
      concurrent: true,
      run: (world, subject) => remind(world, subject, { file, script }),
    })),
    random(world, subject, choices) {
      const open = ['a', 'b', 'c'].map((id) => invoice(id, choose(choices, `due ${id}`, [past, future])));
      const fate = (label: string) => choose(choices, label, [{ resolves: undefined }, { rejects: new Error('no') }]);
      const script: Script = {
        'invoices.open': { resolves: open },
        'mail.send': [fate('1'), fate('2'), fate('3')],
        'invoices.markReminded': fate('mark'),
      };
      return remind(world, subject, { file, script });
    },
    ranges: [{ path: file, from: 1, to: Number.MAX_SAFE_INTEGER }],
  };
}

// A small subject with a race: two questions at a time, and what is done with their answers.
import { createRecorder } from '../../../codemods/proof/recorder.ts';
import type { Scenario, SubjectSpec } from '../../../codemods/proof/prove.ts';
import { choose } from '../../../codemods/proof/answers.ts';
import type { Subject } from '../../../codemods/proof/subject-loader.ts';
import type { World } from '../../../codemods/proof/world.ts';
import { functionOf } from './small-subject.ts';

export const raceText = `export async function run(db, log, asks) {
  log.info('was asked');
  if (asks) {
    const one = async () => { await db.one(); log.info('one'); };
    const other = async () => { await db.other(); log.info('other'); };
    await Promise.all([one(), other()]);
  }
  return asks;
}
export function unused() {
  return 1;
}`;

function drive(world: World, subject: Subject, asks: boolean): unknown {
  subject.use(world);
  const script = { 'db.one': { resolves: 1 }, 'db.other': { resolves: 2 } };
  const standIn = (path: string) => createRecorder<object>(world, path, { script }).standIn;
  return functionOf(subject)(standIn('db'), standIn('log'), asks);
}

const scenarios: readonly Scenario[] = [
  { name: 'calm', run: (world, subject) => drive(world, subject, false) },
  { name: 'race', concurrent: true, run: (world, subject) => drive(world, subject, true) },
];

export const raceSpec: SubjectSpec = {
  name: 'race',
  normalisers: [],
  scenarios,
  random: (world, subject, choices) => drive(world, subject, choose(choices, 'asks', [true, false])),
  ranges: [{ path: 'a.ts', from: 1, to: 12 }],
};

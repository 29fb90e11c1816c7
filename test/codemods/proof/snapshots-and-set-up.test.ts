// What a trace must not be fooled by: arguments changed after the call, faults of the set-up, real time and I/O, chance.
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { compareTraces } from '../../../codemods/proof/compare-traces.ts';
import { constructSubject } from '../../../codemods/proof/construct-subject.ts';
import { recordGolden } from '../../../codemods/proof/prove.ts';
import type { SubjectSpec } from '../../../codemods/proof/prove.ts';
import { createRecorder } from '../../../codemods/proof/recorder.ts';
import { runScenario } from '../../../codemods/proof/run-scenario.ts';
import { openSubject } from '../../../codemods/proof/subject-loader.ts';
import type { World } from '../../../codemods/proof/world.ts';

interface Store {
  save(row: { state: string }): Promise<void>;
}

const storeIn = (world: World): Store =>
  createRecorder<Store>(world, 'store', { script: { 'store.save': { resolves: undefined } } }).standIn;

function specOf(
  text: string,
  run: SubjectSpec['scenarios'][number]['run'],
): { spec: SubjectSpec; subject: ReturnType<typeof openSubject> } {
  const subject = openSubject({ root: import.meta.dirname, overlay: new Map([['subject.ts', text]]), replaceable: ['known'] });
  return { subject, spec: { name: 'subject', normalisers: [], scenarios: [{ name: 'only', run }], ranges: [] } };
}

const call = (name: string) => (world: World, subject: ReturnType<typeof openSubject>) => {
  subject.use(world);
  return (subject.load('subject.ts')[name] as () => unknown)();
};

describe('a trace', () => {
  it('holds arguments as they were at the call, whoever changes them afterwards', async () => {
    const changedBetween = await runScenario(async (world) => {
      const row = { state: 'open' };
      await storeIn(world).save(row);
      row.state = 'done';
      await storeIn(world).save(row);
    });
    const changedBefore = await runScenario(async (world) => {
      const row = { state: 'done' };
      await storeIn(world).save(row);
      await storeIn(world).save(row);
    });
    expect(changedBetween.effects.map(({ args }) => args)).toEqual([['{state: "open"}'], ['{state: "done"}']]);
    expect(compareTraces(changedBetween, changedBefore)).not.toEqual([]);
  });
});

describe('recording a golden refuses', () => {
  it('a subject that cannot be constructed', async () => {
    const { spec, subject } = specOf('export class A { constructor() { throw new Error("no log"); } }', (_, opened) =>
      constructSubject(opened, { module: 'subject.ts', name: 'A' }, []),
    );
    await expect(recordGolden(spec, subject)).rejects.toMatchObject({ code: 'PROOF_SUBJECT_NOT_CONSTRUCTED' });
  });

  it('a module that is not there', async () => {
    const { spec, subject } = specOf('export const a = 1;', (_, opened) => opened.load('other.ts'));
    await expect(recordGolden(spec, subject)).rejects.toMatchObject({ code: 'PROOF_SUBJECT_NOT_LOADED' });
  });

  it('a dependency that cannot be replaced', async () => {
    const { spec, subject } = specOf('export const a = 1;', (world, opened) => opened.use(world, { known: 1 }));
    await expect(recordGolden(spec, subject)).rejects.toMatchObject({ code: 'PROOF_DEPENDENCY_NOT_REPLACED' });
  });

  it('a scenario without an end', async () => {
    const { spec, subject } = specOf('export const endless = () => { while (true) {} };', call('endless'));
    await expect(recordGolden(spec, subject)).rejects.toMatchObject({ code: 'PROOF_SCENARIO_DOES_NOT_END' });
  });

  it('a subject that draws chance behind the back of its imports', async () => {
    const { spec, subject } = specOf(
      'import { createRequire } from "node:module"; export const id = () => createRequire(import.meta.url)("node:crypto").randomUUID();',
      call('id'),
    );
    await expect(recordGolden(spec, subject)).rejects.toMatchObject({ code: 'PROOF_SUBJECT_NOT_DETERMINISTIC' });
  });

  it('a subject whose module remembers the scenario before', async () => {
    const { spec, subject } = specOf('let count = 0; export const next = () => (count += 1);', call('next'));
    await expect(recordGolden(spec, subject)).rejects.toMatchObject({
      code: 'PROOF_SUBJECT_NOT_DETERMINISTIC',
      message: expect.stringContaining('first => returned 1, then => returned 2'),
    });
  });

  it('a subject that waits for real input and output', async () => {
    const text = 'import { readFile } from "node:fs/promises"; export const read = (path) => readFile(path, "utf8");';
    const { spec, subject } = specOf(text, (world, opened) => {
      opened.use(world, { 'node:fs/promises': { readFile } });
      return (opened.load('subject.ts')['read'] as (path: string) => unknown)(import.meta.filename);
    });
    await expect(recordGolden(spec, subject)).rejects.toMatchObject({
      code: 'PROOF_REAL_IO',
      message: expect.stringContaining('FS'),
    });
  });

  it('a case whose answers can come in two orders, where it is not declared concurrent', async () => {
    const { spec, subject } = specOf('', (world) =>
      Promise.all([storeIn(world).save({ state: 'a' }), storeIn(world).save({ state: 'b' })]),
    );
    await expect(recordGolden(spec, subject)).rejects.toMatchObject({ code: 'PROOF_SCHEDULES_MISSING' });
  });
});

// The folder of goldens: what is missing, stale or unused.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findGolden, goldenPath, refuseUnusedGoldens, requireGolden } from '../../../codemods/proof/golden-store.ts';
import { timestamps } from '../../../codemods/proof/normalisers.ts';
import { recordGolden } from '../../../codemods/proof/prove.ts';
import type { SubjectSpec } from '../../../codemods/proof/prove.ts';
import { updateGolden } from '../../../codemods/proof/write-golden.ts';
import { raceSpec, raceText } from './race-subject.ts';
import { openTexts } from './small-subject.ts';

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'refit-goldens-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const record = (spec: SubjectSpec, text = raceText) => recordGolden(spec, openTexts({ 'a.ts': text }));

async function storedFolder(): Promise<string> {
  const folder = emptyFolder();
  updateGolden(folder, await record(raceSpec));
  return folder;
}

describe('a stored golden', () => {
  it('is found and required as it was recorded', async () => {
    const folder = await storedFolder();
    expect(findGolden(folder, 'race')).toEqual(await record(raceSpec));
    expect(requireGolden(folder, raceSpec)).toEqual(await record(raceSpec));
  });

  it('is missing', () => {
    const folder = emptyFolder();
    expect(findGolden(folder, 'race')).toBeUndefined();
    expect(() => requireGolden(folder, raceSpec)).toThrow(
      expect.objectContaining({ code: 'PROOF_GOLDEN_MISSING', message: expect.stringContaining(goldenPath(folder, 'race')) }),
    );
  });

  const [calm, race] = raceSpec.scenarios;

  it.each<[string, Partial<SubjectSpec>, string]>([
    [
      'its normalisers changed',
      { normalisers: [timestamps] },
      'its header has no "# normalised: timestamps (dates on 2026-01-01, the day of the clock)"',
    ],
    ['its schedules changed', { scenarios: calm === undefined ? [] : [calm] }, 'its header has no "# schedules: fifo, lifo"'],
    ['a case came', { scenarios: [...raceSpec.scenarios, { name: 'new', run: () => 1 }] }, 'the case "new" is not in it'],
    ['a case is gone', { scenarios: race === undefined ? [] : [race] }, 'its case "calm" is no scenario any more'],
  ])('is stale because %s', async (_, change, message) => {
    const folder = await storedFolder();
    expect(() => requireGolden(folder, { ...raceSpec, ...change })).toThrow(
      expect.objectContaining({ code: 'PROOF_GOLDEN_STALE', message: expect.stringContaining(message) }),
    );
  });

  it('is stale because a case runs under schedules that it does not have, or no longer under all it has', async () => {
    const folder = emptyFolder();
    const golden = await record(raceSpec);
    const part = golden.cases.map(({ name, traces }) => ({ name, traces: new Map([...traces].slice(0, 2)) }));
    updateGolden(folder, { ...golden, cases: part });
    expect(() => requireGolden(folder, raceSpec)).toThrow(
      'its case "race" was recorded under fifo, lifo, and runs under fifo, lifo, seeds 1 to 20',
    );
    updateGolden(folder, {
      ...golden,
      header: golden.header.map((line) => line.replace(', seeds 1 to 20 where concurrent', '')),
    });
    const once = raceSpec.scenarios.map(({ name, run }) => ({ name, run }));
    expect(() => requireGolden(folder, { ...raceSpec, scenarios: once })).toThrow(
      'its case "race" was recorded under fifo, lifo, seeds 1 to 20, and runs under fifo, lifo.',
    );
  });

  it('is stale because a normaliser is gone', async () => {
    const folder = emptyFolder();
    updateGolden(folder, await record({ ...raceSpec, normalisers: [timestamps] }));
    expect(() => requireGolden(folder, raceSpec)).toThrow('its header has no "equal length"');
  });

  it('is malformed, which is told by its path', async () => {
    const folder = await storedFolder();
    const path = goldenPath(folder, 'race');
    writeFileSync(path, readFileSync(path, 'utf8').replace('log.info', '<<<<<<<\nlog.info'));
    expect(() => findGolden(folder, 'race')).toThrow(
      expect.objectContaining({ code: 'PROOF_GOLDEN_MALFORMED', message: expect.stringContaining(path) }),
    );
  });

  it('is used by no subject', async () => {
    const folder = await storedFolder();
    writeFileSync(join(folder, 'README.md'), 'no golden');
    expect(() => refuseUnusedGoldens(folder, ['race'])).not.toThrow();
    expect(() => refuseUnusedGoldens(folder, ['other'])).toThrow(
      expect.objectContaining({ code: 'PROOF_GOLDEN_UNUSED', message: expect.stringContaining('race.golden.txt') }),
    );
    expect(readdirSync(folder)).toHaveLength(2);
  });
});

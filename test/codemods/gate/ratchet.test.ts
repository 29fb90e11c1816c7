// The ratchet: it rises, it never falls, and refactoring is no fall.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../codemods/gate/judge.ts';
import { judge } from '../../../codemods/gate/judge.ts';
import type { Ratchet } from '../../../codemods/gate/ratchet.ts';
import { loweredRatchet, measureRatchet, parseRatchet, raiseRatchet } from '../../../codemods/gate/ratchet.ts';
import { codesOf, config, sound, withCoverage } from './sound-evidence.ts';

const ratcheted = { ...config, floors: [{ under: 'src', lines: 0, branches: 0 }], ratchet: 'coverage-ratchet.json' };
const measuredOf = (evidence: Evidence): Ratchet => measureRatchet(ratcheted, judge(evidence).files);
const today = measuredOf(sound);
const judged = (evidence: Evidence, change: Partial<Evidence> = {}): readonly string[] =>
  codesOf({ ...evidence, config: ratcheted, ratchet: today, ...change });

const lineMark = (covered: number, total: number): Ratchet => ({
  schema: 'refit-ratchet/1',
  floors: {},
  files: { 'src/a.ts': { lines: { total, covered } } },
});

describe('the ratchet', () => {
  it('lets through what is as good as before', () => {
    expect(judged(sound)).toEqual([]);
  });

  it('fails a folder and a file that fell', () => {
    expect(judged(withCoverage('src/a.ts', { open: [3] }))).toContain('GATE_RATCHET');
    const failures = judge({ ...withCoverage('src/a.ts', { open: [3] }), config: ratcheted, ratchet: today }).failures;
    expect(failures.map((failure) => failure.file)).toEqual(['src', 'src', 'src/a.ts', 'src/a.ts']);
    expect(failures[0]).toMatchObject({ measured: 95, required: 100 });
  });

  it('fails a folder that fell, also when the configuration has no floor of it any more', () => {
    const marked: Ratchet = { ...today, files: {} };
    const floors = [{ under: 'src/store', lines: 0, branches: 0 }];
    const evidence = { ...withCoverage('src/a.ts', { open: [3] }), config: { ...ratcheted, floors } };
    expect(judge({ ...evidence, ratchet: marked }).failures.map(({ code, file }) => [code, file])).toEqual([
      ['GATE_RATCHET', 'src'],
      ['GATE_RATCHET', 'src'],
    ]);
    const gone: Ratchet = { ...marked, floors: { lib: today.floors['src'] ?? {} } };
    expect(codesOf({ ...evidence, ratchet: gone })).toEqual([]);
  });

  it('lets through a fall within the slack', () => {
    const evidence = withCoverage('src/a.ts', { open: [3] });
    expect(judged(evidence, { config: { ...ratcheted, slack: 10 } })).toEqual([]);
    expect(judged(evidence, { config: { ...ratcheted, slack: 9.9 } })).toContain('GATE_RATCHET');
  });

  it('does not punish the removal of covered code: nothing more is left open', () => {
    const before = lineMark(19, 20);
    const after = withCoverage('src/a.ts', { open: [3] });
    expect(judged(after, { ratchet: before })).toEqual([]);
  });

  it('cannot judge when the configuration names a ratchet that is not there', () => {
    expect(judged(sound, { ratchet: undefined })).toEqual(['GATE_RATCHET_MISSING']);
    expect(judged(sound, { ratchet: { ...today, floors: {}, files: {} } })).toEqual(['GATE_RATCHET_MISSING']);
  });

  it('judges a new file by itself, an old one by its past', () => {
    const newFiles = { lines: 90, branches: 80 };
    const past: Ratchet = { ...today, files: { 'src/store/b.ts': today.files['src/store/b.ts'] ?? {} } };
    const evidence = { ...withCoverage('src/a.ts', { open: [1, 2] }), config: { ...ratcheted, slack: 100, newFiles } };
    expect(codesOf({ ...evidence, ratchet: past })).toEqual(['GATE_NEW_FILE']);
    expect(codesOf({ ...evidence, ratchet: today })).toEqual([]);
  });

  it('fails a ratchet file that was lowered or emptied by hand', () => {
    const lowered = lineMark(10, 20);
    const base = lineMark(19, 20);
    expect(judged(sound, { ratchet: lowered, baseRatchet: base })).toEqual(['GATE_RATCHET_LOWERED']);
    const present = new Set(['src/a.ts']);
    expect(loweredRatchet(base, { ...base, files: {} }, present)).toHaveLength(1);
    expect(loweredRatchet(base, { ...base, files: {} }, new Set())).toEqual([]);
    expect(loweredRatchet(lowered, base, present)).toEqual([]);
  });

  it('can be lowered with a waiver that has a reason and an end', () => {
    const waiver = { rule: 'GATE_RATCHET_LOWERED', files: 'src/**', reason: 'the tests move next', until: '2026-02-01' } as const;
    const change = { ratchet: lineMark(10, 20), baseRatchet: lineMark(19, 20), config: { ...ratcheted, waivers: [waiver] } };
    expect(judged(sound, change)).toEqual([]);
    expect(judged(sound, { ...change, today: '2026-02-02' })).toEqual(['GATE_RATCHET_LOWERED', 'GATE_WAIVER_EXPIRED']);
  });

  it('never lowers a mark when it is raised', () => {
    const mark = fc
      .integer({ min: 1, max: 50 })
      .chain((total) => fc.tuple(fc.integer({ min: 0, max: total }), fc.constant(total)));
    fc.assert(
      fc.property(mark, mark, ([covered, total], [laterCovered, laterTotal]) => {
        const old = lineMark(covered, total);
        const raised = raiseRatchet(old, lineMark(laterCovered, laterTotal));
        expect(loweredRatchet(old, raised, new Set(['src/a.ts']))).toEqual([]);
        expect(raiseRatchet(raised, lineMark(laterCovered, laterTotal))).toEqual(raised);
      }),
    );
  });

  it('is read as it was written, and refused when it was damaged', () => {
    expect(parseRatchet(JSON.stringify(today), 'r.json')).toEqual(today);
    const damaged = [
      '{',
      '{}',
      JSON.stringify({ ...today, schema: 'other' }),
      JSON.stringify({ ...today, files: { a: { lines: { total: 1, covered: 2 } } } }),
      JSON.stringify({ ...today, floors: { a: 7 } }),
    ];
    for (const text of damaged) {
      expect(() => parseRatchet(text, 'r.json')).toThrow(expect.objectContaining({ code: 'GATE_RATCHET_UNREADABLE' }));
    }
  });
});

// Mutants run against a golden.
import { describe, expect, it } from 'vitest';
import { recordGolden } from '../../../codemods/proof/prove.ts';
import type { SubjectSpec } from '../../../codemods/proof/prove.ts';
import { runMutants, scoreOf } from '../../../codemods/proof/run-mutants.ts';
import type { MutantResult, MutationPorts } from '../../../codemods/proof/run-mutants.ts';
import { functionOf, openTexts } from './small-subject.ts';

const text = `export function run(limit) {
  let sum = 0;
  for (let n = 0; n < limit; n += 1) sum += n;
  return sum;
}
export function other() {
  return 1;
}`;

const spec: SubjectSpec = {
  name: 'sum',
  normalisers: [],
  scenarios: [
    {
      name: 'of three',
      run(world, subject) {
        subject.use(world);
        return functionOf(subject)(3);
      },
    },
  ],
  ranges: [
    { path: 'a.ts', from: 1, to: 2 },
    { path: 'a.ts', from: 3, to: 8 },
  ],
};

async function results(change: Partial<MutationPorts> = {}): Promise<readonly MutantResult[]> {
  const covered = openTexts({ 'a.ts': text });
  const golden = await recordGolden(spec, covered);
  const open = (path: string, changed: string) => openTexts({ [path]: changed });
  return runMutants({ spec, golden, open, read: () => text, ...change }, covered);
}

describe('runMutants', () => {
  it('kills by a difference, and takes what does not end for unknown', async () => {
    const seen: MutantResult[] = [];
    const all = await results({ onResult: (result) => seen.push(result) });
    expect(seen).toEqual(all);
    expect(all.map(({ path, mutant: { kind, line }, verdict }) => `${path}:${line} ${kind} ${verdict}`)).toEqual([
      'a.ts:2 other number killed',
      'a.ts:3 other number survived',
      'a.ts:3 other operator killed',
      'a.ts:3 other operator unknown',
      'a.ts:3 other number killed',
      'a.ts:3 other operator killed',
      'a.ts:3 drop statement killed',
    ]);
  });

  it('takes a subject that cannot be opened any more for noticed', async () => {
    const all = await results({
      open: () => {
        throw new Error('not constructed');
      },
    });
    expect(new Set(all.map(({ verdict }) => verdict))).toEqual(new Set(['killed']));
  });
});

describe('scoreOf', () => {
  const resultOf = (verdict: MutantResult['verdict']): MutantResult => ({
    path: 'a.ts',
    verdict,
    mutant: { id: 'x', kind: 'x', line: 1, start: 0, end: 0, replacement: '' },
  });

  it('counts the killed among those that are known', () => {
    const all = (['killed', 'killed', 'survived', 'unknown'] as const).map(resultOf);
    expect(scoreOf(all)).toEqual({ killed: 2, survived: 1, unknown: 1, score: 66.7 });
  });

  it('is nothing where nothing is known', () => {
    expect(scoreOf([resultOf('unknown')])).toMatchObject({ score: 0 });
    expect(scoreOf([])).toEqual({ killed: 0, survived: 0, unknown: 0, score: 0 });
  });
});

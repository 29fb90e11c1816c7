// The command proof:tas-63: what it counts, what a policy allows, and what makes it fail.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AllowedDifference } from '../../../codemods/proof/policy.ts';
import { visibleDeviations } from './controls.ts';
import type { CaughtFinding, Control } from './controls.ts';
import { runProof } from './proof-figures.ts';
import type { ProofFigures, SubjectFigures } from './proof-figures.ts';
import { flagged, headline, problemsOf, subjectText, summaryText } from './proof-report.ts';
import { readArguments, report } from './proof.ts';
import { sourcesOf } from './mutation-record.ts';
import type { SubjectMutation } from './mutation-record.ts';
import { discovery } from './subjects/discovery.ts';
import { textOf } from './system.ts';

const path = 'src/orchestration/viable-step-discovery.ts';
const said = 'looking for steps that can run';
const changed = new Map([[path, textOf(path).replace(said, 'where are steps')]]);
const entry: AllowedDifference = {
  id: 'P-1',
  reason: 'shorter',
  kind: 'text-only',
  place: 'log.debug',
  contains: 'where are steps',
};
const unused: AllowedDifference = { ...entry, id: 'P-2', place: 'log.warn' };

const prove = (overlay: ReadonlyMap<string, string>, policy: readonly AllowedDifference[] = []): Promise<ProofFigures> =>
  runProof({ subjects: [discovery], patches: [], randomRuns: 2, policy, overlay });

describe('a version that differs from its golden', () => {
  it('fails, with each difference in the report', async () => {
    const figures = await prove(changed);
    expect(problemsOf(figures, [])).toContainEqual(expect.stringMatching(/^\d+ differences from the goldens$/));
    const text = figures.subjects.map((each) => subjectText(each, [])).join('');
    expect(text).toContain(`+ log.debug({taskUuid: "task-1"}, "where are steps")`);
  });

  it('passes under a policy that allows it, in other clothes too', async () => {
    const figures = await prove(changed, [entry]);
    expect(figures.subjects).toMatchObject([{ differences: [], disguised: 0, random: { runs: 2, differences: 0 } }]);
    expect(figures.policyProblem).toBeUndefined();
  });

  it.each<[string, ReadonlyMap<string, string>, readonly AllowedDifference[], string]>([
    ['an entry that nothing uses, beside one that is used', changed, [entry, unused], 'P-2'],
    ['a policy for what does not differ', new Map(), [entry], 'P-1'],
  ])('fails with %s', async (_, overlay, policy, id) => {
    const figures = await prove(overlay, policy);
    expect(problemsOf(figures, [])).toContain(`policy: Nothing used the allowed difference ${id}. Remove them from the policy.`);
  });
});

const subject: SubjectFigures = {
  name: 'discovery',
  cases: 34,
  choices: 1,
  runs: 88,
  seconds: 0.25,
  branches: { reached: 16, total: 16, unreachable: 0, missed: [], wronglyListed: [] },
  differences: [],
  disguised: 0,
  random: { runs: 1_000, differences: 0 },
};

const caughtOf = (id: string, caught = true): CaughtFinding => ({
  finding: { id, subject: 'discovery', case: 'one', kind: 'count', place: 'log.info' },
  patch: `${id}.edit`,
  caught: caught ? { kind: 'count', place: 'log.info', case: 'one', schedule: 'all' } : undefined,
});
const controlNamed = (name: string, ...caught: readonly CaughtFinding[]): Control => ({
  name,
  caught,
  unexpected: [],
  unused: [],
});
const together = controlNamed('all together', ...visibleDeviations.map((id) => caughtOf(id)));
const alone = visibleDeviations.map((id) => controlNamed(id, caughtOf(id)));
const figures: ProofFigures = { randomRuns: 1_000, subjects: [subject], controls: [...alone, together] };
const extra = {
  kind: 'count',
  place: 'log.warn',
  before: 'log.warn()',
  case: 'one',
  schedule: 'all',
  subject: 'health',
} as const;

function withControl(control: Control): ProofFigures {
  return { ...figures, controls: [...figures.controls.filter(({ name }) => name !== control.name), control] };
}

describe('the verdict', () => {
  it('is good where all is as expected', () => {
    expect(problemsOf(figures, [])).toEqual([]);
    expect(flagged(figures.controls)).toEqual(visibleDeviations);
  });

  it.each<[string, ProofFigures, string]>([
    ['a difference in other clothes', { ...figures, subjects: [{ ...subject, disguised: 1 }] }, '1 differences in other clothes'],
    [
      'a random difference',
      { ...figures, subjects: [{ ...subject, random: { runs: 3, differences: 2 } }] },
      '2 differences in other clothes',
    ],
    [
      'too few random scenarios',
      { ...figures, subjects: [{ ...subject, random: { runs: 0, differences: 0 } }] },
      'discovery: without random scenarios',
    ],
    [
      'a branch that no scenario reaches',
      { ...figures, subjects: [{ ...subject, branches: { ...subject.branches, missed: ['a.ts:1 if'] } }] },
      'discovery: no scenario reaches a.ts:1 if',
    ],
    [
      'a branch wrongly listed',
      { ...figures, subjects: [{ ...subject, branches: { ...subject.branches, wronglyListed: ['a.ts:1 if'] } }] },
      'discovery: listed as unreachable, and reached: a.ts:1 if',
    ],
    [
      'a deviation that is not flagged',
      withControl(controlNamed('D-01', caughtOf('D-01', false))),
      'D-01: not flagged: D-01, discovery: count at log.info',
    ],
    [
      'a difference that a patch does not announce',
      withControl({ ...controlNamed('D-01', caughtOf('D-01')), unexpected: [extra] }),
      'D-01: not announced: health, one: count at log.warn\n    - log.warn()',
    ],
    [
      'such a difference of all together only',
      withControl({ ...together, unexpected: [extra] }),
      'all together: not announced: health, one: count at log.warn\n    - log.warn()',
    ],
    [
      'a row that nothing shows',
      withControl({ ...controlNamed('D-01', caughtOf('D-01')), unused: ['also: a'] }),
      'D-01: nothing shows "also: a"',
    ],
  ])('is bad with %s', (_, bad, problem) => {
    expect(problemsOf(bad, [])).toContain(problem);
  });

  it('is bad with a stale or low mutation record', () => {
    expect(problemsOf(figures, ['stale for a'])).toEqual(['mutation: stale for a']);
  });

  it('does not count a deviation as flagged whose patch shows more than it announces', () => {
    const bad = withControl({ ...controlNamed('D-01', caughtOf('D-01')), unexpected: [extra] });
    expect(flagged(bad.controls)).toEqual(visibleDeviations.slice(1));
    expect(problemsOf(bad, [])).toContain('24 of 25 deviations are flagged');
  });
});

describe('the figures', () => {
  it('say how many cases gave the schedule a choice, by subject and in all', () => {
    const record = [{ name: 'discovery', sources: 'x', killed: 9, survived: 1, unknown: 0, score: 90, survivors: [] }];
    expect(`${headline}${subjectText(subject, record)}`).toBe(
      [
        'Subject                Cases Choice  Runs Seconds  Branches                 Mutants killed Differences in other clothes',
        'discovery                 34      1    88    0.25  16 of 16                 9 of 10        0, 0 of 1000 random',
        '',
      ].join('\n'),
    );
    const two = { ...figures, subjects: [subject, { ...subject, choices: 3 }] };
    expect(summaryText(two, record)).toBe(
      [
        '68 cases in 176 runs, 0.5 s; in 4 cases the schedule had a choice; branches 32 of 32; 0 differences from the goldens',
        'positive 25/25',
        'negative 0',
        'mutation 90 % of 10 mutants killed',
        '',
      ].join('\n'),
    );
  });

  it('count the cases of a real subject', async () => {
    const { subjects } = await prove(new Map());
    expect(subjects).toMatchObject([{ name: 'discovery', cases: 34, choices: 1, runs: 88, differences: [] }]);
  });
});

describe('the arguments', () => {
  it('have defaults', () => {
    expect(readArguments([])).toEqual({ randomRuns: 1_000, json: false, update: false, help: false });
    expect(readArguments(['--random', '3', '--policy', 'a.json'])).toMatchObject({ randomRuns: 3, policy: 'a.json' });
  });

  it.each([
    [['--random', '0'], '--random 0: expected a whole number from 1.'],
    [['--random', 'x'], '--random x: expected a whole number from 1.'],
    [['--policy', 'a.json', '--update'], 'give one of them'],
    [['--nonsense'], 'Unknown option'],
  ])('are refused: %j', (args, message) => {
    expect(() => readArguments(args)).toThrow(message);
  });
});

describe('the command', () => {
  const measured: SubjectMutation = {
    name: 'discovery',
    sources: 'x',
    killed: 9,
    survived: 1,
    unknown: 0,
    score: 90,
    survivors: [],
  };

  async function run(record: readonly SubjectMutation[], policy: readonly AllowedDifference[]) {
    const folder = mkdtempSync(join(tmpdir(), 'refit-policy-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'allowed.json');
    writeFileSync(file, JSON.stringify(policy));
    const lines: string[] = [];
    const say = (text: string): void => void lines.push(text);
    const code = await report(
      { randomRuns: 2, json: false, update: false, help: false, policy: file },
      { subjects: [discovery], patches: [], record, say },
    );
    return { code, text: lines.join('') };
  }

  it('reads the policy file, and says what nothing in it used', async () => {
    const { code, text } = await run([measured], [entry]);
    expect(code).toBe(1);
    expect(text).toContain('policy: Nothing used the allowed difference P-1.');
  });

  it('says that the mutation record is stale, and does not say it of a fresh one', async () => {
    const stale = 'mutation: stale for discovery, whose sources changed since: npm run proof:mutation\n';
    expect(await run([measured], [])).toMatchObject({ code: 1, text: expect.stringContaining(stale) });
    const { text } = await run([{ ...measured, sources: sourcesOf(discovery) }], []);
    expect(text).toContain('mutation 90 % of 10 mutants killed\n');
    expect(text).not.toContain('mutation: ');
  });

  it('refuses a policy that is none', async () => {
    await expect(run([measured], [{ ...entry, reason: '' }])).rejects.toThrow(
      expect.objectContaining({ code: 'PROOF_POLICY_INVALID', message: expect.stringContaining('allowed.json') }),
    );
  });
});

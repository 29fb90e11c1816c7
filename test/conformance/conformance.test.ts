// One suite over before, after and src: the same scenarios, what the plan orders and what src intends apart.
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { printDifferences } from '../../codemods/proof/print-differences.ts';
import { requireGolden } from '../../codemods/proof/golden-store.ts';
import { compareWithGolden } from '../../codemods/proof/prove.ts';
import { intendedDifferences } from './intended-differences.ts';
import { compareSubject, isLeftOut } from './src/compare-src.ts';
import type { SubjectComparison } from './src/compare-src.ts';
import { comparedSubjects, leftOut, uncomparedSubjects } from './src/compared-subjects.ts';
import { unusedIn } from './src/intend.ts';
import { sabotages } from './src/sabotages.ts';
import { goldenFolder } from './tas-63/controls.ts';
import { orderedByThePlan, orderedDifferences } from './tas-63/ordered-differences.ts';
import { subjects } from './tas-63/subjects/index.ts';
import { openSystem } from './tas-63/system.ts';

const repository = join(import.meta.dirname, '../..');
const afterRoot = join(repository, 'fixtures/tas-63/after/packages/orchestration');

const COMPARING_MS = 120_000;

// `before` is what the goldens are recorded of: golden.test.ts holds it to them.
describe('after', () => {
  it('does what before does, except what the plan itself orders', { timeout: COMPARING_MS }, async () => {
    const used: string[] = [];
    const after = openSystem({ root: afterRoot });
    for (const spec of subjects) {
      const differences = await compareWithGolden(spec, after, requireGolden(goldenFolder, spec));
      const ordered = orderedByThePlan(differences);
      used.push(...ordered.used);
      expect(printDifferences(ordered.rest)).toBe('');
    }
    expect([...new Set(used)].toSorted()).toEqual(orderedDifferences.map(({ id }) => id).toSorted());
  });
});

describe('src', () => {
  const rows: SubjectComparison[] = [];

  beforeAll(async () => {
    for (const each of comparedSubjects) rows.push(await compareSubject(each, intendedDifferences));
  }, COMPARING_MS);

  it.each(comparedSubjects.map(({ subject }, at) => ({ subject, at })))(
    'does in the situations of $subject what the legacy system does, except what is intended ($at)',
    ({ at }) => {
      expect(rows[at]?.differences).toEqual([]);
      expect(rows[at]?.cases).toBeGreaterThan(0);
    },
  );

  it('needs every intended difference, in each of its parts', () => {
    const uses = rows.flatMap((row) => row.uses);
    expect(unusedIn(intendedDifferences, uses)).toEqual([]);
  });

  it.each(Object.entries(sabotages))('would be found out if %s', async (_, { subject, adapter }) => {
    const compared = comparedSubjects.find((each) => each.subject === subject);
    if (compared === undefined) throw new Error(`${subject} is not compared.`);
    const { differences } = await compareSubject({ ...compared, adapter }, intendedDifferences);
    expect(differences.length).toBeGreaterThan(0);
  });

  it('would be found out if nothing were intended', async () => {
    const summary = comparedSubjects.find(({ subject }) => subject === 'readiness-summary');
    if (summary === undefined) throw new Error('The readiness summary is not compared.');
    const { differences } = await compareSubject(summary, []);
    expect(differences.map((each) => each.case)).toEqual(['29 of 100 complete', '57 of 100 complete']);
  });
});

describe('the table of subjects', () => {
  it('has each subject once: compared, or without a counterpart and why', () => {
    const listed = [
      ...new Set(comparedSubjects.map(({ subject }) => subject)),
      ...uncomparedSubjects.map(({ subject }) => subject),
    ];
    expect(listed.toSorted()).toEqual(subjects.map(({ name }) => name).toSorted());
    for (const { reason } of [...uncomparedSubjects, ...leftOut]) expect(reason.length).toBeGreaterThan(40);
  });

  it.each(subjects.map((spec) => ({ name: spec.name, spec })))(
    'compares each case of $name once, or says why not',
    ({ name, spec }) => {
      if (uncomparedSubjects.some(({ subject }) => subject === name)) return;
      const rows = comparedSubjects.filter(({ subject }) => subject === name);
      const times = (scenario: string): number =>
        rows.filter(({ cases = /^/ }) => cases.test(scenario)).length + (isLeftOut(name, scenario) ? 1 : 0);
      const names = spec.scenarios.map((scenario) => scenario.name);
      // A case that is left out may belong to a row that compares all others.
      expect(names.filter((scenario) => times(scenario) === 0)).toEqual([]);
      expect(names.filter((scenario) => !isLeftOut(name, scenario) && times(scenario) > 1)).toEqual([]);
    },
  );

  it('leaves out no case that is not there', () => {
    const unused = leftOut.filter(({ subject, cases }) => {
      const spec = subjects.find(({ name }) => name === subject);
      return spec === undefined || !spec.scenarios.some(({ name }) => cases.test(name));
    });
    expect(unused).toEqual([]);
  });
});

describe('the intended differences', () => {
  it('have names of their own, a place that asks for them and a reason', () => {
    const ids = intendedDifferences.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { spec, reason } of intendedDifferences) {
      expect(spec).toMatch(/^(?:orchestration-spec \d+(?:\.\d+)?(?: #\d+)?|architecture \d+ \(\d+\))$/);
      expect(reason.length).toBeGreaterThan(40);
    }
  });

  it('count as unused where a part of them changes nothing', () => {
    const change = { fact: 'outcome', from: /never there/, to: '' };
    const entry = { id: 'e', subjects: ['start'], changes: [change], spec: 'architecture 3 (1)', reason: '' };
    expect(unusedIn([entry], [])).toEqual(['e: start', 'e: outcome /never there/']);
    expect(unusedIn([entry], [{ id: 'e', subject: 'start', change }])).toEqual([]);
  });
});

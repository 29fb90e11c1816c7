// The configuration of the gate: defaults, and a message for each thing that is wrong with it.
import { describe, expect, it } from 'vitest';
import { defineCoverageReport } from '../../../codemods/gate/index.ts';
import { parseConfig } from '../../../codemods/gate/parse-config.ts';

const least = {
  include: ['src/**/*.ts'],
  tests: [{ sources: 'src', tests: 'test' }],
  floors: [{ under: 'src', lines: 90, branches: 80 }],
};

describe('parseConfig', () => {
  it('fills in the report, no ceilings and no exemptions', () => {
    const config = parseConfig(defineCoverageReport(least));
    expect(config).toEqual({
      ...least,
      report: 'coverage/coverage-final.json',
      ceilings: [],
      exemptions: [],
      waivers: [],
      tested: [],
      slack: 0,
      stamp: 'optional',
      inventory: { withoutAssertion: 0, skipped: 0, notRun: 0, twice: 0, orphaned: 0, assertions: [] },
    });
  });

  it('keeps everything that can be written', () => {
    const whole = {
      include: ['src/**/*.ts'],
      tests: [{ sources: 'src', tests: 'test' }],
      floors: [{ under: 'src', lines: 90, branches: 80, functions: 70, statements: 60, each: true }],
      report: ['one.json', 'two.info'],
      ceilings: [{ under: 'src', lines: 400, code: 300, functionLines: 60 }],
      exemptions: [{ files: 'src/a.ts', from: 'ceiling', reason: 'a table' }],
      waivers: [{ rule: 'GATE_FLOOR_LINES', files: 'src', reason: 'being moved', until: '2026-12-31' }],
      tested: ['src/**'],
      ratchet: 'coverage-ratchet.json',
      slack: 0.5,
      newFiles: { lines: 90, branches: 80 },
      changed: { lines: 80, branches: 60, base: 'origin/main' },
      dead: { report: 'dead.json', most: 0 },
      duplicates: { report: 'jscpd-report.json', most: 4, percent: 2.5 },
      mutation: { report: 'mutation.json', score: 80, functions: 2 },
      inventory: { withoutAssertion: 3, skipped: false, notRun: 0, twice: false, orphaned: 1, assertions: ['check*'] },
      stamp: 'required',
    } as const;
    expect(parseConfig(defineCoverageReport(whole))).toEqual(whole);
  });

  it('reads folders with and without dots and slashes alike', () => {
    const config = parseConfig({
      ...least,
      ceilings: [
        { under: './src/domain/', lines: 100 },
        { under: './', lines: 400 },
      ],
    });
    expect(config.ceilings.map((ceiling) => ceiling.under)).toEqual(['src/domain', '.']);
  });

  it('reads a glob with the dot of its own folder', () => {
    expect(parseConfig({ ...least, include: ['./src/**/*.ts'] }).include).toEqual(['src/**/*.ts']);
  });

  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  const exemption = { files: 'src/a.ts', from: 'coverage', reason: 'a process of its own' };
  const waiver = { rule: 'GATE_FLOOR_LINES', files: 'src', reason: 'being moved', until: '2026-12-31' };
  const wrong: readonly (readonly [what: string, config: unknown, says: string])[] = [
    ['nothing', undefined, 'expected an object'],
    ['a list', [], 'expected an object'],
    ['an unknown field', { ...least, floor: [] }, 'default.floor'],
    ['no include', { ...least, include: undefined }, '`include`; expected a list'],
    ['an empty include', { ...least, include: [] }, 'would judge nothing'],
    ['an include that is no text', { ...least, include: [''] }, '`include[0]`'],
    ['no floors', { ...least, floors: [] }, '`floors`'],
    ['no tests', { ...least, tests: [] }, '`tests`'],
    [
      'a floor over 100',
      { ...least, floors: [{ under: 'src', lines: 101, branches: 0 }] },
      '`floors[0].lines`; expected a number from 0 to 100',
    ],
    ['a floor below 0', { ...least, floors: [{ under: 'src', lines: -1, branches: 0 }] }, '`floors[0].lines`'],
    [
      'a floor that is not a number',
      { ...least, floors: [{ under: 'src', lines: Number.NaN, branches: 0 }] },
      '`floors[0].lines`',
    ],
    ['a floor without branches', { ...least, floors: [{ under: 'src', lines: 1 }] }, 'nothing at `floors[0].branches`'],
    ['a misspelt floor', { ...least, floors: [{ under: 'src', line: 1, branches: 1 }] }, 'floors[0].line'],
    ['a ceiling that is text', { ...least, ceilings: [{ under: 'src', lines: '400' }] }, '"400" at `ceilings[0].lines`'],
    ['an empty list of reports', { ...least, report: [] }, '`report`'],
    ['a waiver of no rule', { ...least, waivers: [{ ...waiver, rule: 'GATE_ALL' }] }, '"GATE_ALL" at `waivers[0].rule`'],
    ['a waiver without an end', { ...least, waivers: [{ ...waiver, until: undefined }] }, '`waivers[0].until`'],
    ['a day that the calendar lacks', { ...least, waivers: [{ ...waiver, until: '2026-02-30' }] }, 'a day as YYYY-MM-DD'],
    ['a day in words', { ...least, waivers: [{ ...waiver, until: 'soon' }] }, 'a day as YYYY-MM-DD'],
    ['a waiver without a reason', { ...least, waivers: [{ ...waiver, reason: '' }] }, '`waivers[0].reason`'],
    ['a floor of each that is text', { ...least, floors: [{ ...least.floors[0], each: 'yes' }] }, 'true or false'],
    [
      'an inventory rule that is on',
      { ...least, inventory: { skipped: true } },
      '`inventory.skipped`; expected a whole number, or false',
    ],
    ['half an allowed finding', { ...least, inventory: { twice: 0.5 } }, '`inventory.twice`'],
    ['an unknown inventory rule', { ...least, inventory: { skips: 0 } }, 'inventory.skips'],
    ['assertions that are no list', { ...least, inventory: { assertions: 'check*' } }, '`inventory.assertions`'],
    ['duplicates without a ceiling', { ...least, duplicates: { report: 'a.json' } }, '`duplicates.most`'],
    ['a mutation score over 100', { ...least, mutation: { report: 'a.json', score: 101 } }, '`mutation.score`'],
    ['a glob whose brace is open', { ...least, include: ['src/*.{ts'] }, '`include[0]`; expected a glob whose braces are closed'],
    ['a glob that takes out', { ...least, include: ['src/**', '!src/a.ts'] }, '`!` takes nothing out here'],
    ['a glob of Windows', { ...least, tested: [String.raw`src\**`] }, '`tested[0]`; expected a glob relative to'],
    ['a glob from the root', { ...least, exemptions: [{ ...exemption, files: '/src/a.ts' }] }, '`exemptions[0].files`'],
    ['a big integer', { ...least, slack: 1n }, 'something of type bigint at `slack`'],
    ['a function', () => least, 'something of type function at `default`'],
    ['an object within itself', { ...least, floors: circular }, 'something of type object at `floors`'],
    ['an unknown stamp', { ...least, stamp: 'sometimes' }, "'required' or 'optional'"],
    ['a negative slack', { ...least, slack: -1 }, '`slack`'],
    ['an exemption without a reason', { ...least, exemptions: [{ ...exemption, reason: ' ' }] }, '`exemptions[0].reason`'],
    ['an exemption from an unknown rule', { ...least, exemptions: [{ ...exemption, from: 'tests' }] }, "'coverage' or 'ceiling'"],
  ];

  it.each(wrong)('refuses %s', (_what, config, says) => {
    const failure = expect.objectContaining({
      code: 'GATE_CONFIG_INVALID',
      kind: 'input',
      message: expect.stringContaining(says),
    });
    expect(() => parseConfig(config)).toThrow(failure);
  });
});

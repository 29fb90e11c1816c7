// Differences as a person reads them.
import { describe, expect, it } from 'vitest';
import { printDifferences } from '../../../codemods/proof/print-differences.ts';
import type { CaseDifference } from '../../../codemods/proof/prove.ts';

const lost: CaseDifference = {
  kind: 'missing effect',
  place: 'log.warn',
  before: 'log.warn()',
  case: 'one',
  schedule: 'all',
};

describe('printDifferences', () => {
  it('prints nothing where there is nothing', () => {
    expect(printDifferences([])).toBe('');
  });

  it('names a case once, and no schedule where all agree', () => {
    const added: CaseDifference = { kind: 'extra effect', place: 'log.info', after: 'log.info()', case: 'one', schedule: 'all' };
    expect(printDifferences([lost, { ...lost, case: 'two' }, added])).toBe(
      [
        'one',
        '  missing effect at log.warn',
        '    - log.warn()',
        '  extra effect at log.info',
        '    + log.info()',
        '',
        'two',
        '  missing effect at log.warn',
        '    - log.warn()',
      ].join('\n'),
    );
  });

  it('prints an equal difference of several schedules once, and names them', () => {
    const other = { ...lost, before: 'log.warn(1)', schedule: 'seed 3' };
    expect(printDifferences([{ ...lost, schedule: 'fifo' }, other, { ...lost, schedule: 'lifo' }])).toBe(
      [
        'one',
        '  missing effect at log.warn (fifo, lifo)',
        '    - log.warn()',
        '  missing effect at log.warn (seed 3)',
        '    - log.warn(1)',
      ].join('\n'),
    );
  });

  it('names seeds that follow each other as one', () => {
    const seen = ['lifo', 'seed 2', 'seed 1', 'seed 3', 'seed 10'].map((schedule) => ({ ...lost, schedule }));
    expect(printDifferences(seen)).toContain('missing effect at log.warn (lifo, seeds 1 to 3, seed 10)\n');
  });
});

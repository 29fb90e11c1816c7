// Waivers: they hold until their day, and say when they are over or of no use.
import { describe, expect, it } from 'vitest';
import type { Failure } from '../../../codemods/gate/failure.ts';
import { applyWaivers } from '../../../codemods/gate/waivers.ts';

const failure: Failure = { code: 'GATE_FILE_TOO_LONG', file: 'src/a.ts', message: 'long' };
const waiver = { rule: 'GATE_FILE_TOO_LONG', files: 'src/*.ts', reason: 'is split next', until: '2026-03-01' } as const;

describe('applyWaivers', () => {
  it.each(['2026-02-28', '2026-03-01'])('takes the failure out up to its last day: %s', (today) => {
    expect(applyWaivers([failure], [waiver], today)).toEqual({ failures: [], waived: [{ failure, waiver }] });
  });

  it('lets the failure and the waiver fail the day after', () => {
    const { failures, waived } = applyWaivers([failure], [waiver], '2026-03-02');
    expect(failures.map((each) => each.code)).toEqual(['GATE_FILE_TOO_LONG', 'GATE_WAIVER_EXPIRED']);
    expect(failures[1]?.message).toContain('is split next');
    expect(waived).toEqual([]);
  });

  it.each([
    ['another rule', { ...waiver, rule: 'GATE_FLOOR_LINES' as const }],
    ['another file', { ...waiver, files: 'lib/*.ts' }],
  ])('does not stretch to %s, and then is of no use', (_what, other) => {
    const { failures } = applyWaivers([failure], [other], '2026-02-28');
    expect(failures.map((each) => each.code)).toEqual(['GATE_FILE_TOO_LONG', 'GATE_WAIVER_UNUSED']);
  });

  it.each(['GATE_REPORT_STALE', 'GATE_NO_TESTS'] as const)('cannot waive that nothing can be judged: %s', (code) => {
    const stale: Failure = { code, file: 'src/a.ts', message: 'stale' };
    const { failures } = applyWaivers([stale], [{ ...waiver, rule: code }], '2026-02-28');
    expect(failures.map((each) => each.code)).toEqual([code, 'GATE_WAIVER_UNUSED']);
  });
});

// The house rules over this repository's own files.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyExceptions } from '../../../codemods/checks/exceptions.ts';
import { describeFinding, findingsOf, houseExceptions, houseRules, readHouse } from '../../../codemods/checks/house-rules.ts';

const files = readHouse(join(import.meta.dirname, '../../..'));
const findings = findingsOf(houseRules, files);

describe('house rules', () => {
  it('reads the files of both halves, their tests and the configurations', () => {
    const paths = new Set(files.map((file) => file.path));
    for (const path of [
      'src/domain/errors.ts',
      'codemods/checks/layers.ts',
      'test/codemods/checks/house-rules.test.ts',
      'vitest.config.ts',
    ]) {
      expect(paths).toContain(path);
    }
  });

  it.each(Object.keys(houseRules))('%s holds', (rule) => {
    expect(findings.filter((finding) => finding.rule === rule && !isExcepted(finding)).map(describeFinding)).toEqual([]);
  });

  it('has no exception without a use or a reason', () => {
    const complaints = applyExceptions(findings, houseExceptions).filter((finding) => finding.rule === 'exceptions');
    expect(complaints.map(describeFinding)).toEqual([]);
  });
});

function isExcepted(finding: (typeof findings)[number]): boolean {
  return !applyExceptions([finding], houseExceptions).includes(finding);
}

// The stored mutation result of the extracted modules: fresh, high enough for each, and no survivor without a reason; and what the runner makes of a module.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { equivalentModuleMutants } from './equivalent-module-mutants.ts';
import { moduleSources, readModuleRecord } from './module-mutation-record.ts';
import { leastScore, mutationProblems } from './mutation-verdict.ts';
import { runModuleMutants } from './run-module-mutants.ts';
import type { ModuleUnderTest } from './run-module-mutants.ts';

const record = readModuleRecord();

describe("the extracted modules' own tests notice mutants", () => {
  it('of each module, on the sources as they are now', () => {
    expect(record.map(({ name }) => name)).toEqual([...moduleSources().keys()]);
    expect(mutationProblems(record, moduleSources())).toEqual([]);
  });

  it.each(record)(`at least ${leastScore} % of $name`, ({ score, killed, survived, survivors }) => {
    expect(score).toBeGreaterThanOrEqual(leastScore);
    expect(score).toBeCloseTo((killed / (killed + survived)) * 100, 1);
    expect(survivors).toHaveLength(survived);
  });

  it('and each reason why one survives belongs to a survivor', () => {
    const reasons = new Set(
      record.flatMap(({ survivors }) => survivors.map(({ path, kind, text }) => `${path} ${kind} ${text}`)),
    );
    expect(equivalentModuleMutants.filter(({ path, kind, line }) => !reasons.has(`${path} ${kind} ${line}`))).toEqual([]);
  });
});

describe('the runner', () => {
  function module(text: string, test: string): ModuleUnderTest {
    const root = mkdtempSync(join(tmpdir(), 'module-mutants-'));
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    const [path, tests] = [join(root, 'rest.ts'), join(root, 'rest.test.ts')];
    writeFileSync(path, text);
    writeFileSync(tests, `import { expect, it } from 'vitest';\n${test}`);
    return { root, path, text, tests: [tests] };
  }

  const rest = `export function rest(n: number): number {
  do n = n % 3;
  while (n > 2);
  return n;
}
`;
  const check = `import { rest } from './rest.ts';\nit('is what is left', () => expect(rest(9)).toBe(0));\n`;

  it('tells mutants that are noticed from those that survive and those that never end', async () => {
    const results = await runModuleMutants(module(rest, check), { runTimeoutMs: 3_000 });
    expect(results.map(({ mutant, verdict }) => `${mutant.id} ${verdict}`)).toEqual([
      'drop statement 2:6 unknown',
      'other number 2:14 killed',
      'other operator 3:12 survived',
      'other number 3:14 survived',
    ]);
  });

  it.each([
    ['fail already', check.replace('toBe(0)', 'toBe(1)'), 'fail without any mutant'],
    ['are about another module', `it('is about nothing here', () => expect(1).toBe(1));\n`, 'No test of '],
  ])('refuses a module whose tests %s', async (_, test, message) => {
    const refused = runModuleMutants(module(rest, test));
    await expect(refused).rejects.toMatchObject({ code: 'PROOF_MODULE_TESTS', message: expect.stringContaining(message) });
  });
});

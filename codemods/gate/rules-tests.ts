// Rules on the tests: each test file was run once, none hides under another name, and the modules that must have tests have them.
import { matcherOf } from '../kernel/glob.ts';
import type { FileFacts } from './facts.ts';
import type { Failure } from './failure.ts';
import { beyond, skippedTests, withoutAssertion } from './inventory/rules-inventory.ts';
import type { ReportEvidence } from './rules-evidence.ts';

function timesRun(evidence: ReportEvidence): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { tests } of evidence.stamps)
    for (const [file, count] of Object.entries(tests.files)) times.set(file, (times.get(file) ?? 0) + count);
  return times;
}

/** Without a stamp nobody knows what was run, and the rule says nothing. */
function runOnce(evidence: ReportEvidence): readonly Failure[] {
  if (evidence.stamps.length === 0) return [];
  const times = timesRun(evidence);
  return evidence.tests.flatMap(({ file }): readonly Failure[] => {
    const count = times.get(file) ?? 0;
    if (count === 1) return [];
    if (count === 0) {
      const message = `${file} was not run. Add it to the runner's \`include\`, or delete it.`;
      return [{ code: 'GATE_TEST_NOT_RUN', file, message, measured: 0, required: 1 }];
    }
    const message = `${file} was run ${count} times: its tests count more than once. Let one project of the runner include it.`;
    return [{ code: 'GATE_TEST_TWICE', file, message, measured: count, required: 1 }];
  });
}

function orphaned(evidence: ReportEvidence): readonly Failure[] {
  return evidence.orphans.map((file) => {
    const message = `${file} declares tests, and its name is none of a test file: no runner finds it. Rename it to \`<name>.test.ts\`.`;
    return { code: 'GATE_TEST_ORPHANED', file, message };
  });
}

function untested(evidence: ReportEvidence, files: readonly FileFacts[]): readonly Failure[] {
  const must = matcherOf(evidence.config.tested);
  return files.flatMap(({ file, tests }): readonly Failure[] => {
    if (!must(file) || tests > 0) return [];
    const message = `${file} has no test of its own. Write one in its mirrored test file, or take it out of \`tested\`.`;
    return [{ code: 'GATE_MODULE_UNTESTED', file, message, measured: 0, required: 1 }];
  });
}

export function testRules(evidence: ReportEvidence, files: readonly FileFacts[]): readonly Failure[] {
  const { inventory } = evidence.config;
  const ran = runOnce(evidence);
  const tests = evidence.inventory ?? new Map();
  return [
    ...beyond(
      inventory.notRun,
      ran.filter(({ code }) => code === 'GATE_TEST_NOT_RUN'),
    ),
    ...beyond(
      inventory.twice,
      ran.filter(({ code }) => code === 'GATE_TEST_TWICE'),
    ),
    ...beyond(inventory.orphaned, orphaned(evidence)),
    ...beyond(inventory.withoutAssertion, withoutAssertion(tests, evidence.config)),
    ...beyond(inventory.skipped, skippedTests(tests)),
    ...untested(evidence, files),
  ];
}

// The stamp beside a coverage report: which commit, which sources and which tests it is of.
import { reasonOf, RefitError } from '../kernel/refit-error.ts';
import { isFields } from './report-fields.ts';

/** Name of the file, in the folder of the report. */
export const stampFile = 'refit-meta.json';

export interface StampedTests {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** How often each test file was run, by its path relative to the root, whatever the number of its tests. */
  readonly files: Readonly<Record<string, number>>;
}

export interface Stamp {
  readonly schema: 'refit-meta/1';
  /** Commit that was checked out, null outside of git. */
  readonly commit: string | null;
  /** Absolute folder of the configuration. */
  readonly root: string;
  /** Hash of each source file as it was when the tests began. */
  readonly sources: Readonly<Record<string, string>>;
  readonly tests: StampedTests;
}

function isRecordOf<T>(value: unknown, holds: (member: unknown) => member is T): value is Readonly<Record<string, T>> {
  return isFields(value) && Object.values(value).every(holds);
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 0;

function stampOf(value: unknown): Stamp | undefined {
  if (!isFields(value) || value['schema'] !== 'refit-meta/1' || !isFields(value['tests'])) return undefined;
  const { commit, root, sources, tests } = value;
  const { passed, failed, skipped, files } = tests;
  if (!(commit === null || isText(commit)) || !isText(root) || !isRecordOf(sources, isText)) return undefined;
  if (!isCount(passed) || !isCount(failed) || !isCount(skipped) || !isRecordOf(files, isCount)) return undefined;
  return { schema: 'refit-meta/1', commit, root, sources, tests: { passed, failed, skipped, files } };
}

/**
 * The stamp a text holds.
 * @throws RefitError GATE_STAMP_UNREADABLE for anything that is not one.
 */
export function parseStamp(text: string, path: string): Stamp {
  const advice = 'Run the tests with coverage and the reporter of refit again.';
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new RefitError('GATE_STAMP_UNREADABLE', `${path} is not JSON: ${reasonOf(cause)}. ${advice}`, { cause });
  }
  const stamp = stampOf(value);
  if (stamp === undefined) {
    throw new RefitError('GATE_STAMP_UNREADABLE', `${path} is no stamp of the schema refit-meta/1. ${advice}`);
  }
  return stamp;
}

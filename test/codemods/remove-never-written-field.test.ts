// Removing a field that is never written: the map of the fixture, and every way a write can hide.
import { beforeAll, describe, expect, it } from 'vitest';
import { use } from '../../codemods/kernel/codemod.ts';
import { type OperationRecord, runOperation } from '../../codemods/kernel/run-operation.ts';
import type { Workspace } from '../../codemods/kernel/workspace.ts';
import { removeNeverWrittenField } from '../../codemods/remove-never-written-field.ts';
import { untouchedTas63 } from '../helpers/tas-63-workspace.ts';
import { type Files, outcomeOf, refusalOf } from './small-project.ts';

describe('the map of the fixture', () => {
  let workspace: Workspace;
  let record: OperationRecord;

  beforeAll(() => {
    const untouched = untouchedTas63();
    const { baseline } = untouched;
    workspace = untouched.workspace;
    const options = {
      file: 'packages/orchestration/src/orchestration/commands/types.ts',
      type: 'OrchestrationProcessingStats',
      field: 'currentQueueSizes',
    };
    record = runOperation(workspace, use(removeNeverWrittenField, options), { baseline });
  }, 120_000);

  it('goes from the type, the one place that builds it and the two tests', () => {
    const lost = record.files.map((file) => {
      const after = new Set(file.after?.split('\n'));
      const lines = (file.before ?? '').split('\n').filter((line) => !after.has(line));
      return [file.path.split('/').at(-1), lines.map((line) => line.trim())];
    });
    expect(Object.fromEntries(lost)).toEqual({
      'types.ts': ['/** Waiting messages by queue, refreshed with every command. */', 'currentQueueSizes: Map<string, number>;'],
      'command-processor-actor.ts': ['currentQueueSizes: new Map(),'],
      'types.test.ts': [
        'currentQueueSizes: new Map(),',
        'expect(stats.currentQueueSizes.size).toBe(0);',
        "currentQueueSizes: new Map([['orchestration_step_results', 7]]),",
        "stats.currentQueueSizes.set('orchestration_task_requests', 3);",
        "expect(stats.currentQueueSizes.get('orchestration_step_results')).toBe(7);",
        'expect(stats.currentQueueSizes.size).toBe(2);',
      ],
    });
  });

  it('is reported as missing from what is serialised', () => {
    expect(record.findings.map(({ kind }) => kind)).toEqual(['api']);
  });
});

const options = { file: 'a.ts', type: 'Stats', field: 'sizes' };
const type = 'export interface Stats {\n  done: number;\n  sizes: number;\n}\n';
const make = 'export const make = (): Stats => ({ done: 0, sizes: 0 });\n';

it('takes a field out of a class and of an object type', () => {
  const classText =
    'export class Stats {\n  done = 0;\n  // Never.\n  sizes = 0;\n\n  more(): void {\n    this.done += 1;\n  }\n}\n';
  expect(outcomeOf(removeNeverWrittenField, options, { 'a.ts': classText }).texts).toEqual({
    'a.ts': 'export class Stats {\n  done = 0;\n\n  more(): void {\n    this.done += 1;\n  }\n}\n',
  });
  const aliasText =
    'type Stats = { done: number; sizes: number };\n\nexport const f = (): number => {\n  const s: Stats = { sizes: 0, done: 1 };\n  return s.done;\n};\n';
  const { texts, record } = outcomeOf(removeNeverWrittenField, options, { 'a.ts': aliasText });
  expect(texts['a.ts']).toContain('{ done: 1 }');
  expect(record.findings).toEqual([]);
});

it('copies of the whole record do not write it', () => {
  const { texts } = outcomeOf(removeNeverWrittenField, options, {
    'a.ts': `${type}${make}export const copy = (s: Stats): Stats => ({ ...s, done: 1 });\n`,
  });
  expect(texts['a.ts']).toContain('({ done: 0 })');
});

describe('what is refused', () => {
  const cases: readonly (readonly [title: string, code: string, text: string])[] = [
    ['an assignment', 'REFIT_FIELD_WRITTEN', 'export const f = (s: Stats): void => {\n  s.sizes = 1;\n};\n'],
    ['an assignment by destructuring', 'REFIT_FIELD_WRITTEN', 'export const f = (s: Stats): void => {\n  [s.sizes] = [1];\n};\n'],
    [
      'a first value that says something',
      'REFIT_FIELD_WRITTEN',
      'export const f = (n: number): Stats => ({ done: 0, sizes: n });\n',
    ],
    ['a shorthand', 'REFIT_FIELD_WRITTEN', 'export const f = (sizes: number): Stats => ({ done: 0, sizes });\n'],
    ['different first values', 'REFIT_FIELD_WRITTEN', 'export const f = (): Stats => ({ done: 0, sizes: 7 });\n'],
    ['a read', 'REFIT_FIELD_READ', 'export const f = (s: Stats): number => s.sizes;\n'],
    [
      'a spread of something that has the key',
      'REFIT_FIELD_HIDDEN',
      'export const f = (o: { sizes: number }): Stats => ({ done: 0, ...o });\n',
    ],
    [
      'a spread of a dictionary',
      'REFIT_FIELD_HIDDEN',
      'export const f = (o: Record<string, number>): Stats => ({ ...make(), ...o });\n',
    ],
    ['Object.assign', 'REFIT_FIELD_HIDDEN', 'export const f = (s: Stats, o: Partial<Stats>): Stats => Object.assign(s, o);\n'],
    ['a computed key', 'REFIT_FIELD_HIDDEN', 'export const f = (s: Stats, key: keyof Stats): void => {\n  s[key] += 1;\n};\n'],
    [
      'parsed data with an assertion',
      'REFIT_FIELD_HIDDEN',
      'export const f = (text: string): Stats => JSON.parse(text) as Stats;\n',
    ],
    [
      'parsed data that is returned',
      'REFIT_FIELD_HIDDEN',
      'export function f(text: string): Stats {\n  return JSON.parse(text);\n}\n',
    ],
    ['a loop over the keys', 'REFIT_FIELD_HIDDEN', 'export function f(s: Stats): void {\n  for (const key in s) void key;\n}\n'],
    ['a list of the keys', 'REFIT_FIELD_HIDDEN', 'export const f = (s: Stats): string[] => Object.keys(s);\n'],
  ];

  it.each(cases)('%s', (_title, code, text) => {
    expect(refusalOf(removeNeverWrittenField, options, { 'a.ts': `${type}${make}${text}` })).toBe(code);
  });

  it('a type that is not there', () => {
    expect(refusalOf(removeNeverWrittenField, { ...options, type: 'Stat' }, { 'a.ts': type })).toBe('REFIT_TYPE_UNKNOWN');
  });

  const expects =
    'declare function expect(value: unknown): { toBe(other: unknown): void };\ndeclare function check(body: () => void): void;\n';
  const tests: readonly (readonly [title: string, body: string])[] = [
    ['a test that would assert nothing', 'check(() => {\n  expect(make().sizes).toBe(0);\n});\n'],
    ['a test that goes on with the value', 'check(() => {\n  const n = make().sizes;\n  expect(n).toBe(0);\n});\n'],
    [
      'a test whose statement asks something else as well',
      'check(() => {\n  expect([make().sizes, other()]).toBe(0);\n  expect(1).toBe(1);\n});\n',
    ],
  ];

  it.each(tests)('%s', (_title, body) => {
    const files: Files = {
      'a.ts': `${type}${make}`,
      'a.test.ts': `import { make } from './a.ts';\n${body.includes('other()') ? 'declare function other(): number;\n' : ''}${expects}${body}`,
    };
    expect(refusalOf(removeNeverWrittenField, options, files)).toBe('REFIT_FIELD_TEST');
  });
});

it('does nothing, and says so, when the field is gone', () => {
  const { record } = outcomeOf(removeNeverWrittenField, { ...options, field: 'gone' }, { 'a.ts': type });
  expect(record.files).toEqual([]);
  expect(record.skips.map((skip) => skip.why)).toEqual(['Stats has no field gone; there is nothing to remove.']);
});

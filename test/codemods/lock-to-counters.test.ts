// Counters instead of a locked record: the fixture's statistics, and which sections need their lock.
import { beforeAll, describe, expect, it } from 'vitest';
import { use } from '../../codemods/kernel/codemod.ts';
import type { DiagnosticBaseline } from '../../codemods/kernel/diagnostics.ts';
import { type OperationRecord, runOperation } from '../../codemods/kernel/run-operation.ts';
import type { Workspace } from '../../codemods/kernel/workspace.ts';
import { lockToCounters, type LockToCountersOptions } from '../../codemods/lock-to-counters.ts';
import { removeNeverWrittenField } from '../../codemods/remove-never-written-field.ts';
import { untouchedTas63 } from '../helpers/tas-63-workspace.ts';
import { type Files, outcomeOf, refusalOf } from './small-project.ts';

describe('the statistics of the fixture', () => {
  let workspace: Workspace;
  let baseline: DiagnosticBaseline;
  let record: OperationRecord;
  const orchestration = 'packages/orchestration/src/orchestration';
  const options: LockToCountersOptions = {
    lock: 'AsyncRwLock',
    record: 'OrchestrationProcessingStats',
    counters: 'ProcessingCounters',
    to: `${orchestration}/actors/processing-counters.ts`,
  };

  beforeAll(() => {
    ({ workspace, baseline } = untouchedTas63());
  }, 120_000);

  it('are refused as long as the record holds a map', () => {
    expect(() => runOperation(workspace, use(lockToCounters, options), { baseline })).toThrow(/currentQueueSizes is no number/);
  });

  it('are counted without a lock once it is gone', () => {
    const field = {
      file: `${orchestration}/commands/types.ts`,
      type: 'OrchestrationProcessingStats',
      field: 'currentQueueSizes',
    };
    runOperation(workspace, use(removeNeverWrittenField, field), { baseline });
    record = runOperation(workspace, use(lockToCounters, options), { baseline });
    const actor = workspace.textOf(`${orchestration}/actors/command-processor-actor.ts`) ?? '';
    expect(actor).not.toContain('AsyncRwLock');
    expect(actor).toContain('const stats = new ProcessingCounters();');
    expect(actor).toContain('const snapshot = this.stats.snapshot();');
    expect(actor).toContain('selector: (stats: ProcessingCounters) => void,');
    expect(actor).toContain(
      '    if (wasSuccess) {\n      selector(this.stats);\n    } else {\n      this.stats.processingErrors += 1;\n    }\n\n    if (!responder.send(reply)) {',
    );
    expect(record.checked[0]).toEqual({
      statement: 'every section that writes is one increment',
      witness: '1 sections, 5 fields',
    });
    expect(runOperation(workspace, use(lockToCounters, options), { baseline }).files).toEqual([]);
  });

  it('keep the keys of the answer and their order', () => {
    const text = workspace.textOf(options.to) ?? '';
    const keys = ['taskRequestsProcessed', 'stepResultsProcessed', 'tasksFinalized', 'tasksReadyProcessed', 'processingErrors'];
    expect(text).toContain(`    return {\n${keys.map((key) => `      ${key}: this.${key},\n`).join('')}    };\n`);
  });

  it('leave a comment that still speaks of the lock to the reviewer', () => {
    expect(record.findings.map((finding) => finding.what)).toEqual([
      expect.stringContaining('2 waits for the lock are gone'),
      expect.stringContaining('The counters are locked all the same.'),
    ]);
  });
});

const lock =
  'export class Lock<S> {\n  constructor(private readonly state: S) {}\n  async write<R>(change: (state: S) => R | Promise<R>): Promise<R> {\n    return change(this.state);\n  }\n  async read<R>(look: (state: Readonly<S>) => R): Promise<R> {\n    return look(this.state);\n  }\n}\n';
const options: LockToCountersOptions = { lock: 'Lock', record: 'Stats', counters: 'Counters', to: 'counters.ts' };

function files(body: string, values = '{ a: 0, b: 5 }'): Files {
  return {
    'lock.ts': lock,
    'stats.ts': `import { Lock } from './lock.ts';\n\nexport interface Stats {\n  a: number;\n  b: number;\n}\n\nexport const stats = new Lock<Stats>(${values});\n\n${body}`,
  };
}

function converted(body: string): string {
  const text = outcomeOf(lockToCounters, options, files(body)).texts['stats.ts'] ?? '';
  return text.slice(text.indexOf('new Counters();\n\n') + 'new Counters();\n\n'.length);
}

describe('sections', () => {
  it('begin with the numbers the record began with', () => {
    const { texts } = outcomeOf(lockToCounters, options, files('', '{ b: 5, a: 0 }'));
    expect(texts['counters.ts']).toContain('  b = 5;\n  a = 0;\n');
  });

  it('that write run in place, with their comments', () => {
    expect(
      converted(
        'export async function f(n: number): Promise<void> {\n  await stats.write((s) => {\n    // by n\n    s.a += n;\n  });\n  await stats.write((s) => s.b++);\n}\n',
      ),
    ).toBe('export async function f(n: number): Promise<void> {\n  // by n\n  stats.a += n;\n  stats.b++;\n}\n');
  });

  it('that read one field, or a copy in any spelling, answer at once', () => {
    const copies = ['({ ...s })', 'structuredClone(s)', '{\n    return { ...s };\n  }'];
    for (const copy of copies.filter((each) => !each.startsWith('structuredClone'))) {
      expect(converted(`export const f = async (): Promise<Stats> => {\n  return stats.read((s) => ${copy});\n};\n`)).toContain(
        'return stats.snapshot();',
      );
    }
    expect(converted('export const f = async (): Promise<number> => (await stats.read((s) => s.b)) + 1;\n')).toContain(
      '=> (stats.b) + 1;',
    );
  });

  it('that call a selector keep it, every selector being one increment', () => {
    const body =
      'async function count(select: (s: Stats) => void): Promise<void> {\n  await stats.write((s) => select(s));\n}\n\nexport const f = async (): Promise<void> => {\n  await count((s) => {\n    s.a += 1;\n  });\n};\n';
    expect(converted(body)).toContain(
      'async function count(select: (s: Counters) => void): Promise<void> {\n  select(stats);\n}\n',
    );
    expect(refusalOf(lockToCounters, options, files(body.replace('s.a += 1;', 's.a += 1;\n    s.b += 1;')))).toBe(
      'REFIT_LOCK_SECTION',
    );
    expect(refusalOf(lockToCounters, options, files(`${body}export const g = count;\n`))).toBe('REFIT_LOCK_SECTION');
  });
});

describe('what is refused', () => {
  const write = (body: string): string =>
    `export async function f(n: number): Promise<void> {\n  await stats.write(${body});\n  void n;\n}\n`;
  const cases: readonly (readonly [title: string, body: string])[] = [
    ['two increments in one section', write('(s) => {\n    s.a += 1;\n    s.b += 1;\n  }')],
    ['a comparison', write('(s) => {\n    if (n > s.a) s.a += 1;\n  }')],
    ['an assignment', write('(s) => {\n    s.a = n;\n  }')],
    ['a decrement', write('(s) => {\n    s.a -= 1;\n  }')],
    ['an amount that depends on the record', write('(s) => {\n    s.a += s.b;\n  }')],
    ['a section that waits', write('async (s) => {\n    await null;\n    s.a += 1;\n  }')],
    ['a section that is not awaited', 'export function f(): void {\n  void stats.write((s) => {\n    s.a += 1;\n  });\n}\n'],
    ['a section whose answer is used', 'export const f = async (): Promise<number> => await stats.write((s) => (s.a += 1));\n'],
    ['a section that gives the record away', 'export const f = async (): Promise<Stats> => await stats.read((s) => s);\n'],
    ['a section that computes', 'export const f = async (): Promise<number> => await stats.read((s) => s.a + s.b);\n'],
    ['a promise that is passed on', 'export const f = (): Promise<Stats> => stats.read((s) => ({ ...s }));\n'],
    ['the method as a value', 'export const f = stats.write;\n'],
    [
      'a lock that is computed',
      'const get = (): typeof stats => stats;\nexport const f = async (): Promise<void> => {\n  await get().write((s) => {\n    s.a += 1;\n  });\n};\n',
    ],
  ];

  it.each(cases)('%s', (_title, body) => {
    expect(refusalOf(lockToCounters, options, files(body))).toBe('REFIT_LOCK_SECTION');
  });

  it('a record that is not built from numbers', () => {
    expect(refusalOf(lockToCounters, options, files('', '{ a: Math.random(), b: 0 }'))).toBe('REFIT_LOCK_RECORD');
  });

  it('a name that is not there', () => {
    expect(refusalOf(lockToCounters, { ...options, lock: 'Mutex' }, files(''))).toBe('REFIT_LOCK_UNKNOWN');
  });

  it('a function that writes and reads, unless it may see others less often', () => {
    const body =
      'export async function f(): Promise<number> {\n  await stats.write((s) => {\n    s.a += 1;\n  });\n  return await stats.read((s) => s.a);\n}\n';
    expect(refusalOf(lockToCounters, options, files(body))).toBe('REFIT_LOCK_TURNS');
    expect(outcomeOf(lockToCounters, { ...options, fewerTurns: true }, files(body)).texts['stats.ts']).toContain(
      '  stats.a += 1;\n  return stats.a;\n',
    );
  });
});

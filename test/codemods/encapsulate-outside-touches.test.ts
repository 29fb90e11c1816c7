// Encapsulating what others do to a class: the fixture's statistics, and what is kept or refused.
import { beforeAll, describe, expect, it } from 'vitest';
import { encapsulateOutsideTouches, type EncapsulateOutsideTouchesOptions } from '../../codemods/encapsulate-outside-touches.ts';
import { use } from '../../codemods/kernel/codemod.ts';
import { type OperationRecord, runOperation } from '../../codemods/kernel/run-operation.ts';
import type { Workspace } from '../../codemods/kernel/workspace.ts';
import { untouchedTas63 } from '../helpers/tas-63-workspace.ts';
import { type Files, outcomeOf, refusalOf } from './small-project.ts';

describe('the statistics of the fixture', () => {
  let workspace: Workspace;
  let record: OperationRecord;
  const file = 'packages/orchestration/src/orchestration/event-systems/orchestration-event-system.ts';
  const options: EncapsulateOutsideTouchesOptions = {
    file,
    class: 'OrchestrationStatistics',
    methods: {
      recordFailure: { field: 'eventsFailed', shape: 'increment' },
      recordOperation: { field: 'operationsCoordinated', shape: 'increment' },
      recordProcessed: { field: 'eventsProcessed', shape: 'increment' },
      recordLatency: { field: 'processingLatenciesMs', from: 'OrchestrationEventSystem.recordLatency' },
      stamp: { field: 'lastProcessingTimeMs', shape: 'store', parameter: 'nowMs' },
    },
  };
  const count = (text: string, part: string): number => text.split(part).length - 1;

  beforeAll(() => {
    const untouched = untouchedTas63();
    const { baseline } = untouched;
    workspace = untouched.workspace;
    record = runOperation(workspace, use(encapsulateOutsideTouches, options), { baseline });
  }, 120_000);

  it('are written by methods of their own only', () => {
    const before = record.files[0]?.before ?? '';
    const after = workspace.textOf(file) ?? '';
    expect(count(after, '.recordFailure();')).toBe(count(before, 'tatistics.eventsFailed += 1;'));
    expect(count(after, '.recordOperation();')).toBe(count(before, 'tatistics.operationsCoordinated += 1;'));
    expect(count(after, 'tatistics.eventsFailed')).toBe(0);
    expect(after).toContain('this.systemStatistics.recordLatency(latencyMs);\n    this.systemStatistics.recordProcessed();');
    expect(after).toContain('statistics.stamp(clock.now().getTime());');
  });

  it('hide what nobody reads, and say what an interface keeps public', () => {
    const after = workspace.textOf(file) ?? '';
    for (const name of ['operationsCoordinated', 'lastProcessingTimeMs', 'processingLatenciesMs'])
      expect(after).toContain(`\n  private ${name}`);
    const notes = record.findings.filter((finding) => finding.kind === 'note').map((finding) => finding.what.split(' ')[0]);
    expect(notes).toEqual(['OrchestrationStatistics.eventsFailed', 'OrchestrationStatistics.eventsProcessed']);
    expect(record.findings.filter((finding) => finding.kind === 'api')).toHaveLength(1);
  });
});

const options: EncapsulateOutsideTouchesOptions = {
  file: 'a.ts',
  class: 'Counts',
  methods: { note: { field: 'n', shape: 'increment' } },
};
const counts = 'export class Counts {\n  n = 0;\n}\n';

describe('touches', () => {
  it('of every spelling of an increment become calls, the object evaluated once as before', () => {
    const files: Files = {
      'a.ts': counts,
      'b.ts':
        "import { Counts } from './a.ts';\n\ndeclare function get(): Counts;\n\nexport function f(c: Counts): void {\n  c.n += 1;\n  c.n++;\n  ++get().n;\n  c['n'] += 1;\n}\n",
    };
    expect(outcomeOf(encapsulateOutsideTouches, options, files).texts).toEqual({
      'a.ts': 'export class Counts {\n  private n = 0;\n\n  note(): void {\n    this.n += 1;\n  }\n}\n',
      'b.ts':
        "import { Counts } from './a.ts';\n\ndeclare function get(): Counts;\n\nexport function f(c: Counts): void {\n  c.note();\n  c.note();\n  get().note();\n  c.note();\n}\n",
    });
  });

  it('that store keep the value as it is written, comments included', () => {
    const files: Files = {
      'a.ts':
        'export class Counts {\n  /** When. */\n  public n: number | undefined;\n}\n\nexport function f(c: Counts): void {\n  c.n = 1 + /* why */ 2;\n}\n',
    };
    const { texts } = outcomeOf(
      encapsulateOutsideTouches,
      { ...options, methods: { mark: { field: 'n', shape: 'store', doc: 'Marks.' } } },
      files,
    );
    expect(texts['a.ts']).toBe(
      'export class Counts {\n  /** When. */\n  private n: number | undefined;\n\n  /** Marks. */\n  mark(value: number | undefined): void {\n    this.n = value;\n  }\n}\n\nexport function f(c: Counts): void {\n  c.mark(1 + /* why */ 2);\n}\n',
    );
  });

  it('that only read leave the field public when that is asked for', () => {
    const files: Files = { 'a.ts': `${counts}\nexport function f(c: Counts): number {\n  c.n += 1;\n  return c.n;\n}\n` };
    expect(refusalOf(encapsulateOutsideTouches, options, files)).toBe('REFIT_ENCAPSULATE_READ');
    const { texts, record } = outcomeOf(encapsulateOutsideTouches, { ...options, keepReadable: ['n'] }, files);
    expect(texts['a.ts']).toContain('  n = 0;\n');
    expect(texts['a.ts']).toContain('  c.note();\n  return c.n;\n');
    expect(record.findings.map((finding) => finding.what)).toEqual([
      'Counts.n stays public: it is read at a.ts:7. Nothing outside of the class writes it any more.',
    ]);
  });
});

it('literals and reads of an interface that the class implements are not touches of the class', () => {
  const files: Files = {
    'a.ts':
      'export interface Shown {\n  readonly n: number;\n}\n\nexport class Counts implements Shown {\n  n = 0;\n}\n\nexport const none: Shown = { n: 0 };\nexport const show = ({ n }: Shown): number => n;\nexport const f = (c: Counts): number => {\n  c.n += 1;\n  return show(c);\n};\n',
  };
  const { texts, record } = outcomeOf(encapsulateOutsideTouches, options, files);
  expect(texts['a.ts']).toContain('  c.note();\n  return show(c);\n');
  expect(record.findings.map((finding) => finding.what)).toEqual([expect.stringContaining('an interface requires it (a.ts:2)')]);
});

it('a method that moves in from another file brings its imports, and its callers reach it through the field', () => {
  const files: Files = {
    'limit.ts': 'export const limit = 3;\n',
    'a.ts': 'export class Counts {\n  list: number[] = [];\n}\n',
    'b.ts':
      "import { Counts } from './a.ts';\nimport { limit } from './limit.ts';\n\nexport class Owner {\n  readonly counts = new Counts();\n\n  /** Keeps some. */\n  private keep(n: number): void {\n    this.counts.list.push(n);\n    if (this.counts.list.length > limit) this.counts.list.splice(0, 1);\n  }\n\n  run(): void {\n    this.keep(1);\n  }\n}\n",
  };
  const { texts } = outcomeOf(
    encapsulateOutsideTouches,
    { ...options, methods: { add: { field: 'list', from: 'Owner.keep' } } },
    files,
  );
  expect(texts).toEqual({
    'a.ts':
      "import { limit } from './limit.ts';\n\nexport class Counts {\n  private list: number[] = [];\n\n  /** Keeps some. */\n  add(n: number): void {\n    this.list.push(n);\n    if (this.list.length > limit) this.list.splice(0, 1);\n  }\n}\n",
    'b.ts':
      "import { Counts } from './a.ts';\n\nexport class Owner {\n  readonly counts = new Counts();\n\n  run(): void {\n    this.counts.add(1);\n  }\n}\n",
  });
});

describe('what is refused', () => {
  const owner = (body: string, rest = ''): string =>
    `export class Counts {\n  list: number[] = [];\n}\n\nexport class Owner {\n  readonly counts = new Counts();\n  n = 0;\n${body}\n}\n${rest}`;
  const moving = { methods: { add: { field: 'list', from: 'Owner.keep' } } } as const;
  type Case = readonly [title: string, code: string, text: string, wanted?: Partial<EncapsulateOutsideTouchesOptions>];
  const cases: readonly Case[] = [
    ['an unknown class', 'REFIT_CLASS_UNKNOWN', 'export class Count {\n  n = 0;\n}\n'],
    ['an unknown field', 'REFIT_FIELD_UNKNOWN', 'export class Counts {\n  m = 0;\n}\n'],
    [
      'a name that is taken',
      'REFIT_ENCAPSULATE_NAME_TAKEN',
      'export class Counts {\n  n = 0;\n  note(): number {\n    return 1;\n  }\n}\nexport const f = (c: Counts): void => {\n  c.n += 1;\n};\n',
    ],
    [
      'a write of another shape',
      'REFIT_ENCAPSULATE_TOUCH',
      `${counts}export const f = (c: Counts): void => {\n  c.n += 2;\n};\n`,
    ],
    [
      'an increment whose value is used',
      'REFIT_ENCAPSULATE_TOUCH',
      `${counts}export const f = (c: Counts): number => (c.n += 1);\n`,
    ],
    [
      'a write by destructuring',
      'REFIT_ENCAPSULATE_TOUCH',
      `${counts}export const f = (c: Counts): void => {\n  [c.n] = [1];\n};\n`,
    ],
    ['a read by destructuring', 'REFIT_ENCAPSULATE_READ', `${counts}export const f = ({ n }: Counts): number => n;\n`],
    ['a method without a shape', 'REFIT_ENCAPSULATE_SPEC', counts, { methods: { note: { field: 'n' } } }],
    ['counting what is no number', 'REFIT_ENCAPSULATE_SPEC', "export class Counts {\n  n = '';\n}\n"],
    [
      'a method that touches something else',
      'REFIT_ENCAPSULATE_METHOD',
      owner('  private keep(): void {\n    this.counts.list.push(this.n);\n  }\n  run(): void {\n    this.keep();\n  }'),
      moving,
    ],
    [
      'a method that is passed on',
      'REFIT_ENCAPSULATE_METHOD',
      owner('  private keep(): void {\n    this.counts.list.push(1);\n  }\n  run(): () => void {\n    return this.keep;\n  }'),
      moving,
    ],
    [
      'a method that may be overridden',
      'REFIT_ENCAPSULATE_METHOD',
      owner('  keep(): void {\n    this.counts.list.push(1);\n  }', 'export class Other extends Owner {}\n'),
      moving,
    ],
    [
      'an object that is exchanged',
      'REFIT_ENCAPSULATE_METHOD',
      owner(
        '  private keep(): void {\n    this.counts.list.push(1);\n  }\n  run(): void {\n    this.keep();\n    this.counts = new Counts();\n  }',
      ).replace('readonly counts', 'counts'),
      moving,
    ],
  ];

  it.each(cases.map(([title, code, text, wanted]) => ({ title, code, text, wanted })))('$title', ({ code, text, wanted }) => {
    expect(refusalOf(encapsulateOutsideTouches, { ...options, ...wanted }, { 'a.ts': text })).toBe(code);
  });

  it('a method that uses a private helper of its own file', () => {
    const [counted = '', holder = ''] = owner('  private keep(): void {\n    this.counts.list.push(help());\n  }').split('\n\n');
    const files = {
      'a.ts': `${counted}\n`,
      'b.ts': `import { Counts } from './a.ts';\nconst help = (): number => 1;\n${holder}`,
    };
    expect(refusalOf(encapsulateOutsideTouches, { ...options, ...moving }, files)).toBe('REFIT_ENCAPSULATE_METHOD');
  });
});

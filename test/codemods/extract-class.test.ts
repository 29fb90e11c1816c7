// Taking methods out of a class: the resolver of the fixture's handler, fields of every fate, and what is refused.
import { beforeAll, describe, expect, it } from 'vitest';
import { extractClass, type ExtractClassOptions } from '../../codemods/extract-class.ts';
import { use } from '../../codemods/kernel/codemod.ts';
import type { DiagnosticBaseline } from '../../codemods/kernel/diagnostics.ts';
import { runOperation } from '../../codemods/kernel/run-operation.ts';
import type { Workspace } from '../../codemods/kernel/workspace.ts';
import { moveDeclarations } from '../../codemods/move-declarations.ts';
import { untouchedTas63 } from '../helpers/tas-63-workspace.ts';
import { type Files, outcomeOf, refusalOf } from './small-project.ts';

describe('the resolver of the fixture', () => {
  let workspace: Workspace;
  let baseline: DiagnosticBaseline;
  const actors = 'packages/orchestration/src/orchestration/actors';
  const file = `${actors}/command-processor-actor.ts`;

  beforeAll(() => {
    ({ workspace, baseline } = untouchedTas63());
  }, 120_000);

  it('becomes a class, and then a module', () => {
    const options = {
      file,
      class: 'CommandHandler',
      name: 'PgmqMessageResolver',
      delegate: 'messageResolver',
      members: ['pgmqClient', 'wrapPgmqMessage'],
    };
    const record = runOperation(workspace, use(extractClass, options), { baseline });
    expect(record.checked.map((each) => each.witness)).toEqual([
      'pgmqClient, wrapPgmqMessage',
      'moved: none; handed over: none; held by both, never assigned again: messageClient',
    ]);
    expect(runOperation(workspace, use(extractClass, options), { baseline }).files).toEqual([]);
    const to = `${actors}/pgmq-message-resolver.ts`;
    runOperation(workspace, use(moveDeclarations, { from: file, symbols: ['PgmqMessageResolver'], to }), { baseline });
    const [handler, resolver] = [workspace.textOf(file) ?? '', workspace.textOf(to) ?? ''];
    expect(handler.match(/this\.messageResolver\.pgmqClient\(\)/g)).toHaveLength(3);
    expect(handler.match(/PgmqMessageResolver\.wrapPgmqMessage\(/g)).toHaveLength(3);
    expect(handler.match(/new PgmqMessageResolver\(this\.messageClient\)/g)).toHaveLength(1);
    expect(resolver).toContain(
      'export class PgmqMessageResolver {\n  constructor(private readonly messageClient: MessageClient) {}\n\n  /** The PGMQ client',
    );
  });
});

const options: ExtractClassOptions = { file: 'a.ts', class: 'Old', name: 'Fresh', delegate: 'fresh', members: ['go'] };

function changed(text: string, wanted: Partial<ExtractClassOptions> = {}): string {
  return outcomeOf(extractClass, { ...options, ...wanted }, { 'a.ts': text }).texts['a.ts'] ?? '';
}

describe('getters', () => {
  const counted =
    'export class Old {\n  private readonly seen = new Set<string>();\n\n  private get go(): number {\n    return this.seen.size;\n  }\n\n  run(): number {\n    return this.go + 1;\n  }\n}\n';

  it('move along, read through the new object', () => {
    expect(changed(counted)).toBe(
      'export class Fresh {\n  private readonly seen = new Set<string>();\n\n  get go(): number {\n    return this.seen.size;\n  }\n}\n\nexport class Old {\n  private readonly fresh = new Fresh();\n\n  run(): number {\n    return this.fresh.go + 1;\n  }\n}\n',
    );
  });

  it('stay as ones that pass the question on where code outside reads them', () => {
    const open = `${counted.replace('private get', 'get')}export const n = new Old().go;\n`;
    expect(changed(open)).toContain(
      '  get go(): number {\n    return this.fresh.go;\n  }\n\n  run(): number {\n    return this.fresh.go + 1;',
    );
  });
});

describe('fields', () => {
  it('with a first value of their own move, with their comments', () => {
    const text =
      'export class Old {\n  /** Seen. */\n  private readonly seen = new Set<string>();\n  private n = 0;\n\n  run(id: string): boolean {\n    this.n += 1;\n    return this.go(id);\n  }\n\n  private go(id: string): boolean {\n    return this.seen.has(id);\n  }\n}\n';
    expect(changed(text)).toBe(
      'export class Fresh {\n  /** Seen. */\n  private readonly seen = new Set<string>();\n\n  go(id: string): boolean {\n    return this.seen.has(id);\n  }\n}\n\nexport class Old {\n  private n = 0;\n  private readonly fresh = new Fresh();\n\n  run(id: string): boolean {\n    this.n += 1;\n    return this.fresh.go(id);\n  }\n}\n',
    );
  });

  it('that a constructor parameter declares are handed over, the parameter stays', () => {
    const text =
      'export class Old {\n  constructor(\n    private readonly a: number,\n    private readonly b: number,\n  ) {}\n\n  run(): number {\n    return this.go() + this.b;\n  }\n\n  private go(): number {\n    return this.a + this.b;\n  }\n}\n';
    expect(changed(text)).toBe(
      'export class Fresh {\n  constructor(private readonly a: number, private readonly b: number) {}\n\n  go(): number {\n    return this.a + this.b;\n  }\n}\n\nexport class Old {\n  private readonly fresh: Fresh;\n\n  constructor(\n    a: number,\n    private readonly b: number,\n  ) {\n    this.fresh = new Fresh(a, this.b);\n  }\n\n  run(): number {\n    return this.fresh.go() + this.b;\n  }\n}\n',
    );
  });
});

it('finds the methods that use the given fields alone, static helpers they call by name included', () => {
  const text =
    'export class Old {\n  private readonly x = 1;\n  private n = 0;\n\n  run(): void {\n    this.n += this.one();\n  }\n\n  private one(): number {\n    return Old.twice(this.two());\n  }\n\n  private two(): number {\n    return this.x;\n  }\n\n  private static twice(n: number): number {\n    return Old.twice(n - 1) * 2;\n  }\n}\n';
  const wanted = { file: 'a.ts', class: 'Old', name: 'Fresh', delegate: 'fresh', fields: ['x'] };
  const after = outcomeOf(extractClass, wanted, { 'a.ts': text }).texts['a.ts'];
  expect(after).toContain('    this.n += this.fresh.one();\n');
  expect(after).toContain('    return Fresh.twice(this.two());\n');
  expect(after).toContain('  private two(): number {');
  expect(after).toContain('  private static twice(n: number): number {\n    return Fresh.twice(n - 1) * 2;');
});

it('leaves a method that passes the call on where other code calls the old class', () => {
  const files: Files = {
    'a.ts':
      'export class Old {\n  private readonly x = 1;\n\n  /** Goes. */\n  async go(by: number, ...more: string[]): Promise<number> {\n    return this.x + by + more.length;\n  }\n}\n',
    'b.ts': "import { Old } from './a.ts';\n\nexport const f = async (): Promise<number> => new Old().go(1, 'a');\n",
  };
  const { texts } = outcomeOf(extractClass, options, files);
  expect(texts['a.ts']).toBe(
    'export class Fresh {\n  private readonly x = 1;\n\n  /** Goes. */\n  async go(by: number, ...more: string[]): Promise<number> {\n    return this.x + by + more.length;\n  }\n}\n\nexport class Old {\n  private readonly fresh = new Fresh();\n\n  go(by: number, ...more: string[]): Promise<number> {\n    return this.fresh.go(by, ...more);\n  }\n}\n',
  );
});

describe('what is refused', () => {
  const old = (body: string): string => `export class Old {\n${body}\n}\n`;
  const cases: readonly (readonly [title: string, code: string, text: string, wanted?: Partial<ExtractClassOptions>])[] = [
    ['an unknown class', 'REFIT_CLASS_UNKNOWN', 'export class Olt {}\n'],
    ['an unknown method', 'REFIT_EXTRACT_CLASS_MEMBERS', old('  goo(): void {}')],
    ['both members and fields', 'REFIT_EXTRACT_CLASS_MEMBERS', old('  go(): void {}'), { fields: ['x'] }],
    ['a name that is taken', 'REFIT_EXTRACT_CLASS_NAME_TAKEN', `export class Fresh {}\n${old('  go(): void {}')}`],
    [
      'a call of a method that stays',
      'REFIT_EXTRACT_CLASS_CALL',
      old('  go(): void {\n    this.stay();\n  }\n  stay(): void {}'),
    ],
    [
      'a field that is written after the constructor',
      'REFIT_EXTRACT_CLASS_SHARED',
      old('  n = 0;\n  go(): number {\n    return this.n;\n  }\n  set(): void {\n    this.n = 1;\n  }'),
    ],
    ['the whole object', 'REFIT_EXTRACT_CLASS_METHOD', old('  go(): object {\n    return [this];\n  }')],
    [
      'a nested function with its own this',
      'REFIT_EXTRACT_CLASS_METHOD',
      old('  n = 0;\n  go(): unknown {\n    return function (this: Old) {\n      return this.n;\n    };\n  }'),
    ],
    ['a private name', 'REFIT_EXTRACT_CLASS_METHOD', old('  #n = 0;\n  go(): number {\n    return this.#n;\n  }')],
    [
      'super',
      'REFIT_EXTRACT_CLASS_METHOD',
      'class Base {\n  base(): void {}\n}\nexport class Old extends Base {\n  go(): void {\n    super.base();\n  }\n}\n',
    ],
    [
      'a method that is overridden',
      'REFIT_EXTRACT_CLASS_METHOD',
      `${old('  go(): void {}')}export class Sub extends Old {\n  go(): void {}\n}\n`,
    ],
    [
      'a method as a value',
      'REFIT_EXTRACT_CLASS_METHOD',
      old('  go(): void {}\n  run(): () => void {\n    return this.go;\n  }'),
    ],
    [
      'a method that is spied on',
      'REFIT_EXTRACT_CLASS_METHOD',
      `${old('  go(): void {}')}declare function spyOn(object: object, name: string): void;\nspyOn(new Old(), 'go');\n`,
    ],
    [
      'a method that is replaced by its name, whatever does that',
      'REFIT_EXTRACT_CLASS_METHOD',
      `${old('  go(): void {}')}declare function swap(object: object, name: string): void;\nswap(new Old(), \`go\`);\n`,
    ],
    [
      'a getter that a setter goes with',
      'REFIT_EXTRACT_CLASS_MEMBERS',
      old('  private n = 0;\n  get go(): number {\n    return this.n;\n  }\n  set go(value: number) {\n    this.n = value;\n  }'),
    ],
    [
      'a method the constructor calls',
      'REFIT_EXTRACT_CLASS_CONSTRUCTOR',
      old('  constructor() {\n    this.start();\n  }\n  private start(): void {\n    this.go();\n  }\n  go(): void {}'),
    ],
    [
      'a field whose value cannot be handed on',
      'REFIT_EXTRACT_CLASS_FIELD',
      `declare function make(): number;\n${old('  private readonly n: number;\n  constructor() {\n    this.n = make();\n  }\n  go(): number {\n    return this.n;\n  }')}`,
    ],
    [
      'a first value that does something',
      'REFIT_EXTRACT_CLASS_FIELD',
      `declare function make(): number;\n${old('  private readonly n = make();\n  go(): number {\n    return this.n;\n  }')}`,
    ],
    [
      'parameters that cannot be passed on',
      'REFIT_EXTRACT_CLASS_METHOD',
      `${old('  go({ n }: { n: number }): number {\n    return n;\n  }')}export const f = (): number => new Old().go({ n: 1 });\n`,
    ],
  ];

  it.each(cases.map(([title, code, text, wanted]) => ({ title, code, text, wanted })))('$title', ({ code, text, wanted }) => {
    expect(refusalOf(extractClass, { ...options, ...wanted }, { 'a.ts': text })).toBe(code);
  });
});

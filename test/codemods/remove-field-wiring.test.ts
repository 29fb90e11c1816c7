// Removing a field that nothing reads: what goes with it, and when making its value might be seen.
import { describe, expect, it } from 'vitest';
import { inlineWrapper } from '../../codemods/inline-wrapper.ts';
import { use } from '../../codemods/kernel/codemod.ts';
import { Refusal } from '../../codemods/kernel/refusal.ts';
import { type OperationRecord, runOperation } from '../../codemods/kernel/run-operation.ts';
import type { Workspace } from '../../codemods/kernel/workspace.ts';
import { removeFieldWiring } from '../../codemods/remove-field-wiring.ts';
import { borrowedWorkspace } from './borrowed-workspace.ts';
import { untouchedOrchestration } from '../helpers/tas-63-workspace.ts';

const worker = { file: 'a.ts', class: 'Worker', field: 'store' };

function run(workspace: Workspace): OperationRecord {
  return runOperation(workspace, use(removeFieldWiring, worker));
}

function after(text: string): string {
  const workspace = borrowedWorkspace({ 'a.ts': text });
  run(workspace);
  return workspace.textOf('a.ts') ?? '';
}

function refusalOf(text: string): string {
  try {
    run(borrowedWorkspace({ 'a.ts': text }));
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown.code;
    throw thrown;
  }
  return 'not refused';
}

describe('what goes', () => {
  it('is the field with its comment and the line that fills it; the rest of the constructor stays', () => {
    const text = `class Store {}
export class Worker {
  private readonly first = 1;
  /** Where it is. */
  private readonly store: Store;

  constructor() {
    this.store = new Store();
    void this.first; // stays
  }
}
`;
    expect(after(text)).toBe(`class Store {}
export class Worker {
  private readonly first = 1;

  constructor() {
    void this.first; // stays
  }
}
`);
  });

  it('is a constructor of which nothing is left, unless it is private or takes something', () => {
    const text = (build: string): string =>
      `class Store {}\nexport class Worker {\n  private store: Store;\n\n  ${build} {\n    this.store = new Store();\n  }\n\n  run(): void {}\n}\n`;
    expect(after(text('constructor()'))).toBe('class Store {}\nexport class Worker {\n  run(): void {}\n}\n');
    expect(after(text('private constructor()'))).toContain('  private constructor() {}\n');
    expect(after(text('constructor(readonly name: string)'))).toContain('  constructor(readonly name: string) {}\n');
  });

  it('keeps a comment in the constructor', () => {
    const text = `class Store {}\nexport class Worker {\n  private store: Store;\n  constructor() {\n    // the store first\n    this.store = new Store();\n    // nothing else\n  }\n}\n`;
    expect(after(text)).toContain('// nothing else');
  });

  it('leaves an obligation when a parameter is not used any more', () => {
    const workspace = borrowedWorkspace({
      'a.ts': `export class Worker {\n  private store: string;\n  constructor(name: string) {\n    this.store = name;\n  }\n}\n`,
    });
    expect(run(workspace).obligations).toEqual(['The parameter name of the constructor of Worker is not used any more.']);
  });

  it('is nothing when there is no such field', () => {
    const workspace = borrowedWorkspace({ 'a.ts': 'export class Worker {}\n' });
    const record = run(workspace);
    expect([record.edits, record.skips.length]).toEqual([0, 1]);
  });

  it('is told to a reviewer when others could read it', () => {
    const workspace = borrowedWorkspace({ 'a.ts': `export class Worker {\n  readonly store = 1;\n}\n` });
    expect(run(workspace).findings.map((finding) => finding.kind)).toEqual(['api']);
  });
});

describe('is refused', () => {
  const made = (value: string, more = ''): string => `${more}\nexport class Worker {\n  private store: unknown = ${value};\n}\n`;

  it.each([
    [
      'a field that is read',
      'REFIT_WIRING_FIELD_READ',
      `export class Worker {\n  private store = 1;\n  run(): number {\n    return this.store;\n  }\n}\n`,
    ],
    [
      'a field that is filled later as well',
      'REFIT_WIRING_FIELD_READ',
      `export class Worker {\n  private store = 1;\n  run(): void {\n    this.store = 2;\n  }\n}\n`,
    ],
    [
      'a field that is read by name',
      'REFIT_WIRING_FIELD_READ',
      `export class Worker {\n  private store = 1;\n  run(): number {\n    return this['store'];\n  }\n}\n`,
    ],
    [
      'a class that lists its fields',
      'REFIT_WIRING_LISTED',
      `export class Worker {\n  private store = 1;\n  run(): string {\n    return JSON.stringify(this);\n  }\n}\n`,
    ],
    [
      'a class that picks fields by a computed key',
      'REFIT_WIRING_LISTED',
      `export class Worker {\n  private store = 1;\n  run(key: 'run'): unknown {\n    return this[key];\n  }\n}\n`,
    ],
    [
      'a parameter of the constructor',
      'REFIT_WIRING_PARAMETER',
      `export class Worker {\n  constructor(private readonly store: string) {}\n}\n`,
    ],
    ['a call', 'REFIT_WIRING_EFFECT', made('make()', 'declare function make(): string;')],
    ['a class of unknown code', 'REFIT_WIRING_EFFECT', made('new Store()', 'declare class Store {}')],
    [
      'a class whose constructor calls something',
      'REFIT_WIRING_EFFECT',
      made('new Store()', `declare function note(): void;\nclass Store {\n  constructor() {\n    note();\n  }\n}`),
    ],
    [
      'a class whose base class does',
      'REFIT_WIRING_EFFECT',
      made('new Store()', `declare function note(): number;\nclass Base {\n  at = note();\n}\nclass Store extends Base {}`),
    ],
    [
      'a class that writes elsewhere',
      'REFIT_WIRING_EFFECT',
      made('new Store()', `const all = { count: 0 };\nclass Store {\n  constructor() {\n    all.count += 1;\n  }\n}`),
    ],
    [
      'a read through a getter',
      'REFIT_WIRING_EFFECT',
      made('source.value', `class Source {\n  get value(): number {\n    return 1;\n  }\n}\nconst source = new Source();`),
    ],
    ['an effect deep inside', 'REFIT_WIRING_EFFECT', made('[new Map(), { a: new Store() }]', `declare class Store {}`)],
  ])('%s', (_, code, text) => {
    expect(refusalOf(text)).toBe(code);
  });

  it('nothing that only allocates, however deep', () => {
    const text = made(
      '[new Map([[1, new Store(2)]]), { a: new Store(3) }]'.replace('new Map([[1, new Store(2)]])', 'new Map()'),
      `class Inner {\n  list: number[] = [];\n}\nclass Store {\n  inner = new Inner();\n  constructor(readonly size: number) {}\n}`,
    );
    expect(refusalOf(text)).toBe('not refused');
  });
});

describe('on the system before the plan', () => {
  it('removes the state manager of the initializer once its method was taken over', () => {
    const { workspace } = untouchedOrchestration();
    const file = 'src/orchestration/lifecycle/state-initializer.ts';
    const field = { file, class: 'StateInitializer', field: 'stateManager' };
    expect(() => runOperation(workspace, use(removeFieldWiring, field))).toThrow(
      expect.objectContaining({ code: 'REFIT_WIRING_FIELD_READ' }),
    );
    const takeOver = {
      file: 'src/orchestration/state-manager.ts',
      class: 'StateManager',
      methods: ['getOrCreateStepStateMachine'],
      into: file,
      owner: 'StateInitializer',
      state: 'move',
      maps: 'plain',
    } as const;
    runOperation(workspace, use(inlineWrapper, takeOver));
    runOperation(workspace, use(removeFieldWiring, field));
    expect(workspace.textOf(file)).toContain('  constructor(private readonly context: SystemContext) {}\n');
    expect(workspace.textOf(file)).not.toMatch(/stateManager|state-manager/);
  });
});

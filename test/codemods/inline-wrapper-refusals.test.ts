// What inline-wrapper does not take over, and when a collection may become a Map.
import { describe, expect, it } from 'vitest';
import type { InlineWrapperOptions } from '../../codemods/inline-wrapper.ts';
import type { Workspace } from '../../codemods/kernel/workspace.ts';
import { oneFile, refusal, refusalOf, run, worker } from './inline-wrapper-programs.ts';
import { borrowedWorkspace } from './borrowed-workspace.ts';

describe('is refused', () => {
  const plain = `  constructor(private readonly label: string) {}\n  mark(id: string): void {\n    log.push(this.label + id);\n  }`;

  it.each<[what: string, code: string, text: string, options?: Partial<InlineWrapperOptions>]>([
    [
      'a wrapper that is handed in',
      'REFIT_INLINE_NOT_OWNED',
      worker(plain, '    this.store.mark(id);')
        .replace(
          `private readonly store: Store;\n  constructor(private readonly name: string) {\n    this.store = new Store(name);\n  }`,
          `constructor(private readonly store: Store) {}`,
        )
        .replace(`new Worker('w')`, `new Worker(new Store('w'))`),
    ],
    [
      'a wrapper that is given away',
      'REFIT_INLINE_VALUE_USE',
      worker(plain, '    log.push(typeof this.store);\n    this.store.mark(id);'),
    ],
    [
      'a method used as a value',
      'REFIT_INLINE_VALUE_USE',
      worker(plain, '    const mark = this.store.mark;\n    this.store.mark(id + typeof mark);'),
    ],
    [
      'a wrapper made in two ways',
      'REFIT_INLINE_NOT_OWNED',
      worker(plain, '    this.store.mark(id);').replace(
        'this.store = new Store(name);',
        `this.store = new Store(name);\n    if (name === '') this.store = new Store('none');`,
      ),
    ],
    [
      'a subclass in the place of the wrapper',
      'REFIT_INLINE_NOT_OWNED',
      worker(plain, '    this.store.mark(id);')
        .replace('= new Store(name)', '= new Other(name)')
        .replace('export class Worker', 'class Other extends Store {\n  override mark(): void {}\n}\nexport class Worker'),
    ],
    [
      'a wrapper with a base class',
      'REFIT_INLINE_INHERITED',
      worker(plain, '    this.store.mark(id);')
        .replace('class Store {', 'class Base {}\nclass Store extends Base {')
        .replace(') {}', ') {\n    super();\n  }'),
    ],
    [
      'a method that passes its object on',
      'REFIT_INLINE_THIS',
      worker(plain.replace('this.label + id', 'String(this) + this.label + id'), '    this.store.mark(id);'),
    ],
    [
      'state without a decision',
      'REFIT_INLINE_STATE',
      worker(
        `  private count = 0;\n  constructor(private readonly label: string) {}\n  mark(id: string): void {\n    this.count += 1;\n    log.push(this.label + id);\n  }`,
        '    this.store.mark(id);',
      ),
      { state: 'refuse' },
    ],
    [
      'state that a method left behind uses too',
      'REFIT_INLINE_STATE_SHARED',
      worker(
        `  private count = 0;\n  constructor(private readonly label: string) {}\n  mark(id: string): void {\n    this.count += 1;\n    log.push(this.label + id);\n  }\n  total(): number {\n    return this.count;\n  }`,
        '    this.store.mark(id);\n    log.push(String(this.store.total()));',
      ),
    ],
    [
      'state that the constructor goes on filling',
      'REFIT_INLINE_STATE',
      worker(
        `  private readonly seen = new Set<string>();\n  constructor(private readonly label: string) {\n    this.seen.add(label);\n  }\n  mark(id: string): void {\n    log.push(this.label + String(this.seen.has(id)));\n  }`,
        '    this.store.mark(id);',
      ),
    ],
    [
      'a field whose value does something',
      'REFIT_INLINE_STATE_EFFECT',
      worker(
        `  private readonly at = log.push('made');\n  constructor(private readonly label: string) {}\n  mark(id: string): void {\n    log.push(this.label + id + String(this.at));\n  }`,
        '    this.store.mark(id);',
      ),
    ],
    [
      'a method that nothing calls',
      'REFIT_INLINE_NO_CALL',
      worker(`${plain}\n  other(): void {}`, '    this.store.mark(id);'),
      { methods: ['mark', 'other'] },
    ],
    ['a method that is not there', 'REFIT_METHOD_UNKNOWN', worker(plain, '    this.store.mark(id);'), { methods: ['marks'] }],
    [
      'a wrapper that is changed through its prototype',
      'REFIT_INLINE_DYNAMIC',
      `${worker(plain, '    this.store.mark(id);')}Store.prototype.mark = () => undefined;\n`,
    ],
  ])('%s', (_, code, text, options) => {
    expect(refusalOf(text, options)).toBe(code);
  });

  it('a name that its module keeps to itself, or that means something else in the new one', () => {
    const store = `const limit = 3;\nexport const most = 4;\nexport class Store {\n  mark(): number {\n    return LIMIT;\n  }\n}\n`;
    const owner = `import { Store } from './store.ts';\nexport class Worker {\n  private readonly store = new Store();\n  work(): number {\n    return this.store.mark();\n  }\n}\n`;
    const files = (name: string, extra: string): Record<string, string> => ({
      'store.ts': store.replace('LIMIT', name),
      'worker.ts': `${owner}${extra}`,
    });
    const options = { file: 'store.ts', into: 'worker.ts' };
    expect(refusal(files('limit', ''), options)).toBe('REFIT_INLINE_PRIVATE_NAME');
    expect(refusal(files('most', 'export const most = 5;\n'), options)).toBe('REFIT_INLINE_NAME_TAKEN');
    expect(refusal(files('most', ''), options)).toBe('not refused');
  });
});

describe('a collection that may be a Map', () => {
  const library = (get: string): Record<string, string> => ({
    'cache.d.ts': `export declare class Cache<K, V> {\n  constructor(options?: { readonly ttl?: number });\n  get(key: K): V | undefined;\n  set(key: K, value: V): this;\n}\n`,
    'cache.js': `export class Cache {\n  #all = new Map();\n  #ttl;\n  constructor(options = {}) {\n    this.#ttl = options.ttl;\n  }\n  get(key) {\n${get}\n  }\n  set(key, value) {\n    const until = this.#ttl === undefined ? undefined : Date.now() + this.#ttl;\n    this.#all.set(key, { value, until });\n    return this;\n  }\n}\n`,
    'a.ts': `import { Cache } from './cache.js';
class Store {
  private readonly seen: Cache<string, number> = new Cache<string, number>(OPTIONS);
  mark(id: string): number {
    this.seen.set(id, 1);
    return this.seen.get(id) ?? 0;
  }
}
export class Worker {
  private readonly store = new Store();
  work(id: string): number {
    return this.store.mark(id);
  }
}
`,
  });
  const expiring = `    const entry = this.#all.get(key);\n    if (entry === undefined) return undefined;\n    if (entry.until !== undefined && entry.until <= Date.now()) {\n      this.#all.delete(key);\n      return undefined;\n    }\n    return entry.value;`;
  const forgetful = expiring.replace('    return entry.value;', '    this.#all.delete(key);\n    return entry.value;');

  function workspaceOf(get: string, options: string): Workspace {
    const files = library(get);
    return borrowedWorkspace({ ...files, 'a.ts': (files['a.ts'] ?? '').replace('OPTIONS', options) });
  }

  it('becomes one when its code, constructed without options, does the same', () => {
    const workspace = workspaceOf(expiring, '');
    run(workspace, { ...oneFile, maps: 'plain' });
    expect(workspace.textOf('a.ts')).toContain('private readonly seen = new Map<string, number>();');
  });

  it('is refused when it does something else, or is given options', () => {
    for (const workspace of [workspaceOf(forgetful, ''), workspaceOf(expiring, '{ ttl: 5 }')]) {
      expect(() => run(workspace, { ...oneFile, maps: 'plain' })).toThrow(
        expect.objectContaining({ code: 'REFIT_INLINE_MAP_UNSHOWN' }),
      );
    }
  });

  it('stays what it is unless the plan says so', () => {
    const workspace = workspaceOf(forgetful, '');
    run(workspace, oneFile);
    expect(workspace.textOf('a.ts')?.match(/new Cache<string, number>\(\)/g)).toHaveLength(2);
  });
});

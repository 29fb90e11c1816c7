// Which classes, constructed without arguments, are a Map by another name.
import { describe, expect, it } from 'vitest';
import { unlikeMap } from '../../codemods/analysis/map-in-disguise.ts';
import { borrowedWorkspace } from './borrowed-workspace.ts';

function unlike(members: string, methods: readonly string[] = ['get', 'set']): readonly string[] | undefined {
  const workspace = borrowedWorkspace({ 'a.ts': `export class Cache<K, V> {\n${members}\n}\n` });
  return unlikeMap(workspace, workspace.sourceFile('a.ts').getClassOrThrow('Cache'), methods);
}

const direct = `  private readonly all = new Map<K, V>();
  get(key: K): V | undefined {
    return this.all.get(key);
  }
  set(key: K, value: V): this {
    this.all.set(key, value);
    return this;
  }
  delete(key: K): boolean {
    return this.all.delete(key);
  }`;

const boxed = (
  put: string,
  take: string,
): string => `  private readonly all = new Map<K, { readonly value: V; readonly at?: number | undefined }>();
  private readonly limit: number | undefined;
  constructor(options: { limit?: number } = {}) {
    this.limit = options.limit;
  }
  get(key: K): V | undefined {
    const entry = this.all.get(key);
    if (entry === undefined) return undefined;
    ${take}
    return entry.value;
  }
  set(key: K, value: V): this {
    ${put}
    return this;
  }`;

describe('is shown to be a Map', () => {
  it.each([
    ['what hands every call on', direct],
    ['what boxes values', boxed('this.all.set(key, { value });', '')],
    [
      'what would forget if it were told when',
      boxed(
        'const at = this.limit === undefined ? undefined : Date.now() + this.limit;\n    this.all.set(key, { value, at });',
        'if (entry.at !== undefined && entry.at < Date.now()) return undefined;',
      ),
    ],
  ])('%s', (_, members) => {
    expect(unlike(members)).toEqual([]);
  });
});

describe('is not shown to be a Map', () => {
  it.each([
    ['what answers something else', direct.replace('return this.all.get(key);', 'return undefined;')],
    ['what forgets when asked', boxed('this.all.set(key, { value });', 'this.all.delete(key);')],
    [
      'what forgets after a time of its own',
      boxed(
        'this.all.set(key, { value, at: Date.now() });',
        'if (entry.at !== undefined && entry.at < Date.now()) return undefined;',
      ),
    ],
    ['what does more when it puts', boxed('this.all.set(key, { value, at: Math.random() });', '')],
    ['what counts', boxed('this.all.set(key, { value });\n    this.all.size;', '')],
    ['what puts under another key', direct.replace('this.all.set(key, value)', 'this.all.set(value as never, value)')],
    [
      'what changes its limit later',
      boxed(
        'const at = this.limit === undefined ? undefined : 1;\n    this.all.set(key, { value, at });',
        'if (entry.at !== undefined) return undefined;',
      )
        .concat('\n  grow(): void {\n    (this as unknown as { limit: number }).limit = 1;\n    this.limit = 2;\n  }')
        .replace('private readonly limit', 'private limit'),
    ],
  ])('%s', (_, members) => {
    expect(unlike(members)).not.toEqual([]);
  });

  it('a method it has not, or that two Maps answer', () => {
    expect(unlike(direct, ['get', 'has', 'delete'])).toEqual(['has']);
    expect(unlike(`${direct}\n  private readonly more = new Map<K, V>();`)).toBeUndefined();
  });
});

// The version of the counting code, and what a gate whose cache knows everything does not load.
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { countingModules, countingVersion } from '../../../codemods/gate/counting-version.ts';
import { loadedWith } from './value-imports.ts';

describe('countingVersion', () => {
  it('is of every module that facts of a text or of an entry come from, and of no other', () => {
    const listed = countingModules.map((name) => posix.join('codemods/gate', `${name}.ts`));
    const loaded = ['compute-facts', 'report-entry'].flatMap((name) => loadedWith(`codemods/gate/${name}.ts`).modules);
    expect(listed.toSorted()).toEqual([...new Set(loaded)].toSorted());
  });

  it('is the same as long as nothing of it changes', () => {
    expect(countingVersion()).toMatch(/^[0-9a-f]{64}$/);
    expect(countingVersion()).toBe(countingVersion());
  });
});

describe('a gate whose cache knows everything', () => {
  it.each(['codemods/cli/main.ts', 'codemods/gate/run-gate.ts', 'codemods/gate/formats.ts', 'codemods/gate/index.ts'])(
    'does not load the compiler with %s',
    (entry) => {
      const { modules, packages } = loadedWith(entry);
      expect(modules).toContain('codemods/kernel/refit-error.ts');
      expect(modules).not.toContain('codemods/kernel/parse-source.ts');
      expect(packages).not.toContain('ts-morph');
    },
  );
});

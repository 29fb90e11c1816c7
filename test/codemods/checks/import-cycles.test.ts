// Rule: import cycles.
import { describe, expect, it } from 'vitest';
import { importCyclesRule } from '../../../codemods/checks/import-cycles.ts';
import { findingsFor, placesOf } from './rule-run.ts';

describe('import-cycles', () => {
  it('finds a cycle of three files once, where it closes', () => {
    const sources = {
      'src/a.ts': "import { b } from './b.ts';",
      'src/b.ts': "import { c } from './inner/c.ts';",
      'src/inner/c.ts': "// Head.\nimport { a } from '../a.ts';",
    };
    const [finding, ...more] = findingsFor(importCyclesRule, sources);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      path: 'src/inner/c.ts',
      line: 2,
      message: expect.stringContaining('src/a.ts -> src/b.ts -> src/inner/c.ts -> src/a.ts'),
    });
  });

  it('counts imports of types', () => {
    const sources = { 'src/a.ts': "import type { B } from './b.ts';", 'src/b.ts': "type A = import('./a.ts').A;" };
    expect(placesOf(importCyclesRule, sources)).toEqual(['src/b.ts:1']);
  });

  it('finds a file that imports itself', () => {
    expect(placesOf(importCyclesRule, { 'src/a.ts': "import { a } from './a.ts';" })).toEqual(['src/a.ts:1']);
  });

  it('finds two cycles that share a file', () => {
    const sources = {
      'src/a.ts': "import './b.ts'; import './c.ts';",
      'src/b.ts': "import './a.ts';",
      'src/c.ts': "import './a.ts';",
    };
    expect(placesOf(importCyclesRule, sources)).toEqual(['src/b.ts:1', 'src/c.ts:1']);
  });

  it('lets a diamond be', () => {
    const sources = {
      'src/a.ts': "import './b.ts'; import './c.ts';",
      'src/b.ts': "import './d.ts';",
      'src/c.ts': "import './d.ts';",
      'src/d.ts': "import 'node:fs';",
    };
    expect(placesOf(importCyclesRule, sources)).toEqual([]);
  });
});

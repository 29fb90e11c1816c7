// Properties of the modules that the plan extracts: whatever the input, each does what the legacy code did; and each property can fail.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ts } from '../../codemods/kernel/parse-source.ts';
import { listFiles } from '../../codemods/kernel/list-files.ts';
import { openVersions } from './extracted/agreement.ts';
import { ofCommands } from './extracted/of-commands.ts';
import { ofEventSystem } from './extracted/of-event-system.ts';
import { ofStatistics } from './extracted/of-statistics.ts';
import { ofSteps } from './extracted/of-steps.ts';
import { afterRoot } from './tas-63/module-mutation-record.ts';
import { beforeRoot, openSystem } from './tas-63/system.ts';

const properties = [...ofEventSystem, ...ofStatistics, ...ofCommands, ...ofSteps];
const versions = openVersions();

const sources = (root: string): readonly string[] =>
  listFiles(root, ['src/**/*.ts']).filter((path) => !path.endsWith('.test.ts'));
const known = new Set(sources(beforeRoot));
const extracted = sources(afterRoot).filter((path) => !known.has(path));
const isOfTypesOnly = (path: string): boolean => Object.keys(versions.after.load(path)).length === 0;

/** The declarations of a module of types, without comments and layout. */
function declarationsOf(text: string): readonly string[] {
  const file = ts.createSourceFile('types.ts', text, ts.ScriptTarget.Latest);
  const printer = ts.createPrinter({ removeComments: true });
  const declared = file.statements.filter((each) => !ts.isImportDeclaration(each));
  return declared.map((each) => printer.printNode(ts.EmitHint.Unspecified, each, file));
}

describe('an extracted module', () => {
  it.each(properties.map((each) => [each.module, each.what, each] as const))('%s %s', async (_module, _what, property) => {
    await fc.assert(property.in(versions), { numRuns: 200 });
  });

  it.each(extracted.filter(isOfTypesOnly))('%s, which has types only, declares them as the legacy code did', (path) => {
    const declared = declarationsOf(readFileSync(join(afterRoot, path), 'utf8'));
    const legacy = new Set(sources(beforeRoot).flatMap((each) => declarationsOf(readFileSync(join(beforeRoot, each), 'utf8'))));
    expect(declared.length).toBeGreaterThan(0);
    expect(declared.filter((each) => !legacy.has(each))).toEqual([]);
  });

  it('has a property, whichever the plan makes', () => {
    const withProperty = new Set(properties.map(({ module }) => module));
    expect(extracted.length).toBeGreaterThan(0);
    expect(extracted.filter((path) => !withProperty.has(path) && !isOfTypesOnly(path))).toEqual([]);
    expect([...withProperty].filter((path) => !extracted.includes(path))).toEqual([]);
  });
});

describe('a property notices', () => {
  const wrong = properties.flatMap((property) =>
    property.wrong.map(({ from, to }) => [property.module, to, from, property] as const),
  );

  it.each(wrong)('%s with %j instead of %j', async (module, to, from, property) => {
    const text = readFileSync(join(afterRoot, module), 'utf8');
    expect(text.split(from)).toHaveLength(2);
    const after = openSystem({ root: afterRoot, overlay: new Map([[module, text.replace(from, () => to)]]) });
    const { failed, counterexample } = await fc.check(property.in({ ...versions, after }), {
      numRuns: 200,
      seed: 1,
      endOnFailure: true,
    });
    expect({ failed, counterexample }).toMatchObject({ failed: true });
  });
});

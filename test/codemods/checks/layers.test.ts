// Rule: imports point one way through the layers.
import { describe, expect, it } from 'vitest';
import { houseLayers, layersRule } from '../../../codemods/checks/layers.ts';
import { findingsFor, messagesOf } from './rule-run.ts';

const rule = layersRule();

describe('layers', () => {
  const forbidden: readonly (readonly [path: string, text: string, says: string])[] = [
    ['src/domain/a.ts', "import { b } from '../store/b.ts';", 'domain imports store'],
    ['src/domain/a.ts', "import type { B } from '../store/b.ts';", 'domain imports store'],
    ['src/domain/a.ts', "export { b } from '../messaging/b.ts';", 'domain imports messaging'],
    ['src/domain/a.ts', "type B = import('../store/b.ts').B;", 'domain imports store'],
    ['src/domain/a.ts', "const b = await import('../store/b.ts');", 'domain imports store'],
    ['src/domain/a.ts', "import { join } from 'node:path';", 'knows nothing of node'],
    ['src/domain/a.ts', "import pino from 'pino';", 'the package pino'],
    ['src/orchestration/a.ts', "import { b } from '../store/postgres/b.ts';", 'orchestration imports store/postgres'],
    ['src/orchestration/a.ts', "import { Pool } from 'pg';", 'the package pg'],
    ['src/worker/a.ts', "import { b } from '../orchestration/b.ts';", 'worker imports orchestration'],
    ['src/worker/a.ts', "import { Client } from 'pg/lib/client';", 'the package pg'],
    ['src/messaging/a.ts', "import { b } from './providers/in-memory.ts';", 'messaging imports messaging/in-memory'],
    ['src/messaging/providers/in-memory.ts', "import { b } from './pgmq.ts';", 'messaging/in-memory imports messaging/pgmq'],
    ['src/store/a.ts', "import { b } from '../runtime/b.ts';", 'store imports runtime'],
    ['src/runtime/a.ts', "import { b } from '../cli/b.ts';", 'runtime imports cli'],
    ['src/cli/a.ts', "import { b } from '../testing/b.ts';", 'cli imports testing'],
    ['src/index.ts', "export { b } from './testing/b.ts';", 'index imports testing'],
    ['src/cli/a.ts', "import { b } from '../../codemods/cli/b.ts';", 'cli imports refit cli'],
    ['codemods/gate/a.ts', "import { b } from '../../src/domain/b.ts';", 'gate imports domain'],
    ['codemods/kernel/a.ts', "import { b } from '../gate/b.ts';", 'kernel imports gate'],
    ['src/domain/a.ts', "import { b } from '../../test/helpers/b.ts';", 'which is in no layer'],
    ['src/elsewhere/a.ts', '', 'is in no layer'],
  ];

  it.each(forbidden)('in %s forbids %s', (path, text, says) => {
    expect(messagesOf(rule, path, text)).toEqual([expect.stringContaining(says)]);
  });

  const allowed: readonly (readonly [path: string, text: string])[] = [
    ['src/domain/template/a.ts', "import { parse } from 'yaml'; import { b } from '../b.ts';"],
    ['src/orchestration/commands/a.ts', "import type { S } from '../../store/store.ts'; import { d } from '../../domain/d.ts';"],
    ['src/store/postgres/a.ts', "import { Pool } from 'pg'; import { send } from '../../messaging/providers/pgmq.ts';"],
    ['src/messaging/providers/pgmq/a.ts', "import { Client } from 'pg'; import { b } from '../pgmq.ts';"],
    ['src/runtime/database/a.ts', "import { b } from '../../store/postgres/b.ts'; import { join } from 'node:path';"],
    ['src/cli/a.ts', "import { b } from '../runtime/b.ts';"],
    ['codemods/cli/a.ts', "import { b } from '../gate/b.ts';"],
    ['test/a.ts', "import { b } from '../src/domain/b.ts'; import { c } from '../codemods/gate/c.ts';"],
  ];

  it.each(allowed)('in %s allows %s', (path, text) => {
    expect(messagesOf(rule, path, text)).toEqual([]);
  });

  it('points at the line of the import', () => {
    const text = "// A file.\nimport { a } from './a.ts';\nimport { b } from '../store/b.ts';\n";
    expect(findingsFor(rule, { 'src/domain/c.ts': text })[0]?.line).toBe(3);
  });

  it('names only layers that exist', () => {
    const names = new Set(houseLayers.map((layer) => layer.name));
    expect(houseLayers.flatMap((layer) => layer.may).filter((name) => !names.has(name))).toEqual([]);
  });
});

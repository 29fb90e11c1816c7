// `refit dead` as its user meets it: the table, the document, exit codes, bad usage.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refit as runRefit } from './refit-in-process.ts';

let root = '';

const project = {
  'package.json': '{ "name": "it", "exports": "./main.ts" }',
  'tsconfig.json':
    '{ "compilerOptions": { "strict": true, "types": [], "module": "nodenext", "allowImportingTsExtensions": true, "noEmit": true }, "include": ["*.ts"] }',
  'main.ts':
    'class Inner {\n  go(): number {\n    return 1;\n  }\n\n  spare(): number {\n    return 2;\n  }\n}\n\nexport const run = (): number => new Inner().go();\n',
};

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'refit-dead-'));
  for (const [path, text] of Object.entries(project)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
});

afterAll(() => rmSync(root, { recursive: true }));

const refit = async (...argv: readonly string[]) => await runRefit(root, ...argv);

describe('refit dead', () => {
  it('prints dead members by class with place and proof, live ones only with --all', async () => {
    const { code, stdout } = await refit('dead');
    expect(code).toBe(0);
    expect(stdout).toContain('unreachable (1): no way from any root, tests included');
    expect(stdout).toContain('Inner.spare  main.ts:6  (high confidence)\n    no reference at all');
    expect(stdout).toContain('4 members and variants: 3 live, 1 unreachable');
    expect(stdout).not.toContain('Inner.go');
    expect((await refit('dead', '--all')).stdout).toContain('run → Inner.go');
  });

  it('writes one versioned document with --json', async () => {
    const { code, stdout } = await refit('dead', '--json', '--project', 'tsconfig.json');
    expect(code).toBe(0);
    const document: unknown = JSON.parse(stdout);
    expect(document).toMatchObject({
      schema: 'refit-dead/1',
      root,
      projects: [join(root, 'tsconfig.json')],
      approved: [],
      counts: { live: 3, unreachable: 1 },
    });
    expect(document).toHaveProperty(
      'members',
      expect.arrayContaining([
        expect.objectContaining({ symbol: 'Inner.spare', class: 'unreachable', path: 'main.ts', line: 6 }),
      ]),
    );
  });

  it('exits 1 when a class of --fail-on is found, and 0 when none is', async () => {
    expect((await refit('dead', '--fail-on', 'test-only,unreachable')).code).toBe(1);
    expect((await refit('dead', '--fail-on', 'test-only')).code).toBe(0);
  });

  it('takes what is decided and what is known from outside', async () => {
    const counts = async (...flags: readonly string[]): Promise<unknown> => {
      const document: unknown = JSON.parse((await refit('dead', '--json', ...flags)).stdout);
      return typeof document === 'object' && document !== null && 'counts' in document ? document.counts : undefined;
    };
    expect(await counts('--keep', 'Inner.spare')).toMatchObject({ live: 4, unreachable: 0 });
    expect(await counts('--approve', 'run')).toMatchObject({ live: 0, unreachable: 4 });
  });

  it.each([
    ['a class that does not exist, with the nearest', ['--fail-on', 'unreachble'], 'Did you mean unreachable?'],
    ['a project that is not there', ['--project', 'nowhere.json'], 'There is no'],
    ['an option that does not exist', ['--everything'], 'unknown option'],
  ])('exits 2 for %s', async (_what, flags, message) => {
    const { code, stderr } = await refit('dead', ...flags);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

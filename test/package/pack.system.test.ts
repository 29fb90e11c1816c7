// The packed package in an empty project outside of the clone: both commands, the library, the gate and their types work there.
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const clone = join(import.meta.dirname, '../..');
const outside = mkdtempSync(join(tmpdir(), 'packed-'));
const project = join(outside, 'project');
// Run as root, the embedded server is the user postgres, who has to get in.
chmodSync(outside, 0o755);

/** Runs a program to its end; a code other than 0 is an answer, not an error. */
function run(cwd: string, file: string, ...argv: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(file, argv, { cwd, env: environment(), maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 255;
      resolve({ code, stdout, stderr });
    });
    child.stdin?.end();
  });
}

/** This process without what npm and vitest put into it, so that the commands run as a user's would. */
function environment(): NodeJS.ProcessEnv {
  const foreign = /^(npm_|VITEST|NODE_V8_COVERAGE|NODE_OPTIONS|INIT_CWD|DATABASE_URL)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

async function mustRun(cwd: string, file: string, ...argv: readonly string[]): Promise<string> {
  const ran = await run(cwd, file, ...argv);
  if (ran.code !== 0) throw new Error(`${file} ${argv.join(' ')} ended with ${ran.code}:\n${ran.stdout}\n${ran.stderr}`);
  return ran.stdout;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  writeFileSync(join(project, path), text);
}

const command = (name: string): string => join(project, 'node_modules/.bin', name);

function versionOfClone(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(clone, 'package.json'), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '';
}

let packed: readonly string[] = [];

beforeAll(async () => {
  await mustRun(clone, 'npm', 'run', 'build');
  const answer: unknown = JSON.parse(
    await mustRun(clone, 'npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', outside),
  );
  const [{ filename, files }] = answer as [{ filename: string; files: { path: string }[] }]; // the shape `npm pack --json` documents
  packed = files.map((file) => file.path);
  write('package.json', JSON.stringify({ name: 'outside', private: true, type: 'module' }));
  await mustRun(project, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', join(outside, filename));
}, 120_000);

afterAll(() => rmSync(outside, { recursive: true, force: true }));

describe('the packed package', () => {
  it('holds what was built, the migrations and the pages, and neither sources nor tests', () => {
    expect(packed).toEqual(
      expect.arrayContaining(['LICENSE', 'dist/src/index.js', 'dist/src/index.d.ts', 'dist/codemods/gate/index.js']),
    );
    expect(packed.filter((path) => path.endsWith('.sql')).length).toBeGreaterThan(0);
    expect(
      packed.filter(
        (path) => /^(src|codemods|test|fixtures|bench)\//.test(path) || /(^|[^d])\.ts$/.test(path.replace(/\.d\.ts$/, '')),
      ),
    ).toEqual([]);
  });

  it('imports as a library from an ES module', async () => {
    write(
      'use.mjs',
      "import * as tasker from 'tasker-refit';\nconsole.log(new tasker.TaskerError('A_CODE', 'a message').code);\n",
    );
    expect(await mustRun(project, process.execPath, 'use.mjs')).toBe('A_CODE\n');
  });

  it('has a tasker command that answers with its version and its help', async () => {
    expect(await mustRun(project, command('tasker'), '--version')).toBe(`${versionOfClone()}\n`);
    expect(await mustRun(project, command('tasker'), '--help')).toContain('run');
  });

  it('runs a template and handlers that are not in the clone, on the embedded server, in TypeScript and in JavaScript', async () => {
    write(
      'task.yaml',
      'name: outside\nnamespace_name: outside\nversion: 1.0.0\nsteps:\n  - { name: one, handler: { callable: one } }\n  - { name: two, depends_on: [one], handler: { callable: two } }\n',
    );
    write(
      'handlers.ts',
      "import { PermanentError, type HandlerInput } from 'tasker-refit';\nexport const one = (): { n: number } => ({ n: 20 });\nexport const two = ({ dependencies, context }: HandlerInput<{ add: number }, { one: { n: number } }>) => {\n  if (context.add < 0) throw new PermanentError('negative');\n  return dependencies.one.n + context.add;\n};\n",
    );
    write('handlers.mjs', 'export default { one: () => ({ n: 1 }), two: ({ dependencies }) => dependencies.one.n };\n');
    const settings = ['--json', '--data-dir', join(outside, 'data')];
    const typed = await run(
      project,
      command('tasker'),
      'run',
      'task.yaml',
      '--handlers',
      'handlers.ts',
      '--context',
      '{"add":22}',
      ...settings,
    );
    expect({ code: typed.code, stderr: typed.stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(typed.stdout)).toMatchObject({
      status: 'complete',
      steps: [{ name: 'one' }, { name: 'two', attempts: 1 }],
    });
    const plain = await run(project, command('tasker'), 'run', 'task.yaml', '--handlers', 'handlers.mjs', ...settings);
    expect({ code: plain.code, stderr: plain.stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(plain.stdout)).toMatchObject({ status: 'complete' });
  });

  it('defines, submits, awaits and inspects a task as a library in ten lines', async () => {
    const lines = [
      "import { defineTask, openTasker } from 'tasker-refit';",
      "const sum = defineTask({ namespace: 'outside', name: 'sum' })",
      "  .step('load', { run: () => [20, 22] })",
      "  .step('add', { dependsOn: ['load'], run: ({ dependencies }) => dependencies.load.reduce((a, b) => a + b, 0) });",
      `const tasker = await openTasker({ dataDir: ${JSON.stringify(join(outside, 'data'))} });`,
      'await tasker.start(sum);',
      'const task = await tasker.submit(sum);',
      'const { status, outputs, details } = await task.result();',
      'console.log(status, outputs.add, details.steps.map((step) => step.state).join());',
      'await tasker.close();',
    ];
    write('library.mjs', lines.join('\n'));
    expect(await mustRun(project, process.execPath, 'library.mjs')).toBe('complete 42 complete,complete\n');
  });

  it('types its library and its gate for a strict project', async () => {
    write('use.ts', "import { TaskerError } from 'tasker-refit';\nexport const code: string = new TaskerError('A', 'b').code;\n");
    write(
      'wrong.ts',
      "import { defineCoverageReport } from 'tasker-refit/gate';\nexport default defineCoverageReport({ include: [] });\n",
    );
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023'];
    const tsc = [join(clone, 'node_modules/typescript/bin/tsc'), ...options];
    expect(await run(project, process.execPath, ...tsc, 'use.ts')).toMatchObject({ code: 0, stdout: '' });
    const wrong = await run(project, process.execPath, ...tsc, 'wrong.ts');
    expect(wrong.code).not.toBe(0);
    expect(wrong.stdout).toContain("missing the following properties from type 'CoverageReportOptions': tests, floors");
  });

  it('has a refit command that answers with its version and its help', async () => {
    expect(await mustRun(project, command('refit'), '--version')).toBe(`${versionOfClone()}\n`);
    expect(await mustRun(project, command('refit'), '--help')).toContain('gate');
  });

  it('refuses to judge a project without a configuration', async () => {
    const ran = await run(project, command('refit'), 'gate');
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(/^refit: GATE_CONFIG_MISSING: There is no coverage-report\.config\.ts at .+\n$/);
  });

  it('judges a project by a configuration in TypeScript, in plain node', async () => {
    const source = join(project, 'lib/a.ts');
    const at = { start: { line: 1, column: 0 }, end: { line: 1, column: 19 } };
    const entry = { path: source, statementMap: { 0: at }, s: { 0: 1 }, branchMap: {}, b: {}, fnMap: {}, f: {} };
    const floors = "floors: [{ under: 'lib', lines: 90, branches: 80 }]";
    const body = `include: ['lib/**/*.ts'], tests: [{ sources: 'lib', tests: 'test' }], ${floors}`;
    write(
      'coverage-report.config.ts',
      `import { defineCoverageReport } from 'tasker-refit/gate';\nexport default defineCoverageReport({ ${body} });\n`,
    );
    write('lib/a.ts', 'export const a = 1;\n');
    write('test/a.test.ts', "it('is one', () => expect(1).toBe(1));\n");
    write('coverage/coverage-final.json', JSON.stringify({ [source]: entry }));
    const ran = await run(project, command('refit'), 'gate', '--json');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(ran.stdout)).toMatchObject({ schema: 'refit-gate/1', pass: true, total: { files: 1, tests: 1 } });
  });
});

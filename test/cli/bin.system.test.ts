// The `tasker` executable as processes: the first command of the README twice in a row and side by side, signals, and handlers that misbehave.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../runtime/database/until.ts';
import { documentOf, folderWith, templateText } from './tasker-in-process.ts';
import type { Ran } from './tasker-in-process.ts';

const clone = join(import.meta.dirname, '../..');
const tasker = [process.execPath, '--import', import.meta.resolve('tsx'), join(clone, 'src/cli/bin.ts')];
const outputs = mkdtempSync(join(tmpdir(), 'tasker-out-'));
let dataDir = '';

beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'tasker-data-'));
  // The embedded server of a root user runs as another one, who has to get in.
  chmodSync(dataDir, 0o755);
});

afterAll(async () => {
  rmSync(outputs, { recursive: true, force: true });
  await until('no server is left', async () => (await serverProcesses()).length === 0);
  rmSync(dataDir, { recursive: true, force: true });
});

/** As a user's shell: nothing of npm and vitest; no database but the embedded one. */
function environment(): NodeJS.ProcessEnv {
  const foreign = /^(npm_|VITEST|NODE_V8_COVERAGE|NODE_OPTIONS|DATABASE_URL)/;
  const own = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return { ...Object.fromEntries(own), TASKER_DATA_DIR: dataDir, DOCKER_HOST: 'tcp://127.0.0.1:1' };
}

interface Started {
  readonly ended: Promise<Ran>;
  /** Once stdout holds the text. */
  sees(text: string): Promise<void>;
  signal(name: NodeJS.Signals): void;
}

function start(command: readonly string[], cwd = clone): Started {
  const [file = '', ...argv] = command;
  const child = spawn(file, argv, { cwd, env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
  const written = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (written.stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (written.stderr += chunk));
  const ended = once(child, 'close').then(() => ({ code: child.exitCode ?? -1, ...written }));
  return {
    ended,
    async sees(text) {
      const hasEnded = () => child.exitCode !== null;
      await until(`stdout holds ${text}, or the process has ended`, () => written.stdout.includes(text) || hasEnded(), 30_000);
      if (!written.stdout.includes(text)) throw new Error(`ended without ${text}: ${JSON.stringify(written)}`);
    },
    signal: (name) => void child.kill(name),
  };
}

const run = (command: readonly string[], cwd?: string): Promise<Ran> => start(command, cwd).ended;

function serverProcesses(): Promise<readonly string[]> {
  return new Promise((resolve) => {
    execFile('ps', ['-A', '-o', 'args='], (_error, stdout) => {
      resolve(stdout.split('\n').filter((line) => line.includes('postgres') && line.includes(dataDir)));
    });
  });
}

/** The weather report as npm start runs it, with its output elsewhere. */
const weather = [
  ...tasker,
  'run',
  'examples/weather-report/task.yaml',
  '--handlers',
  'examples/weather-report/handlers.ts',
  '--context',
  JSON.stringify({ outputDir: outputs }),
];

describe('the first command of a user', () => {
  it('works in an empty data directory, and again', async () => {
    for (const command of [['npm', 'start', '--silent'], weather]) {
      const ran = await run(command);
      expect(ran).toMatchObject({ code: 0 });
      expect(ran.stdout).toMatch(/load +complete +2 /);
      expect(ran.stdout).toMatch(/^report: .+\.md$/m);
    }
    await until('the server has gone with its last user', async () => (await serverProcesses()).length === 0);
  });

  it('works side by side', async () => {
    const both = await Promise.all([run([...weather, '--json']), run([...weather, '--json'])]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(both.map((ran) => documentOf(ran))).toEqual([
      expect.objectContaining({ status: 'complete' }),
      expect.objectContaining({ status: 'complete' }),
    ]);
    await until('the server has gone with its last user', async () => (await serverProcesses()).length === 0);
  });
});

describe('a handler that misbehaves', () => {
  const noisy =
    "export const work = () => { console.log('noise'); process.stdout.write('more noise'); setInterval(() => {}, 1000); return 1; };";

  it('can neither spoil the document on stdout nor keep the process from ending', async () => {
    const cwd = folderWith({ 'task.yaml': templateText('noisy', [{ name: 'a' }]), 'handlers.mjs': noisy });
    const ran = await run([...tasker, 'run', 'task.yaml', '--handlers', 'handlers.mjs', '--json'], cwd);
    expect(ran.code).toBe(0);
    expect(documentOf(ran)).toMatchObject({ status: 'complete' });
    expect(ran.stderr).toContain('noise\nmore noise');
  });

  /** A run of one step with this handler, its messages without a stack. */
  async function runOf(name: string, work: string, ...more: readonly string[]): Promise<Ran> {
    const files = { 'task.yaml': templateText(name, [{ name: 'a' }]), 'handlers.mjs': `export const work = ${work};\n` };
    const ran = await run([...tasker, 'run', 'task.yaml', '--handlers', 'handlers.mjs', ...more], folderWith(files));
    expect(ran.stderr).not.toMatch(/^\s+at /m);
    return ran;
  }

  it('cannot make a task that is not done look done by exiting the process', async () => {
    const plain = await runOf('exits', '() => process.exit(0)');
    expect(plain).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^tasker: HANDLER_EXITED: the process ended \(exit code 0\)/m),
    });
    const json = await runOf('exits_json', '() => process.exit(0)', '--json');
    expect(json.code).toBe(1);
    expect(documentOf(json)).toMatchObject({ error: { code: 'HANDLER_EXITED', details: { exitCode: 0 } } });
  });

  it('cannot change the exit code of a task that is done', async () => {
    const ran = await runOf('exits_late', '() => { setInterval(() => process.exit(7), 1_000); return 1; }', '--json');
    expect(documentOf(ran)).toMatchObject({ status: 'complete' });
    expect(ran.code).toBe(0);
  });

  it('ends the command in good order when it throws in a timer: one answer, the step back in its queue', async () => {
    const ran = await runOf('crashes', `() => new Promise(() => { setTimeout(() => { throw new Error('boom'); }); })`, '--json');
    expect(ran.code).toBe(1);
    expect(documentOf(ran)).toMatchObject({
      error: {
        code: 'HANDLER_CRASHED',
        message: expect.stringMatching(
          /: boom \(.*handlers\.mjs:1:\d+\)\. .* goes on when a worker is back: tasker run task\.yaml /,
        ),
        details: { thrown: 'boom', at: expect.stringContaining('handlers.mjs:1:'), taskUuid: expect.any(String) },
      },
    });
    expect(ran.stderr).toContain('their steps go back to the queue');
  });

  it('is told of a promise that it left behind, and its task goes on', async () => {
    const work = `async () => { void Promise.reject(new Error('stray')); await new Promise(setImmediate); return 1; }`;
    const ran = await runOf('strays', work, '--json');
    expect(ran.code).toBe(0);
    expect(documentOf(ran)).toMatchObject({ status: 'complete' });
    expect(ran.stderr).toMatch(
      /"error":"stray","at":".*handlers\.mjs:1:\d+","msg":"a promise was rejected and nobody handled it/,
    );
  });
});

describe('Ctrl-C', () => {
  const filesOf = (template: string) => ({
    'task.yaml': templateText(template, [{ name: 'a' }]),
    'handlers.ts':
      'export const work = ({ signal }: { signal: AbortSignal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));',
    'package.json': '{"type": "module"}',
  });

  it('ends a run with 1 and says how the task goes on', async () => {
    const started = start([...tasker, 'run', 'task.yaml', '--handlers', 'handlers.ts'], folderWith(filesOf('stopped')));
    await started.sees('a: in_progress');
    started.signal('SIGINT');
    const ran = await started.ended;
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/tasker: INTERRUPTED: .+ tasker run task\.yaml --handlers handlers\.ts --idempotency-key /);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('ends a start with 0 on %s', async (name) => {
    // A template of its own: the task that the interrupted run left would be taken over, and waited for.
    const files = filesOf(`idle_${name.toLowerCase()}`);
    const started = start([...tasker, 'start', '--templates', 'task.yaml', '--handlers', 'handlers.ts'], folderWith(files));
    await started.sees('ready: ');
    started.signal(name);
    expect(await started.ended).toMatchObject({ code: 0, stderr: expect.not.stringMatching(/^\s+at /m) });
  });
});

// `tasker run` in process on real PostgreSQL: outcomes, what it prints, exit codes, and that mistakes leave nothing behind.
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../helpers/database.ts';
import { documentOf, folderWith, once, tasker, templateText } from '../tasker-in-process.ts';
import type { Ran, StepText, Surroundings } from '../tasker-in-process.ts';

const database = useTestDatabase();

const handlers = `
export const work = ({ step }) => ({ name: step.name });
export const flaky = ({ attempt }) => { if (attempt === 1) throw new Error('not yet'); return attempt; };
export const throwsText = () => { throw 'plain text'; };
export const throwsNothing = () => { throw undefined; };
export const decline = () => { throw Object.assign(new Error('card declined'), { retryable: false }); };
export const never = () => new Promise(() => {});
export const big = () => ({ big: 10n });
export const cyclic = () => { const a = {}; a.a = a; return a; };
export const huge = () => Array.from({ length: 200 }, () => 'x'.repeat(9000));
export const echo = ({ context, dependencies, input }) => ({ context, dependencies, input });
export const reporting = () => ({ reportPath: process.cwd() + '/out/report.md' });
export const slow = ({ signal }) => new Promise((resolve) => { const timer = setTimeout(() => resolve(1), 400); signal.addEventListener('abort', () => clearTimeout(timer)); });
`;

let templates = 0;

/** Each test has a template of its own name; files beyond template and handlers on request. */
function project(steps: readonly StepText[], files: Readonly<Record<string, string>> = {}, more = ''): string {
  templates += 1;
  return folderWith({ 'task.yaml': templateText(`t${templates}`, steps, more), 'handlers.mjs': handlers, ...files });
}

function run(cwd: string, argv: readonly string[] = [], surroundings: Surroundings = {}): Promise<Ran> {
  const command = ['run', 'task.yaml', '--handlers', 'handlers.mjs', '--database-url', database.url, ...argv];
  return tasker(command, { cwd, ...surroundings });
}

/** All that a request could leave behind. */
async function traces(): Promise<unknown> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    const { rows } = await client.query(`
      select (select count(*) from tasker.tasks) as tasks, (select count(*) from tasker.workflow_steps) as steps,
        (select array_agg(name order by name) from tasker.named_tasks) as templates,
        (select array_agg(name order by name) from tasker.named_steps) as step_names,
        (select array_agg(name order by name) from tasker.task_namespaces) as namespaces,
        (select array_agg(queue_name order by queue_name) from pgmq.list_queues()) as queues`);
    return rows[0];
  } finally {
    await client.end();
  }
}

const diamond: readonly StepText[] = [
  { name: 'a' },
  { name: 'b', after: ['a'], callable: 'flaky', more: '    retry: { backoff_base_ms: 100 }\n' },
  { name: 'c', after: ['a'] },
  { name: 'd', after: ['b', 'c'] },
];

describe('tasker run', () => {
  it('runs a diamond with a retry to its end, with a line for each change and a table', async () => {
    const ran = await run(project(diamond));
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    for (const line of [/ s {2}a: in_progress\n/, / s {2}b: waiting_for_retry\n/, / s {2}d: complete\n/])
      expect(ran.stdout).toMatch(line);
    expect(ran.stdout).toMatch(/STEP +STATE +ATTEMPTS +TIME\na +complete +1 +\d/);
    expect(ran.stdout).toMatch(/b +complete +2 +\d/);
    expect(ran.stdout).toMatch(/task [\da-f-]{36}: complete after /);
  });

  it('ends with the document of the task when asked for JSON', async () => {
    const ran = await run(project(diamond), ['--json']);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    const step = (name: string, attempts = 1) => ({ name, status: 'complete', attempts, durationMs: expect.any(Number) });
    expect(documentOf(ran)).toEqual({
      taskUuid: expect.stringMatching(/^[\da-f-]{36}$/),
      status: 'complete',
      steps: [step('a'), step('b', 2), step('c'), step('d')],
      durationMs: expect.any(Number),
    });
  });

  it('draws a table anew on a terminal, no larger than it is', async () => {
    const many = Array.from({ length: 40 }, (_, index) => ({ name: `s${index}` }));
    const small = await run(project(many), [], { isTTY: true, rows: 12 });
    expect(small.code).toBe(0);
    expect(small.stdout).toMatch(/40 steps: 40 complete\n/);
    const large = await run(project(diamond), [], { isTTY: true, rows: 50 });
    expect(large.stdout).toContain('\u001b[5A\u001b[J');
  });

  it('gives the context and the results of all parents to the handlers, and says where the report lies', async () => {
    const steps = [
      { name: 'a', callable: 'echo', more: '' },
      { name: 'b', after: ['a'], callable: 'reporting' },
    ];
    const cwd = project(steps, { 'context.json': '{"order": 7}' });
    const ran = await run(cwd, ['--context', '@context.json']);
    expect(ran.stdout).toContain(`report: ${process.cwd()}/out/report.md\n`);
    const [, uuid = ''] = /task ([\da-f-]{36}): complete/.exec(ran.stdout) ?? [];
    const shown = documentOf(await tasker(['task', 'show', uuid, '--json', '--database-url', database.url]));
    expect(shown).toMatchObject({
      task: { steps: [{ name: 'a', result: { context: { order: 7 }, dependencies: {}, input: {} } }, {}] },
    });
  });

  it('says what the template says in vain, and completes', async () => {
    const cwd = project([{ name: 'a' }], {}, 'input_schema: { type: object }\n');
    expect((await run(cwd)).stdout).toMatch(/^task\.yaml: ignored in this version: input_schema\n/);
    expect(documentOf(await run(cwd, ['--json']))).toMatchObject({ status: 'complete', ignored: ['input_schema'] });
  });

  it('lets both runs of one command complete, one after the other and side by side', async () => {
    const cwd = project(diamond);
    const first = await run(cwd, ['--json']);
    const [second, third] = await Promise.all([run(cwd, ['--json']), run(cwd, ['--json'])]);
    expect([first.code, second.code, third.code]).toEqual([0, 0, 0]);
    expect(new Set([first, second, third].map((ran) => JSON.stringify(documentOf(ran)).slice(0, 60))).size).toBe(3);
  });
});

describe('a task that does not complete', () => {
  const blocked: readonly StepText[] = [
    { name: 'validate' },
    { name: 'pay', after: ['validate'], callable: 'decline' },
    { name: 'pack', after: ['validate'], callable: 'slow' },
    { name: 'ship', after: ['pay', 'pack'] },
  ];

  it('says which step failed why and how to go on, after the other branch has finished', async () => {
    const ran = await run(project(blocked), ['--idempotency-key', "mike's order"]);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(/pay +error +1 +\d/);
    expect(ran.stdout).toMatch(/pack +complete +1/);
    expect(ran.stdout).toMatch(/: blocked_by_failures after /);
    expect(ran.stderr).toContain('step pay failed for good after 1 attempt: card declined\n');
    expect(ran.stderr).toMatch(/tasker step retry [\da-f-]{36} pay --database-url /);
    expect(ran.stderr).toMatch(/tasker step resolve [\da-f-]{36} pay --reason why /);
    expect(ran.stderr).toContain(
      `tasker run task.yaml --handlers handlers.mjs --idempotency-key 'mike'\\''s order' --database-url`,
    );
  });

  it('has the status blocked_by_failures in JSON', async () => {
    const ran = await run(project(blocked), ['--json']);
    expect(ran.code).toBe(1);
    expect(documentOf(ran)).toMatchObject({
      status: 'blocked_by_failures',
      steps: [
        { name: 'validate', status: 'complete' },
        { name: 'pack', status: 'complete' },
        { name: 'pay', status: 'error', attempts: 1, durationMs: expect.any(Number) },
        { name: 'ship', status: 'pending', attempts: 0, durationMs: null },
      ],
    });
  });

  it('goes on from an operator with the same key, by the outcome of the task', async () => {
    const cwd = project(blocked);
    const key = ['--idempotency-key', 'order-8'];
    const [, uuid = ''] = /task ([\da-f-]{36}): blocked/.exec((await run(cwd, key)).stdout) ?? [];
    const again = await run(cwd, key);
    expect(again).toMatchObject({ code: 1 });
    expect(again.stdout).toContain(`task ${uuid} (it existed already; joined)\n`);
    const act = ['step', 'complete', uuid, 'pay', '--result', '{"paid": true}', '--by', 'mike', '--database-url', database.url];
    expect(await tasker(act)).toMatchObject({ code: 0, stdout: `step pay: complete\ntask ${uuid}: steps_in_process\n` });
    const joined = await run(cwd, key);
    expect(joined).toMatchObject({ code: 0, stderr: '' });
    expect(joined.stdout).not.toContain('validate: in_progress');
    expect(joined.stdout).toContain('ship: complete');
  });

  it.each([
    ['throws a text', 'throwsText', 'the handler threw "plain text", which is not an Error'],
    ['throws undefined', 'throwsNothing', 'the handler threw undefined, which is not an Error'],
    ['returns a bigint', 'big', 'found a bigint, which JSON cannot hold; pass it as a string'],
    ['returns a cycle', 'cyclic', 'found a reference back to what contains it'],
    ['returns more than 1 MiB', 'huge', 'found more than 1048576 bytes of JSON'],
  ])('tells of a handler that %s', async (_what, callable, message) => {
    const ran = await run(project([{ name: 'a', callable, more: once }]));
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(`step a failed for good after 1 attempt: `);
    expect(ran.stderr).toContain(message);
    expect(ran.stderr).not.toMatch(/^\s+at /m);
  });

  it('ends a handler that never returns by the timeout of its step', async () => {
    const ran = await run(project([{ name: 'a', callable: 'never', more: `${once}    timeout_seconds: 1\n` }]));
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('step a failed for good after 1 attempt: Handler timed out after 1000ms');
  });

  it('stops waiting after --timeout and says what each open step waits for', async () => {
    const steps = [
      { name: 'a', callable: 'slow' },
      { name: 'b', after: ['a'], callable: 'never' },
      { name: 'c', after: ['b'] },
    ];
    const ran = await run(project(steps), ['--timeout', '1', '--json']);
    expect(ran.code).toBe(1);
    expect(documentOf(ran)).toEqual({
      error: {
        code: 'TASK_WAIT_TIMEOUT',
        message: expect.stringMatching(/was not done after \d+ ms[\s\S]+step b is being executed[\s\S]+step c waits for b/),
        details: {
          taskUuid: expect.any(String),
          timeoutMs: expect.any(Number),
          status: 'steps_in_process',
          waiting: [expect.stringMatching(/step b is being executed \(attempt 1 of 3\).*until 20/), 'step c waits for b'],
        },
      },
    });
  });

  it('stops on Ctrl-C, and says how the task goes on; the next run completes it', async () => {
    const cwd = project([
      { name: 'a', callable: 'slow' },
      { name: 'b', after: ['a'] },
    ]);
    const interrupt = new AbortController();
    const key = ['--idempotency-key', 'interrupted'];
    const onOutput = (stdout: string) => {
      if (stdout.includes('a: in_progress')) interrupt.abort();
    };
    const ran = await run(cwd, key, { signal: interrupt.signal, onOutput });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(
      /^tasker: INTERRUPTED: stopped before task [\da-f-]{36} was done\. It goes on when a worker is back: tasker run task\.yaml /,
    );
    expect(await run(cwd, key)).toMatchObject({ code: 0 });
  });
});

describe('a request that cannot be', () => {
  it('names the task that has the idempotency key with another context', async () => {
    const cwd = project([{ name: 'a' }]);
    const first = await run(cwd, ['--idempotency-key', 'k', '--context', '{"order": 1, "by": "x"}', '--json']);
    const { taskUuid } = documentOf(first) as { taskUuid: string };
    const same = await run(cwd, ['--idempotency-key', 'k', '--context', '{"by": "x", "order": 1}', '--json']);
    expect(documentOf(same)).toMatchObject({ taskUuid, status: 'complete' });
    const other = await run(cwd, ['--idempotency-key', 'k', '--context', '{"order": 2}', '--json']);
    expect(other.code).toBe(2);
    expect(documentOf(other)).toEqual({
      error: {
        code: 'IDENTITY_CONFLICT',
        message: expect.stringContaining(`belongs to task ${taskUuid} (complete)`),
        details: { taskUuid, state: 'complete' },
      },
    });
  });

  it('leaves nothing behind: no task, no template, no namespace, no queue', async () => {
    const before = await traces();
    const wrong = [
      run(project([{ name: 'a', callable: 'missing' }])),
      run(project([{ name: 'a', after: ['b'] }])),
      run(project([{ name: 'a' }]), ['--context', '[1]']),
      run(project([{ name: 'a', more: '    type: batchable\n    batch_config: { worker_template: b }\n' }])),
      run(project([{ name: 'a' }]), ['--idempotency-key', '']),
    ];
    expect((await Promise.all(wrong)).map(({ code }) => code)).toEqual([2, 2, 2, 2, 2]);
    expect(await traces()).toEqual(before);
  });

  it('ends with 3 where the role may not create the schema', async () => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const role = `tasker_cli_${process.pid}`;
    await client.query(`drop role if exists ${role}`);
    await client.query(`create role ${role} login password 'x'`);
    const url = new URL(database.url);
    url.username = role;
    url.password = 'x';
    try {
      const ran = await run(project([{ name: 'a' }]), ['--database-url', url.toString()]);
      expect(ran).toMatchObject({ code: 3, stdout: '' });
      expect(ran.stderr).toMatch(/^tasker: DATABASE_RIGHTS_MISSING: /);
    } finally {
      await client.query(`drop role ${role}`);
      await client.end();
    }
  });
});

// The `tasker` command in process and without a database: help, usage, templates, and input that is wrong before anything opens.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentOf, folderWith, tasker, templateText } from './tasker-in-process.ts';

// Nobody listens on port 1: a command that gets as far as the database ends with 3.
const nowhere = ['--database-url', 'postgres://127.0.0.1:1/none'];
const handlers = 'export const work = () => 1;\nexport const walk = () => 2;\n';

const allCommands = [
  [],
  ['run'],
  ['start'],
  ['migrate'],
  ['template'],
  ['template', 'validate'],
  ['task'],
  ['task', 'create'],
  ['task', 'list'],
  ['task', 'show'],
  ['task', 'cancel'],
  ['task', 'wait'],
  ['step'],
  ['step', 'retry'],
  ['step', 'resolve'],
  ['step', 'complete'],
  ['health'],
  ['doctor'],
];

describe('tasker', () => {
  it('prints its version', async () => {
    expect(await tasker(['--version'])).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: '' });
  });

  it.each(allCommands.map((words) => ({ words })))('explains $words and the options all commands share', async ({ words }) => {
    const ran = await tasker([...words, '--help']);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    for (const option of ['--json', '--database-url', '--data-dir', '--log-level']) expect(ran.stdout).toContain(option);
  });

  it.each(
    allCommands
      .filter((words) => words.length !== 1 || !['task', 'step', 'template'].includes(String(words[0])))
      .map((words) => ({ words })),
  )('shows examples in the help of $words', async ({ words }) => {
    expect((await tasker([...words, '--help'])).stdout).toMatch(/Examples\n {2}\$ tasker /);
  });

  it.each([
    [['rnu'], /unknown command 'rnu'/],
    [['run', '--handlers', 'h.mjs'], /missing required argument 'template'/],
    [['run', 'a.yaml'], /required option '--handlers <module>' not specified/],
    [['run', 'a.yaml', '--handlers', 'h.mjs', '--timeout', '0'], /Expected seconds, more than 0/],
    [['run', 'a.yaml', '--handlers', 'h.mjs', '--timeout', 'soon'], /Expected seconds/],
    [['run', 'a.yaml', '--handlers', 'h.mjs', '--concurrency', '1.5'], /Expected a whole number from 1 to 1000/],
    [['task', 'show', 'abc'], /Expected a uuid; `tasker task list` shows those/],
    [['task', 'list', '--state', 'done'], /Allowed choices are pending, /],
    [['start', '--mode', 'Fast'], /Allowed choices are Hybrid, EventDrivenOnly, PollingOnly, Disabled/],
    [['start', '--orchestrator-only', '--worker-only'], /cannot be used with/],
    [['doctor', '--log-level', 'loud'], /Allowed choices are debug, info, warn, error, silent/],
    [['health', '--jsn'], /unknown option '--jsn'\n\(Did you mean --json\?\)\nAdd --help to the command/],
    [[], /Usage: tasker/],
  ])('answers a mistake in %j with usage, 2 and no stack', async (argv, message) => {
    const ran = await tasker(argv);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(message);
    expect(ran.stderr).not.toMatch(/^\s+at /m);
  });
});

describe('input that is wrong, seen before a database is opened', () => {
  const good = templateText('good', [{ name: 'a' }]);
  const files = {
    'good.yaml': good,
    'handlers.mjs': handlers,
    'broken.mjs': 'throw new Error("no config");',
    'list.json': '[1]',
    'half.json': '{"a":',
    'large.json': JSON.stringify({ texts: Array.from({ length: 200 }, () => 'x'.repeat(9_000)) }),
    'unknown.yaml': templateText('t', [{ name: 'load' }, { name: 'report', after: ['laod'] }]),
    'cycle.yaml': templateText('t', [
      { name: 'a', after: ['c'] },
      { name: 'b', after: ['a'] },
      { name: 'c', after: ['b'] },
    ]),
    'duplicate.yaml': templateText('t', [{ name: 'a' }, { name: 'a' }]),
    'prose.yaml': 'name: [a,\n  b: }',
    'other-handler.yaml': templateText('t', [{ name: 'a' }, { name: 'b', callable: 'workk' }]),
    'decision.yaml': templateText('t', [{ name: 'a', more: '    type: batchable\n    batch_config: { worker_template: b }\n' }]),
  };
  const run = (template: string, ...more: string[]) => ['run', template, '--handlers', 'handlers.mjs', ...more];

  it.each([
    [
      'an unknown step in dependencies',
      run('unknown.yaml'),
      'TEMPLATE_INVALID',
      /unknown\.yaml:9:20: steps\[1\]\.dependencies\[0\].*"laod".*Did you mean "load"\?/,
    ],
    ['a cycle', run('cycle.yaml'), 'TEMPLATE_INVALID', /cycle\.yaml:\d+:\d+: .*a → .*b/],
    ['a duplicate step', run('duplicate.yaml'), 'TEMPLATE_INVALID', /duplicate\.yaml:8:11: .*"a"/],
    ['a template that is not YAML', run('prose.yaml'), 'TEMPLATE_INVALID', /prose\.yaml:2:\d+: this is not YAML/],
    ['a template that is not there', run('gone.yaml'), 'FILE_NOT_READABLE', /cannot read gone\.yaml: ENOENT/],
    [
      'an unknown handler',
      run('other-handler.yaml'),
      'HANDLER_NOT_FOUND',
      /step b of template t wants workk\. Did you mean "work"\? It exports walk, work\./,
    ],
    [
      'a handlers module that throws',
      ['run', 'good.yaml', '--handlers', 'broken.mjs'],
      'HANDLERS_NOT_LOADABLE',
      /broken\.mjs cannot be used: no config/,
    ],
    [
      'a context that is no JSON',
      run('good.yaml', '--context', '{a: 1}'),
      'JSON_INVALID',
      /the context \(--context\) is not JSON: .*Quote it for the shell/,
    ],
    [
      'a context file that is no JSON',
      run('good.yaml', '--context', '@half.json'),
      'JSON_INVALID',
      /of half\.json is not JSON.*Correct the file/,
    ],
    [
      'a context file that is not there',
      run('good.yaml', '--context', '@gone.json'),
      'FILE_NOT_READABLE',
      /cannot read gone\.json/,
    ],
    [
      'a context that is a list',
      run('good.yaml', '--context', '@list.json'),
      'JSON_WRONG_TYPE',
      /found an array; expected an object/,
    ],
    [
      'a context with a long text',
      run('good.yaml', '--context', JSON.stringify({ a: 'x'.repeat(10_001) })),
      'JSON_STRING_TOO_LONG',
      /at \$\.a: found 10001 characters/,
    ],
    [
      'a context with a long list',
      run('good.yaml', '--context', JSON.stringify({ a: Array(1001).fill(0) })),
      'JSON_TOO_MANY_ITEMS',
      /at \$\.a: found 1001 items/,
    ],
    [
      'a context of more than 1 MiB',
      run('good.yaml', '--context', '@large.json'),
      'JSON_TOO_LARGE',
      /found more than 1048576 bytes of JSON/,
    ],
    [
      'a context of more than 1000 keys',
      run('good.yaml', '--context', JSON.stringify(Object.fromEntries(Array.from({ length: 1001 }, (_, n) => [`k${n}`, n])))),
      'JSON_TOO_MANY_KEYS',
      /at \$: found more keys; expected at most 1000/,
    ],
    [
      'a context that is too deep',
      run('good.yaml', '--context', `${'{"a":'.repeat(11)}1${'}'.repeat(11)}`),
      'JSON_TOO_DEEP',
      /expected at most 10/,
    ],
    [
      'a template of a name that is none',
      ['task', 'create', 'a/b/c'],
      'TEMPLATE_NAME_INVALID',
      /expected \[namespace\/\]name\[:version\]/,
    ],
    ['a worker without handlers', ['start', '--templates', 'good.yaml'], 'HANDLERS_REQUIRED', /name them with --handlers/],
    [
      'a worker without a namespace',
      ['start', '--handlers', 'handlers.mjs'],
      'NAMESPACE_REQUIRED',
      /name templates with --templates/,
    ],
    [
      'a result that is no JSON',
      ['step', 'complete', '01234567-89ab-7def-8123-456789abcdef', 'a', '--result', 'paid'],
      'JSON_INVALID',
      /the result \(--result\) is not JSON/,
    ],
    [
      'a step type of a later version',
      ['template', 'validate', 'decision.yaml'],
      'TEMPLATE_UNSUPPORTED',
      /cannot run: a \(batchable\)/,
    ],
  ])('refuses %s', async (_what, argv, code, message) => {
    const cwd = folderWith(files);
    const ran = await tasker([...argv, ...nowhere], { cwd });
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr.startsWith(`tasker: ${code}: `)).toBe(true);
    expect(ran.stderr).toMatch(message);
    expect(ran.stderr).not.toMatch(/^\s+at /m);
    const json = await tasker([...argv, ...nowhere, '--json'], { cwd });
    expect(json.code).toBe(2);
    expect(documentOf(json)).toEqual({ error: { code, message: expect.stringMatching(message), details: expect.any(Object) } });
  });
});

describe('tasker template validate', () => {
  const files = {
    'a.yaml': templateText('a', [{ name: 'x' }, { name: 'y', after: ['x'] }]),
    'b.yaml': templateText('b', [{ name: 'x', after: ['x'] }]),
  };

  it('says what a valid template is', async () => {
    const cwd = folderWith(files);
    expect(await tasker(['template', 'validate', 'a.yaml'], { cwd })).toEqual({
      code: 0,
      stdout: 'a.yaml  cli_a/a:1.0.0  2 steps  valid\n',
      stderr: '',
    });
    expect(documentOf(await tasker(['template', 'validate', 'a.yaml', '--json'], { cwd }))).toEqual({
      templates: [{ file: 'a.yaml', namespace: 'cli_a', name: 'a', version: '1.0.0', steps: ['x', 'y'], ignored: [] }],
    });
  });

  it('names what a template says in vain: what this version reads and does not act on', async () => {
    const more = '    publishes_events: [{ name: order.paid }]\n    result_schema: { type: object }\n';
    const head = [
      'input_schema: { type: object }',
      'domain_events: [{ name: paid }]',
      'environments: { test: { steps: [] } }',
      'lifecycle: { max_duration_minutes: 5 }',
      '',
    ].join('\n');
    const cwd = folderWith({ 'c.yaml': templateText('c', [{ name: 'x' }, { name: 'y', more }], head) });
    const ignored = [
      'domain_events',
      'input_schema',
      'steps[1].publishes_events',
      'steps[1].result_schema',
      'environments',
      'lifecycle',
    ];
    const ran = await tasker(['template', 'validate', 'c.yaml'], { cwd });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toContain(`\nc.yaml: ignored in this version: ${ignored.join(', ')}\n`);
    expect(documentOf(await tasker(['template', 'validate', 'c.yaml', '--json'], { cwd }))).toMatchObject({
      templates: [{ ignored }],
    });
  });

  it('judges all files before it ends', async () => {
    const cwd = folderWith(files);
    const ran = await tasker(['template', 'validate', 'b.yaml', 'a.yaml', 'gone.yaml'], { cwd });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('2 of 3 templates are not valid.');
    expect(ran.stderr).toContain('b.yaml:');
    expect(ran.stderr).toContain('cannot read gone.yaml');
  });
});

describe('tasker --json', () => {
  const files = { 'good.yaml': templateText('good', [{ name: 'a' }]), 'bad.yaml': 'steps: 1', 'handlers.mjs': handlers };
  const words = [
    ...allCommands.flat(),
    'good.yaml',
    'bad.yaml',
    'handlers.mjs',
    '--help',
    '--version',
    '--handlers',
    '--context',
    '{}',
    '--limit',
    '3',
    '-x',
  ];

  it('writes exactly one document to stdout, whatever it is asked', async () => {
    const cwd = folderWith(files);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...words), { maxLength: 6 }), fc.nat(6), async (argv, at) => {
        const ran = await tasker([...argv.toSpliced(at, 0, '--json'), ...nowhere], { cwd });
        expect(ran.stdout.endsWith('\n')).toBe(true);
        expect(typeof documentOf(ran)).toBe('object');
        expect([0, 2, 3]).toContain(ran.code);
      }),
      { numRuns: 150 },
    );
  });

  it('takes --json before the command too', async () => {
    const cwd = folderWith(files);
    expect(documentOf(await tasker(['--json', 'template', 'validate', 'good.yaml'], { cwd }))).toHaveProperty('templates');
  });

  it('does not take --json behind -- for its own', async () => {
    const ran = await tasker(['template', 'validate', '--', '--json']);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain('cannot read --json');
  });
});

describe('a database url of the wrong kind', () => {
  it.each([
    ['mysql://a:secret@b/c', 'a url of mysql://'],
    ['http://secret.example', 'a url of http://'],
    ['not a url, secret', 'a text that is no url'],
    ['user:secret@host/db', 'a text that is no url'],
    ['postgres://a:secret@host:99999/db', 'a url that cannot be read'],
    ['postgres://a:se#cret@host/db', 'a url that cannot be read'],
  ])('%s is the user\u2019s mistake, and is not printed', async (url, found) => {
    for (const surroundings of [{ argv: ['--database-url', url] }, { argv: [], env: { DATABASE_URL: url } }]) {
      const { argv, ...rest } = surroundings;
      const ran = await tasker(['task', 'list', ...argv], rest);
      expect(ran).toMatchObject({ code: 2, stdout: '' });
      expect(ran.stderr).toContain(`tasker: DATABASE_URL_INVALID: the database url is ${found} (not shown`);
      expect(ran.stderr).not.toContain('cret');
    }
  });
});

describe('a server that does not answer', () => {
  const url = 'postgres://someone:secret@127.0.0.1:1/none';
  const anything = '01234567-89ab-7def-8123-456789abcdef';

  it.each([
    [['run', 'good.yaml', '--handlers', 'handlers.mjs']],
    [['start', '--templates', 'good.yaml', '--handlers', 'handlers.mjs']],
    [['migrate']],
    [['task', 'create', 'good.yaml']],
    [['task', 'list']],
    [['task', 'show', anything]],
    [['task', 'cancel', anything]],
    [['task', 'wait', anything]],
    [['step', 'retry', anything, 'a']],
    [['health']],
    [['doctor']],
  ])('ends %j with 3, without the password', async (argv) => {
    const cwd = folderWith({ 'good.yaml': templateText('good', [{ name: 'a' }]), 'handlers.mjs': handlers });
    const ran = await tasker(argv, { cwd, env: { DATABASE_URL: url } });
    expect(ran).toMatchObject({ code: 3, stdout: '' });
    expect(ran.stderr).toMatch(/^tasker: DATABASE_UNREACHABLE: no PostgreSQL server answers at .*ECONNREFUSED.*Start it/);
    expect(ran.stderr).not.toContain('secret');
  });
});

// Templates from YAML and from objects: what they become, and every way in which they can be wrong.
import { describe, expect, it } from 'vitest';
import { parseTemplate, validateTemplate } from '../../../src/domain/template/parse-template.ts';
import type { TemplateProblem } from '../../../src/domain/template/template-problem.ts';
import { thrownBy } from '../thrown-by.ts';

const head = 'name: weather\nnamespace_name: reports\nversion: 1.0.0\n';
const oneStep = 'steps:\n  - name: load\n    handler: { callable: load }\n';

/** `code line:column path` of each problem. */
function problemsOf(text: string): readonly string[] {
  const error = thrownBy(() => parseTemplate(text, 'weather.yaml'));
  expect(error).toMatchObject({ code: 'TEMPLATE_INVALID', kind: 'input', details: { file: 'weather.yaml' } });
  // As: that is what the details of this code hold.
  const problems = error.details['problems'] as readonly TemplateProblem[];
  return problems.map(({ code, line, column, path }) => `${code} ${line}:${column} ${path.join('.')}`);
}

function messageOf(text: string): string {
  return thrownBy(() => parseTemplate(text, 'weather.yaml')).message;
}

describe('a valid template', () => {
  it('gets the defaults of the schema', () => {
    expect(parseTemplate(head + oneStep, 'weather.yaml')).toEqual({
      name: 'weather',
      namespace_name: 'reports',
      version: '1.0.0',
      identity_strategy: 'strict',
      system_dependencies: { primary: 'default', secondary: [] },
      domain_events: [],
      environments: {},
      steps: [
        {
          name: 'load',
          handler: { callable: 'load', initialization: {} },
          type: 'standard',
          dependencies: [],
          retry: { retryable: true, max_attempts: 3, backoff: 'exponential' },
          publishes_events: [],
        },
      ],
    });
  });

  const full = `${head}description: all there is
identity_strategy: caller_provided
metadata: { author: me, tags: [a], documentation_url: 'https://example.org', created_at: 2026-01-01, updated_at: 2026-01-02 }
task_handler: { callable: T }
system_dependencies: { primary: db, secondary: [mail] }
domain_events: [{ name: weather.reported, description: d, schema: { type: object } }]
input_schema: { type: object }
steps:
  - name: load
    description: reads
    handler: { callable: load, method: fetch, resolver: mine, initialization: { timeout_ms: 5, nested: { a: [1, null] } } }
    step_type: batchable
    system_dependency: mail
    retry: { retryable: false, max_attempts: 0, backoff: fibonacci, backoff_base_ms: 100, max_backoff_ms: 1000 }
    timeout_seconds: 7
    publishes_events:
      - { name: weather.loaded, description: d, condition: always, schema: {}, delivery_mode: fast, publisher: 'Weather::Publisher' }
      - { name: weather.failed_2 }
    batch_config: { worker_template: w }
    result_schema: { type: object }
    composition: [any, { json: true }]
  - { name: report, handler: { callable: r }, type: standard, dependencies: [load], depends_on: [load] }
environments:
  test: { task_handler: { initialization: { a: 1 } }, steps: [{ name: ALL, handler: { initialization: { b: 2 } }, timeout_seconds: 1, retry: {} }] }
  empty: {}
lifecycle:
  { max_duration_minutes: 43200, max_waiting_for_dependencies_minutes: 1, max_waiting_for_retry_minutes: 2,
    max_steps_in_process_minutes: 3, staleness_action: manual, auto_fail_on_timeout: true, auto_dlq_on_timeout: false }
`;

  it('may use every key', () => {
    const template = parseTemplate(full, 'weather.yaml');
    expect(template).toMatchObject({
      identity_strategy: 'caller_provided',
      metadata: { created_at: '2026-01-01' },
      task_handler: { callable: 'T', initialization: {} },
      environments: { empty: { steps: [] }, test: { steps: [{ name: 'ALL', retry: { max_attempts: 3 } }] } },
      lifecycle: { max_duration_minutes: 43_200, staleness_action: 'manual', auto_dlq_on_timeout: false },
    });
    expect(template.steps[0]).toMatchObject({
      type: 'batchable',
      retry: { retryable: false, max_attempts: 0, backoff: 'fibonacci', backoff_base_ms: 100, max_backoff_ms: 1000 },
      publishes_events: [{ condition: 'always' }, { condition: 'success', delivery_mode: 'durable' }],
      batch_config: { batch_size: 1000, parallelism: 10, cursor_field: 'id', failure_strategy: 'continue_on_failure' },
      composition: ['any', { json: true }],
    });
    expect(template.steps[1]).toMatchObject({ type: 'standard', dependencies: ['load'] });
  });

  it('is the same when it is validated again as an object, and when it comes back from JSON', () => {
    const template = parseTemplate(full, 'weather.yaml');
    expect(validateTemplate(template, 'weather')).toEqual(template);
    expect(validateTemplate(JSON.parse(JSON.stringify(template)), 'weather')).toEqual(template);
  });

  it('may leave a key without a value, and use anchors and merged maps', () => {
    const text = `${head}description:
steps:
  - name: a
    handler: { callable: a }
    depends_on:
    retry: &patient { max_attempts: 9 }
  - name: b
    handler: { callable: b }
    retry: { <<: *patient, backoff: none }
`;
    expect(parseTemplate(text, 'weather.yaml').steps.map((step) => step.retry)).toEqual([
      { retryable: true, max_attempts: 9, backoff: 'exponential' },
      { retryable: true, max_attempts: 9, backoff: 'none' },
    ]);
  });

  it('may come from an object with undefined properties', () => {
    const template = {
      name: 'a',
      namespace_name: 'n',
      version: '1.0.0',
      description: undefined,
      other: undefined,
      steps: [{ name: 's', handler: { callable: 'c' } }],
    };
    expect(validateTemplate(template, 'a')).not.toHaveProperty('description');
  });
});

describe('a file that is no template', () => {
  it.each([
    ['broken YAML', 'steps: [a, }', ['TEMPLATE_NOT_YAML 1:12 ']],
    ['a key given twice', `${head}name: again\n`, ['TEMPLATE_NOT_YAML 4:1 ']],
    ['two documents', `${head}---\n${head}`, ['TEMPLATE_NOT_YAML 4:1 ']],
    ['an alias without an anchor', 'name: *nobody\n', ['TEMPLATE_NOT_YAML 1:1 ']],
    ['text', 'just text', ['WRONG_TYPE 1:1 ']],
    ['a list', '- a\n- b\n', ['WRONG_TYPE 1:1 ']],
    ['nothing', '', ['WRONG_TYPE 1:1 ']],
    ['a comment', '# later\n', ['WRONG_TYPE 1:1 ']],
  ])('%s', (_, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  it('says so', () => {
    expect(messageOf('steps: [a, }')).toMatch(
      /^weather.yaml is not a valid task template \(1 problem\)\.\nweather.yaml:1:12: this is not YAML: /,
    );
    expect(messageOf(`${head}---\n${head}`)).toContain(
      'weather.yaml:4:1: found a second YAML document; expected one template a file.',
    );
    expect(messageOf('just text')).toContain('weather.yaml:1:1: found the text "just text"; expected a map of keys and values.');
  });
});

describe('a key', () => {
  it.each([
    ['missing at the top', `name: weather\nversion: 1.0.0\n${oneStep}`, ['MISSING_KEY 1:1 namespace_name']],
    ['without its value', `name:\nnamespace_name: n\nversion: 1.0.0\n${oneStep}`, ['MISSING_KEY 1:6 name']],
    ['missing in a step', `${head}steps:\n  - handler: { callable: a }\n`, ['MISSING_KEY 5:5 steps.0.name']],
    ['unknown', `${head}desciption: x\n${oneStep}`, ['UNKNOWN_KEY 4:1 desciption']],
    ['unknown inside', `${head}${oneStep}    retry: { backof: none }\n`, ['UNKNOWN_KEY 7:14 steps.0.retry.backof']],
    ['without a value in a flow map', `${head}${oneStep}    retry: { retries }\n`, ['UNKNOWN_KEY 7:14 steps.0.retry.retries']],
    [
      'and its synonym, differing',
      `${head}${oneStep}    type: standard\n    step_type: decision\n`,
      ['CONFLICTING_KEYS 8:16 steps.0.step_type'],
    ],
  ])('%s', (_, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  it('that is mistyped is guessed', () => {
    expect(messageOf(`${head}desciption: x\n${oneStep}`)).toMatch(
      /weather\.yaml:4:1: desciption: found the unknown key "desciption"; expected one of name, .*\. Did you mean "description"\?$/,
    );
  });

  it('may have a synonym that says the same in another order', () => {
    const text = `${head}${oneStep}  - { name: a, handler: { callable: a } }\n  - { name: b, handler: { callable: b }, dependencies: [a, load], depends_on: [load, a] }\n`;
    expect(parseTemplate(text, 'weather.yaml').steps[2]?.dependencies).toEqual(['a', 'load']);
  });
});

describe('a value', () => {
  const step = (line: string) => `${head}${oneStep}    ${line}\n`;
  const top = (line: string) => `${head}${line}\n${oneStep}`;

  it.each([
    [
      'name: 5',
      head.replace('weather', '5') + oneStep,
      'WRONG_TYPE',
      'found the number 5; expected text; put it in quotes: "5".',
    ],
    ['version: 1.0', head.replace('1.0.0', '1.0') + oneStep, 'WRONG_TYPE', 'put it in quotes: "1"'],
    [
      'version: "1"',
      head.replace('1.0.0', '"1"') + oneStep,
      'OUT_OF_RANGE',
      'found the text "1"; expected a version such as 1.0.0.',
    ],
    ['name: ""', head.replace('weather', '""') + oneStep, 'OUT_OF_RANGE', 'found 0 characters; expected 1 to 64.'],
    [
      'a long namespace',
      head.replace('reports', 'n'.repeat(30)) + oneStep,
      'OUT_OF_RANGE',
      'found 30 characters; expected 1 to 29.',
    ],
    ['namespace 9a', head.replace('reports', '9a') + oneStep, 'OUT_OF_RANGE', 'do not begin with a digit'],
    ['NUL', top('description: "a\\0b"'), 'OUT_OF_RANGE', 'found a NUL character'],
    ['description: []', top('description: []'), 'WRONG_TYPE', 'found a list; expected text.'],
    ['description: {}', top('description: {}'), 'WRONG_TYPE', 'found a map; expected text.'],
    [
      'description: true',
      top('description: true'),
      'WRONG_TYPE',
      'found the boolean true; expected text; put it in quotes: "true".',
    ],
    ['steps: text', `${head}steps: none\n`, 'WRONG_TYPE', 'found the text "none"; expected a list.'],
    ['a step that is text', `${head}steps: [load]\n`, 'WRONG_TYPE', 'expected a map of keys and values.'],
    ['environments: []', top('environments: []'), 'WRONG_TYPE', 'found a list; expected a map'],
    ['input_schema: text', top('input_schema: some'), 'WRONG_TYPE', 'found the text "some"; expected a map'],
    [
      'timeout_seconds: 0',
      step('timeout_seconds: 0'),
      'OUT_OF_RANGE',
      'found the number 0; expected a whole number from 1 to 4294967295.',
    ],
    ['timeout_seconds: soon', step('timeout_seconds: soon'), 'WRONG_TYPE', 'expected a whole number'],
    ['max_attempts: 101', step('retry: { max_attempts: 101 }'), 'OUT_OF_RANGE', 'from 0 to 100'],
    ['max_attempts: 1.5', step('retry: { max_attempts: 1.5 }'), 'OUT_OF_RANGE', 'found the number 1.5'],
    ['backoff_base_ms: 99', step('retry: { backoff_base_ms: 99 }'), 'OUT_OF_RANGE', 'from 100 to 3600000'],
    ['retryable: maybe', step('retry: { retryable: maybe }'), 'WRONG_TYPE', 'expected true or false.'],
    [
      'backoff: exponental',
      step('retry: { backoff: exponental }'),
      'OUT_OF_RANGE',
      'exponential, fibonacci. Did you mean "exponential"?',
    ],
    ['type: 3', step('type: 3'), 'WRONG_TYPE', 'found the number 3; expected one of standard, decision'],
    ['an event without a dot', step('publishes_events: [{ name: loaded }]'), 'OUT_OF_RANGE', 'joined by dots'],
    ['an odd publisher', step('publishes_events: [{ name: a.b, publisher: "a b" }]'), 'OUT_OF_RANGE', 'an identifier'],
    [
      'a number JSON has not',
      step('composition: { ratio: .nan }'),
      'NOT_STORABLE',
      'steps[0].composition.ratio: the value, at $.ratio: found NaN',
    ],
    ['too deep a value', step('composition: [[[[[[[[[[[1]]]]]]]]]]]'), 'NOT_STORABLE', 'at most 10'],
    ['too deep a whole', step('composition: [[[[[[[[1]]]]]]]]'), 'NOT_STORABLE', 'at most 10'],
    [
      'a long text',
      head + oneStep.replace('load }', `${'x'.repeat(501)} }`),
      'OUT_OF_RANGE',
      'found 501 characters; expected 1 to 500.',
    ],
  ])('%s', (_, text, code, message) => {
    expect(problemsOf(text)).toEqual([expect.stringMatching(`^${code} `)]);
    expect(messageOf(text)).toContain(message);
  });

  it('is cut when it is long', () => {
    expect(messageOf(step(`timeout_seconds: ${'x'.repeat(80)}`))).toContain(`found the text "${'x'.repeat(60)}…"`);
  });

  it('of another type than YAML has is named', () => {
    expect(thrownBy(() => validateTemplate({ name: () => 1 }, 'built'))).toMatchObject({
      message: expect.stringContaining('built: name: found a function; expected text.') as unknown,
    });
  });
});

describe('the steps', () => {
  const steps = (...lines: readonly string[]) =>
    `${head}steps:\n${lines.map((line) => `  - { handler: { callable: c }, ${line} }\n`).join('')}`;

  it.each([
    ['none', `${head}steps: []\n`, ['EMPTY_STEPS 4:8 steps']],
    ['no list of them', head, ['EMPTY_STEPS 1:1 steps']],
    ['two of one name', steps('name: a', 'name: b', 'name: a'), ['DUPLICATE_STEP 7:39 steps.2.name']],
    ['an unknown dependency', steps('name: load', 'name: b, dependencies: [laod]'), ['UNKNOWN_STEP 6:57 steps.1.dependencies.0']],
    ['under the other name', steps('name: load', 'name: b, depends_on: [laod]'), ['UNKNOWN_STEP 6:55 steps.1.dependencies.0']],
    [
      'a dependency twice',
      steps('name: a', 'name: b, dependencies: [a, a]'),
      ['DUPLICATE_DEPENDENCY 6:60 steps.1.dependencies.1'],
    ],
    ['a step that waits for itself', steps('name: a, dependencies: [a]'), ['DEPENDENCY_CYCLE 5:56 steps.0.dependencies']],
    ['a circle', steps('name: a, depends_on: [b]', 'name: b, depends_on: [a]'), ['DEPENDENCY_CYCLE 5:54 steps.0.dependencies']],
    ['a decision on nothing', steps('name: a, type: decision'), ['DECISION_WITHOUT_DEPENDENCY 5:48 steps.0.type']],
  ])('%s', (_, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  it('that run in a circle are named, and so is what a name might mean', () => {
    expect(messageOf(steps('name: a, depends_on: [b]', 'name: b, depends_on: [a]'))).toContain('in a circle: a → b → a (each');
    expect(messageOf(steps('name: load', 'name: b, dependencies: [laod]'))).toContain(
      'found the dependency "laod", which is no step of this template; expected one of load. Did you mean "load"?',
    );
    const many = Array.from({ length: 15 }, (_, i) => `name: step${i}`);
    expect(messageOf(steps(...many, 'name: last, dependencies: [x]'))).toContain('step10, step11 and 3 more.');
  });

  it('are checked beside whatever else is wrong, and all problems come in the order of the text', () => {
    const text = `name: weather
namespace_name: 9bad
version: 1.0
steps:
  - name: load
    handler: { callable: load }
    depends_on: [report, 7]
  - name: report
    handler: { callabel: report }
    dependencies: [laod, load]
  - name: 8
    handler: { callable: x }
  - name: 8
    handler: { callable: x }
colour: red
`;
    expect(problemsOf(text)).toEqual([
      'OUT_OF_RANGE 2:17 namespace_name',
      'WRONG_TYPE 3:10 version',
      'DEPENDENCY_CYCLE 7:17 steps.0.dependencies',
      'WRONG_TYPE 7:26 steps.0.depends_on.1',
      'MISSING_KEY 9:14 steps.1.handler.callable',
      'UNKNOWN_KEY 9:16 steps.1.handler.callabel',
      'UNKNOWN_STEP 10:20 steps.1.dependencies.0',
      'WRONG_TYPE 11:11 steps.2.name',
      'WRONG_TYPE 13:11 steps.3.name',
      'UNKNOWN_KEY 15:1 colour',
    ]);
    expect(messageOf(text)).toContain('(10 problems)');
  });

  it('behind an alias are found where the anchor stands', () => {
    const text = `${head}steps:\n  - &first { name: a, handler: { callable: 1 } }\n  - *first\n`;
    expect(problemsOf(text)).toEqual(
      [
        'WRONG_TYPE 5:44 steps.0.handler.callable',
        'WRONG_TYPE 5:44 steps.1.handler.callable',
        'DUPLICATE_STEP 5:20 steps.1.name',
      ].toSorted(byPlace),
    );
  });

  function byPlace(a: string, b: string): number {
    const column = (text: string) => Number(text.split(/[ :]/)[2]);
    return column(a) - column(b);
  }
});

describe('a template built as an object', () => {
  it('has problems with a path and no line', () => {
    const error = thrownBy(() =>
      validateTemplate({ name: 'a', namespace_name: 'n', version: '1.0.0', steps: [{ name: 's' }] }, 'my template'),
    );
    expect(error.message).toBe(
      'my template is not a valid task template (1 problem).\nmy template: steps[0].handler: the key "handler" is missing here; add it.',
    );
    expect(error.details['problems']).toEqual([
      { code: 'MISSING_KEY', message: 'the key "handler" is missing here; add it.', path: ['steps', 0, 'handler'] },
    ]);
  });

  it.each([[null], [undefined], ['text'], [[]]])('cannot be %o', (value) => {
    expect(thrownBy(() => validateTemplate(value, 'x')).message).toContain('expected a map of keys and values.');
  });

  it('cannot contain itself', () => {
    const initialization: Record<string, unknown> = {};
    initialization['self'] = initialization;
    const template = {
      name: 'a',
      namespace_name: 'n',
      version: '1.0.0',
      steps: [{ name: 's', handler: { callable: 'c', initialization } }],
    };
    expect(thrownBy(() => validateTemplate(template, 'x')).message).toContain(
      'steps[0].handler.initialization.self: the value, at $.self: found a reference back',
    );
  });

  it('lets other errors through', () => {
    const composition = {
      get broken(): never {
        throw new RangeError('own');
      },
    };
    const template = {
      name: 'a',
      namespace_name: 'n',
      version: '1.0.0',
      steps: [{ name: 's', handler: { callable: 'c' }, composition }],
    };
    expect(() => validateTemplate(template, 'x')).toThrow(new RangeError('own'));
  });
});

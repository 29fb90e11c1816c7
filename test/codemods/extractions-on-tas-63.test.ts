// The extractions the plan asks for on the legacy system: the texts they give, and equal effects before and after.
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { collapseDataClump } from '../../codemods/collapse-data-clump.ts';
import { extractFunction } from '../../codemods/extract-function.ts';
import { type Operation, use } from '../../codemods/kernel/codemod.ts';
import type { DiagnosticBaseline } from '../../codemods/kernel/diagnostics.ts';
import { proposalOf, runOperation } from '../../codemods/kernel/run-operation.ts';
import { Workspace } from '../../codemods/kernel/workspace.ts';
import { splitFunctionalCore } from '../../codemods/split-functional-core.ts';
import { loadProgram } from './run-program.ts';
import { untouchedOrchestration } from '../helpers/tas-63-workspace.ts';

const root = join(import.meta.dirname, '../../fixtures/tas-63/before/packages/orchestration');
const folder = 'src/orchestration';
const actor = `${folder}/actors/command-processor-actor.ts`;
const discovery = `${folder}/viable-step-discovery.ts`;
const builder = `${folder}/step-request-builder.ts`;
const evaluator = `${folder}/health/health-check-evaluator.ts`;
const build = 'ViableStepDiscovery.buildStepExecutionRequests';

const operations: readonly Operation[] = [
  use(splitFunctionalCore, {
    file: actor,
    in: 'CommandHandler.handleHealthCheck',
    name: 'evaluateHealthStatus',
    parts: [{ first: 'const healthEvaluated', last: 'return {' }],
    to: evaluator,
    parameters: {
      database: 'database',
      channel: 'channel',
      queues: 'queues',
      backpressure: 'backpressure',
      actorCount: 'this.actors.actorCount()',
    },
  }),
  use(extractFunction, {
    file: discovery,
    in: build,
    name: 'filterByDependencySatisfaction',
    expression: 'viableSteps.filter((step) => step.dependenciesSatisfied)',
    to: `${folder}/lifecycle/dependency-filter.ts`,
    parameters: { steps: 'viableSteps' },
    difference: { name: 'removedCount', value: 'kept', comparison: 'viableStepsFiltered.length !== viableSteps.length' },
  }),
  use(extractFunction, {
    file: discovery,
    in: build,
    name: 'resolveStepTemplate',
    as: 'function',
    first: 'const stepTemplate',
    last: 'if (stepTemplate === undefined)',
    to: builder,
  }),
  use(collapseDataClump, {
    file: builder,
    function: 'resolveStepTemplate',
    parameters: ['namespaceName', 'taskName', 'taskVersion'],
    as: 'taskLabel',
  }),
  use(splitFunctionalCore, {
    file: discovery,
    in: build,
    name: 'buildSingleStepRequest',
    parts: [
      { first: 'const handlerClass', last: "if (typeof configuredTimeoutMs === 'number'" },
      { expression: '{ stepUuid: step.stepUuid, taskUuid,' },
    ],
    to: builder,
    parameters: {
      step: 'step',
      taskUuid: 'taskUuid',
      taskContext: 'task.context',
      stepTemplate: 'stepTemplate',
      previousResults: 'previousResults',
      now: 'this.clock.now()',
    },
  }),
];

let before: Workspace;
let workspace: Workspace;
let baseline: DiagnosticBaseline;

beforeAll(() => {
  before = Workspace.load([join(root, 'tsconfig.json')], root);
  ({ workspace, baseline } = untouchedOrchestration());
  for (const operation of operations) runOperation(workspace, operation, { baseline });
}, 120_000);

const textOf = (path: string): string => workspace.textOf(path) ?? '';

describe('the result', () => {
  it('judges the health in a pure function of four statuses and a count, read behind the four waits', () => {
    expect(textOf(actor)).toMatch(
      /getDatabaseStatus\(\);\n.*getChannelStatus\(\);\n.*getQueueStatus\(\);\n.*getBackpressure\(\);\n\n    return evaluateHealthStatus\(database, channel, queues, backpressure, this\.actors\.actorCount\(\)\);\n/,
    );
    expect(textOf(actor)).not.toContain('DEGRADING_TIERS');
    expect(textOf(evaluator)).toContain('const DEGRADING_TIERS: readonly QueueDepthTier[]');
    expect(textOf(evaluator)).not.toMatch(/\bthis\b|\basync\b|\bexport const\b/);
  });

  it('leaves the logs and the early return of the filter with the caller', () => {
    expect(textOf(discovery)).toContain(
      'const { kept: viableStepsFiltered, removedCount } = filterByDependencySatisfaction(viableSteps);\n\n    if (removedCount !== 0) {\n      this.log.warn(',
    );
  });

  it('looks the template up before the wait and builds the request behind it', () => {
    const loop = textOf(discovery).slice(textOf(discovery).indexOf('for (const step of viableStepsFiltered)'));
    const order = [
      'building the request',
      'resolveStepTemplate(',
      'defined in the template',
      'await this.loadStepDependencies',
      'earlier steps are loaded',
      'buildSingleStepRequest(',
    ];
    const places = order.map((text) => loop.indexOf(text));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(loop).toContain('resolveStepTemplate(template, step, `${namespaceName}/${taskName}/${taskVersion}`, this.ids);');
  });

  it('proposes nothing when it is asked again', () => {
    expect(operations.map((operation) => proposalOf(workspace, operation).isEmpty)).toEqual(operations.map(() => true));
  });

  it('is not reached by moving the lookup over the wait, as the real refactor did', () => {
    const moved = use(splitFunctionalCore, {
      file: discovery,
      in: build,
      name: 'buildSingleStepRequest',
      parts: [
        { first: 'const stepTemplate', last: 'if (stepTemplate === undefined)' },
        { expression: '{ stepUuid: step.stepUuid, taskUuid,' },
      ],
      to: builder,
      parameters: { now: 'this.clock.now()' },
    });
    expect(() => proposalOf(before, moved)).toThrow(expect.objectContaining({ code: expect.stringMatching(/^REFIT_CORE_/) }));
  });
});

type Load = (path: string) => Readonly<Record<string, unknown>>;
const loadBefore: Load = (path) => loadProgram((each) => before.textOf(each), before.absolute(path), {});
const loadAfter: Load = (path) => loadProgram((each) => workspace.textOf(each), workspace.absolute(path), {});

/** A class as its test sees it: built from stand-ins, called by name. */
type Class = new (...args: readonly unknown[]) => Readonly<Record<string, (...args: readonly unknown[]) => Promise<unknown>>>;

function product<T>(lists: readonly (readonly T[])[]): readonly (readonly T[])[] {
  return lists.reduce<readonly (readonly T[])[]>((rows, list) => rows.flatMap((row) => list.map((each) => [...row, each])), [[]]);
}

describe('the health of all 320 combinations', () => {
  const flags: readonly unknown[] = [true, false];
  const tiers: readonly unknown[] = ['Unknown', 'Normal', 'Warning', 'Critical', 'Overflow'];
  const rows = product([flags, flags, flags, flags, flags, tiers, flags]);

  /** `handleHealthCheck` on an object that has the two fields it uses, with what it calls in order. */
  async function health(load: Load, row: readonly unknown[]): Promise<unknown> {
    const [dbEvaluated, isConnected, circuitBreakerOpen, evaluated, isSaturated, tier, active] = row;
    const calls: string[] = [];
    const answer =
      <T>(name: string, value: T): (() => T) =>
      () => {
        calls.push(name);
        return value;
      };
    const { prototype } = load(actor)['CommandHandler'] as { prototype: { handleHealthCheck: () => Promise<unknown> } };
    const subject = {
      healthCaches: {
        getDatabaseStatus: answer('database', {
          evaluated: dbEvaluated,
          isConnected,
          circuitBreakerOpen,
          circuitBreakerFailures: 3,
        }),
        getChannelStatus: answer('channel', { evaluated, isSaturated, commandChannelSaturationPercent: 42 }),
        getQueueStatus: answer('queues', { tier, maxDepth: 9, worstQueue: 'q' }),
        getBackpressure: answer('backpressure', { active, reason: 'r' }),
      },
      actors: { actorCount: answer('count', 4) },
    };
    const value = await prototype.handleHealthCheck.call(subject);
    return JSON.stringify({ value, calls });
  }

  it('is what the legacy method says, with the same calls in the same order', async () => {
    expect(rows).toHaveLength(320);
    const [old, now] = [await loadOnce(loadBefore), await loadOnce(loadAfter)];
    for (const row of rows) expect(await health(now, row)).toBe(await health(old, row));
  });
});

/** The module and what it imports are compiled once. */
async function loadOnce(load: Load): Promise<Load> {
  const loaded = await Promise.resolve(load(actor));
  return () => loaded;
}

interface Scenario {
  readonly title: string;
  readonly steps: readonly object[];
  readonly definitions: readonly object[];
  readonly context: object | null;
  readonly failing?: string;
}

function step(name: string, dependenciesSatisfied = true): object {
  return { stepUuid: `uuid-${name}`, taskUuid: 'task', name, dependenciesSatisfied, attempts: 4_294_967_295, maxAttempts: 3 };
}

function definition(name: string, timeout: unknown, timeout_seconds?: number): object {
  const initialization = timeout === undefined ? { a: 1 } : { timeout_ms: timeout };
  return {
    name,
    handler: { callable: `${name}Handler`, initialization },
    ...(timeout_seconds === undefined ? {} : { timeout_seconds }),
  };
}

const timeouts: readonly unknown[] = [0, 60_000, -1, 1.5, '10', null, undefined];

const scenarios: readonly Scenario[] = [
  { title: 'no steps', steps: [], definitions: [], context: null },
  { title: 'open dependencies only', steps: [step('a', false)], definitions: [definition('a', 1)], context: {} },
  {
    title: 'some open dependencies',
    steps: [step('a'), step('b', false), step('c')],
    definitions: [definition('a', 1), definition('c', 2)],
    context: { k: 1 },
  },
  { title: 'a step without template', steps: [step('a'), step('b')], definitions: [definition('a', 1)], context: null },
  {
    title: 'no template and no database',
    steps: [step('b')],
    definitions: [definition('a', 1)],
    context: null,
    failing: 'transitiveDependencies',
  },
  {
    title: 'no results of earlier steps',
    steps: [step('a')],
    definitions: [definition('a', 1)],
    context: null,
    failing: 'transitiveDependencies',
  },
  {
    title: 'two definitions of a name',
    steps: [step('a')],
    definitions: [definition('a', 1), definition('a', 2)],
    context: null,
  },
  ...timeouts.flatMap((timeout): readonly Scenario[] => [
    { title: `timeout ${JSON.stringify(timeout)}`, steps: [step('a')], definitions: [definition('a', timeout)], context: null },
    {
      title: `timeout ${JSON.stringify(timeout)}, 7 seconds`,
      steps: [step('a')],
      definitions: [definition('a', timeout, 7)],
      context: null,
    },
  ]),
];

describe('the requests of steps', () => {
  /** Everything the method does to its surroundings, in order, and how it ends. */
  async function effects(load: Load, scenario: Scenario): Promise<readonly string[]> {
    const trace: string[] = [];
    const record =
      (name: string, value?: unknown) =>
      (...args: readonly unknown[]): unknown => {
        trace.push(`${name} ${JSON.stringify(args)}`);
        if (name === scenario.failing) throw new Error('database is down');
        return value;
      };
    const named = { name: 'ship', version: '1', namespaceUuid: 'n', configuration: { steps: scenario.definitions } };
    const database = {
      findTask: record('findTask', { taskUuid: 'task', namedTaskUuid: 'named', context: scenario.context }),
      findNamedTask: record('findNamedTask', named),
      findNamespace: record('findNamespace', { name: 'shop' }),
      transitiveDependencies: record('transitiveDependencies', [
        { stepName: 'before', results: { n: 1 } },
        { stepName: 'none', results: null },
      ]),
    };
    const log = { debug: record('debug'), info: record('info'), warn: record('warn'), error: record('error') };
    let ticks = 0;
    const clock = { now: () => record('now')() ?? new Date((ticks += 1)) };
    const ids = { uuid: () => record('uuid')() ?? 'id' };
    const subject = new (load(discovery)['ViableStepDiscovery'] as Class)(database, {}, log, clock, ids);
    try {
      trace.push(JSON.stringify(await subject['buildStepExecutionRequests']?.('task', scenario.steps, new Map())));
    } catch (error) {
      trace.push(String(error));
    }
    return trace;
  }

  it.each(scenarios)('have the same effects in the same order: $title', async (scenario) => {
    const old = await effects(loadBefore, scenario);
    expect(await effects(loadAfter, scenario)).toEqual(old);
    expect(old.length).toBeGreaterThan(0);
  });
});

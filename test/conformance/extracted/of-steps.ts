// What left step discovery and the step enqueuer: dependency filter, request builder and limits, against the classes they were part of.
import fc from 'fast-check';
import type { Subject } from '../../../codemods/proof/subject-loader.ts';
import { agreement } from './agreement.ts';
import type { ModuleProperty } from './agreement.ts';
import { NOW_MS, surroundings } from './stand-ins.ts';
import type { Surroundings } from './stand-ins.ts';

const filterPath = 'src/orchestration/dependency-filter.ts';
const builderPath = 'src/orchestration/step-request-builder.ts';
const limitsPath = 'src/orchestration/lifecycle/step-enqueuer-types.ts';

interface Discovery {
  buildStepExecutionRequests(
    taskUuid: string,
    steps: readonly object[],
    registry: object,
  ): Promise<readonly { stepUuid: string }[]>;
}

interface Stored {
  readonly configuration: unknown;
  readonly context: object | null;
  readonly results: Readonly<Record<string, unknown>>;
}

/** The legacy discovery over a database that has one task. */
function discoveryOf(before: Subject, around: Surroundings, { configuration, context, results }: Stored): Discovery {
  const { ViableStepDiscovery } = before.load('src/orchestration/viable-step-discovery.ts') as unknown as {
    ViableStepDiscovery: new (...given: readonly unknown[]) => Discovery;
  };
  const database = {
    findTask: async () => ({ namedTaskUuid: 'named-1', context }),
    findNamedTask: async () => ({ name: 'order', version: '1', namespaceUuid: 'namespace-1', configuration }),
    findNamespace: async () => ({ name: 'shop' }),
    transitiveDependencies: async () => Object.entries(results).map(([stepName, each]) => ({ stepName, results: each })),
  };
  return new ViableStepDiscovery(database, {}, around.log, around.clock, around.ids);
}

const names = ['charge', 'ship', 'notify'];
const name = fc.constantFrom(...names);
const viable = fc.record({
  stepUuid: fc.uuid(),
  name,
  dependenciesSatisfied: fc.boolean(),
  attempts: fc.oneof(fc.nat({ max: 9 }), fc.constantFrom(2 ** 31, 2 ** 32 + 1, -1)),
  maxAttempts: fc.oneof(fc.nat({ max: 9 }), fc.constantFrom(2 ** 31, 2 ** 32 + 1)),
});

const all = { steps: names.map((each) => ({ name: each, handler: { callable: 'a' } })) };

const filter = agreement({
  module: filterPath,
  what: 'keeps the steps that discovery kept, in their order, and counts the others',
  input: fc.array(viable, { maxLength: 6 }),
  async legacy(before, steps) {
    const around = surroundings();
    const requests = await discoveryOf(before, around, {
      configuration: all,
      context: null,
      results: {},
    }).buildStepExecutionRequests('task-1', steps, new Map());
    const [, , fields] = around.told.find(([, text]) => text === 'steps with open dependencies were left out') ?? [];
    const { original, filtered } = (fields ?? { original: 0, filtered: 0 }) as {
      readonly original: number;
      readonly filtered: number;
    };
    return { kept: requests.map(({ stepUuid }) => stepUuid), removedCount: original - filtered };
  },
  extracted(after, steps) {
    type Filtered = { readonly kept: readonly { readonly stepUuid: string }[]; readonly removedCount: number };
    const { filterByDependencySatisfaction } = after.load(filterPath) as unknown as {
      filterByDependencySatisfaction(given: readonly object[]): Filtered;
    };
    const { kept, removedCount } = filterByDependencySatisfaction(steps);
    return { kept: kept.map(({ stepUuid }) => stepUuid), removedCount };
  },
  wrong: [
    { from: '=> step.dependenciesSatisfied', to: '=> !step.dependenciesSatisfied' },
    { from: 'steps.length - kept.length', to: 'kept.length' },
  ],
});

const definition = fc.record(
  {
    name,
    handler: fc.record({
      callable: fc.constantFrom('Payments.charge', 'Mail.send'),
      initialization: fc.oneof(
        fc.record(
          { timeout_ms: fc.constantFrom<unknown>(0, 250, -1, 1.5, '250', null, 1e300), currency: fc.string() },
          { requiredKeys: [] },
        ),
        fc.constant({}),
      ),
    }),
    timeout_seconds: fc.constantFrom(0, 9, 3600),
  },
  { requiredKeys: ['name', 'handler'] },
);

interface Builder {
  resolveStepTemplate(...given: readonly unknown[]): { readonly handler: { readonly initialization: object } };
  buildSingleStepRequest(...given: readonly unknown[]): { readonly handlerConfig: object };
}

const builder = agreement({
  module: builderPath,
  what: 'takes the definition and builds the request that discovery built, or fails as it did',
  input: fc.record({
    steps: fc.array(definition, { minLength: 1, maxLength: 4 }),
    step: viable.map((each) => ({ ...each, dependenciesSatisfied: true })),
    context: fc.option(fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 2, noNullPrototype: true })),
    results: fc.dictionary(name, fc.constantFrom<unknown>(0, '', { a: 1 }), { maxKeys: 3, noNullPrototype: true }),
  }),
  async legacy(before, { steps, step, context, results }) {
    const stored: Stored = { configuration: { steps }, context, results };
    const [request] = await discoveryOf(before, surroundings(), stored).buildStepExecutionRequests('task-1', [step], new Map());
    return { request, isCopy: true };
  },
  extracted(after, { steps, step, context, results }) {
    const { resolveStepTemplate, buildSingleStepRequest } = after.load(builderPath) as unknown as Builder;
    const { parseTaskTemplate } = after.load('src/orchestration/task-template.ts') as unknown as {
      parseTaskTemplate(configuration: object): object;
    };
    const { ids } = surroundings();
    const found = resolveStepTemplate(parseTaskTemplate({ steps }), step, 'shop/order/1', ids);
    const request = buildSingleStepRequest(step, 'task-1', context, found, results, new Date(NOW_MS));
    return { request, isCopy: request.handlerConfig !== found.handler.initialization };
  },
  wrong: [
    { from: 'template.steps.find(', to: 'template.steps.findLast(' },
    { from: 'configuredTimeoutMs >= 0', to: 'configuredTimeoutMs > 0' },
    { from: 'step.attempts | 0', to: 'step.attempts' },
    { from: 'timeoutSeconds * 1000', to: 'timeoutSeconds' },
    { from: '{ ...stepTemplate.handler.initialization }', to: 'stepTemplate.handler.initialization' },
  ],
});

const limits = agreement({
  module: limitsPath,
  what: 'gives the enqueuer the limits it had, whichever of them are set',
  input: fc.record(
    { maxStepsPerTask: fc.nat(), enqueueDelaySeconds: fc.nat(), enqueueTimeoutSeconds: fc.nat(), tasksPerBatch: fc.nat() },
    { requiredKeys: [] },
  ),
  legacy(before, given) {
    const { StepEnqueuer } = before.load('src/orchestration/lifecycle/step-enqueuer.ts') as unknown as {
      StepEnqueuer: new (...all: readonly unknown[]) => { readonly config: object };
    };
    return { ...new StepEnqueuer({ ...surroundings(), config: {}, database: {} }, given).config };
  },
  extracted(after, given) {
    const { DEFAULT_STEP_ENQUEUER_CONFIG } = after.load(limitsPath) as unknown as { DEFAULT_STEP_ENQUEUER_CONFIG: object };
    return { ...DEFAULT_STEP_ENQUEUER_CONFIG, ...given };
  },
  wrong: [
    { from: 'maxStepsPerTask: 100', to: 'maxStepsPerTask: 101' },
    { from: 'tasksPerBatch: 20', to: 'tasksPerBatch: 0' },
  ],
});

export const ofSteps: readonly ModuleProperty[] = [filter, builder, limits];

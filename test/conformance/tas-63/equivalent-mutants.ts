// Mutants that no scenario can notice, each with the reason: they change nothing that anybody outside can see.

export interface EquivalentMutant {
  readonly subject: string;
  readonly path: string;
  /** What the mutator does, as in its list of kinds. */
  readonly kind: string;
  /** The source line, trimmed. */
  readonly line: string;
  readonly reason: string;
}

const discovery = 'src/orchestration/viable-step-discovery.ts';
const enqueuer = 'src/orchestration/lifecycle/step-enqueuer.ts';
const commandProcessor = 'src/orchestration/actors/command-processor-actor.ts';
const stateManager = 'src/orchestration/state-manager.ts';
const eventSystem = 'src/orchestration/event-systems/orchestration-event-system.ts';
const declaredUndefined = 'the field is declared without a value, so it is undefined already';
const halfIsFull = 'Math.min(1, …) makes one of every latency score from 1 up';
const deadField = 'the field is read only by members that no caller of the system reaches';
const onlyText = "its callers put the error's text into records and warnings; nobody reads the code";
const noTransition = 'with its constant target transitionTaskState takes the machine from the cache and returns';

export const equivalentMutants: readonly EquivalentMutant[] = [
  {
    subject: 'start',
    path: eventSystem,
    kind: 'drop statement',
    line: 'this.queueListener = undefined;',
    reason: declaredUndefined,
  },
  {
    subject: 'start',
    path: eventSystem,
    kind: 'drop statement',
    line: 'this.fallbackPoller = undefined;',
    reason: declaredUndefined,
  },
  {
    subject: 'start',
    path: eventSystem,
    kind: 'drop statement',
    line: 'this.startedAtMs = undefined;',
    reason: declaredUndefined,
  },
  {
    subject: 'start',
    path: eventSystem,
    kind: 'drop statement',
    line: 'this.orchestrationCore = orchestrationCore;',
    reason: 'nothing reads the core: the field only keeps it alive',
  },
  {
    subject: 'statistics',
    path: eventSystem,
    kind: 'never',
    line: 'if (this.processingLatenciesMs.length === 0) {',
    reason: 'an empty list has the sum zero, for which the rate is 0 two statements later',
  },
  {
    subject: 'statistics',
    path: eventSystem,
    kind: 'other number',
    line: 'let latencyScore = 1;',
    reason: halfIsFull,
  },
  {
    subject: 'statistics',
    path: eventSystem,
    kind: 'always',
    line: 'if (averageLatency > 0) {',
    reason: 'an average of zero leads to Infinity, which Math.min(1, …) makes the same 1',
  },
  {
    subject: 'statistics',
    path: eventSystem,
    kind: 'other operator',
    line: 'if (averageLatency > 0) {',
    reason: 'an average of zero leads to Infinity, which Math.min(1, …) makes the same 1',
  },
  {
    subject: 'statistics',
    path: eventSystem,
    kind: 'other number',
    line: 'if (averageLatency > 0) {',
    reason: 'an average up to 1 ms leads to a latency score of 100 and more, which Math.min(1, …) makes the same 1',
  },
  {
    subject: 'discovery',
    path: discovery,
    kind: 'always',
    line: 'if (maxSteps !== undefined) {',
    reason: 'slice(0, undefined) takes all steps',
  },
  {
    subject: 'readiness-summary',
    path: discovery,
    kind: 'other number',
    line: 'progressPercentage = Math.min(Math.trunc((completeSteps / totalSteps) * 100), 255);',
    reason: 'complete steps are some of all steps, so the percentage never passes 100',
  },
  {
    subject: 'step-marking',
    path: stateManager,
    kind: 'drop statement',
    line: 'this.sqlExecutor = new SqlExecutor(context.database);',
    reason: deadField,
  },
  {
    subject: 'step-marking',
    path: stateManager,
    kind: 'drop statement',
    line: 'this.eventPublisher = context.eventPublisher;',
    reason: deadField,
  },
  {
    subject: 'step-marking',
    path: stateManager,
    kind: 'drop statement',
    line: "await this.transitionTaskState(taskUuid, 'StepsInProcess');",
    reason: noTransition,
  },
  {
    subject: 'step-marking',
    path: stateManager,
    kind: 'empty text',
    line: "await this.transitionTaskState(taskUuid, 'StepsInProcess');",
    reason: noTransition,
  },
  {
    subject: 'step-marking',
    path: enqueuer,
    kind: 'empty text',
    line: "'StateTransition',",
    reason: onlyText,
  },
  {
    subject: 'step-marking',
    path: enqueuer,
    kind: 'empty text',
    line: "'Messaging',",
    reason: onlyText,
  },
  {
    subject: 'step-marking',
    path: stateManager,
    kind: 'empty text',
    line: "'InvalidTaskState',",
    reason: onlyText,
  },
  {
    subject: 'step-marking',
    path: stateManager,
    kind: 'empty text',
    line: "'InvalidStepState',",
    reason: onlyText,
  },
  {
    subject: 'step-marking',
    path: stateManager,
    kind: 'empty text',
    line: "throw new OrchestrationError('StateTransitionFailed', stateTransitionFailure('WorkflowStep', stepUuid, describeError(error)));",
    reason: onlyText,
  },
  {
    subject: 'state-initializer',
    path: stateManager,
    kind: 'empty text',
    line: "'InvalidStepState',",
    reason: onlyText,
  },
  {
    subject: 'message-handlers',
    path: commandProcessor,
    kind: 'drop field',
    line: 'outcome = { ok: false, error: toTaskerError(error) };',
    reason: 'the outcome does not leave the handler, which only asks whether ok is truthy',
  },
  {
    subject: 'router',
    path: commandProcessor,
    kind: 'drop statement',
    line: 'this.context = context;',
    reason: 'nothing reads the context of the handler',
  },
  {
    subject: 'router',
    path: commandProcessor,
    kind: 'drop field',
    line: 'if (!command.resp.send({ ok: true, value: undefined })) {',
    reason: 'a field that is not there is read as undefined, too',
  },
];

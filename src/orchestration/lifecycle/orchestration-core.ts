// The acts of the orchestrator on store and provider: load, decide, save in one transaction, then announce (spec 6.2, 6.8–6.11).
import { TaskerError, toTaskerError } from '../../domain/errors.ts';
import type { Settled } from '../../domain/json.ts';
import type { Clock, Logger, Random } from '../../domain/ports.ts';
import { isTerminalTaskState } from '../../domain/states.ts';
import { unsupportedStepTypes } from '../../domain/template/unsupported-step-types.ts';
import type { TaskTemplate } from '../../domain/template/task-template.ts';
import type { TaskDecision, TaskView } from '../../domain/task-view.ts';
import type { MessagingProvider } from '../../messaging/provider.ts';
import { workerQueue } from '../../messaging/queue-names.ts';
import { announceOutcomes, isOutcome } from '../../messaging/task-outcomes.ts';
import { createTemplateCache } from '../../store/template-cache.ts';
import type { TemplateCache } from '../../store/template-cache.ts';
import type {
  DecisionResult,
  NewTask,
  OrchestrationStore,
  RegisteredTemplate,
  SentMessages,
  TemplateStore,
} from '../../store/store.ts';
import type {
  CommandHandlers,
  StepMessage,
  StepProcessResult,
  TaskFinalizationResult,
  TaskInitializeResult,
  TaskRequest,
} from '../commands/commands.ts';
import { executeBatch } from '../commands/execute-batch.ts';
import { MESSAGE_NOT_FOUND } from '../commands/message-event-resolver.ts';
import { decideTask } from './decide-task.ts';
import { decideCancel, decideStepAction } from './operator-actions.ts';
import type { StepAction } from './operator-actions.ts';
import { initializeTask } from './state-initializer.ts';
import type { InitializerPorts } from './state-initializer.ts';

export interface OrchestrationPorts extends InitializerPorts {
  readonly store: OrchestrationStore & TemplateStore;
  readonly provider: MessagingProvider;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** A step will be ready again at this moment (ms since the epoch): the sweep should not be later. */
  readonly onRetryPlanned: (atMs: number) => void;
}

/** A task that was created, or the one that already had its identity. */
export interface InitializedTask {
  readonly taskUuid: string;
  readonly created: boolean;
}

export interface OrchestrationCore extends CommandHandlers {
  /** Makes the template known and creates its namespace's queue. Throws TEMPLATE_UNSUPPORTED for step types this version does not run. */
  registerTemplate(template: TaskTemplate): Promise<RegisteredTemplate>;
  /**
   * Like `initializeTasks`, but tells a duplicate from a new task. With `template` all requests are tasks of that very row;
   * without it, of the text registered last under their names (one more round trip).
   */
  submitTasks(
    requests: readonly TaskRequest[],
    template?: RegisteredTemplate,
  ): Promise<readonly Settled<InitializedTask, TaskerError>[]>;
  /** Looks at the tasks and does what can be done now; used by the sweep. Unknown uuids are passed over. */
  reevaluate(taskUuids: readonly string[]): Promise<readonly TaskDecision[]>;
  /** Throws TASK_NOT_FOUND, TERMINAL_STATE. */
  cancelTask(taskUuid: string, by: { readonly reason: string; readonly by: string }): Promise<TaskDecision>;
  /** Throws TASK_NOT_FOUND, STEP_NOT_IN_TASK, INVALID_TRANSITION. */
  actOnStep(taskUuid: string, stepUuid: string, action: StepAction): Promise<TaskDecision>;
  /** Announces what a transaction has sent; for callers that use the store directly. */
  announce(sent: SentMessages): void;
}

export function createOrchestrationCore(ports: OrchestrationPorts): OrchestrationCore {
  const templates = createTemplateCache(ports.store);
  return {
    registerTemplate: (template) => registerTemplate(ports, templates, template),
    submitTasks: (requests, template) =>
      template === undefined ? submitTasks(ports, templates, requests) : submitTo(ports, template, requests),
    async initializeTasks(requests) {
      const settled = await submitTasks(ports, templates, requests);
      return settled.map((outcome) => (outcome.ok ? { ok: true, value: initializeResult(outcome.value) } : outcome));
    },
    processStepResults: (results) => processStepResults(ports, templates, results),
    ...(ports.provider.capabilities.sharesDatabase ? { takeStepResults: (ids) => takeStepResults(ports, templates, ids) } : {}),
    finalizeTasks: (taskUuids) => finalizeTasks(ports, templates, taskUuids),
    async reevaluate(taskUuids) {
      return (await decideAll(ports, templates, taskUuids)).decisions;
    },
    cancelTask: (taskUuid, by) => actOnTask(ports, taskUuid, (view) => decideCancel(view, { action: 'cancel', ...by })),
    actOnStep: (taskUuid, stepUuid, action) =>
      actOnTask(ports, taskUuid, (view) => decideStepAction(view, stepUuid, action, ports.clock.now())),
    announce: (sent) => announceSent(ports.provider, sent),
  };
}

async function registerTemplate(
  ports: OrchestrationPorts,
  templates: TemplateCache,
  template: TaskTemplate,
): Promise<RegisteredTemplate> {
  const unsupported = unsupportedStepTypes(template);
  if (unsupported.length > 0) {
    const listed = unsupported.map(({ name, type }) => `${name} (${type})`).join(', ');
    throw new TaskerError(
      'TEMPLATE_UNSUPPORTED',
      `template ${template.name} has steps of types this version cannot run: ${listed}. Use steps of type standard.`,
      { kind: 'input' },
    );
  }
  await ports.provider.ensureQueues([workerQueue(template.namespace_name)]);
  const registered = await ports.store.registerTemplate(template);
  templates.add(registered);
  return registered;
}

function initializeResult({ taskUuid, created }: InitializedTask): TaskInitializeResult {
  if (created) return { kind: 'Success', taskUuid, message: 'Task initialized successfully' };
  return { kind: 'Skipped', reason: `a task with this identity exists already: ${taskUuid}` };
}

function announceSent(provider: MessagingProvider, sent: SentMessages): void {
  for (const [queue, ids] of Object.entries(sent)) provider.announce(queue, ids);
}

async function submitTasks(ports: OrchestrationPorts, templates: TemplateCache, requests: readonly TaskRequest[]) {
  const groups = new Map<string, { readonly request: TaskRequest; readonly index: number }[]>();
  for (const [index, request] of requests.entries()) {
    const name = `${request.namespace}/${request.name}:${request.version}`;
    const group = groups.get(name) ?? [];
    groups.set(name, group);
    group.push({ request, index });
  }
  const outcomes: Settled<InitializedTask, TaskerError>[] = [];
  for (const [name, group] of groups) {
    const members = group.map(({ request }) => request);
    const settled = await submitGroup(ports, templates, name, members);
    for (const [at, { index }] of group.entries()) outcomes[index] = settled[at] ?? { ok: false, error: missingOutcome() };
  }
  return outcomes;
}

/** Never throws: what the groups before have committed must not be done again because this one fails. */
async function submitGroup(
  ports: OrchestrationPorts,
  templates: TemplateCache,
  name: string,
  requests: readonly TaskRequest[],
): Promise<readonly Settled<InitializedTask, TaskerError>[]> {
  try {
    return await submitNamed(ports, templates, name, requests);
  } catch (thrown) {
    const error = toTaskerError(thrown, 'STORE_FAILED');
    return requests.map(() => ({ ok: false, error }));
  }
}

async function submitNamed(ports: OrchestrationPorts, templates: TemplateCache, name: string, requests: readonly TaskRequest[]) {
  const first = requests[0];
  const uuid = first === undefined ? undefined : await ports.store.findTemplateUuid(first);
  if (uuid === undefined) {
    const error = new TaskerError(
      'TEMPLATE_NOT_FOUND',
      `Task template not found: ${name}. Templates must be registered first: run \`tasker run\` or \`tasker start\` with the template, or register it through the library.`,
      { kind: 'input' },
    );
    return requests.map(() => ({ ok: false, error }) as const);
  }
  return submitTo(ports, await templates.byUuid(uuid), requests);
}

async function submitTo(ports: OrchestrationPorts, template: RegisteredTemplate, requests: readonly TaskRequest[]) {
  const prepared = requests.map((request): Settled<ReturnType<typeof initializeTask>, TaskerError> => {
    try {
      return { ok: true, value: initializeTask(request, template.template, ports) };
    } catch (error) {
      return { ok: false, error: toTaskerError(error, 'TASK_REQUEST_INVALID', 'input') };
    }
  });
  const good = prepared.flatMap((entry) => (entry.ok ? [entry.value] : []));
  // The rows have their identities by now: run again one by one, they can only find what they made the first time.
  const created = (await executeBatch(good, (rows) => createRows(ports, template, rows))).values();
  return prepared.map((entry): Settled<InitializedTask, TaskerError> => {
    if (!entry.ok) return entry;
    const next = created.next();
    return next.done === true ? { ok: false, error: missingOutcome() } : next.value;
  });
}

async function createRows(ports: OrchestrationPorts, template: RegisteredTemplate, rows: readonly NewTask[]) {
  if (rows.length === 0) return [];
  const result = await ports.store.createTasks(template, rows);
  announceSent(ports.provider, result.sent);
  return result.tasks.map((value) => ({ ok: true, value }) as const);
}

function missingOutcome(): TaskerError {
  return new TaskerError('STORE_FAILED', 'the store answered with fewer tasks than were submitted.', { kind: 'infrastructure' });
}

/** One transaction for all tasks: their reported results are taken over, ready steps enqueued, finished tasks closed. */
async function decideAll(
  ports: OrchestrationPorts,
  templates: TemplateCache,
  taskUuids: readonly string[],
): Promise<DecisionResult> {
  const result = await ports.store.decideTasks(taskUuids, (views) => decideViews(ports, templates, views));
  announceDecisions(ports, result);
  return result;
}

async function decideViews(ports: OrchestrationPorts, templates: TemplateCache, views: readonly TaskView[]) {
  await loadTemplatesOfFailures(templates, views);
  const now = ports.clock.now();
  return views.map((view) =>
    decideTask(view, { now, random: ports.random, retryPolicyOf: (step) => retryPolicy(templates, view.namedTaskUuid, step) }),
  );
}

function announceDecisions(ports: OrchestrationPorts, result: DecisionResult): void {
  announceSent(ports.provider, result.sent);
  for (const step of result.decisions.flatMap((decision) => decision.steps)) {
    if (step.nextRetryAt !== undefined) ports.onRetryPlanned(step.nextRetryAt);
  }
  announceOutcomes(
    ports.provider,
    result.decisions.flatMap(({ task, taskUuid, state }) =>
      task !== undefined && isOutcome(state) ? [{ taskUuid, state }] : [],
    ),
  );
}

/** Only a failed step needs its template (for the backoff); the common case reads none. */
async function loadTemplatesOfFailures(templates: TemplateCache, views: readonly TaskView[]): Promise<void> {
  const needed = new Set(
    views
      .filter((view) => view.steps.some((step) => step.state === 'enqueued_as_error_for_orchestration'))
      .map((view) => view.namedTaskUuid),
  );
  await Promise.all([...needed].map((uuid) => templates.byUuid(uuid)));
}

function retryPolicy(templates: TemplateCache, namedTaskUuid: string, stepName: string) {
  return templates.peek(namedTaskUuid)?.template.steps.find((step) => step.name === stepName)?.retry;
}

async function processStepResults(ports: OrchestrationPorts, templates: TemplateCache, results: readonly StepMessage[]) {
  const { views } = await decideAll(ports, templates, [...new Set(results.map((result) => result.task_uuid))]);
  return resultsOf(views, results);
}

async function takeStepResults(ports: OrchestrationPorts, templates: TemplateCache, messageIds: readonly string[]) {
  const result = await ports.store.decideTakenResults(messageIds, (views) => decideViews(ports, templates, views));
  announceDecisions(ports, result);
  const taken = new Map(result.taken.map((message) => [message.messageId, message]));
  const pointers = result.taken.map(({ taskUuid, stepUuid }) => ({ task_uuid: taskUuid, step_uuid: stepUuid }));
  const outcomes = new Map(resultsOf(result.views, pointers).map((outcome, index) => [result.taken[index]?.messageId, outcome]));
  return messageIds.map((id): Settled<StepProcessResult, TaskerError> => {
    const outcome = taken.has(id) ? outcomes.get(id) : undefined;
    if (outcome !== undefined) return outcome;
    const text = `step result message ${id} was taken by another orchestrator or is invisible for now.`;
    return { ok: false, error: new TaskerError(MESSAGE_NOT_FOUND, text, { kind: 'state', details: { messageId: id } }) };
  });
}

function resultsOf(views: readonly TaskView[], results: readonly Omit<StepMessage, 'correlation_id'>[]) {
  const steps = new Map(views.flatMap((view) => view.steps.map((step) => [step.id, step] as const)));
  const tasks = new Set(views.map((view) => view.taskUuid));
  return results.map((result): Settled<StepProcessResult, TaskerError> => {
    const step = steps.get(result.step_uuid);
    if (!tasks.has(result.task_uuid) || step === undefined) {
      return {
        ok: true,
        value: { kind: 'Skipped', reason: `step ${result.step_uuid} of task ${result.task_uuid} does not exist` },
      };
    }
    // Any other state: the result was taken over before, together with a sibling's or by another orchestrator.
    if (step.result === undefined) {
      return {
        ok: true,
        value: { kind: 'Skipped', reason: `the result of step ${result.step_uuid} was processed before (${step.state})` },
      };
    }
    return { ok: true, value: { kind: 'Success', message: `Step ${result.step_uuid} result processed successfully` } };
  });
}

async function finalizeTasks(ports: OrchestrationPorts, templates: TemplateCache, taskUuids: readonly string[]) {
  const { views, decisions } = await decideAll(ports, templates, [...new Set(taskUuids)]);
  const before = new Map(views.map((view) => [view.taskUuid, view.state]));
  const after = new Map(decisions.map((decision) => [decision.taskUuid, decision]));
  return taskUuids.map((taskUuid): Settled<TaskFinalizationResult, TaskerError> => {
    const decision = after.get(taskUuid);
    const state = before.get(taskUuid);
    if (decision === undefined || state === undefined)
      return { ok: true, value: { kind: 'Failed', error: `task ${taskUuid} does not exist` } };
    if (isTerminalTaskState(state) && decision.task === undefined) {
      return {
        ok: true,
        value: { kind: 'NotClaimed', reason: `task ${taskUuid} is ${state} already`, alreadyClaimedBy: undefined },
      };
    }
    const completionTime = isTerminalTaskState(decision.state) ? new Date(ports.clock.now()) : undefined;
    return { ok: true, value: { kind: 'Success', taskUuid, finalStatus: finalStatus(decision), completionTime } };
  });
}

/** The names of spec 6.9. */
function finalStatus(decision: TaskDecision): string {
  if (decision.state === 'complete') return 'Completed';
  if (decision.state === 'blocked_by_failures' || decision.state === 'error') return 'Failed';
  return decision.enqueued.length > 0 ? 'Reenqueued' : 'NoAction';
}

async function actOnTask(
  ports: OrchestrationPorts,
  taskUuid: string,
  decide: (view: TaskView) => TaskDecision,
): Promise<TaskDecision> {
  const result = await ports.store.decideTasks([taskUuid], (views) => Promise.resolve(views.map(decide)));
  const decision = result.decisions[0];
  if (decision === undefined) {
    throw new TaskerError('TASK_NOT_FOUND', `no task has the uuid ${taskUuid}; \`tasker task list\` shows those there are.`, {
      kind: 'input',
    });
  }
  announceSent(ports.provider, result.sent);
  announceOutcomes(ports.provider, isOutcome(decision.state) && decision.task !== undefined ? [decision] : []);
  return decision;
}

// The clones of the legacy orchestration package, merged: what is written, what is reported, and with which numbers.
import { afterEach, describe, expect, it } from 'vitest';
import { classifyAndSwitch } from '../../codemods/classify-and-switch.ts';
import { introduceOutcome } from '../../codemods/introduce-outcome.ts';
import { type Operation, use } from '../../codemods/kernel/codemod.ts';
import { Refusal } from '../../codemods/kernel/refusal.ts';
import { type OperationRecord, runOperation } from '../../codemods/kernel/run-operation.ts';
import { mergeClones } from '../../codemods/merge-clones.ts';
import { moveCaseLast } from '../../codemods/move-case-last.ts';
import { unwrapOutcome } from '../../codemods/unwrap-outcome.ts';
import { untouchedOrchestration } from '../helpers/tas-63-workspace.ts';

const { workspace, baseline } = untouchedOrchestration();
const untouched = workspace.changes();

const folder = 'src/orchestration';
const system = `${folder}/event-systems/orchestration-event-system.ts`;
const dispatch = `${folder}/event-systems/command-dispatch.ts`;
const outcomes = `${folder}/event-systems/command-outcome.ts`;
const processor = `${folder}/actors/command-processor-actor.ts`;

function run(operation: Operation): OperationRecord {
  return runOperation(workspace, operation, { baseline });
}

function refusalOf(operation: Operation): Refusal {
  try {
    run(operation);
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown;
    throw thrown;
  }
  return new Refusal('NONE', 'nothing was refused');
}

function slips(record: OperationRecord): readonly string[] {
  return record.findings
    .filter((each) => each.kind === 'suspected-slip')
    .map((each) => each.what.replace(/ Kept as it is\.$/, ''));
}

function linesOf(path: string): number {
  return (workspace.textOf(path) ?? '').split('\n').length - 1;
}

const fireAndForget = use(mergeClones, {
  file: system,
  name: 'fireAndForgetCommand',
  to: dispatch,
  types: ['Result'],
  descriptor: { name: 'command', type: 'FireAndForgetCommand' },
  holes: ['build', 'failFields', 'label'],
  clones: ["'StepResultWithPayload'", "'StepResult'", "'TaskRequest'", "'TaskFinalization'"].map((kind) => ({
    in: 'OrchestrationEventSystem.processOrchestrationNotification',
    case: kind,
    from: 'const { tx, rx }',
    to: 'try { await',
  })),
});

const events = ["'StepResult'", "'TaskRequest'", "'TaskFinalization'"].map((kind) => ({
  in: 'OrchestrationEventSystem.processEvent',
  case: kind,
  from: 'const { tx, rx }',
  to: 'switch (',
}));

const awaited = {
  file: system,
  name: 'sendCommandAndAwait',
  types: ['Result'],
  descriptor: { name: 'sent', type: 'AwaitedCommand' },
  clones: events,
} as const;

const messageHandlers = ['handleTaskInitializeFromMessage', 'handleStepResultFromMessage', 'handleTaskFinalizeFromMessage'];

const withAck = {
  file: processor,
  name: 'processMessageWithAck',
  types: ['Result', 'Hydrated'],
  descriptor: { name: 'flow', type: 'MessageFlow' },
  clones: messageHandlers.map((name) => ({ in: `CommandHandler.${name}` })),
} as const;

afterEach(() => workspace.restore(untouched));

describe('the event system', () => {
  it('hands over commands nobody waits for in one place, and two cells are irregular', () => {
    const record = run(fireAndForget);
    expect(slips(record)).toEqual([
      `'notification not passed on as ProcessStepResult' says "ProcessStepResult" where 3 of 4 clones repeat \`type\`, here "ProcessStepResultFromMessageEvent".`,
      'the field namespace is missing, 2 other clones have it.',
    ]);
    expect(workspace.textOf(dispatch)).toContain('command: FireAndForgetCommand<Result>,\n): Promise<void> {');
    const text = workspace.textOf(system) ?? '';
    expect(text.match(/label: '\w+'/g)).toEqual([
      "label: 'ProcessStepResultFromMessage'",
      "label: 'ProcessStepResult'",
      "label: 'InitializeTaskFromMessageEvent'",
      "label: 'FinalizeTaskFromMessageEvent'",
    ]);
    expect(run(fireAndForget).edits).toBe(0);
  });

  it('sends and waits in one place, and three labels are irregular', () => {
    const record = run(use(mergeClones, { ...awaited, holes: ['build', 'sendFields', 'sendLabel', 'replyLabel', 'settle'] }));
    expect(slips(record)).toEqual([
      `'command channel refused ProcessStepResult' says "ProcessStepResult" where 2 of 3 clones repeat \`type\`, here "ProcessStepResultFromMessageEvent".`,
      `'no answer to InitializeTaskFromMessageEvent' says "InitializeTaskFromMessageEvent" where 2 of 3 clones repeat \`type\`, here "FinalizeTaskFromMessageEvent".`,
      `'handler error for InitializeTaskFromMessageEvent' says "InitializeTaskFromMessageEvent" where 2 of 3 clones repeat \`type\`, here "FinalizeTaskFromMessageEvent".`,
    ]);
    expect(workspace.textOf(system)).toContain('sent.settle(reply.value);');
  });

  it('sends, waits and settles in one function of its own module once results are classified', () => {
    const types = `${folder}/commands/types.ts`;
    const sources = ['StepProcessResult', 'TaskInitializeResult', 'TaskFinalizationResult'];
    const from = sources.map((type) => ({ type, file: types, classifier: `outcomeOf${type}` }));
    const variants = [
      { kind: 'Success' },
      { kind: 'Failed', fields: ['error'] },
      { kind: 'Skipped', from: ['Skipped', 'NotClaimed'], fields: ['reason'] },
    ];
    run(use(introduceOutcome, { name: 'CommandOutcome', to: outcomes, from, variants }));
    run(use(classifyAndSwitch, { file: system, in: 'OrchestrationEventSystem.processEvent', outcome: outcomes }));
    const before = linesOf(system);
    const record = run(
      use(mergeClones, {
        ...awaited,
        to: dispatch,
        context: { name: 'channel', type: 'CommandChannel' },
        parameters: { 'this.systemStatistics': 'statistics' },
        holes: [
          'build',
          'sendFields',
          'sendLabel',
          'replyLabel',
          'classify',
          'doneFields',
          'noun',
          'failedNoun',
          'skipFields',
          'skipWord',
        ],
      }),
    );
    expect(slips(record)).toHaveLength(3);
    expect(before - linesOf(system)).toBeGreaterThan(200);
    const text = workspace.textOf(dispatch) ?? '';
    expect(text).toContain('const outcome = sent.classify(reply.value);');
    expect(text).toContain(
      "readonly doneFields: (outcome: Extract<CommandOutcome<Result>, { readonly kind: 'Success' }>) => Fields;",
    );
    expect(workspace.textOf(system)).toContain(
      'skipFields: (outcome) => ({ alreadyClaimedBy: outcome.result.alreadyClaimedBy ?? NIL_UUID }),',
    );
  });

  it('spawns its loop in one place', () => {
    const clones = ["'Hybrid'", "'EventDrivenOnly'"].map((mode) => ({
      in: 'OrchestrationEventSystem.start',
      case: mode,
      from: 'const context',
      to: 'void (async',
    }));
    const record = run(use(mergeClones, { file: system, name: 'spawnNotificationLoop', clones, after: 'start' }));
    expect(record.findings).toEqual([]);
    const text = workspace.textOf(system) ?? '';
    expect(text).toContain('this.spawnNotificationLoop(notifications, channelMonitor);\n        this.queueListener = listener;');
    expect(text).toContain('  private spawnNotificationLoop(\n    notifications: BoundedQueue<OrchestrationNotification>,');
  });

  it('sets its listener up in one place, in the order of effects each mode had', () => {
    const clones = ["'Hybrid'", "'EventDrivenOnly'"].map((mode) => ({
      in: 'OrchestrationEventSystem.start',
      case: mode,
      from: 'const bufferSize',
      to: 'try { listener',
    }));
    const options = { file: system, name: 'startQueueListener', clones, holes: ['channelName'] };
    expect(refusalOf(use(mergeClones, options)).message).toContain(
      '22 lines of helper and 2 of calls for 30 lines of clones: 0.80, below 0.80',
    );
    run(use(mergeClones, { ...options, override: { rule: 'net-lines', reason: 'three results take lines of their own' } }));
    const text = workspace.textOf(system) ?? '';
    expect(text).toContain(
      "const { notifications, channelMonitor, listener } = await this.startQueueListener('hybrid_event');\n        this.queueListener = listener;",
    );
    expect(text).toContain("await this.startQueueListener('event_driven_event');\n\n        // The loop needs these");
  });
});

describe('the command processor', () => {
  it('fetches the message of a signal in one place, with the records only one handler writes', () => {
    const names = [
      'handleTaskInitializeFromMessageEvent',
      'handleStepResultFromMessageEvent',
      'handleTaskFinalizeFromMessageEvent',
    ];
    const clones = names.map((name) => ({
      in: `CommandHandler.${name}`,
      from: 'if (!this.messageClient',
      to: 'if (message === undefined)',
      result: 'CommandHandler.wrapPgmqMessage(',
    }));
    const holes = ['onFetch', 'onReadError', 'noun', 'onMissing', 'nounAtStart'];
    const record = run(use(mergeClones, { file: processor, name: 'fetchMessageFromEvent', clones, holes }));
    expect(record.findings).toEqual([]);
    const text = workspace.textOf(processor) ?? '';
    expect(text).toContain(
      "await this.fetchMessageFromEvent(messageEvent, { noun: 'step result', nounAtStart: 'Step result' }),",
    );
    expect(text.match(/onReadError/g)).toHaveLength(3);
    expect(text).toContain('    return CommandHandler.wrapPgmqMessage(messageEvent.queueName, message);\n  }');
  });

  it('does not merge the handlers of a message, and says with which numbers', () => {
    const refusal = refusalOf(use(mergeClones, withAck));
    expect(refusal.code).toBe('REFIT_MERGE_SIMILARITY');
    expect(refusal.message).toContain('token similarity of the least similar pair 0.56, at least 0.80');
  });

  it('merges them when it is told to, each with its own rule of acknowledgement', () => {
    const finalize = 'CommandHandler.handleTaskFinalizeFromMessage';
    run(use(unwrapOutcome, { file: processor, in: finalize, outcome: 'outcome', value: 'result', error: 'failure' }));
    run(use(moveCaseLast, { file: processor, in: finalize, case: "'Success'" }));
    expect(refusalOf(use(mergeClones, withAck)).message).toMatch(
      /pair 0\.67.*51 lines of helper and 120 of calls for 181 lines of clones: 0\.94/,
    );
    const record = run(
      use(mergeClones, {
        ...withAck,
        holes: ['noun', 'hydrate', 'hydratedFields', 'handle', 'onFailure', 'keepsMessage', 'onAcknowledged', 'failFields'],
        override: { rule: ['similarity', 'net-lines'], reason: 'the plan asks for it' },
      }),
    );
    expect(record.findings).toEqual([]);
    expect(record.checked.map((each) => each.statement)).toContain('similarity, overridden: the plan asks for it');
    const text = workspace.textOf(processor) ?? '';
    expect(text).toContain('if (flow.keepsMessage(request, result)) return result;');
    expect(text).toContain('flow.onFailure(error, request);');
    expect(text).toContain('this.processMessageWithAck<TaskFinalizationResult, string>(message, {');
  });
});

// The working copy of a task's steps while a decision is made: each event goes through the step machine and leaves a trace.
import { TaskerError } from '../../domain/errors.ts';
import type { Json } from '../../domain/json.ts';
import type { StepFacts } from '../../domain/readiness.ts';
import { satisfiesDependents } from '../../domain/states.ts';
import type { StepState } from '../../domain/states.ts';
import { stepTransition } from '../../domain/step-machine.ts';
import type { StepEvent } from '../../domain/step-machine.ts';
import type { StepChange, StepView } from '../../domain/task-view.ts';

interface Progress {
  readonly view: StepView;
  state: StepState;
  readonly path: StepState[];
  attempts: number;
  nextRetryAt: number | undefined;
  backoffMs: number | undefined;
  result: Json | undefined;
  metadata: Json | undefined;
}

export interface StepExtras {
  readonly nextRetryAt?: number | undefined;
  readonly backoffMs?: number;
  readonly attempts?: number;
  readonly result?: Json;
  readonly metadata?: Json;
}

/** Steps of one task, changed event by event; `changes()` is what has to be saved. */
export class StepsInProgress {
  readonly #steps: ReadonlyMap<string, Progress>;

  constructor(views: readonly StepView[]) {
    this.#steps = new Map(
      views.map((view) => [
        view.id,
        {
          view,
          state: view.state,
          path: [],
          attempts: view.attempts,
          nextRetryAt: view.nextRetryAt,
          backoffMs: undefined,
          result: undefined,
          metadata: undefined,
        },
      ]),
    );
  }

  stateOf(id: string): StepState {
    return this.#get(id).state;
  }

  /** Applies the event. Throws the machine's refusal as a TaskerError of kind `state`. */
  apply(id: string, event: StepEvent, extras: StepExtras = {}): void {
    const step = this.#get(id);
    const moved = stepTransition(step.state, event, { dependenciesSatisfied: this.#dependenciesSatisfied(step) });
    if (moved.kind === 'refused') {
      throw new TaskerError(moved.code, `step ${step.view.name} (${id}): ${moved.message}`, {
        kind: 'state',
        details: { stepUuid: id, from: step.state, event: event.type },
      });
    }
    step.state = moved.to;
    step.path.push(moved.to);
    step.nextRetryAt = extras.nextRetryAt;
    step.backoffMs = extras.backoffMs ?? step.backoffMs;
    step.attempts = extras.attempts ?? step.attempts;
    step.result = extras.result ?? step.result;
    step.metadata = extras.metadata ?? step.metadata;
  }

  /** What readiness needs to know of each step, in the order of the views. */
  facts(): readonly (StepFacts & { readonly id: string })[] {
    return [...this.#steps.values()].map((step) => ({
      id: step.view.id,
      state: step.state,
      attempts: step.attempts,
      maxAttempts: step.view.maxAttempts,
      retryable: step.view.retryable,
      processed: step.state === 'complete' || step.state === 'cancelled' || step.state === 'resolved_manually',
      inProcess: step.state === 'in_progress',
      parentStates: step.view.parents.map((parent) => this.#get(parent).state),
      nextRetryAt: step.nextRetryAt,
    }));
  }

  changes(): readonly StepChange[] {
    return [...this.#steps.values()].filter(({ path }) => path.length > 0).map(changeOf);
  }

  #dependenciesSatisfied(step: Progress): boolean {
    return step.view.parents.every((parent) => satisfiesDependents(this.#get(parent).state));
  }

  #get(id: string): Progress {
    const step = this.#steps.get(id);
    if (step === undefined)
      throw new TaskerError('STEP_NOT_IN_TASK', `step ${id} is not a step of this task.`, { kind: 'input' });
    return step;
  }
}

function changeOf(step: Progress): StepChange {
  return {
    id: step.view.id,
    from: step.view.state,
    to: step.state,
    via: step.path.slice(0, -1),
    nextRetryAt: step.nextRetryAt,
    backoffMs: step.backoffMs,
    attempts: step.attempts === step.view.attempts ? undefined : step.attempts,
    result: step.result,
    metadata: step.metadata,
  };
}

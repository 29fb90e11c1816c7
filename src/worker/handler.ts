// What a step handler is: an async function from the step's inputs to its result, or an object of such functions.
import type { Json, JsonObject } from '../domain/json.ts';

/**
 * What a handler gets. `dependencies` maps the name of each direct and transitive parent to its result.
 * Use `step.stepUuid` as the key of external effects: it is the same for every attempt.
 */
export interface HandlerInput<Context = JsonObject, Dependencies = Readonly<Record<string, Json>>, Input = JsonObject> {
  readonly context: Context;
  readonly dependencies: Dependencies;
  /** `handler.initialization` of the step's template. */
  readonly input: Input;
  /** 1 for the first execution. */
  readonly attempt: number;
  /** Aborted on timeout, on a lost lease, and when the worker stops; `signal.reason` is a TaskerError. */
  readonly signal: AbortSignal;
  readonly step: StepIdentity;
}

export interface StepIdentity {
  readonly taskUuid: string;
  readonly stepUuid: string;
  readonly name: string;
  readonly maxAttempts: number;
  readonly correlationId: string;
}

/** What may come back is checked when it does; `unknown` here so that interfaces and `void` need no cast. */
export type HandlerFunction = (input: HandlerInput) => unknown;

/** Entry points by method name; `call` is the one used when the template names none. */
export interface HandlerObject {
  readonly [method: string]: unknown;
}

export type Handler = HandlerFunction | HandlerObject;

// One execution of a step as its worker gets it: what to call, with what, for how long (spec 6.6).
import type { Json, JsonObject } from './json.ts';

/** A step that may run, with what discovery knows of it. */
export interface ViableStep {
  readonly stepUuid: string;
  readonly taskUuid: string;
  readonly name: string;
  readonly dependenciesSatisfied: boolean;
  /** The execution this request is for: 1 for the first. */
  readonly attempt: number;
  readonly maxAttempts: number;
}

export interface StepExecutionRequest {
  readonly stepUuid: string;
  readonly taskUuid: string;
  readonly stepName: string;
  /** The template's `handler.callable`. */
  readonly handlerClass: string;
  /** The template's `handler.method`; undefined = the handler itself. */
  readonly method: string | undefined;
  readonly handlerConfig: JsonObject;
  readonly taskContext: JsonObject;
  /** Name of each direct and transitive parent → its result. */
  readonly previousResults: Readonly<Record<string, Json>>;
  readonly metadata: {
    readonly attempt: number;
    readonly maxAttempts: number;
    readonly timeoutMs: number;
    readonly createdAt: Date;
  };
}

// Tasks defined in TypeScript: each step's handler knows the results of the steps before it, and the compiler checks them.
import type { JsonObject } from '../domain/json.ts';
import { validateTemplate } from '../domain/template/parse-template.ts';
import type { RetryConfiguration, TaskTemplate } from '../domain/template/task-template.ts';
import type { IdentityStrategy } from '../domain/identity.ts';
import type { Handler, HandlerInput } from '../worker/handler.ts';

export interface TaskNaming {
  /** Default `default`. */
  readonly namespace?: string;
  readonly name: string;
  /** Default 1.0.0. */
  readonly version?: string;
  readonly description?: string;
  /** Default strict: the same context twice is the same task. */
  readonly identityStrategy?: IdentityStrategy;
}

/** What the compiler remembers of a step: its result, and the names of all steps before it. */
export interface StepShape {
  readonly output: unknown;
  readonly ancestors: string;
}

type Shapes = Readonly<Record<string, StepShape>>;

/** The direct parents and everything before them. */
type Ancestors<Steps extends Shapes, Parents extends keyof Steps> = Parents | (Steps[Parents]['ancestors'] & keyof Steps);

export interface StepOptions<Context, Steps extends Shapes, Parents extends keyof Steps & string, Output> {
  readonly dependsOn?: readonly Parents[];
  readonly retry?: Partial<RetryConfiguration>;
  readonly timeoutSeconds?: number;
  /** Given to the handler as `input`. */
  readonly input?: JsonObject;
  readonly run: (
    input: HandlerInput<Context, { readonly [Name in Ancestors<Steps, Parents>]: Steps[Name]['output'] }>,
  ) => Promise<Output> | Output;
}

export interface TaskDefinition<Context, Steps extends Shapes> {
  readonly template: TaskTemplate;
  /** By the callable of the template. */
  readonly handlers: Readonly<Record<string, Handler>>;
  /** A new definition with one more step; throws TEMPLATE_INVALID, as a template would. */
  step<const Name extends string, Output, const Parents extends keyof Steps & string = never>(
    name: Name,
    options: StepOptions<Context, Steps, Parents, Output>,
  ): TaskDefinition<
    Context,
    Steps & { readonly [Key in Name]: { readonly output: Output; readonly ancestors: Ancestors<Steps, Parents> } }
  >;
}

/** The results of a definition's steps, by name. */
export type StepOutputs<Definition> =
  Definition extends TaskDefinition<infer _Context, infer Steps>
    ? { readonly [Name in keyof Steps]: Steps[Name]['output'] }
    : never;

// oxlint-disable-next-line typescript/no-generated-empty-object-type -- a definition without steps has no step names: {} is meant
type NoSteps = Record<never, StepShape>;

/** Starts a definition; `Context` is what `submit` has to be given. */
export function defineTask<Context extends object = JsonObject>(naming: TaskNaming): TaskDefinition<Context, NoSteps> {
  return definition(naming, [], {});
}

interface StepEntry {
  readonly name: string;
  readonly [key: string]: unknown;
}

function definition<Context, Steps extends Shapes>(
  naming: TaskNaming,
  steps: readonly StepEntry[],
  handlers: Readonly<Record<string, Handler>>,
): TaskDefinition<Context, Steps> {
  let template: TaskTemplate | undefined;
  return {
    get template() {
      // Checked when it is first needed: every `step` call makes a definition, only the last one is used.
      template ??= validateTemplate(
        {
          name: naming.name,
          namespace_name: naming.namespace ?? 'default',
          version: naming.version ?? '1.0.0',
          ...(naming.description === undefined ? {} : { description: naming.description }),
          ...(naming.identityStrategy === undefined ? {} : { identity_strategy: naming.identityStrategy }),
          steps,
        },
        `task ${naming.name}`,
      );
      return template;
    },
    handlers,
    step(name, options) {
      const callable = `${naming.name}.${name}`;
      const entry: StepEntry = {
        name,
        dependencies: options.dependsOn ?? [],
        handler: { callable, initialization: options.input ?? {} },
        ...(options.retry === undefined ? {} : { retry: options.retry }),
        ...(options.timeoutSeconds === undefined ? {} : { timeout_seconds: options.timeoutSeconds }),
      };
      // As: the worker hands over what the edges of this very template say, so the narrower input type holds.
      const handler = options.run as Handler;
      return definition(naming, [...steps, entry], { ...handlers, [callable]: handler });
    },
  };
}

// What is looked up in the programs before and after a step: names that mean what they meant, declarations, offered names.
import { apiChanges, declarationDifferences, type ApiChange, type DeclarationDifference } from '../analysis/declared-surface.ts';
import { keptBindings, type KeptBindings } from '../analysis/kept-bindings.ts';
import { entryModules, packagesOf } from '../analysis/package-entries.ts';
import type { ts } from '../kernel/parse-source.ts';
import type { Workspace } from '../kernel/workspace.ts';
import type { StepFailure, StepRecord } from '../plan/execute-plan.ts';
import type { Step } from '../plan/plan.ts';

/** What the two programs say of one step. Paths as reports show them. */
export interface StepChecks {
  readonly bindings: KeptBindings;
  readonly declarations: readonly DeclarationDifference[];
  readonly api: {
    /** What the step says it changes; undefined: it says nothing. */
    readonly declared: readonly string[] | undefined;
    readonly changes: readonly ApiChange[];
  };
}

const NAMES_SHOWN = 5;

/** Holds the program before a step, and compares. */
export class StepChecker {
  readonly #workspace: Workspace;
  #before: ts.Program | undefined;
  #entries: readonly string[] = [];

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** To be called before the step changes anything. */
  begin(): void {
    this.#before = this.#program();
    this.#entries = this.#offered();
  }

  /** What became of names, declarations and exports since `begin`. */
  check(step: Step, record: StepRecord): StepChecks {
    const versions = { before: this.#before ?? this.#program(), after: this.#program() };
    const shown = (path: string): string => this.#workspace.relative(path);
    const { moved, ...rest } = keptBindings(versions, record.files);
    const entries = [...new Set([...this.#entries, ...this.#offered()])];
    const place = (text: string): string => shown(text.replace(/:\d+$/, '')) + (/:\d+$/.exec(text)?.[0] ?? '');
    return {
      bindings: {
        ...rest,
        moved: moved.map((each) => ({
          ...each,
          path: shown(each.path),
          before: place(each.before),
          after: place(each.after),
        })),
      },
      declarations: declarationDifferences(versions, record.files, shown),
      api: { declared: step.api, changes: apiChanges(versions, entries, shown) },
    };
  }

  #program(): ts.Program {
    return this.#workspace.project.getProgram().compilerObject;
  }

  #offered(): readonly string[] {
    const modules = entryModules(this.#workspace, packagesOf(this.#workspace));
    return modules.filter(({ offered }) => offered).map(({ path }) => path);
  }
}

/** Offered names that changed without the step saying so. */
export function undeclaredApi({ api }: StepChecks): readonly ApiChange[] {
  return api.changes.filter(({ name }) => api.declared?.includes(name) !== true);
}

/** One change of what packages offer, as reports say it. */
export function apiLine({ name, change, through }: ApiChange): string {
  return `${name} is ${change === 'changed' ? 'declared otherwise' : change} (${through.join(', ')})`;
}

function bindingFailure({ bindings }: StepChecks): StepFailure | undefined {
  const [first] = bindings.moved;
  if (first === undefined) return undefined;
  const list = bindings.moved
    .slice(0, NAMES_SHOWN)
    .map((each) => `${each.path}:${String(each.line)}: ${each.name} meant ${each.before}, now ${each.after}`);
  return {
    code: 'REFIT_BINDING_CHANGED',
    message: `Names in lines that the step left alone mean other declarations than before:\n  ${list.join('\n  ')}\nRename what the step adds.`,
    path: first.path,
    line: first.line,
  };
}

function apiFailure(checks: StepChecks): StepFailure | undefined {
  const { declared, changes } = checks.api;
  if (declared === undefined) return undefined;
  const [undeclared] = undeclaredApi(checks);
  if (undeclared !== undefined) {
    return {
      code: 'REFIT_API_UNDECLARED',
      message: `The step changes what the package offers and does not say so: ${apiLine(undeclared)}. Name it in the step's \`api\`, or leave it as it is.`,
    };
  }
  const unused = declared.find((name) => !changes.some((change) => change.name === name));
  if (unused === undefined) return undefined;
  return {
    code: 'REFIT_API_UNCHANGED',
    message: `The step says it changes ${unused}, which the package offers as before. Take it out of the step's \`api\`.`,
  };
}

/** Why the programs stop a step; undefined when they do not. A step with nothing left to do is held to nothing. */
export function checkFailure(checks: StepChecks, record: StepRecord): StepFailure | undefined {
  return record.status === 'already-done' ? undefined : (bindingFailure(checks) ?? apiFailure(checks));
}

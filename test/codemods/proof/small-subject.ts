// Opens small subjects from texts, and runs what they export in a world.
import { fail } from 'node:assert/strict';
import type { Script } from '../../../codemods/proof/answers.ts';
import { createRecorder } from '../../../codemods/proof/recorder.ts';
import { runScenario } from '../../../codemods/proof/run-scenario.ts';
import type { RunOptions } from '../../../codemods/proof/run-scenario.ts';
import { openSubject } from '../../../codemods/proof/subject-loader.ts';
import type { Subject, SubjectOptions } from '../../../codemods/proof/subject-loader.ts';
import { traceLines } from '../../../codemods/proof/trace.ts';
import type { World } from '../../../codemods/proof/world.ts';

export type Exported = (...args: readonly unknown[]) => unknown;

/** A subject whose files are these texts. */
export function openTexts(texts: Readonly<Record<string, string>>, options: Partial<SubjectOptions> = {}): Subject {
  return openSubject({ root: import.meta.dirname, overlay: new Map(Object.entries(texts)), ...options });
}

function isExported(value: unknown): value is Exported {
  return typeof value === 'function';
}

/** An exported function of a module. */
export function functionOf(subject: Subject, module = 'a.ts', name = 'run'): Exported {
  const found = subject.load(module)[name];
  return isExported(found) ? found : fail(`${module} exports no function ${name}`);
}

export interface TextRun extends RunOptions {
  /** Answers of the stand-in that `run` gets. */
  readonly script?: Script;
  readonly subject?: Partial<SubjectOptions>;
  /** What stands for exports and imports. */
  replacements?(world: World): Readonly<Record<string, unknown>>;
}

/** Lines of the trace of `run(dep)` of a module with this text. */
export async function linesOf(
  text: string,
  { script, subject: opened, replacements, ...options }: TextRun = {},
): Promise<readonly string[]> {
  const subject = openTexts({ 'a.ts': text }, opened);
  const run = functionOf(subject);
  const trace = await runScenario((world) => {
    subject.use(world, replacements?.(world));
    return run(createRecorder<object>(world, 'dep', script === undefined ? {} : { script }).standIn);
  }, options);
  return traceLines(trace);
}

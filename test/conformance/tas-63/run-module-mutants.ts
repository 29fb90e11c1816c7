// Runs mutants of one module against test files of their own in one vitest process, where the module's text is replaced as it is loaded.
import { createVitest } from 'vitest/node';
import type { TestCase, TestRunResult, Vitest } from 'vitest/node';
import { RefitError } from '../../../codemods/kernel/refit-error.ts';
import { applyMutant, mutantsOf } from '../../../codemods/proof/mutants.ts';
import type { MutantResult, MutantVerdict } from '../../../codemods/proof/run-mutants.ts';

export interface ModuleUnderTest {
  /** Folder that the module and its tests resolve their imports from. */
  readonly root: string;
  /** Absolute path of the module. */
  readonly path: string;
  /** Its text as it is. */
  readonly text: string;
  /** Absolute paths of the tests that are asked about it. */
  readonly tests: readonly string[];
}

export interface ModuleMutationOptions {
  /** When one test counts as hung, in milliseconds; 2000 unless given. */
  readonly testTimeoutMs?: number;
  /** When a run that does not answer at all is given up, in milliseconds; 20000 unless given. */
  readonly runTimeoutMs?: number;
  /** Called after each mutant, for progress. */
  onResult?(result: MutantResult): void;
}

/**
 * Every mutant of the module, each run with the module's own tests. The results name the module by its absolute path.
 * Throws PROOF_MODULE_TESTS when the tests fail without a mutant, hang, or do not load the module at all.
 */
export async function runModuleMutants(
  module: ModuleUnderTest,
  options: ModuleMutationOptions = {},
): Promise<readonly MutantResult[]> {
  const bench = new Bench(module, options);
  try {
    // The first run loads everything.
    const unchanged = await bench.verdictOn(module.text, 60_000);
    if (unchanged !== 'survived') {
      const found = unchanged === 'killed' ? 'fail' : 'do not end';
      throw new RefitError(
        'PROOF_MODULE_TESTS',
        `The tests of ${module.path} ${found} without any mutant. Let them pass first, with npm run after:tas-63.`,
      );
    }
    const results: MutantResult[] = [];
    for (const mutant of mutantsOf(module.path, module.text, () => true)) {
      const verdict = await bench.verdictOn(applyMutant(module.text, mutant));
      const result = { mutant, path: module.path, verdict };
      results.push(result);
      options.onResult?.(result);
    }
    return results;
  } finally {
    await bench.close();
  }
}

/** A vitest process that is opened again after a run that did not end. */
class Bench {
  private vitest: Vitest | undefined;
  private text = '';
  private wasLoaded = false;
  private readonly module: ModuleUnderTest;
  private readonly options: ModuleMutationOptions;

  constructor(module: ModuleUnderTest, options: ModuleMutationOptions) {
    this.module = module;
    this.options = options;
  }

  async verdictOn(text: string, runTimeoutMs = this.options.runTimeoutMs ?? 20_000): Promise<MutantVerdict> {
    const vitest = (this.vitest ??= await this.open());
    this.text = text;
    this.wasLoaded = false;
    vitest.invalidateFile(this.module.path);
    const project = vitest.getRootProject();
    const run = vitest.runTestSpecifications(this.module.tests.map((path) => project.createSpecification(path)));
    const result = await within(run, runTimeoutMs);
    if (result === undefined) {
      // Closing waits for the run unless it is cancelled, and cancelling waits for it until the process is closed.
      const cancelled = vitest.cancelCurrentRun('test-failure');
      await this.close();
      void Promise.allSettled([cancelled, run]);
      return 'unknown';
    }
    if (!this.wasLoaded) {
      throw new RefitError(
        'PROOF_MODULE_TESTS',
        `No test of ${this.module.path} loads it. Let a test import the module that it is about.`,
      );
    }
    return verdictOf(result);
  }

  async close(): Promise<void> {
    const vitest = this.vitest;
    this.vitest = undefined;
    await vitest?.close();
  }

  private open(): Promise<Vitest> {
    const { root, path, tests } = this.module;
    const load = (id: string): string | undefined => {
      if (id.split('?')[0] !== path) return undefined;
      this.wasLoaded = true;
      return this.text;
    };
    return createVitest(
      'test',
      {
        root,
        config: false,
        watch: false,
        include: [...tests],
        // Silent: a failure is what is hoped for.
        reporters: [{}],
        // One thread, which can be ended even where it turns in an endless loop.
        pool: 'threads',
        maxWorkers: 1,
        fileParallelism: false,
        isolate: false,
        testTimeout: this.options.testTimeoutMs ?? 2_000,
        teardownTimeout: 500,
      },
      { plugins: [{ name: 'mutant', enforce: 'pre', load }] },
    );
  }
}

/** What the work gives, or undefined when it has not given it in time. */
async function within<T>(work: Promise<T>, timeoutMs: number): Promise<T | undefined> {
  const late = new Error('late');
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late), timeoutMs);
  });
  try {
    return await Promise.race([work, deadline]);
  } catch (error) {
    if (error === late) return undefined;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** A test that fails, or a file that cannot be loaded, kills; a time-out alone says nothing; nor does an error outside of all tests. */
function verdictOf({ testModules, unhandledErrors }: TestRunResult): MutantVerdict {
  const cases = testModules.flatMap((each) => [...each.children.allTests()]);
  if (testModules.some((each) => each.errors().length > 0) || cases.some(fails)) return 'killed';
  const passes = cases.length > 0 && testModules.every((each) => each.ok());
  return passes && unhandledErrors.length === 0 ? 'survived' : 'unknown';
}

function fails(test: TestCase): boolean {
  return (test.result().errors ?? []).some(({ message }) => !message.startsWith('Test timed out'));
}

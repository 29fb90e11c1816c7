// Vitest projects: unit (no service), refit (codemods, no service), conformance (goldens of the proof), long (plans and controls over and over, coverage not counted), postgres (real database, one per file), system (processes, packages), crash (kills and failpoints), types.
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { StampReporter } from './codemods/gate/vitest-reporter.ts';
import { uncounted } from './test/helpers/coverage-provider.ts';

const database = { globalSetup: ['test/helpers/global-database.ts'], testTimeout: 30_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    // Vitest leaves one core to its main process, which is idle: with two cores half of the machine.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    reporters: ['default', './test/helpers/project-seconds-reporter.ts', new StampReporter()],
    coverage: {
      // V8's, except in the project `long`.
      provider: 'custom',
      customProviderModule: './test/helpers/coverage-provider.ts',
      include: ['src/**/*.ts', 'codemods/**/*.ts'],
      exclude: ['**/*.d.ts', 'fixtures/**', 'test/**'],
      reporter: ['json', 'text-summary'],
      reportsDirectory: 'coverage',
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.{long,pg,system}.test.ts', 'test/conformance/**', 'test/codemods/**'],
          // One module graph a worker: loading it for each of 130 files took most of the time.
          isolate: false,
          // Properties over long texts and large graphs take seconds on a busy machine.
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'refit',
          include: ['test/codemods/**/*.test.ts'],
          exclude: ['test/**/*.system.test.ts'],
          // One module graph a worker: loading the compiler once per file took a third of the time. The tests keep no state in modules.
          isolate: false,
          // Loading and checking the legacy system takes seconds, on a busy machine under coverage half a minute.
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'conformance',
          include: ['test/conformance/**/*.test.ts'],
          exclude: ['test/**/*.{long,system}.test.ts'],
          isolate: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'long',
          include: ['test/**/*.long.test.ts'],
          // They run again and again what other tests have covered; counting would make the compiler two thirds slower.
          env: { [uncounted]: 'yes' },
          isolate: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: ['test/**/*.pg.test.ts'],
          ...database,
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: ['test/**/*.system.test.ts'],
          exclude: ['test/crash/**'],
          ...database,
          testTimeout: 120_000,
          // Processes of their own use the cores; two files at a time, when everything else is over.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'crash',
          include: ['test/crash/**/*.system.test.ts'],
          ...database,
          testTimeout: 120_000,
          // Leases and sweeps are deadlines here: one file at a time, at the end.
          fileParallelism: false,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'types',
          include: [],
          // The compiler reads these files and what they import; `npm run types` reads all there is.
          typecheck: { enabled: true, only: true, include: ['test/**/*.test-d.ts'], tsconfig: 'test/tsconfig.types.json' },
        },
      },
    ],
  },
});

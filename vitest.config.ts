// Vitest projects: unit (no service), conformance (goldens and controls of the proof), postgres (real database, one per file), system (processes, packages, crashes), types.
import { defineConfig } from 'vitest/config';

const database = { globalSetup: ['test/helpers/global-database.ts'], testTimeout: 30_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    reporters: ['default', './test/helpers/project-seconds-reporter.ts'],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts', 'codemods/**/*.ts'],
      exclude: ['**/*.d.ts'],
      reporter: ['json', 'text-summary'],
      reportsDirectory: 'coverage',
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.{pg,system}.test.ts', 'test/conformance/**'],
          // Properties over long texts and large graphs take seconds on a busy machine.
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'conformance',
          include: ['test/conformance/**/*.test.ts'],
          exclude: ['test/**/*.system.test.ts'],
          testTimeout: 120_000,
        },
      },
      { extends: true, test: { name: 'postgres', include: ['test/**/*.pg.test.ts'], ...database } },
      {
        extends: true,
        test: {
          name: 'system',
          include: ['test/**/*.system.test.ts'],
          ...database,
          testTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: { name: 'types', include: [], typecheck: { enabled: true, only: true, include: ['test/**/*.test-d.ts'] } },
      },
    ],
  },
});

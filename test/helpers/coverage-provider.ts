// The coverage of @vitest/coverage-v8, except in projects of tests whose runs are not to be counted.
import process from 'node:process';
import v8 from '@vitest/coverage-v8';
import type { CoverageProviderModule } from 'vitest/node';

/** The variable of the environment that a project sets for that. */
export const uncounted = 'TASKER_TESTS_UNCOUNTED';

const counts = process.env[uncounted] === undefined;

const provider: CoverageProviderModule = {
  getProvider: () => v8.getProvider(),
  startCoverage: (options) => (counts ? v8.startCoverage?.(options) : undefined),
  takeCoverage: (options) => (counts ? v8.takeCoverage?.(options) : undefined),
  stopCoverage: (options) => (counts ? v8.stopCoverage?.(options) : undefined),
};

export default provider;

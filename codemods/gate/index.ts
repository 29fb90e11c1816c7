// Public surface of the gate, for `coverage-report.config.ts` and for the configuration of vitest.
export { defineCoverageReport } from './config.ts';
export type {
  ChangedFloor,
  CoverageReportOptions,
  DeadCeiling,
  DuplicateCeiling,
  Exemption,
  Floor,
  LineCeiling,
  MutationFloor,
  NewFileFloor,
  TestInventory,
  TestMirror,
  Waiver,
} from './config.ts';
export { tas63 } from './tas63.ts';
export type { Tas63Options } from './tas63.ts';
export { StampReporter } from './vitest-reporter.ts';
export type { StampReporterOptions } from './vitest-reporter.ts';

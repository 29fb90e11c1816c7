// Public surface of the gate, for `coverage-report.config.ts`.
export { defineCoverageReport } from './config.ts';
export type { CoverageReportOptions, Exemption, Floor, LineCeiling, TestMirror } from './config.ts';

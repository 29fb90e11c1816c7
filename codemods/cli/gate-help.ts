// What `refit gate --help` says below its options.
export const gateHelp = `
Prints file, lines, coverable lines, coverage and tests, worst covered first, and each floor with pass or FAIL.

How it counts
  Lines      physical lines of the file.
  Coverable  lines on which a statement starts; covered when one of them ran.
  Branches   arms of branches that ran; a negative or missing count is not covered, and noted.
  Tests      cases in the mirrored test files (<name>.test.ts, <name>.<kind>.test.ts), counted in their source:
             each \`it\` or \`test\` once, an \`each\` table that is a literal of the same file once a row,
             any other table once, skipped and todo cases and those that a shared suite adds not at all.
  Every source file under \`include\` counts, imported or not; test files and \`if (import.meta.vitest)\` never do.
  A report is stale when a source file is not what the tests ran: by the hashes in refit-meta.json, else by its time.

Exit codes: 0 passes, 1 a rule failed, 2 cannot judge (configuration or report missing, stale, malformed), 3 disk.

Examples
  $ refit gate
  $ refit gate src/domain --json
  $ refit gate --format sarif --out gate.sarif
  $ refit gate --config packages/api/coverage-report.config.ts --report ci/coverage-final.json
  $ refit gate init       a configuration out of today's report
  $ refit gate ratchet    raise the committed ratchet
`;

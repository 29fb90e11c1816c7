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

Single tests (\`inventory\` in the configuration says how many are allowed; none where it says nothing)
  A test must reach an assertion: expect, assert and their like, in itself, in functions of its file, in helpers it imports.
  A test that is skipped, to do or run alone must say why: in a comment on its line or above it, or as \`not run: …\`.

Reports of other tools (\`dead\`, \`duplicates\`, \`mutation\` in the configuration)
  Dead code of refit dead or knip, clones of jscpd, mutants of Stryker. One that is missing or of another tool: exit 2.

What has changed (with \`changed\` in the configuration, or --base-coverage)
  New and edited lines since the branch left --base are judged, the working tree included. A line that was only moved,
  in any file, keeps the status it had in --base-coverage: it fails when it was covered and is not any more.

Exit codes: 0 passes, 1 a rule failed, 2 cannot judge (configuration or report missing, stale, malformed), 3 disk.

Examples
  $ refit gate
  $ refit gate src/domain --json
  $ refit gate --format sarif --out gate.sarif
  $ refit gate --format html --out gate.html   a page with a treemap, for any browser
  $ refit gate --config packages/api/coverage-report.config.ts --report ci/coverage-final.json
  $ refit gate --base origin/main --base-coverage base/coverage-final.json
  $ refit gate init       a configuration out of today's report
  $ refit gate ratchet    raise the committed ratchet
`;

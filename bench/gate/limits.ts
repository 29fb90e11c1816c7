// What no gate can do without, and what another tool takes for less: programs for processes of their own.

/** Reads and hashes every file that is listed on a line of the file named first. */
export const readAndHash = `
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
for (const path of readFileSync(process.argv[1], 'utf8').trim().split('\\n')) createHash('sha256').update(readFileSync(path)).digest('hex');
`;

/** Parses the report. */
export const parseReport = `
import { readFileSync } from 'node:fs';
JSON.parse(readFileSync(process.argv[1], 'utf8'));
`;

/** Istanbul's own summary of the report, as its reporters make it: sums over all files, no rules, no sources. */
export const istanbulSummary = `
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
const { createCoverageMap } = createRequire(process.argv[2])('istanbul-lib-coverage');
const map = createCoverageMap(JSON.parse(readFileSync(process.argv[1], 'utf8')));
process.stdout.write(JSON.stringify(map.getCoverageSummary().toJSON()));
`;

// The gate's edge: loads the configuration, gathers the evidence, and hands it to the judge.
import { realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { readBaseRatchet, readRatchet } from './base-ratchet.ts';
import { cacheFileOf, withCache } from './cache-file.ts';
import type { CoverageReportConfig } from './config.ts';
import { folderInRepository, headCommit } from './git-state.ts';
import type { Evidence, Verdict } from './judge.ts';
import { judge } from './judge.ts';
import { loadConfig } from './load-config.ts';
import { readFacts } from './read-facts.ts';
import { withoutEmptyLines } from './line-reports.ts';
import { readDuplicates } from './other-tools/duplicates.ts';
import { readDead } from './other-tools/read-dead.ts';
import { readMutation } from './other-tools/read-mutation.ts';
import { readReports } from './read-project.ts';

export interface GateOptions {
  /** Absolute, or relative to the working directory. */
  readonly config: string;
  /** Overrides the configuration's reports; relative to the working directory. */
  readonly report?: string | readonly string[];
  readonly cwd: string;
  /** Commit or branch whose ratchet must not be lowered; the configuration's `changed.base` by default, HEAD without one. */
  readonly base?: string;
  /** Reports of the coverage that the base had, relative to the working directory; changed lines are judged then. */
  readonly baseCoverage?: readonly string[];
  readonly acceptUnstamped?: boolean;
  /** The day waivers are measured by, `YYYY-MM-DD`; today by default. */
  readonly today?: string;
  /** Folder of the cache, relative to the working directory, or false for none; node_modules/.cache/refit by default. */
  readonly cache?: string | false;
}

function listed(report: string | readonly string[]): readonly string[] {
  return typeof report === 'string' ? [report] : report;
}

function cachePath({ cache, cwd, config }: GateOptions): string | undefined {
  if (cache === false) return undefined;
  return cacheFileOf(resolve(cwd, config), cache === undefined ? undefined : resolve(cwd, cache));
}

export interface Gathered {
  readonly config: CoverageReportConfig;
  /** Absolute folder of the configuration. */
  readonly root: string;
  readonly evidence: Evidence;
}

/**
 * Everything the judge needs of the project that `options.config` describes.
 * @throws RefitError when there is nothing to judge by: GATE_CONFIG_*, GATE_REPORT_*, GATE_STAMP_*, GATE_RATCHET_*.
 */
export async function gatherEvidence(options: GateOptions): Promise<Gathered> {
  const configPath = resolve(options.cwd, options.config);
  const config = await loadConfig(configPath);
  const root = dirname(configPath);
  const paths =
    options.report === undefined
      ? listed(config.report).map((path) => resolve(root, path))
      : listed(options.report).map((path) => resolve(options.cwd, path));
  const { reports, facts } = await withCache(cachePath(options), async (cache) => ({
    reports: readReports(root, paths, cache),
    facts: await readFacts(root, config, cache),
  }));
  const counted = withoutEmptyLines(reports.coverage, facts.sources);
  const evidence: Evidence = {
    config,
    ...reports,
    ...facts,
    coverage: counted.coverage,
    notes: [...reports.notes, ...counted.notes],
    root: realpathSync(root).replaceAll('\\', '/'),
    commit: headCommit(root),
    folder: folderInRepository(root),
    acceptUnstamped: options.acceptUnstamped === true,
    ratchet: readRatchet(root, config.ratchet),
    dead: readDead(root, config),
    duplicates: readDuplicates(root, config),
    mutation: readMutation(root, config),
    today: options.today ?? new Date().toISOString().slice(0, 10),
  };
  return { config, root, evidence };
}

/** The base's ratchet is that of the commit changed lines are measured from, also where only the configuration names it. */
function withBase({ config, root, evidence }: Gathered, options: GateOptions): Gathered {
  const state = { name: config.ratchet, current: evidence.ratchet };
  const base = readBaseRatchet(resolve(options.cwd, options.config), options.base ?? config.changed?.base, state);
  return { config, root, evidence: { ...evidence, ...base } };
}

/** The evidence with what has changed since the base, where the configuration or the command line asks for it. */
async function withChange({ config, root, evidence }: Gathered, options: GateOptions): Promise<Evidence> {
  const { base, baseCoverage = [] } = options;
  if (config.changed === undefined && baseCoverage.length === 0) return evidence;
  // It loads the compiler, which nothing else does where the facts of all files are cached.
  const { readChange } = await import('./changes/read-changes.ts');
  const asked = { root, cwd: options.cwd, baseCoverage, acceptUnstamped: options.acceptUnstamped === true };
  return { ...evidence, change: readChange(evidence, { ...asked, ...(base !== undefined && { base }) }) };
}

/** Judges the project that `options.config` describes. */
export async function runGate(options: GateOptions): Promise<Verdict> {
  return judge(await withChange(withBase(await gatherEvidence(options), options), options));
}

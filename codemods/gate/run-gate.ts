// The gate's edge: loads the configuration, gathers the evidence, and hands it to the judge.
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { CoverageReportConfig } from './config.ts';
import { fileInBase, headCommit } from './git-state.ts';
import type { Evidence, Verdict } from './judge.ts';
import { judge } from './judge.ts';
import { loadConfig } from './load-config.ts';
import type { Ratchet } from './ratchet.ts';
import { parseRatchet } from './ratchet.ts';
import { readDead, readOrphans, readReports, readSources, readTests } from './read-project.ts';

export interface GateOptions {
  /** Absolute, or relative to the working directory. */
  readonly config: string;
  /** Overrides the configuration's reports; relative to the working directory. */
  readonly report?: string | readonly string[];
  readonly cwd: string;
  /** Commit or branch whose ratchet must not be lowered; HEAD by default. */
  readonly base?: string;
  readonly acceptUnstamped?: boolean;
  /** The day waivers are measured by, `YYYY-MM-DD`; today by default. */
  readonly today?: string;
}

function listed(report: string | readonly string[]): readonly string[] {
  return typeof report === 'string' ? [report] : report;
}

function readRatchet(root: string, file: string | undefined): Ratchet | undefined {
  if (file === undefined || !existsSync(join(root, file))) return undefined;
  return parseRatchet(readFileSync(join(root, file), 'utf8'), file);
}

function readBaseRatchet(root: string, file: string | undefined, base: string | undefined): Ratchet | undefined {
  if (file === undefined) return undefined;
  const text = fileInBase(root, file, base);
  return text === undefined ? undefined : parseRatchet(text, `${file} of ${base ?? 'HEAD'}`);
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
  const folders = config.tests.map((mirror) => mirror.tests);
  const evidence: Evidence = {
    config,
    ...readReports(root, paths),
    sources: readSources(root, config.include),
    tests: readTests(root, folders),
    orphans: readOrphans(root, config),
    root: realpathSync(root).replaceAll('\\', '/'),
    commit: headCommit(root),
    acceptUnstamped: options.acceptUnstamped === true,
    ratchet: readRatchet(root, config.ratchet),
    baseRatchet: readBaseRatchet(root, config.ratchet, options.base),
    dead: readDead(root, config),
    today: options.today ?? new Date().toISOString().slice(0, 10),
  };
  return { config, root, evidence };
}

/** Judges the project that `options.config` describes. */
export async function runGate(options: GateOptions): Promise<Verdict> {
  const { evidence } = await gatherEvidence(options);
  return judge(evidence);
}

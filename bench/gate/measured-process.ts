// Runs one process of node and tells its seconds, the seconds of its processor, and the most memory it held.
import { spawnSync } from 'node:child_process';
import process from 'node:process';

export interface ProcessCost {
  /** From just before the process is started until it is over. */
  readonly seconds: number;
  /** User and system time. */
  readonly cpuSeconds: number;
  /** Peak of the resident set, in megabytes of 1,000,000 bytes. */
  readonly megabytes: number;
}

/** Runs in the process that is measured, whatever it is: what it used goes to the fourth stream when it ends. */
const tell = `data:text/javascript,import{writeSync}from'node:fs';process.on('exit',()=>writeSync(3,JSON.stringify(process.resourceUsage())))`;

/** Runs `node ...args` in `cwd`; a process that fails ends the measurement. */
export function measure(args: readonly string[], cwd: string): ProcessCost {
  const from = performance.now();
  const { status, output } = spawnSync(process.execPath, ['--import', tell, ...args], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const seconds = (performance.now() - from) / 1000;
  const [, stdout = '', stderr = '', usage = ''] = output;
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${String(status)}:\n${stdout ?? ''}${stderr ?? ''}`);
  const used = JSON.parse(usage ?? '') as NodeJS.ResourceUsage; // what our own line wrote
  return {
    seconds,
    cpuSeconds: (used.userCPUTime + used.systemCPUTime) / 1_000_000,
    megabytes: (used.maxRSS * 1024) / 1_000_000,
  };
}

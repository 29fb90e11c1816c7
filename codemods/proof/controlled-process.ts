// `process`, `performance` and `queueMicrotask` as a subject finds them: times are the world's, and an error that nobody takes is an effect.
import process from 'node:process';
import type { World } from './world.ts';
import { words } from './words.ts';

type Current = () => World | undefined;
type Callback = (...args: unknown[]) => void;

/** What ends or changes the whole process, listens to it, or says what the machine is doing. */
export const refusedOfProcess: ReadonlySet<string> = new Set(
  words(`
    abort chdir disconnect dlopen emit exit initgroups kill loadEnvFile reallyExit send setegid seteuid
    setgid setgroups setuid setUncaughtExceptionCaptureCallback umask on once addListener
    prependListener prependOnceListener off removeListener removeAllListeners availableMemory
    constrainedMemory cpuUsage getActiveResourcesInfo memoryUsage resourceUsage
  `),
);

export const refusedOfPerformance: ReadonlySet<string> = new Set(
  words(`
    clearMarks clearMeasures clearResourceTimings eventLoopUtilization getEntries getEntriesByName
    getEntriesByType mark markResourceTiming measure nodeTiming timerify toJSON
  `),
);

export const refusedOfPerfHooks: ReadonlySet<string> = new Set(
  words('eventLoopUtilization monitorEventLoopDelay PerformanceObserver timerify'),
);

export function controlledProcess(current: Current): Readonly<Record<string, unknown>> {
  const elapsedNs = (): bigint => BigInt(Math.trunc((current()?.monotonicMs() ?? 0) * 1_000_000));
  const hrtime = (since?: readonly [number, number]): [number, number] => {
    const sinceNs = since === undefined ? 0n : BigInt(since[0]) * 1_000_000_000n + BigInt(since[1]);
    const ns = elapsedNs() - sinceNs;
    return [Number(ns / 1_000_000_000n), Number(ns % 1_000_000_000n)];
  };
  return {
    hrtime: Object.assign(hrtime, { bigint: elapsedNs }),
    uptime: () => (current()?.monotonicMs() ?? 0) / 1_000,
    nextTick: (callback: Callback, ...args: unknown[]) => process.nextTick(noting(current, () => callback(...args))),
  };
}

export function controlledPerformance(current: Current): Readonly<Record<string, unknown>> {
  return {
    now: () => current()?.monotonicMs() ?? 0,
    get timeOrigin() {
      return current()?.startsAtMs ?? 0;
    },
  };
}

export function controlledMicrotask(current: Current): (callback: Callback) => void {
  return (callback) => queueMicrotask(noting(current, () => callback()));
}

/** Node would end the process, and with it the test run. */
function noting(current: Current, act: () => void): () => void {
  const world = current();
  if (world === undefined) return act;
  return () => {
    try {
      act();
    } catch (error) {
      world.recordUnhandled('uncaughtException', error);
    }
  };
}

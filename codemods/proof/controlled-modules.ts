// The modules of node as a subject finds them: time and chance are the world's, and what reaches out of the process is refused.
import { controlledNodeCrypto, refusedOfCrypto } from './controlled-crypto.ts';
import {
  controlledPerformance,
  controlledProcess,
  refusedOfPerfHooks,
  refusedOfPerformance,
  refusedOfProcess,
} from './controlled-process.ts';
import { controlledTimerFunctions, controlledTimerPromises } from './controlled-timer-modules.ts';
import { ruledModule } from './refused-members.ts';
import type { Refuse, Rules } from './refused-members.ts';
import type { World } from './world.ts';
import { words } from './words.ts';

/** Files, the network, other processes and threads, and what the machine is. */
const reachOut: ReadonlySet<string> = new Set(
  words(`
    node:fs node:fs/promises node:net node:tls node:dgram node:dns node:dns/promises node:http
    node:https node:http2 node:child_process node:cluster node:worker_threads node:os node:repl
    node:inspector node:inspector/promises node:sqlite node:wasi
  `),
);

/** Functions of those that only compute. */
const harmless: Readonly<Record<string, ReadonlySet<string>>> = {
  'node:net': new Set(['isIP', 'isIPv4', 'isIPv6']),
  'node:http': new Set(['validateHeaderName', 'validateHeaderValue']),
  'node:worker_threads': new Set(['markAsUntransferable']),
};

/** Global functions that reach out; `use(world, { globalThis: { fetch: … } })` replaces them. */
export const globalsThatReachOut: readonly string[] = ['fetch', 'WebSocket', 'EventSource'].filter((name) => name in globalThis);

interface Surroundings {
  readonly current: () => World | undefined;
  readonly refuse: Refuse;
}

/** A module of node by its name with `node:`; the real one where nothing about it needs control. */
export function controlledModule(specifier: string, real: object, surroundings: Surroundings): object {
  const rules = rulesOf(specifier, surroundings);
  return rules === undefined ? real : ruledModule(real, rules, surroundings.refuse);
}

function rulesOf(specifier: string, { current, refuse }: Surroundings): Rules | undefined {
  if (reachOut.has(specifier)) return { refused: 'all', harmless: harmless[specifier] ?? new Set() };
  switch (specifier) {
    case 'node:crypto':
      return { controlled: controlledNodeCrypto(current), refused: refusedOfCrypto };
    case 'node:timers':
      return { controlled: { ...controlledTimerFunctions(current), promises: controlledTimerPromises(current) } };
    case 'node:timers/promises':
      return { controlled: controlledTimerPromises(current) };
    case 'node:process':
      return { controlled: controlledProcess(current), refused: refusedOfProcess };
    case 'node:perf_hooks': {
      const rules = { controlled: controlledPerformance(current), refused: refusedOfPerformance };
      const performance = ruledModule(globalThis.performance, rules, (member) => refuse(`performance.${member}`));
      return { controlled: { performance }, refused: refusedOfPerfHooks };
    }
    default:
      return undefined;
  }
}

// Judges the event system by the mode that really runs (spec 8.2); pure.
import type { ComponentSnapshot, ListenerCounters, PollerCounters } from '../component-statistics.ts';
import type { DeploymentMode } from './deployment-mode.ts';

export interface EventSystemFacts {
  readonly isRunning: boolean;
  readonly mode: DeploymentMode;
  readonly isCommandChannelOpen: boolean;
  /** Undefined when the mode has none. */
  readonly isPollerHealthy: boolean | undefined;
  readonly isListenerHealthy: boolean | undefined;
  readonly deploymentModeScore: number;
  readonly poller: ComponentSnapshot<PollerCounters> | undefined;
  readonly listener: ComponentSnapshot<ListenerCounters> | undefined;
}

export type EventSystemHealth =
  | {
      readonly kind: 'healthy';
      readonly warnings: readonly string[];
      /**
       * One of the two ways that back each other up is down now. The other warnings are about all that was counted since the
       * start, so they stay long after the trouble has passed.
       */
      readonly isDegraded: boolean;
    }
  | { readonly kind: 'failed'; readonly reason: string; readonly warnings: readonly string[] };

const LOWEST_SCORE = 0.5;
const HIGHEST_POLLING_ERROR_RATE = 0.1;
const HIGHEST_CONNECTION_ERROR_RATE = 0.05;

export function judgeEventSystem(facts: EventSystemFacts): EventSystemHealth {
  if (!facts.isRunning) return { kind: 'failed', reason: 'the event system is not running', warnings: [] };
  const reason = failureOf(facts);
  const warnings = warningsOf(facts);
  if (reason !== undefined) return { kind: 'failed', reason, warnings };
  return { kind: 'healthy', warnings, isDegraded: partsDown(facts).length > 0 };
}

function partsDown({ mode, isPollerHealthy, isListenerHealthy }: EventSystemFacts): readonly string[] {
  if (mode !== 'Hybrid') return [];
  const poller = isPollerHealthy === false ? ['the fallback poller is not healthy'] : [];
  return isListenerHealthy === false ? [...poller, 'the queue listener is not healthy'] : poller;
}

function failureOf(facts: EventSystemFacts): string | undefined {
  switch (facts.mode) {
    case 'PollingOnly':
      return facts.isPollerHealthy === false ? 'the fallback poller is not healthy and nothing else brings messages' : undefined;
    case 'Hybrid':
      return facts.isCommandChannelOpen ? undefined : 'the command channel is closed';
    case 'EventDrivenOnly':
      if (!facts.isCommandChannelOpen) return 'the command channel is closed';
      return facts.isListenerHealthy === false ? 'the queue listener is not healthy and nothing else brings messages' : undefined;
    case 'Disabled':
      return undefined;
  }
}

function warningsOf(facts: EventSystemFacts): readonly string[] {
  const { poller, listener, deploymentModeScore } = facts;
  const warnings = [...partsDown(facts)];
  if (deploymentModeScore < LOWEST_SCORE) warnings.push(`the deployment mode score is ${deploymentModeScore.toFixed(2)}`);
  const pollingErrors = rate(poller?.counters.pollingErrors, poller?.counters.pollingCycles);
  if (pollingErrors > HIGHEST_POLLING_ERROR_RATE) warnings.push(`the poller fails ${pollingErrors.toFixed(2)} times a cycle`);
  const connectionErrors = rate(listener?.counters.connectionErrors, listener?.counters.eventsReceived);
  if (connectionErrors > HIGHEST_CONNECTION_ERROR_RATE)
    warnings.push(`${(connectionErrors * 100).toFixed(0)} % of events are connection errors`);
  return warnings;
}

function rate(errors: number | undefined, of: number | undefined): number {
  return errors === undefined || of === undefined || of === 0 ? 0 : errors / of;
}

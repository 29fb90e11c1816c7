// Checks the health rules of spec 8.2 by the effective mode.
import { describe, expect, it } from 'vitest';
import { ComponentStatistics, noListenerCounts, noPollerCounts } from '../../../src/orchestration/component-statistics.ts';
import { judgeEventSystem, type EventSystemFacts } from '../../../src/orchestration/event-systems/event-system-health.ts';

const well: EventSystemFacts = {
  isRunning: true,
  mode: 'Hybrid',
  isCommandChannelOpen: true,
  isPollerHealthy: true,
  isListenerHealthy: true,
  deploymentModeScore: 1,
  poller: undefined,
  listener: undefined,
};

const pollerWith = (pollingCycles: number, pollingErrors: number) =>
  new ComponentStatistics({ ...noPollerCounts, pollingCycles, pollingErrors }).snapshot();
const listenerWith = (eventsReceived: number, connectionErrors: number) =>
  new ComponentStatistics({ ...noListenerCounts, eventsReceived, connectionErrors }).snapshot();

describe('judgeEventSystem', () => {
  it.each<[string, Partial<EventSystemFacts>, 'healthy' | 'failed', readonly (string | RegExp)[]]>([
    ['all well', {}, 'healthy', []],
    ['not running', { isRunning: false }, 'failed', []],
    ['PollingOnly with an unhealthy poller', { mode: 'PollingOnly', isPollerHealthy: false }, 'failed', []],
    ['PollingOnly with a closed channel', { mode: 'PollingOnly', isCommandChannelOpen: false }, 'healthy', []],
    ['Hybrid with a closed channel', { isCommandChannelOpen: false }, 'failed', []],
    ['Hybrid with an unhealthy poller', { isPollerHealthy: false }, 'healthy', ['the fallback poller is not healthy']],
    ['Hybrid with an unhealthy listener', { isListenerHealthy: false }, 'healthy', ['the queue listener is not healthy']],
    ['EventDrivenOnly', { mode: 'EventDrivenOnly', isPollerHealthy: undefined }, 'healthy', []],
    ['EventDrivenOnly with a closed channel', { mode: 'EventDrivenOnly', isCommandChannelOpen: false }, 'failed', []],
    ['EventDrivenOnly with an unhealthy listener', { mode: 'EventDrivenOnly', isListenerHealthy: false }, 'failed', []],
    ['Disabled', { mode: 'Disabled', isCommandChannelOpen: false }, 'healthy', []],
    ['a score of 0.5', { deploymentModeScore: 0.5 }, 'healthy', []],
    ['a score below 0.5', { deploymentModeScore: 0.49 }, 'healthy', ['the deployment mode score is 0.49']],
    ['one polling error in ten cycles', { poller: pollerWith(10, 1) }, 'healthy', []],
    ['two polling errors in ten cycles', { poller: pollerWith(10, 2) }, 'healthy', ['the poller fails 0.20 times a cycle']],
    ['one connection error in twenty events', { listener: listenerWith(20, 1) }, 'healthy', []],
    [
      'two connection errors in twenty events',
      { listener: listenerWith(20, 2) },
      'healthy',
      ['10 % of events are connection errors'],
    ],
    ['nothing counted yet', { poller: pollerWith(0, 0), listener: listenerWith(0, 0) }, 'healthy', []],
  ])('%s', (_name, facts, kind, warnings) => {
    const health = judgeEventSystem({ ...well, ...facts });
    expect(health).toMatchObject({ kind, warnings });
    expect('reason' in health).toBe(kind === 'failed');
  });

  it.each<[string, Partial<EventSystemFacts>, boolean]>([
    ['all well', {}, false],
    ['a listener that lost its connection beside a poller', { isListenerHealthy: false }, true],
    ['a poller that stands still beside a listener', { isPollerHealthy: false }, true],
    ['connection errors of the past', { listener: listenerWith(20, 2) }, false],
    ['polling errors of the past', { poller: pollerWith(10, 2) }, false],
    ['a mode without a second way', { mode: 'Disabled', isPollerHealthy: undefined, isListenerHealthy: undefined }, false],
  ])('with %s is degraded: %s', (_name, facts, isDegraded) => {
    expect(judgeEventSystem({ ...well, ...facts })).toMatchObject({ kind: 'healthy', isDegraded });
  });
});

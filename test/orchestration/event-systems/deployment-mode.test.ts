// Checks the mode table of spec 8.1 with the decisions on push providers and Disabled.
import { describe, expect, it } from 'vitest';
import type { ProviderName } from '../../../src/messaging/envelope.ts';
import {
  deploymentModes,
  effectiveMode,
  isEventDriven,
  isPolling,
  parseDeploymentMode,
  type DeploymentMode,
} from '../../../src/orchestration/event-systems/deployment-mode.ts';

function provider(name: ProviderName) {
  return {
    name,
    capabilities: { push: name !== 'in_memory', fetchById: name === 'pgmq', sharesDatabase: false, fallbackPollingMs: undefined },
  };
}

describe('deployment mode', () => {
  it.each(deploymentModes)('reads %s', (mode) => {
    expect(parseDeploymentMode(mode)).toBe(mode);
  });

  it('refuses another text and lists the modes', () => {
    expect(() => parseDeploymentMode('hybrid')).toThrow(/"hybrid".*Hybrid, EventDrivenOnly, PollingOnly, Disabled/);
  });

  it.each<[DeploymentMode, boolean, boolean]>([
    ['Hybrid', true, true],
    ['EventDrivenOnly', true, false],
    ['PollingOnly', false, true],
    ['Disabled', false, false],
  ])('%s: event-driven %s, polling %s', (mode, events, polling) => {
    expect(isEventDriven(mode)).toBe(events);
    expect(isPolling(mode)).toBe(polling);
  });

  it.each<[ProviderName, DeploymentMode, DeploymentMode, 'info' | 'warn' | 'error']>([
    ['pgmq', 'Hybrid', 'Hybrid', 'info'],
    ['pgmq', 'EventDrivenOnly', 'EventDrivenOnly', 'info'],
    ['pgmq', 'PollingOnly', 'PollingOnly', 'info'],
    ['pgmq', 'Disabled', 'Disabled', 'info'],
    ['rabbitmq', 'Hybrid', 'EventDrivenOnly', 'warn'],
    ['rabbitmq', 'EventDrivenOnly', 'EventDrivenOnly', 'info'],
    ['rabbitmq', 'PollingOnly', 'EventDrivenOnly', 'error'],
    ['rabbitmq', 'Disabled', 'Disabled', 'info'],
    ['in_memory', 'Hybrid', 'PollingOnly', 'warn'],
    ['in_memory', 'EventDrivenOnly', 'PollingOnly', 'warn'],
    ['in_memory', 'PollingOnly', 'PollingOnly', 'info'],
    ['in_memory', 'Disabled', 'Disabled', 'info'],
  ])('on %s, %s runs as %s (%s)', (name, configured, mode, level) => {
    const effective = effectiveMode(configured, provider(name));
    expect(effective).toMatchObject({ mode, level });
    expect(effective.overridden !== undefined).toBe(mode !== configured);
  });
});

// Which ways messages reach the orchestrator, and what the message provider makes of the configured choice (spec 8.1).
import { TaskerError } from '../../domain/errors.ts';
import type { MessagingProvider } from '../../messaging/provider.ts';

export const deploymentModes = ['Hybrid', 'EventDrivenOnly', 'PollingOnly', 'Disabled'] as const;

export type DeploymentMode = (typeof deploymentModes)[number];

export const defaultDeploymentMode: DeploymentMode = 'Hybrid';

export interface EffectiveMode {
  readonly mode: DeploymentMode;
  /** Why the configured mode is not the active one; absent when it is. */
  readonly overridden?: string;
  /** How loudly the caller should log the choice. */
  readonly level: 'info' | 'warn' | 'error';
}

/** Throws DEPLOYMENT_MODE_UNKNOWN (input) for any other text. */
export function parseDeploymentMode(text: string): DeploymentMode {
  const mode = deploymentModes.find((known) => known === text);
  if (mode !== undefined) return mode;
  throw new TaskerError(
    'DEPLOYMENT_MODE_UNKNOWN',
    `The deployment mode is "${text}"; expected one of ${deploymentModes.join(', ')}. Correct the configuration.`,
    { kind: 'input', details: { found: text, expected: deploymentModes } },
  );
}

export function isEventDriven(mode: DeploymentMode): boolean {
  return mode === 'Hybrid' || mode === 'EventDrivenOnly';
}

export function isPolling(mode: DeploymentMode): boolean {
  return mode === 'Hybrid' || mode === 'PollingOnly';
}

/** The mode that will really run. Disabled stays disabled with every provider. */
export function effectiveMode(
  configured: DeploymentMode,
  provider: Pick<MessagingProvider, 'name' | 'capabilities'>,
): EffectiveMode {
  if (configured === 'Disabled') return { mode: 'Disabled', level: 'info' };
  if (provider.name === 'rabbitmq') return forcedEventDriven(configured);
  if (!provider.capabilities.push && isEventDriven(configured)) {
    return {
      mode: 'PollingOnly',
      overridden: `${configured} needs push notifications and provider ${provider.name} has none: polling instead`,
      level: 'warn',
    };
  }
  return { mode: configured, level: 'info' };
}

function forcedEventDriven(configured: DeploymentMode): EffectiveMode {
  if (configured === 'EventDrivenOnly') return { mode: 'EventDrivenOnly', level: 'info' };
  return {
    mode: 'EventDrivenOnly',
    overridden: `${configured} was configured, but provider rabbitmq pushes every message: EventDrivenOnly instead`,
    level: configured === 'PollingOnly' ? 'error' : 'warn',
  };
}

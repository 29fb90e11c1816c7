// The files the plan TAS-63 is about, relative to its root.

const orchestration = 'packages/orchestration/src/orchestration';

/** A file below the folder of the orchestration. */
export function inOrchestration(path: string): string {
  return `${orchestration}/${path}`;
}

export const eventSystem = inOrchestration('event-systems/orchestration-event-system.ts');
export const processor = inOrchestration('actors/command-processor-actor.ts');
export const discovery = inOrchestration('viable-step-discovery.ts');
export const stateManager = inOrchestration('state-manager.ts');
export const commandTypes = inOrchestration('commands/types.ts');
export const enqueuer = inOrchestration('lifecycle/step-enqueuer.ts');
export const initializer = inOrchestration('lifecycle/state-initializer.ts');

// Presents src under the names by which the scenarios ask for the legacy system, so that they run on it as they are.
import type { Subject } from '../../../codemods/proof/subject-loader.ts';
import type { World } from '../../../codemods/proof/world.ts';
import { openSystem } from '../tas-63/system.ts';

/** What the scenario has set up when it asks for an export. */
export interface Surroundings {
  world(): World;
  /** The scenario's stand-in for an export of the legacy system. */
  replacement(name: string): unknown;
}

/** Exports of the legacy system that src stands behind. */
export type Adapter = (surroundings: Surroundings) => Readonly<Record<string, unknown>>;

/**
 * What the adapter does not present is the legacy system's own: channels and error classes, of which the scenarios make
 * their stand-ins.
 */
export function openSrc(adapter: Adapter): Subject {
  const legacy = openSystem();
  let current: World | undefined;
  let replacements: Readonly<Record<string, unknown>> = {};
  const presented = adapter({
    world: () => current ?? missing('a world'),
    replacement: (name) => replacements[name] ?? missing(name),
  });
  return {
    load: (path) => ({ ...legacy.load(path), ...presented }),
    use(world, given = {}) {
      current = world;
      replacements = given;
      legacy.use(world, given);
    },
    counters: legacy.counters,
  };
}

function missing(what: string): never {
  throw new Error(`The scenario did not set up ${what} before it asked for src.`);
}

// Random task templates from a seed: the same seed gives the same graphs, so that a failure can be run again.
import type { TaskTemplate } from '../../src/domain/template/task-template.ts';
import { validateTemplate } from '../../src/domain/template/parse-template.ts';

/** 0 to 1, the same sequence for the same seed (xorshift32). */
export function seededRandom(seed: number): () => number {
  // Zero stays zero for ever; multiplying by a large odd number keeps neighbouring seeds apart.
  let state = Math.imul(seed, 2_654_435_761) | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** 0 to below `limit`. */
export function below(random: () => number, limit: number): number {
  return Math.floor(random() * limit);
}

/** Two to seven steps, each after up to three of those before it; attempts enough that kills do not use them up. */
export function randomTemplate(name: string, random: () => number): TaskTemplate {
  const count = 2 + below(random, 6);
  const steps = Array.from({ length: count }, (_, index) => ({
    name: `step_${index}`,
    dependencies: parentsOf(index, random).map((parent) => `step_${parent}`),
    handler: { callable: 'effect', initialization: { workMs: 5 + below(random, 50) } },
    retry: { max_attempts: 20, backoff: 'linear', backoff_base_ms: 100 },
  }));
  return validateTemplate({ name, namespace_name: 'crash', version: '1.0.0', steps }, name);
}

function parentsOf(index: number, random: () => number): readonly number[] {
  if (index === 0) return [];
  const wanted = below(random, 4);
  return [...new Set(Array.from({ length: wanted }, () => below(random, index)))];
}

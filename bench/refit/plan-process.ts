// A process of its own that carries the plan out once, as `npm run refactor` does, and prints its times as one JSON line.
import { join } from 'node:path';
import process from 'node:process';
import { runPlan } from '../../codemods/cli/run-plan.ts';

/** Seconds of one run of the plan, and what was traced in them; nothing was when `proof` is missing. */
export interface PlanTimes {
  readonly load: number;
  readonly apply: number;
  readonly proof?: number;
  readonly cases?: number;
  readonly random?: number;
}

const planPath = 'codemods/plans/tas-63.ts';
const proofPath = 'test/conformance/tas-63/trace-plan.ts';

/** `random` scenarios a subject; undefined: no proof. */
async function timePlan(random: number | undefined): Promise<PlanTimes> {
  const flags = random === undefined ? { random: 0 } : { random, proof: proofPath };
  const silent = { step: () => undefined, say: () => undefined };
  const cwd = join(import.meta.dirname, '../..');
  const { records, finalTraces, seconds } = await runPlan(planPath, flags, { cwd, progress: silent });
  const wrong = records.find(({ failure }) => failure !== undefined);
  if (wrong !== undefined) throw new Error(`step ${wrong.id}: ${wrong.failure?.message ?? ''}`);
  const different = finalTraces?.find(({ differences }) => differences.length > 0);
  if (different !== undefined) throw new Error(`the traces of ${different.subject} differ`);
  const { load, apply, proof } = seconds;
  if (finalTraces === undefined) return { load, apply };
  const sum = (pick: 'cases' | 'random'): number => finalTraces.reduce((total, each) => total + each[pick], 0);
  return { load, apply, proof, cases: sum('cases'), random: sum('random') };
}

const [given] = process.argv.slice(2);
process.stdout.write(`${JSON.stringify(await timePlan(given === undefined ? undefined : Number(given)))}\n`);

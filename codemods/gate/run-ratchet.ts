// `refit gate ratchet`: raises the committed ratchet to what is measured, when the evidence can be judged.
import { join } from 'node:path';
import { RefitError } from '../kernel/refit-error.ts';
import { gatherFacts } from './facts.ts';
import { isBlocking } from './failure.ts';
import { judge } from './judge.ts';
import { measureRatchet, raiseRatchet } from './ratchet.ts';
import type { GateOptions } from './run-gate.ts';
import { gatherEvidence } from './run-gate.ts';
import { writeText } from './write-text.ts';

export interface RaisedRatchet {
  readonly path: string;
  readonly changed: boolean;
}

/**
 * Raises the ratchet file; never lowers a mark in it.
 * @throws RefitError GATE_RATCHET_UNNAMED when the configuration names no file, or the code of what keeps the gate from judging.
 */
export async function runRatchet(options: GateOptions): Promise<RaisedRatchet> {
  const { config, root, evidence } = await gatherEvidence(options);
  if (config.ratchet === undefined) {
    const message = "The configuration names no ratchet. Add `ratchet: 'coverage-ratchet.json'` to it.";
    throw new RefitError('GATE_RATCHET_UNNAMED', message);
  }
  const broken = judge(evidence).failures.find((failure) => isBlocking(failure) && failure.code !== 'GATE_RATCHET_MISSING');
  const failed = judge(evidence).failures.find((failure) => failure.code === 'GATE_TESTS_FAILED');
  const reason = broken ?? failed;
  if (reason !== undefined) throw new RefitError(reason.code, reason.message);
  const raised = raiseRatchet(evidence.ratchet, measureRatchet(config, gatherFacts(evidence)));
  const text = `${JSON.stringify(raised, undefined, 2)}\n`;
  const changed = evidence.ratchet === undefined || text !== `${JSON.stringify(evidence.ratchet, undefined, 2)}\n`;
  const path = join(root, config.ratchet);
  if (changed) writeText(path, text);
  return { path, changed };
}

// The status of a process is that of its worst service.
import { describe, expect, it } from 'vitest';
import { judgeProcess } from '../../src/runtime/judge-process.ts';
import type { OrchestratorFacts, ProcessFacts, WorkerFacts } from '../../src/runtime/judge-process.ts';

const well: OrchestratorFacts = { system: 'healthy', events: { kind: 'healthy', warnings: [], isDegraded: false } };
const failed: OrchestratorFacts = { ...well, events: { kind: 'failed', reason: 'the command channel is closed', warnings: [] } };
const oneWay: OrchestratorFacts = { ...well, events: { kind: 'healthy', warnings: ['…'], isDegraded: true } };
const idle: WorkerFacts = { stepsClaimed: 0, claimErrors: 0 };
const onlyErrors: WorkerFacts = { stepsClaimed: 0, claimErrors: 3 };

describe('judgeProcess', () => {
  it.each<[string, Partial<ProcessFacts>, string]>([
    ['nothing that runs', {}, 'stopped'],
    ['an orchestrator that is well', { orchestrators: [well] }, 'healthy'],
    ['an orchestrator that looked at nothing yet', { orchestrators: [{ ...well, system: 'unknown' }] }, 'unknown'],
    ['an orchestrator whose database does not answer', { orchestrators: [{ ...well, system: 'unhealthy' }] }, 'unhealthy'],
    ['an orchestrator that gets no messages', { orchestrators: [failed] }, 'unhealthy'],
    ['an orchestrator that gets them one way only', { orchestrators: [oneWay] }, 'degraded'],
    ['the second orchestrator failed', { orchestrators: [well, failed] }, 'unhealthy'],
    ['an idle worker', { workers: [idle] }, 'healthy'],
    ['a worker that claims and sometimes fails to', { workers: [{ stepsClaimed: 1, claimErrors: 3 }] }, 'healthy'],
    ['a worker with nothing but claim errors', { workers: [onlyErrors] }, 'degraded'],
    ['such a worker beside an orchestrator that is well', { orchestrators: [well], workers: [idle, onlyErrors] }, 'degraded'],
    ['such a worker beside one that is not', { orchestrators: [failed], workers: [onlyErrors] }, 'unhealthy'],
  ])('%s: %s', (_name, { orchestrators = [], workers = [] }, status) => {
    expect(judgeProcess({ orchestrators, workers })).toBe(status);
  });
});

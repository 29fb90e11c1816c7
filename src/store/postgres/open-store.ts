// The PostgreSQL store: one pool, and each statement family behind the port's method.
import type pg from 'pg';
import type { Logger } from '../../domain/ports.ts';
import type { Store } from '../store.ts';
import { createTasks } from './create-tasks.ts';
import { decideTakenResults, decideTasks } from './decide-tasks.ts';
import { ping, readHealth, reportHealth } from './health-rows.ts';
import { doctor, listTasks, taskDetails, taskStates, taskTransitions } from './inspect-tasks.ts';
import { releaseSteps, renewLeases } from './leases.ts';
import { findReadyTasks, nextRetryInMs, resendLostMessages } from './recover.ts';
import { findTemplateUuid, registerTemplate, templateByUuid } from './register-template.ts';
import { claimAndSettle } from './settle-claim.ts';
import { submitResults } from './submit-results.ts';

export interface OpenStoreOptions {
  readonly pool: pg.Pool;
  /** Written into each transition this process makes. */
  readonly processUuid: string;
  readonly logger: Logger;
}

/** The caller keeps the pool and closes it. The database must be migrated. */
export function openPostgresStore({ pool, processUuid, logger }: OpenStoreOptions): Store {
  return {
    registerTemplate: (template) => registerTemplate(pool, template),
    findTemplateUuid: (name) => findTemplateUuid(pool, name),
    templateByUuid: (uuid) => templateByUuid(pool, uuid),
    createTasks: (template, tasks) => createTasks(pool, processUuid, template, tasks),
    decideTasks: (uuids, decide) => decideTasks(pool, processUuid, uuids, decide),
    decideTakenResults: (ids, decide) => decideTakenResults(pool, processUuid, ids, decide),
    findReadyTasks: (limit) => findReadyTasks(pool, limit),
    nextRetryInMs: () => nextRetryInMs(pool),
    resendLostMessages: (options) => resendLostMessages(pool, options?.evenWithoutCrash ?? false),
    claimSteps: (params) => claimAndSettle(pool, logger, params),
    submitResults: (workerUuid, reports) => submitResults(pool, workerUuid, reports),
    renewLeases: (workerUuid, leases, leaseMs) => renewLeases(pool, workerUuid, leases, leaseMs),
    releaseSteps: (workerUuid, leases) => releaseSteps(pool, workerUuid, leases),
    taskStates: (uuids) => taskStates(pool, uuids),
    taskDetails: (uuid) => taskDetails(pool, uuid),
    listTasks: (params) => listTasks(pool, params),
    taskTransitions: (uuid) => taskTransitions(pool, uuid),
    doctor: (limit) => doctor(pool, limit),
    ping: () => ping(pool),
    reportHealth: (health) => reportHealth(pool, health),
    readHealth: () => readHealth(pool),
  };
}

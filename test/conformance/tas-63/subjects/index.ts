// All subjects of the conformance suite, in the order of the system's files.
import type { SubjectSpec } from '../../../../codemods/proof/prove.ts';
import { discovery } from './discovery.ts';
import { eventHandlers } from './event-handlers.ts';
import { eventSystemHealth } from './event-system-health.ts';
import { health } from './health.ts';
import { messageHandlers } from './message-handlers.ts';
import { notifications } from './notifications.ts';
import { processEvent } from './process-event.ts';
import { readinessSummary } from './readiness-summary.ts';
import { requestBuilder } from './request-builder.ts';
import { router } from './router.ts';
import { startSubject } from './start.ts';
import { stateInitializer } from './state-initializer.ts';
import { statistics } from './statistics.ts';
import { stepMarking } from './step-marking.ts';

export const subjects: readonly SubjectSpec[] = [
  statistics,
  processEvent,
  notifications,
  startSubject,
  eventSystemHealth,
  eventHandlers,
  messageHandlers,
  router,
  health,
  discovery,
  requestBuilder,
  readinessSummary,
  stepMarking,
  stateInitializer,
];

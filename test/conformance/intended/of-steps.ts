// Intended differences in requests of steps, readiness and marking.
import type { IntendedDifference } from '../src/intend.ts';

export const steps: readonly IntendedDifference[] = [
  {
    id: 'a limit of 0 is no limit',
    subjects: ['request-builder'],
    cases: /^step defined, limit 0 of the handler|^a limit of minus zero$/,
    changes: [{ fact: 'outcome', from: /timeoutMs: -?0\b/, to: 'timeoutMs: 20000' }],
    spec: 'architecture 3 (8)',
    reason: 'A limit of 0 ms would end every attempt before it began; the limit of the step counts instead.',
  },
  {
    id: 'no limit beyond what a timer holds',
    subjects: ['request-builder'],
    cases: /^a limit beyond 32 bits$/,
    changes: [{ fact: 'outcome', from: /timeoutMs: 5000000000/, to: 'timeoutMs: 2147483647' }],
    spec: 'architecture 3 (8)',
    reason: 'A timer of Node with a longer delay fires at once.',
  },
  {
    id: 'counts are not cast',
    subjects: ['request-builder'],
    cases: /^attempts /,
    changes: [
      {
        fact: 'outcome',
        from: /attempt: -1, (.*)maxAttempts: -2147483648/,
        to: 'attempt: 4294967295, $1maxAttempts: 2147483648',
      },
      { fact: 'outcome', from: /attempt: 2, /, to: 'attempt: 2.9, ' },
    ],
    spec: 'orchestration-spec 6.6',
    reason:
      'The specification copies them; the cast to 31 bits is a leftover of another language, and columns hold whole numbers.',
  },
  {
    id: 'text of a step without a template',
    subjects: ['request-builder'],
    cases: /not defined/,
    changes: [
      {
        fact: 'outcome',
        from: /^threw OrchestrationError\("DiscoveryFailed", "step discovery for task <id> gave up: step_template (\w+ \(in task [^)]*\)): the template of the task does not define this step"\)$/,
        to: 'threw TaskerError("STEP_TEMPLATE_MISSING", "Step template not found in task configuration: $1. Its steps are bill.")',
      },
      {
        fact: 'outcome',
        from: /(: bill \(in task shop\/order\/1\.2\.0\)\. Its steps are) bill\./,
        to: '$1 ship, pick.',
      },
    ],
    spec: 'orchestration-spec 6.6',
    reason: 'The words are those of the specification, with the steps that there are.',
  },
  {
    id: 'percentages without the noise of fractions',
    subjects: ['readiness-summary'],
    cases: /^(?:29|57) of 100 complete$/,
    changes: [
      { fact: 'outcome', from: /progressPercentage: 28/, to: 'progressPercentage: 29' },
      { fact: 'outcome', from: /progressPercentage: 56/, to: 'progressPercentage: 57' },
    ],
    spec: 'orchestration-spec 6.7',
    reason: 'The formula of the specification in whole numbers: 29 of 100 are 29 percent.',
  },
  {
    id: 'a step that waited for its retry is pending in between',
    subjects: ['step-marking'],
    changes: [{ fact: 'marked', from: /WaitingForRetry > Enqueued/g, to: 'WaitingForRetry > Pending > Enqueued' }],
    spec: 'orchestration-spec 6.4',
    reason: 'The specification asks for the event Retry, which leads to pending, before Enqueue.',
  },
];

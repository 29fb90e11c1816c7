// The times of the crash tests, the same for every process, and what follows from them for how long a step may be stuck.
export const leaseMs = 2_000;
export const sweepIntervalMs = 500;
export const pollIntervalMs = 250;

/** Nothing waits longer for a process that was killed. */
export const recoveryMs = leaseMs + sweepIntervalMs;

/** On top of it: one poll, and a machine of two cores on which other tests run and processes start. */
export const slackMs = pollIntervalMs + 1_000;

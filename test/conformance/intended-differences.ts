// How src differs from the legacy system on purpose: each difference as data, with where it is asked for and the reason.
// An entry rewrites what the golden of the legacy system shows; src must then show exactly that (src/intend.ts).
import { commands } from './intended/of-commands.ts';
import { dispatch, notifications } from './intended/of-dispatch.ts';
import { lifecycle, modes, verdicts } from './intended/of-event-system.ts';
import { steps } from './intended/of-steps.ts';
import type { IntendedDifference } from './src/intend.ts';

export const intendedDifferences: readonly IntendedDifference[] = [
  ...dispatch,
  ...notifications,
  ...lifecycle,
  ...modes,
  ...verdicts,
  ...commands,
  ...steps,
];

// The public surface of tasker: named re-exports only.
export { TaskerError } from './domain/errors.ts';
export type { ErrorKind, TaskerErrorOptions } from './domain/errors.ts';

// What may travel as JSON through the database and the queues.

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** A value or an error, for batches in which each member has its own outcome. */
export type Settled<T, E = Error> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

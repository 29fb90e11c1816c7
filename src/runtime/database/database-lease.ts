// What every way to a database hands out: a url to use and a close to call.

export type DatabaseKind = 'url' | 'testcontainers' | 'embedded';
export type DatabasePurpose = 'user' | 'test';

/** The caller's share of a running server. Until `close` the server stays up. */
export interface DatabaseLease {
  readonly url: string;
  readonly kind: DatabaseKind;
  /** One sentence for people: which server this is, without the password. */
  readonly description: string;
  /** `server_version_num`: 180004 is 18.4. */
  readonly serverVersion: number;
  /** Gives the share back; the last share of an embedded server stops it. Safe twice. */
  close(): Promise<void>;
}

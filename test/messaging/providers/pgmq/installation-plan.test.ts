// What is done about pgmq for each state a database can be in.
import { describe, expect, it } from 'vitest';
import type { PgmqProbe } from '../../../../src/messaging/providers/pgmq/installation-plan.ts';
import { neededFunctions, planInstallation } from '../../../../src/messaging/providers/pgmq/installation-plan.ts';

const empty: PgmqProbe = {
  extensionVersion: null,
  availableVersion: null,
  schemaExists: false,
  schemaComment: null,
  schemaInUse: false,
  metaExists: false,
  readTimeExists: false,
  functions: [],
  mayUse: true,
  database: 'app',
};
const complete: PgmqProbe = {
  ...empty,
  schemaExists: true,
  schemaInUse: true,
  metaExists: true,
  readTimeExists: true,
  functions: [...neededFunctions, 'pop(text, integer)'],
};

describe('planInstallation', () => {
  it.each([
    ['an empty database', empty, { kind: 'install', source: 'sql' }],
    ['a server with the extension', { ...empty, availableVersion: '1.11.1' }, { kind: 'install', source: 'extension' }],
    ['an empty schema', { ...empty, schemaExists: true }, { kind: 'install', source: 'sql' }],
    ['the extension', { ...complete, extensionVersion: '1.10.0' }, { kind: 'present', version: '1.10.0' }],
    [
      'our own installation',
      { ...complete, schemaComment: 'pgmq 1.11.1, installed from SQL by tasker' },
      { kind: 'present', version: '1.11.1' },
    ],
    ['our own, on a server that has the extension now', { ...complete, availableVersion: '2.0' }, { kind: 'present' }],
    ['the official SQL, run by somebody else', complete, { kind: 'present', version: 'unknown' }],
  ])('%s', (_name, found, expected) => {
    expect(planInstallation(found)).toMatchObject(expected);
  });

  it.each([
    ['an extension without the read time', { ...complete, extensionVersion: '1.9.0', readTimeExists: false }, 'PGMQ_TOO_OLD'],
    [
      'an extension with fewer functions',
      { ...complete, extensionVersion: '1.4.4', availableVersion: '1.11.1', functions: ['create(text)'] },
      'PGMQ_TOO_OLD',
    ],
    [
      'old official SQL',
      { ...complete, functions: ['create(text)', 'read(text, integer, integer)'], readTimeExists: false },
      'PGMQ_TOO_OLD',
    ],
    ['a stranger’s schema', { ...empty, schemaExists: true, schemaInUse: true }, 'PGMQ_SCHEMA_FOREIGN'],
    ['a stranger’s schema with a table meta', { ...complete, functions: [] }, 'PGMQ_SCHEMA_FOREIGN'],
    ['a schema that the role may not use', { ...complete, mayUse: false }, 'PGMQ_RIGHTS_MISSING'],
  ])('refuses %s', (_name, found, code) => {
    expect(planInstallation(found)).toMatchObject({ kind: 'refuse', error: { code, kind: 'infrastructure' } });
  });

  it('says how to update an old extension', () => {
    const found = { ...complete, extensionVersion: '1.4.4', availableVersion: '1.11.1', functions: [] };
    const plan = planInstallation(found);
    expect(plan.kind === 'refuse' && plan.error.message).toContain('alter extension pgmq update');
  });
});

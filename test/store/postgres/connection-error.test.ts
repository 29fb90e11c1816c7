// What a failed statement becomes: data that can never be stored is told from everything that may pass.
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { storeError } from '../../../src/store/postgres/connection-error.ts';
import { databaseError } from './database-error.ts';

describe('an error of the database', () => {
  it.each([
    ['22P05', 'STORE_DATA_REFUSED', 'an untranslatable character'],
    ['22P02', 'STORE_DATA_REFUSED', 'text that is no value of the type'],
    ['23514', 'STORE_DATA_REFUSED', 'a broken check'],
    ['54000', 'STORE_DATA_REFUSED', 'a limit of the server'],
    ['57014', 'STORE_FAILED', 'a cancelled statement'],
    ['55P03', 'STORE_FAILED', 'a lock that was not to be had'],
    ['53100', 'STORE_FAILED', 'a full disk'],
    ['53200', 'STORE_FAILED', 'no memory'],
    ['53300', 'STORE_FAILED', 'too many connections'],
    ['25006', 'STORE_FAILED', 'a standby, which only reads'],
    ['40P01', 'STORE_FAILED', 'a deadlock'],
    ['40001', 'STORE_FAILED', 'a conflict of transactions'],
    ['57P01', 'STORE_UNREACHABLE', 'a server that shuts down'],
    ['08006', 'STORE_UNREACHABLE', 'a lost connection'],
    ['42P01', 'SCHEMA_MISSING', 'no such table'],
    ['3F000', 'SCHEMA_MISSING', 'no such schema'],
    ['42883', 'SCHEMA_MISSING', 'no such function'],
    ['42501', 'DATABASE_RIGHTS_MISSING', 'a missing right'],
  ])('with the SQLSTATE %s is %s: %s', (sqlState, code, what) => {
    const error = storeError(databaseError(sqlState, what), 'submitting results');
    expect(error).toMatchObject({ code, kind: 'infrastructure', message: expect.stringContaining(what) });
    expect(error.message).toContain('while submitting results');
    expect(error.cause).toBeInstanceOf(pg.DatabaseError);
  });

  it('carries the SQLSTATE when it is about the data', () => {
    expect(storeError(databaseError('54000', 'too much'), 'claiming').details).toEqual({ sqlState: '54000' });
  });
});

// Checks that only the last 1,000 messages are remembered.
import { expect, it } from 'vitest';
import { WakeRecord } from '../../../src/orchestration/event-systems/woken-by.ts';

it('counts each source', () => {
  const record = new WakeRecord();
  record.record('notify');
  record.record('poll');
  record.record('poll');
  record.record('direct');
  expect(record.snapshot()).toEqual({ notify: 1, poll: 2, direct: 1 });
});

it('forgets what is older than 1,000 messages', () => {
  const record = new WakeRecord();
  for (let index = 0; index < 1000; index++) record.record('notify');
  expect(record.snapshot()).toEqual({ notify: 1000, poll: 0, direct: 0 });
  for (let index = 0; index < 300; index++) record.record('poll');
  expect(record.snapshot()).toEqual({ notify: 700, poll: 300, direct: 0 });
  for (let index = 0; index < 1000; index++) record.record('direct');
  expect(record.snapshot()).toEqual({ notify: 0, poll: 0, direct: 1000 });
});

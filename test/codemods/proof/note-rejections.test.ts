// Rejections that nobody handles.
import { describe, expect, it } from 'vitest';
import { noteRejections } from '../../../codemods/proof/note-rejections.ts';

/** Node tells of unhandled rejections once the microtasks are done, before the next immediate. */
function told(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('noteRejections', () => {
  it('hands them over until it is undone, and then gives those who listened before their place again', async () => {
    const before = process.listeners('unhandledRejection');
    const seen: unknown[] = [];
    const restore = noteRejections((error) => seen.push(error));
    void Promise.reject(new Error('a'));
    await told();
    restore();
    expect(seen).toEqual([new Error('a')]);
    expect(process.listeners('unhandledRejection')).toEqual(before);
  });

  it('hands them to the latest of several, in whatever order they end', async () => {
    const before = process.listeners('unhandledRejection');
    const seen: string[] = [];
    const first = noteRejections(() => seen.push('first'));
    const second = noteRejections(() => seen.push('second'));
    void Promise.reject(new Error('a'));
    await told();
    second();
    void Promise.reject(new Error('b'));
    await told();
    const third = noteRejections(() => seen.push('third'));
    first();
    void Promise.reject(new Error('c'));
    await told();
    third();
    expect(seen).toEqual(['second', 'first', 'third']);
    expect(process.listeners('unhandledRejection')).toEqual(before);
  });
});

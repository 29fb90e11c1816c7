// The public surface of the proof.
import { describe, expect, it } from 'vitest';
import * as proof from '../../../codemods/proof/index.ts';

describe('the proof', () => {
  it('gives a stranger what it takes to record a subject and to compare it', () => {
    const names = [
      'openSubject',
      'createRecorder',
      'watch',
      'runScenario',
      'runTwice',
      'recordGolden',
      'compareWithGolden',
      'compareTraces',
    ];
    expect(Object.keys(proof)).toEqual(expect.arrayContaining(names));
    expect(Object.values(proof).every((each) => each !== undefined)).toBe(true);
  });
});

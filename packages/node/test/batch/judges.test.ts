import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { judgesOf } from '../../src/batch/judges.js';

describe('who judges a batch', () => {
  it('counts this thread unless it is kept free', () => {
    expect(judgesOf({}, false)).toEqual({ size: 0, judgeHere: true, sparing: false });
    expect(judgesOf({ concurrency: 3 }, false)).toEqual({ size: 2, judgeHere: true, sparing: false });
    expect(judgesOf({ concurrency: 3, judgeHere: false }, false)).toEqual({ size: 3, judgeHere: false, sparing: false });
    expect(judgesOf({ concurrency: 64 }, false).size).toBe(63);
    expect(judgesOf({ concurrency: 'auto' }, false)).toEqual({ size: Math.min(availableParallelism(), 8) - 1, judgeHere: true, sparing: true });
  });

  it('refuses what is no number of threads', () => {
    for (const concurrency of [0, -1, 1.5, 65, Number.NaN, 'all' as 'auto']) expect(() => judgesOf({ concurrency }, false)).toThrow(TypeError);
    expect(() => judgesOf({ judgeHere: 'no' as unknown as boolean }, false)).toThrow(TypeError);
  });

  it('takes functions to no other thread', () => {
    expect(judgesOf({}, true).size).toBe(0);
    expect(judgesOf({ concurrency: 'auto' }, true).size).toBe(0);
    expect(() => judgesOf({ concurrency: 2 }, true)).toThrow(TypeError);
    expect(() => judgesOf({ judgeHere: false }, true)).toThrow(TypeError);
  });
});

import { createResumableDigests } from '@hefu/crypto';
import { memoryStore } from '@hefu/updater';
import { describe, expect, it } from 'vitest';
import { checkpointsOf, readCheckpoint, writeCheckpoint } from '../../src/digest/checkpoint.js';
import { digestFile } from '../../src/digest/digest-file.js';
import type { DigestProgress } from '../../src/digest/digest-job.js';
import { createRate } from '../../src/digest/rate.js';
import { BROWSER_LIMITS } from '../../src/limits.js';

const NOW = Date.UTC(2026, 5, 1);
const FILE = { name: '投标文件.zip', size: 3_000_000_000, lastModified: NOW - 1000 };
const WANTED = [{ algorithm: 'SHA-256', prefix: new Uint8Array(0) }, { algorithm: 'SM3', prefix: Uint8Array.of(1, 2) }] as const;
const PROGRESS: DigestProgress = {
  done: 70, states: createResumableDigests().map((digest) => digest.create().update(new Uint8Array(70)).save()),
  headDigest: new Uint8Array(32).fill(3), samples: [{ block: 0, digest: new Uint8Array(32).fill(9) }],
};

describe('checkpoints', () => {
  it('come back as they were', async () => {
    const checkpoints = checkpointsOf(memoryStore(), FILE, () => NOW);
    expect(await checkpoints.load(WANTED)).toBeUndefined();
    await checkpoints.save(WANTED, PROGRESS);
    expect(await checkpoints.load(WANTED)).toEqual(PROGRESS);
    await checkpoints.remove();
    expect(await checkpoints.load(WANTED)).toBeUndefined();
  });

  it('are of one file, for certain digests, for a time, and whole', () => {
    const bytes = writeCheckpoint(FILE, WANTED, PROGRESS, NOW);
    expect(readCheckpoint(bytes, FILE, WANTED, NOW)).toEqual(PROGRESS);
    expect(readCheckpoint(bytes, { ...FILE, name: 'other.zip' }, WANTED, NOW)).toBeUndefined();
    expect(readCheckpoint(bytes, { ...FILE, size: FILE.size + 1 }, WANTED, NOW)).toBeUndefined();
    expect(readCheckpoint(bytes, { ...FILE, lastModified: NOW }, WANTED, NOW)).toBeUndefined();
    expect(readCheckpoint(bytes, FILE, [WANTED[0]], NOW)).toBeUndefined();
    expect(readCheckpoint(bytes, FILE, [WANTED[0], { algorithm: 'SM3', prefix: new Uint8Array(0) }], NOW)).toBeUndefined();
    expect(readCheckpoint(bytes, FILE, WANTED, NOW + BROWSER_LIMITS.checkpointAgeMs + 1)).toBeUndefined();
    for (let i = 0; i < bytes.length; i += 17) expect(readCheckpoint(bytes.map((octet, at) => (at === i ? octet ^ 4 : octet)), FILE, WANTED, NOW)).toBeUndefined();
    for (const length of [0, 31, 32, bytes.length - 1]) expect(readCheckpoint(bytes.subarray(0, length), FILE, WANTED, NOW)).toBeUndefined();
  });
});

describe('the rate', () => {
  it('is said once it is known, over the last seconds', () => {
    let now = 0;
    const report = createRate(1000, () => now);
    expect(report(0)).toEqual({ done: 0, total: 1000 });
    now = 400;
    expect(report(100)).toEqual({ done: 100, total: 1000 });
    now = 1000;
    expect(report(200)).toEqual({ done: 200, total: 1000, rate: 200, remainingMs: 4000 });
    for (now = 2000; now <= 20_000; now += 1000) report(200 + (now - 1000) / 100);
    expect(report(400).rate).toBeCloseTo(10, 0);
  });
});

describe('digestFile without workers, as in other runtimes', () => {
  const failing = { get: () => Promise.reject(new Error('no')), put: () => Promise.reject(new Error('no')), delete: () => Promise.reject(new Error('no')) };
  const file = new File([new Uint8Array(300_000).fill(5)], 'bid.bin', { lastModified: 1 });

  it('goes on though its store fails', async () => {
    const found = await digestFile(file, { worker: false, store: failing, checkpoint: { everyOctets: 65_536 } });
    const plain = await digestFile(new Blob([file]), { worker: false });
    expect(found.digests).toEqual(plain.digests);
    expect(found.ran.in).toBe('page');
  });

  it('falls back where making a worker throws', async () => {
    const found = await digestFile(file, { worker: () => { throw new DOMException('refused', 'SecurityError'); } });
    expect(found.ran.in).toBe('page');
  });

  it('compares with the file as it is now, where it can ask', async () => {
    const code = (current: { size: number; lastModified: number }) => digestFile(file, { worker: false, current: async () => ({ name: file.name, ...current }) }).then(() => 'fine', (error: { code: string }) => error.code);
    expect(await code({ size: 300_000, lastModified: 1 })).toBe('fine');
    expect(await code({ size: 300_000, lastModified: 2 })).toBe('FILE_CHANGED');
    expect(await code({ size: 300_001, lastModified: 1 })).toBe('FILE_CHANGED');
  });

  it('knows two digests and refuses others', async () => {
    await expect(digestFile(file, { algorithms: [{ algorithm: 'SHA-1', prefix: new Uint8Array(0) }], worker: false })).rejects.toThrow(TypeError);
  });
});

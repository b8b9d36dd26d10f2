import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createWorld, worldFiles, type World } from '../../src/index.js';

const at = Date.UTC(2026, 9, 1);

function digest(world: World): string {
  const hash = createHash('sha256');
  for (const [path, bytes] of worldFiles(world)) hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  return hash.digest('hex');
}

describe('createWorld', () => {
  const world = createWorld({ seed: 'one', at });

  test('is the same, octet for octet, for the same seed, time and address', () => {
    expect(digest(createWorld({ seed: 'one', at }))).toBe(digest(world));
  });

  test('is another for another seed, time or address', () => {
    const first = digest(world);
    expect(digest(createWorld({ seed: 'two', at }))).not.toBe(first);
    expect(digest(createWorld({ seed: 'one', at: at + 1000 }))).not.toBe(first);
    expect(digest(createWorld({ seed: 'one', at, crlBaseUrl: 'http://127.0.0.1:18081' }))).not.toBe(first);
  });

  test('keys follow from the seed alone', () => {
    const later = createWorld({ seed: 'one', at: at + 86_400_000 });
    expect(later.companies.map(({ sign }) => sign.key.spkiDer)).toEqual(world.companies.map(({ sign }) => sign.key.spkiDer));
  });

  test('holds companies in every state, and invented codes only', () => {
    expect(new Set(world.companies.map(({ state }) => state))).toEqual(new Set(['good', 'expired', 'revoked', 'frozen']));
    for (const { uscc, orgCode, name } of world.companies) {
      expect(orgCode).toMatch(/^HEFU\d{4}[0-9X]$/);
      expect(uscc.slice(8, 17)).toBe(orgCode);
      expect(name.startsWith('沙盒')).toBe(true);
    }
  });

  test('refuses what makes no world', () => {
    expect(() => createWorld({ seed: '', at })).toThrow(TypeError);
    expect(() => createWorld({ seed: 'one', at: Number.NaN })).toThrow(TypeError);
    expect(() => createWorld({ seed: 'one', at, crlBaseUrl: 'http://127.0.0.1/path' })).toThrow(TypeError);
  });
});

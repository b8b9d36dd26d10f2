import { expect, it } from 'vitest';
import { memoryStore } from '../src/memory-store.js';
import { MAX_STORE_KEY } from '../src/ports.js';

it('keeps copies', async () => {
  const store = memoryStore();
  const bytes = Uint8Array.of(1, 2, 3);
  await store.put('a', bytes);
  bytes[0] = 9;
  const read = await store.get('a');
  expect(read).toEqual(Uint8Array.of(1, 2, 3));
  read?.fill(0);
  expect(await store.get('a')).toEqual(Uint8Array.of(1, 2, 3));
  await store.put('a', Uint8Array.of(4));
  expect(await store.get('a')).toEqual(Uint8Array.of(4));
  await store.delete('a');
  await store.delete('a');
  expect(await store.get('a')).toBeUndefined();
});

it('lets the least recently written go, and refuses what never fits', async () => {
  const store = memoryStore({ maxBytes: 10 });
  await store.put('a', new Uint8Array(4));
  await store.put('b', new Uint8Array(4));
  await store.put('a', new Uint8Array(4));
  await store.put('c', new Uint8Array(4));
  expect(await store.get('b')).toBeUndefined();
  expect(await store.get('a')).toHaveLength(4);
  expect(await store.get('c')).toHaveLength(4);
  await expect(store.put('d', new Uint8Array(11))).rejects.toMatchObject({ code: 'IO_FAILED' });
  expect(await store.get('c')).toHaveLength(4);
  await expect(store.put('k'.repeat(MAX_STORE_KEY + 1), new Uint8Array(1))).rejects.toMatchObject({ code: 'IO_FAILED' });
});

import { describe, expect, test } from 'vitest';
import { lazily, LazyMap, once } from '../src/lazily.js';
import { createWorld } from '../src/world/world.js';

/** A maker, and how often it was called. */
function counted<T>(value: T): { readonly make: () => T; calls(): number } {
  let calls = 0;
  return { make: () => (calls++, value), calls: () => calls };
}

test('what is made once is kept, also where it is undefined', () => {
  const { make, calls } = counted(undefined);
  const made = once(make);
  expect([made(), made(), calls()]).toEqual([undefined, undefined, 1]);
});

test('a member is made when it is asked for, and its neighbour is not', () => {
  const [a, b] = [counted('a'), counted('b')];
  const both = lazily({ known: 1 }, { a: a.make, b: b.make });
  expect([both.known, a.calls()]).toEqual([1, 0]);
  expect([both.a, both.a, a.calls(), b.calls()]).toEqual(['a', 'a', 1, 0]);
  expect({ ...both }).toEqual({ known: 1, a: 'a', b: 'b' });
});

describe('a map', () => {
  const [a, b] = [counted(1), counted(2)];
  const map = new LazyMap([['a', a.make], ['b', b.make]]);

  test('knows its keys without making a value', () => {
    expect([map.size, [...map.keys()], map.has('a'), map.has('c'), map.get('c'), a.calls(), b.calls()]).toEqual([2, ['a', 'b'], true, false, undefined, 0, 0]);
  });

  test('makes one value for one key, and all for who goes through them', () => {
    expect([map.get('b'), map.get('b'), a.calls(), b.calls()]).toEqual([2, 2, 0, 1]);
    const seen: unknown[] = [];
    map.forEach((value, key) => seen.push([key, value]));
    expect(seen).toEqual([['a', 1], ['b', 2]]);
    expect([[...map], [...map.entries()], [...map.values()], a.calls(), b.calls()]).toEqual([seen, seen, [1, 2], 1, 1]);
  });
});

test('worlds of one seed share keys, not certificates', () => {
  const [one, later] = [0, 86_400_000].map((after) => createWorld({ seed: 'shared', at: Date.UTC(2026, 9, 10) + after }).nationalRoot);
  expect(one!.key.spkiDer).toBe(later!.key.spkiDer);
  expect(one!.certificate).not.toEqual(later!.certificate);
  expect(createWorld({ seed: 'other', at: Date.UTC(2026, 9, 10) }).nationalRoot.key.spkiDer).not.toEqual(one!.key.spkiDer);
});

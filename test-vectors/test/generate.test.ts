import { beforeAll, describe, expect, test } from 'vitest';
import { makeVectors } from '../make/vectors.mjs';
import { differences } from '../generate.mjs';

describe('the generator', () => {
  let files: Map<string, Uint8Array>;
  beforeAll(() => {
    files = makeVectors();
  });

  test('gives the files that are here, octet for octet', () => {
    expect(differences(files)).toEqual([]);
  });

  test('notices a file that is missing, one that differs and one too many', () => {
    const others = new Map(files);
    const [first, second] = [...others.keys()] as [string, string];
    others.set('cases/nowhere/case.json', new Uint8Array(1));
    others.set(first, new Uint8Array(1));
    others.delete(second);
    expect(new Set(differences(others))).toEqual(new Set([`differs ${first}`, 'missing cases/nowhere/case.json', `not generated ${second}`]));
  });
});

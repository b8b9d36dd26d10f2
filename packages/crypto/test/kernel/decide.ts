import { Sm2 } from '../../src/sm2-curve.js';
import type { Sm2Kernel } from '../../src/sm2-kernel.js';
import { type Case, notPoints, octets } from './cases.js';

const ABSENT = 77;

/**
 * What a kernel decides wrongly, in words: every case through the path for a new key and through a table, keys that are none, and
 * slots without a table.
 */
export function* wrongDecisions(kernel: Sm2Kernel, cases: readonly Case[]): Generator<string> {
  function* expect(name: string, actual: unknown, expected: unknown): Generator<string> {
    if (actual !== expected) yield `${name}: ${String(actual)}`;
  }
  const generator = Sm2.BASE.toBytes(false);
  const signature = new Uint8Array(64).fill(1);
  yield* expect('G', kernel.isPoint(generator), true);
  for (const octetsOfNone of notPoints()) {
    const name = `no point ${octetsOfNone.subarray(-4).join()}`;
    yield* expect(`${name}: a table before it`, kernel.prepare(2, generator), true);
    yield* expect(`${name}: isPoint`, kernel.isPoint(octetsOfNone), false);
    yield* expect(`${name}: table`, kernel.prepare(2, octetsOfNone), false);
    yield* expect(`${name}: its slot`, decide(() => kernel.verify(2, signature, octets(1n))), 'KEY_INVALID');
    yield* expect(`${name}: verify`, decide(() => kernel.verify(octetsOfNone, signature, octets(1n))), 'KEY_INVALID');
  }
  for (const slot of [ABSENT, -1, 256]) yield* expect(`slot ${slot}`, decide(() => kernel.verify(slot, signature, octets(1n))), 'KEY_INVALID');
  for (const slot of [0, -1, 256]) yield* expect(`slot ${slot}: table`, kernel.prepare(slot, generator), false);
  let prepared: Uint8Array | undefined;
  for (const { name, point, r, s, e, valid } of cases) {
    const signature = Uint8Array.of(...octets(r), ...octets(s));
    if (point.join() !== prepared?.join()) {
      yield* expect(`${name}: table`, kernel.prepare(1, point), true);
      prepared = point;
    }
    yield* expect(`${name}: new key`, decide(() => kernel.verify(point, signature, octets(e))), valid);
    yield* expect(`${name}: known key`, decide(() => kernel.verify(1, signature, octets(e))), valid);
  }
}

function decide(verify: () => boolean): boolean | string {
  try {
    return verify();
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

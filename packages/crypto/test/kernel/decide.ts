import { Sm2 } from '../../src/sm2-curve.js';
import type { Sm2Kernel } from '../../src/sm2-kernel.js';
import { type Case, notPoints, octets } from './cases.js';

const ABSENT = 77;

/**
 * What a kernel decides wrongly, in words: every case through the path for a new key and through a table, keys that are none, and
 * slots without a table.
 */
export function wrongDecisions(kernel: Sm2Kernel, cases: readonly Case[]): string[] {
  const wrong: string[] = [];
  const expect = (name: string, actual: unknown, expected: unknown): void => {
    if (actual !== expected) wrong.push(`${name}: ${String(actual)}`);
  };
  let prepared: Uint8Array | undefined;
  for (const { name, point, r, s, e, valid } of cases) {
    const signature = Uint8Array.of(...octets(r), ...octets(s));
    if (point.join() !== prepared?.join()) {
      expect(`${name}: table`, kernel.prepare(1, point), true);
      prepared = point;
    }
    expect(`${name}: new key`, decide(() => kernel.verify(point, signature, octets(e))), valid);
    expect(`${name}: known key`, decide(() => kernel.verify(1, signature, octets(e))), valid);
  }
  const generator = Sm2.BASE.toBytes(false);
  const signature = new Uint8Array(64).fill(1);
  expect('G', kernel.isPoint(generator), true);
  for (const octetsOfNone of notPoints()) {
    const name = `no point ${octetsOfNone.subarray(-4).join()}`;
    expect(`${name}: a table before it`, kernel.prepare(2, generator), true);
    expect(`${name}: isPoint`, kernel.isPoint(octetsOfNone), false);
    expect(`${name}: table`, kernel.prepare(2, octetsOfNone), false);
    expect(`${name}: its slot`, decide(() => kernel.verify(2, signature, octets(1n))), 'KEY_INVALID');
    expect(`${name}: verify`, decide(() => kernel.verify(octetsOfNone, signature, octets(1n))), 'KEY_INVALID');
  }
  for (const slot of [ABSENT, -1, 256]) expect(`slot ${slot}`, decide(() => kernel.verify(slot, signature, octets(1n))), 'KEY_INVALID');
  for (const slot of [0, -1, 256]) expect(`slot ${slot}: table`, kernel.prepare(slot, generator), false);
  return wrong;
}

function decide(verify: () => boolean): boolean | string {
  try {
    return verify();
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

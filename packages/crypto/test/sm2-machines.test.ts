import { describe, expect, it } from 'vitest';
import type { EcPublicKey } from '../src/algorithm.js';
import { encodeEcdsaSignature } from '../src/ecdsa-signature.js';
import { Sm2Keys } from '../src/sm2-keys.js';
import { sm2PublicKey, sm2Sign } from '../src/sm2-sign.js';
import { sm2KernelNow } from '../src/sm2-wasm.js';
import { createSm2OnDemand } from '../src/sm2-on-demand.js';
import { createSm2 } from '../src/sm2.js';
import { createSm3OnDemand } from '../src/sm3-on-demand.js';
import { sm3 } from '../src/sm3.js';
import type { WasmEngine } from '../src/wasm.js';
import { ascii, thrownCode } from './hex.js';
import { octets } from './kernel/cases.js';

const message = ascii('message digest');
const signers = Array.from({ length: 6 }, (_, i) => {
  const privateKey = octets(BigInt(i + 3));
  return { point: sm2PublicKey(privateKey), signature: sm2Sign(privateKey, message) };
});
const keyOf = (i: number): EcPublicKey => ({ kty: 'EC', crv: 'SM2', point: signers[i]!.point.slice() });

function Refused(): never {
  throw new Error('refused by policy');
}
/** As a page whose policy forbids WebAssembly. */
const refusing = { Module: Refused, Instance: Refused, instantiate: async () => Refused() } as unknown as WasmEngine;
/** As a browser that compiles nothing on its main thread. */
const laterOnly = { Module: Refused, Instance: Refused, instantiate: (bytes: Uint8Array<ArrayBuffer>) => WebAssembly.instantiate(bytes, {}) } as unknown as WasmEngine;

describe('createSm2 on its machines', () => {
  it.each([
    ['WebAssembly at once', WebAssembly as WasmEngine, 'wasm'],
    ['WebAssembly once warmed up', laterOnly, 'wasm'],
    ['WebAssembly refused', refusing, 'javascript'],
    ['no WebAssembly', undefined, 'javascript'],
  ] as const)('%s: the same verdicts before and after warming up', async (_, wasm, machine) => {
    const algorithm = createSm2({ ...(wasm === undefined ? {} : { wasm }), tableAfterUses: 1 });
    const check = (): void => {
      for (let round = 0; round < 3; round++) {
        signers.forEach(({ signature }, i) => {
          expect(algorithm.verify(keyOf(i), message, signature)).toBe(true);
          expect(algorithm.verify(keyOf((i + 1) % 6), message, signature)).toBe(false);
        });
      }
    };
    check();
    expect(await algorithm.warmUp([keyOf(0)])).toBe(machine);
    check();
    expect(await algorithm.warmUp()).toBe(machine);
  });

  it('warms up before first use, with the keys given, and says which is none', async () => {
    const algorithm = createSm2({ wasm: WebAssembly });
    expect(await algorithm.warmUp([keyOf(0), keyOf(1)])).toBe('wasm');
    expect(algorithm.verify(keyOf(0), message, signers[0]!.signature)).toBe(true);
    expect(algorithm.verify(keyOf(0), message, signers[1]!.signature)).toBe(false);
    const off: EcPublicKey = { kty: 'EC', crv: 'SM2', point: signers[0]!.point.map((octet, i) => (i === 64 ? octet ^ 1 : octet)) };
    await expect(algorithm.warmUp([off])).rejects.toMatchObject({ code: 'KEY_INVALID' });
    await expect(algorithm.warmUp([{ ...off, crv: 'P-256' }])).rejects.toMatchObject({ code: 'KEY_UNSUPPORTED' });
  });

  it('takes strict DER only', () => {
    const algorithm = createSm2({ wasm: WebAssembly });
    const { signature } = signers[0]!;
    const long = Uint8Array.of(0x30, 0x81, ...signature.subarray(1));
    const padded = Uint8Array.of(0x30, signature[1]! + 1, 0x02, signature[3]! + 1, 0x00, ...signature.subarray(4));
    const zero = encodeEcdsaSignature(octets(1n), octets(1n)).map((octet, i) => (i === 4 ? 0 : octet));
    for (const value of [long, padded, zero, Uint8Array.of(...signature, 0), signature.subarray(1), new Uint8Array(0), new Uint8Array(64).fill(1)]) {
      expect(algorithm.verify(keyOf(0), message, value)).toBe(false);
    }
    expect(algorithm.verify(keyOf(0), message, signature)).toBe(true);
  });

  it('does not depend on octets that change after a call', () => {
    const algorithm = createSm2({ wasm: WebAssembly, tableAfterUses: 0 });
    const key = keyOf(0);
    expect(algorithm.verify(key, message, signers[0]!.signature)).toBe(true);
    algorithm.messagePrefix(key).fill(0);
    key.point.set(signers[1]!.point);
    expect(algorithm.verify(key, message, signers[0]!.signature)).toBe(false);
    expect(algorithm.verify(key, message, signers[1]!.signature)).toBe(true);
    expect(algorithm.verify(keyOf(0), message, signers[0]!.signature)).toBe(true);
  });

  it('hashes with the SM3 it is given', () => {
    let digests = 0;
    const counting = { ...sm3, create: () => (digests++, sm3.create()) };
    const algorithm = createSm2({ sm3: counting });
    expect(algorithm.verify(keyOf(0), message, signers[0]!.signature)).toBe(true);
    expect(algorithm.verify(keyOf(0), message, signers[0]!.signature)).toBe(true);
    expect(digests).toBe(3); // Z once
  });

  it('bounds its tables', () => {
    for (const maxTables of [-1, 256, 1.5]) expect(thrownCode(() => createSm2({ maxTables }))).toBeInstanceOf(TypeError);
    const none = createSm2({ maxTables: 0, tableAfterUses: 0 });
    expect(none.verify(keyOf(0), message, signers[0]!.signature)).toBe(true);
  });
});

describe('createSm2OnDemand', () => {
  it.each([['wasm', WebAssembly as WasmEngine], ['javascript', refusing], ['javascript', undefined]] as const)('answers as createSm2 before and after its kernel is there: %s', async (machine, wasm) => {
    const [algorithm, reference] = [createSm2OnDemand(wasm === undefined ? {} : { wasm }), createSm2()];
    const key = keyOf(0);
    const off: EcPublicKey = { kty: 'EC', crv: 'SM2', point: key.point.map((octet, i) => (i === 64 ? octet ^ 1 : octet)) };
    const strangers: EcPublicKey[] = [off, { ...off, point: off.point.subarray(1) }, { ...off, point: new Uint8Array(65).fill(255).fill(4, 0, 1) }];
    // Z before there is a kernel to ask for the point.
    const checkZ = (): void => {
      expect(algorithm.messagePrefix(key)).toEqual(reference.messagePrefix(key));
      expect(algorithm.messagePrefix(key, { distinguishingId: ascii('x') })).toEqual(reference.messagePrefix(key, { distinguishingId: ascii('x') }));
      for (const stranger of strangers) expect(thrownCode(() => algorithm.messagePrefix(stranger))).toBe('KEY_INVALID');
      expect(thrownCode(() => algorithm.messagePrefix({ ...key, crv: 'P-256' }))).toBe('KEY_UNSUPPORTED');
    };
    checkZ();
    const first = algorithm.verify(key, message, signers[0]!.signature);
    expect(first).toBeInstanceOf(Promise);
    expect(await Promise.all([first, algorithm.verify(key, message, signers[1]!.signature)])).toEqual([true, false]);
    expect(algorithm.verify(key, message, signers[0]!.signature)).toBe(true);
    expect(algorithm.verifyDigest(key, new Uint8Array(32), signers[0]!.signature)).toBe(false);
    checkZ();
    for (const stranger of strangers) expect(thrownCode(() => algorithm.verify(stranger, message, signers[0]!.signature))).toBe('KEY_INVALID');
    expect(await algorithm.warmUp([key])).toBe(machine);
    const fresh = createSm2OnDemand();
    await expect(Promise.resolve(fresh.verify(off, message, signers[0]!.signature))).rejects.toMatchObject({ code: 'KEY_INVALID' });
    await expect(createSm2OnDemand().warmUp([off])).rejects.toMatchObject({ code: 'KEY_INVALID' });
  });

  it('and SM3 hashes all the same before and after', async () => {
    for (const [wasm, machine] of [[WebAssembly as WasmEngine, 'wasm'], [refusing, 'javascript']] as const) {
      const digest = createSm3OnDemand(wasm);
      expect(digest.digest(message)).toEqual(sm3.digest(message));
      const running = digest.create().update(message);
      expect(await digest.warmUp()).toBe(machine);
      expect(running.update(message).digest()).toEqual(digest.digest(Uint8Array.of(...message, ...message)));
      expect(digest.digest(message)).toEqual(sm3.digest(message));
    }
  });
});

describe('the keys of a kernel', () => {
  const kernel = sm2KernelNow(WebAssembly)!;
  const get = (keys: Sm2Keys, i: number) => keys.get(signers[i]!.point.slice());

  it('get a table after some uses, and lose it to keys used later', () => {
    const keys = new Sm2Keys(kernel, { maxKeys: 10, maxTables: 2, tableAfterUses: 2 });
    const use = (i: number) => [1, 2, 3].map(() => get(keys, i)).at(-1)!;
    expect(get(keys, 0).slot).toBe(0);
    const [first, second] = [use(0), use(1)];
    expect(new Set([first.slot, second.slot])).toEqual(new Set([1, 2]));
    get(keys, 0);
    const third = use(2);
    expect(second.slot).toBe(0);
    expect(first.slot).not.toBe(0);
    expect(third.slot).not.toBe(first.slot);
    expect(get(keys, 1).slot).toBe(0); // it counts anew
  });

  it('are forgotten beyond the bound, with their tables', () => {
    const keys = new Sm2Keys(kernel, { maxKeys: 2, maxTables: 1, tableAfterUses: 0 });
    const first = get(keys, 0);
    expect(first.slot).toBe(1);
    get(keys, 1);
    get(keys, 2);
    expect(get(keys, 0)).not.toBe(first);
    expect(get(keys, 0).slot).toBe(1);
  });

  it('are told apart by all their octets, though P and -P share an x', () => {
    const keys = new Sm2Keys(kernel, { maxKeys: 10, maxTables: 2, tableAfterUses: 0 });
    const { point } = signers[0]!;
    const p = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn;
    const opposite = Uint8Array.of(...point.subarray(0, 33), ...octets(p - BigInt(`0x${Buffer.from(point.subarray(33)).toString('hex')}`)));
    for (const octetsOf of [point, opposite, point]) expect([...keys.get(octetsOf).point]).toEqual([...octetsOf]);
  });

  it('are refused as keys again and again when they are none', () => {
    const keys = new Sm2Keys(kernel, { maxKeys: 2, maxTables: 1, tableAfterUses: 0 });
    for (let i = 0; i < 3; i++) expect(thrownCode(() => keys.get(new Uint8Array(65).fill(4)))).toBe('KEY_INVALID');
  });
});

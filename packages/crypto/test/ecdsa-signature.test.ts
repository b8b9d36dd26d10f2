import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEcdsaSignature, encodeEcdsaSignature, normaliseSignature } from '../src/ecdsa-signature.js';
import { readSm2Signature } from '../src/sm2-signature.js';
import { hex, thrownCode, unhex } from './hex.js';

const component = (order: number) =>
  fc.uint8Array({ minLength: order, maxLength: order }).filter((octets) => octets.some((octet) => octet !== 0));

describe('DER signature values', () => {
  for (const order of [32, 48, 66]) {
    it(`round-trips r||s of ${order} octets and refuses every truncation and extension`, () => {
      fc.assert(
        fc.property(component(order), component(order), (r, s) => {
          const der = encodeEcdsaSignature(r, s);
          expect(hex(decodeEcdsaSignature(der, order)!)).toBe(hex(r) + hex(s));
          for (let end = 0; end < der.length; end++) expect(decodeEcdsaSignature(der.subarray(0, end), order)).toBeUndefined();
          expect(decodeEcdsaSignature(Uint8Array.of(...der, 0), order)).toBeUndefined();
        }),
      );
    });
  }

  it('has one encoding per value: whatever decodes, re-encodes to the same octets', () => {
    const mutated = fc
      .tuple(component(32), component(32), fc.nat(80), fc.nat(255), fc.nat(80))
      .map(([r, s, at, octet, insertAt]) => {
        const der = [...encodeEcdsaSignature(r, s)];
        der[at % der.length] = octet;
        if (insertAt % 3 === 0) der.splice(insertAt % der.length, 0, 0);
        return Uint8Array.from(der);
      });
    fc.assert(
      fc.property(mutated, (der) => {
        const raw = decodeEcdsaSignature(der, 32);
        if (raw !== undefined) expect(hex(encodeEcdsaSignature(raw.subarray(0, 32), raw.subarray(32)))).toBe(hex(der));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['the neighbour that is right', '3006020101020102', true],
    ['long-form length below 128', '308106020101020102', false],
    ['indefinite length', '30800201010201020000', false],
    ['length of two octets', '30820006020101020102', false],
    ['leading zero in r', '300702020001020102', false],
    ['negative r', '3006020181020102', false],
    ['r = 0', '3006020100020102', false],
    ['s = 0', '3006020101020100', false],
    ['empty r', '30050200020102', false],
    ['three integers', '3009020101020102020103', false],
    ['one integer', '3003020101', false],
    ['trailing octet inside', '300702010102010200', false],
    ['trailing octet outside', '300602010102010200', false],
    ['wrong outer tag', '3106020101020102', false],
    ['wrong inner tag', '3006020101030102', false],
    ['long-form INTEGER length', '30070281010102 0102'.replace(' ', ''), false],
    ['nothing', '', false],
  ])('%s', (_name, text, accepted) => {
    expect(decodeEcdsaSignature(unhex(text), 32) !== undefined).toBe(accepted);
  });

  it('refuses a component wider than the order, by one octet', () => {
    const wide = Uint8Array.of(1, ...new Uint8Array(32));
    expect(decodeEcdsaSignature(encodeEcdsaSignature(wide, Uint8Array.of(1)), 32)).toBeUndefined();
    expect(decodeEcdsaSignature(encodeEcdsaSignature(wide, Uint8Array.of(1)), 33)).toBeDefined();
  });

  it('does not encode zero', () => {
    expect(thrownCode(() => encodeEcdsaSignature(new Uint8Array(32), Uint8Array.of(1)))).toBeInstanceOf(TypeError);
  });
});

describe('signature values of either form', () => {
  const r = new Uint8Array(32).fill(0x11);
  const s = new Uint8Array(32).fill(0x22);
  const der = encodeEcdsaSignature(r, s);
  const raw = Uint8Array.of(...r, ...s);

  it('says which form it read', () => {
    expect(normaliseSignature(der)).toMatchObject({ form: 'der', raw });
    expect(normaliseSignature(raw)).toMatchObject({ form: 'raw', der });
    expect(normaliseSignature(raw.subarray(1))).toBeUndefined();
    expect(normaliseSignature(Uint8Array.of(0, ...raw))).toBeUndefined();
  });

  it('reads 64 octets that are a DER signature as DER', () => {
    const short = new Uint8Array(29).fill(0x33);
    const ambiguous = encodeEcdsaSignature(short, short);
    expect(ambiguous.length).toBe(64);
    expect(normaliseSignature(ambiguous)?.form).toBe('der');
    // Even where only r||s is accepted it is not re-read as r||s.
    expect(normaliseSignature(ambiguous, 32, ['raw'])).toBeUndefined();
    ambiguous[1]! ^= 1;
    expect(normaliseSignature(ambiguous)?.form).toBe('raw');
  });

  it('keeps to the accepted forms and to [1, n-1] for SM2', () => {
    expect(readSm2Signature(der, { accept: ['der'] })?.form).toBe('der');
    expect(readSm2Signature(der, { accept: ['raw'] })).toBeUndefined();
    expect(readSm2Signature(raw, { accept: ['der'] })).toBeUndefined();
    expect(readSm2Signature(raw, { accept: ['der', 'raw'] })?.form).toBe('raw');
    const n = unhex('fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123');
    const last = Uint8Array.from(n);
    last[31]! -= 1;
    expect(readSm2Signature(Uint8Array.of(...last, ...s), { accept: ['raw'] })).toBeDefined();
    expect(readSm2Signature(Uint8Array.of(...n, ...s), { accept: ['raw'] })).toBeUndefined();
    expect(readSm2Signature(Uint8Array.of(...s, ...n), { accept: ['raw'] })).toBeUndefined();
    expect(readSm2Signature(Uint8Array.of(...new Uint8Array(32), ...s), { accept: ['raw'] })).toBeUndefined();
    expect(readSm2Signature(encodeEcdsaSignature(n, s), { accept: ['der'] })).toBeUndefined();
  });
});

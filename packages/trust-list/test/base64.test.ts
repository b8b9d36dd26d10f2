import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64, decodeBase64url, encodeBase64, encodeBase64url } from '../src/base64.js';

describe('base64', () => {
  it('agrees with the platform and is canonical', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      expect(encodeBase64url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
      expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
      expect(decodeBase64url(encodeBase64url(bytes))).toEqual(bytes);
    }));
  });

  it('has one text for one octet string', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'ABab01-_+/= \n') , maxLength: 12 }), (text) => {
      const url = decodeBase64url(text);
      if (url !== undefined) expect(encodeBase64url(url)).toBe(text);
      const standard = decodeBase64(text);
      if (standard !== undefined) expect(encodeBase64(standard)).toBe(text);
    }), { numRuns: 3000 });
    expect(decodeBase64url('QQ')).toEqual(Uint8Array.of(0x41));
    expect(decodeBase64url('QR')).toBe(undefined);
    expect(decodeBase64url('QQ==')).toBe(undefined);
    expect(decodeBase64('QQ==')).toEqual(Uint8Array.of(0x41));
    expect(decodeBase64('QQ')).toBe(undefined);
    expect(decodeBase64('QQ=\n')).toBe(undefined);
  });
});

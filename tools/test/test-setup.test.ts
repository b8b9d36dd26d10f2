import { describe, expect, it } from 'vitest';

const BYTES = Uint8Array.from({ length: 300 }, (_, index) => index);
const changed = (at: number): Uint8Array => BYTES.map((octet, index) => (index === at ? octet ^ 1 : octet));

// What `test-setup.mjs` compares by itself must differ where `toEqual` on its own says so.
describe('bytes in expectations', () => {
  it('are equal when each octet is', () => {
    expect(BYTES.slice()).toEqual(BYTES);
    expect({ of: [BYTES.slice()] }).toMatchObject({ of: [BYTES] });
    expect(BYTES.slice()).toStrictEqual(BYTES);
    expect(new Uint8Array()).toEqual(new Uint8Array());
  });
  it.each([0, 150, 299])('differ when octet %i does', (at) => {
    expect(changed(at)).not.toEqual(BYTES);
    expect({ of: [changed(at)] }).not.toMatchObject({ of: [BYTES] });
    expect(changed(at)).not.toStrictEqual(BYTES);
  });
  it('differ when one ends sooner, and when they are of two classes', () => {
    expect(BYTES.subarray(0, 299)).not.toEqual(BYTES);
    expect(BYTES.subarray(1)).not.toEqual(BYTES.subarray(0, 299));
    expect(Buffer.from(BYTES)).not.toEqual(BYTES);
    expect([...BYTES]).not.toEqual(BYTES);
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { parseCertificate, parseSealSignature } from '../../packages/pki/src/index.js';
import { createWorld } from '../../packages/sandbox/dist/index.js';
import { locateBouncyCastle, runJava } from '../bouncy-castle/locate.js';

// Verified with Bouncy Castle 1.72 (Debian libbcprov-java) and OpenJDK 17.
const bouncyCastle = locateBouncyCastle(['bcprov']);
if (bouncyCastle === undefined) {
  console.warn('SKIPPED: no Java 11+ with bcprov.jar found (HEFU_BC_JARS, /usr/share/java, interop/.cache); seals were not cross-checked with Bouncy Castle');
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const ID = hex(new TextEncoder().encode('1234567812345678'));

describe.skipIf(bouncyCastle === undefined)('SM2 values in seals with Bouncy Castle', () => {
  const wanted: string[] = [];
  let answers: string[];

  beforeAll(() => {
    const world = createWorld({ seed: 'seal-bc', at: Date.UTC(2026, 5, 1) });
    const requests = world.seals.flatMap(({ version, stamped }) => {
      const { seal, toSign, signature, certificate } = parseSealSignature(stamped);
      const verify = (der: Uint8Array, message: Uint8Array, value: Uint8Array): string => {
        const { key } = parseCertificate(der).spki;
        if (key.kty !== 'EC') throw new Error('not SM2');
        return `verify ${hex(key.point)} ${ID} ${hex(message)} ${hex(value)}`;
      };
      const [info, withCertificate] = seal.signedBytes.map(({ bytes }) => bytes) as [Uint8Array, Uint8Array];
      wanted.push(String(version !== 1), String(version === 1), 'true', 'false');
      return [
        verify(seal.makerCertificate, info, seal.signature),
        verify(seal.makerCertificate, withCertificate, seal.signature),
        verify(certificate, toSign, signature),
        verify(certificate, Uint8Array.of(...toSign, 0), signature),
      ];
    });
    answers = runJava(bouncyCastle!, 'Sm2Raw.java', requests);
  });

  it('the maker\'s over the form of its version only, the signer\'s over TBS_Sign, and neither over anything else', () => {
    expect(answers).toEqual(wanted);
    expect(answers.length).toBeGreaterThan(12);
  });
});

import { expect, it } from 'vitest';
import type { AlgorithmProvider, PublicKey, SignatureAlgorithm, VerifyOptions } from '../../src/algorithm.js';
import { ecdsa } from '../../src/ecdsa.js';
import { normaliseSignature } from '../../src/ecdsa-signature.js';
import { ed25519 } from '../../src/ed25519.js';
import { CryptoError } from '../../src/error.js';
import { rsaPkcs1 } from '../../src/rsa-pkcs1.js';
import { rsaPss } from '../../src/rsa-pss.js';
import { unhex } from '../hex.js';
import { type WycheproofGroup, type WycheproofTest, wycheproof } from '../vectors.js';

interface Suite {
  readonly file: string;
  readonly algorithm: (provider: AlgorithmProvider) => SignatureAlgorithm;
  readonly key: (group: WycheproofGroup) => PublicKey;
  readonly options?: VerifyOptions;
  /** Turns the vector's signature into what the algorithm takes; `undefined` is a rejection. */
  readonly signature?: (value: Uint8Array) => Uint8Array | undefined;
  /** What we answer to cases marked acceptable, by flag. */
  readonly acceptable?: Readonly<Record<string, boolean>>;
}

const stripZeros = (octets: Uint8Array): Uint8Array => octets.subarray(octets.findIndex((octet) => octet !== 0));

function rsaKey(group: WycheproofGroup): PublicKey {
  const { modulus, publicExponent } = group['publicKey'] as { modulus: string; publicExponent: string };
  return { kty: 'RSA', n: stripZeros(unhex(modulus)), e: stripZeros(unhex(publicExponent)) };
}

/** PKCS#1 files give the key as RSAPublicKey { modulus, publicExponent } in DER only. */
function rsaKeyFromAsn(group: WycheproofGroup): PublicKey {
  const der = unhex(group['publicKeyAsn'] as string);
  const integer = (at: number): { value: Uint8Array; end: number } => {
    expect(der[at]).toBe(0x02);
    const long = der[at + 1]! & 0x80 ? der[at + 1]! & 0x7f : 0;
    let length = long === 0 ? der[at + 1]! : 0;
    for (let i = 0; i < long; i++) length = length * 256 + der[at + 2 + i]!;
    const start = at + 2 + long;
    return { value: der.subarray(start, start + length), end: start + length };
  };
  const n = integer(4);
  const e = integer(n.end);
  return { kty: 'RSA', n: stripZeros(n.value), e: stripZeros(e.value) };
}

function ecKey(group: WycheproofGroup): PublicKey {
  const { curve, uncompressed } = group['publicKey'] as { curve: string; uncompressed: string };
  const crv = ({ secp256r1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' } as const)[curve]!;
  return { kty: 'EC', crv, point: unhex(uncompressed) };
}

function edKey(group: WycheproofGroup): PublicKey {
  return { kty: 'OKP', crv: 'Ed25519', x: unhex((group['publicKey'] as { pk: string }).pk) };
}

const pss: VerifyOptions = { pss: { hash: 'SHA-256', mgfHash: 'SHA-256', saltLength: 32 } };

const SUITES: readonly Suite[] = [
  // MissingNull: a DigestInfo without the NULL. RFC 8017 §8.2.2 compares encodings, so it does not verify.
  { file: 'rsa_signature_2048_sha256_test.json', algorithm: (p) => rsaPkcs1(p, 'SHA-256'), key: rsaKeyFromAsn, acceptable: { MissingNull: false } },
  { file: 'rsa_signature_3072_sha256_test.json', algorithm: (p) => rsaPkcs1(p, 'SHA-256'), key: rsaKeyFromAsn, acceptable: { MissingNull: false } },
  { file: 'rsa_pss_2048_sha256_mgf1_32_test.json', algorithm: (p) => rsaPss(p), key: rsaKey, options: pss },
  { file: 'rsa_pss_2048_sha256_mgf1_32_params_test.json', algorithm: (p) => rsaPss(p), key: rsaKey, options: pss },
  { file: 'ecdsa_secp256r1_sha256_test.json', algorithm: (p) => ecdsa(p, 'SHA-256'), key: ecKey },
  { file: 'ecdsa_secp384r1_sha384_test.json', algorithm: (p) => ecdsa(p, 'SHA-384'), key: ecKey },
  { file: 'ecdsa_secp521r1_sha512_test.json', algorithm: (p) => ecdsa(p, 'SHA-512'), key: ecKey },
  {
    file: 'ecdsa_secp256r1_sha256_p1363_test.json',
    algorithm: (p) => ecdsa(p, 'SHA-256'),
    key: ecKey,
    signature: (value) => normaliseSignature(value, 32, ['raw'])?.der,
  },
  { file: 'ed25519_test.json', algorithm: (p) => ed25519(p), key: edKey },
];

/** Every signature vector through one provider: valid accepted, invalid rejected, acceptable as documented above. */
export function runWycheproofSignatures(provider: AlgorithmProvider): void {
  for (const suite of SUITES) {
    it(`${suite.file} over ${provider.name}`, async () => {
      const { numberOfTests, testGroups } = wycheproof(suite.file);
      const algorithm = suite.algorithm(provider);
      const wrong: string[] = [];
      let ran = 0;
      let accepted = 0;
      for (const group of testGroups) {
        const key = suite.key(group);
        for (const test of group.tests) {
          ran++;
          const answer = await verdict(suite, algorithm, key, test);
          if (answer) accepted++;
          if (answer !== expected(suite, test)) wrong.push(`${test.tcId} ${test.comment} [${test.flags.join()}] ${test.result}, answered ${answer}`);
        }
      }
      expect(wrong).toEqual([]);
      expect(ran).toBe(numberOfTests);
      expect(accepted).toBeGreaterThan(0);
      expect(accepted).toBeLessThan(ran);
    });
  }
  it(`ecdsa_secp256r1_sha256_p1363_test.json straight into ${provider.name}`, async () => {
    const wrong: string[] = [];
    for (const group of wycheproof('ecdsa_secp256r1_sha256_p1363_test.json').testGroups) {
      const key = ecKey(group);
      for (const test of group.tests) {
        const scheme = { scheme: 'ECDSA', curve: 'P-256', hash: 'SHA-256' } as const;
        const answer = await provider.verify(scheme, key, unhex(test['msg'] as string), unhex(test['sig'] as string));
        if (answer !== (test.result === 'valid')) wrong.push(`${test.tcId} ${test.comment}`);
      }
    }
    expect(wrong).toEqual([]);
  });
}

async function verdict(suite: Suite, algorithm: SignatureAlgorithm, key: PublicKey, test: WycheproofTest): Promise<boolean> {
  const value = unhex(test['sig'] as string);
  const signature = suite.signature === undefined ? value : suite.signature(value);
  if (signature === undefined) return false;
  try {
    return await algorithm.verify(key, unhex(test['msg'] as string), signature, suite.options);
  } catch (error) {
    // A malformed key is a rejection; anything else is a fault of ours.
    if (error instanceof CryptoError && error.code === 'KEY_INVALID') return false;
    throw error;
  }
}

function expected(suite: Suite, test: WycheproofTest): boolean {
  if (test.result !== 'acceptable') return test.result === 'valid';
  const answers = test.flags.map((flag) => suite.acceptable?.[flag]).filter((answer) => answer !== undefined);
  if (answers.length !== 1) throw new Error(`undocumented acceptable case ${test.tcId}: ${test.flags.join()}`);
  return answers[0]!;
}

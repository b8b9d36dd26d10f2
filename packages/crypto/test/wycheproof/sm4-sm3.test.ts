import { describe, expect, it } from 'vitest';
import type { CipherAlgorithm } from '../../src/cipher.js';
import { equalConstantTime } from '../../src/constant-time.js';
import { hmac } from '../../src/hmac.js';
import { sm3 } from '../../src/sm3.js';
import { sm4Ccm } from '../../src/sm4-ccm.js';
import { sm4Gcm } from '../../src/sm4-gcm.js';
import { hex, thrownCode, unhex } from '../hex.js';
import { haveVectors, wycheproof } from '../vectors.js';

const PARAMETER_FLAGS = ['InvalidNonceSize', 'InvalidTagSize', 'InsecureTagSize', 'ZeroLengthIv'];

describe.skipIf(!haveVectors('wycheproof'))('Wycheproof SM4 and SM3', () => {
  for (const [file, cipher] of [
    ['sm4_gcm_test.json', sm4Gcm],
    ['sm4_ccm_test.json', sm4Ccm],
  ] as const) {
    it(file, () => {
      const { numberOfTests, testGroups } = wycheproof(file);
      let ran = 0;
      for (const group of testGroups) {
        for (const test of group.tests) {
          ran++;
          runAead(cipher, test as unknown as AeadCase, (group['tagSize'] as number) / 8);
        }
      }
      expect(ran).toBe(numberOfTests);
    });
  }

  it('hmac_sm3_test.json', () => {
    const { numberOfTests, testGroups } = wycheproof('hmac_sm3_test.json');
    let ran = 0;
    for (const group of testGroups) {
      const tagOctets = (group['tagSize'] as number) / 8;
      for (const test of group.tests) {
        ran++;
        const tag = hmac(sm3, unhex(test['key'] as string), unhex(test['msg'] as string)).subarray(0, tagOctets);
        expect(equalConstantTime(tag, unhex(test['tag'] as string)), `${test.tcId}`).toBe(test.result === 'valid');
      }
    }
    expect(ran).toBe(numberOfTests);
  });
});

interface AeadCase {
  readonly tcId: number;
  readonly flags: readonly string[];
  readonly result: string;
  readonly key: string;
  readonly iv: string;
  readonly aad: string;
  readonly msg: string;
  readonly ct: string;
  readonly tag: string;
}

function runAead(cipher: CipherAlgorithm, test: AeadCase, tagLength: number): void {
  const [key, iv, aad] = [unhex(test.key), unhex(test.iv), unhex(test.aad)];
  const sealed = unhex(test.ct + test.tag);
  const options = { aad, tagLength };
  const label = `${cipher.name} ${test.tcId}`;
  if (test.result === 'valid') {
    expect(hex(cipher.encrypt(key, iv, unhex(test.msg), options)), label).toBe(test.ct + test.tag);
    expect(hex(cipher.decrypt(key, iv, sealed, options)), label).toBe(test.msg);
    sealed[sealed.length - 1]! ^= 1;
    expect(thrownCode(() => cipher.decrypt(key, iv, sealed, options)), label).toBe('DECRYPTION_FAILED');
  } else {
    const parameters = test.flags.some((flag) => PARAMETER_FLAGS.includes(flag));
    expect(thrownCode(() => cipher.decrypt(key, iv, sealed, options)), `${label} ${test.flags.join()}`).toBe(
      parameters ? 'PARAMETERS_INVALID' : 'DECRYPTION_FAILED',
    );
    if (parameters) expect(thrownCode(() => cipher.encrypt(key, iv, unhex(test.msg), options)), label).toBe('PARAMETERS_INVALID');
  }
}

import {
  sha224 as nobleSha224,
  sha256 as nobleSha256,
  sha384 as nobleSha384,
  sha512 as nobleSha512,
} from '@noble/hashes/sha2.js';
import type { DigestAlgorithm } from './algorithm.js';
import { digestAlgorithm } from './digest.js';

// FIPS 180-4; object identifiers of RFC 5754 §2.
export const sha224: DigestAlgorithm = /*#__PURE__*/ digestAlgorithm('SHA-224', ['2.16.840.1.101.3.4.2.4'], nobleSha224);
export const sha256: DigestAlgorithm = /*#__PURE__*/ digestAlgorithm('SHA-256', ['2.16.840.1.101.3.4.2.1'], nobleSha256);
export const sha384: DigestAlgorithm = /*#__PURE__*/ digestAlgorithm('SHA-384', ['2.16.840.1.101.3.4.2.2'], nobleSha384);
export const sha512: DigestAlgorithm = /*#__PURE__*/ digestAlgorithm('SHA-512', ['2.16.840.1.101.3.4.2.3'], nobleSha512);

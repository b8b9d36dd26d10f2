import { sha1 as nobleSha1 } from '@noble/hashes/legacy.js';
import type { DigestAlgorithm } from './algorithm.js';
import { digestAlgorithm } from './digest.js';

/** SHA-1 (FIPS 180-4). Broken for signatures: here to read old timestamps, CRLs and OCSP CertIDs. */
export const sha1: DigestAlgorithm = /*#__PURE__*/ digestAlgorithm('SHA-1', ['1.3.14.3.2.26'], nobleSha1);

import type { DigestAlgorithm } from './algorithm.js';
import { sha1 } from './sha1.js';
import { sha224, sha256, sha384, sha512 } from './sha2.js';
import { sm3 } from './sm3.js';

/** Every digest Hefu knows, in plain JavaScript, the same on every platform. */
export const softwareDigests: readonly DigestAlgorithm[] = [sm3, sha256, sha384, sha512, sha224, sha1];

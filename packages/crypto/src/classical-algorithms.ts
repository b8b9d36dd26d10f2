import type { AlgorithmProvider, SignatureAlgorithm } from './algorithm.js';
import { ecdsa } from './ecdsa.js';
import { ed25519 } from './ed25519.js';
import { rsaPkcs1 } from './rsa-pkcs1.js';
import { rsaPss } from './rsa-pss.js';

/** The classical algorithms accepted by default: RSA and ECDSA with SHA-256, SHA-384 and SHA-512, RSASSA-PSS, Ed25519. No SHA-1. */
export function classicalAlgorithms(provider: AlgorithmProvider): readonly SignatureAlgorithm[] {
  const hashes = ['SHA-256', 'SHA-384', 'SHA-512'] as const;
  return [
    ...hashes.map((hash) => rsaPkcs1(provider, hash)),
    ...hashes.map((hash) => ecdsa(provider, hash)),
    rsaPss(provider),
    ed25519(provider),
  ];
}

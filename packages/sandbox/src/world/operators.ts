import { createHash } from 'node:crypto';
import { decodeEcdsaSignature } from '@hefu/crypto';
import { DOCUMENT_TYPES, type DocumentKind, type ListRole, type ListSigner } from '@hefu/trust-list';
import { deriveKeyPair, type KeyPair } from '../keys.js';
import { lazily } from '../lazily.js';
import type { Seed } from '../seed.js';

/** Someone who signs trust lists. */
export interface ListOperator {
  readonly id: string;
  readonly owner: string;
  readonly org: string;
  readonly key: KeyPair;
  /** JWS `alg`: `ES256`, `EdDSA`, or the private `SM2-SM3`. */
  readonly alg: 'ES256' | 'EdDSA' | 'SM2-SM3';
  readonly jwk: Readonly<Record<string, string>>;
  /** RFC 7638 thumbprint, SHA-256, base64url. */
  readonly kid: string;
}

const CENTRE = '沙盒公共资源交易中心';
const SUPERVISION = '沙盒招标投标监督办公室';

/** Three operators of two organisations, one key of each kind. */
export function createOperators(seed: Seed): readonly ListOperator[] {
  return [
    createOperator(seed, 'centre-1', '交易中心一号签发人（沙盒）', CENTRE, 'ES256'),
    createOperator(seed, 'centre-2', '交易中心二号签发人（沙盒）', CENTRE, 'EdDSA'),
    createOperator(seed, 'supervision-1', '监督办公室签发人（沙盒）', SUPERVISION, 'SM2-SM3'),
  ];
}

/** Two signatures of two organisations. */
export function createListRole(operators: readonly ListOperator[]): ListRole {
  return { keys: operators.map(({ jwk, org, owner }) => ({ jwk, org, owner })), threshold: 2, distinctOrgs: 2 };
}

/** The operator as `signList` and `addSignature` of the trust-list room take one. */
export function listSigner(who: ListOperator): ListSigner {
  return { jwk: who.jwk, alg: who.alg, sign: (signingInput) => jwsSignature(who, signingInput) };
}

/**
 * A JWS General JSON envelope (RFC 7515 §7.2.1) over exactly these payload octets, one entry for each operator
 * given, in that order. Unlike `signList` it also makes what no operator should send: nobody's signature, or one twice.
 */
export function signEnvelope(payload: Uint8Array, operators: readonly ListOperator[], issued: number, kind: DocumentKind = 'list'): Uint8Array {
  const encoded = base64url(payload);
  const signatures = operators.map((each) => {
    const header = base64url(utf8(JSON.stringify({ alg: each.alg, typ: DOCUMENT_TYPES[kind], kid: each.kid, iat: Math.floor(issued / 1000) })));
    return { protected: header, signature: base64url(jwsSignature(each, utf8(`${header}.${encoded}`))) };
  });
  return utf8(JSON.stringify({ payload: encoded, signatures }));
}

/** An operator of that id: the same key for the same seed. */
export function createOperator(seed: Seed, id: string, owner: string, org: string, alg: ListOperator['alg']): ListOperator {
  const operator: ListOperator = lazily({ id, owner, org, alg }, {
    key: () => deriveKeyPair(seed, `list-operator/${id}`, alg === 'ES256' ? 'P-256' : alg === 'EdDSA' ? 'Ed25519' : 'SM2'),
    jwk: () => jwkOf(operator.key),
    // RFC 7638 §3: required members in lexicographic order, which is how `jwkOf` writes them.
    kid: () => createHash('sha256').update(JSON.stringify(operator.jwk)).digest('base64url'),
  });
  return operator;
}

function jwkOf({ publicKey }: KeyPair): Record<string, string> {
  if (publicKey.kty === 'OKP') return { crv: publicKey.crv, kty: 'OKP', x: base64url(publicKey.x) };
  if (publicKey.kty !== 'EC') throw new TypeError('list operators have EC or Ed25519 keys');
  return { crv: publicKey.crv, kty: 'EC', x: base64url(publicKey.point.subarray(1, 33)), y: base64url(publicKey.point.subarray(33)) };
}

/** r||s for ECDSA (RFC 7518 §3.4) and SM2, 64 octets for EdDSA (RFC 8037 §3.1). */
function jwsSignature({ key }: ListOperator, message: Uint8Array): Uint8Array {
  const signature = key.sign(message);
  return key.kind === 'Ed25519' ? signature : decodeEcdsaSignature(signature, 32)!;
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

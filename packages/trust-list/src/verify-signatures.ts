import { encodeEcdsaSignature, CryptoError, type Algorithms, type SignatureAlgorithm } from '@hefu/crypto';
import { errors, flattenedVerify } from 'jose';
import { decodeBase64url } from './base64.js';
import { readHeader, type DocumentKind, type EnvelopeSignature, type ListEnvelope } from './envelope.js';
import type { ListSignatureAlgorithm, SignatureFamily } from './jwk.js';
import type { RoleKey } from './role.js';

export type SignatureOutcome =
  | 'counted'
  | 'duplicate-key' // valid, by a key that an earlier element counts for
  | 'same-owner' // valid, by another key of a person whom an earlier element counts for; counts for its family only
  | 'key-expired' // valid, by a key whose notAfter is not later than the document's issued
  | 'unknown-key' // no key of the role is of this kind, or `kid` names none of them and none verifies
  | 'invalid' // verifies under none of the role's keys of its kind
  | 'unsupported-alg' // not an algorithm documents are signed with, or not one this caller has
  | 'malformed' // header unreadable, of a foreign typ, with a crit not understood, or unprotected; a p7s that is not of the one form read
  | 'other-document' // made for a document of another kind
  | 'not-tried'; // the budget of signature checks was spent

/** What was found about one element of `signatures`, or of `p7s`. */
export interface SignatureFact {
  readonly index: number;
  /** The array it stands in; absent: `signatures`. */
  readonly member?: 'p7s';
  readonly outcome: SignatureOutcome;
  readonly alg?: string;
  /** RFC 7638 thumbprint of the role's key that verifies it. */
  readonly thumbprint?: string;
  readonly org?: string;
  readonly family?: SignatureFamily;
}

/** A fact with the key behind it. */
export interface VerifiedSignature {
  readonly fact: SignatureFact;
  readonly key: RoleKey | undefined;
}

const F1: readonly ListSignatureAlgorithm[] = ['ES256', 'ES384', 'EdDSA', 'PS256'];

/**
 * Verifies every element by itself: F1 by `jose.flattenedVerify` with one algorithm allowed, F2 by the caller's
 * `SM2-SM3`. `jose.generalVerify` is of no use here: it is satisfied by any one signature.
 * An element says which algorithm; only role keys made for that algorithm are tried, those `kid` hints at first.
 */
export async function verifySignatures(envelope: ListEnvelope, kind: DocumentKind, keys: readonly RoleKey[], algorithms: Algorithms, maxVerifications: number): Promise<readonly VerifiedSignature[]> {
  const sm2 = algorithms.signatures.find((algorithm) => algorithm.name === 'SM2-SM3');
  const results: VerifiedSignature[] = [];
  const seen = new Set<string>();
  let budget = maxVerifications;

  for (const [index, entry] of envelope.signatures.entries()) {
    const report = (outcome: SignatureOutcome, alg?: string, key?: RoleKey): void => {
      const who = key && { thumbprint: key.thumbprint, org: key.org, family: key.family };
      results.push({ fact: { index, outcome, ...(alg !== undefined && { alg: alg.slice(0, 40) }), ...who }, key });
    };
    const header = entry && readHeader(entry.protected, kind);
    if (entry === undefined || header === undefined || header === 'other-document') {
      report(header === 'other-document' ? header : 'malformed');
      continue;
    }
    const { alg, kid } = header;
    const supported = alg === 'SM2-SM3' ? sm2 !== undefined : (F1 as readonly string[]).includes(alg);
    if (!supported) {
      report('unsupported-alg', alg);
      continue;
    }
    const hinted = (key: RoleKey): boolean => kid !== undefined && key.kids.includes(kid);
    const candidates = keys.filter((key) => key.alg === alg).sort((a, b) => Number(hinted(b)) - Number(hinted(a)));
    let outcome: SignatureOutcome = candidates.length === 0 || (kid !== undefined && !candidates.some(hinted)) ? 'unknown-key' : 'invalid';
    let signer: RoleKey | undefined;
    for (const key of candidates) {
      if (budget-- <= 0) {
        outcome = 'not-tried';
        break;
      }
      const valid = key.sm2 === undefined ? await verifyF1(envelope.payload, entry, key) : await verifyF2(envelope.payload, entry, key, sm2!);
      if (valid === 'unsupported') outcome = 'unsupported-alg';
      if (valid !== true) continue;
      outcome = seen.has(key.thumbprint) ? 'duplicate-key' : 'counted';
      seen.add(key.thumbprint);
      signer = key;
      break;
    }
    report(outcome, alg, signer);
  }

  // A page whose lists have none need not read CMS for them. Where the reader cannot be had, they do not count.
  const reader = envelope.p7s.length === 0 ? undefined : await import('./scheme/verify-p7s.js').catch(() => undefined);
  for (const [index, der] of envelope.p7s.entries()) {
    const message = der && reader?.readP7s(der);
    const report = (outcome: SignatureOutcome, key?: RoleKey): void => {
      const who = key && { thumbprint: key.thumbprint, org: key.org, family: key.family };
      results.push({ fact: { index, member: 'p7s', outcome, alg: 'SM2-SM3', ...who }, key });
    };
    if (der !== undefined && reader === undefined) {
      report('unsupported-alg');
      continue;
    }
    if (message === undefined) {
      report('malformed');
      continue;
    }
    if (sm2 === undefined) {
      report('unsupported-alg');
      continue;
    }
    const key = keys.find((candidate) => message.belongsTo(candidate));
    if (key === undefined) report('unknown-key');
    else if (budget-- <= 0) report('not-tried');
    else if (!(await reader!.verifyP7s(message, envelope.payloadBytes, key, algorithms, sm2))) report('invalid');
    else {
      report(seen.has(key.thumbprint) ? 'duplicate-key' : 'counted', key);
      seen.add(key.thumbprint);
    }
  }
  return results;
}

async function verifyF1(payload: string, entry: EnvelopeSignature, key: RoleKey): Promise<boolean | 'unsupported'> {
  // Of one signature, one text: jose reads base64url leniently.
  if (decodeBase64url(entry.signature) === undefined) return false;
  try {
    await flattenedVerify({ payload, protected: entry.protected, signature: entry.signature }, key.jwk, { algorithms: [key.alg], crit: { iat: true } });
    return true;
  } catch (error) {
    // A platform without the algorithm, or a key it cannot import, is no verdict on the signature; neither counts.
    return error instanceof errors.JOSENotSupported || (error instanceof Error && error.name === 'NotSupportedError') ? 'unsupported' : false;
  }
}

/** 64 octets r||s over ASCII(protected) . ASCII(payload), default identifier `1234567812345678`. */
async function verifyF2(payload: string, entry: EnvelopeSignature, key: RoleKey, sm2: SignatureAlgorithm): Promise<boolean> {
  const raw = decodeBase64url(entry.signature);
  if (raw === undefined || raw.length !== 64) return false;
  const [r, s] = [raw.subarray(0, 32), raw.subarray(32)];
  if (r.every((octet) => octet === 0) || s.every((octet) => octet === 0)) return false;
  try {
    const message = new TextEncoder().encode(`${entry.protected}.${payload}`);
    return (await sm2.verify(key.sm2!, message, encodeEcdsaSignature(r, s))) === true;
  } catch (error) {
    if (error instanceof CryptoError) return false;
    throw error;
  }
}

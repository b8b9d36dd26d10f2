import { CryptoError, encodeEcdsaSignature, type Algorithms, type SignatureAlgorithm, type VerifyOptions } from '@hefu/crypto';
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

/** One of `alg` among the caller's algorithms, with what JWS fixes about it. */
interface ListAlgorithm {
  /** As the crypto room calls it. */
  readonly name: string;
  /** Octets of r and of s, where they stand side by side (RFC 7518 §3.4; SM2 likewise). */
  readonly component?: number;
  readonly options?: VerifyOptions;
}

/** RFC 7518 §3.4 and §3.5, RFC 8037 §3.1; SM2 with the default identifier, `1234567812345678`. */
const LIST_ALGORITHMS: Readonly<Record<ListSignatureAlgorithm, ListAlgorithm>> = {
  ES256: { name: 'ECDSA-SHA-256', component: 32 },
  ES384: { name: 'ECDSA-SHA-384', component: 48 },
  EdDSA: { name: 'Ed25519' },
  PS256: { name: 'RSASSA-PSS', options: { pss: { hash: 'SHA-256', mgfHash: 'SHA-256', saltLength: 32 } } },
  'SM2-SM3': { name: 'SM2-SM3', component: 32 },
};

/**
 * Verifies every element by itself, by the caller's algorithms.
 * An element says which algorithm; only role keys made for that algorithm are tried, those `kid` hints at first.
 */
export async function verifySignatures(envelope: ListEnvelope, kind: DocumentKind, keys: readonly RoleKey[], algorithms: Algorithms, maxVerifications: number): Promise<readonly VerifiedSignature[]> {
  const givenFor = (alg: string): SignatureAlgorithm | undefined => {
    const wanted = Object.hasOwn(LIST_ALGORITHMS, alg) ? LIST_ALGORITHMS[alg as ListSignatureAlgorithm].name : undefined;
    return algorithms.signatures.find(({ name }) => name === wanted);
  };
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
    const algorithm = givenFor(alg);
    if (algorithm === undefined) {
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
      const valid = await verifyJws(envelope.payload, entry, key, algorithm);
      if (valid === 'unsupported') outcome = 'unsupported-alg';
      if (valid !== true) continue;
      outcome = seen.has(key.thumbprint) ? 'duplicate-key' : 'counted';
      seen.add(key.thumbprint);
      signer = key;
      break;
    }
    report(outcome, alg, signer);
  }

  const sm2 = givenFor('SM2-SM3');
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

/** Over ASCII(protected) . ASCII(payload), RFC 7515 §5.2; the header was read, and `key` is one for its `alg`. */
async function verifyJws(payload: string, entry: EnvelopeSignature, key: RoleKey, algorithm: SignatureAlgorithm): Promise<boolean | 'unsupported'> {
  const { component, options } = LIST_ALGORITHMS[key.alg];
  const octets = decodeBase64url(entry.signature);
  const signature = component === undefined ? octets : octets && derOf(octets, component);
  if (signature === undefined) return false;
  try {
    const message = new TextEncoder().encode(`${entry.protected}.${payload}`);
    return (await algorithm.verify(key.publicKey, message, signature, options)) === true;
  } catch (error) {
    if (!(error instanceof CryptoError)) throw error;
    // A platform without the algorithm, or a key it cannot take, is no verdict on the signature; neither counts.
    return error.code === 'ALGORITHM_UNSUPPORTED' || error.code === 'KEY_UNSUPPORTED' ? 'unsupported' : false;
  }
}

/** r||s of fixed width as the crypto room takes it; undefined for another width, and for a zero. */
function derOf(raw: Uint8Array, component: number): Uint8Array | undefined {
  const [r, s] = [raw.subarray(0, component), raw.subarray(component)];
  if (s.length !== component || [r, s].some((half) => half.every((octet) => octet === 0))) return undefined;
  return encodeEcdsaSignature(r, s);
}

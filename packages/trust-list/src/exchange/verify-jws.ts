import { decodeProtectedHeader, flattenedVerify, importX509, type FlattenedJWSInput } from 'jose';
import { encodePem, equalBytes } from '@hefu/pki';
import { decodeBase64 } from '../base64.js';
import { isObject } from '../member-reader.js';
import { readJson, type JsonObject } from '../json.js';
import { TrustListError } from '../error.js';
import type { ExchangeLimits } from './limits.js';
import type { SignerRelation } from './import-report.js';

/** Digital signatures of RFC 7518 §3.1 and RFC 8037 that are no weaker than SHA-256 with 2048 bits; no MACs, which a certificate's key would verify for anybody. */
const ALGORITHMS = ['ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512', 'EdDSA', 'Ed25519'];

/** JAdES (TS 119 182-1) makes this claimed time critical; it is not used. */
const UNDERSTOOD = { sigT: true };

/**
 * Whether the certificate that signed is one to believe: one given, or one for which a path leads to one given.
 * @param chain DER, the signer's first, untrusted
 */
export type AcceptSigner = (chain: readonly Uint8Array[]) => SignerRelation | undefined | Promise<SignerRelation | undefined>;

export type JwsVerdict =
  | { readonly ok: true; readonly payload: Uint8Array; readonly algorithm: string; readonly signer: Uint8Array; readonly relation: SignerRelation }
  | { readonly ok: false; readonly code: 'IMPORT_MALFORMED' | 'IMPORT_SIGNATURE_INVALID' | 'IMPORT_SIGNER_UNKNOWN' | 'IMPORT_CRITICAL_UNKNOWN' | 'IMPORT_UNSIGNED'; readonly detail: string };

/** Accepts exactly the certificates given. */
export function acceptGiven(signers: readonly Uint8Array[]): AcceptSigner {
  return ([leaf]) => (leaf !== undefined && signers.some((signer) => equalBytes(signer, leaf)) ? 'given' : undefined);
}

/**
 * Verifies a compact JWS, or a JWS in General or Flattened JSON (RFC 7515 §7), by the certificate its header carries, or else by each
 * of those given. Each signature is verified by itself: one by an accepted signer must verify, and none by an accepted
 * signer may fail. A header that demands something unknown refuses the whole.
 */
export async function verifyJws(bytes: Uint8Array, signers: readonly Uint8Array[], accept: AcceptSigner, limits: ExchangeLimits): Promise<JwsVerdict> {
  let entries: readonly FlattenedJWSInput[];
  try {
    entries = readJws(bytes, limits);
  } catch (error) {
    if (!(error instanceof TrustListError)) throw error;
    return { ok: false, code: 'IMPORT_MALFORMED', detail: `${error.code}: ${error.message}` };
  }
  if (entries.length === 0) return { ok: false, code: 'IMPORT_UNSIGNED', detail: 'no signatures' };
  let found: (JwsVerdict & { readonly ok: true }) | undefined;
  let unknown = 0;
  for (const entry of entries) {
    const verdict = await verifyEntry(entry, signers, accept);
    if (verdict === undefined) unknown++;
    else if (!verdict.ok) return verdict;
    else found ??= verdict;
  }
  return found ?? { ok: false, code: 'IMPORT_SIGNER_UNKNOWN', detail: `${unknown} signature${unknown === 1 ? '' : 's'}, none by a certificate given` };
}

/** Undefined: by a stranger. */
async function verifyEntry(entry: FlattenedJWSInput, signers: readonly Uint8Array[], accept: AcceptSigner): Promise<JwsVerdict | undefined> {
  let header: Readonly<Record<string, unknown>>;
  try {
    header = decodeProtectedHeader(entry) as Readonly<Record<string, unknown>>;
  } catch (error) {
    return { ok: false, code: 'IMPORT_MALFORMED', detail: `protected header: ${messageOf(error)}` };
  }
  const { alg, crit, x5c } = header;
  if (crit !== undefined && (!Array.isArray(crit) || crit.length === 0 || crit.some((name) => typeof name !== 'string' || !Object.hasOwn(UNDERSTOOD, name)))) {
    return { ok: false, code: 'IMPORT_CRITICAL_UNKNOWN', detail: `crit ${JSON.stringify(crit)?.slice(0, 100)}` };
  }
  if (typeof alg !== 'string' || !ALGORITHMS.includes(alg)) return { ok: false, code: 'IMPORT_SIGNATURE_INVALID', detail: `algorithm ${String(alg).slice(0, 40)}` };
  const chain = Array.isArray(x5c) ? x5c.slice(0, 10).map((text) => (typeof text === 'string' ? decodeBase64(text) : undefined)) : undefined;
  if (chain?.includes(undefined) === true) return { ok: false, code: 'IMPORT_MALFORMED', detail: 'x5c is not base64' };
  if (chain !== undefined && chain.length > 0) {
    const [leaf] = chain as Uint8Array[];
    const relation = await accept(chain as Uint8Array[]);
    if (relation === undefined) return undefined;
    const outcome = await verifyBy(entry, leaf!, alg);
    if (!(outcome instanceof Uint8Array)) return { ok: false, code: 'IMPORT_SIGNATURE_INVALID', detail: outcome };
    return { ok: true, payload: outcome, algorithm: alg, signer: leaf!, relation };
  }
  let detail = 'no certificate given';
  for (const signer of signers) {
    const outcome = await verifyBy(entry, signer, alg);
    if (outcome instanceof Uint8Array) return { ok: true, payload: outcome, algorithm: alg, signer, relation: 'given' };
    detail = outcome;
  }
  return { ok: false, code: 'IMPORT_SIGNATURE_INVALID', detail };
}

/** The payload, or why it does not verify. */
async function verifyBy(entry: FlattenedJWSInput, certificate: Uint8Array, alg: string): Promise<Uint8Array | string> {
  try {
    const key = await importX509(encodePem('CERTIFICATE', certificate), alg);
    return (await flattenedVerify(entry, key, { algorithms: [alg], crit: UNDERSTOOD })).payload;
  } catch (error) {
    return messageOf(error);
  }
}

function readJws(bytes: Uint8Array, limits: ExchangeLimits): readonly FlattenedJWSInput[] {
  if (bytes.length > limits.maxBytes) throw new TrustListError('TL_TOO_LARGE', `${bytes.length} octets, at most ${limits.maxBytes}`);
  const text = new TextDecoder('utf-8').decode(bytes).trim();
  const compact = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(text);
  if (compact !== null) return [{ protected: compact[1]!, payload: compact[2]!, signature: compact[3]! }];
  const value = readJson(bytes, limits);
  if (!isObject(value)) throw new TrustListError('TL_UNSIGNED', 'not a JWS');
  const { payload, signatures = [{ protected: value['protected'] ?? '', signature: value['signature'] ?? '' }] } = value as JsonObject;
  if (typeof payload !== 'string') throw new TrustListError('TL_UNSIGNED', 'not a JWS: no payload');
  if (!Array.isArray(signatures) || signatures.length > limits.maxSignatures) throw new TrustListError('TL_SCHEMA_INVALID', `signatures is not an array of at most ${limits.maxSignatures}`);
  return (signatures as readonly JsonObject[]).map((entry) => {
    const { protected: header, signature } = isObject(entry) ? entry : {};
    if (typeof header !== 'string' || typeof signature !== 'string') throw new TrustListError('TL_SCHEMA_INVALID', 'a signature has no protected header');
    return { payload, protected: header, signature };
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}

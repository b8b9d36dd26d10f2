import { decodeEcdsaSignature, encodeEcdsaSignature, SM2_DEFAULT_ID, sm2Digest } from '@hefu/crypto';
import type { KeyPair } from '../../keys.js';
import { jsonAnswer } from '../facade.js';
import type { FaultPlan } from '../fault-plan.js';
import { requireSad } from './authorise.js';
import { algorithmsOf, type CscCredential } from './credentials.js';
import { ecdsaBySm2Key } from './ecdsa-by-sm2.js';
import { otherChain } from './listing.js';
import { credentialOf, CscRefusal, hashesOf, text, type CscInput, type CscVersion } from './request.js';
import { DIGEST_OIDS, hashedTwice, signHashValue, type Scheme } from '../sign-value.js';
import { sendCallback } from './callback.js';
import type { CscState, Sad } from './state.js';

const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const SM2_ORDER = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;

/** What a service may return that it should not; one name each. */
export const RESULT_FAULTS = [
  'other-hash', 'permute', 'sorted', 'same-value', 'fewer', 'more', 'one-null', 'rs-encoding', 'stripped-zero', 'high-s', 'hex', 'base64url', 'value-prefix', 'double-hash',
  'ecdsa-sm3', 'z-again', 'z-again-empty-id', 'pss-for-pkcs1', 'pkcs1-for-pss', 'sha1', 'other-key', 'swapped-certificate', 'algorithm-said',
] as const;

/** `signatures/signHash`. @param bearer of the request, which may itself be the SAD */
export function signHash(state: CscState, version: CscVersion, input: CscInput, bearer: string, faults: FaultPlan, path: string): Response {
  const credential = credentialOf(state, input);
  const hashes = hashesOf(state, version, input);
  if (hashes === undefined) throw new CscRefusal('invalid_request', 'Missing (or invalid type) array parameter hash');
  const value = typeof input['SAD'] === 'string' ? input['SAD'] : state.sads.has(bearer) ? bearer : text(input, 'SAD');
  if (faults.hits('sad-expired', path)) throw new CscRefusal('invalid_request', 'SAD expired');
  if (faults.hits('pin-locked', path)) throw new CscRefusal('invalid_request', version === 'v1' ? 'PIN locked' : 'Credential locked');
  if (faults.hits('certificate-expired', path)) throw new CscRefusal('invalid_request', `Signing certificate 'O=sandbox' is expired`);
  const sad = requireSad(state, value, credential.id);
  if (faults.hits('hash-not-authorised', path)) throw new CscRefusal('invalid_request', 'Hash is not authorized by the SAD');
  const scheme = schemeOf(state, credential, version, input, hashes);
  spend(state, sad, hashes);
  if (!faults.hits('signs-nothing', path)) for (const hash of hashes) state.made.push({ credentialID: credential.id, hash });
  const hit = new Set<string>(RESULT_FAULTS.filter((name) => faults.hits(name, path)));
  const signatures = spoiled(state, credential, scheme, hashes, hit);
  const extras = {
    ...(hit.has('swapped-certificate') ? { certificates: otherChain(state, credential).map((der) => Buffer.from(der).toString('base64')) } : {}),
    ...(hit.has('algorithm-said') ? { signAlgo: '1.2.840.113549.1.1.5' } : {}),
  };
  if (version === 'v2' && input['operationMode'] === 'A') {
    if (!state.manners.asynchronous) throw new CscRefusal('server_error', 'Asynchronous mode is not implemented', 501);
    const responseID = state.ground.token('response');
    state.jobs.set(responseID, { answer: { signatures, ...extras }, polls: 0 });
    const uri = input['response_uri'];
    if (typeof uri === 'string') {
      const body = JSON.stringify({ responseID: faults.hits('callback-forged', path) ? 'response-of-somebody-else' : responseID });
      const { notify = sendCallback } = state.options;
      notify(uri, body);
      if (faults.hits('callback-twice', path)) notify(uri, body);
    }
    return jsonAnswer({ responseID });
  }
  return jsonAnswer({ signatures, ...extras });
}

/** `signatures/signPolling`: its `requestID` is the `responseID` of the answer. */
export function signPolling(state: CscState, input: CscInput, faults: FaultPlan, path: string): Response {
  const job = state.jobs.get(text(input, 'requestID'));
  if (job === undefined) throw new CscRefusal('invalid_request', 'Invalid parameter requestID');
  if (faults.hits('job-refused', path)) throw new CscRefusal('access_denied', 'The user denied the request', 403);
  if (faults.hits('job-failed', path)) throw new CscRefusal('server_error', 'The job failed');
  if (faults.hits('always-pending', path) || job.polls++ < (state.options.pendingPolls ?? 1)) {
    if (faults.hits('200-empty', path)) return jsonAnswer({});
    if (state.manners.pendingAs400 !== undefined) throw new CscRefusal('invalid_request', state.manners.pendingAs400);
    return jsonAnswer({ error: 'accepted_request', error_description: 'The request is being processed' }, 202);
  }
  return jsonAnswer(job.answer);
}

/** Takes the hashes out of what the SAD allows. */
function spend(state: CscState, sad: Sad, hashes: readonly string[]): void {
  if (state.manners.replays) {
    if (sad.hashes !== undefined && hashes.some((hash) => !sad.hashes!.includes(hash))) throw new CscRefusal('invalid_request', 'Hash is not authorized by the SAD');
    return;
  }
  if (hashes.length > sad.left) throw new CscRefusal('invalid_request', 'Numbers of signatures is too high');
  if (sad.hashes !== undefined) {
    const rest = [...sad.hashes];
    for (const hash of hashes) {
      const at = rest.indexOf(hash);
      if (at < 0) throw new CscRefusal('invalid_request', 'Hash is not authorized by the SAD');
      rest.splice(at, 1);
    }
    sad.hashes.splice(0, sad.hashes.length, ...rest);
  }
  sad.left -= hashes.length;
}

interface Signing {
  readonly scheme: Scheme;
  readonly digestOid: string;
}

function schemeOf(state: CscState, { key }: CscCredential, version: CscVersion, input: CscInput, hashes: readonly string[]): Signing {
  const signAlgo = text(input, 'signAlgo');
  if (!algorithmsOf(key, state.manners.bareKeyOids).includes(signAlgo) && signAlgo !== '1.2.840.10045.4.3.2') throw new CscRefusal('invalid_request', 'Invalid parameter signAlgo');
  const said = input[version === 'v1' ? 'hashAlgo' : 'hashAlgorithmOID'];
  const implied = { '1.2.156.10197.1.501': '1.2.156.10197.1.401', '1.2.840.10045.4.3.2': '2.16.840.1.101.3.4.2.1', '1.2.840.113549.1.1.11': '2.16.840.1.101.3.4.2.1' }[signAlgo];
  const digestOid = implied ?? (typeof said === 'string' ? said : undefined);
  if (digestOid === undefined || DIGEST_OIDS[digestOid] === undefined) throw new CscRefusal('invalid_request', 'Missing (or invalid type) string parameter hashAlgo');
  if (implied !== undefined && said !== undefined && said !== implied) throw new CscRefusal('invalid_request', 'Invalid parameter hashAlgo');
  if (hashes.some((hash) => Buffer.from(hash, 'base64').length !== DIGEST_OIDS[digestOid]!.length)) throw new CscRefusal('invalid_request', 'Invalid digest value length');
  if (signAlgo === '1.2.840.113549.1.1.10' && typeof input['signAlgoParams'] !== 'string') throw new CscRefusal('invalid_request', 'Missing (or invalid type) string parameter signAlgoParams');
  return { digestOid, scheme: key.kind === 'SM2' ? 'sm2' : key.kind === 'P-256' ? 'ecdsa' : signAlgo === '1.2.840.113549.1.1.10' ? 'pss' : 'pkcs1' };
}

/** The values, with whatever fault is in force. */
function spoiled(state: CscState, credential: CscCredential, { scheme: asked, digestOid }: Signing, given: readonly string[], hit: ReadonlySet<string>): (string | null)[] {
  const hashes = hit.has('sorted') || state.manners.sorts ? [...given].sort() : given;
  const { kind } = credential.key;
  const scheme: Scheme = kind !== 'RSA-2048' ? asked : hit.has('sha1') ? 'sha1' : hit.has('pss-for-pkcs1') ? 'pss' : hit.has('pkcs1-for-pss') ? 'pkcs1' : asked;
  const key = hit.has('other-key') ? state.ground.hsm.keys.find((each) => each.kind === kind && each.id !== credential.key.id)?.key ?? credential.key.key : credential.key.key;
  const values = hashes.map((hash): Uint8Array => {
    const plain = new Uint8Array(Buffer.from(hash, 'base64'));
    const octets = hit.has('other-hash') ? plain.map((octet) => octet ^ 0x5a) : hit.has('double-hash') ? hashedTwice(plain, digestOid)
      // What a service does that takes e for a message: Z before it, of the right identifier or of an empty one.
      : hit.has('z-again') ? withZ(key, plain, SM2_DEFAULT_ID) : hit.has('z-again-empty-id') ? withZ(key, plain, '') : plain;
    if (hit.has('ecdsa-sm3') && kind === 'SM2') return ecdsaBySm2Key(key, octets);
    return signHashValue(key, scheme, octets, digestOid);
  });
  const texts: (string | null)[] = values.map((value) => written(value, kind, hit));
  if (hit.has('permute') && texts.length > 1) texts.push(texts.shift()!);
  if (hit.has('same-value')) texts.fill(texts[0]!);
  if (hit.has('fewer')) texts.splice(Math.floor(texts.length / 2), 1);
  if (hit.has('more')) texts.push(texts[0]!);
  if (hit.has('one-null')) texts[Math.floor(texts.length / 2)] = null;
  return texts;
}

/** (r, n − s): for ECDSA, where it is the high one of the two, as good a value; for SM2 none. */
function otherS(der: Uint8Array, kind: KeyPair['kind']): Uint8Array {
  const raw = decodeEcdsaSignature(der, 32);
  if (raw === undefined) return der;
  const s = BigInt(`0x${Buffer.from(raw.subarray(32)).toString('hex')}`);
  const other = (kind === 'SM2' ? SM2_ORDER : P256_ORDER) - s;
  return kind !== 'SM2' && other < s ? der : encodeEcdsaSignature(raw.subarray(0, 32), new Uint8Array(Buffer.from(other.toString(16).padStart(64, '0'), 'hex')));
}

function withZ({ publicKey }: KeyPair, message: Uint8Array, id: string): Uint8Array {
  return publicKey.kty === 'EC' && publicKey.crv === 'SM2' ? sm2Digest(publicKey.point, message, new TextEncoder().encode(id)) : message;
}

function written(made: Uint8Array, kind: KeyPair['kind'], hit: ReadonlySet<string>): string {
  const elliptic = kind !== 'RSA-2048';
  const value = hit.has('high-s') && elliptic ? otherS(made, kind) : made;
  const raw = elliptic && (hit.has('rs-encoding') || hit.has('stripped-zero')) ? decodeEcdsaSignature(value, 32) ?? value : value;
  const octets = Buffer.from(hit.has('stripped-zero') && elliptic ? raw.subarray(1) : raw);
  const value64 = octets.toString(hit.has('hex') ? 'hex' : hit.has('base64url') ? 'base64url' : 'base64');
  return hit.has('value-prefix') ? `vault:v1:${value64}` : value64;
}


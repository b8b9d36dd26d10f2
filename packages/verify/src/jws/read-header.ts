import type { DigestName } from '@hefu/crypto';
import { decodeBase64, decodeBase64url, parseInstant, TrustListError, type JsonObject, type JsonValue } from '@hefu/trust-list';
import type { ReasonCode } from '../codes.js';
import { headerDigest, jwsAlgorithm, type JwsAlgorithm } from './jws-algorithms.js';
import type { JwsSignature } from './parse-jws.js';

/** What the protected header says, as far as it bears on the verdict. */
export interface JwsHeader {
  readonly alg: string;
  readonly algorithm: JwsAlgorithm;
  /** Of x5c, the signer's first. DER. */
  readonly certificates: readonly Uint8Array[];
  /** References to the signer's certificate. */
  readonly thumbprints: readonly { readonly algorithm: DigestName; readonly value: Uint8Array }[];
  /** Epoch milliseconds, from `iat` or `sigT`. */
  readonly claimedSigningTime?: number;
  readonly objects?: readonly { readonly uri: string; readonly digest: Uint8Array }[];
  readonly objectDigest?: DigestName;
  /** False: the payload is signed as it is (RFC 7797). */
  readonly b64: boolean;
}

export interface HeaderRefusal {
  readonly code: ReasonCode;
  readonly actual: string;
  readonly clause: string;
}

const UNDERSTOOD = new Set(['sigT', 'x5t#o', 'sigD', 'b64']);
/** What decides how a signature is verified has to be protected. */
const PROTECTED_ONLY = ['alg', 'crit', 'b64', 'x5c', 'x5t', 'x5t#S256', 'x5t#o', 'sigX5ts', 'sigD', 'sigT', 'iat'];
const OBJECT_ID_BY_URI_HASH = 'http://uri.etsi.org/19182/ObjectIdByURIHash';
const MAX_CERTIFICATES = 100;
const MAX_OBJECTS = 10_000;

/** Reads the headers of one signature (RFC 7515 §4, RFC 7797; TS 119 182-1 §5.1, §5.2). What is not understood and critical is refused. */
export function readHeader({ protectedHeader: head, header }: JwsSignature): JwsHeader | HeaderRefusal {
  const refuse = (actual: string, clause: string, code: ReasonCode = 'SIGNED_ATTRIBUTES_INVALID'): HeaderRefusal => ({ code, actual, clause });
  const open = PROTECTED_ONLY.find((name) => Object.hasOwn(header, name));
  if (open !== undefined) return refuse(`${open} is not protected`, 'RFC 7515 §4');
  const { alg, crit, iat, sigT, x5c, sigD } = head;
  if (typeof alg !== 'string') return refuse('alg', 'RFC 7515 §4.1.1');
  if (alg === 'none' || alg.startsWith('HS')) return refuse(alg, 'RFC 8725 §3.2', 'ALGORITHM_REFUSED');
  const algorithm = jwsAlgorithm(alg);
  if (algorithm === undefined) return refuse(alg, 'RFC 7518 §3.1', 'ALGORITHM_UNKNOWN');

  if (crit !== undefined) {
    if (!Array.isArray(crit) || crit.length === 0 || new Set(crit).size !== crit.length) return refuse('crit', 'RFC 7515 §4.1.11');
    const unknown = (crit as readonly JsonValue[]).find((name) => typeof name !== 'string' || !UNDERSTOOD.has(name) || !Object.hasOwn(head, name));
    if (unknown !== undefined) return refuse(`crit ${String(unknown)}`, 'RFC 7515 §4.1.11');
  }
  const critical = (name: string): boolean => Array.isArray(crit) && crit.includes(name);
  if (head['b64'] !== undefined && (typeof head['b64'] !== 'boolean' || !critical('b64'))) return refuse('b64', 'RFC 7797 §6');

  const certificates = x5c === undefined ? [] : certificatesOf(x5c);
  if (certificates === undefined) return refuse('x5c', 'RFC 7515 §4.1.6');
  const thumbprints = thumbprintsOf(head);
  if (thumbprints === undefined) return refuse('x5t', 'RFC 7515 §4.1.8');
  const claimed = claimedTime(iat, sigT);
  if (claimed === 'invalid') return refuse('iat or sigT', 'TS 119 182-1 §5.1.11');
  const detached = sigD === undefined ? undefined : detachedObjects(sigD);
  if (detached === 'invalid' || (detached !== undefined && !critical('sigD'))) return refuse('sigD', 'TS 119 182-1 §5.2.8');
  return {
    alg, algorithm, certificates, thumbprints, b64: head['b64'] !== false,
    ...(claimed === undefined ? {} : { claimedSigningTime: claimed }),
    ...(detached === undefined ? {} : detached),
  };
}

function certificatesOf(x5c: JsonValue): readonly Uint8Array[] | undefined {
  if (!Array.isArray(x5c) || x5c.length === 0 || x5c.length > MAX_CERTIFICATES) return undefined;
  const decoded = (x5c as readonly JsonValue[]).map((text) => (typeof text === 'string' ? decodeBase64(text) : undefined));
  return decoded.includes(undefined) ? undefined : (decoded as Uint8Array[]);
}

/** x5t#S256 and x5t#o; the SHA-1 of x5t binds nothing. */
function thumbprintsOf(head: JsonObject): JwsHeader['thumbprints'] | undefined {
  const found: { algorithm: DigestName; value: Uint8Array }[] = [];
  const { 'x5t#S256': sha256, 'x5t#o': other } = head;
  if (sha256 !== undefined) {
    const value = digestValue(sha256);
    if (value === undefined) return undefined;
    found.push({ algorithm: 'SHA-256', value });
  }
  if (other !== undefined) {
    const { digAlg, digVal } = (typeof other === 'object' && other !== null ? other : {}) as JsonObject;
    const algorithm = typeof digAlg === 'string' ? headerDigest(digAlg) : undefined;
    const value = digestValue(digVal);
    if (algorithm === undefined || value === undefined) return undefined;
    found.push({ algorithm, value });
  }
  return found;
}

function digestValue(text: JsonValue | undefined): Uint8Array | undefined {
  return typeof text === 'string' && text !== '' ? decodeBase64url(text) : undefined;
}

function claimedTime(iat: JsonValue | undefined, sigT: JsonValue | undefined): number | undefined | 'invalid' {
  if (iat !== undefined) return sigT === undefined && typeof iat === 'number' && iat >= 0 && iat < 8.64e12 ? iat * 1000 : 'invalid';
  if (sigT === undefined) return undefined;
  try {
    return typeof sigT === 'string' ? parseInstant(sigT) : 'invalid';
  } catch (error) {
    if (error instanceof TrustListError) return 'invalid';
    throw error;
  }
}

/** ObjectIdByURIHash (TS 119 182-1 §5.2.8.3.3); the mechanisms that fetch what they name are not followed. */
function detachedObjects(sigD: JsonValue): Pick<JwsHeader, 'objects' | 'objectDigest'> | 'invalid' {
  if (typeof sigD !== 'object' || sigD === null) return 'invalid';
  const { mId, pars, hashM, hashV } = sigD as JsonObject;
  const objectDigest = typeof hashM === 'string' ? headerDigest(hashM) : undefined;
  if (mId !== OBJECT_ID_BY_URI_HASH || objectDigest === undefined || !Array.isArray(pars) || !Array.isArray(hashV)) return 'invalid';
  if (pars.length === 0 || pars.length > MAX_OBJECTS || pars.length !== hashV.length || new Set(pars).size !== pars.length) return 'invalid';
  const objects = (pars as readonly JsonValue[]).map((uri, index) => ({ uri, digest: digestValue((hashV as readonly JsonValue[])[index]) }));
  if (objects.some(({ uri, digest }) => typeof uri !== 'string' || digest === undefined)) return 'invalid';
  return { objectDigest, objects: objects as { uri: string; digest: Uint8Array }[] };
}

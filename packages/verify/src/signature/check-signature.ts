import { COMPONENT_OCTETS, decodeEcdsaSignature, DEFAULT_RSA_LIMITS } from '@hefu/crypto';
import type { Algorithms, DigestAlgorithm, PublicKey, SignatureAlgorithm, VerifyOptions } from '@hefu/crypto';
import {
  contentTypeOf,
  equalBytes,
  hexOf,
  id_data,
  id_gm_data,
  messageDigestOf,
  PkiError,
  signingCertificateV2Of,
  signingTimeOf,
  type Certificate,
  type SignedData,
  type SignerInfo,
} from '@hefu/pki';
import type { ReasonCode } from '../codes.js';
import type { MessageVariant } from '../policy.js';
import type { CheckRow } from '../report.js';
import { keyName, rsaBits } from '../key-name.js';
import { signingCertificateHashOf } from './signing-certificate-v1.js';
import { after, isPromise } from '../path/signed-by.js';
import { digestNamed, obeysRule, resolveSignatureAlgorithm } from './algorithm-resolution.js';
import { resolveAlias } from './aliases.js';
import { contentDigest, mayBeSignedAttributes, type Content } from './content.js';
import { contentInfoHeader } from './content-info-header.js';

/** What the mathematics of one SignerInfo says. Facts only: whether a variant is welcome is the policy's question. */
export interface SignatureFacts {
  /** Set when the signature does not hold. */
  readonly failure?: { readonly code: ReasonCode; readonly expected?: string; readonly actual?: string };
  /** The form in which it verified, when it did. */
  readonly variant?: MessageVariant;
  readonly digestAlgorithm?: string;
  readonly signatureAlgorithm?: string;
  readonly claimedSigningTime?: number;
  /** What was found beside the standard: OIDs read through the alias table. */
  readonly nonStandard: readonly string[];
  readonly checks: readonly CheckRow[];
  /** Digests of the content that were computed on the way, lower-case hex by name. */
  readonly contentDigests: Readonly<Record<string, string>>;
}

export interface CheckSignatureInput {
  readonly signed: Pick<SignedData, 'encapContentInfo'>;
  readonly signer: Pick<SignerInfo, 'digestAlgorithm' | 'signatureAlgorithm' | 'signedAttrs' | 'signature'>;
  /** For `CheckRow.subject`. */
  readonly subject: string;
  readonly certificate: Certificate;
  /** The content, from the message or from outside: octets, or the digests that `wantedDigests` names. */
  readonly content: Content;
  readonly algorithms: Algorithms;
  /** It is over a signature value: its attributes state no content type (RFC 5652 §11.4). */
  readonly countersignature?: boolean;
}

type Failure = NonNullable<SignatureFacts['failure']>;

/**
 * Verifies one SignerInfo against a certificate's key: RFC 5652 §5.4 and §5.6, and the forms of GM/T 0010
 * messages found in the field. Never throws for what a message contains.
 */
export async function checkSignature(input: CheckSignatureInput): Promise<SignatureFacts> {
  const { signer, subject, algorithms } = input;
  const checks: CheckRow[] = [];
  const nonStandard: string[] = [];
  const contentDigests: Record<string, string> = {};
  let named: Pick<SignatureFacts, 'digestAlgorithm' | 'signatureAlgorithm' | 'claimedSigningTime'> = {};
  const fail = (failure: Failure, checkId: string, clause: string): SignatureFacts => {
    checks.push({ id: checkId, outcome: 'failed', subject, ...shown(failure), clause });
    return { failure, ...named, nonStandard, checks, contentDigests };
  };

  // Algorithms: what is not in the caller's lists does not exist.
  const digestOid = resolveAlias(signer.digestAlgorithm.oid, 'digestAlgorithm');
  if (digestOid.alias) nonStandard.push(`digestAlgorithm ${digestOid.alias.oid}`);
  const digest = digestNamed(algorithms, digestOid.oid);
  if (digest === undefined) {
    return fail({ code: 'ALGORITHM_UNKNOWN', actual: signer.digestAlgorithm.oid }, 'signature.digestAlgorithm', 'RFC 5652 §5.3');
  }
  // RFC 5754 §2: absent or NULL.
  const { parameters } = signer.digestAlgorithm;
  if (!obeysRule('null-or-absent', parameters)) {
    return fail({ code: 'ALGORITHM_MISMATCH', expected: 'parameters null or absent', actual: `${parameters?.length ?? 0} octets` }, 'signature.digestAlgorithm', 'RFC 5754 §2');
  }
  const signatureOid = resolveAlias(signer.signatureAlgorithm.oid, 'signatureAlgorithm');
  if (signatureOid.alias) nonStandard.push(`signatureAlgorithm ${signatureOid.alias.oid}`);
  const resolved = resolveSignatureAlgorithm(algorithms, { oid: signatureOid.oid, parameters: signer.signatureAlgorithm.parameters }, digestOid.oid);
  if (resolved.code !== undefined) {
    return fail({ code: resolved.code, actual: signer.signatureAlgorithm.oid }, 'signature.signatureAlgorithm', 'RFC 5652 §5.3');
  }
  const { algorithm, options } = resolved;
  named = { digestAlgorithm: digest.name, signatureAlgorithm: algorithm.name };

  // RFC 8419 §3.1 pairs Ed25519 with SHA-512 for attributes, any digest is read; the others must say the same twice.
  if (algorithm.digest !== 'none' && algorithm.digest !== 'in-parameters' && algorithm.digest !== digest.name) {
    return fail({ code: 'ALGORITHM_MISMATCH', expected: algorithm.digest, actual: digest.name }, 'signature.signatureAlgorithm', 'RFC 5652 §5.3');
  }
  if (algorithm.digest === 'in-parameters' && options.pss?.hash !== digest.name) {
    return fail({ code: 'ALGORITHM_MISMATCH', expected: options.pss?.hash ?? 'parameters', actual: digest.name }, 'signature.signatureAlgorithm', 'RFC 4056 §3');
  }

  let key: PublicKey;
  try {
    key = input.certificate.spki.key;
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    return fail({ code: 'KEY_INVALID', actual: cause.code }, 'signature.key', 'RFC 5280 §4.1.2.7');
  }
  if (!algorithm.supportsKey(key)) {
    // An RSA key that RSA refuses is a bad key, not another algorithm's.
    if (key.kty === 'RSA' && algorithm.name.startsWith('RSASSA')) {
      return fail({ code: rsaBits(key) < DEFAULT_RSA_LIMITS.minModulusBits ? 'KEY_TOO_WEAK' : 'KEY_INVALID', actual: keyName(key) }, 'signature.key', 'RFC 5280 §4.1.2.7');
    }
    return fail({ code: 'ALGORITHM_MISMATCH', expected: algorithm.name, actual: keyName(key) }, 'signature.key', 'RFC 5652 §5.6');
  }

  // Member by member: a spread was a twentieth of a message.
  const { signed, certificate, content, countersignature = false } = input;
  const run: Run = { signed, signer, subject, certificate, content, algorithms, countersignature, key, digest, algorithm, options, contentDigests, checks, claimedSigningTime: undefined };
  try {
    const pending = signer.signedAttrs === undefined ? overContent(run) : overAttributes(run);
    const outcome = isPromise(pending) ? await pending : pending;
    if (run.claimedSigningTime !== undefined) named = { digestAlgorithm: digest.name, signatureAlgorithm: algorithm.name, claimedSigningTime: run.claimedSigningTime };
    if (outcome.failure) return fail(outcome.failure, outcome.check, outcome.clause);
    checks.push({ id: 'signature.value', outcome: 'passed', subject, actual: `${algorithm.name}, ${outcome.variant}`, clause: 'RFC 5652 §5.6' });
    return { variant: outcome.variant, ...named, nonStandard, checks, contentDigests };
  } catch (cause) {
    if (cause instanceof PkiError) {
      return fail({ code: 'SIGNED_ATTRIBUTES_INVALID', actual: cause.code }, 'signature.signedAttrs', 'RFC 5652 §11');
    }
    const code = codeOf(cause);
    if (code === 'KEY_INVALID' || code === 'KEY_UNSUPPORTED') {
      return fail({ code: code === 'KEY_INVALID' ? 'KEY_INVALID' : 'KEY_TOO_WEAK', actual: keyName(key) }, 'signature.key', 'RFC 5280 §4.1.2.7');
    }
    if (code === 'ALGORITHM_UNSUPPORTED' || code === 'PARAMETERS_INVALID') return fail({ code: 'ALGORITHM_UNKNOWN', actual: signer.signatureAlgorithm.oid }, 'signature.signatureAlgorithm', 'RFC 5652 §5.3');
    if (code === 'PROVIDER_FAILED') return fail({ code: 'PROVIDER_FAILED' }, 'signature.value', 'RFC 5652 §5.6');
    throw cause;
  }
}

interface Run extends CheckSignatureInput {
  readonly key: PublicKey;
  readonly digest: DigestAlgorithm;
  readonly algorithm: SignatureAlgorithm;
  readonly options: VerifyOptions;
  readonly contentDigests: Record<string, string>;
  readonly checks: CheckRow[];
  /** Found on the way. */
  claimedSigningTime: number | undefined;
}

type Outcome = { readonly variant: MessageVariant; readonly failure?: undefined } | { readonly failure: Failure; readonly check: string; readonly clause: string };

/** No attributes: the signature is over the content itself (RFC 5652 §5.4, first case; GM/T 0010 §9). */
async function overContent(run: Run): Promise<Outcome> {
  const { signed, signer, content, key, algorithm, options, digest } = run;
  const type = signed.encapContentInfo.contentType;
  // RFC 5652 §5.3: attributes are mandatory unless the content is id-data. The empty OID stands for data in one CA's messages.
  if (type !== id_data && type !== id_gm_data && type !== '') {
    return { failure: { code: 'SIGNED_ATTRIBUTES_INVALID', expected: 'signedAttrs', actual: type }, check: 'signature.signedAttrs', clause: 'RFC 5652 §5.3' };
  }
  // Otherwise somebody could present the attributes of another signature as content, and it would verify.
  if (mayBeSignedAttributes(content)) {
    return { failure: { code: 'CONTENT_AMBIGUOUS', actual: 'content is a set of signed attributes' }, check: 'signature.content', clause: 'RFC 5652 §5.4' };
  }
  const { messagePrefix, verifyDigest } = algorithm;
  if (messagePrefix === undefined || verifyDigest === undefined) {
    if (!(content instanceof Uint8Array)) return octetsMissing(algorithm);
    if (await algorithm.verify(key, content, signer.signature, options)) return { variant: messagePrefix === undefined ? 'cms' : 'za-content' };
    return { failure: notVerified(run), check: 'signature.value', clause: 'RFC 5652 §5.6' };
  }
  const holdsOver = async (e: Uint8Array | undefined): Promise<boolean> => e !== undefined && verifyDigest(key, e, signer.signature);
  const withZ = contentDigest(content, digest, messagePrefix(key, options));
  const plain = contentDigest(content, digest);
  if (withZ === undefined || plain === undefined) return octetsMissing(algorithm);
  if (await holdsOver(withZ)) return { variant: 'za-content' };
  run.contentDigests[digest.name] = hexOf(plain);
  if (await holdsOver(plain)) return { variant: 'plain-content' };
  const { encapContentInfo } = signed;
  const withHeader = encapContentInfo.content !== undefined ? digest.digest(encapContentInfo.bytes) : contentDigest(content, digest, contentInfoHeader(type === '' ? id_gm_data : type, content.length));
  if (await holdsOver(withHeader)) return { variant: 'contentinfo-der' };
  if (await algorithm.verify(key, plain, signer.signature, options)) return { variant: 'digest-as-message' };
  return { failure: notVerified(run), check: 'signature.value', clause: 'RFC 5652 §5.6' };
}

/** Only digests of the content are here, and this signature needs more of it. */
function octetsMissing(algorithm: SignatureAlgorithm): Outcome {
  return { failure: { code: 'CONTENT_MISSING', expected: `content for ${algorithm.name}`, actual: 'other digests of it' }, check: 'signature.content', clause: 'RFC 5652 §5.4' };
}

/** Why a value did not verify: one that is no DER SEQUENCE { r, s } could not have. Some signing services return r||s. */
function notVerified({ key, signer: { signature } }: Run): Failure {
  if (key.kty !== 'EC') return { code: 'SIGNATURE_INVALID' };
  const octets = COMPONENT_OCTETS[key.crv];
  if (decodeEcdsaSignature(signature, octets) !== undefined) return { code: 'SIGNATURE_INVALID' };
  return { code: 'SIGNATURE_VALUE_MALFORMED', expected: 'DER SEQUENCE { r, s }', actual: signature.length === 2 * octets ? 'r||s' : `${signature.length} octets` };
}

/** Attributes: they are signed, and carry the digest of the content (RFC 5652 §5.4, second case). */
function overAttributes(run: Run): Outcome | Promise<Outcome> {
  const { signer, key, algorithm, options } = run;
  const attributes = signer.signedAttrs!;

  const messageDigest = messageDigestOf(attributes);
  if (messageDigest === undefined) {
    return { failure: { code: 'MESSAGE_DIGEST_MISSING' }, check: 'signature.messageDigest', clause: 'RFC 5652 §11.2' };
  }
  const contentType = contentTypeOf(attributes);
  const counter = run.countersignature === true;
  if (messageDigest.duplicate || (contentType === undefined) !== counter || contentType?.duplicate === true) {
    const actual = contentType === undefined ? 'no contentType' : counter ? 'contentType in a countersignature' : 'an attribute appears twice';
    return { failure: { code: 'SIGNED_ATTRIBUTES_INVALID', actual }, check: 'signature.signedAttrs', clause: 'RFC 5652 §11' };
  }
  const signingTime = signingTimeOf(attributes);
  if (signingTime?.duplicate === true) {
    return { failure: { code: 'SIGNED_ATTRIBUTES_INVALID', actual: 'signingTime appears twice' }, check: 'signature.signedAttrs', clause: 'RFC 5652 §11.3' };
  }
  run.claimedSigningTime = signingTime?.value;
  return after(algorithm.verify(key, attributes.signedBytes, signer.signature, options), (holds) =>
    holds ? fitsAttributes(run, messageDigest.value, contentType?.value) : { failure: notVerified(run), check: 'signature.value', clause: 'RFC 5652 §5.6' },
  );
}

/** Type, certificate and content are those that the signed attributes mean. */
function fitsAttributes(run: Run, messageDigest: Uint8Array, contentType: string | undefined): Outcome {
  const { signed, content, key, algorithm, options, digest, subject, checks } = run;
  const stated = signed.encapContentInfo.contentType;
  const typeAgrees = contentType === undefined || contentType === stated || (stated === '' && (contentType === id_data || contentType === id_gm_data));
  if (!typeAgrees) {
    return { failure: { code: 'CONTENT_TYPE_MISMATCH', expected: contentType, actual: stated }, check: 'signature.contentType', clause: 'RFC 5652 §11.1' };
  }

  const certificateBinding = boundCertificate(run);
  if (certificateBinding !== undefined) return certificateBinding;

  const computed = contentDigest(content, digest);
  if (computed === undefined) return octetsMissing(algorithm);
  run.contentDigests[digest.name] = hexOf(computed);
  const gm = algorithm.messagePrefix !== undefined;
  let variant: MessageVariant | undefined;
  if (equalBytes(computed, messageDigest)) variant = gm ? 'attrs-za' : 'cms';
  else if (gm) {
    const withZ = contentDigest(content, digest, algorithm.messagePrefix!(key, options));
    if (withZ !== undefined && equalBytes(withZ, messageDigest)) variant = 'attrs-za-md-za';
  }
  if (variant === undefined) {
    return { failure: { code: 'CONTENT_TAMPERED', expected: hexOf(messageDigest), actual: hexOf(computed) }, check: 'signature.messageDigest', clause: 'RFC 5652 §11.2' };
  }
  checks.push({ id: 'signature.messageDigest', outcome: 'passed', subject, clause: 'RFC 5652 §11.2' });
  return { variant };
}

/** signingCertificate and signingCertificateV2, when present, must name the certificate used (RFC 2634 §5.4, RFC 5035 §3). */
function boundCertificate(run: Run): Outcome | undefined {
  const older = signingCertificateHashOf(run.signer.signedAttrs!);
  if (older !== undefined) {
    const sha1 = run.algorithms.digests.find(({ name }) => name === 'SHA-1');
    // The hash only names a certificate here; that SHA-1 is broken does not let another one of that hash verify the signature.
    if (sha1 === undefined) return { failure: { code: 'ALGORITHM_UNKNOWN', actual: 'SHA-1 of signingCertificate' }, check: 'signature.signingCertificate', clause: 'RFC 2634 §5.4' };
    if (older.duplicate || !equalBytes(sha1.digest(run.certificate.bytes), older.value)) {
      return { failure: { code: 'SIGNED_ATTRIBUTES_INVALID', actual: older.duplicate ? 'signingCertificate appears twice' : 'another certificate' }, check: 'signature.signingCertificate', clause: 'RFC 2634 §5.4' };
    }
  }
  const bound = signingCertificateV2Of(run.signer.signedAttrs!);
  if (bound === undefined) return undefined;
  if (bound.duplicate) {
    return { failure: { code: 'SIGNED_ATTRIBUTES_INVALID', actual: 'signingCertificateV2 appears twice' }, check: 'signature.signingCertificate', clause: 'RFC 5035 §3' };
  }
  const first = bound.value.certs[0]!;
  const digest = digestNamed(run.algorithms, resolveAlias(first.hashAlgorithm.oid, 'digestAlgorithm').oid);
  if (digest === undefined) {
    return { failure: { code: 'ALGORITHM_UNKNOWN', actual: first.hashAlgorithm.oid }, check: 'signature.signingCertificate', clause: 'RFC 5035 §4' };
  }
  if (equalBytes(digest.digest(run.certificate.bytes), first.certHash)) return undefined;
  return { failure: { code: 'SIGNED_ATTRIBUTES_INVALID', expected: hexOf(first.certHash), actual: 'another certificate' }, check: 'signature.signingCertificate', clause: 'RFC 5035 §3' };
}

function shown(failure: Failure): { expected?: string; actual?: string } {
  return {
    ...(failure.expected === undefined ? {} : { expected: failure.expected }),
    ...(failure.actual === undefined ? {} : { actual: failure.actual }),
  };
}

/** Errors are told apart by `code`, never by class: two copies of a package in one process are normal. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}


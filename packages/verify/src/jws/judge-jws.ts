import { COMPONENT_OCTETS, normaliseSignature, type DigestAlgorithm } from '@hefu/crypto';
import { equalBytes, hexOf, PkiError, type Certificate } from '@hefu/pki';
import { decodeBase64url, encodeBase64url } from '@hefu/trust-list';
import { createJudgeCaches, type JudgeCaches } from '../caches.js';
import { isChallenge } from '../challenge/challenge.js';
import { readContext, requireTimes } from '../context.js';
import { conclude } from '../conclude.js';
import { diagnoseValue } from '../diagnose/diagnose-value.js';
import { VerifyError } from '../error.js';
import { judgeList } from '../judge-list.js';
import { judgeValue, type JudgeSurroundings } from '../judge-value.js';
import { makeReport } from '../make-report.js';
import { readableCertificate } from '../readable-certificate.js';
import { inWords, makeReason } from '../remedies.js';
import type { Reason, Report } from '../report.js';
import { requiredSha256 } from '../required-digest.js';
import type { JudgedSigner } from '../required-signers.js';
import { checkBareValue } from '../signature/bare-value.js';
import type { SignatureFacts } from '../signature/check-signature.js';
import { fitsKey } from './jws-algorithms.js';
import { judgeJwsTimestamps } from './jws-timestamps.js';
import { parseJws, type Jws, type JwsSignature } from './parse-jws.js';
import { readHeader, type JwsHeader } from './read-header.js';

export interface JudgeJwsInput extends JudgeSurroundings {
  /** Compact, flattened or general. */
  readonly jws: string | Uint8Array;
  /** The payload, where it is detached. Beside one that is attached it must be equal. */
  readonly payload?: Uint8Array;
  /** What the objects signed by their digests (`sigD`) are, each by its name there; all of them, and no others. */
  readonly objects?: readonly { readonly uri: string; readonly content: Uint8Array }[];
}

interface Signing extends JudgeJwsInput {
  readonly caches: JudgeCaches;
  readonly payloadText: string | undefined;
  readonly payloadOctets: Uint8Array | undefined;
  readonly listReasons: readonly Reason[];
}

/**
 * Judges a JWS or JAdES signature (RFC 7515; ETSI TS 119 182-1, levels B-B and B-T) by a certificate: mathematics as the protected
 * header has it, then path, trust, revocation and identity as for any message. A key comes from x5c or from a certificate
 * beside that a thumbprint names, never from `jwk`, `jku`, `x5u` or `kid`. `none`, HMACs and what is critical and unknown are refused.
 * @throws VerifyError CONTEXT_INVALID for misuse; a JWS that cannot be read is a failed report
 */
export async function judgeJws(input: JudgeJwsInput): Promise<Report> {
  const context = readContext(input.context);
  requireTimes(input);
  const { algorithms, policy, at } = input;
  const caches = input.caches ?? createJudgeCaches();
  const { federation } = caches.anchorsOf(input.trustList, requiredSha256(algorithms));
  const list = judgeList(federation, { scene: policy.scenes[context.scene], again: context.scene === 'archive', region: context.region, purpose: context.purpose, at, clockSkew: policy.clockSkew });
  const report = (reasons: readonly Reason[], signers: readonly JudgedSigner[], content: Report['content']): Report =>
    inWords(makeReport({ input, context, federation, reasons, signers, content, warnings: list.warnings, family: 'jws' }));

  let jws: Jws;
  try {
    jws = parseJws(input.jws);
  } catch (error) {
    if (!(error instanceof VerifyError) || error.code !== 'JWS_MALFORMED') throw error;
    return report([makeReason('MESSAGE_MALFORMED', { subject: 'message', actual: error.code }), ...list.reasons], [], { attached: false, digests: {} });
  }
  const attached = jws.payloadText === undefined ? undefined : decodeBase64url(jws.payloadText)!;
  const payloadOctets = attached ?? input.payload;
  const content = { attached: attached !== undefined, ...(payloadOctets === undefined ? {} : { length: payloadOctets.length, digests: { 'SHA-256': hexOf(requiredSha256(algorithms).digest(payloadOctets)) } }) };
  if (attached !== undefined && input.payload !== undefined && !equalBytes(attached, input.payload)) {
    return report([makeReason('CONTENT_AMBIGUOUS', { subject: 'message', expected: `${attached.length}`, actual: `${input.payload.length}` }), ...list.reasons], [], { digests: {}, ...content });
  }
  const signers: JudgedSigner[] = [];
  const reasons: Reason[] = context.scene !== 'login' && payloadOctets !== undefined && isChallenge(payloadOctets) ? [makeReason('CHALLENGE_AS_DOCUMENT', { subject: 'message' })] : [];
  for (const [index, signature] of jws.signatures.entries()) {
    const signer = await judgeSignature({ ...input, caches, payloadText: jws.payloadText, payloadOctets, listReasons: list.reasons }, signature, `signer[${index}]`);
    signers.push(signer);
    reasons.push(...signer.report.reasons);
  }
  // As in a message: one signer twice leaves open which is meant.
  const keys = signers.flatMap(({ certificate }) => certificate?.spki.bytes ?? []);
  if (keys.some((key, index) => keys.slice(0, index).some((other) => equalBytes(other, key)))) reasons.unshift(makeReason('DUPLICATE_SIGNER', { subject: 'message' }));
  return report(reasons, signers, { digests: {}, ...content });
}

async function judgeSignature(input: Signing, signature: JwsSignature, subject: string): Promise<JudgedSigner> {
  const header = readHeader(signature);
  if ('code' in header) return refused([makeReason(header.code, { subject, actual: header.actual })], input, { id: 'jws.header', subject, actual: header.actual, clause: header.clause });
  const carried = header.certificates.flatMap((der) => readableCertificate(der) ?? []);
  const found = signerCertificate(header, input);
  if ('code' in found) return refused([makeReason(found.code, { subject, ...(found.actual === undefined ? {} : { actual: found.actual }) })], input, { id: 'jws.certificate', subject, clause: 'RFC 7515 §4.1.6' });
  const { certificate } = found;
  const { facts, diagnosis } = await check(input, header, signature, certificate, carried, subject);
  const timestamps = facts.failure === undefined ? await judgeJwsTimestamps(input, signature, carried) : undefined;
  const report = await judgeValue({
    input, certificate, carried, subject, reasons: [...objectReasons(input, header, subject), ...input.listReasons],
    facts: { ...facts, ...(header.claimedSigningTime === undefined ? {} : { claimedSigningTime: header.claimedSigningTime }) },
    ...(diagnosis === undefined ? {} : { diagnosis }), ...(timestamps === undefined ? {} : { timestamps }),
  });
  return { report, certificate };
}

function refused(reasons: readonly Reason[], { listReasons, context }: Signing, row: { id: string; subject: string; actual?: string; clause: string }): JudgedSigner {
  const all = [...reasons, ...listReasons];
  return { report: { ...conclude(all, context.scene), reasons: all, checks: [{ ...row, outcome: 'failed' }], path: [], revocation: [], warnings: [] }, certificate: undefined };
}

/** The first of x5c, which its thumbprints must name; without x5c, one at hand that they name. */
function signerCertificate({ certificates, thumbprints }: JwsHeader, { algorithms, evidence }: Signing): { certificate: Certificate } | { code: 'SIGNER_CERTIFICATE_MISSING' | 'SIGNER_CERTIFICATE_UNREADABLE' | 'SIGNED_ATTRIBUTES_INVALID' | 'ALGORITHM_UNKNOWN'; actual?: string } {
  const digests = thumbprints.map((each) => ({ ...each, digest: algorithms.digests.find(({ name }) => name === each.algorithm) }));
  const unknown = digests.find(({ digest }) => digest === undefined);
  if (unknown !== undefined) return { code: 'ALGORITHM_UNKNOWN', actual: unknown.algorithm };
  const named = (certificate: Certificate): boolean => digests.every(({ digest, value }) => equalBytes(digest!.digest(certificate.bytes), value));
  const [first] = certificates;
  if (first !== undefined) {
    const certificate = readableCertificate(first);
    if (certificate === undefined) return { code: 'SIGNER_CERTIFICATE_UNREADABLE' };
    return named(certificate) ? { certificate } : { code: 'SIGNED_ATTRIBUTES_INVALID', actual: 'another certificate' };
  }
  const certificate = thumbprints.length === 0 ? undefined : evidence.candidateCertificates.find(named);
  return certificate === undefined ? { code: 'SIGNER_CERTIFICATE_MISSING' } : { certificate };
}

async function check(input: Signing, header: JwsHeader, signature: JwsSignature, certificate: Certificate, carried: readonly Certificate[], subject: string): Promise<{ facts: SignatureFacts; diagnosis?: Awaited<ReturnType<typeof diagnoseValue>> }> {
  const { algorithms } = input;
  const { name, pss } = header.algorithm;
  const fail = (code: NonNullable<SignatureFacts['failure']>['code'], clause: string, actual?: string): { facts: SignatureFacts } => ({
    facts: { failure: { code, ...(actual === undefined ? {} : { actual }) }, nonStandard: [], checks: [{ id: 'signature.value', outcome: 'failed', subject, ...(actual === undefined ? {} : { actual }), clause }], contentDigests: {} },
  });
  const algorithm = algorithms.signatures.find((each) => each.name === name);
  if (algorithm === undefined) return fail('ALGORITHM_UNKNOWN', 'RFC 7518 §3.1', header.alg);
  let value: Uint8Array = signature.signature;
  try {
    const { key } = certificate.spki;
    if (!fitsKey(header.algorithm, key)) return fail('ALGORITHM_MISMATCH', 'RFC 7518 §3.4', header.alg);
    if (key.kty === 'EC') {
      // RFC 7518 §3.4: r||s and nothing else.
      const read = normaliseSignature(value, COMPONENT_OCTETS[key.crv], ['raw']);
      if (read === undefined) return fail('SIGNATURE_VALUE_MALFORMED', 'RFC 7518 §3.4', `${value.length} octets`);
      value = read.der;
    }
  } catch (error) {
    if (error instanceof PkiError) return fail('KEY_INVALID', 'RFC 5280 §4.1.2.7', error.code);
    throw error;
  }
  const payload = payloadOf(input, header);
  if (payload === undefined) return fail('CONTENT_MISSING', 'RFC 7515 appendix F');
  if (payload === 'ambiguous') return fail('CONTENT_AMBIGUOUS', 'TS 119 182-1 §5.2.8');
  const head = new TextEncoder().encode(`${signature.protectedText}.`);
  const signed = new Uint8Array(head.length + payload.length);
  signed.set(head);
  signed.set(payload, head.length);
  const facts = await checkBareValue({ value, certificate, content: signed, algorithm, algorithms, subject, ...(pss === undefined ? {} : { pss }) });
  // The forms of GM messages that leave Z out or hash something else are none of a JWS.
  const wrongForm = facts.variant !== undefined && facts.variant !== 'cms' && facts.variant !== 'za-content';
  const { variant: _, ...rest } = facts;
  const settled: SignatureFacts = wrongForm ? { ...rest, failure: { code: 'SIGNATURE_INVALID' }, checks: [{ id: 'signature.value', outcome: 'failed', subject, clause: 'RFC 7515 §5.2' }] } : facts;
  if (settled.failure?.code !== 'SIGNATURE_INVALID') return { facts: settled };
  const digest = algorithms.digests.find((each) => each.name === (pss?.hash ?? algorithm.digest));
  const diagnosis = digest === undefined ? undefined : await diagnoseValue({ value, message: signed, certificate, algorithm, digest, algorithms, otherCertificates: [...carried, ...input.evidence.candidateCertificates], ...(pss === undefined ? {} : { options: { pss } }) });
  return { facts: settled, ...(diagnosis === undefined ? {} : { diagnosis }) };
}

/** What follows the header in the octets signed. */
function payloadOf({ payloadText, payloadOctets }: Signing, { objects, b64 }: JwsHeader): Uint8Array | undefined | 'ambiguous' {
  // §5.2.8.3.3: with objects the payload is empty.
  if (objects !== undefined) return payloadOctets === undefined || payloadOctets.length === 0 ? new Uint8Array(0) : 'ambiguous';
  if (payloadOctets === undefined) return undefined;
  // RFC 7797: what is signed as it is, is read where it is detached only.
  if (!b64) return payloadText === undefined ? payloadOctets : 'ambiguous';
  return new TextEncoder().encode(payloadText ?? encodeBase64url(payloadOctets));
}

/** Every object must be here and be what was signed, and nothing may be here that was not. */
function objectReasons({ objects: given = [], algorithms, policy }: Signing, { objects = [], objectDigest, b64 }: JwsHeader, subject: string): Reason[] {
  const digest: DigestAlgorithm | undefined = algorithms.digests.find(({ name }) => name === objectDigest);
  if (objects.length > 0 && digest === undefined) return [makeReason('ALGORITHM_UNKNOWN', { subject, actual: objectDigest ?? 'none' })];
  if (objects.length > 0 && !policy.algorithms.digests.includes(digest!.name)) return [makeReason('ALGORITHM_REFUSED', { subject, actual: digest!.name })];
  const reasons: Reason[] = [];
  for (const { uri, digest: stated } of objects) {
    const matching = given.filter((each) => each.uri === uri);
    if (matching.length !== 1) reasons.push(makeReason(matching.length === 0 ? 'CONTENT_MISSING' : 'CONTENT_AMBIGUOUS', { subject: `object ${uri}` }));
    else {
      const { content } = matching[0]!;
      const computed = digest!.digest(b64 ? new TextEncoder().encode(encodeBase64url(content)) : content);
      if (!equalBytes(computed, stated)) reasons.push(makeReason('CONTENT_TAMPERED', { subject: `object ${uri}`, expected: hexOf(stated), actual: hexOf(computed) }));
    }
  }
  for (const { uri } of given) if (!objects.some((each) => each.uri === uri)) reasons.push(makeReason('CONTENT_AMBIGUOUS', { subject: `object ${uri}` }));
  return reasons;
}

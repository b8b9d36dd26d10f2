import type { Algorithms, PssParameters, PublicKey, SignatureAlgorithm } from '@hefu/crypto';
import { hexOf, PkiError, type Certificate } from '@hefu/pki';
import { createJudgeCaches } from '../caches.js';
import { isChallenge } from '../challenge/challenge.js';
import { readContext, requireTimes } from '../context.js';
import { diagnoseValue } from '../diagnose/diagnose-value.js';
import { VerifyError } from '../error.js';
import { judgeList } from '../judge-list.js';
import { judgeValue, type JudgeSurroundings } from '../judge-value.js';
import { keyName } from '../key-name.js';
import { makeReport } from '../make-report.js';
import { inWords, makeReason } from '../remedies.js';
import type { Report } from '../report.js';
import { requiredSha256 } from '../required-digest.js';
import { checkBareValue } from '../signature/bare-value.js';
import type { SignatureFacts } from '../signature/check-signature.js';
import { contentDigest, type Content } from '../signature/content.js';
import { readValue, type ValueEncoding } from './read-value.js';

export interface JudgeRawInput extends JudgeSurroundings {
  /** The signature value as it came: octets or text. */
  readonly value: Uint8Array | string;
  /** Default `auto`. */
  readonly encoding?: ValueEncoding;
  /** Of whoever is said to have signed. */
  readonly certificate: Certificate;
  /** What is signed: octets, or for SM2 the digests that are at hand, SM3(Z || content) and SM3(content). */
  readonly content: Content;
  /** Name of the algorithm as the crypto room spells it. Default: the usual one of the key. */
  readonly algorithm?: string;
  /** For RSASSA-PSS. Default: SHA-256 throughout, a salt of 32 octets. */
  readonly pss?: PssParameters;
}

const USUAL: Readonly<Record<string, string>> = { SM2: 'SM2-SM3', 'P-256': 'ECDSA-SHA-256', 'P-384': 'ECDSA-SHA-384', 'P-521': 'ECDSA-SHA-512', Ed25519: 'Ed25519' };
const USUAL_PSS: PssParameters = { hash: 'SHA-256', mgfHash: 'SHA-256', saltLength: 32 };

/**
 * Judges a bare signature value ("P1") under a certificate: the same mathematics, path, trust, revocation and identity as for a
 * message. The report names the form in which the value came, and its `family` is `raw`.
 * @throws VerifyError CONTEXT_INVALID for misuse, as an algorithm that is not among those given
 */
export async function judgeRaw(input: JudgeRawInput): Promise<Report> {
  const context = readContext(input.context);
  requireTimes(input);
  const { certificate, content, algorithms, policy, at } = input;
  const caches = input.caches ?? createJudgeCaches();
  const { federation } = caches.anchorsOf(input.trustList, requiredSha256(algorithms));
  const list = judgeList(federation, { scene: policy.scenes[context.scene], again: context.scene === 'archive', region: context.region, purpose: context.purpose, at, clockSkew: policy.clockSkew });
  const subject = 'signer[0]';
  const { value: given, encoding, algorithm: named, pss, otherFiles, ...surroundings } = input;

  const key = keyOf(certificate);
  const algorithm = key === undefined ? undefined : algorithmOf(algorithms, named, key);
  const read = key === undefined ? undefined : readValue(given, key, encoding);
  const parameters = algorithm?.parameters === 'pss' ? { pss: pss ?? USUAL_PSS } : {};
  const octets = typeof given === 'string' ? new TextEncoder().encode(given) : given;
  const facts: SignatureFacts =
    key === undefined || algorithm === undefined ? failed('KEY_INVALID', 'signature.key', subject)
    : read === undefined ? failed('SIGNATURE_VALUE_MALFORMED', 'signature.value', subject, { actual: `${given.length} octets` })
    : await checkBareValue({ value: read.value, certificate, content, algorithm, ...parameters, algorithms, subject });
  const wrong = facts.failure?.code === 'SIGNATURE_INVALID' || facts.failure?.code === 'SIGNATURE_VALUE_MALFORMED';
  const digest = algorithms.digests.find(({ name }) => name === (parameters.pss?.hash ?? algorithm?.digest));
  const diagnosis = !wrong || algorithm === undefined || digest === undefined ? undefined : await diagnoseValue({
    value: read?.value ?? octets, message: content, certificate, algorithm, digest, algorithms, otherCertificates: input.evidence.candidateCertificates,
    ...(parameters.pss === undefined ? {} : { options: parameters }), ...(otherFiles === undefined ? {} : { otherFiles }),
  });
  const asDocument = context.scene !== 'login' && isChallenge(content) ? [makeReason('CHALLENGE_AS_DOCUMENT', { subject: 'message' })] : [];
  const signer = await judgeValue({
    input: { ...surroundings, caches }, facts, certificate, carried: [], subject, reasons: [...asDocument, ...list.reasons],
    ...(diagnosis === undefined ? {} : { diagnosis }), ...(read === undefined ? {} : { valueForm: read.form }),
  });
  const plain = digest === undefined ? undefined : contentDigest(content, digest);
  return inWords(makeReport({
    input, context, federation, reasons: signer.reasons, signers: [{ report: signer, certificate }], warnings: list.warnings, family: 'raw',
    content: { attached: false, length: content.length, digests: plain === undefined ? {} : { [digest!.name]: hexOf(plain) } },
  }));
}

function keyOf(certificate: Certificate): PublicKey | undefined {
  try {
    return certificate.spki.key;
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}

function algorithmOf({ signatures }: Algorithms, named: string | undefined, key: PublicKey): SignatureAlgorithm {
  const name = named ?? (key.kty === 'RSA' ? 'RSASSA-PKCS1-v1_5-SHA-256' : USUAL[keyName(key)]);
  const found = signatures.find((each) => each.name === name);
  if (found === undefined) throw new VerifyError('CONTEXT_INVALID', `${name} is not among the algorithms given`);
  return found;
}

function failed(code: NonNullable<SignatureFacts['failure']>['code'], id: string, subject: string, more: { readonly actual?: string } = {}): SignatureFacts {
  return { failure: { code, ...more }, nonStandard: [], checks: [{ id, outcome: 'failed', subject, ...more, clause: 'RFC 5652 §5.6' }], contentDigests: {} };
}


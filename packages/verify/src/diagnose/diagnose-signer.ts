import type { Algorithms } from '@hefu/crypto';
import { messageDigestOf, type Certificate, type SignerInfo } from '@hefu/pki';
import { digestNamed, resolveSignatureAlgorithm } from '../signature/algorithm-resolution.js';
import { resolveAlias } from '../signature/aliases.js';
import type { SignatureFacts } from '../signature/check-signature.js';
import type { Content } from '../signature/content.js';
import { diagnoseDigest } from './diagnose-digest.js';
import { diagnoseValue } from './diagnose-value.js';
import type { Diagnosis, OtherFile } from './model.js';

export interface DiagnoseSignerInput {
  readonly signer: SignerInfo;
  readonly certificate: Certificate;
  readonly content: Content;
  /** What `checkSignature` found; only failures of content and value are looked into. */
  readonly facts: SignatureFacts;
  readonly algorithms: Algorithms;
  readonly otherCertificates?: readonly Certificate[];
  readonly otherFiles?: readonly OtherFile[];
}

/** Which known mistake the failure of a SignerInfo is, if one is recognisable. Costs nothing where there is no failure. */
export async function diagnoseSigner({ signer, content, facts, ...surroundings }: DiagnoseSignerInput): Promise<Diagnosis | undefined> {
  const code = facts.failure?.code;
  if (code !== 'SIGNATURE_INVALID' && code !== 'SIGNATURE_VALUE_MALFORMED' && code !== 'CONTENT_TAMPERED') return undefined;
  const { algorithms } = surroundings;
  const digestOid = resolveAlias(signer.digestAlgorithm.oid, 'digestAlgorithm').oid;
  const oid = resolveAlias(signer.signatureAlgorithm.oid, 'signatureAlgorithm').oid;
  const resolved = resolveSignatureAlgorithm(algorithms, { oid, parameters: signer.signatureAlgorithm.parameters }, digestOid);
  const digest = digestNamed(algorithms, digestOid);
  if (resolved.code !== undefined || digest === undefined) return undefined;
  const { algorithm, options } = resolved;
  const around = { ...surroundings, algorithm, options, digest };
  if (code === 'CONTENT_TAMPERED') {
    const stated = messageDigestOf(signer.signedAttrs!);
    return stated === undefined || stated.duplicate ? undefined : diagnoseDigest({ ...around, messageDigest: stated.value, content });
  }
  const attributes = signer.signedAttrs !== undefined;
  return diagnoseValue({ ...around, value: signer.signature, message: attributes ? signer.signedAttrs.signedBytes : content, attributes });
}

import type { DigestAlgorithm } from '@hefu/crypto';
import {
  commitmentTypeIndication, id_aa_ets_commitmentType, id_aa_ets_contentTimestamp, id_aa_ets_sigPolicyId, parseTimeStampToken, signaturePolicyIdentifier,
  type AttributeToAdd, type SignedAttributesToWrite,
} from '@hefu/pki';
import { SignError } from './error.js';
import type { PrepareInput } from './prepare.js';
import type { SignatureProfile } from './signature-profile.js';
import { isOver } from './timestamper.js';

/** The signed attributes of EN 319 122-1 §5.2 that were asked for. @throws SignError TIMESTAMP_MISMATCH */
export function cadesAttributes(input: PrepareInput, profile: SignatureProfile, signingCertificate: boolean): Pick<SignedAttributesToWrite, 'signingCertificateV2' | 'others'> {
  const { certificate, commitment, signaturePolicy, contentTimestamps = [] } = input;
  for (const token of contentTimestamps) requireOverContent(token, input, profile);
  const others: AttributeToAdd[] = [
    ...(commitment === undefined ? [] : [{ type: id_aa_ets_commitmentType, values: [commitmentTypeIndication(commitment)] }]),
    ...(signaturePolicy === undefined ? [] : [{ type: id_aa_ets_sigPolicyId, values: [signaturePolicyIdentifier(signaturePolicy)] }]),
    ...(contentTimestamps.length === 0 ? [] : [{ type: id_aa_ets_contentTimestamp, values: contentTimestamps }]),
  ];
  if (!signingCertificate) return { others };
  // SHA-256 is the attribute's default; GM/T 0010 readers have SM3 only.
  const sha256 = profile.family === 'gm' ? undefined : input.algorithms.digests.find(({ name }) => name === 'SHA-256');
  const digest = sha256 ?? profile.digest;
  return { others, signingCertificateV2: { certHash: digest.digest(certificate.bytes), ...(digest === sha256 ? {} : { hashAlgorithm: { oid: digest.oids[0]! } }) } };
}

/** A token over another document would make the signature a lie. */
function requireOverContent(token: Uint8Array, { content, contentDigest, algorithms }: PrepareInput, profile: SignatureProfile): void {
  const { tstInfo } = parseTimeStampToken(token);
  const digest = algorithms.digests.find(({ oids }) => oids.includes(tstInfo.messageImprint.hashAlgorithm.oid));
  const value = digest === undefined ? undefined : digestBy(digest, content, digest === profile.digest ? contentDigest : undefined);
  if (digest === undefined || value === undefined) throw new SignError('TIMESTAMP_MISMATCH', `the content time-stamp's digest ${tstInfo.messageImprint.hashAlgorithm.oid} cannot be computed here`);
  if (!isOver(tstInfo, digest, value)) throw new SignError('TIMESTAMP_MISMATCH', 'the content time-stamp is over other content');
}

function digestBy(digest: DigestAlgorithm, content: Uint8Array | undefined, known: Uint8Array | undefined): Uint8Array | undefined {
  return content === undefined ? known : digest.digest(content);
}

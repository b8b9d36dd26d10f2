import {
  certificateValues, id_aa_ets_certValues, id_aa_ets_revocationValues, parseCertificate, parseCertificateList, parseOcspResponse, revocationValues,
  type AttributeToAdd, type SignerInfo,
} from '@hefu/pki';
import { SignError } from './error.js';
import { extend, openSigner, type ExtendedMessage } from './message.js';

/** What a verifier will need when nobody can be asked any more. DER. */
export interface ValidationData {
  /** Of the paths of signer, time-stamp authorities and those who sign revocation data. */
  readonly certificates?: readonly Uint8Array[];
  readonly crls?: readonly Uint8Array[];
  /** OCSPResponse. */
  readonly ocspResponses?: readonly Uint8Array[];
  /** Into certificate-values and revocation-values of the signer (A.1.1, A.1.5), where older readers look, not beside the signers. Default false. */
  readonly asAttributes?: boolean;
}

/**
 * Level B-LT (EN 319 122-1 §5.5.1): certificates and revocation data into the message, each once, everything signed as it was.
 *
 * A GM/T 0010 message has no place for OCSP responses beside its CRLs; they go into revocation-values of the signer in any
 * case. There they are BasicOCSPResponses. Either attribute stands once, so what goes into it is given at once.
 *
 * @throws SignError EVIDENCE_UNUSABLE for an OCSP response that answers nothing, or a second attribute of a kind that stands once
 * @throws PkiError for what is no message, certificate, CRL or response; TypeError for a signer that is not there
 */
export function addValidationData(message: Uint8Array, signerIndex: number, data: ValidationData): ExtendedMessage {
  const { certificates = [], crls = [], ocspResponses = [], asAttributes = false } = data;
  const { signed, info } = openSigner(message, signerIndex);
  for (const certificate of certificates) parseCertificate(certificate);
  for (const crl of crls) parseCertificateList(crl);
  const answers = ocspResponses.map((response) => {
    const { basic, responseStatus } = parseOcspResponse(response);
    if (basic === undefined) throw new SignError('EVIDENCE_UNUSABLE', `an OCSP response that says ${responseStatus}`);
    return basic.bytes;
  });
  if (!asAttributes && (signed.family === 'cms' || answers.length === 0)) return extend(signed, signerIndex, { certificates, crls, ocspResponses });
  const revocation = { crls: asAttributes ? crls : [], ocspResponses: answers };
  const unsignedAttrs = [
    ...(asAttributes && certificates.length > 0 ? [{ type: id_aa_ets_certValues, values: [certificateValues(certificates)] }] : []),
    ...(revocation.crls.length + answers.length > 0 ? [{ type: id_aa_ets_revocationValues, values: [revocationValues(revocation)] }] : []),
  ];
  refuseSecond(info, unsignedAttrs);
  return extend(signed, signerIndex, asAttributes ? { unsignedAttrs } : { certificates, crls, unsignedAttrs });
}

/** An archive time-stamp may cover the first, so it is never rewritten. */
function refuseSecond({ unsignedAttrs: present }: SignerInfo, added: readonly AttributeToAdd[]): void {
  const twice = added.find(({ type }) => present !== undefined && present.find(type).length > 0);
  if (twice !== undefined) throw new SignError('EVIDENCE_UNUSABLE', `the signer has an attribute ${twice.type} already`);
}

import {
  id_aa_ets_revocationValues, parseCertificate, parseCertificateList, parseOcspResponse, revocationValues, type SignerInfo,
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
}

/**
 * Level B-LT (EN 319 122-1 §5.5.1): certificates and revocation data into the message, each once, everything signed as it was.
 *
 * A GM/T 0010 message has no place for OCSP responses beside its CRLs; they go into a revocation-values attribute of the
 * signer, as BasicOCSPResponse (A.1.5). That attribute stands once, so all of them are given at once.
 *
 * @throws SignError EVIDENCE_UNUSABLE for an OCSP response that answers nothing, or a second revocation-values attribute
 * @throws PkiError for what is no message, certificate, CRL or response; TypeError for a signer that is not there
 */
export function addValidationData(message: Uint8Array, signerIndex: number, data: ValidationData): ExtendedMessage {
  const { certificates = [], crls = [], ocspResponses = [] } = data;
  const { signed, info } = openSigner(message, signerIndex);
  for (const certificate of certificates) parseCertificate(certificate);
  for (const crl of crls) parseCertificateList(crl);
  const answers = ocspResponses.map((response) => {
    const { basic, responseStatus } = parseOcspResponse(response);
    if (basic === undefined) throw new SignError('EVIDENCE_UNUSABLE', `an OCSP response that says ${responseStatus}`);
    return basic.bytes;
  });
  if (signed.family === 'cms' || answers.length === 0) return extend(signed, signerIndex, { certificates, crls, ocspResponses });
  refuseSecond(info);
  return extend(signed, signerIndex, {
    certificates,
    crls,
    unsignedAttrs: [{ type: id_aa_ets_revocationValues, values: [revocationValues({ crls: [], ocspResponses: answers })] }],
  });
}

/** An archive time-stamp may cover the first, so it is never rewritten. */
function refuseSecond({ unsignedAttrs }: SignerInfo): void {
  if (unsignedAttrs !== undefined && unsignedAttrs.find(id_aa_ets_revocationValues).length > 0) throw new SignError('EVIDENCE_UNUSABLE', 'the signer has revocation values already');
}

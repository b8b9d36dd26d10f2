import type { Algorithms } from '@hefu/crypto';
import type { Certificate } from '@hefu/pki';
import { assembleSignature } from '../assemble.js';
import { prepareSignature } from '../prepare.js';
import { valueOf, type Signer } from '../signer.js';
import { completePdfSignature, preparePdfSignature, type PdfSignatureRequest } from './prepare-pdf.js';

/** With what a PDF is signed. */
export interface SignPdfInput extends Omit<PdfSignatureRequest, 'subFilter'> {
  readonly certificate: Certificate;
  /** Issuer certificates to carry along, DER. */
  readonly chain?: readonly Uint8Array[];
  readonly algorithms: Algorithms;
  readonly subFilter?: 'ETSI.CAdES.detached' | 'adbe.pkcs7.detached';
}

/**
 * The whole of a PDF signature with a key at hand: RSA, ECDSA and Ed25519 write CMS, SM2 writes GM/T 0010 with attributes.
 * The certificate is bound in the message, and the claimed time stands in the dictionary (EN 319 142-1 §6.3).
 * @throws SignError as `preparePdfSignature`, `prepareSignature` and `assembleSignature`; SIGNER_FAILED
 */
export async function signPdf(pdf: Uint8Array, input: SignPdfInput, signer: Signer): Promise<Uint8Array> {
  const { certificate, chain, algorithms, ...request } = input;
  const room = preparePdfSignature(pdf, request);
  const { key } = certificate.spki;
  const prepared = prepareSignature({
    certificate, algorithms, content: room.content, signingCertificate: true,
    ...(chain === undefined ? {} : { chain }),
    ...(key.kty === 'EC' && key.crv === 'SM2' ? { variant: 'attrs-za' as const } : {}),
  });
  return completePdfSignature(room, await assembleSignature(prepared, await valueOf(signer, prepared.toBeSigned)));
}

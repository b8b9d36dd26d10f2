import { equalBytes, extendSignedData, messageDigestOf, namesEqual, parseCertificate, parseSignedData, PkiError, type Certificate, type SignedData, type SignerInfo } from '@hefu/pki';
import { verifiedSigner } from './assemble.js';
import { SignError } from './error.js';
import type { PreparedSignature } from './prepare.js';
import { dataType } from './signature-profile.js';

/**
 * Adds a parallel signer to a message: prepared with `prepareSignature` over the same content, whoever signed before. What the
 * others signed stays as it is.
 *
 * @param value as signers return it
 * @returns the message, DER
 * @throws SignError SIGNER_ALREADY_THERE for a certificate or key that signed before; VARIANT_UNSUPPORTED for a signature of the
 * other family or over another type of content; CONTENT_MISMATCH over other content, as far as message and signature show it;
 * SIGNATURE_MALFORMED | SIGNATURE_NOT_VERIFIED
 * @throws PkiError for what is no message
 */
export async function addSigner(message: Uint8Array, prepared: PreparedSignature, value: Uint8Array): Promise<Uint8Array> {
  const { profile, certificate, chain } = prepared;
  const signed = parseSignedData(message);
  if (signed.family !== profile.family || signed.encapContentInfo.contentType !== dataType(profile)) {
    throw new SignError('VARIANT_UNSUPPORTED', `a ${profile.family} signature over data does not go into this ${signed.family} message over ${signed.encapContentInfo.contentType}`);
  }
  if (signed.signerInfos.some((info) => isSame(info, certificate, signed))) throw new SignError('SIGNER_ALREADY_THERE', 'this certificate or key has signed the message before');
  requireSameContent(signed, prepared);
  const parallelSigner = await verifiedSigner(prepared, value);
  return extendSignedData(signed, { parallelSigner, certificates: [certificate.bytes, ...chain] });
}

function isSame({ sid }: SignerInfo, certificate: Certificate, { certificates }: SignedData): boolean {
  if (sid.kind === 'subjectKeyIdentifier') {
    const own = certificate.extSubjectKeyIdentifier;
    return own !== undefined && equalBytes(own, sid.keyIdentifier);
  }
  const named = (candidate: Certificate): boolean => equalBytes(candidate.serialNumber, sid.serialNumber) && namesEqual(candidate.issuer, sid.issuer);
  if (named(certificate)) return true;
  return certificates.some((der) => {
    const carried = certificateOf(der);
    return carried !== undefined && named(carried) && equalBytes(carried.spki.bytes, certificate.spki.bytes);
  });
}

/** What others put into the message may be unreadable. */
function certificateOf(der: Uint8Array): Certificate | undefined {
  try {
    return parseCertificate(der);
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}

/** The attached content, and otherwise the digests that signers of the same algorithm state, must agree. */
function requireSameContent({ encapContentInfo: { content }, signerInfos }: SignedData, { profile, signedAttrs, toBeSigned, messageDigest }: PreparedSignature): void {
  const differs = (): never => {
    throw new SignError('CONTENT_MISMATCH', 'the signature was prepared over other content');
  };
  if (content !== undefined) {
    if (signedAttrs !== undefined ? !equalBytes(messageDigest!, profile.digest.digest(content)) : toBeSigned.message === undefined || !equalBytes(toBeSigned.message, content)) differs();
    return;
  }
  // Under GM/T 0010 the messageDigest may have Z in it, which only the judge tells apart.
  if (profile.family === 'gm' || messageDigest === undefined) return;
  for (const info of signerInfos) {
    if (info.signedAttrs === undefined || !profile.digest.oids.includes(info.digestAlgorithm.oid)) continue;
    const stated = messageDigestOf(info.signedAttrs);
    if (stated?.duplicate === false && !equalBytes(stated.value, messageDigest)) differs();
  }
}

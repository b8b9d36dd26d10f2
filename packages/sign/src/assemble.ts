import { COMPONENT_OCTETS, normaliseSignature } from '@hefu/crypto';
import { buildSignedData, type AlgorithmToWrite, type SignerToWrite } from '@hefu/pki';
import { SignError } from './error.js';
import type { PreparedSignature } from './prepare.js';

/**
 * Puts a signature value into its message, after verifying it with the certificate's key: what does not verify
 * is never released.
 *
 * @param value as signers return it: RSA and Ed25519 octets; DER SEQUENCE{r,s} or r||s for ECDSA and SM2
 * @returns the message, DER
 * @throws SignError SIGNATURE_MALFORMED | SIGNATURE_NOT_VERIFIED
 */
export async function assembleSignature(prepared: PreparedSignature, value: Uint8Array): Promise<Uint8Array> {
  return messageOf(prepared, await verifiedSigner(prepared, value));
}

/** The message as it will be but for its value: what a verifier will want to know of the content. */
export function draftOf(prepared: PreparedSignature): Uint8Array {
  return messageOf(prepared, signerOf(prepared, new Uint8Array(1)));
}

function messageOf({ profile, certificate, chain, attachedContent }: PreparedSignature, signer: SignerToWrite): Uint8Array {
  return buildSignedData({
    family: profile.family,
    digestAlgorithm: profile.digestAlgorithm,
    certificates: [certificate.bytes, ...chain],
    signers: [signer],
    ...(attachedContent === undefined ? {} : { content: attachedContent }),
  });
}

/** A signer with its value, verified with the certificate's key. @throws SignError as `assembleSignature` */
export async function verifiedSigner(prepared: PreparedSignature, value: Uint8Array): Promise<SignerToWrite & { readonly digestAlgorithm: AlgorithmToWrite }> {
  const signature = writtenForm(prepared, value);
  if (!(await verifies(prepared, signature))) {
    throw new SignError('SIGNATURE_NOT_VERIFIED', 'the value returned does not verify with the key of the certificate');
  }
  return signerOf(prepared, signature);
}

function signerOf({ profile, certificate, signedAttrs }: PreparedSignature, signature: Uint8Array): SignerToWrite & { readonly digestAlgorithm: AlgorithmToWrite } {
  return {
    sid: { issuer: certificate.issuer.bytes, serialNumber: certificate.serialNumber },
    digestAlgorithm: profile.digestAlgorithm,
    signatureAlgorithm: profile.signatureAlgorithm,
    signature,
    ...(signedAttrs === undefined ? {} : { signedAttrs }),
  };
}

function writtenForm({ certificate }: PreparedSignature, value: Uint8Array): Uint8Array {
  const { key } = certificate.spki;
  if (key.kty !== 'EC') return value;
  const read = normaliseSignature(value, COMPONENT_OCTETS[key.crv]);
  if (read === undefined) throw new SignError('SIGNATURE_MALFORMED', `${value.length} octets that are neither DER nor r||s`);
  return read.der;
}

/** Does a value in its written form (DER for ECDSA and SM2) verify with the key of the certificate it was prepared for? */
export async function verifies({ profile, certificate, toBeSigned }: PreparedSignature, signature: Uint8Array): Promise<boolean> {
  const { key } = certificate.spki;
  if (toBeSigned.message !== undefined) return profile.algorithm.verify(key, toBeSigned.message, signature, profile.pss === undefined ? {} : { pss: profile.pss });
  // Only a digest was given: `za-content` over a document hashed elsewhere.
  if (profile.algorithm.verifyDigest === undefined || toBeSigned.digest === undefined) return false;
  return profile.algorithm.verifyDigest(key, toBeSigned.digest, signature);
}

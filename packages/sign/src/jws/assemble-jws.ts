import { COMPONENT_OCTETS, normaliseSignature } from '@hefu/crypto';
import { encodeBase64url } from '@hefu/trust-list';
import { SignError } from '../error.js';
import { valueOf, type Signer } from '../signer.js';
import { prepareJws, type PreparedJws, type PrepareJwsInput } from './prepare-jws.js';

/** RFC 7515 §7.1, §7.2.2, §7.2.1. */
export type JwsSerialization = 'compact' | 'flattened' | 'general';

/**
 * Puts a signature value into its JWS, after verifying it with the certificate's key.
 * @param value as signers return it: RSA and Ed25519 octets; DER SEQUENCE{r,s} or r||s for ECDSA and SM2, written as r||s
 * @throws SignError SIGNATURE_MALFORMED | SIGNATURE_NOT_VERIFIED
 */
export async function assembleJws(prepared: PreparedJws, value: Uint8Array, serialization: JwsSerialization = 'compact'): Promise<string> {
  const { protectedHeader, payload } = prepared;
  const signature = encodeBase64url(await verifiedValue(prepared, value));
  if (serialization === 'compact') return `${protectedHeader}.${payload ?? ''}.${signature}`;
  const part = { protected: protectedHeader, signature };
  const carried = payload === undefined ? {} : { payload };
  return JSON.stringify(serialization === 'flattened' ? { ...carried, ...part } : { ...carried, signatures: [part] });
}

/** Prepare, sign, verify, assemble in one call. @throws SignError as `prepareJws` and `assembleJws`, and SIGNER_FAILED */
export async function signJws(input: PrepareJwsInput, signer: Signer, serialization?: JwsSerialization): Promise<string> {
  const prepared = prepareJws(input);
  return assembleJws(prepared, await valueOf(signer, prepared.toBeSigned), serialization);
}

/** The value as a JWS writes it (RFC 7518 §3.4: r||s). */
async function verifiedValue({ certificate, profile, toBeSigned }: PreparedJws, value: Uint8Array): Promise<Uint8Array> {
  const { key } = certificate.spki;
  const read = key.kty === 'EC' ? normaliseSignature(value, COMPONENT_OCTETS[key.crv]) : { der: value, raw: value };
  if (read === undefined) throw new SignError('SIGNATURE_MALFORMED', `${value.length} octets that are neither DER nor r||s`);
  const { algorithm, pss } = profile;
  if (!(await algorithm.verify(key, toBeSigned.message!, read.der, pss === undefined ? {} : { pss }))) {
    throw new SignError('SIGNATURE_NOT_VERIFIED', 'the value returned does not verify with the key of the certificate');
  }
  return read.raw;
}

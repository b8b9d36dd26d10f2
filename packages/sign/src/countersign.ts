import { buildSignerInfo, equalBytes, id_countersignature } from '@hefu/pki';
import { verifiedSigner } from './assemble.js';
import { SignError } from './error.js';
import { extend, openSigner, type ExtendedMessage } from './message.js';
import { prepare, type PreparedSignature, type PrepareInput } from './prepare.js';
import { valueOf, type Signer } from './signer.js';

/** What a countersignature is made from; `content` is the signature it is over. */
export type CountersignInput = Omit<PrepareInput, 'content' | 'contentDigest' | 'attached' | 'contentTimestamps'>;

/** A countersignature waiting for its value. */
export interface PreparedCountersignature extends PreparedSignature {
  /** Octets of the signature value it is over. */
  readonly over: Uint8Array;
}

/**
 * Prepares a countersignature (RFC 5652 §11.4): over the octets of another signer's signature value, without a content type.
 * @throws SignError as `prepareSignature`; PkiError for what is no message; TypeError for a signer that is not there
 */
export function prepareCountersignature(message: Uint8Array, signerIndex: number, input: CountersignInput): PreparedCountersignature {
  const { signature } = openSigner(message, signerIndex).info;
  return { ...prepare({ ...input, content: signature }, () => undefined), over: signature };
}

/**
 * Puts a countersignature into the message, after verifying its value, with the countersigner's certificates.
 * @throws SignError SIGNATURE_MALFORMED | SIGNATURE_NOT_VERIFIED; CONTENT_MISMATCH when it was prepared over another signature
 */
export async function addCountersignature(message: Uint8Array, signerIndex: number, prepared: PreparedCountersignature, value: Uint8Array): Promise<ExtendedMessage> {
  const { signed, info } = openSigner(message, signerIndex);
  if (!equalBytes(info.signature, prepared.over)) throw new SignError('CONTENT_MISMATCH', 'the countersignature was prepared over another signature');
  const signer = await verifiedSigner(prepared, value);
  return extend(signed, signerIndex, {
    certificates: [prepared.certificate.bytes, ...prepared.chain],
    unsignedAttrs: [{ type: id_countersignature, values: [buildSignerInfo(signer, signer.digestAlgorithm)] }],
  });
}

/** Both in one call, with a key at hand. @throws as both, and SignError SIGNER_FAILED */
export async function countersign(message: Uint8Array, signerIndex: number, input: CountersignInput, signer: Signer): Promise<ExtendedMessage> {
  const prepared = prepareCountersignature(message, signerIndex, input);
  return addCountersignature(message, signerIndex, prepared, await valueOf(signer, prepared.toBeSigned));
}

import type { DigestAlgorithm } from '@hefu/crypto';
import { id_aa_timeStampToken, signingTimeOf } from '@hefu/pki';
import { extend, openSigner, type ExtendedMessage } from './message.js';
import { obtainToken, requireStampedAfter, type Timestamper } from './timestamper.js';

/**
 * Level B-T (EN 319 122-1 §5.3, RFC 3161 appendix A): a time-stamp over the octets of the signature value, as an unsigned
 * attribute. Whatever is signed stays as it is.
 *
 * @param digest of the imprint
 * @throws SignError TIMESTAMP_FAILED | TIMESTAMP_MISMATCH; CLOCK_SKEW for a token from before the signing time that is claimed
 * @throws PkiError for what is no message, TypeError for a signer that is not there
 */
export async function addSignatureTimestamp(message: Uint8Array, signerIndex: number, timestamper: Timestamper, digest: DigestAlgorithm): Promise<ExtendedMessage> {
  const { signed, info } = openSigner(message, signerIndex);
  const token = await obtainToken(timestamper, digest, info.signature);
  const claimed = info.signedAttrs === undefined ? undefined : signingTimeOf(info.signedAttrs);
  if (claimed?.duplicate === false) requireStampedAfter(token, claimed.value);
  return extend(signed, signerIndex, { unsignedAttrs: [{ type: id_aa_timeStampToken, values: [token.signed.bytes] }] });
}

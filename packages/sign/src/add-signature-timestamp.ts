import type { DigestAlgorithm } from '@hefu/crypto';
import { id_aa_timeStampToken, signingTimeOf } from '@hefu/pki';
import { SignError } from './error.js';
import { extend, openSigner, type ExtendedMessage } from './message.js';
import { obtainToken, type Timestamper } from './timestamper.js';

/** By which the clocks of signer and authority may differ; as much as those of a signing session (`createServerClock`). */
const TOLERANCE_MS = 180_000;

/**
 * Level B-T (EN 319 122-1 §5.3, RFC 3161 appendix A): a time-stamp over the octets of the signature value, as an unsigned
 * attribute. Whatever is signed stays as it is. A token from before the time the signer claims is refused: no judge could tell which of
 * the two clocks is wrong.
 *
 * @param digest of the imprint
 * @throws SignError TIMESTAMP_FAILED | TIMESTAMP_MISMATCH
 * @throws PkiError for what is no message, TypeError for a signer that is not there
 */
export async function addSignatureTimestamp(message: Uint8Array, signerIndex: number, timestamper: Timestamper, digest: DigestAlgorithm): Promise<ExtendedMessage> {
  const { signed, info } = openSigner(message, signerIndex);
  const { signed: token, tstInfo } = await obtainToken(timestamper, digest, info.signature);
  const claimed = info.signedAttrs === undefined ? undefined : signingTimeOf(info.signedAttrs);
  if (claimed?.duplicate === false && tstInfo.genTime + TOLERANCE_MS < claimed.value) throw new SignError('TIMESTAMP_MISMATCH', 'the token is from before the signing time', { detail: 'before-signing-time' });
  return extend(signed, signerIndex, { unsignedAttrs: [{ type: id_aa_timeStampToken, values: [token.bytes] }] });
}

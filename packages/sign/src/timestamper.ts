import type { DigestAlgorithm } from '@hefu/crypto';
import { equalBytes, parseTimeStampToken, PkiError, type ImprintToWrite, type TimeStampToken, type TstInfo } from '@hefu/pki';
import { SignError } from './error.js';
import { CLOCK_TOLERANCE_MS } from './session/server-clock.js';

/**
 * Has an imprint time-stamped and answers with the DER of the TimeStampToken. Where the authority is, how it is asked and
 * how that is cancelled is its own affair: `requestTimestamp` of the updater room does it over HTTP.
 */
export type Timestamper = (imprint: ImprintToWrite) => Promise<Uint8Array>;

/**
 * A token over these octets. Whether its signer may be believed is for the judge.
 * @throws SignError TIMESTAMP_FAILED | TIMESTAMP_MISMATCH
 */
export async function obtainToken(timestamper: Timestamper, digest: DigestAlgorithm, octets: Uint8Array): Promise<TimeStampToken> {
  const imprint = { hashAlgorithm: digest.oids[0]!, hashedMessage: digest.digest(octets) };
  let token: TimeStampToken;
  try {
    token = parseTimeStampToken(await timestamper(imprint));
  } catch (cause) {
    throw new SignError('TIMESTAMP_FAILED', cause instanceof PkiError ? `not a time-stamp token (${cause.code})` : 'the timestamper failed', { cause });
  }
  if (!isOver(token.tstInfo, digest, imprint.hashedMessage)) throw new SignError('TIMESTAMP_MISMATCH', 'the token is over another imprint');
  return token;
}

/**
 * A token over a signature value proves that the value was there at its time: a signing time claimed after that, beyond what clocks
 * may differ, is false, and will stay so in every report.
 * @param claimed epoch milliseconds
 * @throws SignError CLOCK_SKEW; `detail` is `timestamp-before-signing-time`
 */
export function requireStampedAfter({ tstInfo: { genTime, accuracy = 0 } }: TimeStampToken, claimed: number): void {
  const ahead = claimed - genTime - accuracy;
  if (ahead > CLOCK_TOLERANCE_MS) throw new SignError('CLOCK_SKEW', `the signature claims a time ${ahead} ms after its time-stamp`, { detail: 'timestamp-before-signing-time', outcome: 'signed' });
}

/** The token's imprint is this digest value, under any OID of the digest. */
export function isOver({ messageImprint }: TstInfo, digest: DigestAlgorithm, value: Uint8Array): boolean {
  return digest.oids.includes(messageImprint.hashAlgorithm.oid) && equalBytes(messageImprint.hashedMessage, value);
}

/**
 * A content time-stamp (EN 319 122-1 §5.2.8): proves that the content was there before it was signed.
 * Goes into `prepareSignature` as one of `contentTimestamps`.
 * @throws SignError as `obtainToken`
 */
export async function contentTimestamp(content: Uint8Array, timestamper: Timestamper, digest: DigestAlgorithm): Promise<Uint8Array> {
  return (await obtainToken(timestamper, digest, content)).signed.bytes;
}

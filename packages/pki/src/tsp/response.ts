import { namedBitsAt, readSmallInteger } from '../asn1/primitive.js';
import { DerReader } from '../asn1/reader.js';
import { decodeString } from '../asn1/string.js';
import { Tag } from '../asn1/tag.js';
import { PkiError } from '../error.js';
import { type PkiLimits, withLimits } from '../limits.js';
import { checkInput, refusal } from '../refuse.js';
import type { PkiFailure, PkiStatus, TimeStampResponse } from './model.js';

const STATUSES: readonly PkiStatus[] = ['granted', 'grantedWithMods', 'rejection', 'waiting', 'revocationWarning', 'revocationNotification'];

const FAILURES: Readonly<Record<number, PkiFailure>> = {
  0: 'badAlg', 2: 'badRequest', 5: 'badDataFormat', 14: 'timeNotAvailable', 15: 'unacceptedPolicy', 16: 'unacceptedExtension', 17: 'addInfoNotAvailable', 25: 'systemFailure',
};

/** RFC 4210 names bits up to 26. */
const FAILURE_BITS = 64;
const MAX_STATUS_TEXTS = 16;

/**
 * Reads a TimeStampResp, DER, nothing after it (RFC 3161 §2.4.2). The token is given as octets, for `parseTimeStampToken`.
 * @throws PkiError the codes of `parseCertificate`; STRUCTURE_INVALID also for a grant without a token, or a token without a grant
 */
export function parseTimeStampResponse(bytes: Uint8Array, limits?: Partial<PkiLimits>): TimeStampResponse {
  const budget = withLimits(limits);
  checkInput(bytes, budget.maxTimeStampBytes);
  try {
    return readResponse(bytes, budget);
  } catch (error) {
    throw refusal(error, bytes, 'unknown', budget.maxDepth);
  }
}

function readResponse(bytes: Uint8Array, limits: PkiLimits): TimeStampResponse {
  const outer = new DerReader(bytes, 0, bytes.length, limits.maxDepth);
  outer.expect(Tag.SEQUENCE, 'TimeStampResp');
  outer.finish('TimeStampResp');
  const fields = outer.enter();
  const info = fields.expect(Tag.SEQUENCE, 'PKIStatusInfo').enter();
  const status = STATUSES[readSmallInteger(info, 'status')];
  if (status === undefined) throw new PkiError('STRUCTURE_INVALID', 'PKIStatus without a name', { offset: info.start });
  const statusText: string[] = [];
  if (info.optional(Tag.SEQUENCE)) {
    const texts = info.enter();
    while (!texts.done) {
      if (statusText.length >= MAX_STATUS_TEXTS) throw new PkiError('TOO_MANY', `more than ${MAX_STATUS_TEXTS} status texts`, { offset: texts.offset });
      texts.next();
      // The text informs people; one of another string type, or undecodable, decides nothing.
      statusText.push(decodeString(texts.tag, texts.content()) ?? '');
    }
  }
  const failures = info.optional(Tag.BIT_STRING) ? namedBitsAt(info.bytes, info.contentStart, info.end, FAILURE_BITS).map((bit): PkiFailure => FAILURES[bit] ?? `bit ${bit}`) : [];
  info.finish('PKIStatusInfo');
  const token = fields.done ? undefined : fields.expect(Tag.SEQUENCE, 'TimeStampToken').tlv();
  fields.finish('TimeStampResp');
  // §2.4.2: a token MUST be there when the status is granted, and MUST NOT otherwise.
  const granted = status === 'granted' || status === 'grantedWithMods';
  if (granted !== (token !== undefined)) throw new PkiError('STRUCTURE_INVALID', `${status} ${granted ? 'without' : 'with'} a token`);
  return { bytes, status, statusText, failures, token };
}

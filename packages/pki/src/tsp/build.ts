import { boolean, explicit, generalizedTime, integer, namedBitString, oid, sequence, tlv, utf8String } from '../asn1/writer.js';
import { Tag, contextPrimitive } from '../asn1/tag.js';
import type { PkiFailure, PkiStatus } from './model.js';
import { messageImprint, type ImprintToWrite } from './request.js';

export interface TstInfoToWrite extends ImprintToWrite {
  readonly policy: string;
  /** Unsigned, big-endian, at most 20 octets; unique for the authority. */
  readonly serialNumber: Uint8Array;
  /** Epoch milliseconds, whole. */
  readonly genTime: number;
  /** Milliseconds, whole. */
  readonly accuracy?: number;
  readonly ordering?: boolean;
  /** Content octets of the request's nonce, given back as they came. */
  readonly nonce?: Uint8Array;
  /** A GeneralName, whole TLV. */
  readonly tsa?: Uint8Array;
}

/** A TSTInfo, DER (RFC 3161 §2.4.2): the content that an authority signs. @throws TypeError */
export function buildTstInfo(info: TstInfoToWrite): Uint8Array {
  const { policy, serialNumber, genTime, accuracy, ordering = false, nonce, tsa } = info;
  if (serialNumber.length === 0 || serialNumber.length > 20) throw new TypeError('a serial number has 1 to 20 octets');
  return sequence(
    integer(1),
    oid(policy),
    messageImprint(info),
    integer(serialNumber),
    generalizedTime(genTime),
    ...(accuracy === undefined ? [] : [accuracyOf(accuracy)]),
    ...(ordering ? [boolean(true)] : []),
    ...(nonce === undefined ? [] : [tlv(Tag.INTEGER, nonce)]),
    ...(tsa === undefined ? [] : [explicit(0, tsa)]),
  );
}

function accuracyOf(ms: number): Uint8Array {
  if (!Number.isInteger(ms) || ms < 1) throw new TypeError('accuracy is whole milliseconds, at least one');
  const [seconds, millis] = [Math.floor(ms / 1000), ms % 1000];
  return sequence(
    ...(seconds === 0 ? [] : [integer(seconds)]),
    ...(millis === 0 ? [] : [tlv(contextPrimitive(0), integer(millis).subarray(2))]),
  );
}

export interface TimeStampResponseToWrite {
  readonly status: PkiStatus;
  readonly statusText?: string;
  readonly failures?: readonly PkiFailure[];
  /** DER of the token, exactly when the status grants one. */
  readonly token?: Uint8Array;
}

const STATUS_NUMBERS: Readonly<Record<PkiStatus, number>> = { granted: 0, grantedWithMods: 1, rejection: 2, waiting: 3, revocationWarning: 4, revocationNotification: 5 };
const FAILURE_NUMBERS: Readonly<Record<string, number>> = {
  badAlg: 0, badRequest: 2, badDataFormat: 5, timeNotAvailable: 14, unacceptedPolicy: 15, unacceptedExtension: 16, addInfoNotAvailable: 17, systemFailure: 25,
};

/** A TimeStampResp, DER (RFC 3161 §2.4.2). @throws TypeError for a token without a grant, and the reverse */
export function buildTimeStampResponse({ status, statusText, failures = [], token }: TimeStampResponseToWrite): Uint8Array {
  if ((STATUS_NUMBERS[status] < 2) !== (token !== undefined)) throw new TypeError(`${status} ${token === undefined ? 'without' : 'with'} a token`);
  return sequence(
    sequence(
      integer(STATUS_NUMBERS[status]),
      ...(statusText === undefined ? [] : [sequence(utf8String(statusText))]),
      ...(failures.length === 0 ? [] : [namedBitString(...failures.map((failure) => FAILURE_NUMBERS[failure] ?? Number(failure.slice(4))))]),
    ),
    ...(token === undefined ? [] : [token]),
  );
}

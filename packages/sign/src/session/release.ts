import { equalBytes } from '@hefu/pki';
import type { Content } from '@hefu/verify';
import type { RawSignature } from '../adapter/index.js';
import { verifies } from '../assemble.js';
import { SignError, type SignErrorOptions } from '../error.js';
import type { SignErrorCode } from '../errors/codes.js';
import type { PreparedSignature } from '../prepare.js';
import type { ValueDiagnoser } from './diagnose-value.js';
import { readValue } from './read-value.js';

/** An item whose value is awaited; prepared with the certificate that was pinned. */
export interface AwaitedItem {
  readonly itemId: string;
  readonly prepared: PreparedSignature;
  /** The content, or digests of it, for the diagnosis where no octets are signed here; the more is here, the more can be named. */
  readonly content?: Content;
}

export interface ReleaseInput {
  /** Items this answer may be about. */
  readonly awaited: readonly AwaitedItem[];
  /** Other items of the same signing, for which a value may have been mistaken. */
  readonly others?: readonly AwaitedItem[];
  /** As the provider answered, in its order. */
  readonly returned: readonly RawSignature[];
  /** Names what a refused value was. */
  readonly diagnose?: ValueDiagnoser;
}

/** A value that verifies with the pinned key over exactly what was to be signed. */
export interface ReleasedValue {
  readonly itemId: string;
  /** As messages carry it: DER for ECDSA and SM2, octets for RSA and Ed25519. */
  readonly value: Uint8Array;
  readonly providerRef?: string;
}

export interface ReleaseOutcome {
  readonly released: readonly ReleasedValue[];
  /** One for each item refused, or the one for the answer as a whole. */
  readonly refused: readonly SignError[];
  /** Nothing of this answer may be used. */
  readonly whole: boolean;
}

/** Values tried against other items before a mismatch is called a foreign one. */
const MAX_CROSS_CHECKS = 4096;

/**
 * Decides what of a provider's answer may be used. Every value is verified with the key of the certificate that was chosen,
 * never with one that came back; an answer in another order, with a value twice, for unknown items, with another certificate
 * or by another algorithm is refused as a whole, whatever in it verifies.
 */
export async function release({ awaited, others = [], returned, diagnose }: ReleaseInput): Promise<ReleaseOutcome> {
  const whole = refusalOfAnswer(awaited, returned);
  if (whole !== undefined) return { released: [], refused: [whole], whole: true };
  const released: ReleasedValue[] = [];
  const refused: SignError[] = [];
  const budget = { left: MAX_CROSS_CHECKS };
  for (const raw of returned) {
    const item = awaited.find(({ itemId }) => itemId === raw.itemId)!;
    const readings = readValue(raw.value, item.prepared.certificate.spki.key);
    const value = await firstVerifying(item, readings);
    if (value !== undefined) {
      released.push({ itemId: item.itemId, value, ...(raw.providerRef === undefined ? {} : { providerRef: raw.providerRef }) });
      continue;
    }
    const error = await explain(item, raw.value, readings, [...awaited, ...others], budget, diagnose);
    if (error.code === 'SIGNATURE_ORDER') return { released: [], refused: [error], whole: true };
    refused.push(error);
  }
  return { released, refused, whole: false };
}

function refusalOfAnswer(awaited: readonly AwaitedItem[], returned: readonly RawSignature[]): SignError | undefined {
  const seen = new Set<string>();
  for (const { itemId, chain, algorithmOid } of returned) {
    const item = awaited.find((each) => each.itemId === itemId);
    if (seen.has(itemId)) return refuse('SIGNATURE_DUPLICATE', { itemId });
    if (item === undefined) return refuse('SIGNATURE_COUNT', { detail: 'unknown-item' });
    seen.add(itemId);
    const { certificate, profile: { algorithm } } = item.prepared;
    // The leaf need not come first, but it must be the one that was chosen: renewed certificates keep their credentialID.
    if (chain !== undefined && chain.length > 0 && !chain.some((der) => equalBytes(der, certificate.bytes))) return refuse('CERT_SWAPPED', { itemId });
    // A bare key algorithm says nothing of the digest; then verification decides.
    if (algorithmOid !== undefined && ![...algorithm.signatureOids, ...algorithm.keyOids].includes(algorithmOid)) {
      return refuse('ALGORITHM_DOWNGRADED', { itemId, detail: `oid ${algorithmOid.slice(0, 64)}` });
    }
  }
  return undefined;
}

async function firstVerifying({ prepared }: AwaitedItem, readings: readonly Uint8Array[]): Promise<Uint8Array | undefined> {
  for (const reading of readings) if (await verifies(prepared, reading)) return reading;
  return undefined;
}

async function explain(
  { itemId, prepared, content }: AwaitedItem, received: RawSignature['value'], readings: readonly Uint8Array[], all: readonly AwaitedItem[], budget: { left: number }, diagnose: ValueDiagnoser | undefined,
): Promise<SignError> {
  for (const other of readings.length === 0 ? [] : all) {
    if (other.itemId === itemId) continue;
    if (budget.left-- <= 0) break;
    if ((await firstVerifying(other, readings)) !== undefined) return refuse('SIGNATURE_ORDER', { detail: `${itemId} has the value of ${other.itemId}` });
  }
  for (const reading of typeof received === 'string' ? readings : [received]) {
    const found = await diagnose?.(prepared, reading, content);
    if (found !== undefined) return refuse(found.code, { itemId, detail: found.detail });
  }
  return refuse(readings.length === 0 ? 'SIGNATURE_ENCODING' : 'SIGNATURE_INVALID', { itemId });
}

function refuse(code: SignErrorCode, options: SignErrorOptions): SignError {
  return new SignError(code, `the value returned is refused: ${code}`, { ...options, outcome: 'signed' });
}

import { SignError, type JsonObject, type RequestNature } from '@hefu/sign';
import type { HttpAnswer } from './client.js';

/** Nested deeper than this is no provider's answer, and recursion over it is bounded. */
const MAX_DEPTH = 32;

/**
 * The answer's JSON object (RFC 8259, UTF-8).
 * @throws SignError PROVIDER_PROTOCOL `not-json`; what may have signed keeps `outcome: 'unknown'`
 */
export function jsonOf({ bytes, status }: HttpAnswer, nature: RequestNature): JsonObject {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof value === 'object' && value !== null && !Array.isArray(value) && depthWithin(value, MAX_DEPTH)) return value as JsonObject;
  } catch {
    // Said below: the parser's message may quote the answer.
  }
  throw new SignError('PROVIDER_PROTOCOL', 'the answer is not a JSON object', { provider: { httpStatus: status }, outcome: nature === 'once' ? 'unknown' : 'not-signed', detail: 'not-json' });
}

function depthWithin(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((each) => depthWithin(each, depth - 1));
}

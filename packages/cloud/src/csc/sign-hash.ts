import { decodeBase64 } from '@hefu/trust-list';
import { SignError, type JsonObject, type RawSignature, type SigningItem } from '@hefu/sign';
import { wireAlgorithm } from './algorithms.js';
import { listOf, textOf, textsOf } from './read.js';
import type { Authorisation } from './sad.js';
import { hashTexts, type CscWork } from './work.js';

/** What one answer had: values, by position, and items the service left out of a batch (null). */
export interface CscValues {
  readonly signatures: readonly RawSignature[];
  readonly refused: readonly string[];
}

export type SignHashAnswer = { readonly values: CscValues } | { readonly responseId: string };

/** Tries after the service said that it is busy, which it says before it signs. */
const MAX_BUSY = 3;
const BUSY_MS = 2000;

/** `signatures/signHash`. */
export async function signHash(work: CscWork, items: readonly SigningItem[], authorisation: Authorisation, signal: AbortSignal): Promise<SignHashAnswer> {
  const { service, context } = work;
  for (let busy = 1; ; busy++) {
    try {
      const { body } = await service.call(context, 'signatures/signHash', 'once', inputOf(work, items, authorisation), authorisation.as === 'bearer' ? { bearer: authorisation.value } : {});
      const responseId = textOf(body, 'responseID');
      return responseId !== undefined && body['signatures'] === undefined ? { responseId } : { values: valuesOf(body, items) };
    } catch (error) {
      if (!(error instanceof SignError) || error.code !== 'RATE_LIMITED' || error.outcome !== 'not-signed' || busy >= MAX_BUSY) throw error;
      await context.clock.sleep(error.retryAfterMs ?? BUSY_MS, signal).catch((cause: unknown) => {
        throw new SignError('ABORTED', 'aborted between two requests', { cause });
      });
    }
  }
}

function inputOf(work: CscWork, items: readonly SigningItem[], { as, value }: Authorisation): JsonObject {
  const { info: { version }, request: { credential, algorithm, requestId }, options } = work;
  const wire = wireAlgorithm(algorithm, textsOf(credential.providerData ?? {}, 'algo'));
  const common = {
    credentialID: credential.ref, signAlgo: wire.signAlgo,
    ...(as === 'sad' ? { SAD: value } : {}), ...(wire.signAlgoParams === undefined ? {} : { signAlgoParams: wire.signAlgoParams }),
  };
  if (version === 'v1') return { ...common, hash: hashTexts(work, items), hashAlgo: wire.hashAlgorithm };
  return {
    ...common, hashes: hashTexts(work, items), hashAlgorithmOID: wire.hashAlgorithm,
    ...(isAsynchronous(work) ? { operationMode: 'A', ...(options.callbacks === undefined ? {} : { response_uri: options.callbacks.uri(requestId) }) } : {}),
  };
}

export function isAsynchronous({ info, options }: CscWork): boolean {
  return info.version === 'v2' && info.asynchronous && options.asynchronous !== 'never';
}

/** The state of a job. @returns undefined while it is pending */
export async function pollJob({ service, context }: CscWork, responseId: string, items: readonly SigningItem[]): Promise<CscValues | undefined> {
  const { pendingText } = service.quirks;
  // The parameter is called requestID and is the responseID of the answer (CSC API v2 §11.11).
  const { status, body } = await service.call(context, 'signatures/signPolling', 'read', { requestID: responseId }, pendingText === undefined ? {} : { pendingText });
  // An answer of 200 without values: some services are still at it. Nothing can be read from it either way.
  return status === 202 || listOf(body, 'signatures') === undefined ? undefined : valuesOf(body, items);
}

/**
 * Values in the order of the hashes sent (CSC API §11.9).
 * @throws SignError SIGNATURE_COUNT: with a value too few or too many no position is certain
 */
export function valuesOf(body: JsonObject, items: readonly SigningItem[]): CscValues {
  const given = listOf(body, 'signatures');
  if (given === undefined) throw new SignError('PROVIDER_PROTOCOL', 'an answer without signatures', { outcome: 'unknown', detail: 'signatures' });
  if (given.length !== items.length) throw new SignError('SIGNATURE_COUNT', `${given.length} values for ${items.length} hashes`, { outcome: 'signed', detail: given.length < items.length ? 'fewer' : 'more' });
  const chain = textsOf(body, 'certificates').flatMap((text) => decodeBase64(text) ?? []);
  const algorithmOid = textOf(body, 'signAlgo');
  const signatures: RawSignature[] = [];
  const refused: string[] = [];
  for (const [index, { itemId }] of items.entries()) {
    const value = given[index];
    if (typeof value === 'string' && value !== '') signatures.push({ itemId, value, ...(chain.length === 0 ? {} : { chain }), ...(algorithmOid === undefined ? {} : { algorithmOid }) });
    else refused.push(itemId);
  }
  return { signatures, refused };
}

import { readChallenge } from '@hefu/verify';
import { assembleSignature } from './assemble.js';
import { SignError } from './error.js';
import { prepareSignature, type PreparedSignature, type PrepareInput } from './prepare.js';
import { valueOf, type Signer } from './signer.js';

/** How a challenge is signed; its octets are the content. */
export type ChallengeSigningInput = Omit<PrepareInput, 'content' | 'contentDigest' | 'challenge'>;

/**
 * Prepares the answer to a login challenge: octets of `createChallenge` of the verify room and nothing else.
 * @throws SignError CONTENT_IS_CHALLENGE for octets that are no challenge, and as `prepareSignature`
 */
export function prepareChallenge(challenge: Uint8Array, input: ChallengeSigningInput): PreparedSignature {
  if (readChallenge(challenge) === undefined) throw new SignError('CONTENT_IS_CHALLENGE', 'what was given to sign is no login challenge');
  return prepareSignature({ ...input, content: challenge, challenge: true });
}

/** Prepare, sign, verify, assemble in one call. @throws SignError as `prepareChallenge` and `assembleSignature`, and SIGNER_FAILED */
export async function signChallenge(challenge: Uint8Array, input: ChallengeSigningInput, signer: Signer): Promise<Uint8Array> {
  const prepared = prepareChallenge(challenge, input);
  return assembleSignature(prepared, await valueOf(signer, prepared.toBeSigned));
}

import type { FacadeMaker, ProviderGround } from '../facade.js';
import { metadataFacade, oauthFacade } from '../oauth/facade.js';
import { cscFacade } from './facade.js';
import { createCscState, type CscOptions, type CscState, type MadeSignature } from './state.js';

/** A CSC service with its authorization server, and what its user and its phone would know. */
export interface CscProvider {
  /** For `serveProvider`: `/csc/`, `/oauth2/` and the server's metadata. */
  readonly facades: readonly FacadeMaker[];
  /** The last code sent to the phone of a credential. */
  otp(credentialID: string): string | undefined;
  /** The user of every phone that was asked decides. */
  decide(decision: 'approved' | 'refused'): void;
  /** Values made, in order. */
  readonly made: readonly MadeSignature[];
  /** Tokens and SADs that were ever given out, and codes and handles that are. */
  secrets(): readonly string[];
}

export function createCscProvider(options: CscOptions = {}): CscProvider {
  let known: CscState | undefined;
  const stateOf = (ground: ProviderGround): CscState => (known ??= createCscState(ground, options));
  return {
    facades: [(ground) => cscFacade(stateOf(ground)), (ground) => oauthFacade(stateOf(ground)), (ground) => metadataFacade(stateOf(ground))],
    otp: (credentialID) => known?.otps.get(credentialID)?.value,
    decide: (decision) => { for (const waiting of known?.pending.values() ?? []) waiting.decision = decision; },
    get made() { return known?.made ?? []; },
    secrets: () => [...(known?.issued ?? []), ...(known?.pending.keys() ?? []), ...(known?.codes.keys() ?? [])],
  };
}

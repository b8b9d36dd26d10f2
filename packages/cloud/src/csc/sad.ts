import type { AdapterContext, BeginRequest, JsonObject } from '@hefu/sign';
import type { CscVault } from './ports.js';

/** What signHash is sent with. Times by the provider's clock. */
export interface Authorisation {
  readonly value: string;
  /** `bearer`: the token of signHash itself, which then has no SAD. */
  readonly as: 'sad' | 'bearer';
  readonly expiresAt: number;
  /** A token of the authorization server, which can be told to end it. */
  readonly byOAuth?: true;
}

const reference = ({ requestId }: BeginRequest): string => `${requestId}/sad`;

/** Of an answer without one (CSC API v1.0.4 §11.6). */
const DEFAULT_SECONDS = 3600;

export function authorisationOf(value: string, as: Authorisation['as'], expiresIn: unknown, issuedAt: number, context: AdapterContext): Authorisation {
  context.protect(value);
  const seconds = typeof expiresIn === 'number' && expiresIn >= 0 ? expiresIn : DEFAULT_SECONDS;
  return { value, as, expiresAt: issuedAt + seconds * 1000 };
}

export async function keepAuthorisation(vault: CscVault, request: BeginRequest, authorisation: Authorisation): Promise<void> {
  await vault.put(reference(request), JSON.stringify(authorisation));
}

/** One of this request that was kept and has not ended. */
export async function keptAuthorisation(vault: CscVault, request: BeginRequest, now: number, context: AdapterContext): Promise<Authorisation | undefined> {
  const text = await vault.get(reference(request));
  if (text === undefined) return undefined;
  const kept = JSON.parse(text) as JsonObject & Authorisation;
  context.protect(kept.value);
  return now < kept.expiresAt ? kept : undefined;
}

export async function dropAuthorisation(vault: CscVault, request: BeginRequest): Promise<void> {
  await vault.drop(reference(request));
}

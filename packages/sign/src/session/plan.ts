import { alternativesOf, type AuthPlan, type Capabilities, type Credential, type FactorKind } from '../adapter/index.js';
import { SignError } from '../error.js';

export interface PlanSigningInput {
  readonly itemIds: readonly string[];
  readonly credential: Pick<Credential, 'maxPerAuthorisation' | 'hashBound' | 'auth'>;
  readonly capabilities: Pick<Capabilities, 'batch'>;
  /** One signature over a manifest of all items where one confirmation does not cover them. Default `never`: whether a platform takes it is its rule. */
  readonly manifest?: 'never' | 'when-needed' | 'always';
}

/** How a signing will go; known before anybody is asked for anything. */
export interface SigningPlan {
  readonly mode: 'each' | 'manifest';
  /** Item ids by authorisation, in the order given. In `manifest` mode one, of the manifest. */
  readonly authorisations: readonly (readonly string[])[];
  /** How often the user has to confirm. */
  readonly confirmations: number;
  /** Requests to the provider that sign. */
  readonly calls: number;
  /** An authorisation is for exactly these hashes; nothing can be added to it. */
  readonly hashBound: boolean;
  /** What he has to do each time, by alternative; empty when nothing. */
  readonly steps: readonly (readonly FactorKind[])[];
}

/** Id of the only item in `manifest` mode. */
export const MANIFEST_ITEM = 'manifest';
const SILENT: readonly FactorKind[] = ['none', 'oauth-client'];
/** One authorisation of no provider covers more; nor is more of one signing held in memory. */
export const MAX_ITEMS = 10_000;

/**
 * Splits items by what one authorisation and one call may hold.
 * @throws SignError BATCH_TOO_LARGE; TypeError for no items, the same id twice, or limits that are none
 */
export function planSigning({ itemIds, credential, capabilities: { batch }, manifest = 'never' }: PlanSigningInput): SigningPlan {
  if (itemIds.length === 0) throw new TypeError('there is nothing to sign');
  if (new Set(itemIds).size !== itemIds.length) throw new TypeError('an item id stands twice');
  if (itemIds.length > MAX_ITEMS) throw new SignError('BATCH_TOO_LARGE', `${itemIds.length} items, ${MAX_ITEMS} at most`);
  const perAuthorisation = Math.min(batch.maxPerAuthorisation, credential.maxPerAuthorisation);
  for (const limit of [perAuthorisation, batch.maxPerCall]) if (!Number.isSafeInteger(limit) || limit < 1) throw new TypeError(`a limit of ${limit} items`);
  const steps = stepsOf(credential.auth);
  const asManifest = manifest === 'always' || (manifest === 'when-needed' && itemIds.length > perAuthorisation && steps.length > 0);
  const authorisations = asManifest ? [[MANIFEST_ITEM]] : chunks(itemIds, perAuthorisation);
  return {
    mode: asManifest ? 'manifest' : 'each',
    authorisations,
    confirmations: steps.length === 0 ? 0 : authorisations.length,
    calls: authorisations.reduce((sum, ids) => sum + Math.ceil(ids.length / batch.maxPerCall), 0),
    hashBound: batch.hashBound || credential.hashBound,
    steps,
  };
}

/** What the user does, by alternative; one alternative without any step means none is needed. */
function stepsOf(plan: AuthPlan): readonly (readonly FactorKind[])[] {
  const alternatives = alternativesOf(plan).map((factors) => factors.map(({ factor }) => factor).filter((factor) => !SILENT.includes(factor)));
  return alternatives.some((factors) => factors.length === 0) ? [] : alternatives;
}

function chunks<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}

import { decideTrust, type Federation, type PathKey, type RulingCode, type ScopeQuestion } from '@hefu/trust-list';

export interface KeyQuestion {
  /** What the relying party is doing, and where. */
  readonly context: Omit<ScopeQuestion, 'at'>;
  /** notBefore of the key's certificate. */
  readonly issuedAt: number;
  /** When the evidence was made: thisUpdate of a CRL; epoch milliseconds. */
  readonly madeAt: number;
  /** When it is relied on: validation time. */
  readonly at: number;
}

/** What an entry says against a key whatever is asked of it; an entry whose scope is elsewhere says nothing here. */
const AGAINST: ReadonlySet<RulingCode> = new Set(['CA_SUSPENDED', 'CA_CEASED', 'CA_WITHDRAWN', 'CA_DISTRUSTED', 'SERVICE_UNSUPPORTED']);

/**
 * Whether lists with a say here speak against a key, when evidence was made or when it is relied on (as of services that sign
 * evidence, see `signerRefusal`). Entries of every kind are heard: a key that one of them distrusts is lost, whatever else it was for.
 */
export function isSpokenAgainst(federation: Federation, key: PathKey, { context: { region, purpose }, issuedAt, madeAt, at }: KeyQuestion): boolean {
  const kinds = new Set(federation.statementsOn(key).map(({ service }) => service.kind));
  return [...kinds].some((kind) =>
    [madeAt, at].some((signedAt) => decideTrust(federation, { keys: [key], anchors: () => false, kind, region, purpose, issuedAt, signedAt, at, missing: 'ignore' })
      .opinions.some(({ effect, code }) => effect === 'denies' && AGAINST.has(code))),
  );
}

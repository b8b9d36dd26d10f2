import type { KeyKind, KeyPair } from '../keys.js';
import { lazily } from '../lazily.js';
import type { Company } from '../world/company.js';
import type { World } from '../world/world.js';

/** A key of the virtual HSM with the certificate over it. */
export interface HsmKey {
  /** What providers call it; stable for a world. */
  readonly id: string;
  readonly kind: KeyKind;
  readonly key: KeyPair;
  readonly company: Company;
  /** DER, the leaf first, up to and including the root or the listed CA. */
  readonly chain: readonly Uint8Array[];
}

/** The keys of a provider: the signing keys of a world's companies. */
export interface VirtualHsm {
  readonly keys: readonly HsmKey[];
  key(id: string): HsmKey | undefined;
}

export function createVirtualHsm(world: World): VirtualHsm {
  const keys = world.companies.map((company): HsmKey => lazily({ id: `key-${company.id}`, kind: company.authority.design.kind, company }, {
    key: () => company.sign.key,
    chain: () => [company.sign.certificate, company.issuer.certificate, ...company.authority.above.map(({ certificate }) => certificate)],
  }));
  const byId = new Map(keys.map((key) => [key.id, key]));
  return { keys, key: (id) => byId.get(id) };
}

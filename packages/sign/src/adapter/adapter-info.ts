/** Of which nature an adapter is; for people and for the journal, no service decides by it. */
export type AdapterKind = 'soft' | 'pfx' | 'pkcs11' | 'csc' | 'qr-session' | 'kms' | 'cosign' | 'document-platform';

export interface AdapterInfo {
  /** Stable, `[a-z0-9.-]{1,64}`: a snapshot made by one adapter is resumed by the one of the same id. */
  readonly id: string;
  readonly version: string;
  /** Of this contract. */
  readonly contract: 1;
  readonly kind: AdapterKind;
  readonly runtime: readonly ('browser' | 'node')[];
  /** `browser+backend`: the provider's secrets live in a backend half, and this is the half that talks to it. */
  readonly halves: 'single' | 'browser+backend';
}

/** A signing key of a key management service, as configured: such a service holds no certificate and knows none. */
export interface KmsKey {
  /** What this side calls it, `[A-Za-z0-9._-]{1,64}`; the credential's `ref`. */
  readonly ref: string;
  /** The service's name for it: key id, ARN or alias, resource name, key name. See each service. */
  readonly keyId: string;
  /** The one version whose certificate `chain` begins with. Needed where the service has versions. */
  readonly version?: string;
  /** DER, leaf first. `probe` proves that it is this key's. */
  readonly chain: readonly Uint8Array[];
  /** For the user. */
  readonly label?: string;
}

/** Access key of a cloud account. */
export interface AccessKey {
  readonly id: string;
  readonly secret: string;
  /** With temporary credentials. */
  readonly sessionToken?: string;
}

/**
 * Where secrets of the cloud account come from: a vault, the platform's metadata, a file. Asked before every request, so
 * that keys can rotate; whoever implements it remembers what may be remembered.
 * @param renew what was given last was refused as expired
 */
export type AccessKeySource = (renew: boolean) => Promise<AccessKey>;

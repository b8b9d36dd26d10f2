/** Every budget of the Node.js binding, each with its origin. */
export interface NodeLimits {
  /** Octets of a signature file: the pki room's 64 MiB message, times two for base64 and armour. */
  readonly maxSignatureBytes: number;
  /** Octets of a content file where they must be held in memory: beside an attached message, and for signatures over octets alone. Others are read as they come. */
  readonly maxContentBytes: number;
  /** Octets of a trust list on disk; the updater room's limit for one fetched. */
  readonly maxTrustListBytes: number;
  /** Octets of a role or policy file. */
  readonly maxConfigBytes: number;
  /** Octets of a CRL brought along: the pki room's 64 MiB, times two for base64 and armour. */
  readonly maxCrlBytes: number;
  /** CRL files kept by operations, over all folders. China has some 60 licensed CAs, with a few keys each. */
  readonly maxCrlFiles: number;
  /** Octets of those files together; all are held in memory. */
  readonly maxCrlFilesBytes: number;
  /** Milliseconds for which they are not looked at again. */
  readonly crlFilesRecheckMs: number;
  /** Octets of one certificate file, armour included. */
  readonly maxCertificateBytes: number;
  /** Octets of a file of private keys; with a chain and its CRLs one stays under 100 kB. */
  readonly maxKeyFileBytes: number;
  /** Iterations of password-based derivations in one key file, together: some seconds. Files ask for 2,048 to 600,000, about four times over. */
  readonly maxKdfIterations: number;
}

export const DEFAULT_NODE_LIMITS: NodeLimits = {
  maxSignatureBytes: 128 * 1024 * 1024,
  maxContentBytes: 1024 * 1024 * 1024,
  maxTrustListBytes: 8 * 1024 * 1024,
  maxConfigBytes: 1024 * 1024,
  maxCrlBytes: 128 * 1024 * 1024,
  maxCrlFiles: 512,
  maxCrlFilesBytes: 512 * 1024 * 1024,
  crlFilesRecheckMs: 1000,
  maxCertificateBytes: 256 * 1024,
  maxKeyFileBytes: 1024 * 1024,
  maxKdfIterations: 10_000_000,
};

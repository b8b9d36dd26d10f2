/** Why the Node.js binding could not do its part. A verdict is a report, never one of these. */
export type NodeErrorCode =
  | 'FILE_NOT_FOUND'
  | 'FILE_UNREADABLE' // permission, a directory, a failing disk
  | 'FILE_TOO_LARGE'
  | 'FILE_CHANGED' // written to while it was read
  | 'ROLE_INVALID' // not a role file: threshold and keys
  | 'ROOT_INVALID' // what is pinned is neither a root file nor a fingerprint
  | 'TRUST_LIST_UNAVAILABLE' // no list that the role accepts, or scheme that the root leads to, neither from the sources nor from the cache
  | 'FILE_NOT_WRITABLE'
  | 'BUNDLE_INVALID' // not the form of zip that an evidence bundle has, or damaged
  | 'BUNDLE_TOO_LARGE' // more than one bundle holds
  | 'FONT_INVALID'
  | 'WORKER_DIED' // two workers of a batch ended over one item
  | 'WORKER_FAILED' // a worker could not judge an item
  | 'PKCS11_UNAVAILABLE' // the optional peer pkcs11js is not installed, or the module is none
  | 'CLOSED'; // the verifier was closed

export class NodeError extends Error {
  override readonly name = 'NodeError';
  readonly code: NodeErrorCode;
  /** The file meant, as the caller named it. */
  readonly path: string | undefined;
  constructor(code: NodeErrorCode, message: string, options?: { cause?: unknown; path?: string }) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.path = options?.path;
  }
}

/** Every budget of the browser binding, each with its origin. Octets and milliseconds. */
export interface BrowserLimits {
  /** One read in a worker: two are held at a time. */
  readonly workerPieceOctets: number;
  /** One read in the page, which must go on answering: some 5 ms of plain JavaScript. */
  readonly pagePieceOctets: number;
  /** Between checkpoints: half a second to two of work. */
  readonly checkpointOctets: number;
  /** A checkpoint older than this is not taken up: bids are prepared within weeks. */
  readonly checkpointAgeMs: number;
  /** A checkpoint is some kilobytes. */
  readonly maxCheckpointOctets: number;
  /** A worker that has not reported by then is not coming. */
  readonly workerStartMs: number;
  /** Values in IndexedDB together: lists and CRLs of a province are a tenth. */
  readonly maxStoreOctets: number;
  /** A content that must be held in memory: beside an attached message, or for signatures over octets alone. */
  readonly maxContentOctets: number;
  /** From here on compiled SM3 is worth its ten kilobytes. */
  readonly compiledDigestOctets: number;
  /** PBKDF2 with SHA-256: OWASP's 600,000 of 2023. */
  readonly pbkdf2Iterations: number;
  /** Stored keys may ask for no more than this, so that a planted one does not hang the page. */
  readonly maxPbkdf2Iterations: number;
  readonly minPassphraseCharacters: number;
  /** A person at an authorisation server: SMS codes arrive late. */
  readonly oauthTimeoutMs: number;
  /** How often a window is asked whether it was closed. */
  readonly oauthPollMs: number;
  /** After a window closed, for its message still to arrive. */
  readonly oauthGraceMs: number;
}

export const BROWSER_LIMITS: BrowserLimits = {
  workerPieceOctets: 4 * 1024 * 1024,
  pagePieceOctets: 128 * 1024,
  checkpointOctets: 64 * 1024 * 1024,
  checkpointAgeMs: 30 * 86_400_000,
  maxCheckpointOctets: 64 * 1024,
  workerStartMs: 10_000,
  maxStoreOctets: 256 * 1024 * 1024,
  maxContentOctets: 256 * 1024 * 1024,
  compiledDigestOctets: 1024 * 1024,
  pbkdf2Iterations: 600_000,
  maxPbkdf2Iterations: 10_000_000,
  minPassphraseCharacters: 12,
  oauthTimeoutMs: 10 * 60_000,
  oauthPollMs: 500,
  oauthGraceMs: 1500,
};

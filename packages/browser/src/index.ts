import './floor.js';

// Files
export { digestFile } from './digest/digest-file.js';
export { digestWorker, setDigestWorker } from './digest/digest-worker-address.js';
export type { DigestFileOptions, FileDigest } from './digest/digest-file.js';
export type { FileIdentity } from './digest/checkpoint.js';
export type { DigestReport } from './digest/rate.js';

// Verification
export { createBrowserVerifier } from './verify/create-browser-verifier.js';
export type { BrowserJudgementRequest, BrowserVerifier, BrowserVerifyRequest, CreateBrowserVerifierOptions } from './verify/create-browser-verifier.js';
export type { BrowserSchemeOptions, BrowserTrustOptions } from './verify/browser-trust.js';
export type { BrowserContent } from './verify/browser-content.js';
export { browserAlgorithms } from './verify/browser-algorithms.js';
export type { BrowserAlgorithms } from './verify/browser-algorithms.js';
export { browserFetcher } from './verify/browser-fetcher.js';
export type { BrowserFetcherOptions } from './verify/browser-fetcher.js';

// Storage
export { indexedDbStore } from './store/indexed-db-store.js';
export type { IndexedDbStoreOptions } from './store/indexed-db-store.js';

export { BrowserError } from './error.js';
export type { BrowserErrorCode } from './error-codes.js';
export { BROWSER_ERRORS } from './error-texts.js';
export type { BrowserErrorTexts } from './error-texts.js';
export { BROWSER_LIMITS } from './limits.js';

// Keys of this browser
export { openSoftKeys } from './keys/soft-keys.js';
export type { CreateSoftKeyOptions, SoftKeyEntry, SoftKeyKind, SoftKeys } from './keys/soft-keys.js';
export type { PasskeyPrf, Unlocking } from './keys/key-record.js';
export { createPasskey, passkey } from './keys/passkey-prf.js';
export type { CreatePasskeyOptions } from './keys/passkey-prf.js';

// Authorisation servers
export { authoriseInWindow, openOAuthWindow } from './oauth/oauth-window.js';
export type { OAuthWindow } from './oauth/oauth-window.js';
export { completeOAuthReturn, redirectToAuthorise } from './oauth/oauth-redirect.js';
export type { OAuthCompletion } from './oauth/oauth-redirect.js';
export type { OAuthAnswer, OAuthChallenge } from './oauth/oauth-answer.js';

// Signing by way of a backend
export { newRequestId, remoteSession } from './remote/remote-session.js';
export type { RemoteSession, RemoteSessionOptions, RemoteWaits } from './remote/remote-session.js';
export { remoteCredentials } from './remote/remote-credentials.js';
export { remoteSessions } from './remote/remote-sessions.js';
export type { SessionUnderWay } from './remote/protocol.js';

// Signing in the page itself
export { directSession } from './direct/direct-session.js';
export type { DirectSessionOptions, DirectSigning } from './direct/direct-session.js';
export { pageLeases } from './direct/page-leases.js';
export { pagePorts } from './direct/page-ports.js';
export { openKeyShares } from './direct/key-shares.js';
export type { KeyShares } from './direct/key-shares.js';
export { remoteCosignServer } from './direct/remote-cosign-server.js';

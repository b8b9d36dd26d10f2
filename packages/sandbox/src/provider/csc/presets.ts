/** Where services that exist depart from the CSC API, as far as a client notices. */
export interface CscManners {
  /** Spelling of the method (`credentials/authorise` is in use). */
  readonly authorizePath: 'credentials/authorize' | 'credentials/authorise';
  /** The text with which a pending job answers 400; undefined: 202, as the text has it. */
  readonly pendingAs400?: string;
  /** Hashes must be percent-encoded base64. */
  readonly percentHashes: boolean;
  /** The batch is signed in the order of the sorted hashes. */
  readonly sorts: boolean;
  /** A used SAD goes on working … */
  readonly replays: boolean;
  /** … and never ends. */
  readonly sadNeverExpires: boolean;
  /** Token type of a credential-scope token: itself the SAD, or the bearer of the request. */
  readonly credentialToken: 'SAD' | 'Bearer';
  /** The time-stamp method takes a form and answers `timeStampToken`. */
  readonly formTimestamp: boolean;
  /** `certInfo: true` is 501. */
  readonly noCertInfo: boolean;
  /** Lengths of hashes that are taken. */
  readonly hashLengths: readonly number[];
  /** Says `asynchronousOperationMode`, and does it. */
  readonly asynchronous: boolean;
  /** OIDs under which keys are offered: those of the signature, or of the bare key. */
  readonly bareKeyOids: boolean;
}

const STRICT: CscManners = {
  authorizePath: 'credentials/authorize', percentHashes: false, sorts: false, replays: false, sadNeverExpires: false, credentialToken: 'SAD',
  formTimestamp: false, noCertInfo: false, hashLengths: [32, 48, 64], asynchronous: true, bareKeyOids: false,
};

/** By name; each as seen in public code or in the answers of the service. */
export const CSC_PRESETS: Readonly<Record<'spec-strict' | 'sign8' | 'eudi-qtsp' | 'certomancer' | 'simionrobert', CscManners>> = {
  'spec-strict': STRICT,
  sign8: { ...STRICT, pendingAs400: 'Previous asynchronous signature request is still being processed', formTimestamp: true },
  'eudi-qtsp': { ...STRICT, percentHashes: true, sorts: true, replays: true, credentialToken: 'Bearer', asynchronous: false, bareKeyOids: true },
  certomancer: { ...STRICT, replays: true, sadNeverExpires: true, noCertInfo: true, asynchronous: false },
  simionrobert: { ...STRICT, authorizePath: 'credentials/authorise', sorts: true, hashLengths: [20, 32, 64], asynchronous: false },
};
export type CscPresetName = keyof typeof CSC_PRESETS;

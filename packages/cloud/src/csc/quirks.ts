import type { CscErrorRow } from './errors.js';

/** Where a service departs from the text of the API. All members say what to do; absent ones follow the text. */
export interface CscQuirks {
  readonly name: string;
  /** Spelling of `credentials/authorize`. */
  readonly authorizePath?: string;
  /** How hashes are written in request bodies. */
  readonly hashes?: 'base64' | 'percent-base64';
  /** An answer of 400 with such a text to a poll means that the job is pending. */
  readonly pendingText?: RegExp;
  /** How time-stamps are asked for, and where the token stands. */
  readonly timestamp?: { readonly encoding: 'json' | 'form'; readonly member: string };
  /** `certInfo` is not sent. */
  readonly noCertInfo?: boolean;
  /** Digest lengths the service takes, octets. */
  readonly digestOctets?: readonly number[];
  /** Values per signHash at most, where the service limits a call more tightly than an authorisation. */
  readonly maxPerCall?: number;
  /** Between two polls, milliseconds. Default 2,000. */
  readonly pollMs?: number;
  /** How long a user has to confirm on another device, milliseconds. Default 300,000. */
  readonly confirmMs?: number;
  /** An OAuth token of scope `credential`: the SAD, or the bearer of signHash. Default: by its `token_type`. */
  readonly credentialToken?: 'sad' | 'bearer';
  /** Tried before the common table of errors. */
  readonly errors?: readonly CscErrorRow[];
}

/** By the text alone. */
const SPEC_STRICT: CscQuirks = { name: 'spec-strict' };

/** Polls answered 400 while the job is pending; time-stamps take a form and answer `timeStampToken`. Values may be base64url, which is read everywhere. */
const SIGN8: CscQuirks = {
  name: 'sign8',
  pendingText: /previous asynchronous signature request/i,
  timestamp: { encoding: 'form', member: 'timeStampToken' },
};

/** Hashes are admitted only when percent-encoded; a credential token is the bearer of signHash; keys are offered by their bare OIDs, which is read everywhere. Batches come back in another order: core refuses those, so one value per call. */
const EUDI_QTSP: CscQuirks = { name: 'eudi-qtsp', hashes: 'percent-base64', credentialToken: 'bearer', maxPerCall: 1 };

/** `certInfo` is answered 501; a SAD never ends and may be used again, which this side never does. */
const CERTOMANCER: CscQuirks = { name: 'certomancer', noCertInfo: true };

/** The method is spelled `credentials/authorise`; hashes of 48 octets are refused; batches come back in another order. */
const SIMIONROBERT: CscQuirks = { name: 'simionrobert', authorizePath: 'credentials/authorise', digestOctets: [20, 32, 64], maxPerCall: 1 };

export const CSC_QUIRKS: Readonly<Record<'spec-strict' | 'sign8' | 'eudi-qtsp' | 'certomancer' | 'simionrobert', CscQuirks>> = {
  'spec-strict': SPEC_STRICT, sign8: SIGN8, 'eudi-qtsp': EUDI_QTSP, certomancer: CERTOMANCER, simionrobert: SIMIONROBERT,
};

import type { HsmKey, VirtualHsm } from '../hsm.js';

/** How one credential is authorised. */
export interface CscCredentialManner {
  /** Ends the credentialID: `key-qinghe` with `-otp` is `key-qinghe-otp`. */
  readonly suffix: string;
  readonly mode: 'implicit' | 'explicit' | 'oauth2code';
  readonly pin?: string;
  /** `sms`: sent on request; `totp`: from a generator the user holds, here a code that stands still. */
  readonly otp?: 'sms' | { readonly totp: string };
  readonly scal: '1' | '2';
  readonly multisign: number;
  /** Polls after which an implicit authorisation is confirmed, or `never`. */
  readonly confirmsAfter?: number | 'never';
  /** v2 `auth.expression`; default: all of what there is, by AND. */
  readonly expression?: string;
}

/** PINs of a toy. */
export const CSC_PIN = '135790864213';
export const CSC_TOTP = '864209753124';

/** As many kinds of users as one wants to try. */
export const CSC_MANNERS: readonly CscCredentialManner[] = [
  { suffix: '', mode: 'explicit', pin: CSC_PIN, scal: '2', multisign: 500 },
  { suffix: '-otp', mode: 'explicit', pin: CSC_PIN, otp: 'sms', scal: '2', multisign: 500 },
  { suffix: '-totp', mode: 'explicit', pin: CSC_PIN, otp: { totp: CSC_TOTP }, scal: '1', multisign: 10, expression: 'PIN OR OTP' },
  { suffix: '-push', mode: 'implicit', scal: '2', multisign: 500, confirmsAfter: 1 },
  { suffix: '-ignores', mode: 'implicit', scal: '2', multisign: 500, confirmsAfter: 'never' },
  { suffix: '-oauth', mode: 'oauth2code', scal: '2', multisign: 500 },
  { suffix: '-single', mode: 'explicit', pin: CSC_PIN, scal: '2', multisign: 1 },
];

export interface CscCredential {
  readonly id: string;
  readonly key: HsmKey;
  readonly manner: CscCredentialManner;
}

/** A credential for each key and manner, first all of the first manner. */
export function cscCredentials(hsm: VirtualHsm, manners: readonly CscCredentialManner[], companies: readonly string[] | undefined): ReadonlyMap<string, CscCredential> {
  const keys = hsm.keys.filter(({ kind, company }) => kind !== 'Ed25519' && (companies === undefined || companies.includes(company.id)));
  return new Map(manners.flatMap((manner) => keys.map((key): [string, CscCredential] => {
    const id = `${key.id}${manner.suffix}`;
    return [id, { id, key, manner }];
  })));
}

const PKCS1 = { '2.16.840.1.101.3.4.2.1': '1.2.840.113549.1.1.11' } as const;

/** OIDs in `key.algo`. */
export function algorithmsOf({ kind }: HsmKey, bare: boolean): readonly string[] {
  switch (kind) {
    case 'SM2': return ['1.2.156.10197.1.501'];
    case 'P-256': return [bare ? '1.2.840.10045.2.1' : '1.2.840.10045.4.3.2'];
    default: return bare ? ['1.2.840.113549.1.1.1'] : ['1.2.840.113549.1.1.1', PKCS1['2.16.840.1.101.3.4.2.1'], '1.2.840.113549.1.1.10'];
  }
}

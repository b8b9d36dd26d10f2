import { decodeBase64, encodeBase64, encodeBase64url } from '@hefu/trust-list';
import { SignError, type BeginRequest, type Json } from '@hefu/sign';
import { DIGEST_OID } from '../algorithms.js';
import { isObject, listOf, textOf } from '../read.js';
import type { CscInfo } from '../service.js';
import type { TokenAnswer } from './authorisation.js';

export interface CredentialDetail {
  readonly [name: string]: Json;
  readonly type: string;
  readonly credentialID: string;
  readonly documentDigests: readonly { readonly [name: string]: Json; readonly hash: string; readonly label: string }[];
}

/** Parameters of scope `credential` (CSC API §8.4.2): which credential, how many, which hashes. */
export function credentialParameters({ version }: CscInfo, { credential, items, algorithm, display }: BeginRequest): Record<string, string> {
  const hashes = items.map(({ toSign }) => encodeBase64url(toSign.value)).join(',');
  return {
    scope: 'credential', credentialID: credential.ref, numSignatures: String(items.length), lang: display.locale,
    ...(!credential.hashBound ? {} : version === 'v1' ? { hash: hashes } : { hashes, hashAlgorithmOID: DIGEST_OID[algorithm.digest] ?? '' }),
    ...(display.shareLabels ? { description: display.title.slice(0, 255) } : {}),
  };
}

/** The same as a rich authorization request (RFC 9396), in which the user sees what each hash is; labels leave only with consent. */
export function credentialDetail({ rarType }: CscInfo, { credential, items, algorithm, display }: BeginRequest): CredentialDetail {
  const second = rarType !== 'credential';
  return {
    type: rarType, credentialID: credential.ref, hashAlgorithmOID: DIGEST_OID[algorithm.digest] ?? '',
    ...(second ? { numSignatures: items.length } : {}),
    documentDigests: items.map(({ toSign, label }, index) => ({ hash: encodeBase64(toSign.value), label: display.shareLabels ? label.slice(0, 200) : `${index + 1}`, ...(second ? { hashType: 'DTBSR' } : {}) })),
  };
}

/**
 * What was granted must be what was asked for: the same credential, exactly these digests.
 * @throws SignError HASH_NOT_AUTHORISED
 */
export function checkGranted({ credentialID, details }: TokenAnswer, asked: CredentialDetail | undefined, ref: string): void {
  const refuse = (detail: string): SignError => new SignError('HASH_NOT_AUTHORISED', 'something else was granted than was asked for', { outcome: 'not-signed', detail });
  if (credentialID !== undefined && credentialID !== ref) throw refuse('other-credential');
  if (asked === undefined || details === undefined) return;
  const granted = Array.isArray(details) ? details.filter(isObject).filter((each) => each['type'] === asked.type) : [];
  const [only] = granted;
  if (only === undefined || granted.length !== 1) throw refuse('details');
  if (textOf(only, 'credentialID') !== undefined && textOf(only, 'credentialID') !== ref) throw refuse('other-credential');
  const digests = (listOf(only, 'documentDigests') ?? []).filter(isObject).map((each) => comparable(textOf(each, 'hash') ?? ''));
  if (JSON.stringify(digests.sort()) !== JSON.stringify(asked.documentDigests.map(({ hash }) => comparable(hash)).sort())) throw refuse('other-digests');
}

/** Servers write the hash back as base64 or base64url. */
function comparable(text: string): string {
  const octets = decodeBase64(text.replace(/-/g, '+').replace(/_/g, '/').replace(/=+$/, '').padEnd(Math.ceil(text.replace(/=+$/, '').length / 4) * 4, '='));
  return octets === undefined ? `?${text}` : encodeBase64(octets);
}

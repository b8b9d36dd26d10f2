import type { DigestAlgorithm } from '@hefu/crypto';
import { parseCertificate } from '@hefu/pki';
import { readListKey, thumbprint } from '../jwk.js';
import { isObject, present, type MemberReader } from '../member-reader.js';
import { readCertificate } from '../read-anchor.js';
import type { SchemeKey } from '../scheme.js';
import { spkiMatchesKey } from './spki.js';

/** Reads `keys`. What a key is called is its computed thumbprint, so one key in two entries is found whatever they call it. */
export function readKeys(reader: MemberReader, sha256: DigestAlgorithm, maxKeys: number): readonly SchemeKey[] {
  if (reader.get('keys') === undefined) reader.fail('keys', 'is missing');
  const keys = (reader.objects('keys', 1, maxKeys, (key) => readKey(key, sha256)) ?? []).flatMap((key) => key ?? []);
  const seen = new Set<string>();
  for (const { thumbprint } of keys) {
    if (seen.has(thumbprint)) reader.fail('keys', `lists the key ${thumbprint} twice`, 'TL_KEY_LISTED_TWICE');
    seen.add(thumbprint);
  }
  return keys;
}

function readKey(reader: MemberReader, sha256: DigestAlgorithm): SchemeKey | undefined {
  const org = reader.text('org', { max: 200 });
  const owner = reader.optionalText('owner', { max: 200 });
  const notAfter = reader.optionalInstant('notAfter');
  const certificate = reader.optionalList('x5c', 1, 1, (value, path) => readCertificate(value, path, reader.log))?.[0]?.der;
  const jwk = reader.get('jwk');
  if (jwk === undefined || !isObject(jwk)) {
    reader.fail('jwk', jwk === undefined ? 'is missing' : 'is not an object');
    return undefined;
  }
  let key: ReturnType<typeof readListKey>;
  try {
    key = readListKey(jwk);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    reader.fail('jwk', `cannot be used: ${error.message}`);
    return undefined;
  }
  if (certificate !== undefined && !spkiMatchesKey(parseCertificate(certificate).spki, key)) reader.fail('x5c', 'is not a certificate of this SM2 key');
  const kid = jwk['kid'];
  return {
    jwk: { ...key.jwk, ...(typeof kid === 'string' && { kid }) },
    thumbprint: thumbprint(key, sha256),
    org,
    ...present<Pick<SchemeKey, 'owner' | 'notAfter' | 'certificate'>>({ owner, notAfter, certificate }),
  };
}

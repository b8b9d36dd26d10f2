import type { DigestAlgorithm } from '@hefu/crypto';
import { parseCertificate, PkiError } from '@hefu/pki';
import { decodeBase64 } from './base64.js';
import type { JsonValue } from './json.js';
import { MemberReader, present, type ProblemLog } from './member-reader.js';
import type { ServiceAnchor } from './model.js';
import { HEX_SHA256 } from './scheme/rules.js';
import { hexOf } from './sha256.js';

/** Reads one anchor. Hashes stated beside a certificate must be that certificate's. */
export function readAnchor(reader: MemberReader, sha256: DigestAlgorithm): ServiceAnchor {
  const certificate = reader.optionalList('x5c', 1, 1, (value, path) => readCertificate(value, path, reader.log))?.[0];
  const certificateHash = reader.optionalText('sha256', HEX_SHA256);
  const keyHash = reader.optionalText('spkiSha256', HEX_SHA256);
  if (reader.get('x5c') === undefined && certificateHash === undefined && keyHash === undefined) {
    reader.log.add(reader.path, 'has none of x5c, sha256, spkiSha256');
  }
  if (certificate !== undefined) {
    if (certificateHash !== undefined && hexOf(sha256.digest(certificate.der)) !== certificateHash) reader.fail('sha256', 'is not the hash of x5c');
    if (keyHash !== undefined && hexOf(sha256.digest(certificate.spki)) !== keyHash) reader.fail('spkiSha256', 'is not the hash of the key of x5c');
  }
  return {
    mode: reader.oneOf('mode', ['root', 'pinned-intermediate']),
    ...present<Omit<ServiceAnchor, 'mode'>>({ certificate: certificate?.der, sha256: certificateHash, spkiSha256: keyHash }),
  };
}

/** Base64 of one certificate that the pki room can read. */
export function readCertificate(value: JsonValue, path: string, log: ProblemLog): { readonly der: Uint8Array; readonly spki: Uint8Array } | undefined {
  const der = typeof value === 'string' ? decodeBase64(value) : undefined;
  if (der === undefined) {
    log.add(path, 'is not base64');
    return undefined;
  }
  try {
    return { der, spki: parseCertificate(der).spki.bytes };
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    log.add(path, `is not a certificate: ${error.code}`);
    return undefined;
  }
}

import { equalBytes, hexOf, namesEqual, parseCertificate, PkiError, type Certificate } from '@hefu/pki';
import { encodeBase64 } from '../base64.js';
import type { AnchorDocument } from '../list-document.js';
import type { ServiceKind } from '../model.js';
import type { ForeignIdentity } from './foreign-list.js';
import type { NoteTaker } from './import-report.js';

/**
 * The anchors of a service digital identity (TS 119 612 §5.5.3): certificates of one key. Names and key identifiers beside
 * them say nothing more and are compared; without a certificate there is nothing to anchor.
 * @returns undefined when the service cannot be anchored
 */
export function anchorsOfIdentity(identity: ForeignIdentity, kind: ServiceKind, note: NoteTaker): { readonly anchors: readonly AnchorDocument[]; readonly certificate: Certificate } | undefined {
  const found: Certificate[] = [];
  for (const der of identity.certificates) {
    const certificate = der === undefined ? 'not base64' : anchorCertificate(der);
    if (typeof certificate === 'string') note('CERTIFICATE_UNREADABLE', 'lost', certificate);
    else if (!found.some((other) => equalBytes(other.bytes, certificate.bytes))) found.push(certificate);
  }
  const [first] = found;
  if (first === undefined) {
    note('IDENTITY_WITHOUT_CERTIFICATE', 'refused', `${identity.certificates.length} certificates, ${identity.keyIdentifiers.length} key identifiers`);
    return undefined;
  }
  if (found.some((other) => !equalBytes(other.spki.bytes, first.spki.bytes))) {
    note('IDENTITY_OTHER_KEY', 'refused', `${found.length} certificates`);
    return undefined;
  }
  if (kind === 'ca' && !isCa(first)) {
    note('CERTIFICATE_NOT_CA', 'refused', 'basicConstraints says it is none');
    return undefined;
  }
  const stated = keyIdentifierOf(first);
  for (const other of identity.keyIdentifiers) {
    if (stated !== undefined && !equalBytes(other, stated)) note('KEY_IDENTIFIER_DIFFERS', 'lost', `${hexOf(other)}, the certificate has ${hexOf(stated)}`);
  }
  return { anchors: found.map(anchorOf), certificate: first };
}

/** Self-issued: a root; else what stands above it is not part of the trust. */
export function anchorOf(certificate: Certificate): AnchorDocument {
  return { x5c: [encodeBase64(certificate.bytes)], mode: namesEqual(certificate.issuer, certificate.subject) ? 'root' : 'pinned-intermediate' };
}

/** Whether an instance of the history is about the same key. Many lists name it by subject and key identifier only. */
export function isSameIdentity(identity: ForeignIdentity, certificate: Certificate): boolean {
  const key = keyIdentifierOf(certificate);
  if (identity.keyIdentifiers.some((other) => key !== undefined && !equalBytes(other, key))) return false;
  return identity.certificates.every((der) => {
    const other = der === undefined ? undefined : anchorCertificate(der);
    return other === undefined || typeof other === 'string' || equalBytes(other.spki.bytes, certificate.spki.bytes);
  });
}

/** @returns why it cannot be read, as a text */
export function anchorCertificate(der: Uint8Array): Certificate | string {
  try {
    const certificate = parseCertificate(der);
    void certificate.subject;
    void certificate.issuer;
    void certificate.spki;
    return certificate;
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return error.code;
  }
}

/** A version 1 root has no extensions to say it with. */
export function isCa(certificate: Certificate): boolean {
  try {
    return certificate.version < 3 ? namesEqual(certificate.issuer, certificate.subject) : certificate.extBasicConstraints?.ca === true;
  } catch (error) {
    if (error instanceof PkiError) return false;
    throw error;
  }
}

function keyIdentifierOf(certificate: Certificate): Uint8Array | undefined {
  try {
    return certificate.extSubjectKeyIdentifier;
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}

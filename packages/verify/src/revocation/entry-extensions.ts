import { DerReader, decodeOid, Tag, type CertificateList } from '@hefu/pki';

/** Entry extensions understood: cRLReasons, holdInstructionCode (obsolete, a hold all the same), invalidityDate. */
const UNDERSTOOD: readonly string[] = ['2.5.29.21', '2.5.29.23', '2.5.29.24'];

/**
 * Whether any entry carries a critical extension that is not understood. RFC 5280 §5.3: such a CRL MUST NOT be used
 * to determine the status of any certificate, so looking at the entry asked about is not enough. certificateIssuer
 * (§5.3.3) counts among them: it makes a CRL indirect, which is not supported.
 * @throws PkiError when the entries cannot be read
 */
export function hasUnknownCriticalEntry(crl: CertificateList): boolean {
  const list = new DerReader(crl.tbs).next().enter();
  list.optional(Tag.INTEGER); // version
  list.next().next().next(); // signature, issuer, thisUpdate
  if (!list.optional(Tag.UTC_TIME)) list.optional(Tag.GENERALIZED_TIME); // nextUpdate
  if (!list.optional(Tag.SEQUENCE)) return false;
  const entries = list.enter();
  while (!entries.done) {
    const entry = entries.expect(Tag.SEQUENCE, 'revokedCertificate').enter();
    entry.next().next(); // userCertificate, revocationDate
    if (entry.done) continue;
    const extensions = entry.expect(Tag.SEQUENCE, 'crlEntryExtensions').enter();
    while (!extensions.done) {
      const extension = extensions.expect(Tag.SEQUENCE, 'Extension').enter();
      const oid = extension.expect(Tag.OID, 'extnID').content();
      const critical = extension.optional(Tag.BOOLEAN) && extension.content().some((octet) => octet !== 0);
      if (critical && !UNDERSTOOD.includes(decodeOid(oid))) return true;
    }
  }
  return false;
}

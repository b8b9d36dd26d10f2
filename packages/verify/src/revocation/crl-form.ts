import { equalBytes, PkiError, type CertificateList } from '@hefu/pki';

/** CRL extensions understood when critical (RFC 5280 §5.2). cRLNumber is not among them: it MUST NOT be critical (§5.2.3). */
const UNDERSTOOD: readonly string[] = [
  '2.5.29.35', // authorityKeyIdentifier, which some CAs mark critical wherever it appears
  '2.5.29.28', // issuingDistributionPoint
  '2.5.29.27', // deltaCRLIndicator
  '2.5.29.46', // freshestCRL
];

/** Entry extensions understood: cRLReasons, holdInstructionCode (obsolete, a hold all the same), invalidityDate. */
const UNDERSTOOD_IN_ENTRIES: readonly string[] = ['2.5.29.21', '2.5.29.23', '2.5.29.24'];
const id_ce_certificateIssuer = '2.5.29.29';

/** What a CRL must be beyond what makes it readable. */
export interface CrlRules {
  /** RFC 5280 §5.2.3: cRLNumber is there. A CRL without one says what it says all the same; conformance suites ask. */
  readonly requireCrlNumber?: boolean;
}

/** Why a CRL cannot be used at all, whatever it lists: RFC 5280 §5.1, §5.2. Entries are looked at by {@link hasUnknownCriticalEntry}. */
export function crlFault(crl: CertificateList, rules: CrlRules = {}): 'CRL_UNSUPPORTED' | 'CRL_SIGNATURE_INVALID' | undefined {
  try {
    if (!equalBytes(crl.signatureAlgorithm.bytes, crl.tbsSignatureAlgorithm.bytes)) return 'CRL_SIGNATURE_INVALID'; // §5.1.1.2
    if (crl.extensions.length > 0 && crl.version !== 2) return 'CRL_UNSUPPORTED'; // §5.1.2.1
    if (crl.duplicateExtensions.length > 0) return 'CRL_UNSUPPORTED';
    if (crl.extensions.some(({ oid, critical }) => critical && !UNDERSTOOD.includes(oid))) return 'CRL_UNSUPPORTED'; // §5.2
    if (crl.extCrlNumber === undefined && (rules.requireCrlNumber === true || crl.extDeltaCrlIndicator !== undefined)) return 'CRL_UNSUPPORTED';
    void crl.extAuthorityKeyIdentifier;
    void crl.extDeltaCrlIndicator;
    const point = crl.extIssuingDistributionPoint;
    if (point === undefined) return undefined;
    const kinds = [point.onlyContainsUserCerts, point.onlyContainsCACerts, point.onlyContainsAttributeCerts];
    return kinds.filter((set) => set).length > 1 ? 'CRL_UNSUPPORTED' : undefined;
  } catch (error) {
    if (error instanceof PkiError) return 'CRL_UNSUPPORTED';
    throw error;
  }
}

/**
 * Whether any entry carries a critical extension that is not understood. RFC 5280 §5.3: such a CRL MUST NOT be used
 * to determine the status of any certificate, so looking at the entry asked about is not enough. certificateIssuer
 * (§5.3.3) is understood where the CRL says that it is indirect.
 * @throws PkiError when the entries cannot be read
 */
export function hasUnknownCriticalEntry(crl: CertificateList): boolean {
  const indirect = crl.extIssuingDistributionPoint?.indirectCRL === true;
  for (const oid of crl.criticalEntryExtensions) {
    if (!UNDERSTOOD_IN_ENTRIES.includes(oid) && !(indirect && oid === id_ce_certificateIssuer)) return true;
  }
  return false;
}

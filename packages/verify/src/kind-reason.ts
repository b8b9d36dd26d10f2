import { PkiError, type Certificate } from '@hefu/pki';
import type { TrustService } from '@hefu/trust-list';
import type { Policy } from './policy.js';
import { makeReason } from './reason.js';
import type { Reason } from './report.js';
import { certificateKind } from './trust/certificate-kind.js';

/** Why a certificate is of another kind than its purpose asks for. */
export function kindReasonOf(certificate: Certificate, service: TrustService | undefined, purpose: string, policy: Policy): Reason | undefined {
  try {
    return kindReason(certificate, service, purpose, policy);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return makeReason('CERTIFICATE_MALFORMED', { subject: 'certificate[0]', actual: 'keyUsage or extendedKeyUsage' });
  }
}

/** @throws PkiError when an extension it asks for cannot be decoded */
function kindReason(certificate: Certificate, service: TrustService | undefined, purpose: string, policy: Policy): Reason | undefined {
  if (purpose === 'encrypt') return undefined;
  const kind = certificateKind(certificate, service?.certKinds ?? []);
  if (kind === 'encrypt') return makeReason('ENCRYPTION_CERT_USED_TO_SIGN', { subject: 'certificate[0]' });
  if (kind === 'neither') return makeReason('KEY_USAGE_NOT_SIGNING', { subject: 'certificate[0]', expected: policy.signerKeyUsage.join(' | ') });
  if (kind === 'unstated' && policy.keyUsageAbsent === 'refuse') return makeReason('KEY_USAGE_ABSENT', { subject: 'certificate[0]' });
  const extended = certificate.extExtendedKeyUsage;
  if (extended !== undefined && !policy.signerExtendedKeyUsage.some((oid) => extended.includes(oid))) {
    return makeReason('EXTENDED_KEY_USAGE_MISMATCH', { subject: 'certificate[0]', expected: policy.signerExtendedKeyUsage.join(' | '), actual: extended.join(', ') });
  }
  const usage = certificate.extKeyUsage;
  if (usage !== undefined && !policy.signerKeyUsage.some((bit) => usage.has(bit))) {
    return makeReason('KEY_USAGE_NOT_SIGNING', { subject: 'certificate[0]', expected: policy.signerKeyUsage.join(' | '), actual: [...usage].join(', ') });
  }
  return undefined;
}

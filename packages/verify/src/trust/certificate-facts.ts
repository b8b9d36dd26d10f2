import type { Certificate } from '@hefu/pki';
import type { CertificateFacts } from '@hefu/trust-list';

/** What a list's criteria may ask of a certificate. @throws PkiError when one of these extensions cannot be decoded */
export function certificateFacts(certificate: Certificate): CertificateFacts {
  const subject: { readonly type: string; readonly value: string }[] = [];
  for (const rdn of certificate.subject.rdns) for (const { type, value } of rdn) subject.push({ type, value });
  return {
    keyUsage: certificate.extKeyUsage,
    extensions: certificate.extensions.map((extension) => extension.oid),
    policies: certificate.extCertificatePolicies ?? [],
    eku: certificate.extExtendedKeyUsage ?? [],
    subject,
  };
}

import type { Certificate } from '@hefu/pki';
import { matchCriteria, type CertificateKindRule } from '@hefu/trust-list';
import { certificateFacts } from './certificate-facts.js';

/** Which half of a dual pair a certificate is; `unstated` when nothing says so. */
export type CertificateKind = 'sign' | 'encrypt' | 'both' | 'unstated' | 'neither';

/** By the service's own rules when it has any, else by keyUsage (RFC 5280 §4.2.1.3; GM/T 0015 dual certificates). */
export function certificateKind(certificate: Certificate, rules: readonly CertificateKindRule[]): CertificateKind {
  if (rules.length > 0) {
    const facts = certificateFacts(certificate);
    const kinds = new Set(rules.filter((rule) => matchCriteria(rule.match, facts)).map((rule) => rule.kind));
    if (kinds.size === 2) return 'both';
    return kinds.has('sign') ? 'sign' : kinds.has('encrypt') ? 'encrypt' : 'neither';
  }
  const usage = certificate.extKeyUsage;
  if (usage === undefined) return 'unstated';
  const signs = usage.has('digitalSignature') || usage.has('nonRepudiation');
  const encrypts = usage.has('keyEncipherment') || usage.has('dataEncipherment') || usage.has('keyAgreement');
  if (signs && encrypts) return 'both';
  return signs ? 'sign' : encrypts ? 'encrypt' : 'neither';
}

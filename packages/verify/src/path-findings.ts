import type { Certificate } from '@hefu/pki';
import type { WarningCode } from './codes.js';
import { keyName, rsaBits } from './key-name.js';
import type { ValidPath } from './path/model.js';
import type { Policy } from './policy.js';
import { makeReason } from './reason.js';
import type { Reason, RevocationResult } from './report.js';

/** The policy's word on the algorithms and keys of the path; the message's own signature is judged beside it. */
export function algorithmReasons(path: ValidPath, policy: Policy, at: number, noPoe: boolean): Reason[] {
  const { signatures, sunset, minRsaBits } = policy.algorithms;
  const reasons: Reason[] = [];
  for (const [index, name] of path.signatureAlgorithms.entries()) {
    const allowed = signatures.includes(name);
    if (!allowed || (sunset?.[name] ?? Number.POSITIVE_INFINITY) <= at) {
      reasons.push(makeReason('ALGORITHM_REFUSED', { subject: `certificate[${index}]`, actual: name, noPoe: noPoe && allowed }));
    }
  }
  for (const [index, certificate] of path.certificates.entries()) {
    const { key } = certificate.spki;
    if (key.kty === 'RSA' && rsaBits(key) < minRsaBits) {
      reasons.push(makeReason('KEY_TOO_WEAK', { subject: `certificate[${index}]`, expected: `RSA of at least ${minRsaBits} bits`, actual: keyName(key) }));
    }
  }
  return reasons;
}

export function refusedDeviations(path: ValidPath, policy: Policy): Reason[] {
  if (policy.refusedDeviations.length === 0) return [];
  return path.certificates.flatMap((certificate, index) =>
    certificate.deviations
      .filter((deviation) => policy.refusedDeviations.includes(deviation.id))
      .map((deviation) => makeReason('CERTIFICATE_DEVIATION_REFUSED', { subject: `certificate[${index}]`, actual: deviation.id })),
  );
}

export function warningsOf(path: readonly Certificate[], revocation: readonly RevocationResult[], soft: boolean): WarningCode[] {
  const warnings: WarningCode[] = [];
  if (path.some((certificate) => certificate.deviations.length > 0)) warnings.push('CERTIFICATE_DEVIATIONS');
  if (revocation.some((result) => result.inGrace === true)) warnings.push('CRL_IN_GRACE');
  if (revocation.some(({ status, doubt }) => status === 'good' && doubt !== undefined)) warnings.push('OCSP_UNKNOWN_BESIDE_GOOD');
  if (soft && revocation.some((result) => result.status === 'unknown')) warnings.push('REVOCATION_UNKNOWN_TOLERATED');
  return warnings;
}

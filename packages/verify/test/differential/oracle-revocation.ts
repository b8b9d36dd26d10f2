import type { ModelAnchor, ModelCertificate, ModelCrl, World } from './model.js';

/** RFC 5280 §6.3.3 over complete, direct CRLs, signed by the key that signed the certificate. */

const REASONS = [1, 2, 3, 4, 5, 6, 7, 8];
const HOLD = 6;

/** Codes of a certificate whose CRLs do not say that it is good, where that matters: of what is wrong with several, any. */
export function revocationFaults(certificate: ModelCertificate, isLeaf: boolean, issuer: ModelCertificate | ModelAnchor, world: World, numbersRequired: boolean): readonly string[] {
  const { revocation, at } = world.question;
  if (revocation === 'none' || (revocation === 'if-present' && world.crls.length === 0)) return [];
  const own = 'subject' in issuer ? issuer : issuer.certificate;
  const named = world.crls.filter((crl) => crl.issuer.text === certificate.issuer.text);
  if (named.length === 0) return revocation === 'require' ? ['CRL_NOT_AVAILABLE'] : [];

  const faults: string[] = [];
  let covered: readonly number[] = [];
  let held = false;
  for (const crl of named) {
    const unusable = [
      ...((!crl.numbered && numbersRequired) || crl.unknownCritical === 'list' || (crl.unknownCritical === 'entry' && crl.entries.length > 0) ? ['CRL_UNSUPPORTED'] : []), // §5.2, §5.3
      ...(crl.thisUpdate > at ? ['CRL_NOT_YET_VALID'] : []),
      ...(crl.signer !== certificate.signer || crl.altered ? ['CRL_SIGNATURE_INVALID'] : []), // (g)
      ...(own?.usage !== undefined && !own.usage.includes('cRLSign') ? ['CRL_ISSUER_NOT_AUTHORISED'] : []), // (f)
    ];
    const entry = crl.scope === 'attribute' ? undefined : crl.entries.find(({ serial }) => serial === certificate.serial);
    // Who is listed is revoked, however old the list and whomever it says that it is about.
    if (unusable.length === 0 && entry !== undefined) {
      if (entry.reason !== HOLD) return [isLeaf ? 'CERTIFICATE_REVOKED' : 'CA_CERTIFICATE_REVOKED'];
      held = true;
      continue;
    }
    if (!isAbout(crl, certificate)) unusable.push('CRL_OUT_OF_SCOPE');
    if (at > crl.nextUpdate) unusable.push('CRL_STALE');
    if (unusable.length === 0) covered = [...covered, ...(crl.reasons ?? REASONS)];
    faults.push(...unusable);
  }
  if (held) return ['CERTIFICATE_FROZEN'];
  if (REASONS.every((reason) => covered.includes(reason))) return [];
  return faults.length === 0 ? ['CRL_OUT_OF_SCOPE'] : [...faults, ...(covered.length > 0 ? ['CRL_OUT_OF_SCOPE'] : [])];
}

/** (b)(2) */
function isAbout({ scope }: ModelCrl, certificate: ModelCertificate): boolean {
  const isCa = certificate.basic?.ca === true;
  return scope === 'all' || (scope === 'user' && !isCa) || (scope === 'ca' && isCa);
}

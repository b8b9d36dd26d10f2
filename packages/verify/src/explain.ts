import type { Algorithms } from '@hefu/crypto';
import { hexOf, type Certificate } from '@hefu/pki';
import type { Trust } from '@hefu/trust-list';
import { DEFAULT_IDENTITY_PROFILE, extractIdentity } from './identity/extract.js';
import { pathReason } from './path-reason.js';
import { bilingual } from './trust-reason.js';
import { buildPath } from './path/build.js';
import { DEFAULT_BUDGET } from './path/budget.js';
import type { ValidPath } from './path/model.js';
import { REGIONAL_CA } from './path/profile.js';
import type { Bilingual, CertificateSummary, Identity, Reason } from './report.js';
import { inWords } from './remedies.js';
import { requiredSha256 } from './required-digest.js';
import { summarise } from './summary.js';
import { allMembers, completeAnchors, readAnchors } from './trust/anchors.js';
import { certificateKind, type CertificateKind } from './trust/certificate-kind.js';

export interface ExplainInput {
  readonly certificate: Certificate;
  /** Certificates that may be its issuers, untrusted. */
  readonly candidateCertificates?: readonly Certificate[];
  readonly trustList?: Trust;
  readonly algorithms: Algorithms;
  readonly at: number;
  /** Show personal numbers and names in full. */
  readonly reveal?: boolean;
}

/** What a certificate says, where it leaves the standard, whose it is and who answers for it. */
export interface CertificateExplanation {
  readonly summary: CertificateSummary;
  readonly version: number;
  readonly kind: CertificateKind;
  readonly keyUsage: readonly string[] | undefined;
  readonly isCa: boolean;
  readonly validAt: { readonly at: string; readonly within: boolean };
  readonly extensions: readonly { readonly oid: string; readonly critical: boolean; readonly length: number }[];
  readonly deviations: readonly { readonly id: string; readonly where: string; readonly found?: string }[];
  readonly identity: Identity;
  readonly path: readonly CertificateSummary[];
  readonly services: readonly { readonly id: string; readonly name: Bilingual; readonly status: string; readonly regions: readonly string[] }[];
  /** Why no listed service answers for it. */
  readonly reason?: Reason;
  readonly subjectKeyIdentifier?: string;
  readonly authorityKeyIdentifier?: string;
  readonly crlUrls: readonly string[];
}

/** Explains a certificate. Extensions that cannot be decoded are shown as bytes, never as an error. */
export async function explainCertificate(input: ExplainInput): Promise<CertificateExplanation> {
  const { certificate, algorithms, at, trustList } = input;
  const reveal = input.reveal ?? false;
  const usage = attempt(() => certificate.extKeyUsage);
  const keyIdentifier = attempt(() => certificate.extSubjectKeyIdentifier);
  const authority = attempt(() => certificate.extAuthorityKeyIdentifier?.keyIdentifier);
  const listed = trustList === undefined ? undefined : await explainPath(input, trustList);
  const service = listed?.services[0];
  const home = allMembers(listed?.list.federation).find(({ list }) => service !== undefined && list.services.includes(service));
  const profile = service?.identity === undefined ? undefined : home?.list.identityProfiles.get(service.identity);
  const identity = extractIdentity(certificate, profile ?? DEFAULT_IDENTITY_PROFILE, { reveal });
  const person = identity.subjectType === 'person';
  return {
    summary: summarise(certificate, algorithms, { reveal, person }),
    version: certificate.version,
    kind: attempt(() => certificateKind(certificate, service?.certKinds ?? [])) ?? 'unstated',
    keyUsage: usage === undefined ? undefined : [...usage],
    isCa: attempt(() => certificate.extBasicConstraints?.ca) ?? false,
    validAt: { at: new Date(at).toISOString(), within: certificate.validity.notBefore <= at && at <= certificate.validity.notAfter },
    extensions: certificate.extensions.map(({ oid, critical, value }) => ({ oid, critical, length: value.length })),
    deviations: certificate.deviations,
    identity,
    path: (listed?.path?.certificates ?? [certificate]).map((one, index) => summarise(one, algorithms, { reveal, person: person && index === 0 })),
    services: (listed?.services ?? []).map((one) => ({
      id: one.id,
      name: bilingual(one.name),
      status: one.status[0]?.status ?? 'none',
      regions: [...new Set(one.scope.flatMap((scope) => scope.regions))],
    })),
    ...(listed?.reason === undefined ? {} : { reason: listed.reason }),
    ...(keyIdentifier === undefined ? {} : { subjectKeyIdentifier: hexOf(keyIdentifier) }),
    ...(authority === undefined ? {} : { authorityKeyIdentifier: hexOf(authority) }),
    crlUrls: (attempt(() => certificate.extCrlDistributionPoints) ?? []).flatMap((point) =>
      point.fullName.flatMap((name) => (name.kind === 'uniformResourceIdentifier' ? [name.value] : [])),
    ),
  };
}

async function explainPath(input: ExplainInput, trustList: Trust) {
  const sha256 = requiredSha256(input.algorithms);
  const list = readAnchors(trustList, sha256, 'ca');
  const candidates = [...(input.candidateCertificates ?? []), ...list.intermediates];
  const { anchors, services } = completeAnchors(list, [input.certificate, ...candidates], sha256);
  let path: ValidPath | undefined;
  const outcome = await buildPath({
    leaf: input.certificate,
    candidates,
    anchors,
    // Who issued it does not depend on the day it is asked; validity is reported beside.
    at: Math.min(Math.max(input.at, input.certificate.validity.notBefore), input.certificate.validity.notAfter),
    algorithms: input.algorithms,
    profile: REGIONAL_CA,
    budget: DEFAULT_BUDGET,
    accept: (found) => {
      path = found;
      return true;
    },
  });
  const found = path === undefined ? [] : services.get(path.anchor.source) ?? [];
  return { list, path, services: found, ...(path === undefined ? { reason: inWords(pathReason(outcome, input.certificate, { services, federation: list.federation, at: input.at })) } : {}) };
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && error.name === 'PkiError') return undefined;
    throw error;
  }
}

import type { Algorithms } from '@hefu/crypto';
import { equalBytes, hexOf, nameKey, namesEqual, PkiError, readDistributionPoints, type Certificate, type SignedData } from '@hefu/pki';
import type { ServiceKind, Trust, TrustService } from '@hefu/trust-list';
import { createJudgeCaches, type JudgeCaches } from './caches.js';
import { carriedCertificates, messagesOf } from './carried.js';
import { readContext, type JudgeContext } from './context.js';
import type { EvidencePlan, WantedCrl } from './evidence.js';
import { issuersOf, wantOcsp } from './plan-ocsp.js';
import type { Policy } from './policy.js';
import { sourcesOf } from './process/place-in-time.js';
import { readableCertificate } from './readable-certificate.js';
import { requiredSha256 } from './required-digest.js';
import { tiersOf, type Tiers } from './tiers.js';
import { findTimestamps } from './timestamp/find-timestamps.js';
import { completeAnchors } from './trust/anchors.js';
import { subjectKey, WishList } from './wish-list.js';

export interface PlanInput {
  /** The message, or … */
  readonly signed?: SignedData;
  /** … certificates by themselves. */
  readonly certificates?: readonly Certificate[];
  /** A list by itself, or a scheme of lists. */
  readonly trustList: Trust;
  /** Which services may answer for them. Default `ca`. */
  readonly kind?: ServiceKind;
  readonly policy: Policy;
  readonly algorithms: Algorithms;
  readonly at: number;
  readonly context: JudgeContext;
  readonly caches?: JudgeCaches;
}

/** Bounds what one message can make a platform fetch. */
const MAX_WANTED = 32;
const MAX_CHAIN = 10;

/**
 * Which revocation evidence a verdict will want, and where it may be had. Pure and cheap: names are followed,
 * no signature is checked, so what is fetched for a forged chain is bounded and judged later all the same.
 * Endpoints named by the trust list come first; those in certificates are left out where the list overrides them.
 * What can wait until the rest has been asked has a later `tier`; `evidenceSettles` tells whether it is needed then.
 */
export function planEvidence(input: PlanInput): EvidencePlan {
  const context = readContext(input.context);
  if (input.policy.scenes[context.scene].revocation === 'none') return { wanted: [], gaps: [] };
  const caches = input.caches ?? createJudgeCaches();
  const wishes = new WishList();
  const carried = [...(input.certificates ?? []), ...(input.signed === undefined ? [] : carriedCertificates(input.signed, caches.anchorsOf(input.trustList, requiredSha256(input.algorithms)), caches.certificates))];
  wantForPaths(carried, input.kind ?? 'ca', input, caches, wishes);
  if (input.signed !== undefined && sourcesOf(input.policy, context.scene).includes('time-stamp')) {
    const authorities = timestampCertificates(input.signed);
    if (authorities.length > 0) wantForPaths([...authorities, ...carried], 'tsa', input, caches, wishes, authorities);
  }
  return { wanted: wishes.wanted.slice(0, MAX_WANTED), gaps: wishes.gaps };
}

/** Certificates in the time-stamps of a message: the authorities', with those above them. */
function timestampCertificates({ signerInfos }: SignedData): Certificate[] {
  const tokens = signerInfos.flatMap(findTimestamps).filter(({ unsupported }) => unsupported === undefined);
  return messagesOf(tokens).flatMap(({ certificates }) => certificates.flatMap((der) => readableCertificate(der) ?? []));
}

/** @param starts whose paths are followed; default all carried */
function wantForPaths(carried: readonly Certificate[], kind: ServiceKind, input: PlanInput, caches: JudgeCaches, wishes: WishList, starts: readonly Certificate[] = carried): void {
  const sha256 = requiredSha256(input.algorithms);
  const known = caches.anchorsOf(input.trustList, sha256, kind);
  const pool = [...carried, ...known.intermediates];
  const list = completeAnchors(known, pool, sha256);
  for (const start of starts) {
    let subject: Certificate | undefined = start;
    const chain: Certificate[] = [];
    let services: readonly TrustService[] = [];
    // Up by names to an anchor: the services it stands for say where their CRLs are.
    while (subject !== undefined && chain.length < MAX_CHAIN && !chain.includes(subject)) {
      chain.push(subject);
      const current: Certificate = subject;
      services = list.anchors.filter((anchor) => namesEqual(anchor.name, current.issuer)).flatMap((anchor) => list.services.get(anchor.source) ?? []);
      if (services.length > 0) break;
      subject = pool.find((candidate) => candidate !== current && namesEqual(candidate.subject, current.issuer));
    }
    for (const certificate of chain) {
      const own = list.anchors.some((anchor) => anchor.certificate !== undefined && equalBytes(anchor.certificate.bytes, certificate.bytes));
      if (own) continue;
      const tiers = tiersOf(services);
      wantFor(certificate, services, tiers.crl, wishes);
      wantOcsp({ certificate, issuers: issuersOf(certificate, pool, list.anchors), services, algorithms: input.algorithms, tiers: tiers.ocsp, wishes });
    }
  }
}

function wantFor(certificate: Certificate, services: readonly TrustService[], tiers: Tiers, wishes: WishList): void {
  const { gaps } = wishes;
  const subject = subjectKey(certificate);
  const base = { forSerial: hexOf(certificate.serialNumber), issuerKey: nameKey(certificate.issuer) };
  for (const service of services) {
    for (const endpoint of service.revocation.crl) {
      const urls = [endpoint.url, ...(endpoint.mirrors ?? [])];
      const bounds = {
        ...(endpoint.maxBytes === undefined ? {} : { maxBytes: endpoint.maxBytes }),
        ...(endpoint.maxAge === undefined ? {} : { maxAge: endpoint.maxAge }),
      };
      wishes.add({ kind: 'crl', ...base, urls, origin: 'list', tier: tiers.list, ...bounds }, subject);
    }
  }
  const overridden = services.length > 0 && services.every((service) => service.revocation.overrideCertificateUrls || service.revocation.mode === 'none-with-reason');
  if (overridden) return;
  wantDelta(certificate, base, tiers, wishes);
  let points;
  try {
    points = certificate.extCrlDistributionPoints;
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    gaps.push({ code: 'NOT_PARSED', what: `cRLDistributionPoints of ${base.forSerial}`, detail: error.code });
    return;
  }
  if (points === undefined || points.length === 0) {
    if (services.every((service) => service.revocation.crl.length === 0)) gaps.push({ code: 'NO_ENDPOINT', what: `crl for certificate ${base.forSerial}` });
    return;
  }
  for (const point of points) {
    // The names of one point are alternatives for the same CRL (RFC 5280 §4.2.1.13).
    const urls = point.fullName.flatMap((name) => (name.kind === 'uniformResourceIdentifier' ? [name.value] : []));
    const reachable = urls.filter((url) => /^https?:/i.test(url));
    // What the list names too keeps the list's word: its addresses may be private ones.
    const known = wishes.joinCrl(reachable, subject, tiers.certificate);
    if (reachable.length > 0 && !known) wishes.add({ kind: 'crl', ...base, urls: reachable, origin: 'certificate', tier: tiers.certificate }, subject);
    else if (reachable.length === 0 && services.every((service) => service.revocation.crl.length === 0)) {
      gaps.push({ code: 'NO_ENDPOINT', what: `crl for certificate ${base.forSerial}`, detail: urls.length > 0 ? urls.join(' ') : 'directory name only' });
    }
  }
}

const id_ce_freshestCRL = '2.5.29.46';

/** RFC 5280 §4.2.1.15: newer news, so it comes with the first complete CRL. Where it cannot be had, nothing is missing: the complete CRL does without. */
function wantDelta(certificate: Certificate, base: Pick<WantedCrl, 'forSerial' | 'issuerKey'>, tiers: Tiers, wishes: WishList): void {
  const freshest = certificate.extension(id_ce_freshestCRL);
  if (freshest === undefined) return;
  try {
    for (const point of readDistributionPoints(freshest.value)) {
      const urls = point.fullName.flatMap((name) => (name.kind === 'uniformResourceIdentifier' && /^https?:/i.test(name.value) ? [name.value] : []));
      if (urls.length > 0) wishes.add({ kind: 'crl', ...base, urls, origin: 'certificate', tier: tiers.list, delta: true }, subjectKey(certificate));
    }
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
  }
}

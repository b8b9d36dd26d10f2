import { equalBytes, hexOf, id_pkix_ocsp_nonce, PkiError, type BasicOcspResponse, type Extension, type SingleResponse } from '@hefu/pki';
import type { ReasonCode } from '../codes.js';
import type { CollectedOcsp } from '../evidence.js';
import { isAccepted } from './accepted-algorithm.js';
import type { Answer, Doubt, Item } from './answer.js';
import { ageOf, type Age, type Freshness } from './freshness.js';
import { responderAuthority, type ResponderAuthority, type ResponderOptions } from './responder.js';

export interface OcspStatusOptions extends ResponderOptions {
  readonly ocsp: readonly CollectedOcsp[];
  readonly freshness: Freshness;
  /** Whether "unknown" takes back what the same responder called good before. */
  readonly takesBack: boolean;
}

/** Codes of unusable responses, from the nearest to an answer to the furthest. */
const NEARNESS: readonly ReasonCode[] = [
  'PATH_BUDGET_EXCEEDED', 'REVOCATION_ALGORITHM_REFUSED', 'OCSP_STATUS_UNKNOWN', 'OCSP_STALE', 'OCSP_NOT_YET_VALID', 'OCSP_NONCE_MISMATCH', 'OCSP_UNSUPPORTED', 'OCSP_RESPONDER_NOT_AUTHORISED',
  'OCSP_SIGNATURE_INVALID', 'OCSP_REFUSED', 'OCSP_NOT_AVAILABLE',
];

interface Relevant {
  readonly collected: CollectedOcsp;
  readonly basic: BasicOcspResponse;
  readonly single: SingleResponse;
  readonly age: Age;
  /** Why its word that all is well would not count, whoever signed. */
  readonly doubt: ReasonCode | undefined;
}

/**
 * The status of `path.certificates[index]` by OCSP (RFC 6960 §3.2). `revoked` by any response signed by somebody entitled
 * to, fresh or not; otherwise the newest response that is fresh decides, unless whoever gave it says later that it does not
 * know the certificate (decision 053). Never throws for what a response contains.
 */
export async function ocspStatus(options: OcspStatusOptions): Promise<Answer> {
  const refused: ReasonCode[] = [];
  const relevant: Relevant[] = [];
  for (const collected of options.ocsp) {
    const { basic } = collected.response;
    if (basic === undefined) {
      refused.push('OCSP_REFUSED');
      continue;
    }
    try {
      for (const single of basic.responses) if (options.issuer.isAbout(single.certId)) relevant.push(read(collected, basic, single, options));
    } catch (error) {
      if (!(error instanceof PkiError)) throw error;
      refused.push('OCSP_UNSUPPORTED');
    }
  }
  relevant.sort(newestFirst);

  let revoked: Answer | undefined;
  let latest: Answer | undefined;
  let hold: Answer | undefined;
  let doubt: Doubt | undefined;
  const unknowing = new Map<string, Doubt[]>();
  for (const one of relevant) {
    const { status } = one.single;
    const forGood = status.kind === 'revoked' && status.reason !== 'certificateHold' && status.reason !== 'removeFromCRL';
    // What is older than an answer adds nothing but a revocation.
    if (latest !== undefined && !forGood) continue;
    // What says good must be beyond doubt; what does not, only of now and understood.
    const fatal = one.age === 'not-yet-valid' || one.doubt === 'OCSP_UNSUPPORTED' || status.kind === 'good' ? one.doubt : undefined;
    if (fatal !== undefined) {
      refused.push(fatal);
      continue;
    }
    const authority = await responderAuthority(one.collected.response, one.basic, options);
    if (typeof authority === 'string') {
      refused.push(authority);
      continue;
    }
    const { by, certificates, standing } = authority;
    // Of revocation-values only the signed part is proven.
    const octets = [one.collected.response.bytes, one.basic.bytes];
    if (status.kind === 'good' && !octets.some((each) => isAccepted(options, each, one.basic.signatureAlgorithm, authority.signatureAlgorithms))) {
      refused.push('REVOCATION_ALGORITHM_REFUSED');
      continue;
    }
    const item: Item = { kind: 'ocsp', collected: one.collected, by, certificates, thisUpdate: one.single.thisUpdate, nextUpdate: one.single.nextUpdate };
    const said = { items: [item, ...standing], thisUpdate: one.single.thisUpdate, inGrace: one.age === 'grace' };
    const speaker = speakerOf(authority);
    if (status.kind === 'good') {
      // What one response says under two CertIDs, one of which its responder cannot read, is no change of mind.
      const since = unknowing.get(speaker)?.find((own) => own.item.collected !== one.collected);
      if (since !== undefined && doubt?.takenBack === undefined) doubt = { ...since, takenBack: item };
      if (since === undefined || !options.takesBack) latest = { status: 'good', ...said };
    } else if (status.kind === 'unknown') {
      refused.push(one.doubt ?? 'OCSP_STATUS_UNKNOWN');
      const own: Doubt = { item, standing };
      doubt ??= own;
      const before = unknowing.get(speaker);
      if (before === undefined) unknowing.set(speaker, [own]);
      else before.push(own);
    } else if (status.reason === 'removeFromCRL') refused.push('OCSP_UNSUPPORTED');
    else {
      const entry = { reason: status.reason, revokedAt: status.revocationTime, ...said };
      if (!forGood) hold ??= { status: 'frozen', ...entry };
      else if (revoked === undefined || status.revocationTime < revoked.revokedAt!) revoked = { status: 'revoked', ...entry };
    }
  }
  if (revoked !== undefined) return revoked;
  // Newest first, so a hold found before `latest` is the newer of the two; of the same instant, it counts.
  if (hold !== undefined) return hold;
  const doubted = doubt === undefined ? {} : { doubt };
  if (latest !== undefined) return { ...latest, ...doubted };
  if (doubt?.takenBack !== undefined) return { status: 'unknown', code: 'OCSP_STATUS_UNKNOWN', items: [], doubt };
  refused.sort((a, b) => NEARNESS.indexOf(a) - NEARNESS.indexOf(b));
  return { status: 'unknown', code: refused[0] ?? 'OCSP_NOT_AVAILABLE', items: [], ...doubted };
}

/** §4.2.2.1: by when the status was known to be correct, then by when that was said. Of one instant, what does not say good comes first and counts. */
function newestFirst(a: Relevant, b: Relevant): number {
  const byStatus = RANK[a.single.status.kind] - RANK[b.single.status.kind];
  const held = a.single.status.kind === 'revoked' || b.single.status.kind === 'revoked';
  return b.single.thisUpdate - a.single.thisUpdate || (held ? byStatus : b.basic.producedAt - a.basic.producedAt || byStatus);
}

const RANK = { revoked: 0, unknown: 1, good: 2 } as const;

/**
 * Whose word an answer is. A CA and the responders it delegated to are one: delegates are exchanged every few weeks, and
 * what one of them no longer knows the CA does not. A responder that the list states speaks for itself.
 */
function speakerOf({ by, certificates }: ResponderAuthority): string {
  return by === 'list' ? hexOf(certificates[0]!.spki.bytes) : 'issuer';
}

function read(collected: CollectedOcsp, basic: BasicOcspResponse, single: SingleResponse, { at, freshness }: OcspStatusOptions): Relevant {
  const age = ageOf(single, at, freshness);
  let doubt: ReasonCode | undefined;
  if (basic.duplicateExtensions.length > 0 || [...basic.extensions, ...single.extensions].some(isUnknownCritical)) doubt = 'OCSP_UNSUPPORTED';
  else if (age === 'not-yet-valid' || basic.producedAt > at + freshness.clockSkew) doubt = 'OCSP_NOT_YET_VALID';
  else if (!answersNonce(collected, basic)) doubt = 'OCSP_NONCE_MISMATCH';
  else if (age === 'stale') doubt = 'OCSP_STALE';
  return { collected, basic, single, age: doubt === 'OCSP_NOT_YET_VALID' ? 'not-yet-valid' : age, doubt };
}

/** §4.4: extensions are ignored when not recognised, unless critical. */
function isUnknownCritical({ oid, critical }: Extension): boolean {
  return critical && oid !== id_pkix_ocsp_nonce;
}

/** RFC 9654 §2.1: one that was sent comes back as it was. Responders that answer in advance leave it out; `required` forbids that. */
function answersNonce({ nonce }: CollectedOcsp, basic: BasicOcspResponse): boolean {
  if (nonce === undefined) return true;
  return basic.nonce === undefined ? nonce.required !== true : equalBytes(basic.nonce, nonce.sent);
}

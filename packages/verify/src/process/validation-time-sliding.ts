import type { Certificate } from '@hefu/pki';
import type { RevocationInquiry } from '../ask-revocation.js';
import type { ReasonCode } from '../codes.js';
import type { ValidPath } from '../path/model.js';
import type { RevocationResult } from '../report.js';
import { revocationSubjects } from '../revocation/check.js';
import { ageOf, type Freshness } from '../revocation/freshness.js';
import type { Proofs } from '../time/proofs.js';

/** What revocation data that is no longer fresh still proves: that the certificate was good when it was issued, or until it ran out. */
export type StaleRevocation = 'issuance' | 'validity';

export interface SlidingInput {
  readonly path: ValidPath;
  readonly inquiry: RevocationInquiry;
  /** Of revocation data. */
  readonly proofs: Proofs;
  /** Since when a certificate of the path is proven to have existed; undefined: only now. */
  readonly certificateProvenAt: (certificate: Certificate) => number | undefined;
  /** Validation time: where sliding begins. */
  readonly at: number;
  readonly freshness: Freshness;
  readonly stale: StaleRevocation;
  /** From when an algorithm is no longer reliable; undefined: it is. */
  readonly sunsetOf: (algorithm: string) => number | undefined;
}

export type Slide =
  | { readonly failure?: undefined; readonly controlTime: number; readonly results: readonly RevocationResult[] }
  | { readonly failure: { readonly code: ReasonCode; readonly certificate: number; readonly controlTime: number } };

/**
 * Validation time sliding (EN 319 102-1 §5.6.2.2): the latest time until which nothing at hand says against the path, found by
 * going from the anchor down. At every certificate the time moves back to where the data about it still speaks, and what
 * proves anything from there on must be proven to have existed by then.
 */
export async function slideValidationTime(input: SlidingInput): Promise<Slide> {
  const { path, inquiry, proofs, at, freshness } = input;
  let controlTime = at;
  let revokedAbove = false;
  const results: RevocationResult[] = [];
  for (const index of [...revocationSubjects(path)].reverse()) {
    const certificate = path.certificates[index]!;
    const fail = (code: ReasonCode): Slide => ({ failure: { code, certificate: index, controlTime } });
    // What signed it may be lost from then on: then the certificate itself must be older (REVOKED_CA_NO_POE).
    if (controlTime < at && (input.certificateProvenAt(certificate) ?? at) > controlTime) return fail(revokedAbove ? 'CA_CERTIFICATE_REVOKED' : 'PROOF_OF_EXISTENCE_MISSING');
    if (inquiry.notAsked === undefined) {
      const ever = await inquiry.ask(index, { at, counts: () => true });
      if (ever.status === 'revoked' || ever.status === 'frozen') {
        // Neither touches what was before, and whoever says so need not have said so in time.
        controlTime = Math.min(controlTime, Date.parse(ever.revokedAt!) - 1);
        revokedAbove = true;
        results.push(ever);
      } else {
        const reached = controlTime;
        const found = await inquiry.ask(index, { at: reached, counts: (octets) => (proofs.provenAt(octets) ?? at) <= reached });
        if (found.status !== 'good' || found.source === undefined) return fail(ever.status === 'good' ? 'PROOF_OF_EXISTENCE_MISSING' : (ever.code ?? 'REVOCATION_UNKNOWN'));
        const thisUpdate = Date.parse(found.source.thisUpdate);
        // From when a responder no longer knew the certificate, its word that all is well is gone.
        if (isTakenBack(found)) controlTime = Math.min(controlTime, Math.max(thisUpdate, Date.parse(found.doubt!.source.thisUpdate) - 1));
        const nextUpdate = found.source.nextUpdate === undefined ? undefined : Date.parse(found.source.nextUpdate);
        const age = ageOf({ thisUpdate, nextUpdate }, controlTime, freshness);
        if (age !== 'fresh' && age !== 'grace') controlTime = input.stale === 'issuance' ? thisUpdate : Math.min(controlTime, Math.max(thisUpdate, nextUpdate ?? thisUpdate));
        results.push(found);
      }
    } else results.push({ certificate: index, status: 'not-checked', ...(inquiry.notAsked.reason === undefined ? {} : { reason: inquiry.notAsked.reason }) });
    const sunset = input.sunsetOf(path.signatureAlgorithms[index]!);
    if (sunset !== undefined && sunset <= controlTime) controlTime = sunset - 1;
  }
  return { controlTime, results: results.reverse() };
}

function isTakenBack({ source, evidence = [], doubt }: RevocationResult): boolean {
  return doubt?.takenBack !== undefined && [source, ...evidence].some((each) => each?.sha256 === doubt.takenBack!.sha256);
}

import type { Algorithms } from '@hefu/crypto';
import { equalBytes, PkiError, type Certificate } from '@hefu/pki';
import type { OcspEndpoint, ScopeQuestion, TrustService } from '@hefu/trust-list';
import type { JudgeCaches } from './caches.js';
import type { ReasonCode } from './codes.js';
import type { CollectedCrl, CollectedOcsp } from './evidence.js';
import type { Budget, Spending } from './path/budget.js';
import type { ValidPath } from './path/model.js';
import type { Policy, ScenePolicy } from './policy.js';
import type { RevocationResult } from './report.js';
import { checkRevocation, type CheckRevocationOptions } from './revocation/check.js';
import type { BarredByList, ListCrlIssuer } from './revocation/issuer.js';
import type { ListResponder } from './revocation/responder.js';
import type { EvidenceSigner, EvidenceSignersOf } from './trust/evidence-signers.js';
import { IssuerIdentity } from './revocation/cert-id.js';
import { withinBounds } from './revocation/within-bounds.js';
import { signerRefusal } from './trust/signer-standing.js';
import { requiredSha256 } from './required-digest.js';

export interface AskRevocationInput {
  readonly path: ValidPath;
  readonly service: TrustService | undefined;
  /** Who else signs evidence, by the list. */
  readonly signers: EvidenceSignersOf;
  readonly context: Omit<ScopeQuestion, 'at'>;
  readonly crls: readonly CollectedCrl[];
  readonly ocsp: readonly CollectedOcsp[];
  readonly scene: ScenePolicy;
  readonly clockSkew: number;
  /** Validation time. */
  readonly at: number;
  readonly algorithms: Algorithms;
  readonly policy: Pick<Policy, 'algorithms'>;
  /** Since when evidence, by its octets, is proven to have existed; undefined: only now. */
  readonly provenAt?: (octets: Uint8Array) => number | undefined;
  readonly caches: JudgeCaches;
  /** Shared with path building. */
  readonly budget: Budget;
  readonly spending: Spending;
  /** Certificates among which another key of the same CA may be found. */
  readonly candidates: readonly Certificate[];
}

/** Evidence as it stood at another time, however old it is; what a responder took back counts until then, and `doubt` says so. */
export interface EvidenceView {
  /** What is younger does not count. */
  readonly at: number;
  /** Whether a CRL or OCSP response, by its octets, was there then. */
  readonly counts: (octets: Uint8Array) => boolean;
}

/** How the certificates of one path are asked after. */
export interface RevocationInquiry {
  /** Why none is, in the list's or the policy's words; undefined: they are. */
  readonly notAsked: { readonly actual: string; readonly reason?: string } | undefined;
  /** Services that the CA's entry names and that do not count now, with why. */
  readonly refusedSigners: readonly { readonly service: TrustService; readonly code: ReasonCode }[];
  /** By what is fresh at validation time, or in a view of the past. */
  ask(index: number, view?: EvidenceView): Promise<RevocationResult>;
  /**
   * Whether an OCSP answer counts, whatever it says: about this certificate, of now, signed by who may. `undefined`: other evidence
   * decides, such as a CRL about its delegate.
   */
  hears(index: number, answer: CollectedOcsp): Promise<boolean | undefined>;
}

/** What the list and the scene say of revocation, made into questions to `checkRevocation`. */
export function inquireRevocation(input: AskRevocationInput): RevocationInquiry {
  const { path, service, scene, at, caches, context } = input;
  const { mode, crl = [], ocsp: endpoints = [], reason } = service?.revocation ?? {};
  const listed = mode === 'none-with-reason' ? (reason ?? 'stated by the trust list') : undefined;
  const maxAge = smallest(scene.crlMaxAge, ...crl.map((endpoint) => endpoint.maxAge));
  const ocspMaxAge = smallest(scene.ocspMaxAge, ...endpoints.map((endpoint) => endpoint.maxAge));
  const signers =
    service === undefined
      ? undefined
      : input.signers.of(service, () => [...input.candidates, ...input.ocsp.flatMap(({ response }) => caches.ocsp.certificatesOf(response))]);
  const countsAt = ({ service: named }: EvidenceSigner): Pick<ListResponder, 'countsAt'> =>
    named === undefined ? {} : { countsAt: (madeAt) => signerRefusal(named, { context, madeAt, at }) === undefined };
  const known = [path.anchor.spki, ...path.certificates.map(({ spki }) => spki.bytes)];
  const barredByList: BarredByList = ({ certificates }, madeAt) =>
    certificates.some((each) => !known.some((spki) => equalBytes(spki, each.spki.bytes)) && input.signers.speakAgainst(caches.keyOf(each, requiredSha256(input.algorithms)), { context, issuedAt: each.validity.notBefore, madeAt, at, service }));
  const { signatures, sunset } = input.policy.algorithms;
  const options: Omit<CheckRevocationOptions, 'index'> = {
    path,
    acceptsAlgorithm: (name, octets) => signatures.includes(name) && (sunset?.[name] === undefined || sunset[name] > (input.provenAt?.(octets) ?? at)),
    crls: input.crls,
    ocsp: asAsked(input.ocsp, endpoints),
    // What the list says decides; by itself it asks for CRLs.
    sources: mode === undefined || mode === 'none-with-reason' ? 'crl-only' : mode,
    listCrlIssuers: signers?.crl.flatMap((signer) => crlIssuersOf(signer, path).map((issuer) => ({ ...issuer, ...countsAt(signer) }))) ?? [],
    barredByList,
    listResponders: signers?.ocsp.map((signer) => ({ certificate: signer.certificate, ...countsAt(signer) })) ?? [],
    freshness: { grace: scene.crlGrace, clockSkew: input.clockSkew, ...(maxAge === undefined ? {} : { maxAge }) },
    ocspFreshness: {
      grace: scene.ocspGrace ?? 0,
      clockSkew: Math.max(input.clockSkew, ...endpoints.map((endpoint) => endpoint.skew ?? 0)),
      ...(ocspMaxAge === undefined ? {} : { maxAge: ocspMaxAge }),
    },
    at,
    algorithms: input.algorithms,
    cache: caches.crls,
    ocspCache: caches.ocsp,
    edges: caches.edges,
    spending: input.spending,
    budget: input.budget,
    candidates: input.candidates,
  };
  return {
    async hears(index, answer) {
      const { status, code, source, evidence = [], doubt } = await checkRevocation({ index, ...options, sources: 'ocsp-first', ocsp: asAsked([answer], endpoints) });
      if (doubt !== undefined || code === 'OCSP_STATUS_UNKNOWN') return true;
      if (status !== 'unknown' && [source, ...evidence].some((each) => each?.kind === 'ocsp')) return true;
      return code === 'OCSP_RESPONDER_NOT_AUTHORISED' || code === 'PATH_BUDGET_EXCEEDED' ? undefined : false;
    },
    notAsked: listed !== undefined ? { actual: listed, reason: listed } : scene.revocation === 'none' ? { actual: 'policy' } : undefined,
    refusedSigners: (signers?.services ?? []).flatMap((named) => {
      const code = signerRefusal(named, { context, madeAt: at, at });
      return code === undefined ? [] : [{ service: named, code }];
    }),
    async ask(index, view) {
      const asked = view === undefined ? options : seenFrom(options, view);
      const certificate = path.certificates[index]!;
      if (at <= certificate.validity.notAfter) return checkRevocation({ index, ...asked });
      const { crls, ocsp, excluded } = withinBounds(certificate, new IssuerIdentity(path, index, input.algorithms), asked.crls, asked.ocsp ?? []);
      const result = await checkRevocation({ index, ...asked, crls, ocsp });
      const missing = result.code === 'CRL_NOT_AVAILABLE' || result.code === 'OCSP_NOT_AVAILABLE';
      return missing && excluded > 0 ? { ...result, code: 'REVOCATION_OUT_OF_BOUNDS' } : result;
    },
  };
}

/** So long that nothing is too old. */
const ANY_AGE = 8.64e15;

function seenFrom(options: Omit<CheckRevocationOptions, 'index'>, { at, counts }: EvidenceView): Omit<CheckRevocationOptions, 'index'> {
  const freshness = { grace: ANY_AGE, maxAge: ANY_AGE, clockSkew: 0 };
  return {
    ...options,
    at,
    freshness,
    ocspFreshness: freshness,
    takesBack: false,
    crls: options.crls.filter(({ crl }) => counts(crl.bytes)),
    ocsp: (options.ocsp ?? []).filter(({ response }) => counts(response.bytes) || (response.basic !== undefined && counts(response.basic.bytes))),
  };
}

/**
 * Where the list requires a nonce, an answer that nobody asked for, such as one in the message, is an answer without one:
 * it may be from before a revocation. Endpoints that require none are believed about their own answers.
 */
function asAsked(ocsp: readonly CollectedOcsp[], endpoints: readonly OcspEndpoint[]): readonly CollectedOcsp[] {
  if (!endpoints.some(({ nonce }) => nonce === 'required')) return ocsp;
  const lenient = endpoints.filter(({ nonce }) => nonce !== 'required').flatMap(({ url, mirrors = [] }) => [url, ...mirrors]);
  return ocsp.map((one) => (one.nonce !== undefined || (one.url !== undefined && lenient.includes(one.url)) ? one : { ...one, nonce: { sent: new Uint8Array(0), required: true } }));
}

/** Under its own name, for CRLs that certificates name it for, and under the CA's. Of a key alone, nobody's word is its name. */
function crlIssuersOf({ certificate, keyOnly }: EvidenceSigner, { anchor }: ValidPath): ListCrlIssuer[] {
  try {
    const { key } = certificate.spki;
    return [...(keyOnly ? [] : [certificate.subject]), anchor.name].map((name) => ({ name, key, certificate }));
  } catch (error) {
    if (error instanceof PkiError) return [];
    throw error;
  }
}

function smallest(...values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

import type { Algorithms } from '@hefu/crypto';
import { parseCertificateList, parseOcspResponse, PkiError, type Certificate, type KeyUsageBit } from '@hefu/pki';
import type { ReasonCode } from './codes.js';
import { readAnchor, type AnchorInput } from './path/anchor-input.js';
import { createSpending, DEFAULT_BUDGET, requireBudget, type Budget, type Spending } from './path/budget.js';
import { buildPath } from './path/build.js';
import { isCertificate, readInput } from './path/certificate-input.js';
import { createEdgeCache, type EdgeCache } from './path/edge-cache.js';
import { id_ce_keyUsage, id_ce_subjectAltName } from './path/extension-oids.js';
import type { PathFailure, ValidPath } from './path/model.js';
import { checkPathRevocation, type PathRevocation, type RevocationMode } from './path/path-revocation.js';
import { namesPeer, type PeerName } from './path/peer-name.js';
import { decodeQualifiers, type PolicyQualifier } from './path/policy-extensions.js';
import type { PolicyInputs, ValidPolicy } from './path/policy-graph.js';
import { STRICT, type PathProfile } from './path/profile.js';
import type { RevocationResult } from './report.js';
import { createCrlCache, type CrlCache } from './revocation/crl-cache.js';
import type { Freshness } from './revocation/freshness.js';
import { createOcspCache, type OcspCache } from './revocation/ocsp-cache.js';

export interface ValidatePathOptions extends PolicyInputs {
  /** DER, or already parsed. */
  readonly leaf: Uint8Array | Certificate;
  /** Untrusted intermediates, in any order, with anything else among them. Those that cannot be read are passed over. */
  readonly candidates?: readonly (Uint8Array | Certificate)[];
  /** Trusted: certificates, or names and keys. Those that cannot be read are passed over. */
  readonly anchors: readonly AnchorInput[];
  /** Time of validation, epoch milliseconds. */
  readonly at: number;
  /** What may verify signatures: `classicalAlgorithms(provider)`, `createSm2()`, digests. Nothing else is accepted. */
  readonly algorithms: Algorithms;
  /** Default `STRICT`. */
  readonly profile?: PathProfile;

  /** Whom the leaf must name; of several, each. */
  readonly peerName?: PeerName | readonly PeerName[];
  /** OIDs of purposes that the leaf must allow, and every intermediate that states purposes. */
  readonly extendedKeyUsages?: readonly string[];
  /** Bits that the leaf's keyUsage must hold where it is present. */
  readonly keyUsages?: readonly KeyUsageBit[];
  /** Most intermediates that are not self-issued. Default: as many as `budget.maxDepth` leaves room for. */
  readonly maxDepth?: number;

  /** DER of CRLs, complete or delta, of any issuer. */
  readonly crls?: readonly Uint8Array[];
  /** DER of OCSP responses (RFC 6960) about any certificate of the path. */
  readonly ocspResponses?: readonly Uint8Array[];
  /** Default `if-present`. */
  readonly revocation?: RevocationMode;
  /** How old evidence may be. Default: not past its nextUpdate, not ahead of `at`. */
  readonly freshness?: Freshness;

  /** Whether an anchor's own certificate must be within its dates. Default true; RFC 5280 §6.1.1 (d) leaves it open. */
  readonly enforceAnchorValidity?: boolean;
  /** Whether what an anchor's own certificate says binds those below it (RFC 5937). Default true. */
  readonly enforceAnchorConstraints?: boolean;
  /** The public suffix of a domain by a list of them, for profiles that refuse wildcards over a whole suffix. */
  readonly publicSuffix?: (domain: string) => string | null | undefined;

  /** One budget for the whole validation, revocation included. Default `DEFAULT_BUDGET`. */
  readonly budget?: Partial<Budget>;
  /** What earlier calls learnt about the certificate objects handed in. */
  readonly edges?: EdgeCache;
  readonly crlCache?: CrlCache;
  readonly ocspCache?: OcspCache;
}

export type PathValidationCode = ReasonCode | 'PEER_NAME_MISMATCH' | 'KEY_USAGE_MISMATCH' | 'PUBLIC_SUFFIX_WILDCARD';

export interface PathValidationFailure {
  readonly code: PathValidationCode;
  /** Index into `path`; 0 is the leaf. */
  readonly certificate: number;
  /** OID of the extension concerned. */
  readonly extension?: string;
  readonly expected?: string | number;
  readonly actual?: string | number;
  readonly clause?: string;
  /** Where the path ended below no anchor: what kept the last issuer's name from being one. */
  readonly anchorHint?: 'same-name-other-key' | 'issuer-unknown' | 'issuer-not-anchored';
}

export interface PathValidation {
  readonly valid: boolean;
  /** Leaf first, the anchor's own certificate last where it has one. Of what failed, the path that came nearest, as far as it got. */
  readonly path: readonly Certificate[];
  /** Index into `anchors` of the one the path leads to. */
  readonly anchor: number | undefined;
  /** The user-constrained policy set (RFC 5280 §6.1.6), in the anchor's domain. */
  readonly policies: readonly { readonly policy: string; readonly qualifiers: readonly PolicyQualifier[] }[];
  /** Of each certificate asked after, leaf first. */
  readonly revocation: readonly RevocationResult[];
  readonly failure: PathValidationFailure | undefined;
  readonly spent: Spending;
}

/**
 * Validates a certificate: finds a path to an anchor and checks it (RFC 5280 §6), its revocation, and what the leaf
 * is to be used for. Takes everything it looks at in one object and nothing from anywhere else.
 *
 * A certificate that cannot be read is a result, as is everything else that bytes can contain.
 *
 * @throws TypeError for misuse: a time or a limit that is no number, an anchor's constraints that cannot be read
 */
export async function validatePath(options: ValidatePathOptions): Promise<PathValidation> {
  const budget = { ...DEFAULT_BUDGET, ...options.budget };
  requireBudget(budget);
  if (!Number.isFinite(options.at)) throw new TypeError('at is epoch milliseconds');
  const { maxDepth } = options;
  if (maxDepth !== undefined && !(maxDepth >= 0)) throw new TypeError('maxDepth is a number of certificates');
  const spending = createSpending();
  const leaf = readInput(options.leaf);
  if (leaf instanceof PkiError) return refusal({ code: 'CERTIFICATE_MALFORMED', certificate: 0, actual: leaf.code, clause: 'RFC 5280 §4.1' }, [], spending);

  const profile = options.profile ?? STRICT;
  const candidates = (options.candidates ?? []).map(readInput).filter(isCertificate);
  const anchors = options.anchors.map(readAnchor).filter((anchor) => anchor !== undefined);
  const edges = options.edges ?? createEdgeCache();
  const crls = (options.crls ?? []).map((bytes) => readOr(parseCertificateList, bytes));
  const ocsp = (options.ocspResponses ?? []).map((bytes) => readOr(parseOcspResponse, bytes));
  const revocation = {
    mode: options.revocation ?? 'if-present',
    crls: crls.filter((crl) => crl !== undefined),
    ocsp: ocsp.filter((response) => response !== undefined),
    unreadable: crls.includes(undefined) || ocsp.includes(undefined),
    candidates,
    at: options.at,
    algorithms: options.algorithms,
    profile,
    freshness: options.freshness ?? { grace: 0, clockSkew: 0 },
    budget,
    spending,
    cache: options.crlCache ?? createCrlCache(),
    ocspCache: options.ocspCache ?? createOcspCache(),
    edges,
  };

  const revoked: { readonly path: ValidPath; readonly found: PathRevocation }[] = [];
  let good: PathRevocation | undefined;
  const outcome = await buildPath({
    leaf,
    candidates,
    anchors,
    at: options.at,
    algorithms: options.algorithms,
    profile,
    budget,
    spending,
    edges,
    enforceAnchorValidity: options.enforceAnchorValidity ?? true,
    enforceAnchorConstraints: options.enforceAnchorConstraints ?? true,
    policy: options,
    extendedKeyUsages: options.extendedKeyUsages ?? [],
    ...(maxDepth === undefined ? {} : { maxPathLength: maxDepth }),
    async accept(path) {
      const found = await checkPathRevocation(path, revocation);
      if (found.failure === undefined) good = found;
      else revoked.push({ path, found });
      // What is spent is spent: there is no trying the next path then, nor when so many are revoked.
      return found.failure === undefined || found.failure.code === 'PATH_BUDGET_EXCEEDED' || revoked.length >= MAX_REVOKED_PATHS;
    },
  });

  const { accepted, failure } = outcome;
  if (accepted === undefined || good === undefined) {
    const nearest = revoked.find(({ found }) => found.failure?.code === 'PATH_BUDGET_EXCEEDED') ?? revoked[0];
    if (failure?.code === 'PATH_BUDGET_EXCEEDED' || nearest === undefined) return refusal(failureOf(failure!), failure!.partial, spending);
    return { ...refusal({ ...nearest.found.failure!, clause: 'RFC 5280 §6.1.3 (a)(3)' }, nearest.path.certificates, spending), revocation: nearest.found.results };
  }
  const misuse = leafFault(leaf, profile, options);
  return {
    valid: misuse === undefined,
    path: accepted.certificates,
    anchor: Number(accepted.anchor.source),
    policies: (accepted.policies ?? []).map(policyOf),
    revocation: good.results,
    failure: misuse,
    spent: spending,
  };
}

/** Paths that may be found revoked before the search is given up. */
const MAX_REVOKED_PATHS = 32;

function refusal(failure: PathValidationFailure, path: readonly Certificate[], spent: Spending): PathValidation {
  return { valid: false, path, anchor: undefined, policies: [], revocation: [], failure, spent };
}

function failureOf({ partial: _partial, anchorHint, ...failure }: PathFailure): PathValidationFailure {
  return { ...failure, ...(anchorHint === undefined ? {} : { anchorHint: anchorHint.kind }) };
}

/** What the caller asks of the leaf beside its path. */
function leafFault(leaf: Certificate, profile: PathProfile, { keyUsages = [], peerName = [], publicSuffix }: ValidatePathOptions): PathValidationFailure | undefined {
  const usage = leaf.extKeyUsage;
  const missing = usage === undefined ? undefined : keyUsages.find((bit) => !usage.has(bit));
  if (missing !== undefined) return { code: 'KEY_USAGE_MISMATCH', certificate: 0, extension: id_ce_keyUsage, expected: missing, actual: [...usage!].join(' '), clause: 'RFC 5280 §4.2.1.3' };
  const extension = id_ce_subjectAltName;
  if (profile.wildcardsBelowPublicSuffix === true && publicSuffix !== undefined) {
    for (const name of leaf.extSubjectAltName ?? []) {
      if (name.kind !== 'dNSName' || !name.value.startsWith('*.')) continue;
      const domain = name.value.slice(2).toLowerCase();
      if (publicSuffix(domain) === domain) return { code: 'PUBLIC_SUFFIX_WILDCARD', certificate: 0, extension, actual: name.value, clause: 'BR §3.2.2.6' };
    }
  }
  const peers: readonly PeerName[] = Array.isArray(peerName) ? peerName : [peerName as PeerName];
  const unnamed = peers.find((peer) => !namesPeer(leaf, peer));
  if (unnamed === undefined) return undefined;
  return { code: 'PEER_NAME_MISMATCH', certificate: 0, extension, ...(typeof unnamed.value === 'string' ? { expected: unnamed.value } : { expected: unnamed.kind }), clause: 'RFC 9525 §6' };
}

function policyOf({ policy, qualifiers }: ValidPolicy): { readonly policy: string; readonly qualifiers: readonly PolicyQualifier[] } {
  try {
    return { policy, qualifiers: qualifiers === undefined ? [] : decodeQualifiers(qualifiers) };
  } catch (error) {
    // Qualifiers inform people; they decide nothing (RFC 5280 §4.2.1.4).
    if (error instanceof PkiError) return { policy, qualifiers: [] };
    throw error;
  }
}

/** Undefined for what cannot be read. */
function readOr<T>(read: (bytes: Uint8Array) => T, bytes: Uint8Array): T | undefined {
  try {
    return read(bytes);
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}

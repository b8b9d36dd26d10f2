import type { Algorithms, PublicKey } from '@hefu/crypto';
import { equalBytes, PkiError, type Certificate, type CertificateList, type Name } from '@hefu/pki';
import type { ReasonCode } from '../codes.js';
import type { Budget, Spending } from '../path/budget.js';
import { buildPath } from '../path/build.js';
import { keyFault, sameName, validityFault } from '../path/check.js';
import type { EdgeCache } from '../path/edge-cache.js';
import type { ValidPath } from '../path/model.js';
import type { PathProfile } from '../path/profile.js';
import { isPromise, keyMismatch, verifyResolved } from '../path/signed-by.js';
import { resolveSignatureAlgorithm } from '../signature/algorithm-resolution.js';
import type { AcceptsAlgorithm } from './accepted-algorithm.js';
import { NO_CREDENTIALS, type Credentials, type Item } from './answer.js';
import type { CrlCache } from './crl-cache.js';

/** A CRL signing key that the trust list states beside the CA's own: a service of kind `crl-issuer`. */
export interface ListCrlIssuer {
  readonly name: Name;
  readonly key: PublicKey;
  /** Where the list states it: it must let the key sign CRLs, and be in force when the CRL was made. */
  readonly certificate?: Certificate;
  /** Whether the list lets a CRL of this thisUpdate count, epoch milliseconds. Absent: it does. */
  readonly countsAt?: (madeAt: number) => boolean;
}

/** @param madeAt thisUpdate of the CRL, epoch milliseconds */
export type BarredByList = (path: ValidPath, madeAt: number) => boolean;

export interface CrlIssuerOptions {
  readonly path: ValidPath;
  readonly index: number;
  /** Certificates among which another key of the same CA may be found. Untrusted. */
  readonly candidates: readonly Certificate[];
  readonly listCrlIssuers: readonly ListCrlIssuer[];
  readonly algorithms: Algorithms;
  readonly acceptsAlgorithm?: AcceptsAlgorithm;
  readonly profile: PathProfile;
  readonly budget: Budget;
  readonly spending: Spending;
  readonly cache: CrlCache;
  readonly edges: EdgeCache;
  /** Whether the trust list speaks against a certificate of the path that would authorise another key. Absent: it does not. */
  readonly barredByList?: BarredByList;
  /** What the standing of a certificate that would authorise another key rests on; undefined when it bars the key. */
  readonly standingOf: (path: ValidPath, crl: CertificateList) => Promise<readonly Item[] | undefined>;
}

type Refusal = Extract<ReasonCode, 'CRL_SIGNATURE_INVALID' | 'CRL_ISSUER_NOT_AUTHORISED' | 'CRL_UNSUPPORTED' | 'PATH_BUDGET_EXCEEDED'>;

/** How the key that signed evidence came to be entitled to. */
export type SignedBy =
  | 'issuer' // the key that verified the certificate asked about
  | 'list' // a key that the trust list states
  | 'path' // a CA further up the same path, or its anchor
  | 'certificate'; // another certificate that leads to the same anchor

export interface Authority extends Credentials {
  readonly key: PublicKey;
  readonly by: SignedBy;
}

/**
 * The key that signed a CRL and is entitled to speak about `path.certificates[index]` (RFC 5280 §6.3.3 (f), (g)): the
 * key that verified the certificate; a key the trust list states for the CRL's issuer; a certificate of that name in
 * the path; or another one that leads to the same anchor and may sign CRLs. That a CRL of this issuer has any
 * bearing on the certificate was seen to before.
 */
export async function crlAuthority(crl: CertificateList, options: CrlIssuerOptions): Promise<Authority | Refusal> {
  const { path, index, candidates, listCrlIssuers } = options;
  const issuer = path.certificates[index + 1];
  const own = sameName(crl.issuer, path.certificates[index]!.issuer);
  let nearest: Refusal = own ? 'CRL_SIGNATURE_INVALID' : 'CRL_ISSUER_NOT_AUTHORISED';

  if (own) {
    const key = path.issuerKeys[index]!;
    const fault = await signatureFault(crl, key, options);
    if (fault === undefined) {
      if (issuer === undefined || maySignCrls(issuer)) return { key, by: 'issuer', ...NO_CREDENTIALS };
      nearest = 'CRL_ISSUER_NOT_AUTHORISED';
    } else if (fault !== 'CRL_SIGNATURE_INVALID') return fault;
    else if (namesAnotherKey(crl, issuer)) nearest = 'CRL_ISSUER_NOT_AUTHORISED';
  }

  let barred = false;
  for (const listed of listCrlIssuers) {
    if (!sameName(listed.name, crl.issuer) || keyFault(listed.key, options.profile) !== undefined) continue;
    const fault = await signatureFault(crl, listed.key, options);
    if (fault === 'PATH_BUDGET_EXCEEDED') return fault;
    if (fault !== undefined) continue;
    if (isInOrder(listed, crl)) return { key: listed.key, by: 'list', certificates: listed.certificate === undefined ? [] : [listed.certificate], standing: [] };
    barred = true;
  }
  // The list's word against a key is the last one: whoever else vouches for it is not asked.
  if (barred) return 'CRL_ISSUER_NOT_AUTHORISED';

  if (!own) {
    for (const key of keysAbove(crl.issuer, path, index)) {
      const fault = await signatureFault(crl, key, options);
      if (fault === undefined) return { key, by: 'path', ...NO_CREDENTIALS };
      if (fault !== 'CRL_SIGNATURE_INVALID') return fault;
    }
  }

  for (const candidate of candidates) {
    if (!sameName(candidate.subject, crl.issuer) || (own && issuer !== undefined && equalBytes(candidate.spki.bytes, issuer.spki.bytes))) continue;
    const key = readableKey(candidate);
    if (key === undefined || keyFault(key, options.profile) !== undefined || !statesCrlSigning(candidate)) continue;
    const fault = await signatureFault(crl, key, options);
    if (fault === 'PATH_BUDGET_EXCEEDED') return fault;
    if (fault !== undefined) continue;
    nearest = 'CRL_ISSUER_NOT_AUTHORISED';
    const outcome = await buildPath({
      leaf: candidate,
      candidates: [...path.certificates, ...candidates],
      anchors: [path.anchor],
      // The key has to be the CA's when it signed the CRL.
      at: crl.thisUpdate,
      algorithms: options.algorithms,
      profile: options.profile,
      budget: options.budget,
      edges: options.edges,
      spending: options.spending,
      // Whoever the list withdrew must not clear others' certificates, though the anchor's CA still stands above him.
      accept: (found) => options.barredByList?.(found, crl.thisUpdate) !== true,
    });
    const standing = outcome.accepted === undefined ? undefined : await options.standingOf(outcome.accepted, crl);
    if (standing !== undefined) return { key, by: 'certificate', certificates: outcome.accepted!.certificates, signatureAlgorithms: outcome.accepted!.signatureAlgorithms, standing };
    if (outcome.failure?.code === 'PATH_BUDGET_EXCEEDED') return 'PATH_BUDGET_EXCEEDED';
  }
  return nearest;
}

function isInOrder({ certificate, countsAt }: ListCrlIssuer, { thisUpdate }: CertificateList): boolean {
  if (countsAt?.(thisUpdate) === false) return false;
  if (certificate === undefined) return true;
  try {
    return validityFault(certificate, thisUpdate) === undefined && maySignCrls(certificate);
  } catch (error) {
    if (error instanceof PkiError) return false;
    throw error;
  }
}

/** Keys of CAs of this name above the issuer, which the path has already proven. */
function keysAbove(name: Name, path: ValidPath, index: number): readonly PublicKey[] {
  const keys: PublicKey[] = [];
  for (const certificate of path.certificates.slice(index + 1)) {
    if (sameName(certificate.subject, name) && maySignCrls(certificate)) keys.push(certificate.spki.key);
  }
  if (path.anchor.certificate === undefined && sameName(path.anchor.name, name)) keys.push(path.anchor.key);
  return keys;
}

/** Whether this key signed the CRL; each pair of them is verified once and paid for from the budget. */
export async function signatureFault(crl: CertificateList, key: PublicKey, { algorithms, cache, spending, budget }: CrlIssuerOptions): Promise<Refusal | undefined> {
  const resolved = resolveSignatureAlgorithm(algorithms, crl.signatureAlgorithm);
  if (resolved.code !== undefined) return 'CRL_UNSUPPORTED';
  if (keyMismatch(resolved.algorithm, key) !== undefined) return 'CRL_SIGNATURE_INVALID';
  const known = cache.signedBy(crl, key, resolved.algorithm);
  if (known !== undefined) return known ? undefined : 'CRL_SIGNATURE_INVALID';
  if (spending.signatureChecks >= budget.maxSignatureChecks) return 'PATH_BUDGET_EXCEEDED';
  spending.signatureChecks++;
  const verdict = verifyResolved(resolved, { tbs: crl.tbs, signature: crl.signature, key });
  const signed = isPromise(verdict) ? await verdict : verdict;
  if (signed.ok || signed.code === 'SIGNATURE_INVALID') cache.setSignedBy(crl, key, resolved.algorithm, signed.ok);
  return signed.ok ? undefined : 'CRL_SIGNATURE_INVALID';
}

/** RFC 5280 §6.3.3 (f): cRLSign is needed where keyUsage is present. */
function maySignCrls(certificate: Certificate): boolean {
  const usage = certificate.extKeyUsage;
  return usage === undefined || usage.has('cRLSign');
}

/**
 * Stricter for a key that nothing but its name ties to the CA: without keyUsage it must at least be a CA, or any
 * holder whom a CA gave its own name could sign CRLs.
 */
function statesCrlSigning(certificate: Certificate): boolean {
  try {
    return certificate.extKeyUsage?.has('cRLSign') ?? certificate.extBasicConstraints?.ca === true;
  } catch (error) {
    if (error instanceof PkiError) return false;
    throw error;
  }
}

function readableKey(certificate: Certificate): PublicKey | undefined {
  try {
    return certificate.spki.key;
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}

function namesAnotherKey(crl: CertificateList, issuer: Certificate | undefined): boolean {
  try {
    const stated = crl.extAuthorityKeyIdentifier?.keyIdentifier;
    const own = issuer?.extSubjectKeyIdentifier;
    return stated !== undefined && own !== undefined && !equalBytes(stated, own);
  } catch (error) {
    if (error instanceof PkiError) return false;
    throw error;
  }
}

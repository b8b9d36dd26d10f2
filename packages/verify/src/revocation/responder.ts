import type { Algorithms, PublicKey } from '@hefu/crypto';
import { id_kp_OCSPSigning, id_pkix_ocsp_nocheck, PkiError, type BasicOcspResponse, type Certificate, type OcspResponse } from '@hefu/pki';
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
import { NO_CREDENTIALS, type Answer, type Credentials, type Item } from './answer.js';
import { isKeyHash, type IssuerIdentity } from './cert-id.js';
import type { OcspCache } from './ocsp-cache.js';
import { sameKey } from './same-key.js';

/** An OCSP responder that the trust list states for a CA: at the CA's endpoint, or as a service of kind `ocsp`. */
export interface ListResponder {
  readonly certificate: Certificate;
  /** Whether the list lets an answer produced at an instant count, epoch milliseconds. Absent: it does. */
  readonly countsAt?: (madeAt: number) => boolean;
}

export interface ResponderOptions {
  readonly path: ValidPath;
  readonly index: number;
  readonly issuer: IssuerIdentity;
  readonly at: number;
  /** Certificates among which a delegated responder's may be found beside those in the response. Untrusted. */
  readonly candidates: readonly Certificate[];
  /** Responders that the trust list states for this CA: believed as far as their certificate is in force. */
  readonly listResponders: readonly ListResponder[];
  readonly algorithms: Algorithms;
  readonly acceptsAlgorithm?: AcceptsAlgorithm;
  readonly profile: PathProfile;
  readonly budget: Budget;
  readonly spending: Spending;
  readonly edges: EdgeCache;
  readonly cache: OcspCache;
  /** The revocation status, by other evidence than OCSP, of the leaf of a delegated responder's path. */
  readonly statusOf: (path: ValidPath) => Promise<Answer>;
}

export type ResponderRole = 'issuer' | 'list' | 'delegated';

export interface ResponderAuthority extends Credentials {
  readonly by: ResponderRole;
}

type Refusal = Extract<ReasonCode, 'OCSP_SIGNATURE_INVALID' | 'OCSP_RESPONDER_NOT_AUTHORISED' | 'OCSP_UNSUPPORTED' | 'PATH_BUDGET_EXCEEDED'>;

/**
 * A responder's certificate this short-lived need not be checked for revocation: a stolen key serves no longer than a
 * CRL in grace would.
 */
const SHORT_LIVED = 31 * 86_400_000;

/**
 * Whether a response was signed by somebody entitled to (RFC 6960 §4.2.2.2): the issuer itself; a responder the trust
 * list states; or one whose certificate the issuer's own key signed, with id-kp-OCSPSigning, in force, and not revoked.
 *
 * §4.2.2.2.1 leaves to the client what holds for a delegate without ocsp-nocheck. Here its status must be known to be
 * good by a CRL, or the certificate be valid for no more than 31 days in all. With it, a CRL at hand that lists the
 * delegate counts all the same.
 */
export async function responderAuthority(response: OcspResponse, basic: BasicOcspResponse, options: ResponderOptions): Promise<ResponderAuthority | Refusal> {
  const { path, index, issuer, algorithms } = options;
  const resolved = resolveSignatureAlgorithm(algorithms, basic.signatureAlgorithm);
  if (resolved.code !== undefined) return 'OCSP_UNSUPPORTED';
  const { responderId } = basic;
  let nearest: Refusal = 'OCSP_RESPONDER_NOT_AUTHORISED';

  if (issuer.isResponder(responderId)) {
    const fault = await signatureFault(path.issuerKeys[index]!);
    if (fault === undefined) return { by: 'issuer', ...NO_CREDENTIALS };
    if (fault !== 'OCSP_SIGNATURE_INVALID') return fault;
    nearest = fault;
  }

  let barred = false;
  for (const { certificate, countsAt } of options.listResponders) {
    const key = readable(() => certificate.spki.key);
    if (key === undefined || !names(certificate) || validityFault(certificate, options.at) !== undefined) continue;
    const fault = await signatureFault(key);
    if (fault === undefined) {
      if (countsAt?.(basic.producedAt) !== false) return { by: 'list', certificates: [certificate], standing: [] };
      barred = true;
    } else if (fault !== 'OCSP_SIGNATURE_INVALID') return fault;
    else nearest = fault;
  }
  // The list's word against a key is the last one: being the CA's delegate too does not help it.
  if (barred) return 'OCSP_RESPONDER_NOT_AUTHORISED';

  for (const certificate of [...options.cache.certificatesOf(response), ...options.candidates]) {
    const key = readable(() => certificate.spki.key);
    if (key === undefined || !names(certificate)) continue;
    if (!sameName(certificate.issuer, path.certificates[index]!.issuer) || !mayAnswer(certificate)) continue;
    const fault = await signatureFault(key);
    if (fault !== undefined) {
      if (fault !== 'OCSP_SIGNATURE_INVALID') return fault;
      nearest = fault;
      continue;
    }
    nearest = 'OCSP_RESPONDER_NOT_AUTHORISED';
    // The whole path again, for its dates, names and critical extensions; but the delegation must be the issuer's own.
    const outcome = await buildPath({
      leaf: certificate,
      candidates: path.certificates,
      anchors: [path.anchor],
      at: options.at,
      algorithms,
      profile: options.profile,
      budget: options.budget,
      edges: options.edges,
      spending: options.spending,
      accept: (found) => found.certificates.length > 1 && sameKey(found.issuerKeys[0]!, path.issuerKeys[index]!),
    });
    if (outcome.failure?.code === 'PATH_BUDGET_EXCEEDED') return 'PATH_BUDGET_EXCEEDED';
    const standing = outcome.accepted === undefined ? undefined : await goodStanding(certificate, outcome.accepted, options);
    if (standing !== undefined) return { by: 'delegated', certificates: outcome.accepted!.certificates, signatureAlgorithms: outcome.accepted!.signatureAlgorithms, standing };
  }
  return nearest;

  function names(certificate: Certificate): boolean {
    if (responderId.kind === 'byName') return sameName(responderId.name, certificate.subject);
    return isKeyHash(responderId.keyHash, certificate.spki.publicKey, algorithms);
  }

  async function signatureFault(key: PublicKey): Promise<Refusal | undefined> {
    const { cache, spending, budget, profile } = options;
    const { algorithm } = resolved as Extract<typeof resolved, { code?: undefined }>;
    if (keyMismatch(algorithm, key) !== undefined || keyFault(key, profile) !== undefined) return 'OCSP_SIGNATURE_INVALID';
    const known = cache.signedBy(response, key, algorithm);
    if (known !== undefined) return known ? undefined : 'OCSP_SIGNATURE_INVALID';
    if (spending.signatureChecks >= budget.maxSignatureChecks) return 'PATH_BUDGET_EXCEEDED';
    spending.signatureChecks++;
    const verdict = verifyResolved(resolved as Extract<typeof resolved, { code?: undefined }>, { tbs: basic.tbs, signature: basic.signature, key });
    const signed = isPromise(verdict) ? await verdict : verdict;
    if (signed.ok || signed.code === 'SIGNATURE_INVALID') cache.setSignedBy(response, key, algorithm, signed.ok);
    return signed.ok ? undefined : 'OCSP_SIGNATURE_INVALID';
  }
}

/** §4.2.2.2: the purpose must be named; anyExtendedKeyUsage does not do. A keyUsage, where present, must allow signing. */
function mayAnswer(certificate: Certificate): boolean {
  return (
    readable(() => {
      const usage = certificate.extKeyUsage;
      return certificate.extExtendedKeyUsage?.includes(id_kp_OCSPSigning) === true && (usage === undefined || usage.has('digitalSignature') || usage.has('nonRepudiation'));
    }) ?? false
  );
}

/** What the delegate's good standing rests on, which may be nothing; undefined when it is not in good standing. */
async function goodStanding(certificate: Certificate, path: ValidPath, { statusOf }: ResponderOptions): Promise<readonly Item[] | undefined> {
  const { status, items } = await statusOf(path);
  if (status !== 'unknown') return status === 'good' ? items : undefined;
  if (certificate.extension(id_pkix_ocsp_nocheck) !== undefined) return [];
  const { notBefore, notAfter } = certificate.validity;
  return notAfter - notBefore <= SHORT_LIVED ? [] : undefined;
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}

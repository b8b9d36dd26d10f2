import type { Algorithms, PublicKey, SignatureAlgorithm } from '@hefu/crypto';
import { equalBytes, PkiError, type AlgorithmIdentifier, type Certificate } from '@hefu/pki';
import { resolveSignatureAlgorithm, type ResolvedAlgorithm, type UnresolvedAlgorithm } from '../signature/algorithm-resolution.js';
import type { Spending } from './budget.js';
import { keyFault, type Fault } from './check.js';
import type { EdgeCache } from './edge-cache.js';
import { isAnchor, type Issuer } from './order.js';
import type { PathProfile } from './profile.js';
import { after, keyMismatch, verifyResolved, type SignedBy } from './signed-by.js';

const id_RSASSA_PSS = '1.2.840.113549.1.1.10';

/** Why an issuer's key did not verify a certificate. */
export interface EdgeFault {
  readonly fault: Fault;
  /**
   * Whom it speaks about: the certificate whatever its issuer (an algorithm nobody accepts), the issuer's key, a
   * key of another kind than the signature's, or either of them (the signature does not hold).
   */
  readonly about: 'certificate' | 'key' | 'other-key' | 'either';
}

/** The budget of signature checks is spent: the search must stop, not try the next issuer. */
export const CHECKS_SPENT: EdgeFault = { fault: { code: 'PATH_BUDGET_EXCEEDED', actual: 'signature checks' }, about: 'certificate' };

interface Tried {
  readonly child: Certificate;
  readonly spki: Uint8Array;
  readonly fault: EdgeFault | undefined;
}

/** Verifies that an issuer's key signed a certificate: each pair once, whatever certificates state the key. */
export class EdgeVerifier {
  readonly #algorithms: Algorithms;
  readonly #profile: PathProfile;
  readonly #cache: EdgeCache;
  readonly #spending: Spending;
  readonly #maxSignatureChecks: number;
  readonly #leaf: Certificate | undefined;
  readonly #tried: Tried[] = [];
  /** The last algorithm that was looked up: those of one path are mostly the same. */
  #last: { readonly identifier: Uint8Array; readonly resolved: ResolvedAlgorithm | UnresolvedAlgorithm } | undefined;

  /** @param leaf where it is new with every message: its edge is remembered for this search alone */
  constructor(algorithms: Algorithms, profile: PathProfile, cache: EdgeCache, spending: Spending, maxSignatureChecks: number, leaf: Certificate | undefined) {
    this.#leaf = leaf;
    this.#algorithms = algorithms;
    this.#profile = profile;
    this.#cache = cache;
    this.#spending = spending;
    this.#maxSignatureChecks = maxSignatureChecks;
  }

  /** @returns undefined when the signature holds; {@link CHECKS_SPENT} when it could no longer be asked */
  verify(child: Certificate, issuer: Issuer): EdgeFault | undefined | Promise<EdgeFault | undefined> {
    let key: PublicKey;
    try {
      key = keyOf(issuer);
    } catch (error) {
      if (!(error instanceof PkiError)) throw error;
      return { fault: { code: 'KEY_INVALID', actual: error.code, clause: 'RFC 5280 §4.1.2.7' }, about: 'key' };
    }
    const weak = keyFault(key, this.#profile);
    if (weak !== undefined) return { fault: weak, about: 'key' };
    const resolved = this.#resolve(child.signatureAlgorithm);
    if (resolved.code !== undefined) return { fault: { ...resolved, clause: 'RFC 5280 §4.1.1.2' }, about: 'certificate' };
    const { algorithm } = resolved;
    const unusable = keyMismatch(algorithm, key) ?? this.#pssMismatch(issuer, resolved);
    if (unusable !== undefined) return faultOf(unusable, 'other-key');
    if (this.#cache.isVerified(child, key, algorithm)) return undefined;

    const spki = spkiOf(issuer);
    for (const tried of this.#tried) {
      if (tried.child !== child || !equalBytes(tried.spki, spki)) continue;
      if (tried.fault === undefined && child !== this.#leaf) this.#cache.addVerified(child, key, algorithm);
      return tried.fault;
    }
    if (this.#spending.signatureChecks >= this.#maxSignatureChecks) return CHECKS_SPENT;
    this.#spending.signatureChecks++;
    const signed = verifyResolved(resolved, { tbs: child.tbs, signature: child.signature, key });
    return after(signed, (answer) => this.#conclude(child, key, algorithm, spki, answer));
  }

  #conclude(child: Certificate, key: PublicKey, algorithm: SignatureAlgorithm, spki: Uint8Array, signed: SignedBy): EdgeFault | undefined {
    const fault = signed.ok ? undefined : faultOf(signed, signed.code === 'SIGNATURE_INVALID' ? 'either' : signed.code.startsWith('KEY_') ? 'key' : 'certificate');
    if (signed.ok && child !== this.#leaf) this.#cache.addVerified(child, key, algorithm);
    this.#tried.push({ child, spki, fault });
    return fault;
  }

  /** Name of the algorithm that a verified certificate was signed by. */
  algorithmName(child: Certificate): string {
    const resolved = this.#resolve(child.signatureAlgorithm);
    return resolved.code === undefined ? resolved.algorithm.name : resolved.actual;
  }

  /**
   * RFC 4055 §1.2 and §3.3: a key stated as id-RSASSA-PSS is for that scheme alone; one stated with parameters for
   * their digest and mask, with a salt no shorter.
   */
  #pssMismatch(issuer: Issuer, { algorithm, options }: ResolvedAlgorithm): (SignedBy & { readonly ok: false }) | undefined {
    const stated = isAnchor(issuer) ? issuer.certificate?.spki.algorithm : issuer.spki.algorithm;
    if (stated?.oid !== id_RSASSA_PSS) return undefined;
    if (algorithm.parameters !== 'pss') return PSS_KEY;
    if (stated.parameters === undefined) return undefined;
    const key = resolveSignatureAlgorithm(this.#algorithms, stated);
    const required = key.code === undefined ? key.options.pss : undefined;
    const found = options.pss;
    if (required === undefined || found === undefined) return PSS_KEY;
    return found.hash === required.hash && found.mgfHash === required.mgfHash && found.saltLength >= required.saltLength ? undefined : PSS_KEY;
  }

  #resolve(identifier: AlgorithmIdentifier): ResolvedAlgorithm | UnresolvedAlgorithm {
    if (this.#last === undefined || !equalBytes(this.#last.identifier, identifier.bytes)) {
      this.#last = { identifier: identifier.bytes, resolved: resolveSignatureAlgorithm(this.#algorithms, identifier) };
    }
    return this.#last.resolved;
  }
}

const PSS_KEY: SignedBy & { readonly ok: false } = { ok: false, code: 'ALGORITHM_MISMATCH', expected: 'RSASSA-PSS as the key states it' };

function keyOf(issuer: Issuer): PublicKey {
  return isAnchor(issuer) ? issuer.key : issuer.spki.key;
}

export function spkiOf(issuer: Issuer): Uint8Array {
  return isAnchor(issuer) ? issuer.spki : issuer.spki.bytes;
}

function faultOf(signed: SignedBy & { readonly ok: false }, about: EdgeFault['about']): EdgeFault {
  return {
    fault: {
      code: signed.code === 'SIGNATURE_INVALID' ? 'CERTIFICATE_SIGNATURE_INVALID' : signed.code,
      ...(signed.expected === undefined ? {} : { expected: signed.expected }),
      ...(signed.actual === undefined ? {} : { actual: signed.actual }),
      clause: 'RFC 5280 §6.1.3 (a)(1)',
    },
    about,
  };
}

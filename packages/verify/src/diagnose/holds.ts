import { isEcdsaBySm2Key, recoverRsaDigestInfo, type Algorithms, type DigestAlgorithm, type RsaPublicKey, type SignatureAlgorithm } from '@hefu/crypto';
import { equalBytes, readAlgorithmIdentifier, DerReader, PkiError, Tag } from '@hefu/pki';
import { contentDigest } from '../signature/content.js';
import type { Surroundings } from './model.js';
import type { Hypothesis } from './value-hypotheses.js';

interface DigestInfo {
  readonly oid: string;
  readonly digest: Uint8Array;
}

/** What RSA values say they are of (RFC 8017 §9.2), within one diagnosis: hypotheses differ in the message, and the power costs the most. */
export class RecoveredValues {
  readonly #byValue = new Map<Uint8Array, Map<RsaPublicKey, DigestInfo | undefined>>();

  /** @throws CryptoError `KEY_UNSUPPORTED` for a key out of bounds */
  of(key: RsaPublicKey, value: Uint8Array): DigestInfo | undefined {
    let byKey = this.#byValue.get(value);
    if (byKey === undefined) this.#byValue.set(value, (byKey = new Map()));
    if (!byKey.has(key)) byKey.set(key, digestInfoOf(recoverRsaDigestInfo(key, value)));
    return byKey.get(key);
  }
}

/** Whether a value is a signature as the hypothesis has it. What a key or a platform refuses, it is not. */
export async function holds(hypothesis: Hypothesis, value: Uint8Array, { algorithm, algorithms, digest, options }: Surroundings, recovered: RecoveredValues): Promise<boolean> {
  try {
    const { key, e, message } = hypothesis;
    if (e !== undefined) {
      if (hypothesis.ecdsa === true) return key.kty === 'EC' && isEcdsaBySm2Key(key.point, e, value);
      return await algorithm.verifyDigest!(key, e, value);
    }
    if (message === undefined) return false;
    const by = hypothesis.digest ?? digest;
    const scheme = hypothesis.scheme ?? algorithm;
    if (key.kty === 'RSA' && scheme.name.startsWith('RSASSA-PKCS1')) {
      // RFC 8017 §9.2: the DigestInfo says which digest was signed.
      const signed = recovered.of(key, value);
      return signed !== undefined && by.oids.includes(signed.oid) && equalOrNothing(contentDigest(message, by), signed.digest);
    }
    if (!(message instanceof Uint8Array)) return false;
    const candidate = scheme.digest === digest.name && by !== digest ? withDigest(algorithms, scheme, by) : scheme;
    const pss = { hash: by.name, mgfHash: by.name, saltLength: by.outputLength };
    const given = scheme === algorithm && by === digest ? options : candidate?.parameters === 'pss' ? { pss } : {};
    return candidate !== undefined && candidate.supportsKey(key) && (await candidate.verify(key, message, value, given));
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}

/** The same scheme with another digest: `ECDSA-SHA-384` beside `ECDSA-SHA-256`. */
function withDigest({ signatures }: Algorithms, { name }: SignatureAlgorithm, { name: digest }: DigestAlgorithm): SignatureAlgorithm | undefined {
  const scheme = name.replace(/-?SHA-\d+$/, '');
  return signatures.find((each) => each.digest === digest && each.name.startsWith(scheme));
}

function equalOrNothing(computed: Uint8Array | undefined, signed: Uint8Array): boolean {
  return computed !== undefined && equalBytes(computed, signed);
}

/**
 * OID of the digest that an RSASSA-PKCS1-v1_5 value by this key says it is of (RFC 8017 §9.2), whatever it is a digest of; undefined
 * where it is no such value.
 * @throws CryptoError `KEY_UNSUPPORTED` for a key out of bounds
 */
export function statedDigest(key: RsaPublicKey, value: Uint8Array): string | undefined {
  return digestInfoOf(recoverRsaDigestInfo(key, value))?.oid;
}

function digestInfoOf(der: Uint8Array | undefined): DigestInfo | undefined {
  if (der === undefined) return undefined;
  try {
    const info = new DerReader(der).expect(Tag.SEQUENCE, 'DigestInfo').enter();
    const { oid } = readAlgorithmIdentifier(info);
    return { oid, digest: info.expect(Tag.OCTET_STRING, 'digest').content() };
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}

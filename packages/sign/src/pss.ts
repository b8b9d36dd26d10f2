import type { Algorithms, DigestName, PssParameters } from '@hefu/crypto';
import { equalBytes, explicit, integer, nullValue, oid, sequence, type Certificate } from '@hefu/pki';
import { SignError } from './error.js';

export const id_RSASSA_PSS = '1.2.840.113549.1.1.10';
const id_mgf1 = '1.2.840.113549.1.1.8';

/** MGF1 with the same digest, a salt as long as it: what readers expect (RFC 4055 §3.1, RFC 7518 §3.5). */
const USUAL: readonly PssParameters[] = ([['SHA-256', 32], ['SHA-384', 48], ['SHA-512', 64]] as const).map(([hash, saltLength]) => ({ hash, mgfHash: hash, saltLength }));
export const PSS_SHA_256: PssParameters = USUAL[0]!;

/** Undefined for a digest that is not written. */
export function usualPss(digest: DigestName | 'none'): PssParameters | undefined {
  return USUAL.find(({ hash }) => hash === digest);
}

/** With which parameters a key signs RSASSA-PSS; undefined where it does not. @throws SignError KEY_UNSUPPORTED for others than the key's own, or than are written */
export function pssOf({ key, algorithm }: Certificate['spki'], wanted: PssParameters | undefined, algorithms: Algorithms): PssParameters | undefined {
  const restricted = algorithm.oid === id_RSASSA_PSS;
  if (wanted === undefined && !restricted) return undefined;
  if (key.kty !== 'RSA') throw new SignError('KEY_UNSUPPORTED', 'RSASSA-PSS is made with RSA keys');
  const { parameters } = algorithm;
  const allowed = restricted && parameters !== undefined ? USUAL.filter((each) => equalBytes(writePssParameters(each, algorithms), parameters)) : USUAL;
  const found = wanted === undefined ? allowed[0] : allowed.find(({ hash, mgfHash, saltLength }) => hash === wanted.hash && mgfHash === wanted.mgfHash && saltLength === wanted.saltLength);
  if (found === undefined) throw new SignError('KEY_UNSUPPORTED', 'RSASSA-PSS with such parameters is not written, or not with this key');
  return found;
}

/** RSASSA-PSS-params, whole TLV (RFC 4055 §3.1; §2.1: NULL beside the digests). @throws SignError KEY_UNSUPPORTED for a digest that is not among the algorithms */
export function writePssParameters({ hash, mgfHash, saltLength }: PssParameters, { digests }: Algorithms): Uint8Array {
  const digest = (wanted: DigestName): Uint8Array => {
    const found = digests.find(({ name }) => name === wanted);
    if (found === undefined) throw new SignError('KEY_UNSUPPORTED', `${wanted} is not among the algorithms given`);
    return sequence(oid(found.oids[0]!), nullValue());
  };
  return sequence(explicit(0, digest(hash)), explicit(1, sequence(oid(id_mgf1), digest(mgfHash))), explicit(2, integer(saltLength)));
}

// Signed messages piece by piece: whatever a signer may write, right or wrong. Octets in, octets out.
import { constants, createHash, createPrivateKey, privateEncrypt } from 'node:crypto';
import { sm2Digest, sm3 } from '@hefu/crypto';
import {
  concatBytes, explicit, id_contentType, id_data, id_gm_data, id_gm_signedData, id_messageDigest, id_signedData, id_signingTime, implicitConstructed, implicitPrimitive, integer, nullValue,
  octetString, oid, parseCertificate, sequence, setOf, time, tlv,
} from '@hefu/pki';

export const SM3 = '1.2.156.10197.1.401';
export const SM2_SIGN = '1.2.156.10197.1.301.1';
export const SM2_WITH_SM3 = '1.2.156.10197.1.501';
export const SHA_1 = '1.3.14.3.2.26';
export const SHA_256 = '2.16.840.1.101.3.4.2.1';
export const SHA_384 = '2.16.840.1.101.3.4.2.2';
export const SHA_512 = '2.16.840.1.101.3.4.2.3';
export const RSA = '1.2.840.113549.1.1.1';
export const RSA_PSS = '1.2.840.113549.1.1.10';
export const ECDSA_SHA_256 = '1.2.840.10045.4.3.2';
export const ED25519 = '1.3.101.112';

export const algorithm = (id, ...parameters) => sequence(oid(id), ...parameters);
export const sha256 = (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest());
export const attribute = (type, ...values) => sequence(oid(type), setOf(...values));
export const contentTypeAttribute = (type) => attribute(id_contentType, oid(type));
export const messageDigestAttribute = (...digests) => attribute(id_messageDigest, ...digests.map((digest) => octetString(digest)));
export const signingTimeAttribute = (at) => attribute(id_signingTime, time(at));

/** The usual attributes of a GM message over `content`. */
export const gmAttributes = (content, ...more) => setOf(contentTypeAttribute(id_gm_data), messageDigestAttribute(sm3.digest(content)), ...more);
export const cmsAttributes = (digest, ...more) => setOf(contentTypeAttribute(id_data), messageDigestAttribute(digest), ...more);

export function signerIdentifier(certificate) {
  const { issuer, serialNumber } = parseCertificate(certificate);
  return sequence(issuer.bytes, tlv(0x02, serialNumber));
}

export const keyIdentifier = (bytes) => implicitPrimitive(0, bytes);

/** `attributes` is a SET OF (tag 31), written as [0]; `unsigned` likewise as [1]. */
export function signerInfo({ sid, version = 1, digest = algorithm(SM3, nullValue()), attributes, signatureAlgorithm = algorithm(SM2_SIGN), signature, unsigned }) {
  const fields = [integer(version), sid, digest];
  if (attributes !== undefined) fields.push(retag(attributes, 0xa0));
  fields.push(signatureAlgorithm, octetString(signature));
  if (unsigned !== undefined) fields.push(retag(unsigned, 0xa1));
  return sequence(...fields);
}

/** ContentInfo with SignedData. `content` attaches. */
export function message({ family = 'gm', version = 1, digests = [algorithm(family === 'gm' ? SM3 : SHA_256, nullValue())], contentType = family === 'gm' ? id_gm_data : id_data, content, certificates = [], signers, indefinite = false }) {
  const wrap = indefinite ? wrapIndefinite : tlv;
  const encapsulated = [oid(contentType), ...(content === undefined ? [] : [wrap(0xa0, indefinite ? segmented(content) : octetString(content))])];
  const signedData = wrap(
    0x30,
    integer(version),
    setOf(...digests),
    wrap(0x30, ...encapsulated),
    ...(certificates.length === 0 ? [] : [indefinite ? wrapIndefinite(0xa0, ...certificates) : implicitConstructed(0, ...sorted(certificates))]),
    indefinite ? wrapIndefinite(0x31, ...signers) : setOf(...signers),
  );
  return wrap(0x30, oid(family === 'gm' ? id_gm_signedData : id_signedData), wrap(0xa0, signedData));
}

/** A GM message of one signer over `content`; everything can be overridden. */
export function gmMessage(credential, content, { attributes, signed = attributes ?? content, signature = credential.key.sign(signed), signer = {}, certificates = [credential.certificate], ...rest } = {}) {
  return message({
    certificates,
    signers: [signerInfo({ sid: signerIdentifier(credential.certificate), attributes, signature, ...signer })],
    ...rest,
  });
}

/** A CMS message of one RSA, P-256 or Ed25519 signer. */
export function cmsMessage(credential, content, { digest = algorithm(SHA_256), attributes, signature, signatureAlgorithm, signer = {}, certificates = [credential.certificate], ...rest } = {}) {
  const named = { 'RSA-2048': algorithm(RSA, nullValue()), 'P-256': algorithm(ECDSA_SHA_256), Ed25519: algorithm(ED25519), SM2: algorithm(SM2_WITH_SM3) }[credential.key.kind];
  return message({
    family: 'cms',
    digests: [digest],
    certificates,
    signers: [signerInfo({
      sid: signerIdentifier(credential.certificate),
      digest,
      attributes,
      signatureAlgorithm: signatureAlgorithm ?? named,
      signature: signature ?? credential.key.sign(attributes ?? content),
      ...signer,
    })],
    ...rest,
  });
}

/** SM2 under another distinguishing identifier, or with Z of another key. */
export function signUnder(key, content, { id = '1234567812345678', point = key.publicKey.point } = {}) {
  return key.signDigest(sm2Digest(point, content, new TextEncoder().encode(id)));
}

/** EMSA-PSS with SHA-256 and MGF1-SHA-256 (RFC 8017 §9.1.1) under a given salt: deterministic, which OpenSSL's own is not. */
export function signPss(key, content, salt) {
  const length = 256;
  const hash = sha256(concatBytes(new Uint8Array(8), sha256(content), salt));
  const block = new Uint8Array(length - 33);
  block[block.length - salt.length - 1] = 1;
  block.set(salt, block.length - salt.length);
  const mask = mgf1(hash, block.length);
  for (let i = 0; i < block.length; i++) block[i] ^= mask[i];
  block[0] &= 0x7f;
  const padded = concatBytes(block, hash, Uint8Array.of(0xbc));
  const privateKey = createPrivateKey({ key: Buffer.from(key.pkcs8Der), format: 'der', type: 'pkcs8' });
  return new Uint8Array(privateEncrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, padded));
}

export function pssParameters({ hash = SHA_256, mgf = SHA_256, salt = 32 } = {}) {
  const hashAlgorithm = (id) => sequence(oid(id), nullValue());
  return sequence(explicit(0, hashAlgorithm(hash)), explicit(1, sequence(oid('1.2.840.113549.1.1.8'), hashAlgorithm(mgf))), explicit(2, integer(salt)));
}

function mgf1(hash, length) {
  const parts = [];
  for (let counter = 0; parts.length * 32 < length; counter++) parts.push(sha256(concatBytes(hash, Uint8Array.of(0, 0, 0, counter))));
  return concatBytes(...parts).subarray(0, length);
}

function retag(set, tag) {
  return concatBytes(Uint8Array.of(tag), set.subarray(1));
}

/** DER's order of a SET OF. */
function sorted(parts) {
  return [...parts].sort((a, b) => Buffer.compare(a, b));
}

/** X.690 §8.1.3.6 */
function wrapIndefinite(tag, ...parts) {
  return concatBytes(Uint8Array.of(tag, 0x80), ...parts, Uint8Array.of(0, 0));
}

/** A constructed OCTET STRING in segments of 64 octets (X.690 §8.7.3). */
function segmented(content) {
  const segments = [];
  for (let at = 0; at < content.length; at += 64) segments.push(octetString(content.subarray(at, at + 64)));
  return wrapIndefinite(0x24, ...segments);
}

export function flip(bytes, index, bit = 0) {
  const out = bytes.slice();
  out[index < 0 ? out.length + index : index] ^= 1 << bit;
  return out;
}

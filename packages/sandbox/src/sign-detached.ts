import {
  buildSignedAttributes, buildSignedData, concatBytes, explicit, id_data, id_gm_data, id_signedData, implicitConstructed, integer, nullValue,
  octetString, oid, parseCertificate, sequence, setOf, tlv, type AlgorithmToWrite,
} from '@hefu/pki';
import { sha256, sm2Z, sm3 } from '@hefu/crypto';
import type { KeyPair } from './keys.js';

/** A key with its certificate and the CA certificates to send along. DER. */
export interface Credential {
  readonly key: KeyPair;
  readonly certificate: Uint8Array;
  /** Issuing CA first; the order in the message is DER's. Default: none. */
  readonly chain?: readonly Uint8Array[];
}

/** Forms in which messages are really signed. The verify room's `MessageVariant` names all but the last two. */
export type SignedForm =
  | 'cms' // RFC 5652 with attributes; any key but SM2
  | 'cms-content' // RFC 5652 without attributes; any key but SM2
  | 'za-content' // e = SM3(Z || content)
  | 'attrs-za' // messageDigest = SM3(content), e = SM3(Z || SET OF attributes)
  | 'attrs-za-md-za' // messageDigest = SM3(Z || content)
  | 'plain-content' // e = SM3(content)
  | 'contentinfo-der' // e = SM3(DER of the inner ContentInfo with the content)
  | 'digest-as-message' // e = SM3(Z || SM3(content))
  | 'empty-oid'; // za-content in a PKCS #7 shell whose content type is an OID of no octets

export interface SignDetachedOptions {
  readonly form: SignedForm;
  /** Put the content into the message. Default false. */
  readonly attached?: boolean;
  /** Epoch milliseconds of a whole second; only for forms with attributes. */
  readonly signingTime?: number;
  /** NULL or absent parameters of the GM digest algorithm. Default `null`. */
  readonly digestParameters?: 'null' | 'absent';
}

const SM3_OID = '1.2.156.10197.1.401';
const SM2_WITH_SM3 = '1.2.156.10197.1.501';
const SM2_SIGN = '1.2.156.10197.1.301.1';
const SM2_ENCRYPT = '1.2.156.10197.1.301.3';
const SHA_256_OID = '2.16.840.1.101.3.4.2.1';

/**
 * A detached SignedData over `content` in one of the forms found in the field, DER. Deterministic.
 * This is how the sandbox makes its messages, right and odd; the sign room writes only the right ones.
 * @throws TypeError when the key cannot sign the form
 */
export function signDetached(credential: Credential, content: Uint8Array, options: SignDetachedOptions): Uint8Array {
  const { key } = credential;
  const { form } = options;
  if (form === 'cms' || form === 'cms-content') return signCms(credential, content, options);
  if (key.kind !== 'SM2') throw new TypeError(`${form} needs an SM2 key, not ${key.kind}`);
  if (form === 'empty-oid') return signWithEmptyOid(credential, content, options);

  const z = sm2Z(publicPoint(key));
  const gm = { digestOid: SM3_OID, signatureOid: SM2_SIGN };
  switch (form) {
    case 'za-content':
      return assemble(credential, content, options, { ...gm, signature: key.sign(content) });
    case 'attrs-za':
    case 'attrs-za-md-za': {
      const withZ = form === 'attrs-za-md-za';
      const signedAttrs = buildSignedAttributes({
        contentType: id_gm_data,
        messageDigest: sm3.digest(withZ ? concatBytes(z, content) : content),
        ...signingTime(options),
      });
      // The timestamp authority that hashes Z into the messageDigest writes the combined OID as its digest.
      return assemble(credential, content, options, { ...gm, ...(withZ ? { digestOid: SM2_WITH_SM3 } : {}), signedAttrs, signature: key.sign(signedAttrs) });
    }
    case 'plain-content':
      return assemble(credential, content, options, { ...gm, signatureOid: SM2_ENCRYPT, signature: key.signDigest(sm3.digest(content)) });
    case 'contentinfo-der': {
      const contentInfo = sequence(oid(id_gm_data), explicit(0, octetString(content)));
      return assemble(credential, content, options, { ...gm, signature: key.signDigest(sm3.digest(contentInfo)) });
    }
    case 'digest-as-message':
      return assemble(credential, content, options, { ...gm, signature: key.sign(sm3.digest(content)) });
  }
}

function signCms(credential: Credential, content: Uint8Array, options: SignDetachedOptions): Uint8Array {
  const { key } = credential;
  if (key.kind !== 'RSA-2048' && key.kind !== 'P-256') throw new TypeError(`${options.form} is for RSA and P-256 keys, not ${key.kind}`);
  const signedAttrs = options.form === 'cms-content'
    ? undefined
    : buildSignedAttributes({ contentType: id_data, messageDigest: sha256.digest(content), ...signingTime(options) });
  return buildSignedData({
    family: 'cms',
    digestAlgorithm: { oid: SHA_256_OID },
    ...(options.attached === true ? { content } : {}),
    certificates: certificatesOf(credential),
    signers: [{
      sid: signerOf(credential),
      ...(signedAttrs === undefined ? {} : { signedAttrs }),
      // RFC 3370 §3.2 names the key alone for RSA, RFC 5753 §2.1.1 key and digest together for ECDSA.
      signatureAlgorithm: key.kind === 'RSA-2048' ? { oid: '1.2.840.113549.1.1.1', parameters: nullValue() } : { oid: '1.2.840.10045.4.3.2' },
      signature: key.sign(signedAttrs ?? content),
    }],
  });
}

interface GmSignature {
  readonly digestOid: string;
  readonly signatureOid: string;
  readonly signedAttrs?: Uint8Array;
  readonly signature: Uint8Array;
}

function assemble(credential: Credential, content: Uint8Array, options: SignDetachedOptions, made: GmSignature): Uint8Array {
  return buildSignedData({
    family: 'gm',
    digestAlgorithm: digestAlgorithm(made.digestOid, options),
    ...(options.attached === true ? { content } : {}),
    certificates: certificatesOf(credential),
    signers: [{
      sid: signerOf(credential),
      ...(made.signedAttrs === undefined ? {} : { signedAttrs: made.signedAttrs }),
      signatureAlgorithm: { oid: made.signatureOid },
      signature: made.signature,
    }],
  });
}

/** The shape of one regional CA's middleware: PKCS #7 outside, an OBJECT IDENTIFIER of no octets inside, always detached. */
function signWithEmptyOid(credential: Credential, content: Uint8Array, options: SignDetachedOptions): Uint8Array {
  if (options.attached === true) throw new TypeError('the empty content type is only found in detached messages');
  const { issuer, serialNumber } = signerOf(credential);
  const digest = sequence(oid(SM3_OID), nullValue());
  const signerInfo = sequence(
    integer(1),
    sequence(issuer, tlv(0x02, serialNumber)),
    digest,
    sequence(oid(SM2_SIGN)),
    octetString(credential.key.sign(content)),
  );
  const signedData = sequence(
    integer(1),
    setOf(digest),
    sequence(tlv(0x06)),
    implicitConstructed(0, ...certificatesOf(credential)),
    setOf(signerInfo),
  );
  return sequence(oid(id_signedData), explicit(0, signedData));
}

function digestAlgorithm(digestOid: string, options: SignDetachedOptions): AlgorithmToWrite {
  return options.digestParameters === 'absent' ? { oid: digestOid } : { oid: digestOid, parameters: nullValue() };
}

function signerOf(credential: Credential): { readonly issuer: Uint8Array; readonly serialNumber: Uint8Array } {
  const certificate = parseCertificate(credential.certificate);
  return { issuer: certificate.issuer.bytes, serialNumber: certificate.serialNumber };
}

function certificatesOf(credential: Credential): readonly Uint8Array[] {
  return [credential.certificate, ...(credential.chain ?? [])];
}

function signingTime(options: SignDetachedOptions): { signingTime?: number } {
  return options.signingTime === undefined ? {} : { signingTime: options.signingTime };
}

function publicPoint(key: KeyPair): Uint8Array {
  if (key.publicKey.kty !== 'EC') throw new TypeError('not an elliptic-curve key');
  return key.publicKey.point;
}

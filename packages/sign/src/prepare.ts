import type { Algorithms, DigestAlgorithm, PssParameters, SignatureAlgorithm } from '@hefu/crypto';
import { buildSignedAttributes, type Certificate, type SignaturePolicyToWrite } from '@hefu/pki';
import { isChallenge, mayBeSignedAttributes, type Content } from '@hefu/verify';
import { cadesAttributes } from './cades-attributes.js';
import { SignError } from './error.js';
import { dataType, signatureProfile, type SignatureProfile, type WrittenVariant } from './signature-profile.js';

export interface PrepareInput {
  readonly certificate: Certificate;
  /** Issuer certificates to carry along, DER; the anchor may be left out. */
  readonly chain?: readonly Uint8Array[];
  /** The document, whole … */
  readonly content?: Uint8Array;
  /**
   * … or its digest, computed elsewhere: the plain digest where attributes are signed (`cms`, `attrs-za`),
   * e = SM3(Z || content) with Z of the certificate's key for `za-content`.
   */
  readonly contentDigest?: Uint8Array;
  /** Carry the content inside the message. Default false: detached. Needs `content`. */
  readonly attached?: boolean;
  /** Default: `cms` for RSA, ECDSA and Ed25519; `za-content` for SM2. */
  readonly variant?: WrittenVariant;
  /** RSASSA-PSS with these parameters instead of PKCS #1 v1.5 (RFC 4056): a digest of SHA-2, the same in MGF1, a salt as long as it. */
  readonly pss?: PssParameters;
  /** Claimed time, epoch milliseconds, cut to whole seconds; only where attributes are signed. It proves nothing. */
  readonly signingTime?: number;
  /** `B-B` (EN 319 122-1 §6): refuse to make less than the baseline: signing time and signing certificate are then required. */
  readonly level?: 'B-B';
  /** Bind the certificate (signing-certificate-v2, RFC 5035 §3). Default: for CMS yes; for GM/T 0010, whose readers do not expect it, at level B-B only. */
  readonly signingCertificate?: boolean;
  /** OID of a commitment type: what the signer means by signing. */
  readonly commitment?: string;
  readonly signaturePolicy?: SignaturePolicyToWrite;
  /** Tokens over the content, from `contentTimestamp`. */
  readonly contentTimestamps?: readonly Uint8Array[];
  /** The content is a login challenge, and signed as one. Without it a challenge is refused. */
  readonly challenge?: boolean;
  readonly algorithms: Algorithms;
}

/** What a signer must sign, in every form a signer may want it. */
export interface ToBeSigned {
  /** Name of the signature algorithm, as the crypto room spells it. */
  readonly algorithm: string;
  /** Name of the digest. */
  readonly digestAlgorithm: string;
  /** The digest to sign: of the octets, and for SM2 e = SM3(Z || octets). Undefined for Ed25519, which signs octets. */
  readonly digest: Uint8Array | undefined;
  /** The octets signed (for SM2 without Z): the attributes, or the content. Undefined when only a digest was given. */
  readonly message: Uint8Array | undefined;
  /** With RSASSA-PSS only. */
  readonly pss?: PssParameters;
}

/** A signature waiting for its value. */
export interface PreparedSignature {
  readonly toBeSigned: ToBeSigned;
  readonly certificate: Certificate;
  readonly chain: readonly Uint8Array[];
  readonly profile: SignatureProfile;
  /** DER SET OF, when attributes are signed. */
  readonly signedAttrs: Uint8Array | undefined;
  /** Digest of the content that the attributes state. */
  readonly messageDigest: Uint8Array | undefined;
  /** Set for an attached message. */
  readonly attachedContent: Uint8Array | undefined;
}

/**
 * Prepares a CMS (RFC 5652) or GM/T 0010 signature: decides the algorithms from the certificate's key, builds the
 * attributes, computes what is to be signed.
 *
 * @throws SignError CERTIFICATE_NOT_FOR_SIGNING | KEY_UNSUPPORTED | VARIANT_UNSUPPORTED | CONTENT_IS_CHALLENGE | CONTENT_IS_ATTRIBUTES |
 * CONTENT_DIGEST_INVALID | TIMESTAMP_MISMATCH
 * @throws TypeError when neither or both of `content` and `contentDigest` are given, and for level B-B without a signing time or certificate
 */
export function prepareSignature(input: PrepareInput): PreparedSignature {
  return prepare(input, dataType);
}

/** As `prepareSignature`, over content of another type; a countersignature states none. */
export function prepare(input: PrepareInput, contentTypeOf: (profile: SignatureProfile) => string | undefined): PreparedSignature {
  const { certificate, algorithms, content, contentDigest } = input;
  if ((content === undefined) === (contentDigest === undefined)) throw new TypeError('give either content or contentDigest');
  if (input.attached === true && content === undefined) throw new TypeError('an attached message needs its content');
  if (content !== undefined && isChallenge(content) && input.challenge !== true) throw new SignError('CONTENT_IS_CHALLENGE', 'a login challenge is signed with signChallenge, never as a document');
  requireSigningCertificate(certificate);
  const profile = signatureProfile(certificate, algorithms, input.variant, input.pss);
  if (content !== undefined && profile.variant === 'za-content') requireDocument(content);
  if (contentDigest !== undefined && contentDigest.length !== profile.digest.outputLength) {
    throw new SignError('CONTENT_DIGEST_INVALID', `${profile.digest.name} has ${profile.digest.outputLength} octets, ${contentDigest.length} were given`);
  }

  if (profile.variant === 'za-content' && wantsAttributes(input)) {
    throw new SignError('VARIANT_UNSUPPORTED', 'za-content has no attributes to carry a time or a certificate; ask for attrs-za');
  }
  const messageDigest = profile.variant === 'za-content' ? undefined : contentDigest ?? profile.digest.digest(content!);
  const signedAttrs = messageDigest === undefined ? undefined : attributesFor(input, profile, messageDigest, contentTypeOf(profile));
  const message = signedAttrs ?? content;
  return {
    toBeSigned: {
      algorithm: profile.algorithm.name,
      digestAlgorithm: profile.digest.name,
      digest: message === undefined ? contentDigest : messageDigestFor(profile, certificate, message),
      message,
      ...(profile.pss === undefined ? {} : { pss: profile.pss }),
    },
    certificate,
    chain: input.chain ?? [],
    profile,
    signedAttrs,
    messageDigest,
    attachedContent: input.attached === true ? content : undefined,
  };
}

/**
 * Signatures over content and over attributes are made over octets that nothing tells apart: who has a set of attributes signed
 * as content has a signature over every document that they name.
 * @throws SignError CONTENT_IS_ATTRIBUTES
 */
export function requireDocument(content: Content): void {
  if (mayBeSignedAttributes(content)) throw new SignError('CONTENT_IS_ATTRIBUTES', 'a set of signed attributes is not signed as content');
}

function wantsAttributes({ signingTime, level, signingCertificate, commitment, signaturePolicy, contentTimestamps }: PrepareInput): boolean {
  return [signingTime, level, commitment, signaturePolicy].some((wanted) => wanted !== undefined) || signingCertificate === true || (contentTimestamps ?? []).length > 0;
}

function attributesFor(input: PrepareInput, profile: SignatureProfile, messageDigest: Uint8Array, contentType: string | undefined): Uint8Array {
  const { level, signingTime, signingCertificate = profile.family === 'cms' || level !== undefined } = input;
  if (level === 'B-B' && (signingTime === undefined || !signingCertificate)) throw new TypeError('level B-B has a signing time and the signing certificate');
  return buildSignedAttributes({
    ...(contentType === undefined ? {} : { contentType }),
    messageDigest,
    ...(signingTime === undefined ? {} : { signingTime: Math.floor(signingTime / 1000) * 1000 }),
    ...cadesAttributes(input, profile, signingCertificate),
  });
}

/** @throws SignError CERTIFICATE_NOT_FOR_SIGNING for a keyUsage that does not sign */
export function requireSigningCertificate({ extKeyUsage: usage }: Certificate): void {
  if (usage !== undefined && !usage.has('digitalSignature') && !usage.has('nonRepudiation')) {
    throw new SignError('CERTIFICATE_NOT_FOR_SIGNING', `keyUsage is ${[...usage].join(', ')}`);
  }
}

/** The digest that a signature over `message` is of; undefined where the algorithm signs octets. */
export function messageDigestFor(profile: { readonly algorithm: SignatureAlgorithm; readonly digest: DigestAlgorithm }, certificate: Certificate, message: Uint8Array): Uint8Array | undefined {
  if (profile.algorithm.digest === 'none') return undefined;
  const hasher = profile.digest.create();
  const prefix = profile.algorithm.messagePrefix?.(certificate.spki.key);
  if (prefix !== undefined) hasher.update(prefix);
  return hasher.update(message).digest();
}

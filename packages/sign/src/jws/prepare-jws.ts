import type { Algorithms, DigestAlgorithm } from '@hefu/crypto';
import type { Certificate } from '@hefu/pki';
import { encodeBase64url } from '@hefu/trust-list';
import { messageDigestFor, requireSigningCertificate, type ToBeSigned } from '../prepare.js';
import { jwsProfile, type JwsProfile } from './jws-profile.js';
import { protectedHeader } from './protected-header.js';

/** Something signed that lies elsewhere. Give `content`, or `encodedDigest`. */
export interface DetachedObject {
  /** Where it is, or its name: a URI reference. */
  readonly uri: string;
  readonly content?: Uint8Array;
  /** Digest by `objectDigest` of the ASCII octets of the object's base64url text, computed elsewhere. */
  readonly encodedDigest?: Uint8Array;
  /** Media type. */
  readonly contentType?: string;
}

/** What a JWS is made of: a payload, or objects elsewhere. */
export interface PrepareJwsInput {
  readonly certificate: Certificate;
  /** Issuer certificates to carry along, DER. */
  readonly chain?: readonly Uint8Array[];
  readonly algorithms: Algorithms;
  readonly payload?: Uint8Array;
  /** Leave the payload out of what is written (RFC 7515 appendix F); it is signed all the same. */
  readonly detached?: boolean;
  /** Objects signed by their digests (`sigD`, ETSI TS 119 182-1 §5.2.8.3.3) in place of a payload. */
  readonly objects?: readonly DetachedObject[];
  /** Of the objects. Default SHA-256, or the signature's digest where that is not among the algorithms. */
  readonly objectDigest?: DigestAlgorithm;
  /** Refuse to make less than the JAdES baseline: the signing time is then required. */
  readonly level?: 'B-B';
  /** Claimed time, epoch milliseconds, cut to whole seconds. */
  readonly signingTime?: number;
  /** How it is written. `iat` is the name new signatures take since 2025; `sigT` is for older readers. Default `iat`. */
  readonly timeHeader?: 'iat' | 'sigT';
  /** Digest that binds the certificate: SHA-256 as `x5t#S256` by default, another as `x5t#o`. */
  readonly certificateDigest?: DigestAlgorithm;
  /** Carry certificate and chain as `x5c`. Default true. */
  readonly embedCertificates?: boolean;
  /** `cty`, of the payload. */
  readonly contentType?: string;
  /** `typ`, of the whole. */
  readonly type?: string;
}

/** A JWS waiting for its signature value. */
export interface PreparedJws {
  readonly toBeSigned: ToBeSigned;
  readonly certificate: Certificate;
  readonly profile: JwsProfile;
  /** Base64url. */
  readonly protectedHeader: string;
  /** Base64url; empty for objects; undefined when it is detached. */
  readonly payload: string | undefined;
}

/**
 * Prepares a JWS (RFC 7515) with the certificate bound: of JAdES baseline level B-B with a signing time. The algorithm follows
 * from the certificate's key.
 * @throws SignError CERTIFICATE_NOT_FOR_SIGNING | KEY_UNSUPPORTED | CONTENT_DIGEST_INVALID
 * @throws TypeError when neither or both of payload and objects are given, or the parts contradict each other
 */
export function prepareJws(input: PrepareJwsInput): PreparedJws {
  requireParts(input);
  const { certificate, algorithms } = input;
  requireSigningCertificate(certificate);
  const profile = jwsProfile(certificate, algorithms);
  const header = encodeBase64url(new TextEncoder().encode(JSON.stringify(protectedHeader(input, profile))));
  // §5.2.8.3.3: with ObjectIdByURIHash the payload contributes as an empty stream.
  const payload = encodeBase64url(input.payload ?? new Uint8Array(0));
  const message = new TextEncoder().encode(`${header}.${payload}`);
  return {
    toBeSigned: {
      algorithm: profile.algorithm.name,
      digestAlgorithm: profile.digest.name,
      digest: messageDigestFor(profile, certificate, message),
      message,
      ...(profile.pss === undefined ? {} : { pss: profile.pss }),
    },
    certificate,
    profile,
    protectedHeader: header,
    payload: input.detached === true || input.objects !== undefined ? undefined : payload,
  };
}

function requireParts({ payload, objects, detached, contentType, level, signingTime }: PrepareJwsInput): void {
  if ((payload === undefined) === (objects === undefined)) throw new TypeError('give either a payload or objects');
  if (level === 'B-B' && signingTime === undefined) throw new TypeError('level B-B has a signing time');
  if (objects === undefined) return;
  if (objects.length === 0) throw new TypeError('no object');
  if (detached !== undefined || contentType !== undefined) throw new TypeError('objects have no payload to detach or to describe');
  if (objects.some(({ content, encodedDigest }) => (content === undefined) === (encodedDigest === undefined))) throw new TypeError('of each object give either content or encodedDigest');
}

import type { DigestAlgorithm } from '@hefu/crypto';
import { encodeBase64, encodeBase64url, formatInstant } from '@hefu/trust-list';
import { SignError } from '../error.js';
import { headerNameOf, type JwsProfile } from './jws-profile.js';
import type { DetachedObject, PrepareJwsInput } from './prepare-jws.js';

const OBJECT_ID_BY_URI_HASH = 'http://uri.etsi.org/19182/ObjectIdByURIHash';

/** The protected header (RFC 7515 §4.1; ETSI TS 119 182-1 §5.1, §5.2), members in the order in which they are written. */
export function protectedHeader(input: PrepareJwsInput, { alg, digest }: JwsProfile): object {
  const { certificate, chain = [], algorithms, objects, signingTime, timeHeader = 'iat', embedCertificates = true, contentType, type } = input;
  const sha256 = algorithms.digests.find(({ name }) => name === 'SHA-256');
  const reference = input.certificateDigest ?? sha256 ?? digest;
  const byOther = reference.name !== 'SHA-256';
  const sigT = signingTime !== undefined && timeHeader === 'sigT';
  // §5.1.9: what JAdES adds to RFC 7515 must be understood by whoever verifies.
  const crit = [...(sigT ? ['sigT'] : []), ...(byOther ? ['x5t#o'] : []), ...(objects === undefined ? [] : ['sigD'])];
  const certHash = encodeBase64url(reference.digest(certificate.bytes));
  return {
    alg,
    ...(type === undefined ? {} : { typ: type }),
    ...(contentType === undefined ? {} : { cty: contentType }),
    ...(signingTime === undefined ? {} : sigT ? { sigT: formatInstant(Math.floor(signingTime / 1000) * 1000) } : { iat: Math.floor(signingTime / 1000) }),
    ...(byOther ? { 'x5t#o': { digAlg: headerNameOf(reference), digVal: certHash } } : { 'x5t#S256': certHash }),
    ...(embedCertificates ? { x5c: [certificate.bytes, ...chain].map(encodeBase64) } : {}),
    ...(objects === undefined ? {} : { sigD: detachedObjects(objects, input.objectDigest ?? sha256 ?? digest) }),
    ...(crit.length === 0 ? {} : { crit }),
  };
}

/** sigD, §5.2.8.3.3: without `b64: false` the digest is of each object's base64url text. */
function detachedObjects(objects: readonly DetachedObject[], digest: DigestAlgorithm): object {
  const types = objects.map(({ contentType }) => contentType);
  if (types.some((each) => each !== undefined) && types.includes(undefined)) throw new TypeError('either all objects have a content type, or none');
  return {
    mId: OBJECT_ID_BY_URI_HASH,
    pars: objects.map(({ uri }) => uri),
    hashM: headerNameOf(digest),
    hashV: objects.map((object) => encodeBase64url(digestOf(object, digest))),
    ...(types.includes(undefined) ? {} : { ctys: types }),
  };
}

function digestOf({ content, encodedDigest }: DetachedObject, digest: DigestAlgorithm): Uint8Array {
  const value = encodedDigest ?? digest.digest(new TextEncoder().encode(encodeBase64url(content!)));
  if (value.length !== digest.outputLength) throw new SignError('CONTENT_DIGEST_INVALID', `${digest.name} has ${digest.outputLength} octets, ${value.length} were given`);
  return value;
}

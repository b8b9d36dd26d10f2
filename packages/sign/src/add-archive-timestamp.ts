import type { DigestAlgorithm } from '@hefu/crypto';
import {
  archiveTimestampInput, buildAtsHashIndex, equalBytes, extendSignedData, id_aa_ATSHashIndexV3, id_aa_ets_archiveTimestampV3, messageDigestOf, type SignedData, type SignerInfo,
} from '@hefu/pki';
import { SignError } from './error.js';
import { extend, openSigner, type ExtendedMessage } from './message.js';
import { obtainToken, type Timestamper } from './timestamper.js';

export interface ArchiveOptions {
  /** Of the imprint and of the index. Choose one that is to last. */
  readonly digest: DigestAlgorithm;
  /** Of a detached message: the content … */
  readonly content?: Uint8Array;
  /** … or its plain digest by `digest`, computed elsewhere. */
  readonly contentDigest?: Uint8Array;
}

/**
 * Level B-LTA (EN 319 122-1 §5.5.3): an archive time-stamp V3 over the content, the signer's fields and, by its hash index,
 * every certificate, revocation value and unsigned attribute there is now; add those first. A further one over the first
 * renews it before its algorithms or its authority's certificate fade: add the validation data of the last token, then stamp again.
 *
 * @throws SignError TIMESTAMP_FAILED | TIMESTAMP_MISMATCH | CONTENT_DIGEST_INVALID | CONTENT_MISMATCH (where the message states a
 * digest of the content by `digest`, which it does not under GM/T 0010) | VARIANT_UNSUPPORTED for a message that states no content type
 * @throws PkiError for what is no message; TypeError for a signer that is not there, and for a detached message without content
 */
export async function addArchiveTimestamp(message: Uint8Array, signerIndex: number, timestamper: Timestamper, options: ArchiveOptions): Promise<ExtendedMessage> {
  const { digest } = options;
  const { signed, info } = openSigner(message, signerIndex);
  // The stamp covers the type of the content; one regional CA's messages leave it empty.
  const { contentType } = signed.encapContentInfo;
  if (contentType === '') throw new SignError('VARIANT_UNSUPPORTED', 'the message does not say the type of its content');
  const contentDigest = digestOfContent(signed, info, options);
  const index = buildAtsHashIndex(signed, info.unsignedAttrs, { oid: digest.oids[0]! }, (octets) => digest.digest(octets));
  const token = await obtainToken(timestamper, digest, archiveTimestampInput(contentType, contentDigest, info.fields, index));
  if (token.signed.signerInfos.length !== 1) throw new SignError('TIMESTAMP_MISMATCH', 'a token has one signer (RFC 3161 §2.4.2)');
  // §5.5.2: the index travels in the token, as an unsigned attribute of its signer.
  const indexed = extendSignedData(token.signed, { unsignedAttrs: [{ type: id_aa_ATSHashIndexV3, values: [index] }] });
  return extend(signed, signerIndex, { unsignedAttrs: [{ type: id_aa_ets_archiveTimestampV3, values: [indexed] }] });
}

function digestOfContent(signed: SignedData, info: SignerInfo, { digest, content, contentDigest }: ArchiveOptions): Uint8Array {
  const attached = signed.encapContentInfo.content;
  if (attached === undefined ? (content === undefined) === (contentDigest === undefined) : content !== undefined || contentDigest !== undefined) {
    throw new TypeError('a detached message needs its content or the digest of it, an attached one neither');
  }
  const value = contentDigest ?? digest.digest(attached ?? content!);
  if (value.length !== digest.outputLength) throw new SignError('CONTENT_DIGEST_INVALID', `${digest.name} has ${digest.outputLength} octets, ${value.length} were given`);
  // Under GM/T 0010 the messageDigest may have Z in it, which only the judge tells apart.
  const stated = signed.family === 'gm' || !digest.oids.includes(info.digestAlgorithm.oid) || info.signedAttrs === undefined ? undefined : messageDigestOf(info.signedAttrs);
  if (stated?.duplicate === false && !equalBytes(stated.value, value)) throw new SignError('CONTENT_MISMATCH', 'the content is not the one that is signed');
  return value;
}

import type { Algorithms, DigestName } from '@hefu/crypto';
import {
  id_aa_ets_archiveTimestampV3, id_aa_ets_contentTimestamp, id_data, id_gm_data, parseTimeStampToken, PkiError, type Certificate, type SignedData, type SignerInfo,
} from '@hefu/pki';
import { readableCertificate } from '../readable-certificate.js';
import { digestNamed, resolveSignatureAlgorithm } from './algorithm-resolution.js';
import { resolveAlias } from './aliases.js';
import { contentInfoHeader } from './content-info-header.js';
import { identifies } from './identifies.js';

/** A digest to compute over detached content. */
export interface WantedDigest {
  readonly algorithm: DigestName;
  /** Octets to hash before the content. */
  readonly prefix: Uint8Array;
}

export interface WantedDigestsInput {
  readonly signed: SignedData;
  /** Octets of the content. */
  readonly length: number;
  /** Where the signers' certificates are looked for besides those carried. */
  readonly candidateCertificates?: readonly Certificate[];
  readonly algorithms: Algorithms;
}

export interface WantedDigests {
  readonly digests: readonly WantedDigest[];
  /** A signature without attributes by an algorithm that takes no digest: the octets themselves are needed. */
  readonly octets: boolean;
}

const NONE: Uint8Array = new Uint8Array(0);

/**
 * Every digest of its content that a message needs to be judged, so that a large file is read once: those the attributes
 * state, SM3(Z || content) with Z of each signer's key, and those of time-stamps over the content.
 */
export function wantedDigests({ signed, length, candidateCertificates = [], algorithms }: WantedDigestsInput): WantedDigests {
  const wanted = new Map<string, WantedDigest>();
  let octets = false;
  const certificates = [...signed.certificates.flatMap((der) => readableCertificate(der) ?? []), ...candidateCertificates];
  const want = (algorithm: DigestName, prefix = NONE): unknown => wanted.set(`${algorithm} ${prefix.join()}`, { algorithm, prefix });
  const nameOf = (oid: string): DigestName | undefined => digestNamed(algorithms, resolveAlias(oid, 'digestAlgorithm').oid)?.name;
  const type = signed.encapContentInfo.contentType;

  for (const signer of signed.signerInfos) {
    const name = nameOf(signer.digestAlgorithm.oid);
    if (name !== undefined) want(name);
    for (const oid of imprintsOver(signer)) {
      const stamped = nameOf(oid);
      if (stamped !== undefined) want(stamped);
    }
    const oid = resolveAlias(signer.signatureAlgorithm.oid, 'signatureAlgorithm').oid;
    const resolved = resolveSignatureAlgorithm(algorithms, { ...signer.signatureAlgorithm, oid }, resolveAlias(signer.digestAlgorithm.oid, 'digestAlgorithm').oid);
    if (resolved.code !== undefined || name === undefined) continue;
    const { algorithm, options } = resolved;
    if (algorithm.messagePrefix === undefined || algorithm.verifyDigest === undefined) {
      octets ||= signer.signedAttrs === undefined;
      continue;
    }
    for (const certificate of certificates) {
      if (!identifies(signer, certificate)) continue;
      const z = prefixOf(() => algorithm.messagePrefix!(certificate.spki.key, options));
      if (z !== undefined) want(name, z);
    }
    if (signer.signedAttrs === undefined && (type === id_data || type === id_gm_data || type === '')) want(name, contentInfoHeader(type === '' ? id_gm_data : type, length));
  }
  return { digests: [...wanted.values()], octets };
}

/** Digest algorithms of the time-stamps over content: content and archive time-stamps (EN 319 122-1 §5.2.8, §5.5.3). */
function imprintsOver({ signedAttrs, unsignedAttrs }: SignerInfo): readonly string[] {
  const tokens = [...(signedAttrs?.find(id_aa_ets_contentTimestamp) ?? []), ...(unsignedAttrs?.find(id_aa_ets_archiveTimestampV3) ?? [])].flatMap(({ values }) => values);
  return tokens.flatMap((token) => {
    try {
      return parseTimeStampToken(token).tstInfo.messageImprint.hashAlgorithm.oid;
    } catch (error) {
      if (error instanceof PkiError) return [];
      throw error;
    }
  });
}

/** A key that cannot be read or is off its curve has no Z; what that means is the judge's to say. */
function prefixOf(read: () => Uint8Array): Uint8Array | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

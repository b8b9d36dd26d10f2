import { equalBytes } from '@hefu/pki';
import { contentDigest } from '../signature/content.js';
import { worded } from './diagnoses.js';
import { digestTexts } from './digest-texts.js';
import type { DiagnoseDigestInput, Diagnosis, Finding } from './model.js';
import { otherContents } from './other-contents.js';
import { keyOrNothing, otherKeys } from './value-hypotheses.js';

/**
 * Which known mistake a messageDigest is that is not the digest of the content, if one is recognisable: another algorithm, text
 * hashed, another encoding, another file.
 * @returns undefined when none is recognised: the content was changed, or is another
 */
export function diagnoseDigest(input: DiagnoseDigestInput): Diagnosis | undefined {
  for (const { octets, ...finding } of candidates(input)) {
    if (octets !== undefined && equalBytes(octets, input.messageDigest)) return worded(finding);
  }
  return undefined;
}

function* candidates(input: DiagnoseDigestInput): Generator<Finding & { readonly octets: Uint8Array | undefined }> {
  const { content, digest, algorithm, algorithms, certificate, options } = input;
  const computed = contentDigest(content, digest);
  for (const { content: other, code, evidence } of otherContents(content, input.otherFiles)) yield { code, evidence, octets: contentDigest(other, digest) };
  for (const other of algorithms.digests) {
    if (other.name !== digest.name) yield { code: 'ALGORITHM_OTHER', evidence: { digest: other.name }, octets: contentDigest(content, other) };
  }
  if (computed !== undefined) {
    yield { code: 'HASHED_TWICE', evidence: { digest: digest.name }, octets: digest.digest(computed) };
    for (const { octets, ...finding } of digestTexts(computed, `${digest.name}(content)`)) {
      yield { ...finding, octets: digest.digest(octets) };
      yield { ...finding, evidence: { ...finding.evidence, hashed: 'no' }, octets };
    }
  }
  if (algorithm.messagePrefix === undefined) return;
  const prefix = (key: Parameters<typeof algorithm.messagePrefix>[0], id?: Uint8Array): Uint8Array | undefined => keyOrNothing(() => algorithm.messagePrefix!(key, id === undefined ? options : { distinguishingId: id }));
  const own = keyOrNothing(() => certificate.spki.key);
  const withZ = (evidence: Finding['evidence'], z: Uint8Array | undefined): Finding & { readonly octets: Uint8Array | undefined } => ({
    code: 'MESSAGE_DIGEST_WITH_Z', evidence, octets: z === undefined ? undefined : contentDigest(content, digest, z),
  });
  if (own !== undefined) {
    yield withZ({ z: 'of the signer' }, prefix(own));
    yield withZ({ z: 'of the signer, with an empty identifier' }, prefix(own, new Uint8Array(0)));
  }
  for (const other of otherKeys(input)) yield withZ({ z: 'of another key', ...other.evidence }, prefix(other.key));
}

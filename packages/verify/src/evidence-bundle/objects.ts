import type { Algorithms, DigestAlgorithm } from '@hefu/crypto';
import { hexOf } from '@hefu/pki';
import { requiredSha256 } from '../required-digest.js';
import { EvidenceError } from './error.js';
import type { ObjectSource, StoredFile } from './model.js';
import type { ReplayCache } from './replay-cache.js';

/** Octets by both digests. @throws TypeError when the caller's list lacks one */
export function describeFile(bytes: Uint8Array, algorithms: Algorithms): StoredFile {
  return { sha256: hexOf(requiredSha256(algorithms).digest(bytes)), sm3: hexOf(requiredSm3(algorithms).digest(bytes)), length: bytes.length };
}

export function requiredSm3(algorithms: Algorithms): DigestAlgorithm {
  const sm3 = algorithms.digests.find(({ name }) => name === 'SM3');
  if (sm3 === undefined) throw new TypeError('algorithms.digests must contain SM3');
  return sm3;
}

/**
 * Objects by name, each held against both digests the manifest states.
 * @param shared what to remember for other verdicts, and of which objects
 * @throws EvidenceError EVIDENCE_OBJECT_MISSING | EVIDENCE_OBJECT_ALTERED
 */
export function checkedObjects(objects: ObjectSource, files: readonly StoredFile[], algorithms: Algorithms, shared?: { readonly cache: ReplayCache; readonly names: ReadonlySet<string> }): (sha256: string) => Promise<Uint8Array> {
  const stated = new Map(files.map((file) => [file.sha256, file]));
  return async (sha256) => {
    const file = `objects/${sha256}`;
    const known = shared?.cache.object(sha256);
    const bytes = known?.bytes ?? (await objects(sha256));
    if (bytes === undefined) throw new EvidenceError('EVIDENCE_OBJECT_MISSING', `${file} is not in the bundle`, { file });
    const found = known?.file ?? describeFile(bytes, algorithms);
    if (!isFile(found, stated.get(sha256))) throw new EvidenceError('EVIDENCE_OBJECT_ALTERED', `${file} is not what its name and the manifest say`, { file });
    if (shared?.names.has(sha256) === true) shared.cache.keep(bytes, found);
    return bytes;
  };
}

export function isFile(found: StoredFile, stated: StoredFile | undefined): boolean {
  return found.sha256 === stated?.sha256 && found.sm3 === stated.sm3 && found.length === stated.length;
}

import type { Algorithms } from '@hefu/crypto';
import { describeFile } from '@hefu/verify';
import type { EvidenceBundle } from './read-bundle.js';
import { writeEvidenceBundle, type BundleRecord } from './write-bundle.js';

/**
 * Writes the files of an open bundle again with other seals: to the octet the same index, so that seals over it hold.
 * @throws as `writeEvidenceBundle`
 */
export async function rewriteEvidenceBundle(path: string, bundle: EvidenceBundle, seals: Uint8Array, { algorithms }: { readonly algorithms: Algorithms }): Promise<void> {
  const { project } = bundle.index;
  await writeEvidenceBundle(path, recordsOf(bundle, algorithms), { algorithms, ...(project === undefined ? {} : { project }), seal: () => Promise.resolve(seals) });
}

async function* recordsOf(bundle: EvidenceBundle, algorithms: Algorithms): AsyncGenerator<BundleRecord> {
  for (const { id } of bundle.index.manifests) {
    const bytes = await bundle.manifestBytes(id);
    yield { manifest: await bundle.manifest(id), bytes, file: describeFile(bytes, algorithms), objects: { get: (sha256) => bundle.object(sha256) } };
  }
}

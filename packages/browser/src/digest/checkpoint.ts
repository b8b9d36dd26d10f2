import { sha256 } from '@hefu/crypto';
import { equalBytes } from '@hefu/pki';
import { decodeBase64, encodeBase64 } from '@hefu/trust-list';
import type { Store } from '@hefu/updater';
import { BROWSER_LIMITS } from '../limits.js';
import type { DigestJob, DigestProgress } from './digest-job.js';

/** A file as it is told from others after a reload, when the person has chosen it again. */
export interface FileIdentity {
  readonly name: string;
  readonly size: number;
  /** Epoch milliseconds. */
  readonly lastModified: number;
}

const TYPE = 'hefu-digest-checkpoint';

/** Keeps how far the hashing of one file is, in any Store. What comes out of it is untrusted. */
export interface Checkpoints {
  /** The last one for this file and these digests; undefined when there is none that can be used. */
  load(wanted: DigestJob['wanted']): Promise<DigestProgress | undefined>;
  save(wanted: DigestJob['wanted'], progress: DigestProgress): Promise<void>;
  remove(): Promise<void>;
}

export function checkpointsOf(store: Store, file: FileIdentity, now: () => number): Checkpoints {
  const key = `digest ${file.size} ${file.lastModified} ${file.name.slice(0, 500)}`;
  return {
    async load(wanted) {
      const bytes = await store.get(key);
      return bytes === undefined ? undefined : readCheckpoint(bytes, file, wanted, now());
    },
    async save(wanted, progress) {
      await store.put(key, writeCheckpoint(file, wanted, progress, now()));
    },
    remove: () => store.delete(key),
  };
}

/** SHA-256 of what follows, then JSON. */
export function writeCheckpoint(file: FileIdentity, wanted: DigestJob['wanted'], { done, states, headDigest, samples }: DigestProgress, savedAt: number): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify({
    type: TYPE, version: 1, name: file.name, size: file.size, lastModified: file.lastModified, savedAt,
    wanted: wanted.map(({ algorithm, prefix }) => [algorithm, encodeBase64(prefix)]),
    done, states: states.map(encodeBase64), head: encodeBase64(headDigest), samples: samples.map(({ block, digest }) => [block, encodeBase64(digest)]),
  }));
  const bytes = new Uint8Array(32 + text.length);
  bytes.set(sha256.digest(text));
  bytes.set(text, 32);
  return bytes;
}

/** Undefined for whatever is damaged, another file's, for other digests, or too old. */
export function readCheckpoint(bytes: Uint8Array, file: FileIdentity, wanted: DigestJob['wanted'], now: number): DigestProgress | undefined {
  if (bytes.length > BROWSER_LIMITS.maxCheckpointOctets || !equalBytes(sha256.digest(bytes.subarray(32)), bytes.subarray(0, 32))) return undefined;
  // Whole, so written by `writeCheckpoint` of some version: its shape follows from type and version.
  const found = JSON.parse(new TextDecoder().decode(bytes.subarray(32))) as {
    readonly type: string; readonly version: number; readonly name: string; readonly size: number; readonly lastModified: number; readonly savedAt: number;
    readonly wanted: readonly (readonly [string, string])[]; readonly done: number; readonly states: readonly string[]; readonly head: string; readonly samples: readonly (readonly [number, string])[];
  };
  if (found.type !== TYPE || found.version !== 1) return undefined;
  if (found.name !== file.name || found.size !== file.size || found.lastModified !== file.lastModified) return undefined;
  if (Math.abs(now - found.savedAt) > BROWSER_LIMITS.checkpointAgeMs) return undefined;
  if (JSON.stringify(found.wanted) !== JSON.stringify(wanted.map(({ algorithm, prefix }) => [algorithm, encodeBase64(prefix)]))) return undefined;
  return {
    done: found.done,
    states: found.states.map((state) => decodeBase64(state)!),
    headDigest: decodeBase64(found.head)!,
    samples: found.samples.map(([block, digest]) => ({ block, digest: decodeBase64(digest)! })),
  };
}

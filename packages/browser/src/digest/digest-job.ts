import { createResumableDigests, type ResumableDigest } from '@hefu/crypto';
import { equalBytes } from '@hefu/pki';
import { CONTENT_HEAD_OCTETS } from '@hefu/verify';
import { SAMPLE_OCTETS, sampledBlocks, type Sample } from './samples.js';

/** What is to be hashed, and where to begin. Structured-cloneable, so that a worker can have it. */
export interface DigestJob {
  readonly file: Blob;
  readonly wanted: readonly { readonly algorithm: ResumableDigest['name']; readonly prefix: Uint8Array }[];
  /** Multiples of the sample's octets. */
  readonly pieceOctets: number;
  readonly checkpointOctets: number;
  readonly from?: DigestProgress;
}

/** How far a job is; everything needed to go on. */
export interface DigestProgress {
  /** Octets hashed. */
  readonly done: number;
  /** One saved state a wanted digest, in their order. */
  readonly states: readonly Uint8Array[];
  /** SHA-256 of the first octets of the file, those that `DigestOutcome.head` has. */
  readonly headDigest: Uint8Array;
  readonly samples: readonly Sample[];
}

export interface DigestOutcome {
  readonly values: readonly Uint8Array[];
  readonly head: Uint8Array;
  readonly engine: ResumableDigest['engine'];
}

export interface DigestHooks {
  readonly progress: (done: number) => void;
  readonly checkpoint: (progress: DigestProgress) => void;
  readonly stopped: () => boolean;
}

/** A file that is not what it was. */
export class ChangedFile extends Error {}

/** What the platform calls a stop, thrown by `runDigest` when `stopped` says so. */
export class StoppedDigest extends Error {}

/**
 * Reads a file once, the next piece while one is hashed, and computes every digest wanted; then reads the samples again.
 * @throws ChangedFile, StoppedDigest; whatever reading throws (a DOMException)
 */
export async function runDigest({ file, wanted, pieceOctets, checkpointOctets, from }: DigestJob, hooks: DigestHooks, wasm: typeof WebAssembly | undefined): Promise<DigestOutcome> {
  const digests = createResumableDigests(wasm);
  const named = (name: string): ResumableDigest => digests.find((each) => each.name === name)!;
  const running = wanted.map(({ algorithm, prefix }, i) => (from === undefined ? named(algorithm).create().update(prefix) : named(algorithm).restore(from.states[i]!)));
  const sha256 = named('SHA-256');
  const samples: Sample[] = [...(from?.samples ?? [])];
  const toSample = new Set(sampledBlocks(file.size));

  const sampleOf = (octets: Uint8Array): Uint8Array => sha256.create().update(octets).digest();
  const stopIfAsked = (): void => {
    if (hooks.stopped()) throw new StoppedDigest('stopped');
  };
  const checkSamples = async (): Promise<void> => {
    for (const { block, digest } of samples) {
      stopIfAsked();
      if (!equalBytes(sampleOf(await read(file, block * SAMPLE_OCTETS, SAMPLE_OCTETS)), digest)) throw new ChangedFile(`block ${block} is another`);
    }
  };

  // A file that is gone has size 0 in some browsers, and no octets of it can be read; the whole of it cannot.
  const head = file.size === 0 ? new Uint8Array(await file.arrayBuffer()) : await read(file, 0, CONTENT_HEAD_OCTETS);
  if (from !== undefined) {
    if (!equalBytes(sampleOf(head), from.headDigest)) throw new ChangedFile('the head is another');
    await checkSamples();
  }
  let done = from?.done ?? 0;
  let kept = done;
  let next = read(file, done, pieceOctets);
  while (done < file.size) {
    const piece = await next;
    stopIfAsked();
    if (piece.length !== Math.min(pieceOctets, file.size - done)) throw new ChangedFile(`${piece.length} octets at ${done}`);
    next = read(file, done + piece.length, pieceOctets);
    next.catch(() => undefined); // awaited in the next round, or never
    if (done < head.length && !equalBytes(piece.subarray(0, head.length - done), head.subarray(done, done + piece.length))) throw new ChangedFile('the head is another');
    for (let at = 0; at < piece.length; at += SAMPLE_OCTETS) {
      const block = (done + at) / SAMPLE_OCTETS;
      if (toSample.has(block)) samples.push({ block, digest: sampleOf(piece.subarray(at, at + SAMPLE_OCTETS)) });
    }
    for (const hasher of running) hasher.update(piece);
    done += piece.length;
    hooks.progress(done);
    if (done - kept >= checkpointOctets && done < file.size) {
      kept = done;
      hooks.checkpoint({ done, states: running.map((hasher) => hasher.save()), headDigest: sampleOf(head), samples: [...samples] });
    }
  }
  await checkSamples();
  return { values: running.map((hasher) => hasher.digest()), head, engine: sha256.engine };
}

async function read(file: Blob, from: number, octets: number): Promise<Uint8Array> {
  return new Uint8Array(await file.slice(from, Math.min(from + octets, file.size)).arrayBuffer());
}

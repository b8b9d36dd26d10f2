/** Blocks that are read a second time, to notice that a file changed. */
export const SAMPLE_OCTETS = 4096;
const SAMPLES = 16;

/** Numbers of the blocks to sample: the first, the last, and others evenly between. All of them where there are few. */
export function sampledBlocks(size: number): readonly number[] {
  const blocks = Math.ceil(size / SAMPLE_OCTETS);
  if (blocks <= SAMPLES) return Array.from({ length: blocks }, (_, i) => i);
  return Array.from({ length: SAMPLES }, (_, i) => Math.round((i * (blocks - 1)) / (SAMPLES - 1)));
}

/** What a block was when it was hashed. */
export interface Sample {
  readonly block: number;
  /** SHA-256. */
  readonly digest: Uint8Array;
}

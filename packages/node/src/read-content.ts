import type { Algorithms } from '@hefu/crypto';
import type { Certificate, SignedData } from '@hefu/pki';
import { wantedDigests, type Content, type WantedDigests } from '@hefu/verify';
import { hashFile, type HashFileOptions } from './hash-file.js';
import { openRegularFile, readBoundedFile, unreadable } from './read-file.js';
import type { VerifyRequest } from './read-request.js';

export interface ReadContentOptions extends Omit<HashFileOptions, 'wanted' | 'algorithms'> {
  readonly algorithms: Algorithms;
  /** Certificates that came beside the message. */
  readonly candidateCertificates: readonly Certificate[];
  /** Where the octets themselves are needed: beside an attached message, and for signatures over octets alone. */
  readonly maxContentBytes: number;
}

/**
 * The content of a request, as octets or as the digests the message needs: a file beside a detached message is read once, whatever
 * its size.
 * @throws NodeError FILE_…; UpdaterError ABORTED
 */
export async function readContent(content: VerifyRequest['content'], signed: SignedData, options: ReadContentOptions): Promise<Content | undefined> {
  if (content === undefined || content instanceof Uint8Array || 'digests' in content) return content;
  const { path } = content;
  const { algorithms, candidateCertificates, maxContentBytes, ...reading } = options;
  const wanted = (length: number): WantedDigests => wantedDigests({ signed, length, candidateCertificates, algorithms });
  if (signed.encapContentInfo.content !== undefined || wanted(await lengthOf(path)).octets) return readBoundedFile(path, maxContentBytes);
  return hashFile(path, { ...reading, algorithms, wanted: (length) => wanted(length).digests });
}

async function lengthOf(path: string): Promise<number> {
  try {
    const { handle, stat } = await openRegularFile(path);
    await handle.close();
    return Number(stat.size);
  } catch (error) {
    throw error instanceof Error && error.name === 'NodeError' ? error : unreadable(path, error);
  }
}

import type { Algorithms } from '@hefu/crypto';
import type { Certificate, SignedData } from '@hefu/pki';
import type { Store } from '@hefu/updater';
import { wantedDigests, type Content, type HashedContent } from '@hefu/verify';
import type { DigestFileOptions } from '../digest/digest-file.js';
import { BrowserError } from '../error.js';
import { loadPart } from '../load-part.js';

/** What was signed: octets, a file, or what `digestFile` made of it. */
export type BrowserContent = Uint8Array | Blob | HashedContent;

export interface ReadBrowserContentOptions extends Pick<DigestFileOptions, 'signal' | 'onProgress' | 'worker'> {
  readonly algorithms: Algorithms;
  readonly candidateCertificates: readonly Certificate[];
  readonly store?: Store;
  /** Where the octets themselves are needed. */
  readonly maxContentOctets: number;
}

/**
 * The content as the judge takes it. A file is read once, for the digests that the message needs; into memory where it needs the
 * octets, or digests that no file is hashed by.
 * @throws BrowserError FILE_…, ABORTED
 */
export async function readBrowserContent(content: BrowserContent | undefined, signed: SignedData, options: ReadBrowserContentOptions): Promise<Content | undefined> {
  if (!(content instanceof Blob)) return content;
  const { algorithms, candidateCertificates, maxContentOctets, ...reading } = options;
  const wanted = wantedDigests({ signed, length: content.size, candidateCertificates, algorithms });
  const hashed = wanted.digests.every(({ algorithm }) => algorithm === 'SHA-256' || algorithm === 'SM3');
  if (signed.encapContentInfo.content === undefined && !wanted.octets && hashed) {
    const { digestFile } = await loadPart(() => import('../digest/digest-file.js'));
    return digestFile(content, { ...reading, algorithms: wanted.digests });
  }
  if (content.size > maxContentOctets) throw new BrowserError('FILE_UNREADABLE', `${content.size} octets, at most ${maxContentOctets} where the signature is over the octets themselves`);
  try {
    return new Uint8Array(await content.arrayBuffer());
  } catch (cause) {
    throw new BrowserError('FILE_UNREADABLE', 'the file could not be read', { cause });
  }
}

import { parseCertificateList, type CertificateList } from '@hefu/pki';

/** One CRL as kept in a Store. */
export interface CrlEntry {
  readonly crl: CertificateList;
  readonly url: string;
  /** Epoch milliseconds. A claim of the store: it decides only when to ask again, never a verdict. */
  readonly fetchedAt: number;
}

const MAGIC = 'hefu-crl 1 ';

export function crlKey(url: string): string {
  return `crl ${url}`;
}

/** `hefu-crl 1 <fetchedAt> <url>\n` in UTF-8, then the CRL's octets as fetched. */
export function encodeCrlEntry(entry: CrlEntry): Uint8Array {
  const head = new TextEncoder().encode(`${MAGIC}${entry.fetchedAt} ${entry.url}\n`);
  const out = new Uint8Array(head.length + entry.crl.bytes.length);
  out.set(head);
  out.set(entry.crl.bytes, head.length);
  return out;
}

/** Reads an entry back; anything not written by `encodeCrlEntry` for this URL is undefined. */
export function decodeCrlEntry(bytes: Uint8Array, url: string, maxCrlBytes: number): CrlEntry | undefined {
  const end = bytes.subarray(0, 16_384).indexOf(0x0a);
  if (end < 0) return undefined;
  try {
    const head = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, end));
    const match = /^hefu-crl 1 (\d{1,16}) (.*)$/s.exec(head);
    if (match?.[1] === undefined || match[2] !== url) return undefined;
    return { crl: parseCertificateList(bytes.subarray(end + 1), { maxCrlBytes }), url, fetchedAt: Number(match[1]) };
  } catch {
    return undefined; // untrusted: unreadable is the same as absent
  }
}

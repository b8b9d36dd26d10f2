/** What octets that are not JSON look like, so that the refusal can say it; undefined when nothing stands out. */
export function sniff(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'byte-order-mark';
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) return 'utf-16';
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'gzip';
  if (bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03) return 'zip';
  if (bytes[0] === 0x30 && bytes[1] !== undefined && bytes[1] >= 0x80 && bytes[1] <= 0x84) return 'der';
  let head = '';
  for (const octet of bytes.subarray(0, 1024)) head += String.fromCharCode(octet);
  head = head.trimStart().toLowerCase();
  if (head.startsWith('-----begin ')) return 'pem';
  if (head.startsWith('<!doctype html') || (head.startsWith('<') && head.includes('<html'))) return 'html';
  if (head.startsWith('<')) return 'xml';
  if (/^[\w-]{8,}\.[\w-]*\.[\w-]*\s*$/.test(head) || head.startsWith('eyj')) return 'compact-jws';
  return undefined;
}

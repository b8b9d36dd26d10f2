let table: ReadonlyMap<number, Uint8Array> | undefined;

/** GBK octets of a text; undefined when it has characters outside GBK, or the platform does not know GBK. */
export function encodeGbk(text: string): Uint8Array | undefined {
  table ??= readTable();
  const out = new Uint8Array(2 * text.length);
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code < 0x80) {
      out[length++] = code;
      continue;
    }
    const pair = table.get(code);
    if (pair === undefined) return undefined;
    out.set(pair, length);
    length += 2;
  }
  return out.subarray(0, length);
}

/** Decodes strictly; undefined for octets that are not of this encoding. */
export function decodeText(octets: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(octets);
  } catch {
    return undefined; // not this encoding, or one that the platform lacks
  }
}

/** Platforms decode GBK and do not encode it, so the table is read off the decoder. */
function readTable(): ReadonlyMap<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      const pair = Uint8Array.of(lead, trail);
      const text = trail === 0x7f ? undefined : decodeText(pair, 'gbk');
      const code = text?.codePointAt(0);
      if (code !== undefined && code >= 0x80 && text!.length === (code > 0xffff ? 2 : 1) && !found.has(code)) found.set(code, pair);
    }
  }
  return found;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const SKIP = 64;
const INVALID = 65;

/** Values of the ASCII characters in both alphabets of RFC 4648, white space and quotes marked to be skipped. */
const VALUES: Uint8Array = /* @__PURE__ */ buildValues();

function buildValues(): Uint8Array {
  const values = new Uint8Array(128).fill(INVALID);
  for (let i = 0; i < 64; i++) values[ALPHABET.charCodeAt(i)] = i;
  values['-'.charCodeAt(0)] = 62;
  values['_'.charCodeAt(0)] = 63;
  for (const skipped of ' \t\n\v\f\r"\'`') values[skipped.charCodeAt(0)] = SKIP;
  return values;
}

/**
 * Base64 or base64url (RFC 4648 §4, §5), padding optional, as it survives copying: white space, quotes and
 * the escapes `\n`, `\r`, `\t`, `\/` are read over.
 * @returns undefined when anything else is in it, when it is cut off, or when its unused bits are not zero
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  const out = new Uint8Array(Math.ceil((text.length * 3) / 4));
  let length = 0;
  let bits = 0;
  let count = 0;
  let padding = 0;
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code === 0x5c) {
      const escaped = text.charAt(++i);
      if (escaped === 'n' || escaped === 'r' || escaped === 't') continue;
      if (escaped !== '/') return undefined;
      code = 0x2f;
    }
    if (code === 0x3d) {
      padding++;
      continue;
    }
    const value = code < 128 ? VALUES[code]! : isForeignSpace(code) ? SKIP : INVALID;
    if (value === SKIP) continue;
    if (value === INVALID || padding > 0) return undefined;
    bits = ((bits << 6) | value) & 0xffffff;
    if (++count % 4 === 0) {
      out[length++] = bits >> 16;
      out[length++] = (bits >> 8) & 0xff;
      out[length++] = bits & 0xff;
    }
  }
  const rest = count % 4;
  if (rest === 1 || (padding > 0 && (rest === 0 || padding !== 4 - rest))) return undefined;
  if (rest === 2) {
    if ((bits & 0x0f) !== 0) return undefined;
    out[length++] = (bits >> 4) & 0xff;
  } else if (rest === 3) {
    if ((bits & 0x03) !== 0) return undefined;
    out[length++] = (bits >> 10) & 0xff;
    out[length++] = (bits >> 2) & 0xff;
  }
  return out.slice(0, length);
}

export function encodeBase64(bytes: Uint8Array): string {
  const groups: string[] = [];
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const bits = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    groups.push(
      ALPHABET[bits >> 18]! + ALPHABET[(bits >> 12) & 63]! + (left > 1 ? ALPHABET[(bits >> 6) & 63]! : '=') + (left > 2 ? ALPHABET[bits & 63]! : '='),
    );
  }
  return groups.join('');
}

/** Spaces and marks that word processors and chat programs put in: U+FEFF, U+200B, U+00A0, U+3000, curly quotes. */
function isForeignSpace(code: number): boolean {
  return code === 0xfeff || code === 0x200b || code === 0xa0 || code === 0x3000 || (code >= 0x2018 && code <= 0x201d);
}

const STANDARD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const URL_SAFE = `${STANDARD.slice(0, 62)}-_`;

/** Base64url without padding (RFC 4648 §5), as JWS writes it. */
export function encodeBase64url(bytes: Uint8Array): string {
  return encode(bytes, URL_SAFE);
}

/**
 * Strict: no padding, no white space, unused bits zero, so that one text stands for one octet string.
 * @returns undefined when it is anything else
 */
export function decodeBase64url(text: string): Uint8Array | undefined {
  return decode(text, URL_VALUES);
}

/** Base64 with padding (RFC 4648 §4), as `x5c` writes it. */
export function encodeBase64(bytes: Uint8Array): string {
  return encode(bytes, STANDARD) + '=='.slice(0, (3 - (bytes.length % 3)) % 3);
}

/** Strict, as {@link decodeBase64url}, and with its padding. */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return decode(padding === 0 ? text : text.slice(0, -padding), STANDARD_VALUES);
}

const STANDARD_VALUES: Int8Array = /* @__PURE__ */ values(STANDARD);
const URL_VALUES: Int8Array = /* @__PURE__ */ values(URL_SAFE);

function values(alphabet: string): Int8Array {
  const table = new Int8Array(128).fill(-1);
  for (let i = 0; i < 64; i++) table[alphabet.charCodeAt(i)] = i;
  return table;
}

function encode(bytes: Uint8Array, alphabet: string): string {
  const groups: string[] = [];
  for (let i = 0; i < bytes.length; i += 3) {
    const bits = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const characters = Math.min(4, bytes.length - i + 1);
    let group = '';
    for (let k = 0; k < characters; k++) group += alphabet[(bits >>> (18 - 6 * k)) & 63]!;
    groups.push(group);
  }
  return groups.join('');
}

function decode(text: string, table: Int8Array): Uint8Array | undefined {
  const rest = text.length % 4;
  if (rest === 1) return undefined;
  const out = new Uint8Array((text.length >> 2) * 3 + (rest === 0 ? 0 : rest - 1));
  let length = 0;
  let bits = 0;
  let held = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const value = code < 128 ? table[code]! : -1;
    if (value < 0) return undefined;
    bits = (bits << 6) | value;
    held += 6;
    if (held >= 8) {
      held -= 8;
      out[length++] = bits >> held;
      bits &= (1 << held) - 1;
    }
  }
  return bits === 0 ? out : undefined;
}

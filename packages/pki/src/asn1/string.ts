import { Tag } from './tag.js';

/**
 * The text of an ASN.1 character string, or undefined when the tag is not a string type or the octets
 * are not text in it.
 *
 * PrintableString, IA5String, VisibleString and NumericString are read as ASCII, and as UTF-8 when octets
 * above 7F appear: that is what software which ignores string types writes there. TeletexString is read as
 * Latin-1, its common use, not as T.61. BMPString is read as UTF-16BE.
 */
export function decodeString(tag: number, content: Uint8Array): string | undefined {
  switch (tag) {
    case Tag.UTF8_STRING:
    case Tag.PRINTABLE_STRING:
    case Tag.IA5_STRING:
    case Tag.VISIBLE_STRING:
    case Tag.NUMERIC_STRING:
      return asciiOrUtf8(content);
    case Tag.TELETEX_STRING:
      return latin1(content);
    case Tag.BMP_STRING:
      return bmp(content);
    case Tag.UNIVERSAL_STRING:
      return universal(content);
    default:
      return undefined;
  }
}

/** Octets that the string type does not allow, though they were read: PrintableString beyond X.680 §41.4, IA5String and others beyond ASCII. */
export function hasForeignCharacters(tag: number, content: Uint8Array): boolean {
  switch (tag) {
    case Tag.PRINTABLE_STRING:
      return content.some((octet) => !isPrintable(octet));
    case Tag.IA5_STRING:
      return content.some((octet) => octet > 0x7f);
    case Tag.VISIBLE_STRING:
      return content.some((octet) => octet < 0x20 || octet > 0x7e);
    case Tag.NUMERIC_STRING:
      return content.some((octet) => octet !== 0x20 && (octet < 0x30 || octet > 0x39));
    default:
      return false;
  }
}

function isPrintable(octet: number): boolean {
  if (octet >= 0x61 && octet <= 0x7a) return true; // a-z
  if (octet >= 0x41 && octet <= 0x5a) return true; // A-Z
  if (octet >= 0x2b && octet <= 0x3a) return true; // + , - . / 0-9 :
  return octet === 0x20 || octet === 0x27 || octet === 0x28 || octet === 0x29 || octet === 0x3d || octet === 0x3f;
}

/** ignoreBOM keeps U+FEFF: dropping it would make two different values equal. One for all: to make one costs more than most texts. */
const UTF8: TextDecoder = /*#__PURE__*/ new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function asciiOrUtf8(content: Uint8Array): string | undefined {
  try {
    return UTF8.decode(content);
  } catch {
    return undefined;
  }
}

function latin1(content: Uint8Array): string {
  let text = '';
  for (const octet of content) text += String.fromCharCode(octet);
  return text;
}

function bmp(content: Uint8Array): string | undefined {
  if (content.length % 2 !== 0) return undefined;
  let text = '';
  for (let i = 0; i < content.length; i += 2) text += String.fromCharCode((content[i]! << 8) | content[i + 1]!);
  return hasLoneSurrogate(text) ? undefined : text;
}

function universal(content: Uint8Array): string | undefined {
  if (content.length % 4 !== 0) return undefined;
  let text = '';
  for (let i = 0; i < content.length; i += 4) {
    const point = content[i]! * 0x1000000 + ((content[i + 1]! << 16) | (content[i + 2]! << 8) | content[i + 3]!);
    if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return undefined;
    text += String.fromCodePoint(point);
  }
  return text;
}

function hasLoneSurrogate(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0xd800 || unit > 0xdfff) continue;
    const next = text.charCodeAt(i + 1);
    if (unit > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) return true;
    i++;
  }
  return false;
}

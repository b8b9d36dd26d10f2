import { DerReader, Tag } from '@hefu/pki';
import type { IdentityDecoder } from '@hefu/trust-list';

/** Text found in octets, and how: `der-string`, `raw-utf8`, `raw-gbk`. */
export interface DecodedText {
  readonly text: string;
  readonly decoder: string;
}

/** SET { [0] { PrintableString } } is the deepest wrapping found in the field. */
const MAX_WRAPPERS = 4;

/**
 * Reads the octets of an extension (content of extnValue) as text, by the first decoder that consumes them all;
 * undefined when none does, and for NULL, which means "no value".
 *
 * `auto` tries a DER string, then UTF-8, then GBK. Raw ASCII can look like DER ('1' is 31, the tag of SET; '0' is 30,
 * SEQUENCE), but a TLV is believed only when every length matches exactly and a string lies at its bottom, and no tag
 * of a string is a printable ASCII character: raw digits can never be misread.
 */
export function decodeIdentityText(octets: Uint8Array, decoders: readonly IdentityDecoder[] = ['auto']): DecodedText | undefined {
  for (const decoder of decoders) {
    const decoded = decoder === 'auto' ? decodeAuto(octets) : decodeWith(octets, decoder);
    if (decoded !== undefined) return decoded;
  }
  return undefined;
}

/** Text of a universal string type's content, or undefined when it is none or the octets are not text in it. */
export function decodeStringContent(tag: number, content: Uint8Array): DecodedText | undefined {
  switch (tag) {
    case Tag.UTF8_STRING:
      return found('der-string', utf8(content));
    case Tag.PRINTABLE_STRING:
    case Tag.IA5_STRING:
    case Tag.VISIBLE_STRING:
    case Tag.NUMERIC_STRING:
    case Tag.TELETEX_STRING:
      // Regional CAs put UTF-8 or GBK into these types.
      return found('der-string', utf8(content)) ?? found('der-string (GBK)', gbk(content));
    case Tag.BMP_STRING:
      return found('der-string', utf16(content));
    default:
      return undefined;
  }
}

function decodeAuto(octets: Uint8Array): DecodedText | undefined {
  return decodeWith(octets, 'der-string') ?? decodeWith(octets, 'raw-utf8') ?? decodeWith(octets, 'raw-gbk');
}

function decodeWith(octets: Uint8Array, decoder: Exclude<IdentityDecoder, 'auto'>): DecodedText | undefined {
  switch (decoder) {
    case 'der-string':
      return derString(octets);
    case 'raw-utf8':
      return found(decoder, printable(utf8(octets)));
    case 'raw-gbk':
      return found(decoder, printable(gbk(octets)));
  }
}

/** Whether the lengths say so, which text seldom looks like: making an error of each text is dearer than looking first. */
function isOneElement(octets: Uint8Array): boolean {
  const length = octets[1] ?? 0x80;
  if (length < 0x80) return octets.length === 2 + length;
  const count = length & 0x7f;
  let stated = 0;
  for (let at = 2; at < 2 + count && at < octets.length; at++) stated = stated * 256 + octets[at]!;
  return count > 0 && count <= 4 && octets.length === 2 + count + stated;
}

function derString(octets: Uint8Array): DecodedText | undefined {
  if (!isOneElement(octets)) return undefined;
  try {
    let reader = new DerReader(octets);
    for (let wrappers = 0; wrappers <= MAX_WRAPPERS; wrappers++) {
      reader.next();
      if (!reader.done) return undefined;
      const { tag } = reader;
      if (tag === Tag.SEQUENCE || tag === Tag.SET || (tag & 0xe0) === 0xa0) {
        // SEQUENCE or SET of one, or an EXPLICIT context tag.
        reader = reader.enter();
        continue;
      }
      // An IMPLICIT context tag hides the string type; what is found under one is ASCII or UTF-8.
      if ((tag & 0xe0) === 0x80) return found('der-string', printable(utf8(reader.content())));
      return decodeStringContent(tag, reader.content());
    }
    return undefined;
  } catch (error) {
    if (error instanceof Error && error.name === 'PkiError') return undefined;
    throw error;
  }
}

function found(decoder: string, text: string | undefined): DecodedText | undefined {
  return text === undefined || text === '' ? undefined : { text, decoder };
}

/** Raw octets are text only when nothing in them says otherwise: no controls, no format characters, no replacement. */
function printable(text: string | undefined): string | undefined {
  return text === undefined || /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\ufffd]/u.test(text) ? undefined : text;
}

/** Most values are codes, which need no decoder. */
const SHORT = 64;

function utf8(octets: Uint8Array): string | undefined {
  if (octets.length <= SHORT && octets.every((octet) => octet < 0x80)) return String.fromCharCode(...octets);
  return decoded('utf-8', octets);
}

/** Platforms disagree on the unassigned parts of GBK: what lands in controls or the private use area is not taken for text. */
function gbk(octets: Uint8Array): string | undefined {
  const text = decoded('gbk', octets);
  return text === undefined || /[\p{Cc}\p{Co}\ufffd]/u.test(text) ? undefined : text;
}

function utf16(octets: Uint8Array): string | undefined {
  return octets.length % 2 === 0 ? decoded('utf-16be', octets) : undefined;
}

function decoded(label: string, octets: Uint8Array): string | undefined {
  try {
    return new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(octets);
  } catch {
    return undefined;
  }
}

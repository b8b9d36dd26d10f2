import { decodeBase64, encodeBase64 } from './base64.js';
import { elementEnd } from './asn1/scan.js';
import { Tag } from './asn1/tag.js';
import { PkiError } from './error.js';
import { identify, isText } from './identify.js';
import { type PkiLimits, withLimits } from './limits.js';

/** Labels under which certificates are pasted. `TRUSTED CERTIFICATE` is OpenSSL's, with settings after the certificate. */
export const CERTIFICATE_LABELS: readonly string[] = ['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE'];
export const CRL_LABELS: readonly string[] = ['X509 CRL', 'CRL'];
export const MESSAGE_LABELS: readonly string[] = ['PKCS7', 'CMS', 'PKCS #7 SIGNED DATA'];

export interface ArmourOptions {
  /** Labels to accept, e.g. {@link CERTIFICATE_LABELS}. */
  readonly labels: readonly string[];
  /** Octets of all blocks together, decoded. Text may be `limits.textFactor` times as long. */
  readonly maxBytes: number;
  readonly limits?: Partial<PkiLimits> | undefined;
}

const BEGIN = '-----BEGIN ';
const END = '-----END ';
const DASHES = '-----';
const MAX_LABEL = 64;

/**
 * Turns what people paste into DER: one element for each block found under an accepted label.
 *
 * Takes PEM (RFC 7468) with anything before, between and after the blocks; base64 without armour, also
 * URL-safe and unpadded; either with a byte order mark, CRLF, spaces, tabs, quotes, literal `\n`, `\r`, `\/`
 * or no line breaks at all; UTF-8 or UTF-16. Blocks of other labels are skipped as long as one is accepted.
 * Binary input is handed back as it is: saying what is wrong with it is the parser's part.
 *
 * Linear in the length of the input.
 * @throws PkiError EMPTY_INPUT | INPUT_TOO_LARGE | PEM_WRONG_LABEL and PEM_ENCRYPTED (with the label in `detected`)
 *   | PEM_INVALID (with what it looks like in `detected`)
 */
export function decodeArmoured(input: string | Uint8Array, options: ArmourOptions): Uint8Array[] {
  const limits = withLimits(options.limits);
  const maxText = options.maxBytes * limits.textFactor;
  if (input.length === 0) throw new PkiError('EMPTY_INPUT', 'nothing was given');
  let text: string;
  if (typeof input === 'string') text = input;
  else {
    if (!(input instanceof Uint8Array)) throw new TypeError('expected text or a Uint8Array');
    if (isBinary(input)) {
      if (input.length > options.maxBytes) throw tooLarge(input.length, options.maxBytes);
      return [input];
    }
    if (input.length > maxText) throw tooLarge(input.length, maxText);
    text = new TextDecoder(input[0] === 0xff ? 'utf-16le' : input[0] === 0xfe ? 'utf-16be' : 'utf-8').decode(input);
  }
  if (text.length > maxText) throw tooLarge(text.length, maxText);
  const ders = text.includes(BEGIN) ? decodeBlocks(text, options.labels) : [decodeBare(text)];
  const total = ders.reduce((sum, der) => sum + der.length, 0);
  if (total > options.maxBytes) throw tooLarge(total, options.maxBytes);
  return ders;
}

/** PEM with lines of 64 characters (RFC 7468 §2). */
export function encodePem(label: string, der: Uint8Array): string {
  if (!/^[A-Z0-9]+(?: [A-Z0-9]+)*$/.test(label)) throw new TypeError('a PEM label is made of capitals, digits and single spaces');
  const lines = encodeBase64(der).match(/.{1,64}/g) ?? [];
  return `${BEGIN}${label}${DASHES}\n${lines.map((line) => `${line}\n`).join('')}${END}${label}${DASHES}\n`;
}

function decodeBlocks(text: string, labels: readonly string[]): Uint8Array[] {
  const ders: Uint8Array[] = [];
  let skipped: { label: string; encrypted: boolean } | undefined;
  for (let begin = text.indexOf(BEGIN); begin !== -1; ) {
    const labelStart = begin + BEGIN.length;
    const label = labelAt(text, labelStart);
    const bodyStart = labelStart + label.length + DASHES.length;
    const end = text.indexOf(END, bodyStart);
    if (end === -1) throw new PkiError('PEM_INVALID', `no END line after BEGIN ${label}: the text is cut off`, { offset: begin });
    const next = text.indexOf(BEGIN, bodyStart);
    if (next !== -1 && next < end) throw new PkiError('PEM_INVALID', `BEGIN ${label} is followed by another BEGIN`, { offset: next });
    const endLabel = labelAt(text, end + END.length);
    if (endLabel !== label) throw new PkiError('PEM_INVALID', `BEGIN ${label} ends as ${endLabel}`, { offset: end });
    const body = text.slice(bodyStart, end);
    const encrypted = label.startsWith('ENCRYPTED') || /Proc-Type:[ \t]*4,[ \t]*ENCRYPTED/i.test(body);
    if (!labels.includes(label)) skipped ??= { label, encrypted };
    else if (encrypted) throw new PkiError('PEM_ENCRYPTED', `${label} is encrypted`, { detected: label });
    else ders.push(decodeBody(body, label, bodyStart));
    begin = next;
  }
  if (ders.length > 0) return ders;
  const label = skipped!.label;
  if (skipped!.encrypted) throw new PkiError('PEM_ENCRYPTED', `found only an encrypted ${label}`, { detected: label });
  throw new PkiError('PEM_WRONG_LABEL', `found ${label}, expected ${labels.join(' or ')}`, { detected: label });
}

/** The label from `start` to the dashes that close it. */
function labelAt(text: string, start: number): string {
  const label = text.slice(start, start + MAX_LABEL + DASHES.length).split(DASHES, 2);
  if (label.length < 2 || !/^[A-Za-z0-9 #]+$/.test(label[0]!)) throw new PkiError('PEM_INVALID', 'armour line without a label', { offset: start });
  return label[0]!;
}

function decodeBody(body: string, label: string, offset: number): Uint8Array {
  const der = decodeBase64(withoutHeaders(body));
  if (der === undefined) throw new PkiError('PEM_INVALID', `body of ${label} is not base64`, { offset });
  if (der.length === 0) throw new PkiError('PEM_INVALID', `body of ${label} is empty`, { offset });
  return label === 'TRUSTED CERTIFICATE' ? firstElement(der) : der;
}

/** RFC 1421 §4.4 headers end at a blank line. A colon is in no base64 alphabet. */
function withoutHeaders(body: string): string {
  const colon = body.lastIndexOf(':');
  if (colon === -1) return body;
  const blank = /\r?\n[ \t]*\r?\n/g;
  blank.lastIndex = colon;
  return blank.test(body) ? body.slice(blank.lastIndex) : body;
}

/** OpenSSL writes X509_CERT_AUX after the certificate; it is no part of it. */
function firstElement(der: Uint8Array): Uint8Array {
  return der[0] === Tag.SEQUENCE ? der.subarray(0, elementEnd(der, 0, der.length)) : der;
}

function decodeBare(text: string): Uint8Array {
  // Dashes are digits of base64url, so an END line left over would decode.
  const der = text.includes(DASHES) ? undefined : decodeBase64(text);
  if (der === undefined) {
    throw new PkiError('PEM_INVALID', 'neither PEM nor base64', { detected: identify(new TextEncoder().encode(text.slice(0, 4096))) });
  }
  if (der.length === 0) throw new PkiError('EMPTY_INPUT', 'only white space was given');
  return der;
}

/** Base64 of a SEQUENCE begins with `M`; text that begins with `0` is told from DER by its length octets. */
function isBinary(bytes: Uint8Array): boolean {
  if (!isText(bytes)) return true;
  if (bytes[0] !== Tag.SEQUENCE || bytes.length < 2) return false;
  return bytes[1]! > 0x7f || bytes[1]! + 2 === bytes.length;
}

function tooLarge(length: number, limit: number): PkiError {
  return new PkiError('INPUT_TOO_LARGE', `${length} is over the limit of ${limit}`);
}

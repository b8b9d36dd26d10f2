import { VerifyError } from '../error.js';
import type { PdfDocument } from './document.js';
import { isKind, nameOf, type PdfDict, type PdfRef, type PdfString, type PdfValue } from './object.js';

/** A form field, wherever it is in the tree of fields (ISO 32000-1 §12.7.3). */
export interface PdfField {
  /** Fully qualified name. */
  readonly name: string;
  readonly ref: PdfRef;
  readonly dict: PdfDict;
  /** Own or inherited. */
  readonly type: string | undefined;
  /** Own or inherited; undefined: no value. */
  readonly value: PdfValue | undefined;
}

/** A field with the signature in it. */
export interface SignatureField extends PdfField {
  /** The signature dictionary (§12.8.1); undefined: the value is none. */
  readonly signature: PdfDict | undefined;
  /** Number of the object it is. */
  readonly number: number | undefined;
}

const MAX_FIELDS = 100_000;
const MAX_FIELD_DEPTH = 32;

/** All terminal fields. @throws VerifyError PDF_LIMIT | PDF_MALFORMED */
export function readFields(document: PdfDocument): PdfField[] {
  const form = document.get(document.catalog, 'AcroForm');
  if (!isKind(form, 'dict')) return [];
  const fields: PdfField[] = [];
  const seen = new Set<number>();
  const visit = (value: PdfValue, parent: { readonly name: string; readonly type: string | undefined; readonly value: PdfValue | undefined }, depth: number): void => {
    if (!isKind(value, 'ref')) throw new VerifyError('PDF_UNSUPPORTED', 'a field that is not an object by itself');
    const dict = document.resolve(value);
    if (!isKind(dict, 'dict')) return;
    if (seen.has(value.number)) throw new VerifyError('PDF_MALFORMED', `field ${value.number} twice in the form`);
    seen.add(value.number);
    if (seen.size > MAX_FIELDS || depth > MAX_FIELD_DEPTH) throw new VerifyError('PDF_LIMIT', 'too many form fields');
    const part = document.get(dict, 'T');
    const name = isKind(part, 'string') ? [parent.name, text(part)].filter((each) => each !== '').join('.') : parent.name;
    const own = { name, type: nameOf(document.get(dict, 'FT')) ?? parent.type, value: dict.entries.get('V') ?? parent.value };
    const kids = document.get(dict, 'Kids');
    const below = isKind(kids, 'array') ? kids.items.filter((kid) => isField(document, kid)) : [];
    if (below.length === 0) fields.push({ ...own, ref: value, dict });
    else for (const kid of below) visit(kid, own, depth + 1);
  };
  const top = document.get(form, 'Fields');
  if (isKind(top, 'array')) for (const field of top.items) visit(field, { name: '', type: undefined, value: undefined }, 0);
  return fields;
}

/** The signed fields, in the order of the form. @throws VerifyError PDF_LIMIT | PDF_MALFORMED */
export function readSignatures(document: PdfDocument): SignatureField[] {
  const signed = readFields(document).filter(({ type, value }) => type === 'Sig' && value !== undefined && value !== null);
  if (signed.length > document.limits.maxSignatures) throw new VerifyError('PDF_LIMIT', `more than ${document.limits.maxSignatures} signatures`);
  const numbers = signed.flatMap(({ value }) => (isKind(value, 'ref') ? value.number : []));
  // Another field could show what it likes around somebody's signature.
  if (new Set(numbers).size < numbers.length) throw new VerifyError('PDF_MALFORMED', 'one signature in two fields');
  return signed.map((field) => {
    const signature = document.resolve(field.value);
    return { ...field, signature: isKind(signature, 'dict') ? signature : undefined, number: isKind(field.value, 'ref') ? field.value.number : undefined };
  });
}

/** A kid with a name of its own is a field; one without is another place on a page where its parent is shown. */
function isField(document: PdfDocument, kid: PdfValue): boolean {
  const dict = document.resolve(kid);
  return isKind(dict, 'dict') && dict.entries.has('T');
}

/** A text string (§7.9.2.2): UTF-16BE with a mark, UTF-8 with one, else Latin as far as PDFDocEncoding agrees with it. */
export function text({ bytes }: PdfString): string {
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    let decoded = '';
    for (let at = 2; at + 1 < bytes.length; at += 2) decoded += String.fromCharCode(bytes[at]! * 256 + bytes[at + 1]!);
    return decoded;
  }
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return new TextDecoder('utf-8').decode(bytes.subarray(3));
  return new TextDecoder('latin1').decode(bytes);
}

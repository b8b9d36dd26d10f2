import { isPdf, pdfText, readFields, VerifyError, type PdfDocument, type PdfRef, type PdfValue } from '@hefu/verify';
import { SignError } from '../error.js';
import { appearanceOf, type PdfAppearance } from './appearance.js';
import { findPage } from './page.js';
import { array, assertAllowed, dictionary, itemsOf, latin1, name, openForSigning, PdfUpdate, textString, withEntries } from './update.js';

/** How a PDF is to be signed. */
export interface PdfSignatureRequest {
  /** Full name of the field: an empty signature field that is there, or a new one. Default: the first `Signature<n>` that is free. */
  readonly field?: string;
  /** Default `ETSI.CAdES.detached` (PAdES). `ETSI.RFC3161` is a document time-stamp. */
  readonly subFilter?: 'ETSI.CAdES.detached' | 'adbe.pkcs7.detached' | 'ETSI.RFC3161';
  /** Octets kept free for the message. Default 16384; more where time-stamps and validation data go inside. */
  readonly placeholder?: number;
  /** Claimed time, epoch milliseconds; PAdES keeps it here and not in the message (EN 319 142-1 §6.3). */
  readonly signingTime?: number;
  readonly name?: string;
  readonly reason?: string;
  readonly location?: string;
  /** A certification signature, and what may happen afterwards: 1 nothing, 2 forms and signatures, 3 annotations too. Only as the first signature. */
  readonly certify?: 1 | 2 | 3;
  /** Where and as what it is seen. Default: nowhere. */
  readonly appearance?: PdfAppearance;
}

/** A PDF with room for a message. */
export interface PreparedPdf {
  /** The file with zeros in the place of the message. */
  readonly pdf: Uint8Array;
  readonly byteRange: readonly [number, number, number, number];
  /** The octets that the message signs, for `prepareSignature`: `content`, detached. */
  readonly content: Uint8Array;
}

const DEFAULT_PLACEHOLDER = 16_384;
const MAX_PLACEHOLDER = 16 * 1024 * 1024;
/** Room for ten-digit numbers. */
const RANGE_WIDTH = 40;

/**
 * Appends a signature with room for its message to a PDF, as an incremental update (ISO 32000-1 §12.8).
 * @throws SignError PDF_UNSUITABLE | PDF_LOCKED; TypeError for a placeholder out of range
 */
export function preparePdfSignature(pdf: Uint8Array, request: PdfSignatureRequest = {}): PreparedPdf {
  const { placeholder = DEFAULT_PLACEHOLDER } = request;
  if (!Number.isInteger(placeholder) || placeholder < 1 || placeholder > MAX_PLACEHOLDER) throw new TypeError(`placeholder is 1 to ${MAX_PLACEHOLDER}`);
  const document = openForSigning(pdf);
  try {
    const update = new PdfUpdate(document);
    const signature = update.reserve();
    addField(document, update, signature, request);
    update.put(signature, signatureText(request, placeholder));
    const written = update.write();
    if (hasSignatures(document)) assertAllowed(document, written);
    return withRange(written, pdf.length, placeholder);
  } catch (cause) {
    if (!(cause instanceof VerifyError)) throw cause;
    throw new SignError('PDF_UNSUITABLE', cause.message, { cause });
  }
}

/**
 * Puts the message into its place.
 * @param message DER of a detached SignedData over `prepared.content`, or of a time-stamp token over it
 * @throws SignError PDF_PLACEHOLDER_TOO_SMALL
 */
export function completePdfSignature(prepared: PreparedPdf, message: Uint8Array): Uint8Array {
  const [, start, after] = prepared.byteRange;
  const room = (after - start - 2) / 2;
  if (message.length > room) throw new SignError('PDF_PLACEHOLDER_TOO_SMALL', `the message has ${message.length} octets, the placeholder ${room}`);
  const pdf = prepared.pdf.slice();
  pdf.set(latin1(Array.from(message, (octet) => octet.toString(16).padStart(2, '0')).join('')), start + 1);
  return pdf;
}

function hasSignatures(document: PdfDocument): boolean {
  return readFields(document).some(({ type, value }) => type === 'Sig' && value !== undefined && value !== null);
}

function signatureText({ subFilter = 'ETSI.CAdES.detached', signingTime, name: who, reason, location, certify }: PdfSignatureRequest, placeholder: number): string {
  const entries: Record<string, PdfValue> = {
    Type: name(subFilter === 'ETSI.RFC3161' ? 'DocTimeStamp' : 'Sig'), Filter: name('Adobe.PPKLite'), SubFilter: name(subFilter),
    ...(signingTime === undefined ? {} : { M: textString(pdfDate(signingTime)) }),
    ...(who === undefined ? {} : { Name: textString(who) }),
    ...(reason === undefined ? {} : { Reason: textString(reason) }),
    ...(location === undefined ? {} : { Location: textString(location) }),
    ...(certify === undefined ? {} : {
      Reference: array([dictionary({ Type: name('SigRef'), TransformMethod: name('DocMDP'), TransformParams: dictionary({ Type: name('TransformParams'), P: certify, V: name('1.2') }) })]),
    }),
  };
  const { entries: map } = dictionary(entries);
  const rest = [...map].map(([key, value]) => ` /${key} ${pdfText(value)}`).join('');
  return `<< /ByteRange [${' '.repeat(RANGE_WIDTH)}] /Contents <${'0'.repeat(placeholder * 2)}>${rest} >>`;
}

function addField(document: PdfDocument, update: PdfUpdate, signature: PdfRef, request: PdfSignatureRequest): void {
  const fields = readFields(document);
  const existing = fields.find((field) => field.name === request.field);
  if (request.certify !== undefined && fields.some(({ type, value }) => type === 'Sig' && value !== undefined && value !== null)) {
    throw new SignError('PDF_UNSUITABLE', 'only the first signature can certify a document');
  }
  const perms = request.certify === undefined ? {} : { Perms: dictionary({ DocMDP: signature }) };
  if (existing !== undefined) {
    if (existing.type !== 'Sig' || (existing.value !== undefined && existing.value !== null)) throw new SignError('PDF_UNSUITABLE', `field ${existing.name} is no empty signature field`);
    update.put(existing.ref, withEntries(existing.dict, { V: signature }));
    if (request.certify !== undefined) update.put(document.root, withEntries(document.catalog, perms));
    return;
  }
  const title = request.field ?? freeName(fields.map((field) => field.name));
  if (title === '' || title.includes('.')) throw new TypeError('the name of a new field has no full stop');
  const page = findPage(document, request.appearance?.page ?? 0);
  const field = update.reserve();
  update.put(field, dictionary({
    Type: name('Annot'), Subtype: name('Widget'), FT: name('Sig'), T: textString(title), F: 132, P: page.ref, V: signature,
    ...(request.appearance === undefined ? { Rect: array([0, 0, 0, 0]) } : { Rect: array(request.appearance.rect), AP: dictionary({ N: appearanceOf(update, request.appearance) }) }),
  }));
  append(document, update, page.dict.entries.get('Annots'), field, (annots) => update.put(page.ref, withEntries(page.dict, { Annots: annots })));

  const formValue = document.catalog.entries.get('AcroForm');
  const form = document.resolve(formValue);
  const dict = isPdf(form, 'dict') ? form : dictionary({});
  let fieldsNow: PdfValue | undefined;
  append(document, update, dict.entries.get('Fields'), field, (value) => { fieldsNow = value; });
  const formNow = withEntries(dict, { SigFlags: 3, ...(fieldsNow === undefined ? {} : { Fields: fieldsNow }) });
  if (isPdf(formValue, 'ref')) update.put(formValue, formNow);
  if (!isPdf(formValue, 'ref') || request.certify !== undefined) update.put(document.root, withEntries(document.catalog, { ...(isPdf(formValue, 'ref') ? {} : { AcroForm: formNow }), ...perms }));
}

/** To a list that is an object by itself, or that is part of another. */
function append(document: PdfDocument, update: PdfUpdate, list: PdfValue | undefined, item: PdfRef, put: (list: PdfValue) => void): void {
  const longer = array([...itemsOf(document.resolve(list)), item]);
  if (isPdf(list, 'ref')) update.put(list, longer);
  else put(longer);
}

function freeName(taken: readonly string[]): string {
  for (let index = 1; ; index++) if (!taken.includes(`Signature${index}`)) return `Signature${index}`;
}

/** Fills in the range, which is known once everything stands where it will. */
function withRange(pdf: Uint8Array, from: number, placeholder: number): PreparedPdf {
  const start = indexOf(pdf, latin1(`/Contents <${'0'.repeat(16)}`.slice(0, 11 + Math.min(16, placeholder * 2))), from) + 10;
  const after = start + placeholder * 2 + 2;
  const byteRange = [0, start, after, pdf.length - after] as const;
  const at = indexOf(pdf, latin1(`/ByteRange [${' '.repeat(RANGE_WIDTH)}]`), from) + 12;
  pdf.set(latin1(byteRange.join(' ').padEnd(RANGE_WIDTH)), at);
  const content = new Uint8Array(start + pdf.length - after);
  content.set(pdf.subarray(0, start));
  content.set(pdf.subarray(after), start);
  return { pdf, byteRange, content };
}

function indexOf(bytes: Uint8Array, part: Uint8Array, from: number): number {
  for (let at = from; at <= bytes.length - part.length; at++) {
    let index = 0;
    while (index < part.length && bytes[at + index] === part[index]) index++;
    if (index === part.length) return at;
  }
  throw new TypeError('the placeholder is not there');
}

/** `D:20260601120000+00'00'` (§7.9.4). */
function pdfDate(at: number): string {
  return `D:${new Date(at).toISOString().replace(/[-:T]/g, '').slice(0, 14)}+00'00'`;
}

import { isPdf, VerifyError, type PdfDocument, type PdfRef, type PdfValue } from '@hefu/verify';
import { SignError } from '../error.js';
import { array, assertAllowed, dictionary, itemsOf, name, openForSigning, PdfUpdate, withEntries } from './update.js';

/** What proves later that the signatures held. DER each. */
export interface PdfValidationData {
  readonly certificates?: readonly Uint8Array[];
  readonly crls?: readonly Uint8Array[];
  /** OCSPResponse. */
  readonly ocspResponses?: readonly Uint8Array[];
}

/**
 * Appends a document security store, or adds to the one that is there (EN 319 142-1 §5.4.2): with a signature time-stamp in
 * the message the document is PAdES B-LT then.
 * @throws SignError PDF_UNSUITABLE | PDF_LOCKED
 */
export function addPdfValidationData(pdf: Uint8Array, { certificates = [], crls = [], ocspResponses = [] }: PdfValidationData): Uint8Array {
  const document = openForSigning(pdf);
  try {
    const update = new PdfUpdate(document);
    const value = document.catalog.entries.get('DSS');
    const found = document.resolve(value);
    const dss = isPdf(found, 'dict') ? found : dictionary({ Type: name('DSS') });
    const entries: Record<string, PdfValue> = {};
    for (const [key, items] of [['Certs', certificates], ['CRLs', crls], ['OCSPs', ocspResponses]] as const) {
      if (items.length === 0) continue;
      const list = dss.entries.get(key);
      const longer = array([...itemsOf(document.resolve(list)), ...items.map((der) => stream(update, der))]);
      if (isPdf(list, 'ref')) update.put(list, longer);
      else entries[key] = longer;
    }
    if (isPdf(value, 'ref')) update.put(value, withEntries(dss, entries));
    else update.put(document.root, withEntries(document.catalog, { DSS: withEntries(dss, entries) }));
    return checked(document, update);
  } catch (cause) {
    if (!(cause instanceof VerifyError)) throw cause;
    throw new SignError('PDF_UNSUITABLE', cause.message, { cause });
  }
}

function checked(document: PdfDocument, update: PdfUpdate): Uint8Array {
  const written = update.write();
  assertAllowed(document, written);
  return written;
}

function stream(update: PdfUpdate, der: Uint8Array): PdfRef {
  const ref = update.reserve();
  update.putStream(ref, {}, der);
  return ref;
}

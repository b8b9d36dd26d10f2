import { PkiError, readSignedData, type SignedData } from '@hefu/pki';
import { VerifyError } from '../error.js';
import { checkByteRange } from './byte-range.js';
import { openPdf } from './document.js';
import type { PdfLimits } from './limits.js';
import { nameOf } from './object.js';
import { readSignatures } from './signature-field.js';

/** One of them; `tsa`: a document time-stamp. */
export interface PdfMessage {
  readonly kind: 'ca' | 'tsa';
  readonly message: SignedData;
}

/** The messages in a PDF as far as they can be read, for planning evidence: what is wrong with the others `judgePdf` says. */
export function readPdfMessages(pdf: Uint8Array, limits?: Partial<PdfLimits>): readonly PdfMessage[] {
  try {
    return readSignatures(openPdf(pdf, limits)).flatMap(({ signature }) => {
      const range = signature === undefined ? undefined : checkByteRange(pdf, signature);
      return range?.ok === true ? readable(range.contents).map((message) => ({ kind: nameOf(signature!.entries.get('SubFilter')) === 'ETSI.RFC3161' ? 'tsa' as const : 'ca' as const, message })) : [];
    });
  } catch (error) {
    if (error instanceof VerifyError) return [];
    throw error;
  }
}

function readable(contents: Uint8Array): readonly SignedData[] {
  try {
    return [readSignedData(contents)];
  } catch (error) {
    if (error instanceof PkiError) return [];
    throw error;
  }
}

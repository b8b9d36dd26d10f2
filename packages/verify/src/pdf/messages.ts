import { readSignedData, type Certificate, type SignedData } from '@hefu/pki';
import { VerifyError } from '../error.js';
import { readable } from '../readable.js';
import { readableCertificate } from '../readable-certificate.js';
import { checkByteRange } from './byte-range.js';
import { openPdf } from './document.js';
import type { PdfLimits } from './limits.js';
import { nameOf } from './object.js';
import { readSecurityStore } from './security-store.js';
import { readSignatures } from './signature-field.js';

/** One of them; `tsa`: a document time-stamp. */
export interface PdfMessage {
  readonly kind: 'ca' | 'tsa';
  readonly message: SignedData;
  /** Those of the document's security store, which may be above the message's own. */
  readonly certificates: readonly Certificate[];
}

/** Each may be asked about at its CA. */
const MAX_CANDIDATES = 32;

/** The messages in a PDF as far as they can be read, for planning evidence: what is wrong with the others `judgePdf` says. */
export function readPdfMessages(pdf: Uint8Array, limits?: Partial<PdfLimits>): readonly PdfMessage[] {
  try {
    const document = openPdf(pdf, limits);
    const certificates = readSecurityStore(document).certificates.slice(0, MAX_CANDIDATES).flatMap((der) => readableCertificate(der) ?? []);
    return readSignatures(document).flatMap(({ signature }) => {
      const range = signature === undefined ? undefined : checkByteRange(pdf, signature);
      return range?.ok === true ? readable(() => readSignedData(range.contents)).map((message) => ({ certificates, message, kind: nameOf(signature!.entries.get('SubFilter')) === 'ETSI.RFC3161' ? 'tsa' as const : 'ca' as const })) : [];
    });
  } catch (error) {
    if (error instanceof VerifyError) return [];
    throw error;
  }
}

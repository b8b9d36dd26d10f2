import { isPdf, pdfNameOf, type PdfDict, type PdfDocument, type PdfRef, type PdfValue } from '@hefu/verify';
import { SignError } from '../error.js';

export interface PdfPage {
  readonly ref: PdfRef;
  readonly dict: PdfDict;
}

const MAX_NODES = 1_000_000;

/** @param index from 0. @throws SignError PDF_UNSUITABLE when there is none, or the tree of pages is none */
export function findPage(document: PdfDocument, index: number): PdfPage {
  const seen = new Set<number>();
  let left = index;
  const stack: PdfValue[] = [document.catalog.entries.get('Pages') ?? null];
  while (stack.length > 0) {
    const ref = stack.pop()!;
    if (!isPdf(ref, 'ref') || seen.has(ref.number) || seen.size > MAX_NODES) break;
    seen.add(ref.number);
    const dict = document.resolve(ref);
    if (!isPdf(dict, 'dict')) break;
    const kids = document.get(dict, 'Kids');
    if (pdfNameOf(dict.entries.get('Type')) === 'Page') {
      if (left-- === 0) return { ref, dict };
    } else if (isPdf(kids, 'array')) {
      for (const kid of [...kids.items].reverse()) stack.push(kid);
    } else break;
  }
  throw new SignError('PDF_UNSUITABLE', `there is no page ${index}`);
}

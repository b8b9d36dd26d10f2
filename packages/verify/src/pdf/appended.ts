import { VerifyError } from '../error.js';
import type { PdfDocument } from './document.js';
import { PdfParser } from './parser.js';
import type { XrefSection } from './xref.js';

/**
 * Whether what was appended to a revision is objects, each where the new sections say, and nothing else: a reader that
 * repairs what it finds sees no more than one that follows the sections.
 * @returns what stands there that should not; undefined: nothing
 */
export function strayOctets(document: PdfDocument, from: number, added: readonly XrefSection[]): string | undefined {
  const expected = new Map<number, number>();
  for (const { entries } of added) for (const [number, entry] of entries) if (entry.kind === 'at' && entry.offset >= from) expected.set(entry.offset, number);
  const offsets = new Set(added.flatMap(({ offset, hybrid }) => (hybrid === undefined ? [offset] : [offset, hybrid])));
  const parser = new PdfParser(document.bytes, from, document.limits.maxDepth);
  try {
    for (;;) {
      parser.skip();
      if (parser.position >= document.bytes.length) break;
      const at = parser.position;
      if (parser.take('startxref')) {
        parser.integer();
      } else if (parser.sees('xref')) {
        if (!offsets.has(at)) return `a cross-reference table at ${at}`;
        skipTable(parser);
      } else {
        const { number } = parser.indirect(document.lengthOf);
        if (expected.get(at) !== number && !offsets.has(at)) return `object ${number} at ${at}`;
        expected.delete(at);
      }
    }
  } catch (error) {
    if (!(error instanceof VerifyError) || error.code !== 'PDF_MALFORMED') throw error;
    return `octets at ${parser.position}`;
  }
  const [missing] = expected;
  return missing === undefined ? undefined : `no object ${missing[1]} at ${missing[0]}`;
}

function skipTable(parser: PdfParser): void {
  parser.expect('xref');
  while (!parser.take('trailer')) {
    parser.integer();
    for (let count = parser.integer(); count > 0; count--) {
      parser.integer();
      parser.integer();
      if (!parser.take('n')) parser.expect('f');
    }
  }
  parser.dict();
}

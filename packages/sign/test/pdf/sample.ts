import { deflateSync } from 'node:zlib';

const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

/** The objects of a small bid: two pages, a text field and an empty signature field. */
export const BID: Readonly<Record<number, string>> = {
  1: '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [7 0 R 8 0 R] /DA (/Helv 0 Tf) >> >>',
  2: '<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>',
  3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F1 6 0 R >> >> /Annots [7 0 R 8 0 R] >>',
  4: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F1 6 0 R >> >> >>',
  5: '<< /Length 57 >>\nstream\nBT /F1 18 Tf 72 720 Td (Bid price: 1,280,000.00) Tj ET   \nendstream',
  6: '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  7: '<< /Type /Annot /Subtype /Widget /FT /Tx /T (remark) /Rect [72 500 300 520] /P 3 0 R >>',
  8: '<< /Type /Annot /Subtype /Widget /FT /Sig /T (approver) /Rect [72 400 200 460] /F 4 /P 3 0 R >>',
  9: '<< /Producer (test) /CreationDate (D:20260101000000Z) >>',
};

export interface Layout {
  /** `table`, or a cross-reference stream with everything but streams in an object stream. */
  readonly xref?: 'table' | 'stream';
}

/** A PDF of these objects, written by hand so that no writer's ideas are in it. */
export function writePdf(objects: Readonly<Record<number, string>>, { xref = 'table' }: Layout = {}): Uint8Array {
  let body = '%PDF-1.7\n%\xe2\xe3\xcf\xd3\n';
  const numbers = Object.keys(objects).map(Number);
  const size = Math.max(...numbers) + 1;
  const offsets = new Map<number, number>();
  const put = (number: number, text: string): void => {
    offsets.set(number, body.length);
    body += `${number} 0 obj\n${text}\nendobj\n`;
  };
  if (xref === 'table') {
    for (const number of numbers) put(number, objects[number]!);
    const at = body.length;
    const rows = Array.from({ length: size - 1 }, (_, index) => (offsets.has(index + 1) ? `${String(offsets.get(index + 1)).padStart(10, '0')} 00000 n \n` : '0000000000 00000 f \n'));
    return latin1(`${body}xref\n0 ${size}\n0000000000 65535 f \n${rows.join('')}trailer\n<< /Size ${size} /Root 1 0 R /Info 9 0 R /ID [<00><00>] >>\nstartxref\n${at}\n%%EOF\n`);
  }
  const packed = numbers.filter((number) => !objects[number]!.includes('stream'));
  for (const number of numbers) if (!packed.includes(number)) put(number, objects[number]!);
  const texts = packed.map((number) => `${objects[number]!} `);
  let start = 0;
  const header = packed.map((number, index) => { const place = `${number} ${start} `; start += texts[index]!.length; return place; }).join('');
  const stream = deflateSync(latin1(header + texts.join(''))).toString('latin1');
  put(size, `<< /Type /ObjStm /N ${packed.length} /First ${header.length} /Filter /FlateDecode /Length ${stream.length} >>\nstream\n${stream}\nendstream`);
  const at = body.length;
  const row = (number: number): number[] => {
    const index = packed.indexOf(number);
    if (index >= 0) return [2, size >> 8, size & 255, index];
    const offset = number === size + 1 ? at : offsets.get(number);
    return offset === undefined ? [0, 0, 0, 0] : [1, offset >> 8, offset & 255, 0];
  };
  // PNG predictor 2, as most writers use.
  const rows = Array.from({ length: size + 2 }, (_, number) => row(number));
  const predicted = rows.flatMap((each, index) => [2, ...each.map((octet, column) => (octet - (rows[index - 1]?.[column] ?? 0)) & 255)]);
  const table = deflateSync(Uint8Array.from(predicted)).toString('latin1');
  body += `${size + 1} 0 obj\n<< /Type /XRef /Size ${size + 2} /W [1 2 1] /Root 1 0 R /Info 9 0 R /Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 4 >> /Length ${table.length} >>\nstream\n${table}\nendstream\nendobj\nstartxref\n${at}\n%%EOF\n`;
  return latin1(body);
}

/** An incremental update of a file with a table: objects by number; `free` deletes. */
export function update(pdf: Uint8Array, objects: Readonly<Record<number, string>>, options: { readonly root?: string; readonly size?: number; readonly junk?: string; readonly offsets?: Readonly<Record<number, number>>; readonly free?: readonly number[] } = {}): Uint8Array {
  const before = Buffer.from(pdf).toString('latin1');
  const prev = /startxref\s+(\d+)\s+%%EOF\s*$/.exec(before)![1]!;
  let body = before + (options.junk ?? '');
  const rows: string[] = [];
  for (const [number, text] of Object.entries(objects)) {
    rows.push(`${number} 1\n${String(body.length).padStart(10, '0')} 00000 n \n`);
    body += `${number} 0 obj\n${text}\nendobj\n`;
  }
  for (const [number, offset] of Object.entries(options.offsets ?? {})) rows.push(`${number} 1\n${String(offset).padStart(10, '0')} 00000 n \n`);
  for (const number of options.free ?? []) rows.push(`${number} 1\n0000000000 00001 f \n`);
  return latin1(`${body}xref\n${rows.join('')}trailer\n<< /Size ${options.size ?? 100} /Root ${options.root ?? '1 0 R'} /Prev ${prev} >>\nstartxref\n${body.length}\n%%EOF\n`);
}

/** The text of the newest object with this number, as far as `endobj`. */
export function objectText(pdf: Uint8Array, number: number): string {
  const text = Buffer.from(pdf).toString('latin1');
  const at = text.lastIndexOf(`\n${number} 0 obj\n`);
  return text.slice(at + `\n${number} 0 obj\n`.length, text.indexOf('\nendobj', at));
}

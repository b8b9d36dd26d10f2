import type { PdfValue } from './object.js';

/** A value as PDF syntax (ISO 32000-1 §7.3), Latin-1; streams are written by whoever has their octets. */
export function pdfText(value: PdfValue): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return Number.isInteger(value) ? value.toFixed(0) : value.toFixed(6).replace(/0+$/, '').replace(/\.$/, '');
  switch (value.kind) {
    case 'name': return `/${value.name.replace(/[^!-~]|[#()<>[\]{}/%]/g, (each) => `#${each.charCodeAt(0).toString(16).padStart(2, '0')}`)}`;
    case 'string': return `<${Array.from(value.bytes, (octet) => octet.toString(16).padStart(2, '0')).join('')}>`;
    case 'ref': return `${value.number} ${value.generation} R`;
    case 'array': return `[${value.items.map(pdfText).join(' ')}]`;
    case 'dict': return `<< ${[...value.entries].map(([key, entry]) => `${pdfText({ kind: 'name', name: key })} ${pdfText(entry)}`).join(' ')} >>`;
    case 'stream': throw new TypeError('a stream is an object by itself');
  }
}

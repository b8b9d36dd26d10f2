/** ISO 32000-1 §7.3: the objects of a PDF, as values that remember where they came from. */
export type PdfValue = null | boolean | number | PdfName | PdfString | PdfRef | PdfArray | PdfDict | PdfStream;

export interface PdfName {
  readonly kind: 'name';
  /** Without the solidus, `#xx` decoded. */
  readonly name: string;
}

export interface PdfString {
  readonly kind: 'string';
  readonly bytes: Uint8Array;
  readonly hex: boolean;
  /** Offsets of the token, delimiters included, in the octets it was read from. */
  readonly start: number;
  readonly end: number;
}

export interface PdfRef {
  readonly kind: 'ref';
  readonly number: number;
  readonly generation: number;
}

export interface PdfArray {
  readonly kind: 'array';
  readonly items: readonly PdfValue[];
}

export interface PdfDict {
  readonly kind: 'dict';
  readonly entries: ReadonlyMap<string, PdfValue>;
}

export interface PdfStream {
  readonly kind: 'stream';
  readonly dict: PdfDict;
  /** As in the file, filters not applied. */
  readonly data: Uint8Array;
}

type Kind = 'name' | 'string' | 'ref' | 'array' | 'dict' | 'stream';
type OfKind<K extends Kind> = Extract<PdfValue, { readonly kind: K }>;

export function isKind<K extends Kind>(value: PdfValue | undefined, kind: K): value is OfKind<K> {
  return typeof value === 'object' && value !== null && value.kind === kind;
}

export function nameOf(value: PdfValue | undefined): string | undefined {
  return isKind(value, 'name') ? value.name : undefined;
}

/** Equal as values: where they stand in the file does not count. */
export function equalValues(a: PdfValue, b: PdfValue): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || a.kind !== b.kind) return false;
  switch (a.kind) {
    case 'name':
      return a.name === (b as PdfName).name;
    case 'string':
      return equalOctets(a.bytes, (b as PdfString).bytes);
    case 'ref':
      return a.number === (b as PdfRef).number && a.generation === (b as PdfRef).generation;
    case 'array': {
      const { items } = b as PdfArray;
      return a.items.length === items.length && a.items.every((item, index) => equalValues(item, items[index]!));
    }
    case 'dict': {
      const { entries } = b as PdfDict;
      return a.entries.size === entries.size && [...a.entries].every(([key, value]) => entries.has(key) && equalValues(value, entries.get(key)!));
    }
    case 'stream':
      return equalValues(a.dict, (b as PdfStream).dict) && equalOctets(a.data, (b as PdfStream).data);
  }
}

/** Every reference inside a value. */
export function* referencesIn(value: PdfValue): Generator<PdfRef> {
  if (typeof value !== 'object' || value === null) return;
  if (value.kind === 'ref') yield value;
  else if (value.kind === 'array') for (const item of value.items) yield* referencesIn(item);
  else if (value.kind === 'dict') for (const item of value.entries.values()) yield* referencesIn(item);
  else if (value.kind === 'stream') yield* referencesIn(value.dict);
}

function equalOctets(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}

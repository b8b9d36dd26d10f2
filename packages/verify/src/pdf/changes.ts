import { strayOctets } from './appended.js';
import type { PdfDocument } from './document.js';
import { equalValues, isKind, nameOf, referencesIn, type PdfDict, type PdfValue } from './object.js';
import type { Permissions } from './permissions.js';
import { readFields, readSignatures, type PdfField } from './signature-field.js';

/** One thing that happened to a document after it was signed. */
export interface PdfChange {
  readonly kind: 'validation-data' | 'signature-field' | 'signed' | 'form-field' | 'information' | 'other';
  readonly allowed: boolean;
  /** Number of the object; 0 for the file around them. */
  readonly object: number;
  readonly detail: string;
}

/** Keys that a new signature field may have: nothing that acts, nothing that other fields inherit. */
const FIELD_KEYS = new Set(['Type', 'Subtype', 'FT', 'T', 'TU', 'TM', 'Ff', 'F', 'V', 'P', 'Rect', 'AP', 'Lock', 'SV', 'MK', 'Border', 'BS', 'NM', 'M']);
const INFORMATION_KEYS = new Set(['ModDate', 'Producer']);
const DSS_KEYS = new Set(['Type', 'VRI', 'Certs', 'CRLs', 'OCSPs']);
const VRI_KEYS = new Set(['Type', 'Cert', 'CRL', 'OCSP', 'TU', 'TS']);
/** Refused changes after which nothing else is looked at. */
const ENOUGH = 1000;
const NOTHING: PdfDict = { kind: 'dict', entries: new Map() };

/**
 * What was changed between a signed revision and the document as it is, each change judged by an allow-list: validation
 * data (EN 319 142-1 §5.4), further signatures and time-stamps, and form filling where the signer's DocMDP allows it.
 * Everything else is not allowed. Compared are the objects, not how they are found, so that content hidden in the
 * signed revision and shown later counts as changed.
 */
export function changesSince(signed: PdfDocument, now: PdfDocument, permissions: Permissions): readonly PdfChange[] {
  return new Comparison(signed, now, permissions).run();
}

/** An object that holds validation data, and the one that refers to it. */
interface DssPart {
  readonly kind: 'dss' | 'vri' | 'entry' | 'list';
  readonly from: number;
}

class Comparison {
  readonly #signed: PdfDocument;
  readonly #now: PdfDocument;
  readonly #permissions: Permissions;
  readonly #changes: PdfChange[] = [];
  #fields: ReadonlyMap<number, PdfField> | undefined;
  /** By owner and object: under which keys it refers to it. */
  readonly #slots = new Map<number, ReadonlyMap<number, readonly string[]>>();
  #parts: ReadonlyMap<number, DssPart> | undefined;
  /** New signature fields, by object number. */
  readonly #newFields = new Set<number>();
  #signatures: ReadonlySet<number> | undefined;

  constructor(signed: PdfDocument, now: PdfDocument, permissions: Permissions) {
    this.#signed = signed;
    this.#now = now;
    this.#permissions = permissions;
  }

  run(): readonly PdfChange[] {
    const [signed, now] = [this.#signed, this.#now];
    const base = signed.sections[0]!.offset;
    const depth = now.sections.findIndex(({ offset }) => offset === base);
    if (depth < 0) return [other(0, 'the signed revision is no part of the document any more')];
    const added = now.sections.slice(0, depth);
    if (added.length === 0) return now.bytes.length === signed.bytes.length ? [] : [other(0, 'octets behind the last revision')];
    const stray = strayOctets(now, signed.bytes.length, added);
    if (stray !== undefined) this.#changes.push(other(0, stray));
    for (const { trailer } of added) this.#trailer(trailer);
    const touched = [...new Set(added.flatMap(({ entries }) => [...entries.keys()]))].sort((a, b) => a - b);
    const fresh = touched.filter((number) => signed.object(number) === undefined && now.object(number) !== undefined);
    // A reference to nothing that was signed comes to mean something: content can be hidden that way.
    for (const number of fresh) if (signed.referrers.has(number)) this.#changes.push(other(number, 'was referred to before it existed'));
    for (const number of fresh) this.#noteField(number);
    let refused = 0;
    for (const number of touched) {
      const [before, after] = [signed.object(number), now.object(number)];
      if (before === undefined || (after !== undefined && equalValues(before, after))) continue;
      const change = after === undefined ? other(number, 'deleted') : (this.#changed(number, before, after) ?? other(number, describe(before)));
      this.#changes.push(change);
      // Nothing makes up for so many, and nobody reads more.
      if (!change.allowed && ++refused >= ENOUGH) break;
    }
    return this.#changes;
  }

  #trailer(trailer: PdfDict): void {
    const root = trailer.entries.get('Root');
    if (!isKind(root, 'ref') || !equalValues(root, this.#signed.root)) this.#changes.push(other(0, 'another catalog'));
    const [before, after] = [this.#signed.trailer.entries.get('Info'), trailer.entries.get('Info')];
    if (before !== undefined && after !== undefined && !equalValues(before, after)) this.#changes.push(other(0, 'another information dictionary'));
  }

  /** Recognises a new signature field before those who refer to it are looked at. */
  #noteField(number: number): void {
    const value = this.#now.object(number);
    if (!isKind(value, 'dict') || nameOf(this.#now.get(value, 'FT')) !== 'Sig' || !value.entries.has('T')) return;
    const odd = [...value.entries.keys()].find((key) => !FIELD_KEYS.has(key));
    if (odd !== undefined) {
      this.#changes.push(other(number, `a signature field with ${odd}`));
      return;
    }
    if ((nameOf(value.entries.get('Subtype')) ?? 'Widget') !== 'Widget') {
      this.#changes.push(other(number, 'a signature field that is another annotation'));
      return;
    }
    // Nobody answers for what a field shows that holds no signature; it may cover the price.
    if (this.#isVisible(value) && (value.entries.has('AP') || value.entries.has('MK')) && !this.#isSigned(number)) {
      this.#changes.push(other(number, 'a signature field that shows something and is not signed'));
      return;
    }
    if (this.#permissions.docMdp === 1 && !this.#isDocumentTimestamp(value)) {
      this.#changes.push({ kind: 'signature-field', allowed: false, object: number, detail: 'DocMDP 1' });
      return;
    }
    this.#newFields.add(number);
    this.#changes.push({ kind: 'signature-field', allowed: true, object: number, detail: this.#isVisible(value) ? 'visible' : 'invisible' });
  }

  #changed(number: number, before: PdfValue, after: PdfValue): PdfChange | undefined {
    if (number === this.#signed.root.number) return this.#catalog(number, before, after);
    if (isKind(before, 'array') && isKind(after, 'array')) return this.#array(number, before.items, after.items);
    if (isKind(before, 'stream') && isKind(after, 'stream')) return this.#metadata(number, before.dict, after.dict);
    if (!isKind(before, 'dict') || !isKind(after, 'dict')) return undefined;
    return this.#form(number, before, after) ?? this.#dss(number, before, after) ?? this.#information(number, before, after) ?? this.#page(number, before, after) ?? this.#field(number, before, after);
  }

  #catalog(number: number, before: PdfValue, after: PdfValue): PdfChange | undefined {
    if (!isKind(before, 'dict') || !isKind(after, 'dict')) return undefined;
    for (const key of differing(before, after)) {
      const [old, next] = [before.entries.get(key), after.entries.get(key)];
      if (key === 'Extensions' || (key === 'Version' && /^(1\.[0-7]|2\.0)$/.test(nameOf(next) ?? ''))) continue;
      const [was, is] = [this.#signed.resolve(old) ?? NOTHING, this.#now.resolve(next)];
      if (!isKind(was, 'dict') || !isKind(is, 'dict') || isKind(old, 'ref')) return other(number, key);
      if (key === 'AcroForm' && this.#formHolds(was, is)) continue;
      if (key === 'DSS' && this.#dssHolds(was, is)) continue;
      return other(number, key);
    }
    return { kind: 'signature-field', allowed: true, object: number, detail: 'catalog' };
  }

  /** AcroForm: fields appended, flags (§12.7.2). */
  #form(number: number, before: PdfDict, after: PdfDict): PdfChange | undefined {
    const form = this.#signed.catalog.entries.get('AcroForm');
    if (!isKind(form, 'ref') || form.number !== number || !this.#onlyReferredBy(number, this.#signed.root.number)) return undefined;
    return this.#formHolds(before, after) ? { kind: 'signature-field', allowed: true, object: number, detail: 'form' } : undefined;
  }

  #formHolds(before: PdfDict, after: PdfDict): boolean {
    return differing(before, after).every((key) => {
      if (key === 'SigFlags') return typeof after.entries.get(key) === 'number';
      if (key !== 'Fields') return before === NOTHING && (key === 'DA' || key === 'DR');
      return this.#appends(this.#signed.resolve(before.entries.get(key)), this.#now.resolve(after.entries.get(key)));
    });
  }

  #dss(number: number, before: PdfDict, after: PdfDict): PdfChange | undefined {
    const parts = (this.#parts ??= this.#readParts());
    const owner = parts.get(number);
    if (owner === undefined || !this.#onlyReferredBy(number, owner.from)) return undefined;
    const holds = owner.kind === 'dss' ? this.#dssHolds(before, after) : owner.kind === 'vri' ? this.#vriHolds(before, after) : this.#entryHolds(before, after, VRI_KEYS);
    return holds ? { kind: 'validation-data', allowed: true, object: number, detail: 'DSS' } : undefined;
  }

  #dssHolds(before: PdfDict, after: PdfDict): boolean {
    return this.#entryHolds(before, after, DSS_KEYS, 'VRI') && this.#vriHolds(this.#asDict(this.#signed, before.entries.get('VRI')), this.#asDict(this.#now, after.entries.get('VRI')));
  }

  /** Any signature may get its entry; one that is there may grow. */
  #vriHolds(before: PdfDict, after: PdfDict): boolean {
    return differing(before, after).every((key) => this.#entryHolds(this.#asDict(this.#signed, before.entries.get(key)), this.#asDict(this.#now, after.entries.get(key)), VRI_KEYS));
  }

  #entryHolds(before: PdfDict, after: PdfDict, keys: ReadonlySet<string>, apart?: string): boolean {
    return differing(before, after).every((key) => {
      if (key === apart) return true;
      if (!keys.has(key)) return false;
      if (key === 'Type' || key === 'TU' || key === 'TS') return !before.entries.has(key);
      const [was, is] = [this.#signed.resolve(before.entries.get(key)), this.#now.resolve(after.entries.get(key))];
      return isKind(is, 'array') && onlyGrows(isKind(was, 'array') ? was.items : [], is.items);
    });
  }

  #asDict(document: PdfDocument, value: PdfValue | undefined): PdfDict {
    const found = document.resolve(value);
    return isKind(found, 'dict') ? found : NOTHING;
  }

  /** The objects that hold the validation data of the signed revision, with who refers to them. */
  #readParts(): ReadonlyMap<number, DssPart> {
    const parts = new Map<number, DssPart>();
    const root = this.#signed.root.number;
    const note = (value: PdfValue | undefined, kind: DssPart['kind'], from: number): [PdfDict, number] => {
      if (isKind(value, 'ref')) parts.set(value.number, { kind, from });
      return [this.#asDict(this.#signed, value), isKind(value, 'ref') ? value.number : from];
    };
    const [dss, dssAt] = note(this.#signed.catalog.entries.get('DSS'), 'dss', root);
    const [vri, vriAt] = note(dss.entries.get('VRI'), 'vri', dssAt);
    for (const key of ['Certs', 'CRLs', 'OCSPs']) note(dss.entries.get(key), 'list', dssAt);
    for (const value of vri.entries.values()) {
      const [entry, at] = note(value, 'entry', vriAt);
      for (const key of ['Cert', 'CRL', 'OCSP']) note(entry.entries.get(key), 'list', at);
    }
    return parts;
  }

  #information(number: number, before: PdfDict, after: PdfDict): PdfChange | undefined {
    const info = this.#signed.trailer.entries.get('Info');
    if (!isKind(info, 'ref') || info.number !== number || (this.#signed.referrers.get(number)?.size ?? 0) > 0) return undefined;
    return differing(before, after).every((key) => INFORMATION_KEYS.has(key)) ? { kind: 'information', allowed: true, object: number, detail: 'Info' } : undefined;
  }

  /** The document's own XMP (§14.3.2), which other writers keep up to date; it is shown on no page. */
  #metadata(number: number, before: PdfDict, after: PdfDict): PdfChange | undefined {
    const metadata = this.#signed.catalog.entries.get('Metadata');
    if (!isKind(metadata, 'ref') || metadata.number !== number || !this.#onlyReferredBy(number, this.#signed.root.number)) return undefined;
    const is = [before, after].every(({ entries }) => nameOf(entries.get('Type')) === 'Metadata' && nameOf(entries.get('Subtype')) === 'XML');
    return is ? { kind: 'information', allowed: true, object: number, detail: 'Metadata' } : undefined;
  }

  /** A page gets the places of new signature fields. */
  #page(number: number, before: PdfDict, after: PdfDict): PdfChange | undefined {
    if (nameOf(before.entries.get('Type')) !== 'Page') return undefined;
    const [key, ...more] = differing(before, after);
    if (key !== 'Annots' || more.length > 0) return undefined;
    if (isKind(before.entries.get(key), 'ref') && !equalValues(before.entries.get(key)!, after.entries.get(key) ?? null)) return undefined;
    if (!this.#appends(this.#signed.resolve(before.entries.get(key)), this.#now.resolve(after.entries.get(key)))) return undefined;
    return { kind: 'signature-field', allowed: true, object: number, detail: 'page' };
  }

  /** The list of fields, of annotations of one page, or of validation data, where it is an object by itself. */
  #array(number: number, before: readonly PdfValue[], after: readonly PdfValue[]): PdfChange | undefined {
    const { referrers, catalog } = this.#signed;
    const [owner, ...more] = referrers.get(number) ?? [];
    if (owner === undefined || more.length > 0) return undefined;
    const by = this.#signed.object(owner);
    if (!isKind(by, 'dict')) return undefined;
    const slots = this.#slotsIn(owner, by).get(number) ?? [];
    const form = catalog.entries.get('AcroForm');
    const isForm = isKind(form, 'ref') ? form.number === owner : owner === this.#signed.root.number;
    const fields = isForm && (isKind(form, 'ref') ? slots.join() === 'Fields' : slots.join() === 'AcroForm' && refersTo(form, 'Fields', number));
    const annotations = nameOf(by.entries.get('Type')) === 'Page' && slots.join() === 'Annots';
    if (fields || annotations) {
      return this.#appends({ kind: 'array', items: before }, { kind: 'array', items: after }) ? { kind: 'signature-field', allowed: true, object: number, detail: annotations ? 'page' : 'form' } : undefined;
    }
    const part = (this.#parts ??= this.#readParts()).get(number);
    return part?.kind === 'list' && part.from === owner && onlyGrows(before, after) ? { kind: 'validation-data', allowed: true, object: number, detail: 'DSS' } : undefined;
  }

  #slotsIn(owner: number, { entries }: PdfDict): ReadonlyMap<number, readonly string[]> {
    const known = this.#slots.get(owner);
    if (known !== undefined) return known;
    const slots = new Map<number, string[]>();
    for (const [key, value] of entries) {
      for (const to of new Set([...referencesIn(value)].map((ref) => ref.number))) {
        const there = slots.get(to);
        if (there === undefined) slots.set(to, [key]);
        else there.push(key);
      }
    }
    this.#slots.set(owner, slots);
    return slots;
  }

  /** A field that was there: an empty signature field signed, or a form filled in. */
  #field(number: number, before: PdfDict, after: PdfDict): PdfChange | undefined {
    const field = (this.#fields ??= new Map(readFields(this.#signed).map((each) => [each.ref.number, each]))).get(number);
    if (field === undefined) return undefined;
    const keys = differing(before, after);
    const { docMdp, locks } = this.#permissions;
    if (field.type === 'Sig') {
      if (field.value !== undefined && field.value !== null) return undefined;
      if (!keys.every((key) => key === 'V' || key === 'AP' || key === 'F' || key === 'M') || !this.#isSigned(number)) return undefined;
      return { kind: 'signed', allowed: !locks(field.name) && (docMdp !== 1 || this.#isDocumentTimestamp(after)), object: number, detail: field.name };
    }
    if (!keys.every((key) => key === 'V' || key === 'AS' || key === 'AP' || key === 'I' || key === 'M')) return undefined;
    return { kind: 'form-field', allowed: (docMdp === 2 || docMdp === 3) && !locks(field.name), object: number, detail: field.name };
  }

  /** The old list as it was, and behind it new signature fields only. */
  #appends(before: PdfValue | undefined, after: PdfValue | undefined): boolean {
    const old = isKind(before, 'array') ? before.items : [];
    if (!isKind(after, 'array') || after.items.length < old.length) return false;
    return after.items.every((item, index) => (index < old.length ? equalValues(item, old[index]!) : isKind(item, 'ref') && this.#newFields.has(item.number)));
  }

  #isDocumentTimestamp(field: PdfDict): boolean {
    const value = this.#now.get(field, 'V');
    return isKind(value, 'dict') && nameOf(value.entries.get('SubFilter')) === 'ETSI.RFC3161' && !this.#isVisible(field);
  }

  /** Whether a field is among those whose signatures are judged: one with `V null`, or outside the form, is not. */
  #isSigned(number: number): boolean {
    return (this.#signatures ??= new Set(readSignatures(this.#now).map(({ ref }) => ref.number))).has(number);
  }

  #isVisible(field: PdfDict): boolean {
    const rect = this.#now.get(field, 'Rect');
    const [x0, y0, x1, y1, ...more] = isKind(rect, 'array') ? rect.items : [];
    return !(typeof x0 === 'number' && typeof y0 === 'number' && x0 === x1 && y0 === y1 && more.length === 0);
  }

  #onlyReferredBy(number: number, owner: number): boolean {
    const by = this.#signed.referrers.get(number);
    return by?.size === 1 && by.has(owner);
  }
}

/** References only, those that were there among them: lists as long as their writer likes. */
function onlyGrows(before: readonly PdfValue[], after: readonly PdfValue[]): boolean {
  const nameOfRef = (value: PdfValue): string | undefined => (isKind(value, 'ref') ? `${value.number} ${value.generation}` : undefined);
  const there = new Set(after.map(nameOfRef));
  return !there.has(undefined) && before.every((item) => isKind(item, 'ref') && there.has(nameOfRef(item)));
}

function refersTo(form: PdfValue | undefined, key: string, number: number): boolean {
  const value = isKind(form, 'dict') ? form.entries.get(key) : undefined;
  return isKind(value, 'ref') && value.number === number;
}

function differing(before: PdfDict, after: PdfDict): string[] {
  return [...new Set([...before.entries.keys(), ...after.entries.keys()])].filter((key) => {
    const [a, b] = [before.entries.get(key), after.entries.get(key)];
    return a === undefined || b === undefined || !equalValues(a, b);
  });
}

function describe(value: PdfValue): string {
  const dict = isKind(value, 'stream') ? value.dict : value;
  return (isKind(dict, 'dict') ? nameOf(dict.entries.get('Type')) ?? nameOf(dict.entries.get('Subtype')) : undefined) ?? (typeof value === 'object' && value !== null ? value.kind : typeof value);
}

function other(object: number, detail: string): PdfChange {
  return { kind: 'other', allowed: false, object, detail };
}


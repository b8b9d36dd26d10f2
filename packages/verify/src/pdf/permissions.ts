import type { PdfDocument } from './document.js';
import { isKind, nameOf, type PdfDict } from './object.js';
import { readSignatures, text, type SignatureField } from './signature-field.js';

/** What a signature allows to happen to the document after it (ISO 32000-1 §12.8.2.2 to §12.8.2.4, §12.7.4.5). */
export interface Permissions {
  /** DocMDP: 1 nothing, 2 filling in forms and signing, 3 annotations too (which are refused here all the same). Undefined: not said. */
  readonly docMdp: 1 | 2 | 3 | undefined;
  /** It certifies the document: named by the catalog's Perms. */
  readonly certifies: boolean;
  /** Whether a field of this name must stay as it is. */
  locks(name: string): boolean;
}

/** @param document as it was when the signature was made */
export function permissionsOf(document: PdfDocument, { signature, dict, number }: SignatureField): Permissions {
  const perms = document.get(document.catalog, 'Perms');
  const certified = isKind(perms, 'dict') ? perms.entries.get('DocMDP') : undefined;
  const certifies = isKind(certified, 'ref') && certified.number === number;
  const rules: PdfDict[] = [];
  const levels: number[] = [];
  const references = signature === undefined ? undefined : document.get(signature, 'Reference');
  for (const item of isKind(references, 'array') ? references.items : []) {
    const reference = document.resolve(item);
    if (!isKind(reference, 'dict')) continue;
    const parameters = document.get(reference, 'TransformParams');
    const method = nameOf(document.get(reference, 'TransformMethod'));
    // The default of P is 2 (§12.8.2.2.2, table 254).
    if (method === 'DocMDP') levels.push(levelOf(document, isKind(parameters, 'dict') ? parameters : undefined) ?? 2);
    else if (method === 'FieldMDP' && isKind(parameters, 'dict')) rules.push(parameters);
  }
  const lock = document.get(dict, 'Lock');
  if (isKind(lock, 'dict')) {
    rules.push(lock);
    const level = levelOf(document, lock);
    if (level !== undefined) levels.push(level);
  }
  const locks = rules.map((rule) => lockOf(document, rule));
  return {
    docMdp: levels.length === 0 ? undefined : (Math.min(...levels) as 1 | 2 | 3),
    certifies,
    locks: (name) => locks.some((locked) => locked(name)),
  };
}

/** Of all signatures of a document together: what one forbids it goes on forbidding beside others. */
export function permissionsIn(document: PdfDocument): Permissions {
  const all = readSignatures(document).map((each) => permissionsOf(document, each));
  const levels = all.flatMap(({ docMdp }) => docMdp ?? []);
  return {
    docMdp: levels.length === 0 ? undefined : (Math.min(...levels) as 1 | 2 | 3),
    certifies: all.some(({ certifies }) => certifies),
    locks: (name) => all.some(({ locks }) => locks(name)),
  };
}

function levelOf(document: PdfDocument, parameters: PdfDict | undefined): number | undefined {
  const level = parameters === undefined ? undefined : document.get(parameters, 'P');
  return level === undefined ? undefined : level === 2 || level === 3 ? level : 1;
}

/** Whether a rule locks a field of this name: it, or one that it is below. Both may be as many as their writer likes. */
function lockOf(document: PdfDocument, rule: PdfDict): (name: string) => boolean {
  const fields = document.get(rule, 'Fields');
  const names = new Set(isKind(fields, 'array') ? fields.items.flatMap((item) => { const found = document.resolve(item); return isKind(found, 'string') ? [text(found)] : []; }) : []);
  const isWithin = (name: string): boolean => {
    for (let end = name.length; end > 0; end = name.lastIndexOf('.', end - 1)) if (names.has(name.slice(0, end))) return true;
    return false;
  };
  switch (nameOf(document.get(rule, 'Action'))) {
    case 'Include': return isWithin;
    case 'Exclude': return (name) => !isWithin(name);
    default: return () => true;
  }
}

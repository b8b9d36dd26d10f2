import { conclude } from '../conclude.js';
import { VerifyError } from '../error.js';
import { makeReason } from '../remedies.js';
import type { CheckRow, Reason } from '../report.js';
import type { Scene } from '../policy.js';
import { checkByteRange, signedOctets, type ByteRange } from './byte-range.js';
import { changesSince, type PdfChange } from './changes.js';
import { openRevision, type PdfDocument } from './document.js';
import { isKind, nameOf, type PdfDict } from './object.js';
import { permissionsIn, permissionsOf, type Permissions } from './permissions.js';
import type { PdfSignatureReport } from './report.js';
import { readSecurityStore, type SecurityStore } from './security-store.js';
import { readSignatures, text, type SignatureField } from './signature-field.js';

/** SubFilters whose Contents is a message over the byte range (ISO 32000-1 §12.8.3.3, EN 319 142-1 §6). */
const MESSAGES = ['adbe.pkcs7.detached', 'ETSI.CAdES.detached'];
const TIMESTAMP = 'ETSI.RFC3161';

/** A signature field before its message is looked into: what it covers, and what happened to the document afterwards. */
export interface ExaminedField {
  readonly subFilter: string;
  readonly range: ByteRange;
  /** Where the revision ends that it signs. */
  readonly end: number;
  /** The message or token. */
  readonly contents: Uint8Array;
  /** The octets it signs. */
  readonly content: Uint8Array;
  /** The security store of the revision it signs. */
  readonly store: SecurityStore;
  readonly isTimestamp: boolean;
  readonly reasons: readonly Reason[];
  readonly checks: readonly CheckRow[];
  /** Members of its report that are known so far. */
  readonly common: Pick<PdfSignatureReport, 'field' | 'kind' | 'subFilter' | 'claimed' | 'byteRange' | 'revision' | 'docMdp' | 'changes'>;
}

/** The field examined; or its report, where there is nothing more to look into. */
export type FieldExamination = { readonly examined: ExaminedField } | { readonly stopped: PdfSignatureReport };

/** ISO 32000-1 §12.8.1, EN 319 142-1 §5.2: the byte range is a revision without the signature's own value, and later changes are allowed ones. */
export function examineField(document: PdfDocument, field: SignatureField, scene: Scene): FieldExamination {
  const { signature } = field;
  const { bytes } = document;
  const subFilter = signature === undefined ? undefined : nameOf(document.get(signature, 'SubFilter'));
  const base = { field: field.name, ...(subFilter === undefined ? {} : { subFilter }), claimed: signature === undefined ? {} : claims(document, signature) };
  const isTimestamp = subFilter === TIMESTAMP;
  const kind = isTimestamp ? 'document-timestamp' as const : 'approval' as const;
  const stop = (reason: Reason, more: Partial<PdfSignatureReport> = {}): FieldExamination => ({
    stopped: { ...base, kind, ...conclude([reason], scene), checks: [], changes: [], ...more },
  });
  if (signature === undefined || field.number === undefined) return stop(makeReason('PDF_SIGNATURE_MALFORMED', { subject: 'signature', actual: 'no signature dictionary' }));
  if (subFilter === undefined || !(MESSAGES.includes(subFilter) || isTimestamp)) return stop(makeReason('PDF_SUBFILTER_UNSUPPORTED', { subject: 'signature', actual: subFilter ?? 'none' }));
  const range = checkByteRange(bytes, signature);
  if (!range.ok) return stop(makeReason(range.code, { subject: 'signature', actual: range.actual }), { checks: [row('pdf.byteRange', false, range.actual)] });
  const byteRange = range.range;
  const ranged = row('pdf.byteRange', true, byteRange.join(' '));

  const revision = { length: range.end, isWhole: range.end === bytes.length };
  let signed: PdfDocument;
  let permissions: Permissions;
  let store: SecurityStore;
  try {
    signed = openRevision(document, range.end);
    const then = readSignatures(signed).find(({ number }) => number === field.number);
    if (then === undefined) throw new VerifyError('PDF_MALFORMED', 'the revision signed does not hold the signature');
    permissions = { ...permissionsIn(signed), certifies: permissionsOf(signed, then).certifies };
    store = readSecurityStore(signed);
  } catch (error) {
    const reason = fileReason(error, 'PDF_BYTE_RANGE_INVALID');
    if (reason === undefined) throw error;
    return stop(reason, { byteRange, revision, checks: [ranged, row('pdf.revision', false, range.end)] });
  }
  let changes: readonly PdfChange[];
  try {
    changes = changesSince(signed, document, permissions);
  } catch (error) {
    // What cannot be read cannot be shown to be unchanged.
    const reason = fileReason(error, 'PDF_MODIFIED_AFTER_SIGNING');
    if (reason === undefined) throw error;
    return stop(reason, { byteRange, revision, checks: [ranged, row('pdf.revision', true, range.end), row('pdf.changes', false, String(reason.actual))] });
  }
  const refused = changes.filter(({ allowed }) => !allowed);
  return {
    examined: {
      subFilter, range: byteRange, end: range.end, contents: range.contents, content: signedOctets(bytes, byteRange), store, isTimestamp,
      reasons: refused.length === 0 ? [] : [makeReason('PDF_MODIFIED_AFTER_SIGNING', { subject: 'document', actual: told(refused) })],
      checks: [ranged, row('pdf.revision', true, range.end), row('pdf.changes', refused.length === 0, refused.length === 0 ? changes.length : told(refused))],
      common: {
        ...base, kind: permissions.certifies ? 'certification' : kind, byteRange, revision,
        ...(permissions.docMdp === undefined ? {} : { docMdp: permissions.docMdp }),
        changes,
      },
    },
  };
}

/** @param malformed what it means that something is not in form */
export function fileReason(error: unknown, malformed: 'PDF_MALFORMED' | 'PDF_BYTE_RANGE_INVALID' | 'PDF_MODIFIED_AFTER_SIGNING' = 'PDF_MALFORMED'): Reason | undefined {
  if (!(error instanceof VerifyError)) return undefined;
  const { code } = error;
  if (code !== 'PDF_MALFORMED' && code !== 'PDF_UNSUPPORTED' && code !== 'PDF_LIMIT') return undefined;
  return makeReason(code === 'PDF_MALFORMED' ? malformed : code, { subject: 'document', actual: error.message });
}

function claims(document: PdfDocument, signature: PdfDict): PdfSignatureReport['claimed'] {
  const said = (key: string): string | undefined => {
    const value = document.get(signature, key);
    return isKind(value, 'string') ? text(value).slice(0, 256) : undefined;
  };
  const [time, name, reason, location] = ['M', 'Name', 'Reason', 'Location'].map(said);
  return { ...(time === undefined ? {} : { time }), ...(name === undefined ? {} : { name }), ...(reason === undefined ? {} : { reason }), ...(location === undefined ? {} : { location }) };
}

function told(changes: readonly PdfChange[]): string {
  const shown = changes.slice(0, 5).map(({ object, detail }) => (object === 0 ? detail : `object ${object} (${detail})`));
  return [...shown, ...(changes.length > shown.length ? [`and ${changes.length - shown.length} more`] : [])].join(', ');
}

function row(id: string, passed: boolean, actual: string | number): CheckRow {
  return { id, outcome: passed ? 'passed' : 'failed', subject: 'document', actual, clause: 'ISO 32000-1 §12.8.1' };
}

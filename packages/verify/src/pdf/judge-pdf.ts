import { equalBytes, parseTimeStampToken, PkiError, readSignedData, signingCertificateV2Of, id_aa_signingCertificate, type SignedData } from '@hefu/pki';
import { createJudgeCaches, type JudgeCaches } from '../caches.js';
import { conclude } from '../conclude.js';
import { readContext, requireTimes, type JudgeContext } from '../context.js';
import { VerifyError } from '../error.js';
import { judge } from '../judge.js';
import { makeReason } from '../remedies.js';
import type { CheckRow, Reason, Report } from '../report.js';
import { reportFrame } from '../report-frame.js';
import { reportMalformed } from '../report-malformed.js';
import type { SealQuestion } from '../seal/input.js';
import { checkByteRange, signedOctets } from './byte-range.js';
import { changesSince, type PdfChange } from './changes.js';
import { openPdf, type PdfDocument } from './document.js';
import type { PdfLimits } from './limits.js';
import { isKind, nameOf, type PdfDict } from './object.js';
import { permissionsIn, permissionsOf, type Permissions } from './permissions.js';
import type { PdfReport, PdfSignatureReport } from './report.js';
import { readSignatures, text, type SignatureField } from './signature-field.js';

/** Everything a verdict on a PDF depends on. */
export interface JudgePdfInput extends Omit<SealQuestion, 'context' | 'knownExtensions'> {
  /** The file, whole. */
  readonly pdf: Uint8Array;
  readonly context: JudgeContext;
  readonly limits?: Partial<PdfLimits>;
}

/** SubFilters whose Contents is a message over the byte range (ISO 32000-1 §12.8.3.3, EN 319 142-1 §6). */
const MESSAGES = ['adbe.pkcs7.detached', 'ETSI.CAdES.detached'];
const TIMESTAMP = 'ETSI.RFC3161';

/**
 * Judges the signatures inside a PDF (ISO 32000-1 §12.8; EN 319 142-1): each over exactly its revision but its own value,
 * nothing changed afterwards but what the allow-list knows, the message judged as any other.
 * @throws VerifyError CONTEXT_INVALID; what is wrong with the file is a report
 */
export async function judgePdf(input: JudgePdfInput): Promise<PdfReport> {
  requireTimes(input);
  const context = readContext(input.context);
  const { pdf, trustList, policy, algorithms, at, bestSignatureTime, evidence } = input;
  const run = { ...input, caches: input.caches ?? createJudgeCaches() };
  const signatures: PdfSignatureReport[] = [];
  const reasons: Reason[] = [];
  try {
    const document = openPdf(pdf, input.limits);
    const found = readSignatures(document);
    for (const field of found) signatures.push(await judgeField(run, document, field));
    if (!signatures.some(({ kind }) => kind !== 'document-timestamp')) reasons.push(makeReason('PDF_NOT_SIGNED', { subject: 'document' }));
    signatures.sort((a, b) => (a.revision?.length ?? 0) - (b.revision?.length ?? 0));
  } catch (error) {
    const reason = fileReason(error);
    if (reason === undefined) throw error;
    reasons.push(reason);
  }
  // A time-stamp that nobody judged spoils nothing and proves nothing.
  reasons.push(...signatures.flatMap(({ field, reasons: own }) => own.filter(({ code }) => code !== 'PDF_TIMESTAMP_UNPROVEN').map((reason) => ({ ...reason, subject: `${field}: ${reason.subject ?? 'signature'}` }))));
  return {
    type: 'hefu-pdf-report',
    version: 1,
    ...conclude(reasons, context.scene),
    ...reportFrame({ trustList, policy, algorithms, at, context, ...(bestSignatureTime === undefined ? {} : { signed: { at: bestSignatureTime, source: 'caller' } }) }),
    length: pdf.length,
    signatures,
    gaps: evidence.gaps.map(({ code, what, detail }) => ({ code, what, ...(detail === undefined ? {} : { detail }) })),
    warnings: [...new Set([
      ...signatures.flatMap(({ message }) => message?.warnings ?? []),
      ...(signatures.some(({ timestamp }) => timestamp?.outcome === 'not-checked') ? ['TIMESTAMP_NOT_CHECKED' as const] : []),
      ...(signatures.some(({ changes }) => changes.some(({ kind, detail }) => kind === 'signature-field' && detail === 'visible')) ? ['PDF_VISIBLE_SIGNATURE_ADDED' as const] : []),
    ])],
  };
}

/** @param malformed what it means that something is not in form */
function fileReason(error: unknown, malformed: 'PDF_MALFORMED' | 'PDF_BYTE_RANGE_INVALID' | 'PDF_MODIFIED_AFTER_SIGNING' = 'PDF_MALFORMED'): Reason | undefined {
  if (!(error instanceof VerifyError)) return undefined;
  const { code } = error;
  if (code !== 'PDF_MALFORMED' && code !== 'PDF_UNSUPPORTED' && code !== 'PDF_LIMIT') return undefined;
  return makeReason(code === 'PDF_MALFORMED' ? malformed : code, { subject: 'document', actual: error.message });
}

type Run = JudgePdfInput & { readonly caches: JudgeCaches };

async function judgeField(input: Run, document: PdfDocument, field: SignatureField): Promise<PdfSignatureReport> {
  const { signature } = field;
  const subFilter = signature === undefined ? undefined : nameOf(document.get(signature, 'SubFilter'));
  const base = { field: field.name, ...(subFilter === undefined ? {} : { subFilter }), claimed: signature === undefined ? {} : claims(document, signature) };
  const kind = subFilter === TIMESTAMP ? 'document-timestamp' as const : 'approval' as const;
  const stop = (reason: Reason, more: Partial<PdfSignatureReport> = {}): PdfSignatureReport => ({
    ...base, kind, ...conclude([reason], input.context.scene), checks: [], changes: [], ...more,
  });
  if (signature === undefined || field.number === undefined) return stop(makeReason('PDF_SIGNATURE_MALFORMED', { subject: 'signature', actual: 'no signature dictionary' }));
  if (subFilter === undefined || !(MESSAGES.includes(subFilter) || subFilter === TIMESTAMP)) return stop(makeReason('PDF_SUBFILTER_UNSUPPORTED', { subject: 'signature', actual: subFilter ?? 'none' }));
  const range = checkByteRange(input.pdf, signature);
  if (!range.ok) return stop(makeReason(range.code, { subject: 'signature', actual: range.actual }), { checks: [row('pdf.byteRange', false, range.actual)] });
  const byteRange = range.range;

  const revision = { length: range.end, isWhole: range.end === input.pdf.length };
  let signed: PdfDocument;
  let permissions: Permissions;
  try {
    signed = openPdf(input.pdf.subarray(0, range.end), input.limits);
    const then = readSignatures(signed).find(({ number }) => number === field.number);
    if (then === undefined) throw new VerifyError('PDF_MALFORMED', 'the revision signed does not hold the signature');
    permissions = { ...permissionsIn(signed), certifies: permissionsOf(signed, then).certifies };
  } catch (error) {
    const reason = fileReason(error, 'PDF_BYTE_RANGE_INVALID');
    if (reason === undefined) throw error;
    return stop(reason, { byteRange, revision, checks: [row('pdf.byteRange', true, byteRange.join(' ')), row('pdf.revision', false, range.end)] });
  }
  let changes: readonly PdfChange[];
  try {
    changes = changesSince(signed, document, permissions);
  } catch (error) {
    // What cannot be read cannot be shown to be unchanged.
    const reason = fileReason(error, 'PDF_MODIFIED_AFTER_SIGNING');
    if (reason === undefined) throw error;
    return stop(reason, { byteRange, revision, checks: [row('pdf.byteRange', true, byteRange.join(' ')), row('pdf.revision', true, range.end), row('pdf.changes', false, String(reason.actual))] });
  }
  const refused = changes.filter(({ allowed }) => !allowed);
  const checks = [row('pdf.byteRange', true, byteRange.join(' ')), row('pdf.revision', true, range.end), row('pdf.changes', refused.length === 0, refused.length === 0 ? changes.length : told(refused))];
  const reasons = refused.length === 0 ? [] : [makeReason('PDF_MODIFIED_AFTER_SIGNING', { subject: 'document', actual: told(refused) })];
  const content = signedOctets(input.pdf, byteRange);
  const common = {
    ...base, kind: permissions.certifies ? 'certification' as const : kind, byteRange, revision,
    ...(permissions.docMdp === undefined ? {} : { docMdp: permissions.docMdp }),
    changes,
  };
  if (subFilter === TIMESTAMP) {
    const timestamp = await judgeToken(input, range.contents, content);
    if (timestamp.outcome === 'failed') reasons.push(makeReason('PDF_TIMESTAMP_INVALID', { subject: 'time-stamp' }));
    else if (timestamp.outcome !== 'passed') reasons.push(makeReason('PDF_TIMESTAMP_UNPROVEN', { subject: 'time-stamp' }));
    return { ...common, ...conclude(reasons, input.context.scene), checks, timestamp };
  }
  const message = await judgeMessage(input, range.contents, content, subFilter);
  reasons.push(...message.reasons);
  return { ...common, ...conclude(reasons, input.context.scene), checks, message: message.report };
}

async function judgeMessage(input: Run, contents: Uint8Array, content: Uint8Array, subFilter: string): Promise<{ readonly report: Report; readonly reasons: readonly Reason[] }> {
  const { pdf: _, judgeTimestamp: __, limits: ___, ...question } = input;
  let signed: SignedData;
  try {
    signed = readSignedData(contents);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    const report = reportMalformed(error, question);
    return { report, reasons: report.reasons };
  }
  const report = await judge({ ...question, signed, content });
  return { report, reasons: [...formReasons(signed, subFilter), ...report.reasons] };
}

/** What a PDF asks of the message beyond what a message is (ISO 32000-1 §12.8.3.3.1; EN 319 142-1 §6.3). */
function formReasons(signed: SignedData, subFilter: string): Reason[] {
  const wrong = (actual: string): Reason => makeReason('PDF_SIGNATURE_MALFORMED', { subject: 'message', actual });
  const reasons: Reason[] = [];
  if (signed.encapContentInfo.content !== undefined) reasons.push(wrong('the message carries content of its own'));
  if (signed.signerInfos.length !== 1) reasons.push(wrong(`${signed.signerInfos.length} signers in one message`));
  if (subFilter !== 'ETSI.CAdES.detached') return reasons;
  const attributes = signed.signerInfos[0]?.signedAttrs;
  const bound = attributes !== undefined && (signingCertificateV2Of(attributes) !== undefined || attributes.find(id_aa_signingCertificate).length > 0);
  return bound ? reasons : [...reasons, wrong('no signing-certificate attribute')];
}

async function judgeToken({ judgeTimestamp, algorithms, at }: Run, token: Uint8Array, content: Uint8Array): Promise<NonNullable<PdfSignatureReport['timestamp']>> {
  // Whether it is of this document is known without trusting anybody.
  try {
    const { hashAlgorithm, hashedMessage } = parseTimeStampToken(token).tstInfo.messageImprint;
    const digest = algorithms.digests.find(({ oids }) => oids.includes(hashAlgorithm.oid));
    if (digest !== undefined && !equalBytes(digest.digest(content), hashedMessage)) return { outcome: 'failed' };
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return { outcome: 'failed' };
  }
  if (judgeTimestamp === undefined) return { outcome: 'not-checked' };
  const { outcome, genTime } = await judgeTimestamp(token, content);
  return { outcome, ...(outcome === 'passed' && genTime !== undefined && genTime <= at ? { genTime: new Date(genTime).toISOString() } : {}) };
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

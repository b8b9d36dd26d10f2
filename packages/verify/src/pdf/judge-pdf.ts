import { id_aa_signingCertificate, PkiError, readSignedData, signingCertificateV2Of, type SignedData } from '@hefu/pki';
import { createJudgeCaches, type JudgeCaches } from '../caches.js';
import { certificatesIn, messagesOf } from '../carried.js';
import { conclude } from '../conclude.js';
import { readContext, requireTimes, type JudgeContext } from '../context.js';
import { judgeWithin } from '../judge.js';
import type { DocumentTimestamp, Surroundings } from '../process/surroundings.js';
import { inWords, makeReason } from '../remedies.js';
import type { Reason } from '../report.js';
import { reportFrame } from '../report-frame.js';
import { reportMalformed } from '../report-malformed.js';
import { checkRequirements, type JudgedSigner } from '../required-signers.js';
import type { SealQuestion } from '../seal/input.js';
import { openPdf } from './document.js';
import { covers, judgeDocumentTimestamps } from './document-timestamps.js';
import { examineField, fileReason, type ExaminedField } from './examine-field.js';
import type { PdfLimits } from './limits.js';
import type { PdfReport, PdfSignatureReport } from './report.js';
import { readSecurityStore, withSecurityStore, type SecurityStore } from './security-store.js';
import { readSignatures } from './signature-field.js';

/** Everything a verdict on a PDF depends on. */
export interface JudgePdfInput extends Omit<SealQuestion, 'context' | 'knownExtensions' | 'judgeTimestamp'> {
  /** The file, whole. */
  readonly pdf: Uint8Array;
  /** `requireSigners` is asked of all signatures in the document together. */
  readonly context: JudgeContext;
  readonly limits?: Partial<PdfLimits>;
}

/** What is wrong with the document where a time-stamp is concerned; whatever else is wrong is so with its authority. */
const NOT_OF_THIS: ReadonlySet<string> = new Set(['TIMESTAMP_IMPRINT_MISMATCH', 'TIMESTAMP_MALFORMED', 'TIMESTAMP_SIGNATURE_INVALID']);

interface Found {
  readonly report: PdfSignatureReport;
  /** Of an approval or certification signature whose message names one that was found. */
  readonly signer?: JudgedSigner;
}

/**
 * Judges the signatures inside a PDF (ISO 32000-1 §12.8; EN 319 142-1): each over exactly its revision but its own value,
 * nothing changed afterwards but what the allow-list knows, the message judged as any other. What the security store holds
 * is evidence, trusted no more than any other; time-stamps over the document that hold by services of kind `tsa` date the revisions
 * before them and what was stored by then.
 * @throws VerifyError CONTEXT_INVALID; what is wrong with the file is a report
 */
export async function judgePdf(input: JudgePdfInput): Promise<PdfReport> {
  requireTimes(input);
  const context = readContext(input.context);
  const { pdf, trustList, policy, algorithms, at, bestSignatureTime, evidence } = input;
  const found: Found[] = [];
  const reasons: Reason[] = [];
  let store: SecurityStore = { certificates: [], crls: [], ocspResponses: [] };
  try {
    const document = openPdf(pdf, input.limits);
    const fields = readSignatures(document);
    store = readSecurityStore(document);
    const run = { ...input, context, evidence: withSecurityStore(evidence, store), caches: input.caches ?? createJudgeCaches() };
    const examinations = fields.map((field) => examineField(document, field, context.scene));
    const examined = examinations.flatMap((each) => ('examined' in each ? [each.examined] : []));
    const stamps = await judgeDocumentTimestamps(run, examined.filter(({ isTimestamp }) => isTimestamp));
    for (const each of examinations) {
      if ('stopped' in each) found.push({ report: each.stopped });
      else if (each.examined.isTimestamp) found.push({ report: timestampReport(each.examined, stamps.get(each.examined)!, context.scene) });
      else found.push(await judgeSignature(run, each.examined, stamps, store));
    }
    if (!found.some(({ report }) => report.kind !== 'document-timestamp')) reasons.push(makeReason('PDF_NOT_SIGNED', { subject: 'document' }));
    found.sort((a, b) => (a.report.revision?.length ?? 0) - (b.report.revision?.length ?? 0));
  } catch (error) {
    const reason = fileReason(error);
    if (reason === undefined) throw error;
    reasons.push(reason);
  }
  const signatures = found.map(({ report }) => report);
  // A time-stamp that does not hold spoils nothing and proves nothing.
  reasons.push(...signatures.flatMap(({ field, reasons: own }) => own.filter(({ code }) => code !== 'PDF_TIMESTAMP_UNPROVEN').map((reason) => ({ ...reason, subject: `${field}: ${reason.subject ?? 'signature'}` }))));
  const required = context.requireSigners === undefined || found.length === 0 ? undefined : inWords(checkRequirements(context.requireSigners, found.map(({ signer }) => signer)));
  const times = signatures.find(({ message }) => message !== undefined)?.message?.times;
  return {
    type: 'hefu-pdf-report',
    version: 1,
    ...conclude([...reasons, ...(required?.reasons ?? [])], context.scene),
    ...reportFrame({ trustList, policy, algorithms, at, context, ...(times === undefined ? (bestSignatureTime === undefined ? {} : { signed: { at: bestSignatureTime, source: 'caller' } }) : { signed: { at: Date.parse(times.bestSignature), source: times.sources.bestSignature } }) }),
    length: pdf.length,
    signatures,
    gaps: evidence.gaps.map(({ code, what, detail }) => ({ code, what, ...(detail === undefined ? {} : { detail }) })),
    warnings: [...new Set([
      ...signatures.flatMap(({ message }) => message?.warnings ?? []),
      ...(signatures.some(({ kind, conclusion }) => kind === 'document-timestamp' && conclusion !== 'passed') ? ['TIMESTAMP_NOT_COUNTED' as const] : []),
      ...(signatures.some(({ changes }) => changes.some(({ kind, detail }) => kind === 'signature-field' && detail === 'visible')) ? ['PDF_VISIBLE_SIGNATURE_ADDED' as const] : []),
    ])],
    ...(required === undefined ? {} : { requiredSigners: required.met }),
    validationData: { certificates: store.certificates.length, crls: store.crls.length, ocspResponses: store.ocspResponses.length },
  };
}

type Run = Omit<JudgePdfInput, 'context'> & { readonly context: ReturnType<typeof readContext>; readonly caches: JudgeCaches };

function timestampReport({ common, checks, reasons }: ExaminedField, { report, valid }: DocumentTimestamp, scene: JudgeContext['scene']): PdfSignatureReport {
  const own = report.conclusion === 'passed' ? [] : [makeReason(NOT_OF_THIS.has(report.code) ? 'PDF_TIMESTAMP_INVALID' : 'PDF_TIMESTAMP_UNPROVEN', { subject: 'time-stamp', actual: report.code })];
  return {
    ...common, ...conclude([...reasons, ...own], scene), checks,
    timestamp: { outcome: report.conclusion, ...(valid === undefined ? {} : { genTime: new Date(valid.time).toISOString() }), report },
  };
}

async function judgeSignature(input: Run, field: ExaminedField, stamps: ReadonlyMap<ExaminedField, DocumentTimestamp>, store: SecurityStore): Promise<Found> {
  const { pdf: _, limits: __, context: { requireSigners: ___, ...context }, ...question } = input;
  const { contents, content, subFilter, common, checks, reasons } = field;
  let signed: SignedData;
  try {
    signed = readSignedData(contents);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    const report = reportMalformed(error, { ...question, context });
    return { report: { ...common, ...conclude([...reasons, ...report.reasons], context.scene), checks, message: report } };
  }
  const covering = [...stamps].filter(([stamp]) => covers(stamp, field));
  const surroundings: Surroundings = {
    timestamps: covering.map(([, judged]) => judged),
    certificates: [...store.certificates, ...messagesOf(covering.map(([stamp]) => ({ bytes: stamp.contents }))).flatMap(certificatesIn)],
    revocation: [...store.crls, ...store.ocspResponses],
  };
  const { report, signers: [signer] } = await judgeWithin({ ...question, context, signed, content }, surroundings);
  const verdict = conclude([...reasons, ...formReasons(signed, subFilter), ...report.reasons], context.scene);
  return {
    report: { ...common, ...verdict, checks, message: report },
    // What the document says against the signature is said against its signer.
    ...(signer === undefined ? {} : { signer: { ...signer, report: { ...signer.report, conclusion: verdict.conclusion } } }),
  };
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

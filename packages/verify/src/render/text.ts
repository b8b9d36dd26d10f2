import { beijingTime, utcTime } from '../remedies/times.js';
import { NEAREST_MISSES, WARNINGS } from '../remedies.js';
import type { Identity, Reason, Report, SignerReport, TimestampReport } from '../report.js';
import { columns, hanging, padEnd, textWidth, visible, wrap } from './layout.js';
import { CONCLUSIONS, EFFECTS, LABELS, OUTCOMES, PROVEN_OBJECTS, RESPONSIBLE, REVOCATION, SCENES, TIME_SOURCES, TIMESTAMP_KINDS, type Lang } from './words.js';

export interface RenderOptions {
  readonly lang: Lang;
  /** Columns, 40 to 1000; default 80. */
  readonly width?: number;
  /** ANSI colours; default false. */
  readonly colour?: boolean;
  /** `short` (default): verdict, company, reasons and next steps. `full`: also checks, path, revocation and what the verdict rests on. */
  readonly detail?: 'short' | 'full';
}

/**
 * A report as text for people: one screen that says whether the signature counts, whose it is, why not, what to do
 * and who must do it. Times are Beijing time in Chinese, UTC in English. The same report gives the same text;
 * nothing in it can move the cursor or hide.
 */
export function renderReport(report: Report, options: RenderOptions): string {
  const page = new Page(options);
  conclusion(page, report);
  const many = report.signers.length > 1;
  if (!many) company(page, report.signers[0]?.identity ?? report.identity, report.signers[0]);
  for (const [index, signer] of many ? report.signers.entries() : []) {
    const { symbol } = CONCLUSIONS[signer.conclusion];
    page.line(`${symbol} ${page.label('signer')} ${index + 1}`);
    company(page, signer.identity, signer);
  }
  placedBy(page, report);
  if (report.conclusion !== 'passed' && report.reasons.length === 0) page.field('reason', page.label('noReason'));
  for (const [index, reason] of report.reasons.entries()) reasonOf(page, reason, report.reasons.length > 1 ? `${index + 1}. ` : '');
  for (const [index, { knowledge }] of report.signers.entries()) {
    if (knowledge !== undefined) page.field('thenAndNow', (many ? `${index + 1}. ` : '') + knowledge.message[page.lang]);
  }
  for (const warning of report.warnings) {
    // Nearly every regional certificate departs from the standard somewhere: news for engineers, not for bidders.
    if (warning === 'CERTIFICATE_DEVIATIONS' && options.detail !== 'full') continue;
    const text = Object.hasOwn(WARNINGS, warning) ? WARNINGS[warning] : undefined;
    page.field('note', text === undefined ? warning : `${text.message[options.lang]}${options.lang === 'en' ? ' ' : ''}${text.remedy[options.lang]}`);
  }
  if (options.detail === 'full') details(page, report);
  return `${page.lines.join('\n')}\n`;
}

/** Lines under construction, in one language and width. */
class Page {
  readonly lines: string[] = [];
  readonly lang: Lang;
  readonly width: number;
  readonly #colour: boolean;

  constructor({ lang, width = 80, colour = false }: RenderOptions) {
    if (!Number.isInteger(width) || width < 40 || width > 1000) throw new TypeError('width must be an integer from 40 to 1000');
    this.lang = lang;
    this.width = width;
    this.#colour = colour;
  }

  label(name: keyof typeof LABELS): string {
    return LABELS[name][this.lang];
  }

  /** ANSI SGR around text that is already laid out. */
  paint(text: string, code: number): string {
    return this.#colour ? `\u001b[${code}m${text}\u001b[0m` : text;
  }

  line(text = '', code?: number): void {
    for (const line of wrap(visible(text), this.width)) this.lines.push(code === undefined ? line : this.paint(line, code));
  }

  /** `标签    text`, wrapped under itself. */
  field(name: keyof typeof LABELS, text: string): void {
    const label = padEnd(this.label(name), this.lang === 'zh' ? 10 : 12);
    this.lines.push(...hanging(`${label}${textWidth(label) > 12 ? ' ' : ''}`, visible(text), this.width));
  }

  heading(name: keyof typeof LABELS): void {
    this.lines.push('', this.paint(`── ${this.label(name)} ──`, 1));
  }

  /** Rows of cells behind an indent. */
  table(rows: readonly (readonly string[])[]): void {
    this.lines.push(...columns(rows.map((row) => row.map((cell) => visible(cell))), this.width - 2).map((line) => `  ${line}`.trimEnd()));
  }

  time(iso: string): string {
    const ms = Date.parse(iso);
    return (this.lang === 'zh' ? beijingTime(ms) : utcTime(ms)) ?? iso;
  }
}

function conclusion(page: Page, report: Report): void {
  const { symbol, colour, word } = CONCLUSIONS[report.conclusion];
  page.line(`${symbol} ${word[page.lang]}`, colour);
  const codes = [report.code, ...(report.subIndication === undefined ? [] : [report.subIndication])].filter((code) => code !== 'OK');
  if (codes.length > 0) page.line(`  ${codes.join(' / ')}`.trimStart(), 90);
  page.lines.push('');
}

function company(page: Page, identity: Identity | undefined, signer: SignerReport | undefined): void {
  const name = identity?.name ?? identity?.personName;
  const code = identity?.uscc ?? identity?.orgCode ?? identity?.licenceNo ?? identity?.personId;
  const coded = code === undefined ? undefined : identity?.uscc === undefined ? code : `${page.label('uscc')} ${code}`;
  page.field('company', name === undefined ? (coded ?? page.label('unknown')) : coded === undefined ? name : page.lang === 'zh' ? `${name}（${coded}）` : `${name} (${coded})`);
  const decision = signer?.trustDecision;
  if (decision === undefined || signer?.conclusion !== 'passed') return;
  const { [page.lang]: service } = decision.serviceName;
  page.field('recognised', page.lang === 'zh' ? `${service}，信任名单服务 ${decision.serviceId}，地区 ${decision.region}` : `${service}, service ${decision.serviceId} of the trust list, region ${decision.region}`);
}

function reasonOf(page: Page, reason: Reason, number: string): void {
  page.lines.push('');
  page.field('reason', number + reason.message[page.lang]);
  const service = reason.nearestMiss?.serviceName?.[page.lang];
  const missed = reason.nearestMiss?.code;
  if (missed === 'LIST_NOT_LOADED' || missed === 'LIST_STALE') {
    if (reason.layer !== 'list') page.field('note', `${NEAREST_MISSES[missed].message[page.lang]}${reason.nearestMiss?.detail === undefined ? '' : ` [${reason.nearestMiss.detail}]`}`);
  } else if (service !== undefined && !TOLD.has(missed!)) page.field('note', page.lang === 'zh' ? `名单中最接近的服务：${service}` : `Nearest service in the list: ${service}`);
  const { diagnosis } = reason;
  if (diagnosis !== undefined) page.field('note', diagnosis.message[page.lang]);
  page.field('remedy', (diagnosis ?? reason).remedy[page.lang]);
  page.field('responsible', RESPONSIBLE[(diagnosis ?? reason).responsible][page.lang]);
}

/** Near misses that are what the reason itself says. */
const TOLD: ReadonlySet<string> = new Set(['SERVICE_IN_OTHER_REGION', 'SERVICE_IN_OTHER_TRANSACTION', 'SERVICE_WITHDRAWN', 'SERVICE_STATUS', 'SERVICE_UNSUPPORTED']);

function details(page: Page, report: Report): void {
  for (const [index, signer] of report.signers.entries()) {
    if (report.signers.length > 1) page.lines.push('', page.paint(`═ ${page.label('signer')} ${index + 1}`, 1));
    signerDetails(page, signer);
  }
  page.heading('basis');
  const { trustList, times, content } = report;
  page.table([
    [page.label('scene'), SCENES[report.scene]?.[page.lang] ?? report.scene],
    [page.label('region'), report.transaction === undefined ? report.region : `${report.region}, ${report.transaction}`],
    [page.label('validation'), page.time(times.validation)],
    [page.label('bestSignature'), `${page.time(times.bestSignature)} [${TIME_SOURCES[times.sources.bestSignature]?.[page.lang] ?? times.sources.bestSignature}]`],
    ...(report.trustLists ?? (trustList === undefined ? [] : [trustList])).map((list) => [page.label('trustList'), `${'schemeId' in list ? `${list.schemeId} ` : ''}${list.id} #${list.sequence} sha256:${list.sha256}`]),
    [page.label('policy'), `${report.policy.id} sha256:${report.policy.sha256}`],
    ...Object.entries(content.digests).map(([name, digest]) => [page.label('digest'), `${name} ${digest}`]),
  ]);
  if (report.gaps.length === 0) return;
  page.heading('gaps');
  page.table(report.gaps.map((gap) => [gap.code, gap.detail === undefined ? gap.what : `${gap.what} (${gap.detail})`]));
}

/** One line per time-stamp; why it does not count, and what would help, below it. */
function timestampDetails(page: Page, { timestamps = [], level, notBefore, proofs = [] }: SignerReport): void {
  if (timestamps.length > 0) page.heading('timestamps');
  for (const [index, stamp] of timestamps.entries()) {
    const { symbol, colour } = CONCLUSIONS[stamp.conclusion];
    const facts = [
      ...(stamp.genTime === undefined ? [] : [page.time(stamp.genTime)]),
      ...(stamp.path[0] === undefined ? [] : [stamp.path[0].subject]),
      [stamp.signatureAlgorithm, stamp.imprintAlgorithm, stamp.variant, ...stamp.deviations].filter(Boolean).join(', '),
    ].filter((fact) => fact !== '');
    page.lines.push(...columns([[padEnd(visible(`${index} ${TIMESTAMP_KINDS[stamp.kind][page.lang]}`), 22), visible(facts.join('; '))]], page.width - 4).map((line, at) => (at === 0 ? `  ${page.paint(symbol, colour)} ${line}` : `    ${line}`)));
    for (const reason of stamp.reasons) page.table([['', reason.message[page.lang]], ['', reason.remedy[page.lang]]]);
  }
  const rows = [
    ...(level === undefined ? [] : [[page.label('level'), level.proven === undefined || level.proven === level.found ? level.found : `${level.proven} (${page.label('actual')} ${level.found})`]]),
    ...(notBefore === undefined ? [] : [[page.label('notBefore'), page.time(notBefore)]]),
  ];
  page.table(rows);
  if (proofs.length === 0) return;
  page.heading('proofs');
  page.table(proofs.map((proof) => [PROVEN_OBJECTS[proof.what][page.lang], page.time(proof.provenAt), proof.by, `sha256:${proof.sha256}`]));
}

/** The time-stamp by which the signature is placed, for the short form. */
function placedBy(page: Page, report: Report): void {
  if (report.times.sources.bestSignature !== 'time-stamp') return;
  const stamps: readonly TimestampReport[] = report.signers[0]?.timestamps ?? [];
  const authority = stamps.find(({ conclusion: outcome, genTime }) => outcome === 'passed' && genTime === report.times.bestSignature)?.trustDecision?.serviceName[page.lang];
  page.field('stampedAt', `${page.time(report.times.bestSignature)}${authority === undefined ? '' : page.lang === 'zh' ? `，${authority}` : `, ${authority}`}`);
}

function signerDetails(page: Page, signer: SignerReport): void {
  if (signer.checks.length > 0) page.heading('checks');
  for (const check of signer.checks) {
    const { symbol, colour } = OUTCOMES[check.outcome];
    const facts = [
      check.subject,
      ...(check.expected === undefined ? [] : [`${page.label('expected')} ${check.expected}`]),
      ...(check.actual === undefined ? [] : [`${page.label('actual')} ${check.actual}`]),
      ...(check.clause === undefined ? [] : [`[${check.clause}]`]),
    ];
    // The symbol is painted after layout, since colour codes have no width.
    const [first = '', ...rest] = columns([[padEnd(visible(check.id), 26), visible(facts.join('; '))]], page.width - 4);
    page.lines.push(`  ${page.paint(symbol, colour)} ${first}`, ...rest.map((line) => `    ${line}`));
  }
  if (signer.path.length > 0) page.heading('path');
  for (const [index, certificate] of signer.path.entries()) {
    page.table([[`${index}`, certificate.subject]]);
    page.table([
      ['', page.label('issuer'), certificate.issuer],
      ['', page.label('serial'), certificate.serialNumber],
      ['', page.label('validity'), `${page.time(certificate.notBefore)} – ${page.time(certificate.notAfter)}`],
      ['', page.label('algorithm'), `${certificate.publicKey}, ${certificate.signatureAlgorithm}`],
    ]);
  }
  const said = signer.trustDecision?.lists ?? [];
  if (said.length > 0) page.heading('lists');
  page.table(said.map((each) => [each.sequence === undefined ? each.listId : `${each.listId} #${each.sequence}`, EFFECTS[each.effect][page.lang], [each.serviceId, each.status, each.code].filter(Boolean).join('; ')]));
  if (signer.revocation.length > 0) page.heading('revocation');
  page.table(
    signer.revocation.map((result) => [
      `${result.certificate}`,
      REVOCATION[result.status][page.lang],
      [
        ...(result.revokedAt === undefined ? [] : [page.time(result.revokedAt)]),
        ...(result.reason === undefined ? [] : [result.reason]),
        ...(result.code === undefined ? [] : [result.code]),
        ...(result.source === undefined ? [] : [`${result.source.kind === 'ocsp' ? 'OCSP' : 'CRL'} ${page.time(result.source.thisUpdate)}${result.source.url === undefined ? '' : ` ${result.source.url}`}`]),
      ].join('; '),
    ]),
  );
  timestampDetails(page, signer);
  const { identity } = signer;
  if (identity !== undefined && identity.evidence.length > 0) {
    page.heading('identity');
    page.table(identity.evidence.map((hit) => [hit.field, hit.value, `${hit.source} (${hit.decoder})`]));
    for (const conflict of identity.conflicts) {
      page.table([['!', `${page.label('conflicts')} ${conflict.field}: ${conflict.values.map((one) => `${one.value} (${one.source})`).join(' ≠ ')}`]]);
    }
  }
  const claimed = signer.claimedSigningTime;
  if (signer.messageVariant === undefined && claimed === undefined) return;
  page.table([
    ...(signer.messageVariant === undefined ? [] : [[page.label('algorithm'), [signer.signatureAlgorithm, signer.digestAlgorithm, signer.messageVariant].filter(Boolean).join(', ')]]),
    ...(claimed === undefined ? [] : [[page.label('claimed'), page.time(claimed)]]),
  ]);
}

import type { CheckRow, Report, SignerReport } from '../report.js';
import { beijingTime, utcTime } from '../remedies/times.js';
import { BLOCKS, blocksOf } from './blocks.js';
import { HTML_STYLE, HTML_STYLE_HASH } from './html-style.js';
import { visible } from './layout.js';
import { simpleReport, type ReportStamp } from './simple-report.js';
import { CONCLUSIONS, EFFECTS, LABELS, OUTCOMES, PRINTED_LABELS, REVOCATION, type Lang } from './words.js';

export interface RenderHtmlOptions {
  readonly lang: Lang;
  /** `simple` (default): one screen. `detailed`: every constraint by building block, path, lists, revocation. */
  readonly detail?: 'simple' | 'detailed';
  readonly stamp: ReportStamp;
}

/**
 * A report as one HTML page that loads nothing and runs nothing: its content security policy allows its own style, by
 * hash, and that is all. For screens from a phone's up and for paper. The same report gives the same octets.
 */
export function renderHtml(report: Report, { lang, detail = 'simple', stamp }: RenderHtmlOptions): string {
  const page = simpleReport(report, lang);
  const { symbol } = CONCLUSIONS[page.conclusion];
  const t = (zh: string, en: string): string => (lang === 'zh' ? zh : en);
  const rows = (pairs: readonly (readonly [string, string])[], kind = ''): string =>
    `<dl${kind === '' ? '' : ` class="${kind}"`}>${pairs.map(([name, text]) => `<div><dt>${escape(name)}</dt><dd>${text.split('\n').map(escapeCode).join('<br>')}</dd></div>`).join('')}</dl>`;
  const reasons = page.reasons.map(({ code, message, remedy, responsible, note }) =>
    `<li><p class="message">${escape(message)}</p>${note === undefined ? '' : `<p class="note">${escape(note)}</p>`}<dl><div><dt>${LABELS.remedy[lang]}</dt><dd>${escape(remedy)}</dd></div><div><dt>${LABELS.responsible[lang]}</dt><dd>${escape(responsible)}</dd></div></dl>${page.reasons.length === 1 ? '' : `<p class="code">${escape(code)}</p>`}</li>`).join('');
  const body = [
    `<header class="${page.conclusion}"><span class="symbol" aria-hidden="true">${symbol}</span><div><h1>${escape(page.verdict)}</h1>${page.codes.length === 0 ? '' : `<p class="code">${page.codes.map(escape).join(' / ')}</p>`}</div></header>`,
    `<section>${rows(page.rows, 'who')}</section>`,
    ...(reasons === '' ? [] : [`<section><h2>${PRINTED_LABELS.why[lang]}</h2><ol class="reasons">${reasons}</ol></section>`]),
    ...(page.notes.length === 0 ? [] : [`<section><h2>${LABELS.note[lang]}</h2><ul>${page.notes.map((note) => `<li>${escape(note)}</li>`).join('')}</ul></section>`]),
    ...(detail === 'detailed' ? report.signers.map((signer, index) => signerDetails(signer, index, report.signers.length > 1, lang)) : []),
    `<section><h2>${LABELS.basis[lang]}</h2>${rows(page.basis, 'basis')}</section>`,
    `<footer><p>${t('本页由', 'Made by')} ${escape(stamp.tool)} ${t('根据验证报告生成。报告的 SHA-256：', 'from the report whose SHA-256 is')}</p><p class="code">${escape(stamp.sha256)}</p></footer>`,
  ].join('\n');
  const title = PRINTED_LABELS.title[lang];
  return `<!doctype html>
<html lang="${lang === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${HTML_STYLE_HASH}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${HTML_STYLE}</style>
</head>
<body>
<main>
<p class="title">${title}</p>
${body}
</main>
</body>
</html>
`;
}

function signerDetails(signer: SignerReport, index: number, many: boolean, lang: Lang): string {
  const time = (iso: string): string => (lang === 'zh' ? beijingTime(Date.parse(iso)) : utcTime(Date.parse(iso))) ?? iso;
  const blocks = blocksOf(signer).map(({ name, rows, outcome }) => {
    const { title, clause } = BLOCKS.find((block) => block.name === name)!;
    return `<div class="block"><h3><span class="outcome ${outcome}">${OUTCOMES[outcome].symbol}</span> ${title[lang]} <small>${clause}</small></h3><div class="scroll"><table>${rows.map((row) => checkRow(row, lang)).join('')}</table></div></div>`;
  });
  const path = signer.path.map(({ subject, issuer, serialNumber, notBefore, notAfter, publicKey, signatureAlgorithm, sha256 }) =>
    `<li><p class="message">${escape(subject)}</p><dl class="basis">${([
      [LABELS.issuer[lang], issuer], [LABELS.serial[lang], serialNumber], [LABELS.validity[lang], `${time(notBefore)} – ${time(notAfter)}`], [LABELS.algorithm[lang], `${publicKey}, ${signatureAlgorithm}`], ['SHA-256', sha256],
    ] as const).map(([name, text]) => `<div><dt>${name}</dt><dd>${escapeCode(text)}</dd></div>`).join('')}</dl></li>`);
  const lists = (signer.trustDecision?.lists ?? []).map(({ listId, sequence, effect, serviceId = '', status = '', code }) =>
    `<tr><td>${escapeCode(sequence === undefined ? listId : `${listId} #${sequence}`)}</td><td>${EFFECTS[effect][lang]}</td><td>${escapeCode([serviceId, status, code].filter((part) => part !== '').join('; '))}</td></tr>`);
  const revocation = signer.revocation.map(({ certificate, status, revokedAt, reason, source, code }) =>
    `<tr><td>${certificate}</td><td>${REVOCATION[status][lang]}</td><td>${escapeCode([...(revokedAt === undefined ? [] : [time(revokedAt)]), ...(reason === undefined ? [] : [reason]), ...(code === undefined ? [] : [code]), ...(source === undefined ? [] : [`${source.kind.toUpperCase()} ${time(source.thisUpdate)} ${source.url ?? ''}`])].join('; '))}</td></tr>`);
  const stamps = (signer.timestamps ?? []).map(({ kind, conclusion, code, genTime, path: authority }) =>
    `<tr><td><span class="outcome ${conclusion}">${CONCLUSIONS[conclusion].symbol}</span></td><td>${kind}</td><td>${genTime === undefined ? '' : escape(time(genTime))}</td><td>${escapeCode([authority[0]?.subject ?? '', code === 'OK' ? '' : code].filter((part) => part !== '').join('; '))}</td></tr>`);
  const part = (heading: string, content: string): string => (content === '' ? '' : `<h3>${heading}</h3>${content}`);
  const table = (rows: readonly string[]): string => (rows.length === 0 ? '' : `<div class="scroll words"><table>${rows.join('')}</table></div>`);
  return `<section class="detail"><h2>${many ? `${LABELS.signer[lang]} ${index + 1}` : LABELS.checks[lang]}</h2>${blocks.join('')}${part(lang === 'zh' ? '时间戳' : 'Time-stamps', table(stamps))}${part(LABELS.path[lang], path.length === 0 ? '' : `<ol class="path">${path.join('')}</ol>`)}${part(LABELS.lists[lang], table(lists))}${part(LABELS.revocation[lang], table(revocation))}</section>`;
}

function checkRow({ id, outcome, subject, expected, actual, clause }: CheckRow, lang: Lang): string {
  const facts = [
    subject,
    ...(expected === undefined ? [] : [`${LABELS.expected[lang]} ${expected}`]),
    ...(actual === undefined ? [] : [`${LABELS.actual[lang]} ${actual}`]),
  ].map((fact) => escapeCode(String(fact))).join('; ');
  return `<tr><td><span class="outcome ${outcome}">${OUTCOMES[outcome].symbol}</span></td><td>${escapeCode(id)}</td><td>${facts}${clause === undefined ? '' : ` <small>${escape(clause)}</small>`}</td></tr>`;
}

/** Nothing but text: no markup, nothing that reorders or hides what stands around it. */
function escape(text: string): string {
  return visible(text, { lines: true }).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Long names and digests may break anywhere. */
function escapeCode(text: string): string {
  return escape(text).replace(/[0-9a-f]{32,}/g, (hex) => `<span class="code">${hex}</span>`);
}

import type { Report, SimpleReport } from '@hefu/verify';
import { h, type Child, type VirtualNode } from './dom.js';
import { HefuElement } from './element.js';
import { TEXTS } from './texts.js';

const STYLE = `
section{margin-top:1.1rem}
section>h3{margin-bottom:.4rem}
dl>div{display:grid;grid-template-columns:minmax(0,10rem) minmax(0,1fr);gap:0 1rem;padding:.2rem 0}
dt{color:var(--_quiet)}
dd{white-space:pre-line}
li+li{margin-top:.8rem}
.message{font-weight:600}
.basis{font-size:.875rem}
details{margin-top:.6rem;border-top:1px solid var(--_line);padding-top:.3rem}
.checks{font-size:.8125rem}
.checks>li{margin:0;padding:.4rem 0;border-top:1px solid var(--_line)}
.download{margin-top:1rem}
@media (max-width:30rem){dl>div{display:block}dt{font-size:.875rem}}
`;

const SYMBOL: Readonly<Record<string, string>> = { passed: '✓', failed: '✕', indeterminate: '?', warning: '!', 'not-applicable': '–' };
const KIND: Readonly<Record<string, string>> = { passed: 'good', failed: 'bad', indeterminate: 'warn', warning: 'warn' };
/** The most checks shown; a signature with more is read in the downloaded report. */
const MAX_ROWS = 400;

/**
 * A verdict a person understands: what, who, why not and what to do; every check on demand.
 * @fires hefu-report-download when the report is asked for as a file
 */
export class HefuReport extends HefuElement {
  static override observedAttributes: string[] = ['lang', 'download'];
  private value: Report | undefined;
  /** Makes pages of reports, once it is loaded; null where it could not be, as when the network is gone. */
  private static writer: typeof import('./report-page.js').simpleReport | null | undefined;

  constructor() {
    super(STYLE);
  }

  /** A report of `@hefu/verify`, as object; JSON read back is as good. */
  get report(): Report | undefined {
    return this.value;
  }

  set report(report: Report | undefined) {
    this.value = report;
    if (report !== undefined && !HefuReport.writer) void this.load();
    this.changed();
  }

  private async load(): Promise<void> {
    HefuReport.writer = await import('./report-page.js').then(({ simpleReport }) => simpleReport, () => null);
    this.changed();
  }

  protected override render(): readonly Child[] {
    const report = this.value;
    if (report === undefined) return [h('p', { class: 'quiet' }, this.t('noReport'))];
    if (HefuReport.writer === undefined) return [h('p', { class: 'quiet' }, this.t('working'))];
    const page = this.page(report);
    const reasons = page.reasons.slice(0, 20);
    return [
      h('header', { class: `notice row ${KIND[page.conclusion]}`, part: `verdict ${page.conclusion}` }, h('span', { class: 'symbol', 'aria-hidden': 'true' }, SYMBOL[page.conclusion]), h('div', {}, h('h2', { class: 'kind' }, page.verdict), page.codes.length > 0 && h('p', { class: 'code quiet' }, page.codes.join(' / ')))),
      reasons.length > 0 && h('section', { key: 'why' }, h('h3', {}, this.t('why')), h('ol', {}, reasons.map(({ code, message, remedy, responsible, note }) => h('li', { key: code + message },
        h('p', { class: 'message' }, message), note !== undefined && h('p', { class: 'quiet' }, note),
        h('p', {}, h('span', { class: 'quiet' }, this.t('whatToDo')), remedy),
        h('p', {}, h('span', { class: 'quiet' }, this.t('whoActs')), responsible))))),
      h('section', { key: 'who' }, rows(page.rows)),
      page.notes.length > 0 && h('section', { key: 'notes' }, h('h3', {}, this.t('notes')), h('ul', {}, page.notes.map((note) => h('li', { key: note }, note)))),
      page.basis.length > 0 && h('details', { key: 'basis' }, h('summary', {}, this.t('basis')), rows(page.basis, 'basis')),
      h('details', { key: 'checks', part: 'details' }, h('summary', {}, this.t('details')), report.signers.map((signer, index) => h('ul', { key: index, class: 'checks' }, signer.checks.slice(0, MAX_ROWS).map((row, at) => h('li', { key: at },
        h('p', {}, h('span', { class: `${KIND[row.outcome] ?? ''} kind` }, `${SYMBOL[row.outcome] ?? ''} ${this.t(`is_${row.outcome}`)}`), ` ${row.id}`),
        h('p', { class: 'quiet' }, [row.subject, row.expected && this.t('expected', row.expected), row.actual && this.t('actual', row.actual), row.clause].filter((part) => part !== undefined && part !== '').join(' · '))))))),
      this.hasAttribute('download') && h('p', { key: 'download', class: 'download' }, h('button', { type: 'button', onclick: () => this.emit('hefu-report-download', { report }) }, this.t('download'))),
    ];
  }

  /** Without what words it, the verdict and what the report itself says. */
  private page(report: Report): SimpleReport {
    const { conclusion, code } = report;
    const lang = this.language;
    const reasons = report.reasons.map(told);
    if (HefuReport.writer) return HefuReport.writer({ ...report, reasons }, lang);
    return { conclusion, verdict: this.t(`is_${conclusion}`), codes: [code], rows: [], notes: [], basis: [], reasons: reasons.map(({ message, remedy, responsible, ...rest }) => ({ code: rest.code, responsible, message: message[lang], remedy: remedy[lang] })) };
  }
}

type Reason = Report['reasons'][number];

/** A reason that came without its texts, as an archive or another version may send it: the code is what there is to say. */
function told(reason: Reason): Reason {
  const { code, message, remedy }: Partial<Reason> = reason;
  return { ...reason, message: message ?? { zh: code!, en: code! }, remedy: remedy ?? { zh: TEXTS.noTexts[0], en: TEXTS.noTexts[1] } };
}

function rows(pairs: readonly (readonly [string, string])[], kind = ''): VirtualNode {
  return h('dl', { class: kind }, pairs.map(([name, value]) => h('div', { key: name }, h('dt', {}, name), h('dd', {}, value))));
}

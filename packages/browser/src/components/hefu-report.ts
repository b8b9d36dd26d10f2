import { simpleReport, type Report } from '@hefu/verify';
import { h, type Child, type VirtualNode } from './dom.js';
import { HefuElement } from './element.js';

const STYLE = `
header{display:flex;gap:.9rem;align-items:center;padding:1rem 1.1rem;border-inline-start:5px solid;border-radius:var(--_radius)}
header .symbol{flex:none;width:2.5rem;height:2.5rem;border-radius:50%;font-size:1.4rem;line-height:2.5rem;text-align:center;color:#fff;font-weight:700}
header h2{font-size:1.2rem}
header.passed{border-color:var(--_good);background:#eef7f1}.passed .symbol{background:var(--_good)}.passed h2{color:var(--_good)}
header.failed{border-color:var(--_bad);background:#fcefee}.failed .symbol{background:var(--_bad)}.failed h2{color:var(--_bad)}
header.indeterminate{border-color:var(--_warn);background:#fdf5e6}.indeterminate .symbol{background:var(--_warn)}.indeterminate h2{color:var(--_warn)}
section{margin-top:1.1rem}
section>h3{margin-bottom:.45rem}
dl>div{display:grid;grid-template-columns:minmax(6rem,10rem) minmax(0,1fr);gap:0 1rem;padding:.2rem 0}
dt{color:var(--_quiet)}
dd{overflow-wrap:anywhere;white-space:pre-line}
.reasons>li+li{margin-top:.9rem}
.reasons .message{font-weight:600}
.basis{font-size:.875rem}
details{margin-top:1rem;border-top:1px solid var(--_line);padding-top:.4rem}
table{width:100%;border-collapse:collapse;font-size:.8125rem}
th{text-align:start;font-weight:600;color:var(--_quiet)}
th,td{padding:.35rem .6rem .35rem 0;border-top:1px solid var(--_line);vertical-align:top;overflow-wrap:anywhere}
td:first-child{word-break:break-word}
.scroll{overflow-x:auto}
.o-passed{color:var(--_good)}.o-failed{color:var(--_bad)}.o-indeterminate,.o-warning{color:var(--_warn)}.o-not-applicable{color:var(--_quiet)}
@media (max-width:30rem){dl>div{grid-template-columns:1fr;padding:.3rem 0}dt{font-size:.875rem}}
`;

const SYMBOL: Readonly<Record<string, string>> = { passed: '✓', failed: '✕', indeterminate: '?', warning: '!', 'not-applicable': '–' };
/** The most rows of checks shown; a signature with more is read in the downloaded report. */
const MAX_ROWS = 400;

/**
 * A verdict a person understands: what, who, why not and what to do; every check on demand.
 * @fires hefu-report-download when the report is asked for as a file
 */
export class HefuReport extends HefuElement {
  static override observedAttributes: string[] = ['lang', 'download'];
  private value: Report | undefined;

  constructor() {
    super(STYLE);
  }

  /** A report of `@hefu/verify`, as object; JSON read back is as good. */
  get report(): Report | undefined {
    return this.value;
  }

  set report(report: Report | undefined) {
    this.value = report;
    this.changed();
  }

  protected override render(): readonly Child[] {
    const report = this.value;
    if (report === undefined) return [h('p', { class: 'quiet' }, this.t('noReport'))];
    const lang = this.language;
    const page = simpleReport(report, lang);
    const reasons = page.reasons.slice(0, 20);
    return [
      h('header', { class: page.conclusion, part: 'verdict' }, h('span', { class: 'symbol', 'aria-hidden': 'true' }, SYMBOL[page.conclusion]), h('div', {}, h('h2', {}, page.verdict), page.codes.length > 0 && h('p', { class: 'code quiet' }, page.codes.join(' / ')))),
      reasons.length > 0 && h('section', { key: 'why' }, h('h3', {}, this.t('why')), h('ol', { class: 'reasons' }, reasons.map(({ code, message, remedy, responsible, note }) => h('li', { key: code + message },
        h('p', { class: 'message' }, message), note !== undefined && h('p', { class: 'quiet' }, note),
        h('p', {}, h('span', { class: 'quiet' }, this.t('whatToDo')), remedy),
        h('p', {}, h('span', { class: 'quiet' }, this.t('whoActs')), responsible))))),
      h('section', { key: 'who' }, rows(page.rows)),
      page.notes.length > 0 && h('section', { key: 'notes' }, h('h3', {}, this.t('notes')), h('ul', {}, page.notes.map((note) => h('li', { key: note }, note)))),
      h('details', { key: 'basis' }, h('summary', {}, this.t('basis')), rows(page.basis, 'basis')),
      h('details', { key: 'checks', part: 'details' }, h('summary', {}, this.t('details')), report.signers.map((signer, index) => h('div', { class: 'scroll', key: index }, h('table', {},
        h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, this.t('check')), h('th', { scope: 'col' }, this.t('outcome')), h('th', { scope: 'col' }, this.t('facts')))),
        h('tbody', {}, signer.checks.slice(0, MAX_ROWS).map((row, at) => h('tr', { key: at }, h('td', {}, row.id), h('td', { class: `o-${row.outcome}` }, `${SYMBOL[row.outcome] ?? ''} ${row.outcome}`), h('td', {}, [row.subject, row.expected, row.actual, row.clause].filter((part) => part !== undefined).join(' · '))))))))),
      this.hasAttribute('download') && h('p', { key: 'download' }, h('button', { type: 'button', onclick: () => this.emit('hefu-report-download', { report }) }, this.t('download'))),
    ];
  }
}

function rows(pairs: readonly (readonly [string, string])[], kind = ''): VirtualNode {
  return h('dl', { class: kind }, pairs.map(([name, value]) => h('div', { key: name }, h('dt', {}, name), h('dd', {}, value))));
}

import { STATUS_WORDS } from '../diff/words.js';
import type { MatrixCell, MatrixRow, ReportRegion, Use } from './model.js';
import type { Page } from './page.js';
import { CODE_MARKS, KIND_NAMES, PURPOSE_NAMES } from './words.js';

/** Regions beside each other: what a landscape page holds. */
const COLUMNS = 10;

/** CAs down, regions across; in pieces where there are many regions, each with its own headings. */
export function renderMatrix(page: Page): string {
  const { t, report: { matrix } } = page;
  const pieces: string[] = [];
  for (let at = 0; at < Math.max(1, matrix.regions.length); at += COLUMNS) pieces.push(piece(page, matrix.regions.slice(at, at + COLUMNS), at));
  const left = [
    ...(matrix.servicesLeftOut > 0 ? [t(`另有 ${matrix.servicesLeftOut} 项服务未列出；不是“认可”状态的优先列出。`, `${matrix.servicesLeftOut} more services are not shown; those that are not granted come first.`)] : []),
    ...(matrix.regionsLeftOut > 0 ? [t(`另有 ${matrix.regionsLeftOut} 个地区未列出。`, `${matrix.regionsLeftOut} more regions are not shown.`)] : []),
  ];
  const legend = t(
    '每格是此刻验证一张新签发证书的结论。✓ 之后是用途；“限”之后是交易或角色；其余为不认可的原因，后附作出决定的名单。',
    'Each cell is the answer for a certificate issued now. After ✓ come its uses, after “only” the transactions or roles; anything else is why not, with the list that decides.',
  );
  return [`<p class="note">${legend}</p>`, ...pieces, ...left.map((each) => `<p class="note">${each}</p>`)].join('\n');
}

function piece(page: Page, regions: readonly ReportRegion[], from: number): string {
  const { t, report: { matrix } } = page;
  const label = t(`城市与 CA，第 ${from + 1} 至 ${from + regions.length} 个地区`, `Regions and CAs, regions ${from + 1} to ${from + regions.length}`);
  const head = regions.map((region) => `<th scope="col">${heading(page, region)}</th>`).join('');
  const rows = matrix.rows.map((row) => `<tr><th scope="row">${serviceHead(page, row)}</th>${row.cells.slice(from, from + COLUMNS).map((cell) => renderCell(page, row, cell)).join('')}</tr>`);
  return `<div class="scroll matrix" role="region" tabindex="0" aria-label="${label}"><table><thead><tr><th scope="col">${t('服务', 'Service')}</th>${head}</tr></thead><tbody>\n${rows.join('\n')}\n</tbody></table></div>`;
}

function heading(page: Page, { code, name }: ReportRegion): string {
  const shown = code === '000000' ? page.t('全国', 'everywhere') : page.text(code);
  return name === undefined ? shown : `${page.name(name)}<small>${shown}</small>`;
}

function serviceHead(page: Page, { service }: MatrixRow): string {
  const { t, text, name, day, report } = page;
  const { status, since, event, next, unusable, kind, id, listId, schemeId } = service;
  const said = [
    ...(kind === 'ca' ? [] : [KIND_NAMES[kind][page.lang]]),
    ...(unusable !== undefined ? [t('本版本不支持', 'not supported')] : []),
    ...(status === undefined ? [t('尚无状态', 'no status yet')] : [`${STATUS_WORDS[status][page.lang]} ${t('自', 'since')} ${day(since!)}`]),
    ...(status !== 'granted' && event?.ref !== undefined ? [text(event.ref)] : []),
    ...(next === undefined ? [] : [`→ ${STATUS_WORDS[next.status][page.lang]} ${day(next.since)}`]),
    ...(schemeId !== undefined ? [t(`互认方 ${text(schemeId)}`, `peer ${text(schemeId)}`)] : listId === report.documents.find((each) => each.kind === 'list')?.id ? [] : [text(listId)]),
  ];
  return `<span class="name">${name(service.name)}</span><small>${said.join(' · ')}</small><small class="id">${text(id)}</small>`;
}

function renderCell(page: Page, { service }: MatrixRow, cell: MatrixCell): string {
  const { t, text } = page;
  const { mark, tone, ...word } = CODE_MARKS[cell.uses.length > 0 ? 'GRANTED' : cell.code];
  if (cell.uses.length === 0) {
    if (cell.inPart) return `<td class="none"><b><i aria-hidden="true">◔</i> ${t('部分', 'in part')}</b><small>${t('见其中地区', 'see places within')}</small></td>`;
    const more = cell.by !== undefined && cell.by !== service.listId ? [text(cell.by)] : [];
    return `<td class="${tone}"><b><i aria-hidden="true">${mark}</i> ${word[page.lang]}</b>${more.map((each) => `<small>${each}</small>`).join('')}</td>`;
  }
  const [first] = cell.uses;
  const whole = cell.uses.length === 1 && first!.purposes.length === 4 && first!.transactions === undefined && first!.roles === undefined;
  const more = [
    // What a certificate is for is asked of CAs.
    ...(whole ? (service.kind === 'ca' ? [t('全部用途', 'all uses')] : []) : cell.uses.map((use) => useWords(page, use))),
    ...(cell.earlierOnly ? [t('仅限停止签发前的证书', 'only certificates from before it ceased')] : []),
    ...(cell.keysDiffer ? [t('各密钥不同', 'its keys differ')] : []),
    ...(cell.peer !== undefined ? [t('经互认', 'by recognition')] : []),
  ];
  return `<td class="${cell.earlierOnly ? 'halt' : tone}"><b><i aria-hidden="true">${cell.earlierOnly ? CODE_MARKS.CA_CEASED.mark : mark}</i> ${cell.earlierOnly ? CODE_MARKS.CA_CEASED[page.lang] : word[page.lang]}</b>${more.map((each) => `<small>${each}</small>`).join('')}</td>`;
}

function useWords({ lang, t, list }: Page, { purposes, transactions, roles }: Use): string {
  const what = purposes.length === 4 ? t('全部用途', 'all uses') : purposes.map((each) => PURPOSE_NAMES[each][lang]).join(t('、', ', '));
  const only = [...(transactions ?? []), ...(roles ?? [])];
  return only.length === 0 ? what : `${what}${t('，限 ', ', only ')}${list(only)}`;
}

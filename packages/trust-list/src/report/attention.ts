import type { Bilingual } from '../refusal.js';
import type { Due, TrustReport } from './model.js';
import { noticeOfDocument } from './timeline.js';
import { CODE_MARKS } from './words.js';

const DAY = 86_400_000;

/** Something its operators should look at, and the section that says more. */
export interface Attention {
  readonly level: 'act' | 'plan';
  readonly section: 'documents' | 'matrix' | 'timeline' | 'endpoints' | 'approvals' | 'changes' | 'delegations' | 'peers' | 'lint';
  readonly sentence: Bilingual;
}

/** What needs somebody, the most pressing first; what the rest of the report says in its place. */
export function attentionOf(report: TrustReport): readonly Attention[] {
  const { at, documents, matrix, timeline, endpoints, changes, delegations, peers, lint } = report;
  const found: Attention[] = [];
  const say = (level: Attention['level'], section: Attention['section'], zh: string, en: string): void => void found.push({ level, section, sentence: { zh, en } });
  const some = (count: number, ...rest: Parameters<typeof say>): void => {
    if (count > 0) say(...rest);
  };
  for (const { kind, id, until } of documents) {
    const days = Math.floor((until - at) / DAY);
    if (until <= at) say('act', 'documents', `${NAMES[kind].zh} ${id} 已过期 ${-days - 1} 天`, `${NAMES[kind].en} ${id} expired ${plural(-days - 1, 'day')} ago`);
    else if (until - at < noticeOfDocument(kind)) say('plan', 'documents', `${NAMES[kind].zh} ${id} 将在 ${days} 天后过期`, `${NAMES[kind].en} ${id} expires in ${plural(days, 'day')}`);
  }
  for (const { by, delegation, missing } of delegations) if (missing !== undefined) say('act', 'delegations', `名单 ${by} 授权的 ${delegation.listId} 缺失（${missing}），其地区无法放行`, `${delegation.listId}, to which ${by} delegates, is missing (${missing}): nothing passes in its regions`);
  for (const { peer, state } of peers) if (state === 'stale' || state === 'not-loaded') say('act', 'peers', `互认方 ${peer.schemeId} 的状态${state === 'stale' ? '已过时' : '未取得'}，其 CA 不计`, `The state of peer ${peer.schemeId} is ${state === 'stale' ? 'out of date' : 'not at hand'}: its CAs do not count`);
  const { counts } = endpoints;
  some(counts.failed, 'act', 'endpoints', `${counts.failed} 个服务地址异常`, `${plural(counts.failed, 'address', 'es')} failed`);
  const level = (name: 'mandatory' | 'recommended'): number => lint.reduce((sum, { report: each }) => sum + each.counts[name], 0);
  some(level('mandatory'), 'act', 'lint', `检查发现 ${level('mandatory')} 处错误`, `Checks found ${plural(level('mandatory'), 'error')}`);
  const unusable = matrix.rows.filter(({ service }) => service.unusable !== undefined).length;
  some(unusable, 'act', 'matrix', `${unusable} 项服务含有本版本不支持的关键成员，不可用`, `${plural(unusable, 'service')} cannot be used: critical members this version does not support`);
  const { overdue, soon } = timeline;
  some(overdue.count, 'act', 'timeline', `${overdue.count} 项密钥或锚点证书已过期：${names(overdue, 'zh')}`, `${plural(overdue.count, 'key or anchor certificate', 's')} expired: ${names(overdue, 'en')}`);
  const dangerous = changes?.reduce((sum, { diff }) => sum + (diff?.counts.dangerous ?? 0), 0) ?? 0;
  some(dangerous, 'act', 'changes', `与上一版相比有 ${dangerous} 处变化须重点核对`, `${plural(dangerous, 'change')} against the version before to look at twice`);
  some(soon.count, 'plan', 'timeline', `60 天内有 ${soon.count} 项到期或变更：${names(soon, 'zh')}`, `Within 60 days ${plural(soon.count, 'entry ends or changes', '', 'entries end or change')}: ${names(soon, 'en')}`);
  const halted = matrix.counts.suspended + matrix.counts.ceased + matrix.counts.withdrawn + matrix.counts.distrusted;
  some(halted, 'plan', 'matrix', `${halted} 项服务目前不是“认可”状态`, `${plural(halted, 'service is', '', 'services are')} not granted at present`);
  const restricted = matrix.rows.filter(({ service, cells }) => service.status === 'granted' && cells.some(({ code, by }) => by !== service.listId && ['halt', 'bad'].includes(CODE_MARKS[code].tone)));
  some(restricted.length, 'plan', 'matrix', `${restricted.length} 项服务在部分地区被其他名单限制：${names({ count: restricted.length, labels: restricted.slice(0, 3).map(({ service }) => service.name) }, 'zh')}`, `${plural(restricted.length, 'service is', '', 'services are')} restricted by other lists in some regions: ${names({ count: restricted.length, labels: restricted.slice(0, 3).map(({ service }) => service.name) }, 'en')}`);
  some(counts.indeterminate, 'plan', 'endpoints', `${counts.indeterminate} 个服务地址的状态不能确定`, `The state of ${plural(counts.indeterminate, 'address', 'es')} is unclear`);
  some(level('recommended'), 'plan', 'lint', `检查给出 ${level('recommended')} 条建议`, `Checks make ${plural(level('recommended'), 'recommendation')}`);
  return found.sort((a, b) => Number(a.level === 'plan') - Number(b.level === 'plan'));
}

const NAMES = { root: { zh: '根文件', en: 'Root' }, freshness: { zh: '时效文件', en: 'Freshness document' }, list: { zh: '名单', en: 'List' }, peer: { zh: '互认方时效文件', en: 'Freshness document of peer' } };

function names({ count, labels }: Due, lang: 'zh' | 'en'): string {
  const short = (label: string): string => ([...label].length > 40 ? `${[...label].slice(0, 40).join('')}…` : label);
  return `${labels.map((label) => short(label[lang] ?? label.zh)).join(lang === 'zh' ? '、' : ', ')}${count > labels.length ? (lang === 'zh' ? ' 等' : ', …') : ''}`;
}

function plural(count: number, noun: string, suffix = 's', several = `${noun}${suffix}`): string {
  return `${count} ${count === 1 ? noun : several}`;
}

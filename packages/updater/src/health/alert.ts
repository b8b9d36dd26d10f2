import type { Bilingual } from '@hefu/trust-list';
import type { Alert, AlertCode } from './health.js';

type Untold = Omit<Alert, 'state' | 'message'>;

export function raised(alert: Untold): Alert {
  return { ...alert, state: 'raised', message: MESSAGES[alert.code](alert) };
}

export function resolved(alert: Untold): Alert {
  return { ...alert, state: 'resolved', message: { zh: `已恢复：${alert.subject}`, en: `resolved: ${alert.subject}` } };
}

const MESSAGES: Readonly<Record<AlertCode, (alert: Untold) => Bilingual>> = {
  EXPIRES: ({ subject, until, at }) => ({ zh: `${subject} 将于 ${iso(until)} 到期，还有${left(until, at).zh}`, en: `${subject} expires ${iso(until)}, in ${left(until, at).en}` }),
  EXPIRED: ({ subject, until }) => ({ zh: `${subject} 已于 ${iso(until)} 到期`, en: `${subject} expired ${iso(until)}` }),
  ENDPOINT_DOWN: ({ subject, detail = '' }) => ({ zh: `${subject} 连续多次不可用：${detail}`, en: `${subject} failed several times in a row: ${detail}` }),
  EQUIVOCATION: ({ subject }) => ({ zh: `${subject}：同一序号出现两份不同的文件，请停止更新并保留证据`, en: `${subject}: two different documents under one number; stop updating and keep both` }),
  NOT_RENEWED: ({ subject, detail = '' }) => ({ zh: `${subject} 没有按时更新，上次签发于 ${detail}`, en: `${subject} was not renewed in time; last issued ${detail}` }),
};

function iso(at: number | undefined): string {
  return at === undefined ? '' : new Date(at).toISOString();
}

function left(until: number | undefined, at: number): Bilingual {
  const hours = Math.max(0, Math.floor(((until ?? at) - at) / 3_600_000));
  const days = Math.floor(hours / 24);
  return days > 0 ? { zh: ` ${days} 天`, en: `${days} days` } : { zh: ` ${hours} 小时`, en: `${hours} hours` };
}

import type { ScopeDocument, StatusDocument } from '../list-document.js';
import type { ServiceStatusName } from '../model.js';
import type { Bilingual } from '../refusal.js';

export const STATUS_WORDS: Readonly<Record<ServiceStatusName, Bilingual>> = {
  granted: { zh: '认可', en: 'granted' },
  suspended: { zh: '暂停', en: 'suspended' },
  ceased: { zh: '停止签发', en: 'ceased' },
  withdrawn: { zh: '撤销认可', en: 'withdrawn' },
  distrusted: { zh: '不再信任', en: 'distrusted' },
};

const PURPOSE_WORDS: Readonly<Record<string, string>> = { auth: '登录', sign: '签名', seal: '签章', encrypt: '加密' };

/** `地区 42*，交易 工程建设，用途 签名，2026-01-01T00:00Z 起`. */
export function scopeWords(scope: ScopeDocument): Bilingual {
  const zh = [`地区 ${scope.regions.join('、')}`];
  const en = [`regions ${scope.regions.join(', ')}`];
  const add = (zhWord: string, enWord: string, values: readonly string[] | null | undefined, word = (value: string): string => value): void => {
    if (!values) return;
    zh.push(`${zhWord} ${values.map(word).join('、')}`);
    en.push(`${enWord} ${values.join(', ')}`);
  };
  add('交易', 'transactions', scope.transactions);
  add('角色', 'roles', scope.roles);
  add('用途', 'purposes', scope.purposes, (purpose) => PURPOSE_WORDS[purpose] ?? purpose);
  if (scope.from) {
    zh.push(`${scope.from} 起`);
    en.push(`from ${scope.from}`);
  }
  if (scope.until) {
    zh.push(`至 ${scope.until}`);
    en.push(`until ${scope.until}`);
  }
  return { zh: zh.join('，'), en: en.join('; ') };
}

export function scopesWords(scopes: readonly ScopeDocument[]): Bilingual {
  const each = scopes.map(scopeWords);
  return each.length === 0 ? { zh: '（无适用范围）', en: '(no scope)' } : { zh: each.map(({ zh }) => zh).join('；'), en: each.map(({ en }) => en).join(' / ') };
}

export function statusWords(event: StatusDocument): Bilingual {
  const word = STATUS_WORDS[event.status] ?? { zh: event.status, en: event.status };
  const tail = (zh: boolean): string => {
    const parts = [
      ...(event.compromisedSince === undefined ? [] : [zh ? `密钥自 ${event.compromisedSince} 起不可信` : `key lost since ${event.compromisedSince}`]),
      ...(event.effect === undefined ? [] : [event.effect.gap === 'heal' ? (zh ? '恢复后期间签名有效' : 'signatures meanwhile count once lifted') : zh ? '期间签名作废' : 'signatures meanwhile stay void']),
      ...(event.reason === undefined ? [] : [zh ? `理由：${event.reason}` : `reason: ${event.reason}`]),
      ...(event.ref === undefined ? [] : [zh ? `文号：${event.ref}` : `ref: ${event.ref}`]),
    ];
    return parts.length === 0 ? '' : zh ? `（${parts.join('，')}）` : ` (${parts.join('; ')})`;
  };
  return { zh: `自 ${event.since} 起${word.zh}${tail(true)}`, en: `${word.en} from ${event.since}${tail(false)}` };
}

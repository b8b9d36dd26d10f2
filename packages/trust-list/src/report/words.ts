import type { RulingCode } from '../federation/decide.js';
import type { Purpose, ServiceKind } from '../model.js';
import type { Bilingual } from '../refusal.js';

export const PURPOSE_NAMES: Readonly<Record<Purpose, Bilingual>> = {
  auth: { zh: '登录', en: 'log-in' }, sign: { zh: '签名', en: 'sign' }, seal: { zh: '签章', en: 'seal' }, encrypt: { zh: '加密', en: 'encrypt' },
};

export const KIND_NAMES: Readonly<Record<ServiceKind, Bilingual>> = {
  ca: { zh: 'CA', en: 'CA' }, tsa: { zh: '时间戳', en: 'time-stamps' }, ocsp: { zh: 'OCSP', en: 'OCSP' }, 'crl-issuer': { zh: '吊销列表', en: 'CRL issuer' }, 'seal-maker': { zh: '印章制作', en: 'seal maker' },
};

/** A mark and a word: a refusal must be told apart without colour. */
export const CODE_MARKS: Readonly<Record<RulingCode, { readonly mark: string; readonly tone: 'good' | 'halt' | 'bad' | 'none' | 'unknown' } & Bilingual>> = {
  GRANTED: { mark: '✓', tone: 'good', zh: '认可', en: 'yes' },
  CA_SUSPENDED: { mark: '‖', tone: 'halt', zh: '暂停', en: 'suspended' },
  CA_CEASED: { mark: '■', tone: 'halt', zh: '停止签发', en: 'ceased' },
  CA_WITHDRAWN: { mark: '✗', tone: 'bad', zh: '已撤销', en: 'withdrawn' },
  CA_DISTRUSTED: { mark: '✗', tone: 'bad', zh: '不信任', en: 'distrusted' },
  CA_NOT_YET_GRANTED: { mark: '○', tone: 'halt', zh: '尚未认可', en: 'not yet' },
  REGION_NOT_IN_SCOPE: { mark: '–', tone: 'none', zh: '不适用', en: 'not here' },
  TRANSACTION_NOT_IN_SCOPE: { mark: '–', tone: 'none', zh: '无此交易', en: 'no transaction' },
  ROLE_NOT_IN_SCOPE: { mark: '–', tone: 'none', zh: '无此角色', en: 'no role' },
  PURPOSE_NOT_IN_SCOPE: { mark: '–', tone: 'none', zh: '无此用途', en: 'no purpose' },
  SCOPE_NOT_IN_FORCE: { mark: '○', tone: 'halt', zh: '范围未生效或已止', en: 'scope not in force' },
  SERVICE_UNSUPPORTED: { mark: '!', tone: 'bad', zh: '不支持', en: 'unsupported' },
  SERVICE_CONSTRAINTS_VIOLATED: { mark: '!', tone: 'bad', zh: '违反限制', en: 'constraints' },
  SERVICE_NOT_DELEGATED: { mark: '–', tone: 'none', zh: '未获授权', en: 'not delegated' },
  PEER_NOT_IN_FORCE: { mark: '○', tone: 'halt', zh: '互认未生效或已止', en: 'peering not in force' },
  PEER_NOT_ACCEPTED: { mark: '–', tone: 'none', zh: '不在互认范围', en: 'not accepted' },
  PEER_STALE: { mark: '?', tone: 'unknown', zh: '互认方过时', en: 'peer stale' },
  LIST_NOT_LOADED: { mark: '?', tone: 'unknown', zh: '名单缺失', en: 'list missing' },
};

import type { DigestAlgorithm } from '@hefu/crypto';
import { ROOT_ROLES } from '../edit/keys.js';
import type { RoleDocument, RootDocument } from '../scheme-document.js';
import { parseDuration, parseInstant } from '../time.js';
import { ChangeLog, memberOf, setChanges, shown, tellPlainly } from './compare.js';
import { keySetChanges, printOf } from './keys.js';
import type { Change, DocumentDiff } from './model.js';
import { critChange } from './service.js';

/** What a root changes against the one before it: keys, roles, thresholds, limits. As `diffLists`. */
export function diffRoots(before: RootDocument | undefined, after: RootDocument, { sha256 }: { readonly sha256: DigestAlgorithm }): DocumentDiff {
  const log = new ChangeLog();
  const empty: RoleDocument = { keys: [], threshold: 0 };
  const old: RootDocument = before ?? { ...after, version: 0, keys: [], roles: { root: empty, list: empty, freshness: empty } };
  const subject: Change['subject'] = { kind: 'document', id: after.schemeId };
  const plain = tellPlainly(log, old, after, subject);
  log.members(old, after, subject, {
    schemeId: plain('DOCUMENT_REPLACED', 'dangerous', '体系标识改变', 'This is another scheme'),
    spec: plain('DOCUMENT_REPLACED', 'dangerous', '格式版本改变', 'The format changes'),
    listId: plain('DOCUMENT_REPLACED', 'dangerous', '顶层名单改变', 'The top list changes'),
    version: plain('NUMBER_CHANGED', after.version === old.version + 1 ? 'neutral' : 'dangerous', '版本', 'Version'),
    prev: plain('NUMBER_CHANGED', 'neutral', '前一份的散列', 'Hash of the root before'),
    issued: plain('DATES_CHANGED', parseInstant(after.issued) < parseInstant(old.issued) ? 'dangerous' : 'neutral', '签发时间', 'Issued'),
    expires: plain('DATES_CHANGED', 'neutral', '有效期至', 'Expires'),
    distribution: plain('DISTRIBUTION_CHANGED', 'neutral', '发布地址', 'Distribution'),
    crit: () => critChange(log, subject, after.schemeId, old.crit ?? [], after.crit ?? []),
    keys: () => keySetChanges(log, subject, old.keys, after.keys, sha256),
    roles: () => {
      const owners = new Map(after.keys.map((key) => [printOf(key, sha256), `${key.owner ?? '?'}, ${key.org}`]));
      log.members(old.roles, after.roles, subject, Object.fromEntries(ROOT_ROLES.map((name) => [name, () => roleChanges(log, name, old.roles[name], after.roles[name], owners)])), 'roles.');
    },
    limits: () => {
      const [was, is] = [old.limits ?? {}, after.limits ?? {}];
      const limit = (name: string) => (member: string): void => {
        const [a, b] = [memberOf(was, name), memberOf(is, name)].map((value) => (typeof value === 'string' ? parseDuration(value) : typeof value === 'number' ? value : undefined));
        const narrows = a !== undefined && b !== undefined && b < a;
        log.add('LIMIT_CHANGED', narrows ? 'narrows' : 'widens', subject, member, { zh: `上限 ${name}：${shown(was, name)} → ${shown(is, name)}。`, en: `Limit ${name}: ${shown(was, name)} → ${shown(is, name)}.` });
      };
      log.members(was, is, subject, Object.fromEntries(['maxListBytes', 'maxDepth', 'maxLists', 'maxNextUpdate', 'maxFreshness'].map((name) => [name, limit(name)])), 'limits.');
    },
  });
  return log.diff('root', after.schemeId, before?.version, after.version);
}

function roleChanges(log: ChangeLog, name: string, before: RoleDocument, after: RoleDocument, owners: ReadonlyMap<string, string>): void {
  const subject: Change['subject'] = { kind: 'role', id: name };
  const quorum = (old: number, now: number, zh: string, en: string) => (member: string): void =>
    log.add('QUORUM_CHANGED', now < old ? 'dangerous' : 'narrows', subject, member, { zh: `角色 ${name} 的${zh}由 ${old} ${now < old ? '降' : '升'}为 ${now}。`, en: `Role ${name} asks for ${now} ${en} instead of ${old}.` }, { before: old, after: now });
  log.members(before, after, subject, {
    keys: () => {
      const { added, removed } = setChanges(before.keys, after.keys);
      for (const print of added) log.add('ROLE_KEY_ADDED', 'widens', subject, 'keys', { zh: `角色 ${name} 新增密钥 ${print}（${owners.get(print) ?? '不在本文件中'}）。`, en: `Role ${name} gains key ${print} (${owners.get(print) ?? 'not in this root'}).` }, { after: print });
      for (const print of removed) log.add('ROLE_KEY_REMOVED', 'narrows', subject, 'keys', { zh: `角色 ${name} 移除密钥 ${print}。`, en: `Role ${name} loses key ${print}.` }, { before: print });
      if (added.length + removed.length === 0) log.add('ROLE_KEY_ADDED', 'neutral', subject, 'keys', { zh: `角色 ${name} 的密钥次序有变化。`, en: `Keys of role ${name} stand in another order.` });
    },
    threshold: quorum(before.threshold, after.threshold, '签名数', 'signatures'),
    distinctOrgs: quorum(before.distinctOrgs ?? 1, after.distinctOrgs ?? 1, '机构数', 'organisations'),
    families: (member) => {
      for (const family of ['F1', 'F2'] as const) {
        const [old, now] = [before.families?.[family] ?? 0, after.families?.[family] ?? 0];
        if (old !== now) quorum(old, now, ` ${family} 签名数`, `${family} signatures`)(`${member}.${family}`);
      }
    },
  });
}

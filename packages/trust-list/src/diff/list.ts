import type { DigestAlgorithm } from '@hefu/crypto';
import type { ListDocument } from '../list-document.js';
import { jurisdiction, regionWithin } from '../region.js';
import type { DelegationDocument, PeerDocument } from '../scheme-document.js';
import { parseDuration, parseInstant } from '../time.js';
import { ChangeLog, canonical, memberOf, pair, same, setChanges, shown, tellPlainly } from './compare.js';
import { keySetChanges } from './keys.js';
import type { Change, ChangeSeverity, DocumentDiff } from './model.js';
import { critChange, serviceAdded, serviceChanged, serviceRemoved } from './service.js';

/**
 * What a list changes against the one before it: who gains or loses trust, for what and from when, and everything
 * else that differs. Derived from the documents alone, so each approver makes his own from the octets he signs
 * (`parseDraft`). Readable documents only: run `readListContent` on both first.
 * @param before undefined for a first list
 */
export function diffLists(before: ListDocument | undefined, after: ListDocument, context: { readonly sha256: DigestAlgorithm }): DocumentDiff {
  const log = new ChangeLog();
  const old: ListDocument = before ?? { ...after, sequence: 0, services: [], identityProfiles: [], delegations: [], peers: [], tombstones: [] };
  const subject: Change['subject'] = { kind: 'document', id: after.listId, name: after.operator.name.zh };
  const serviceContext = { sha256: context.sha256, issued: after.issued, sequence: old.sequence };
  const plain = tellPlainly(log, old, after, subject);

  const buried = new Map((after.tombstones ?? []).map((tombstone) => [tombstone.id, tombstone]));
  log.members(old, after, subject, {
    services: () => {
      for (const { before: was, after: is } of pair(old.services, after.services, ({ id }) => id)) {
        if (was === undefined) serviceAdded(log, is!, serviceContext);
        else if (is === undefined) serviceRemoved(log, was, buried.get(was.id));
        else if (!same(was, is)) serviceChanged(log, was, is, serviceContext);
      }
      if (canonical(old.services.map(({ id }) => id).sort()) === canonical(after.services.map(({ id }) => id).sort()) && same(byId(old.services), byId(after.services))) {
        log.add('SERVICE_DESCRIBED', 'neutral', subject, 'services', { zh: '服务的排列次序有变化。', en: 'Services stand in another order.' });
      }
    },
    identityProfiles: () => profileChanges(log, old, after),
    delegations: () => delegationChanges(log, old, after, context.sha256),
    peers: () => peerChanges(log, old, after),
    tombstones: (member) => {
      const { added, removed } = setChanges(old.tombstones ?? [], after.tombstones ?? []);
      for (const { id } of removed) log.add('TOMBSTONE_CHANGED', 'dangerous', subject, member, { zh: `${id} 的注销记录消失或被改：读者会拒绝这份名单。`, en: `The tombstone of ${id} is gone or changed: readers will refuse the list.` });
      for (const tombstone of added) log.add('TOMBSTONE_CHANGED', 'neutral', subject, member, { zh: `登记 ${tombstone.id} 已注销。`, en: `${tombstone.id} is recorded as retired.` }, { after: tombstone });
    },
    listId: plain('DOCUMENT_REPLACED', 'dangerous', '名单标识改变', 'This is another list'),
    spec: plain('DOCUMENT_REPLACED', 'dangerous', '格式版本改变', 'The format changes'),
    historyPolicy: plain('DOCUMENT_REPLACED', 'dangerous', '历史保存规则改变', 'The rule for keeping history changes'),
    sequence: plain('NUMBER_CHANGED', after.sequence === old.sequence + 1 ? 'neutral' : 'dangerous', '序号', 'Sequence'),
    prev: plain('NUMBER_CHANGED', 'neutral', '前一份的散列', 'Hash of the list before'),
    issued: plain('DATES_CHANGED', parseInstant(after.issued) < parseInstant(old.issued) ? 'dangerous' : 'neutral', '签发时间', 'Issued'),
    nextUpdate: plain('DATES_CHANGED', 'neutral', '下次更新', 'Next update'),
    operator: plain('OPERATOR_CHANGED', 'neutral', '运营方', 'Operator'),
    territory: (member) => {
      const wider = after.territory.some((region) => !regionWithin(jurisdiction(region), old.territory));
      plain('TERRITORY_CHANGED', wider ? 'widens' : 'narrows', '管辖地区', 'Territory')(member);
    },
    crit: () => critChange(log, subject, after.listId, old.crit ?? [], after.crit ?? []),
  });
  return log.diff('list', after.listId, before?.sequence, after.sequence);
}

function byId<T extends { readonly id: string }>(values: readonly T[]): readonly T[] {
  return [...values].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function profileChanges(log: ChangeLog, before: ListDocument, after: ListDocument): void {
  const users = (id: string): string => after.services.filter(({ identity }) => identity === id).map((service) => service.id).join(', ');
  for (const { key, before: was, after: is } of pair(before.identityProfiles ?? [], after.identityProfiles ?? [], ({ id }) => id)) {
    const subject: Change['subject'] = { kind: 'profile', id: key };
    const used = users(key);
    if (was === undefined) log.add('PROFILE_ADDED', 'neutral', subject, 'identityProfiles', { zh: `新增身份映射 ${key}${used === '' ? '' : `，用于 ${used}`}。`, en: `Identity profile ${key} is added${used === '' ? '' : `, used by ${used}`}.` }, { after: is });
    else if (is === undefined) log.add('PROFILE_REMOVED', 'neutral', subject, 'identityProfiles', { zh: `移除身份映射 ${key}。`, en: `Identity profile ${key} is removed.` }, { before: was });
    else if (!same(was, is)) {
      const what = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((name) => !same(memberOf(was, name), memberOf(is, name)) && name !== 'version').join(', ');
      // Which company a certificate speaks for may change: only samples tell.
      log.add('PROFILE_CHANGED', what === '' ? 'neutral' : 'dangerous', subject, 'identityProfiles', {
        zh: `身份映射 ${key}（版本 ${was.version} → ${is.version}）改动 ${what}${used === '' ? '' : `，影响 ${used}`}：证书所代表的单位可能不同。`,
        en: `Identity profile ${key} (version ${was.version} → ${is.version}) changes ${what}${used === '' ? '' : `, for ${used}`}: certificates may speak for another organisation.`,
      }, { before: was, after: is });
    }
  }
}

function delegationChanges(log: ChangeLog, before: ListDocument, after: ListDocument, sha256: DigestAlgorithm): void {
  for (const { key, before: was, after: is } of pair(before.delegations ?? [], after.delegations ?? [], ({ listId }) => listId)) {
    const subject: Change['subject'] = { kind: 'delegation', id: key, name: (is ?? was)!.name.zh };
    const grants = (each: DelegationDocument): boolean => each.mode === 'may-grant';
    const what = (each: DelegationDocument): { zh: string; en: string } => ({
      zh: `名单 ${key}“${each.name.zh}”，地区 ${each.regions.join('、')}，${grants(each) ? '可认可本地 CA' : '只可收紧'}，${each.threshold}/${each.keys.length} 签名`,
      en: `list ${key}, regions ${each.regions.join(', ')}, ${grants(each) ? 'may grant' : 'restrict only'}, ${each.threshold} of ${each.keys.length} keys`,
    });
    if (was === undefined) log.add('DELEGATION_ADDED', grants(is!) ? 'widens' : 'narrows', subject, 'delegations', { zh: `新增授权：${what(is!).zh}。`, en: `Delegation to ${what(is!).en} is added.` }, { after: is });
    else if (is === undefined) log.add('DELEGATION_REMOVED', grants(was) ? 'narrows' : 'widens', subject, 'delegations', { zh: `取消授权：${what(was).zh}${grants(was) ? '' : '；其限制随之失效'}。`, en: `Delegation to ${what(was).en} ends${grants(was) ? '' : '; its restrictions end with it'}.` }, { before: was });
    else if (!same(was, is)) {
      const change = (severity: ChangeSeverity) => (member: string): void =>
        log.add('DELEGATION_CHANGED', severity, subject, member, { zh: `授权 ${key} 的 ${member}：${shown(was, member)} → ${shown(is, member)}。`, en: `Delegation ${key}, ${member}: ${shown(was, member)} → ${shown(is, member)}.` }, { before: memberOf(was, member), after: memberOf(is, member) });
      const more = (old: readonly string[] | undefined, now: readonly string[] | undefined): ChangeSeverity => (now === undefined || (old !== undefined && now.some((each) => !old.includes(each))) ? 'widens' : 'narrows');
      const fewer = (old: number, now: number): ChangeSeverity => (now < old ? 'dangerous' : 'narrows');
      const longer = (old: string | undefined, now: string | undefined): ChangeSeverity => (now === undefined || (old !== undefined && parseDuration(now) > parseDuration(old)) ? 'widens' : 'narrows');
      log.members(was, is, subject, {
        name: change('neutral'),
        location: change('neutral'),
        keys: () => keySetChanges(log, subject, was.keys, is.keys, sha256),
        threshold: change(fewer(was.threshold, is.threshold)),
        distinctOrgs: change(fewer(was.distinctOrgs ?? 1, is.distinctOrgs ?? 1)),
        families: change((is.families?.F1 ?? 0) < (was.families?.F1 ?? 0) || (is.families?.F2 ?? 0) < (was.families?.F2 ?? 0) ? 'dangerous' : 'narrows'),
        regions: change(is.regions.some((region) => !regionWithin(jurisdiction(region), was.regions)) ? 'widens' : 'narrows'),
        mode: change(grants(is) ? 'widens' : 'narrows'),
        kinds: change(more(was.kinds, is.kinds)),
        purposes: change(more(was.purposes, is.purposes)),
        maxNextUpdate: change(longer(was.maxNextUpdate, is.maxNextUpdate)),
      });
    }
  }
}

function peerChanges(log: ChangeLog, before: ListDocument, after: ListDocument): void {
  for (const { key, before: was, after: is } of pair(before.peers ?? [], after.peers ?? [], ({ schemeId }) => schemeId)) {
    const subject: Change['subject'] = { kind: 'peer', id: key };
    const what = (peer: PeerDocument): { zh: string; en: string } => ({
      zh: `${key}，接受 ${peer.accept.kinds.join('、')} 用于 ${peer.accept.purposes.join('、')}，地区 ${peer.regions?.join('、') ?? '全部'}，${peer.since} 起${peer.until ? `至 ${peer.until}` : ''}`,
      en: `${key}, accepting ${peer.accept.kinds.join(', ')} for ${peer.accept.purposes.join(', ')}, regions ${peer.regions?.join(', ') ?? 'all'}, from ${peer.since}${peer.until ? ` until ${peer.until}` : ''}`,
    });
    if (was === undefined) log.add('PEER_ADDED', 'widens', subject, 'peers', { zh: `新增互认方：${what(is!).zh}。`, en: `Peer added: ${what(is!).en}.` }, { after: is });
    else if (is === undefined) log.add('PEER_REMOVED', 'narrows', subject, 'peers', { zh: `取消互认方：${what(was).zh}。`, en: `Peer removed: ${what(was).en}.` }, { before: was });
    else if (!same(was, is)) {
      const change = (severity: ChangeSeverity) => (member: string): void =>
        log.add('PEER_CHANGED', severity, subject, member, { zh: `互认方 ${key} 的 ${member}：${shown(was, member)} → ${shown(is, member)}。`, en: `Peer ${key}, ${member}: ${shown(was, member)} → ${shown(is, member)}.` }, { before: memberOf(was, member), after: memberOf(is, member) });
      const until = (peer: PeerDocument): number => (typeof peer.until === 'string' ? parseInstant(peer.until) : Infinity);
      const age = (peer: PeerDocument): number => (peer.accept.maxStatusAge === undefined ? Infinity : parseDuration(peer.accept.maxStatusAge));
      const widerAccept = setChanges(was.accept.kinds, is.accept.kinds).added.length > 0 || setChanges(was.accept.purposes, is.accept.purposes).added.length > 0 || age(is) > age(was);
      log.members(was, is, subject, {
        rootSha256: change('dangerous'),
        map: change('dangerous'),
        location: change('neutral'),
        since: change(parseInstant(is.since) < parseInstant(was.since) ? 'widens' : 'narrows'),
        until: change(until(is) > until(was) ? 'widens' : 'narrows'),
        regions: change(is.regions === undefined || (was.regions !== undefined && is.regions.some((region) => !regionWithin(jurisdiction(region), was.regions!))) ? 'widens' : 'narrows'),
        accept: change(widerAccept ? 'widens' : 'narrows'),
      });
    }
  }
}

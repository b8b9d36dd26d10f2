import { isBackdated, STATUS_TRANSITIONS } from '../edit/status.js';
import { checkContinuity } from '../continuity.js';
import { DEFAULT_LIMITS } from '../limits.js';
import type { StatusDocument } from '../list-document.js';
import { hexOf } from '../sha256.js';
import { parseDuration, parseInstant } from '../time.js';
import type { LintRule, LintSubject } from './model.js';

const DAY = 86_400_000;

/** Milliseconds, or NaN: for rules that look at documents that do not read. */
function instantOr(text: unknown): number {
  try {
    return parseInstant(typeof text === 'string' ? text : '');
  } catch {
    return Number.NaN;
  }
}

const hasBase = ({ baseList, list }: LintSubject): boolean => baseList !== undefined && list !== undefined;

/** Events this list is the first to carry. */
function* newEvents({ list, baseList }: LintSubject): Iterable<{ path: string; serviceId: string; event: StatusDocument }> {
  const known = baseList?.sequence ?? list!.sequence - 1;
  for (const [index, service] of list!.services.entries()) {
    for (const [at, event] of service.status.entries()) if (event.recorded > known) yield { path: `services[${index}].status[${at}]`, serviceId: service.id, event };
  }
}

export const DOCUMENT_RULES: readonly LintRule[] = [
  {
    id: 'L001', source: 'trust-list design §5.3; RFC 8259, RFC 7493', target: 'list', prerequisite: 'none', level: 'mandatory', tolerant: true,
    predicate: { zh: '名单能被读者严格读取', en: 'The list reads under the strict rules its readers apply' },
    check: ({ unreadable }, found) => {
      for (const { path, message } of unreadable) found({ path, actual: message }, `读者会拒绝：${path} ${message}`, `Readers refuse it: ${path} ${message}`);
    },
  },
  {
    id: 'L002', source: 'trust-list design §5.4 R3', target: 'list', prerequisite: 'the list before is given', level: 'mandatory', tolerant: true, applies: hasBase,
    predicate: { zh: '序号是前一份加一', en: 'The sequence is that of the list before, plus one' },
    check: ({ list, baseList }, found) => {
      const expected = baseList!.sequence + 1;
      if (list!.sequence !== expected) found({ path: 'sequence', expected: `${expected}`, actual: `${list!.sequence}` }, `序号应为 ${expected}，实为 ${list!.sequence}`, `The sequence is ${list!.sequence}, not ${expected}`);
    },
  },
  {
    id: 'L003', source: 'trust-list design §5.4 R4', target: 'list', prerequisite: 'the list before is given', level: 'mandatory', tolerant: true, applies: hasBase,
    predicate: { zh: 'prev 是前一份载荷的散列', en: 'prev is the hash of the payload before' },
    check: ({ list, base, sha256 }, found) => {
      const expected = `sha256:${hexOf(sha256.digest(base!))}`;
      if (list!.prev !== expected) found({ path: 'prev', expected, actual: String(list!.prev ?? 'none') }, 'prev 不是前一份名单载荷的散列', 'prev is not the hash of the payload before');
    },
  },
  {
    id: 'L004', source: 'trust-list design §5.4 R5', target: 'list', prerequisite: 'the list before is given', level: 'mandatory', applies: (subject) => subject.baseContent !== undefined,
    predicate: { zh: '已公布的服务、状态和注销记录一项不少、一字不改', en: 'Every published service, status event and tombstone is still there as it was' },
    check: ({ content, baseContent }, found) => {
      // Order and hash are L002 and L003.
      const broken = checkContinuity({ ...baseContent!, signedBy: [], envelope: new Uint8Array() }, { ...content!, listId: baseContent!.listId, sequence: baseContent!.sequence + 1, prev: `sha256:${baseContent!.sha256}` }, '');
      if (broken !== undefined) found({ path: 'services', expected: broken.expected, actual: broken.actual }, `改写了历史：${broken.actual}`, `History is rewritten: ${broken.actual}`);
    },
  },
  {
    id: 'L005', source: 'trust-list design §5.4 R7', target: 'list', prerequisite: 'the list before is given', level: 'mandatory', tolerant: true, applies: hasBase,
    predicate: { zh: '签发时间晚于前一份', en: 'It is issued later than the list before' },
    check: ({ list, baseList }, found) => {
      if (!(instantOr(list!.issued) > instantOr(baseList!.issued))) found({ path: 'issued', expected: `> ${baseList!.issued}`, actual: String(list!.issued) }, '签发时间不晚于前一份名单', 'It is not issued later than the list before');
    },
  },
  {
    id: 'L006', source: 'trust-list design §5.4 R3', target: 'list', prerequisite: 'the list before is given', level: 'mandatory', tolerant: true, applies: hasBase,
    predicate: { zh: '名单标识不变', en: 'It is the same list' },
    check: ({ list, baseList }, found) => {
      if (list!.listId !== baseList!.listId) found({ path: 'listId', expected: baseList!.listId, actual: String(list!.listId) }, `名单标识由 ${baseList!.listId} 变为 ${list!.listId}`, `The list is ${list!.listId}, not ${baseList!.listId}`);
    },
  },
  {
    id: 'L010', source: 'TS 119 612 §5.3.15; trust-list design §5.2', target: 'list', prerequisite: 'none', level: 'mandatory', tolerant: true, applies: ({ list }) => list !== undefined,
    predicate: { zh: 'nextUpdate 晚于 issued', en: 'nextUpdate is later than issued' },
    check: ({ list }, found) => {
      if (!(instantOr(list!.nextUpdate) > instantOr(list!.issued))) found({ path: 'nextUpdate', expected: `> ${String(list!.issued)}`, actual: String(list!.nextUpdate) }, 'nextUpdate 不晚于 issued', 'nextUpdate is not later than issued');
    },
  },
  {
    id: 'L011', source: 'TS 119 612 §5.3.15; trust-list design §5.2', target: 'list', prerequisite: 'none', level: 'mandatory', tolerant: true, applies: ({ list }) => list !== undefined,
    predicate: { zh: '有效期不超过根文件、上级授权和 180 天的上限', en: 'It lives no longer than the root, the delegation and 180 days allow' },
    check: ({ list, root, parent }, found) => {
      const limits = [DEFAULT_LIMITS.maxLifetime, ...[root?.limits?.maxNextUpdate, parent?.delegation.maxNextUpdate].flatMap((text) => (text === undefined ? [] : [parseDuration(text)]))];
      const longest = Math.min(...limits);
      const life = instantOr(list!.nextUpdate) - instantOr(list!.issued);
      if (life > longest) found({ path: 'nextUpdate', expected: `≤ ${longest / DAY} d`, actual: `${life / DAY} d` }, `有效期 ${Math.ceil(life / DAY)} 天，上限 ${longest / DAY} 天`, `It lives ${Math.ceil(life / DAY)} days; the limit is ${longest / DAY}`);
    },
  },
  {
    id: 'L012', source: 'trust-list design §5.4 R7', target: 'list', prerequisite: 'none', level: 'mandatory', tolerant: true, applies: ({ list }) => list !== undefined,
    predicate: { zh: '签发时间不在将来', en: 'It is not issued in the future' },
    check: ({ list, at }, found) => {
      if (instantOr(list!.issued) > at + DEFAULT_LIMITS.clockSkew) found({ path: 'issued', actual: String(list!.issued) }, `签发时间 ${list!.issued} 在将来，读者会拒绝`, `It is issued in the future (${list!.issued}); readers refuse it`);
    },
  },
  {
    id: 'L013', source: 'TS 119 612 §5.3.1, §5.3.2', target: 'list', prerequisite: 'none', level: 'mandatory', tolerant: true, applies: ({ list }) => list !== undefined,
    predicate: { zh: '格式版本与序号没有混用', en: 'Format version and sequence are not mixed up' },
    check: ({ list }, found) => {
      if (Object.hasOwn(list!, 'version')) found({ path: 'version' }, '名单的次序由 sequence 表示，version 是根文件的成员', 'A list counts by sequence; version is a member of roots');
      if (list!.spec !== '1.0' && Number(list!.spec) === list!.sequence) found({ path: 'spec', expected: '1.0', actual: String(list!.spec) }, 'spec 写成了序号', 'spec holds the sequence');
    },
  },
  {
    id: 'L020', source: 'trust-list design §5.5; TS 119 612 §5.5.4', target: 'list', prerequisite: 'the list reads', level: 'mandatory',
    predicate: { zh: '状态按规定的次序转换', en: 'Statuses follow one another as the graph allows' },
    check: ({ list }, found) => {
      for (const [index, { id, status }] of list!.services.entries()) {
        status.slice(0, -1).forEach((event, at) => {
          const before = status[at + 1]!.status;
          if (!STATUS_TRANSITIONS[before].includes(event.status)) found({ path: `services[${index}].status[${at}]`, subject: id, expected: STATUS_TRANSITIONS[before].join(', '), actual: event.status }, `${id}：${before} 之后不能是 ${event.status}`, `${id}: ${event.status} does not follow ${before}`);
        });
      }
    },
  },
  {
    id: 'L021', source: 'TS 119 612 §5.5.5, §5.6', target: 'list', prerequisite: 'the list reads', level: 'recommended',
    predicate: { zh: '状态的起始时间依次递增', en: 'Status events begin one after the other' },
    check: ({ list }, found) => {
      for (const [index, { id, status }] of list!.services.entries()) {
        status.slice(0, -1).forEach((event, at) => {
          const before = status[at + 1]!;
          if (parseInstant(event.since) <= parseInstant(before.since)) found({ path: `services[${index}].status[${at}].since`, subject: id, expected: `> ${before.since}`, actual: event.since }, `${id}：新状态始于 ${event.since}，不晚于前一状态 ${before.since}`, `${id}: a newer event begins at ${event.since}, not after ${before.since}`);
        });
      }
    },
  },
  {
    id: 'L022', source: 'trust-list design §5.7', target: 'list', prerequisite: 'the list reads', level: 'recommended',
    predicate: { zh: '新状态不晚于签发时间开始', en: 'New events have begun when the list is issued' },
    check: (subject, found) => {
      for (const { path, serviceId, event } of newEvents(subject)) {
        if (parseInstant(event.since) > parseInstant(subject.list!.issued)) found({ path: `${path}.since`, subject: serviceId, actual: event.since }, `${serviceId}：${event.status} 将于 ${event.since} 开始，晚于签发时间`, `${serviceId}: ${event.status} begins at ${event.since}, after the list is issued`);
      }
    },
  },
  {
    id: 'L023', source: 'trust-list design §5.5', target: 'list', prerequisite: 'the list is not the first', level: 'mandatory', applies: ({ list }) => list !== undefined && list.sequence > 1,
    predicate: { zh: '早于签发 7 天以上的新状态写明理由和文号', en: 'New events that reach back more than 7 days give a reason and a reference' },
    check: (subject, found) => {
      for (const { path, serviceId, event } of newEvents(subject)) {
        const missing = [...(event.reason === undefined ? ['reason'] : []), ...(event.ref === undefined ? ['ref'] : [])];
        if (missing.length > 0 && isBackdated(event, subject.list!.issued)) found({ path, subject: serviceId, expected: missing.join(', ') }, `${serviceId}：追溯到 ${event.since} 的 ${event.status} 没有写明 ${missing.join('、')}`, `${serviceId}: ${event.status} reaches back to ${event.since} without ${missing.join(' and ')}`);
      }
    },
  },
  {
    id: 'L024', source: 'trust-list design §5.5', target: 'list', prerequisite: 'the list is not the first', level: 'permitted', applies: ({ list }) => list !== undefined && list.sequence > 1,
    predicate: { zh: '早于签发 7 天以上的新状态须多一人批准', en: 'New events that reach back more than 7 days need one more approver' },
    check: (subject, found) => {
      for (const { path, serviceId, event } of newEvents(subject)) {
        if (isBackdated(event, subject.list!.issued)) found({ path, subject: serviceId, actual: event.since }, `${serviceId}：${event.status} 追溯到 ${event.since}，须多一人批准`, `${serviceId}: ${event.status} reaches back to ${event.since}; one more approver is needed`);
      }
    },
  },
  {
    id: 'L025', source: 'TS 119 612 §5.6', target: 'list', prerequisite: 'the list is not one that may only restrict', level: 'recommended', applies: ({ list, parent }) => list !== undefined && parent?.delegation.mode !== 'restrict-only',
    predicate: { zh: '服务的第一个状态是认可', en: 'The first status of a service is granted' },
    check: ({ list }, found) => {
      for (const [index, { id, status }] of list!.services.entries()) {
        const first = status.at(-1)!;
        if (first.status !== 'granted') found({ path: `services[${index}].status[${status.length - 1}]`, subject: id, expected: 'granted', actual: first.status }, `${id}：第一个状态是 ${first.status}`, `${id}: its first status is ${first.status}`);
      }
    },
  },
];

// Trust lists as they arrive: altered, misdated, out of order, or somebody else's (trust-list design §5.4).
import { createHash } from 'node:crypto';
import { serializeList } from '@hefu/trust-list';
import { signEnvelope } from '@hefu/sandbox';
import { listAccepted, listRefused } from '../case-book.mjs';
import { AT, DAY, instant, SECOND } from '../ground.mjs';

export function lists(book, lab, world) {
  const [centre, centre2, supervision] = world.operators;
  const quorum = [centre, supervision];
  const ca = lab.authority('lists');
  const base = {
    type: 'list', spec: '1.0', listId: 'hefu-test-vectors-updates', operator: { name: { zh: '合符测试向量', en: 'Hefu test vectors' } }, territory: ['420100'],
    services: [ca.service],
    identityProfiles: [{ id: ca.service.identity, version: 1, subjectType: [{ if: 'always', is: 'organization' }], fields: { name: { try: [{ dn: 'O', accept: 'TEXT' }] } } }],
  };
  const hash = (payload) => `sha256:${createHash('sha256').update(payload).digest('hex')}`;
  const write = (sequence, change = {}) => serializeList({ ...base, sequence, issued: instant(AT - 10 * DAY + sequence * DAY), nextUpdate: instant(AT + 60 * DAY), ...change });
  const put = (name, envelope) => book.share(`list/updates-${name}.json`, envelope);
  const sealed = (name, payload, by = quorum) => put(name, signEnvelope(payload, by, AT - DAY));

  const first = write(1);
  const second = write(2, { prev: hash(first) });
  const [one, two] = [sealed('1', first), sealed('2', second)];
  const seen = (...entries) => entries.map((entry) => (Array.isArray(entry) ? { path: entry[0], at: entry[1] } : { path: entry, at: AT }));
  const row = (zh, en, given, code) => ({ zh, en, lists: seen(...given), expect: code === undefined ? listAccepted() : listRefused(code) });
  const group = (by, ...rows) => book.group('trust-list', { by }, rows.map((each) => row(...each)));

  const text = JSON.parse(new TextDecoder().decode(book.files.get(one)));
  const altered = Buffer.from(text.payload, 'base64url').toString().replace('"420100"', '"420200"');
  const utf8 = (value) => new TextEncoder().encode(value);
  const envelope = (change) => utf8(JSON.stringify({ ...text, ...change }));
  group('signEnvelope, altered afterwards',
    ['名单原样', 'A list as it was signed', [one]],
    ['名单内容被改动', 'A list whose content was changed', [put('altered', envelope({ payload: Buffer.from(altered).toString('base64url') }))], 'TL_SIGNATURE_INVALID'],
    ['只剩一个签名', 'A list with one signature taken away', [put('one-signature', envelope({ signatures: text.signatures.slice(0, 1) }))], 'TL_THRESHOLD_NOT_MET'],
    ['同一机构的两把密钥', 'A list signed by two keys of one organisation', [sealed('same-organisation', first, [centre, centre2])], 'TL_SAME_ORGANISATION'],
    ['名单外壳有重复成员', 'An envelope with a member twice', [put('duplicate-member', utf8(`{"payload":"","payload":${JSON.stringify(text.payload)},"signatures":${JSON.stringify(text.signatures)}}`))], 'TL_DUPLICATE_MEMBER'],
    ['收到的是网页', 'A web page instead of a list', [put('html', utf8('<!DOCTYPE html><html><body>请先登录</body></html>'))], 'TL_NOT_JSON'],
    ['收到的是空文件', 'An empty file instead of a list', [put('nothing', new Uint8Array(0))], 'TL_EMPTY_INPUT'],
    ['收到的名单不完整', 'A list cut short', [put('cut', book.files.get(one).subarray(0, 1000))], 'TL_NOT_JSON'],
    ['内容有重复成员', 'A list whose content has a member twice', [sealed('duplicate-content', utf8(new TextDecoder().decode(first).replace('{"type"', '{"type":"root","type"')))], 'TL_DUPLICATE_MEMBER']);

  group('serializeList with other dates and sequences',
    ['第二版接在第一版之后', 'A second list after the first', [one, two]],
    ['再次收到同一版', 'The same list once more', [one, two, two]],
    ['先收到第二版', 'A second list without the first', [two]],
    ['第二版之后收到第一版', 'A first list after the second', [two, one], 'TL_ROLLBACK'],
    ['同一序号两种内容', 'Two lists of one sequence', [one, sealed('1-other', write(1, { territory: ['420200'] }))], 'TL_EQUIVOCATION'],
    ['第二版没有接上第一版', 'A second list that names another before it', [one, sealed('2-broken', write(2, { prev: hash(second) }))], 'TL_CHAIN_BROKEN'],
    ['另一份名单', 'A list of another id', [one, sealed('2-foreign', write(2, { prev: hash(first), listId: 'hefu-test-vectors-foreign' }))], 'TL_WRONG_LIST'],
    ['改写了已有的状态', 'A second list that rewrites a status', [one, sealed('2-rewritten', write(2, { prev: hash(first), services: [{ ...ca.service, status: [{ ...ca.service.status[0], since: instant(AT - 30 * DAY) }] }] }))], 'TL_HISTORY_REWRITTEN'],
    ['去掉了一家服务而无记录', 'A second list that drops a service', [one, sealed('2-dropped', write(2, { prev: hash(first), services: [{ ...ca.service, id: 'urn:hefu:test-vectors:svc:instead' }] }))], 'TL_HISTORY_REWRITTEN']);

  const issued = AT - 9 * DAY;
  group('lists at the edge of their dates',
    ['签发时间恰在允许的时钟偏差内', 'A list issued five minutes ahead', [[one, issued - 300 * SECOND]]],
    ['签发时间超出允许的时钟偏差', 'A list issued five minutes and one second ahead', [[one, issued - 301 * SECOND]], 'TL_ISSUED_IN_FUTURE'],
    ['有效期恰为上限 180 天', 'A list of 180 days', [sealed('180-days', write(1, { nextUpdate: instant(issued + 180 * DAY) }))]],
    ['有效期超过上限一秒', 'A list of 180 days and one second', [sealed('181-days', write(1, { nextUpdate: instant(issued + 180 * DAY + SECOND) }))], 'TL_LIFETIME_TOO_LONG'],
    ['签发与截止颠倒', 'A list that ends before it begins', [sealed('inverted', write(1, { nextUpdate: instant(issued - DAY) }))], 'TL_TIME_INVALID'],
    // Newer is newer: how long it may serve after its nextUpdate is the policy's question (rule R8).
    ['较新的名单已过期，仍替换手中的', 'An expired list after one that is not', [one, sealed('2-expired', write(2, { prev: hash(first), nextUpdate: instant(AT - DAY) }))]],
    ['时钟早于手中名单', 'A clock behind the list in hand', [one, [two, issued - DAY]], 'CLOCK_BEHIND']);

  group('documents of another form',
    ['成员齐全', 'A list with everything it needs', [one]],
    ['没有服务', 'A list that names nobody', [sealed('empty', write(1, { services: [] }))], 'TL_NO_SERVICES'],
    ['要求本版本不懂的功能', 'A list with a feature nobody here understands', [sealed('crit', write(1, { crit: ['quorumOfAuditors'] }))], 'TL_UNSUPPORTED_FEATURE'],
    ['缺少必需成员', 'A list without its territory', [sealed('schema', write(1, { territory: undefined }))], 'TL_SCHEMA_INVALID']);
}

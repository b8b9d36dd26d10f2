// What the trust list says of a CA: since when, where, for what, and under which conditions.
import { utf8String } from '@hefu/pki';
import { attr, certificatePolicies, extension, signDetached } from '@hefu/sandbox';
import { open, passed } from '../case-book.mjs';
import { AT, BID, DAY, HOLDER, HOUR, IDENTITY, instant, REGION, SECOND, YEAR } from '../ground.mjs';
import { plus } from '../laboratory.mjs';

const ok = passed(IDENTITY, 'za-content');

export function trust(book, lab) {
  status(book, lab);
  scope(book, lab);
  constraints(book, lab);
  anchors(book, lab);
}

/** A CA with a service of this kind, its company's signature, and its CRL. */
function told(lab, id, service, { authority = {}, company = {} } = {}) {
  const ca = lab.authority(id, { service, ...authority });
  const credential = lab.company(ca, 'company', company);
  return { ca, signature: signDetached(credential, BID, { form: 'za-content' }), crls: [lab.crl(ca)] };
}

const event = (name, since, more = {}) => ({ status: name, since: instant(since), recorded: 1, ...more });
const GRANTED = event('granted', AT - 3 * YEAR);

function status(book, lab) {
  const group = (by, shared, rows) => book.group('trust-status', { by, signature: shared.signature, crls: shared.crls }, rows);

  const granted = told(lab, 'status-granted', { status: [event('granted', AT)] });
  group('status granted', granted, [
    { zh: '恰在认可起始时刻', en: 'At the instant a CA is granted', expect: ok },
    { zh: '认可起始前一秒', en: 'One second before a CA is granted', at: AT - SECOND, expect: open('CA_NOT_YET_GRANTED') },
    { zh: '认可起始前一毫秒', en: 'One millisecond before a CA is granted', at: AT - 1, expect: open('CA_NOT_YET_GRANTED') },
  ]);
  const suspended = told(lab, 'status-suspended', { status: [event('suspended', AT, { effect: { gap: 'void' } }), GRANTED] });
  group('status suspended', suspended, [
    { zh: '暂停前一毫秒', en: 'One millisecond before a CA is suspended', at: AT - 1, expect: ok },
    { zh: '恰在暂停时刻', en: 'At the instant a CA is suspended', expect: open('CA_SUSPENDED') },
    { zh: '暂停后判断暂停前的签名', en: 'Suspended now and a proven time before', at: AT + DAY, bestSignatureTime: AT - HOUR, expect: ok },
  ]);
  const withdrawn = told(lab, 'status-withdrawn', { status: [event('withdrawn', AT), GRANTED] });
  group('status withdrawn', withdrawn, [
    { zh: '取消认可前一秒', en: 'One second before a CA is withdrawn', at: AT - SECOND, expect: ok },
    { zh: '恰在取消认可时刻', en: 'At the instant a CA is withdrawn', expect: open('CA_WITHDRAWN') },
  ]);
  const distrusted = told(lab, 'status-distrusted', { status: [event('distrusted', AT, { compromisedSince: instant(AT - DAY) }), GRANTED] });
  group('status distrusted since a compromise', distrusted, [
    { zh: '密钥失控前一秒的签名', en: 'A proven time one second before a compromise', bestSignatureTime: AT - DAY - SECOND, expect: ok },
    { zh: '密钥失控当时的签名', en: 'A proven time at a compromise', bestSignatureTime: AT - DAY, expect: open('CA_DISTRUSTED') },
    { zh: '失控之后、列为不可信之前', en: 'A proven time between a compromise and the distrust', bestSignatureTime: AT - HOUR, expect: open('CA_DISTRUSTED') },
  ]);
  const ceased = told(lab, 'status-ceased', { status: [event('ceased', AT - 10 * DAY), GRANTED] }, { company: { notBefore: AT - 10 * DAY - SECOND } });
  const late = { ...ceased, signature: signDetached(lab.company(ceased.ca, 'late', { notBefore: AT - 10 * DAY }), BID, { form: 'za-content' }) };
  book.group('trust-status', { by: 'status ceased', crls: ceased.crls }, [
    { zh: '停止服务前一秒签发的证书', en: 'A certificate issued one second before the CA ceased', signature: ceased.signature, expect: ok },
    { zh: '停止服务当时签发的证书', en: 'A certificate issued as the CA ceased', signature: late.signature, expect: open('CA_CEASED') },
  ]);
  const gap = (id, effect) => told(lab, id, { status: [event('granted', AT - 2 * DAY), event('suspended', AT - 4 * DAY, { effect: { gap: effect } }), GRANTED] });
  const [healed, voided] = [gap('status-healed', 'heal'), gap('status-voided', 'void')];
  book.group('trust-status', { by: 'status suspended and granted again' }, [
    { zh: '暂停期间签名，恢复后追认', en: 'Signed in a suspension that heals', bestSignatureTime: AT - 3 * DAY, signature: healed.signature, crls: healed.crls, expect: ok },
    { zh: '暂停期间签名，恢复后不追认', en: 'Signed in a suspension that does not heal', bestSignatureTime: AT - 3 * DAY, signature: voided.signature, crls: voided.crls, expect: open('CA_SUSPENDED') },
    { zh: '恰在恢复时刻签名', en: 'Signed at the instant a suspension ends', bestSignatureTime: AT - 2 * DAY, signature: voided.signature, crls: voided.crls, expect: ok },
  ]);
}

function scope(book, lab) {
  const one = (id, members) => told(lab, id, { scope: [members] });
  const group = (by, shared, rows) => book.group('trust-scope', { by, signature: shared.signature, crls: shared.crls }, rows);

  group('scope with a region prefix', one('scope-prefix', { regions: ['42*'] }), [
    { zh: '地区前缀覆盖', en: 'A region under a prefix', context: { region: '429004' }, expect: ok },
    { zh: '地区前缀不覆盖', en: 'A region beside a prefix', context: { region: '430100' }, expect: open('REGION_NOT_IN_SCOPE') },
  ]);
  group('scope with a whole region code', one('scope-exact', { regions: [REGION] }), [
    { zh: '地区代码一致', en: 'A region of the same code', expect: ok },
    { zh: '地区代码相邻', en: 'A region of the next code', context: { region: '420101' }, expect: open('REGION_NOT_IN_SCOPE') },
  ]);
  group('scope with transactions', one('scope-transactions', { regions: [REGION], transactions: ['工程建设', '政府采购'] }), [
    { zh: '交易类别在列', en: 'A kind of transaction that is named', context: { transaction: '政府采购' }, expect: ok },
    { zh: '交易类别不在列', en: 'A kind of transaction that is not named', context: { transaction: '土地使用权' }, expect: open('TRANSACTION_NOT_IN_SCOPE') },
    { zh: '未说明交易类别', en: 'No kind of transaction where the entry restricts them', context: { transaction: undefined }, expect: open('TRANSACTION_NOT_IN_SCOPE') },
  ]);
  group('scope with roles', one('scope-roles', { regions: [REGION], roles: ['bidder'] }), [
    { zh: '角色在列', en: 'A role that is named', context: { role: 'bidder' }, expect: ok },
    { zh: '角色不在列', en: 'A role that is not named', context: { role: 'agency' }, expect: open('ROLE_NOT_IN_SCOPE') },
    { zh: '未说明角色', en: 'No role where the entry restricts them', expect: open('ROLE_NOT_IN_SCOPE') },
  ]);
  group('scope with purposes', one('scope-purposes', { regions: [REGION], purposes: ['auth', 'sign'] }), [
    { zh: '用途在列', en: 'A purpose that is named', context: { purpose: 'sign' }, expect: ok },
    { zh: '用途不在列', en: 'A purpose that is not named', context: { purpose: 'seal' }, expect: open('PURPOSE_NOT_IN_SCOPE') },
    { zh: '登录场景默认用途为身份认证', en: 'The purpose of the login scene', context: { scene: 'login' }, expect: ok },
  ]);
  group('scope in force for one day', one('scope-dated', { regions: [REGION], from: instant(AT), until: instant(AT + DAY) }), [
    { zh: '恰在起始时刻', en: 'At the start of a scope', expect: ok },
    { zh: '起始前一秒', en: 'One second before the start of a scope', at: AT - SECOND, expect: open('SCOPE_NOT_IN_FORCE') },
    { zh: '终止前一秒', en: 'One second before the end of a scope', at: AT + DAY - SECOND, expect: ok },
    { zh: '恰在终止时刻', en: 'At the end of a scope', at: AT + DAY, expect: open('SCOPE_NOT_IN_FORCE') },
  ]);
}

function constraints(book, lab) {
  const violated = open('SERVICE_CONSTRAINTS_VIOLATED');
  const pair = (by, id, members, accept, reject, options = {}) => {
    const ca = lab.authority(id, { service: { constraints: members }, ...options });
    const crls = [lab.crl(ca)];
    const sign = (label, company) => signDetached(lab.company(ca, label, company), BID, { form: 'za-content' });
    book.group('trust-constraint', { by, crls }, [
      { zh: accept.zh, en: accept.en, signature: sign('within', accept.company), expect: ok },
      { zh: reject.zh, en: reject.en, signature: sign('beyond', reject.company), expect: violated },
    ]);
  };
  const start = AT - 100 * DAY;
  pair('constraint maxValidityDays', 'constraint-days', { maxValidityDays: 365 },
    { zh: '有效期恰为上限', en: 'A certificate as long as allowed', company: { notBefore: start, notAfter: start + YEAR } },
    { zh: '有效期超过上限一秒', en: 'A certificate one second longer than allowed', company: { notBefore: start, notAfter: start + YEAR + SECOND } });
  pair('constraint issuedFrom', 'constraint-from', { issuedFrom: instant(start) },
    { zh: '恰在起始时刻签发', en: 'A certificate issued at issuedFrom', company: { notBefore: start } },
    { zh: '起始前一秒签发', en: 'A certificate issued one second before issuedFrom', company: { notBefore: start - SECOND } });
  pair('constraint issuedUntil', 'constraint-until', { issuedUntil: instant(start) },
    { zh: '截止前一秒签发', en: 'A certificate issued one second before issuedUntil', company: { notBefore: start - SECOND } },
    { zh: '恰在截止时刻签发', en: 'A certificate issued at issuedUntil', company: { notBefore: start } });
  const policy = '1.2.156.999001.2.2.1';
  pair('constraint policyOids', 'constraint-policy', { policyOids: [policy] },
    { zh: '载有要求的证书策略', en: 'A certificate with the policy asked for', company: { extensions: plus(certificatePolicies(['1.2.156.999001.2.2.9', policy])) } },
    { zh: '载有别的证书策略', en: 'A certificate with another policy', company: { extensions: plus(certificatePolicies(['1.2.156.999001.2.2.2'])) } });
  const required = '1.2.156.999001.8';
  pair('constraint requireExt', 'constraint-extension', { requireExt: [required] },
    { zh: '载有要求的扩展', en: 'A certificate with the extension asked for', company: { extensions: plus(extension(required, utf8String('x'))) } },
    { zh: '缺少要求的扩展', en: 'A certificate without the extension asked for', company: {} });
  const named = (...more) => [attr('C', 'CN'), ...more, attr('O', HOLDER.name), attr('CN', HOLDER.name)];
  pair('constraint permittedDN', 'constraint-permitted', { permittedDN: [['C=CN', 'ST=湖北省']] },
    { zh: '主体在允许之列', en: 'A subject that is permitted', company: { subject: named(attr('ST', '湖北省')) } },
    { zh: '主体不在允许之列', en: 'A subject that is not permitted', company: { subject: named(attr('ST', '湖南省')) } });
  pair('constraint excludedDN', 'constraint-excluded', { excludedDN: [['OU=测试部']] },
    { zh: '主体不在排除之列', en: 'A subject that is not excluded', company: { subject: named(attr('OU', '业务部')) } },
    { zh: '主体在排除之列', en: 'A subject that is excluded', company: { subject: named(attr('OU', '测试部')) } });

  const algorithms = (id, sigAlgs) => told(lab, id, { constraints: { sigAlgs } });
  const [sm2, rsaOnly] = [algorithms('constraint-sm2', ['SM2-SM3']), algorithms('constraint-rsa', ['RSASSA-PKCS1-v1_5-SHA-256'])];
  book.group('trust-constraint', { by: 'constraint sigAlgs' }, [
    { zh: '签名算法在允许之列', en: 'A certificate signed by an algorithm that is allowed', signature: sm2.signature, crls: sm2.crls, expect: ok },
    { zh: '签名算法不在允许之列', en: 'A certificate signed by another algorithm', signature: rsaOnly.signature, crls: rsaOnly.crls, expect: violated },
  ]);

  const below = (id, pathLen) => {
    const root = lab.authority(id, { service: { constraints: { pathLen } } });
    const middle = lab.subordinate(root, `${id}-middle`);
    return { signature: signDetached({ ...lab.company(middle), chain: [middle.certificate] }, BID, { form: 'za-content' }), crls: [lab.crl(root), lab.crl(middle)] };
  };
  const [roomy, narrow] = [below('constraint-path-1', 1), below('constraint-path-0', 0)];
  book.group('trust-constraint', { by: 'constraint pathLen' }, [
    { zh: '名单允许一级中间 CA', en: 'One CA between where the entry allows one', ...roomy, expect: ok },
    { zh: '名单不允许中间 CA', en: 'One CA between where the entry allows none', ...narrow, expect: violated },
  ]);
}

function anchors(book, lab) {
  const byHash = (id, anchor) => {
    const ca = lab.authority(id);
    ca.service.anchors = [{ ...anchor(ca), mode: 'root' }];
    const company = lab.company(ca);
    return { ca, company, crls: [lab.crl(ca)] };
  };
  const carried = ({ ca, company }) => signDetached({ ...company, chain: [ca.certificate] }, BID, { form: 'za-content' });
  const bare = ({ company }) => signDetached(company, BID, { form: 'za-content' });
  for (const [zh, en, id, anchor] of [
    ['以证书摘要列出的 CA', 'A CA listed by the hash of its certificate', 'anchor-hash', (ca) => ({ sha256: lab.hash(ca.certificate) })],
    ['以公钥摘要列出的 CA', 'A CA listed by the hash of its key', 'anchor-key-hash', (ca) => ({ spkiSha256: lab.hash(ca.key.spkiDer) })],
  ]) {
    const one = byHash(id, anchor);
    book.group('trust-anchor', { by: 'an anchor without its certificate', crls: one.crls }, [
      { zh: `${zh}，证书随报文到达`, en: `${en} and carried in the message`, signature: carried(one), expect: ok },
      { zh: `${zh}，证书没有到达`, en: `${en} and not to be had`, signature: bare(one), expect: open('PATH_NOT_FOUND') },
    ]);
  }

  // A pinned certificate under the listed key's name, but of another key.
  const listed = lab.authority('anchor-impersonated');
  const impostor = lab.subordinate({ key: lab.key('ca/anchor-impostor', 'SM2'), name: listed.name }, 'anchor-impostor', { name: listed.name, signer: lab.key('ca/anchor-impostor', 'SM2') });
  const [right, wrong] = [lab.company(listed), lab.company(impostor)];
  book.group('trust-anchor', { by: 'two CAs of one name', crls: [lab.crl(listed)] }, [
    { zh: '名单登记的密钥签发', en: 'A certificate under the listed key', signature: bare({ company: right }), expect: ok },
    { zh: '同名而密钥不同的 CA 签发', en: 'A certificate under another key of the listed name', signature: carried({ ca: impostor, company: wrong }), expect: open('SAME_NAME_OTHER_KEY') },
  ]);
  const kinds = ['ca', 'tsa'].map((kind) => told(lab, `anchor-of-${kind}`, { kind }));
  book.group('trust-anchor', { by: 'services of two kinds' }, [
    { zh: '名单登记为签发 CA', en: 'A service listed as a CA', signature: kinds[0].signature, crls: kinds[0].crls, expect: ok },
    { zh: '名单登记为时间戳服务', en: 'A service listed as a time-stamping authority', signature: kinds[1].signature, crls: kinds[1].crls, expect: open('PATH_NOT_FOUND') },
  ]);
  const critical = told(lab, 'anchor-with-crit', { crit: ['quorumOfAuditors'] });
  const plain = told(lab, 'anchor-without-crit', {});
  book.group('trust-anchor', { by: 'a service with crit' }, [
    { zh: '没有未知的关键成员', en: 'A service that asks for nothing unknown', signature: plain.signature, crls: plain.crls, expect: ok },
    { zh: '名单要求本版本不懂的条件', en: 'A service with a condition nobody here understands', signature: critical.signature, crls: critical.crls, expect: open('SERVICE_UNSUPPORTED') },
  ]);
}

import type { DigestAlgorithm } from '@hefu/crypto';
import { formatName, parseCertificate, PkiError } from '@hefu/pki';
import { decodeBase64 } from '../base64.js';
import type { AnchorDocument, ConstraintsDocument, RevocationDocument, ScopeDocument, ServiceDocument, StatusDocument } from '../list-document.js';
import type { Bilingual } from '../refusal.js';
import { SERVICE_MEMBERS } from '../crit.js';
import { hexOf } from '../sha256.js';
import { parseDuration, parseInstant } from '../time.js';
import { isBackdated } from '../edit/status.js';
import { canonical, ChangeLog, memberOf, pair, setChanges } from './compare.js';
import type { Change, ChangeSeverity, TrustChange } from './model.js';
import { scopeBeyond } from './scope.js';
import { scopesWords, statusWords } from './words.js';

export interface ServiceDiffContext {
  readonly sha256: DigestAlgorithm;
  /** `issued` of the newer list: what begins well before it is back-dated. */
  readonly issued: string;
  /** Of the older list: events recorded after it are new. */
  readonly sequence: number;
}

type Subject = Change['subject'];

export function serviceSubject(service: ServiceDocument): Subject {
  return { kind: 'service', id: service.id, name: service.name.zh };
}

/** A service that was not there: who is trusted now, and by which keys. */
export function serviceAdded(log: ChangeLog, service: ServiceDocument, context: ServiceDiffContext): void {
  const subject = serviceSubject(service);
  const scope = service.scope ?? [];
  const [newest] = service.status;
  const retroactive = service.status.some((event) => isBackdated(event, context.issued)) && context.sequence > 0;
  const words = scopesWords(scope);
  const gives = newest?.status === 'granted' || newest?.status === 'ceased';
  log.add(
    'SERVICE_ADDED', retroactive ? 'dangerous' : gives ? 'widens' : 'narrows', subject, 'services',
    {
      zh: `新增服务 ${service.id}“${service.name.zh}”${newest === undefined ? '' : `，${statusWords(newest).zh}`}：${words.zh}${retroactive ? '。事件早于签发日 7 天以上，追溯生效' : ''}。`,
      en: `Service ${service.id} is added${newest === undefined ? '' : `, ${statusWords(newest).en}`}: ${words.en}${retroactive ? '. It reaches back more than 7 days before issue' : ''}.`,
    },
    { after: service, trust: scope.map((each): TrustChange => ({ direction: gives ? 'gains' : 'loses', serviceId: service.id, scope: each, ...(newest !== undefined && { from: newest.since }) })) },
  );
  for (const anchor of service.anchors) anchorChange(log, subject, anchor, 'ANCHOR_ADDED', context.sha256);
  revocationChanges(log, subject, undefined, service.revocation);
  log.members({}, Object.fromEntries(Object.entries(service).filter(([name]) => !Object.hasOwn(SERVICE_MEMBERS, name))), subject, {});
}

export function serviceRemoved(log: ChangeLog, service: ServiceDocument, buried: { readonly reason?: string } | undefined): void {
  const scope = service.scope ?? [];
  const words = scopesWords(scope);
  log.add(
    buried === undefined ? 'SERVICE_DROPPED' : 'SERVICE_REMOVED', buried === undefined ? 'dangerous' : 'narrows', serviceSubject(service), 'services',
    buried === undefined
      ? { zh: `服务 ${service.id} 消失且没有注销记录：读者会拒绝这份名单。`, en: `Service ${service.id} is gone without a tombstone: readers will refuse the list.` }
      : { zh: `注销服务 ${service.id}“${service.name.zh}”（${buried.reason ?? '未写理由'}），不再适用于：${words.zh}。`, en: `Service ${service.id} is retired (${buried.reason ?? 'no reason given'}) and no longer recognised for: ${words.en}.` },
    { before: service, trust: scope.map((each): TrustChange => ({ direction: 'loses', serviceId: service.id, scope: each })) },
  );
}

export function serviceChanged(log: ChangeLog, before: ServiceDocument, after: ServiceDocument, context: ServiceDiffContext): void {
  const subject = serviceSubject(after);
  const simple = (code: Change['code'], severity: ChangeSeverity, zh: string, en: string) => (member: string): void =>
    log.add(code, severity, subject, member, { zh: `${after.id}：${zh}。`, en: `${after.id}: ${en}.` }, { before: memberOf(before, member), after: memberOf(after, member) });
  log.members(before, after, subject, {
    status: () => statusChanges(log, subject, before, after, context),
    scope: () => scopeChanges(log, subject, before, after),
    anchors: () => {
      const { added, removed } = setChanges(before.anchors, after.anchors);
      for (const anchor of added) anchorChange(log, subject, anchor, 'ANCHOR_ADDED', context.sha256);
      for (const anchor of removed) anchorChange(log, subject, anchor, 'ANCHOR_REMOVED', context.sha256);
    },
    intermediates: () => {
      const { added, removed } = setChanges(before.intermediates ?? [], after.intermediates ?? []);
      for (const text of added) log.add('INTERMEDIATE_ADDED', 'neutral', subject, 'intermediates', certificateSentence('新增中间证书', 'Intermediate added', text, context.sha256));
      for (const text of removed) log.add('INTERMEDIATE_REMOVED', 'neutral', subject, 'intermediates', certificateSentence('移除中间证书', 'Intermediate removed', text, context.sha256));
    },
    constraints: () => constraintChanges(log, subject, before.constraints ?? {}, after.constraints ?? {}),
    revocation: () => revocationChanges(log, subject, before.revocation, after.revocation),
    kind: simple('SERVICE_KIND_CHANGED', 'dangerous', `类型由 ${before.kind} 改为 ${after.kind}`, `its kind changes from ${before.kind} to ${after.kind}`),
    name: simple('SERVICE_DESCRIBED', 'neutral', `名称改为“${after.name.zh}”`, `its name changes to “${after.name.en ?? after.name.zh}”`),
    operator: simple('SERVICE_DESCRIBED', 'neutral', '运营机构信息有变化', 'what is said of its operator changes'),
    certKinds: simple('CERT_KINDS_CHANGED', 'dangerous', '区分签名与加密证书的规则有变化', 'the rules that tell signing and encryption certificates apart change'),
    identity: simple('IDENTITY_CHANGED', 'dangerous', `身份映射由 ${before.identity ?? '无'} 改为 ${after.identity ?? '无'}`, `its identity profile changes from ${before.identity ?? 'none'} to ${after.identity ?? 'none'}`),
    messageVariants: simple('MESSAGE_VARIANTS_CHANGED', 'dangerous', '接受的报文形式有变化', 'the message variants accepted change'),
    crit: () => critChange(log, subject, after.id, before.crit ?? [], after.crit ?? []),
  });
}

export function critChange(log: ChangeLog, subject: Subject, id: string, before: readonly string[], after: readonly string[]): void {
  const { added, removed } = setChanges(before, after);
  const severity = removed.length > 0 ? 'dangerous' : 'narrows';
  log.add('CRIT_CHANGED', severity, subject, 'crit', {
    zh: `${id}：必须理解的成员${added.length > 0 ? `增加 ${added.join('、')}` : ''}${removed.length > 0 ? `减少 ${removed.join('、')}，旧版读者可能忽略这些限制` : ''}。`,
    en: `${id}: members a reader must understand ${added.length > 0 ? `gain ${added.join(', ')}` : ''}${removed.length > 0 ? ` lose ${removed.join(', ')}; older readers may ignore those limits` : ''}.`,
  }, { before, after });
}

/** R5: the old history is the tail of the new one. Whatever is not is a rewriting, whichever way it turns. */
function statusChanges(log: ChangeLog, subject: Subject, before: ServiceDocument, after: ServiceDocument, context: ServiceDiffContext): void {
  const added = after.status.slice(0, Math.max(0, after.status.length - before.status.length));
  const kept = after.status.slice(added.length);
  const rewritten = kept.length !== before.status.length || kept.some((event, index) => eventKey(event) !== eventKey(before.status[index]!)) || added.some((event) => event.recorded <= context.sequence);
  if (rewritten) {
    log.add('HISTORY_REWRITTEN', 'dangerous', subject, 'status', { zh: `${after.id}：改写了已公布的状态历史，读者会拒绝这份名单。`, en: `${after.id}: published history is rewritten; readers will refuse the list.` }, { before: before.status, after: after.status });
  }
  for (const event of rewritten ? [] : [...added].reverse()) {
    const gives = event.status === 'granted';
    const retroactive = isBackdated(event, context.issued);
    const words = statusWords(event);
    const scope: readonly ScopeDocument[] = (gives ? after.scope : before.scope) ?? [];
    const affected = scopesWords(scope);
    log.add(
      'STATUS_ADDED', retroactive ? 'dangerous' : gives ? 'widens' : 'narrows', subject, 'status',
      {
        zh: `${after.id}“${after.name.zh}”${words.zh}；涉及：${affected.zh}${retroactive ? '。早于签发日 7 天以上，追溯生效' : ''}。`,
        en: `${after.id} is ${words.en}; for: ${affected.en}${retroactive ? '. It reaches back more than 7 days before issue' : ''}.`,
      },
      { after: event, trust: scope.map((each): TrustChange => ({ direction: gives ? 'gains' : 'loses', serviceId: after.id, scope: each, from: event.compromisedSince ?? event.since })) },
    );
  }
}

/** Instants by value: `T00:00Z` and `T00:00:00Z` are one. */
function eventKey(event: StatusDocument): string {
  return canonical({ ...event, since: parseInstant(event.since), ...(event.compromisedSince !== undefined && { compromisedSince: parseInstant(event.compromisedSince) }) });
}

function scopeChanges(log: ChangeLog, subject: Subject, before: ServiceDocument, after: ServiceDocument): void {
  const [old, now] = [before.scope ?? [], after.scope ?? []];
  const [gained, lost] = [scopeBeyond(now, old), scopeBeyond(old, now)];
  const known = new Set(['regions', 'transactions', 'roles', 'purposes', 'from', 'until']);
  // A member nobody here knows may restrict or lift anything: no words for it, the caller reports it as such.
  const unknown = [...old, ...now].some((scope) => Object.keys(scope).some((name) => !known.has(name)));
  if (gained === undefined || lost === undefined || unknown) {
    log.add('SCOPE_CHANGED', 'dangerous', subject, 'scope', { zh: `${after.id}：适用范围有变化，无法逐项列出，请直接比对 JSON。`, en: `${after.id}: its scope changes in a way that cannot be listed: compare the JSON itself.` }, { before: old, after: now });
    return;
  }
  const trust = (direction: TrustChange['direction'], scope: ScopeDocument): readonly TrustChange[] => [{ direction, serviceId: after.id, scope, ...(typeof scope.from === 'string' && { from: scope.from }) }];
  for (const scope of gained) {
    const words = scopesWords([scope]);
    log.add('SCOPE_GAINED', 'widens', subject, 'scope', { zh: `${after.id}“${after.name.zh}”新获认可：${words.zh}。`, en: `${after.id} is newly recognised for: ${words.en}.` }, { after: scope, trust: trust('gains', scope) });
  }
  for (const scope of lost) {
    const words = scopesWords([scope]);
    log.add('SCOPE_LOST', 'narrows', subject, 'scope', { zh: `${after.id}“${after.name.zh}”不再认可：${words.zh}。`, en: `${after.id} is no longer recognised for: ${words.en}.` }, { before: scope, trust: trust('loses', scope) });
  }
  if (gained.length + lost.length === 0) log.add('SCOPE_CHANGED', 'neutral', subject, 'scope', { zh: `${after.id}：适用范围改了写法，含义不变。`, en: `${after.id}: its scope is written otherwise and means the same.` });
}

function anchorChange(log: ChangeLog, subject: Subject, anchor: AnchorDocument, code: 'ANCHOR_ADDED' | 'ANCHOR_REMOVED', sha256: DigestAlgorithm): void {
  const [zh, en] = code === 'ANCHOR_ADDED' ? [`${subject.id} 新增信任锚`, `${subject.id} gains the anchor`] : [`${subject.id} 移除信任锚`, `${subject.id} loses the anchor`];
  const by = anchor.sha256 === undefined ? `SPKI SHA-256 ${anchor.spkiSha256 ?? '?'}` : `SHA-256 ${anchor.sha256}`;
  const sentence = anchor.x5c === undefined ? { zh: `${zh}：${by}（${anchor.mode}）。`, en: `${en}: ${by} (${anchor.mode}).` } : certificateSentence(zh, en, anchor.x5c[0], sha256, anchor.mode);
  log.add(code, code === 'ANCHOR_ADDED' ? 'widens' : 'narrows', subject, 'anchors', sentence, code === 'ANCHOR_ADDED' ? { after: anchor } : { before: anchor });
}

function certificateSentence(zh: string, en: string, text: string, sha256: DigestAlgorithm, mode?: string): Bilingual {
  const der = decodeBase64(text);
  const tail = mode === undefined ? '' : `, ${mode}`;
  try {
    if (der === undefined) throw new PkiError('STRUCTURE_INVALID', 'not base64');
    const certificate = parseCertificate(der);
    const until = new Date(certificate.validity.notAfter).toISOString().slice(0, 10);
    const what = `${formatName(certificate.subject)}, SHA-256 ${hexOf(sha256.digest(der))}, notAfter ${until}${tail}`;
    return { zh: `${zh}：${what}。`, en: `${en}: ${what}.` };
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return { zh: `${zh}：无法读取的证书${tail}。`, en: `${en}: an unreadable certificate${tail}.` };
  }
}

/** What more of a constraint lets through: `more`: a higher value; `fewer`: a lower value; `allow`: absent is all; `deny`: absent is none. */
const CONSTRAINTS: Readonly<Record<keyof ConstraintsDocument, 'more' | 'fewer' | 'allow' | 'deny' | 'later' | 'earlier'>> = {
  policyOids: 'allow', permittedDN: 'allow', sigAlgs: 'allow', excludedDN: 'deny', requireExt: 'deny', pathLen: 'more', maxValidityDays: 'more', minRsaBits: 'fewer', issuedFrom: 'earlier', issuedUntil: 'later',
};

function constraintChanges(log: ChangeLog, subject: Subject, before: ConstraintsDocument, after: ConstraintsDocument): void {
  const handler = (name: keyof ConstraintsDocument) => (member: string): void => {
    const [old, now] = [before[name] ?? undefined, after[name] ?? undefined];
    const widens = constraintWidens(CONSTRAINTS[name], old, now);
    log.add('CONSTRAINT_CHANGED', widens ? 'widens' : 'narrows', subject, member, {
      zh: `${subject.id}：限制 ${name} ${widens ? '放宽' : '收紧'}：${shown(old, '无')} → ${shown(now, '无')}。`,
      en: `${subject.id}: constraint ${name} is ${widens ? 'loosened' : 'tightened'}: ${shown(old, 'none')} → ${shown(now, 'none')}.`,
    }, { before: old, after: now });
  };
  log.members(before, after, subject, Object.fromEntries((Object.keys(CONSTRAINTS) as (keyof ConstraintsDocument)[]).map((name) => [name, handler(name)])), 'constraints.');
}

function constraintWidens(kind: (typeof CONSTRAINTS)[keyof ConstraintsDocument], old: unknown, now: unknown): boolean {
  const number = (value: unknown, absent: number): number => (value === undefined ? absent : typeof value === 'string' ? parseInstant(value) : (value as number));
  switch (kind) {
    case 'allow':
      return now === undefined || (old !== undefined && setChanges(old as readonly unknown[], now as readonly unknown[]).added.length > 0);
    case 'deny':
      return setChanges((old ?? []) as readonly unknown[], (now ?? []) as readonly unknown[]).removed.length > 0;
    case 'more':
    case 'later':
      return number(now, Infinity) > number(old, Infinity);
    case 'fewer':
    case 'earlier':
      return number(now, -Infinity) < number(old, -Infinity);
  }
}

function shown(value: unknown, absent: string): string {
  return value === undefined ? absent : typeof value === 'string' ? value : canonical(value);
}

function revocationChanges(log: ChangeLog, subject: Subject, before: RevocationDocument | undefined, after: RevocationDocument | undefined): void {
  const [old, now] = [before ?? { mode: 'crl-only' as const }, after ?? { mode: 'crl-only' as const }];
  const weaker = (mode: RevocationDocument['mode']): boolean => mode === 'none-with-reason';
  log.members(old, now, subject, {
    mode: (member) =>
      log.add('REVOCATION_MODE_CHANGED', weaker(now.mode) ? 'dangerous' : 'neutral', subject, member, {
        zh: `${subject.id}：吊销检查方式由 ${old.mode} 改为 ${now.mode}${weaker(now.mode) ? '，即不再检查吊销' : ''}。`,
        en: `${subject.id}: revocation is checked by ${now.mode} instead of ${old.mode}${weaker(now.mode) ? ': it is not checked any more' : ''}.`,
      }, { before: old.mode, after: now.mode }),
    reason: (member) => log.add('REVOCATION_MODE_CHANGED', 'neutral', subject, member, { zh: `${subject.id}：不检查吊销的理由有变化。`, en: `${subject.id}: the reason for not checking revocation changes.` }, { before: old.reason, after: now.reason }),
    overrideCertificateUrls: (member) =>
      log.add('REVOCATION_MODE_CHANGED', (now.overrideCertificateUrls ?? false) === (old.overrideCertificateUrls ?? false) || before === undefined ? 'neutral' : 'dangerous', subject, member, {
        zh: `${subject.id}：${now.overrideCertificateUrls === true ? '只向名单中的地址查询吊销，忽略证书中的地址' : '也使用证书中的吊销地址'}。`,
        en: `${subject.id}: ${now.overrideCertificateUrls === true ? 'only the addresses listed are asked, those in certificates are ignored' : 'addresses in certificates are asked too'}.`,
      }),
    crl: () => endpointChanges(log, subject, 'crl', old.crl ?? [], now.crl ?? []),
    ocsp: () => endpointChanges(log, subject, 'ocsp', old.ocsp ?? [], now.ocsp ?? []),
  }, 'revocation.');
}

type Endpoint = { readonly url: string; readonly maxAge?: string; readonly nonce?: string; readonly responders?: readonly string[]; readonly skew?: string };

function endpointChanges(log: ChangeLog, subject: Subject, kind: 'crl' | 'ocsp', before: readonly Endpoint[], after: readonly Endpoint[]): void {
  const member = `revocation.${kind}`;
  const name = kind.toUpperCase();
  const [trustedOf, setOf] = [(endpoint: Endpoint | undefined) => endpoint?.responders ?? [], (endpoint: Endpoint) => ({ after: endpoint })];
  for (const { key, before: old, after: now } of pair(before, after, ({ url }) => url)) {
    // A responder the list names is believed though the CA did not appoint it.
    const newResponders = setChanges(trustedOf(old), trustedOf(now)).added.length > 0;
    if (old === undefined) log.add('ENDPOINT_ADDED', newResponders ? 'dangerous' : 'neutral', subject, member, { zh: `${subject.id}：新增 ${name} 地址 ${key}${newResponders ? '，并信任名单指定的应答者' : ''}。`, en: `${subject.id}: ${name} address ${key} is added${newResponders ? ', with responders the list itself trusts' : ''}.` }, setOf(now!));
    else if (now === undefined) log.add('ENDPOINT_REMOVED', after.length === 0 ? 'dangerous' : 'neutral', subject, member, { zh: `${subject.id}：移除 ${name} 地址 ${key}${after.length === 0 ? '，再无此类地址' : ''}。`, en: `${subject.id}: ${name} address ${key} is removed${after.length === 0 ? ', and none is left' : ''}.` }, { before: old });
    else if (canonical(old) !== canonical(now)) {
      const laxer = newResponders || (old.nonce === 'required' && now.nonce !== 'required') || duration(now.maxAge, Infinity) > duration(old.maxAge, Infinity) || duration(now.skew, 0) > duration(old.skew, 0);
      log.add('ENDPOINT_CHANGED', laxer ? 'dangerous' : 'neutral', subject, member, { zh: `${subject.id}：${name} 地址 ${key} 的参数有变化${laxer ? '，要求放宽' : ''}。`, en: `${subject.id}: the terms of ${name} address ${key} change${laxer ? ' and ask for less' : ''}.` }, { before: old, after: now });
    }
  }
}

function duration(text: string | undefined, absent: number): number {
  return text === undefined ? absent : parseDuration(text);
}

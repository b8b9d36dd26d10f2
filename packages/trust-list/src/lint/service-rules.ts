import { DerReader, nameKey, parseCertificate, readName } from '@hefu/pki';
import { decodeBase64 } from '../base64.js';
import { scopeBeyond } from '../diff/scope.js';
import { isLdap } from '../edit/propose-service.js';
import type { ScopeDocument, ServiceDocument } from '../list-document.js';
import type { IdentityFieldName, IdentityProfile } from '../model.js';
import { readable } from '../readable.js';
import { jurisdiction, regionWithin } from '../region.js';
import { regionsMeet } from '../region-cover.js';
import { hexOf } from '../sha256.js';
import { parseInstant } from '../time.js';
import type { LintRule, LintSubject } from './model.js';

/** Services whose certificates can be revoked, and where. */
function* withRevocation({ list }: LintSubject): Iterable<{ index: number; service: ServiceDocument; urls: readonly string[] }> {
  for (const [index, service] of list!.services.entries()) {
    if (service.kind !== 'ca' || service.revocation?.mode === 'none-with-reason') continue;
    const { crl = [], ocsp = [] } = service.revocation ?? {};
    yield { index, service, urls: [...crl, ...ocsp].flatMap(({ url, mirrors = [] }) => [url, ...mirrors]) };
  }
}

export const REVOCATION_RULES: readonly LintRule[] = [
  {
    id: 'L050', source: 'RFC 5280 §4.2.1.13; trust-list design §5.7', target: 'list', prerequisite: 'the service is a CA whose revocation is checked', level: 'recommended',
    predicate: { zh: '名单给出吊销信息的地址', en: 'The list says where revocation is asked' },
    check: (subject, found) => {
      for (const { index, service, urls } of withRevocation(subject)) {
        if (urls.length > 0) continue;
        const only = service.revocation?.overrideCertificateUrls === true;
        found({ path: `services[${index}].revocation`, subject: service.id }, `${service.id}：没有吊销地址${only ? '，且忽略证书中的地址：任何签名都无法确认未被吊销' : '，只能依靠证书中的地址'}`, `${service.id}: no revocation address${only ? ', and those in certificates are ignored: no signature can be found unrevoked' : '; only those in certificates are left'}`);
      }
    },
  },
  {
    id: 'L051', source: 'trust-list design §5.7', target: 'list', prerequisite: 'the service has revocation addresses', level: 'recommended',
    predicate: { zh: '吊销地址不只有 LDAP', en: 'Revocation is not to be had over LDAP only' },
    check: (subject, found) => {
      for (const { index, service, urls } of withRevocation(subject)) if (urls.length > 0 && urls.every(isLdap)) found({ path: `services[${index}].revocation.crl`, subject: service.id }, `${service.id}：吊销地址只有 LDAP`, `${service.id}: its only revocation addresses are LDAP`);
    },
  },
  {
    id: 'L052', source: 'RFC 5280 §6.3.3', target: 'list', prerequisite: 'a probe read the CRL, and all anchors of the service carry certificates', level: 'mandatory', applies: ({ probes }) => probes?.some(({ crlIssuer }) => crlIssuer !== undefined) === true,
    predicate: { zh: 'CRL 的签发者在名单中', en: 'The issuer of a CRL is listed' },
    check: (subject, found) => {
      const probes = new Map((subject.probes ?? []).map((probe) => [probe.url, probe]));
      for (const [index, service] of subject.list!.services.entries()) {
        if (service.anchors.some(({ x5c }) => x5c === undefined)) continue;
        const names = new Set(subject.certificates.filter((each) => each.service.id === service.id || each.service.kind === 'crl-issuer').map(({ certificate }) => nameKey(certificate.subject)));
        for (const [at, { url }] of (service.revocation?.crl ?? []).entries()) {
          const issuer = probes.get(url)?.crlIssuer;
          const name = issuer === undefined ? undefined : readable(() => nameKey(readName(new DerReader(issuer))));
          if (issuer === undefined || (name !== undefined && names.has(name))) continue;
          found({ path: `services[${index}].revocation.crl[${at}]`, subject: service.id, actual: url }, `${service.id}：${url} 的 CRL 由名单之外者签发`, `${service.id}: the CRL at ${url} is issued by nobody listed`);
        }
      }
    },
  },
  {
    id: 'L053', source: 'trust-list design §5.7', target: 'list', prerequisite: 'results of a probe are given', level: 'recommended', applies: ({ probes }) => probes !== undefined,
    predicate: { zh: '吊销地址有应答', en: 'Revocation addresses answer' },
    check: (subject, found) => {
      const probes = new Map((subject.probes ?? []).map((probe) => [probe.url, probe]));
      for (const { index, service, urls } of withRevocation(subject)) {
        for (const url of urls) {
          const probe = probes.get(url);
          if (probe?.answered === false) found({ path: `services[${index}].revocation`, subject: service.id, actual: url }, `${service.id}：${url} 无应答${probe.detail === undefined ? '' : `（${probe.detail}）`}`, `${service.id}: ${url} does not answer${probe.detail === undefined ? '' : ` (${probe.detail})`}`);
        }
      }
    },
  },
];

interface TestedSample {
  readonly path: string;
  readonly profile: IdentityProfile;
  readonly certSha256: string;
  readonly der: Uint8Array | undefined;
  readonly expect: Readonly<Partial<Record<IdentityFieldName, string>>>;
}

function* samplesOf({ list, content, sha256, sampleCertificates = [] }: LintSubject): Iterable<TestedSample> {
  const held = new Map(sampleCertificates.map((der) => [hexOf(sha256.digest(der)), der]));
  for (const [index, { id, samples = [] }] of (list!.identityProfiles ?? []).entries()) {
    for (const [at, { certSha256, x5c, expect }] of samples.entries()) {
      yield { path: `identityProfiles[${index}].samples[${at}]`, profile: content!.identityProfiles.get(id)!, certSha256, der: x5c === undefined ? held.get(certSha256) : decodeBase64(x5c[0]), expect };
    }
  }
}

function used({ list }: LintSubject): ReadonlySet<string> {
  return new Set(list!.services.flatMap(({ identity }) => identity ?? []));
}

export const PROFILE_RULES: readonly LintRule[] = [
  {
    id: 'L060', source: 'GM/T 0015: signing and encryption certificates are a pair', target: 'list', prerequisite: 'the service states kinds of certificate', level: 'mandatory',
    predicate: { zh: '可用于签名或签章的服务不只识别加密证书', en: 'A service recognised for signing or seals knows more than encryption certificates' },
    check: ({ list }, found) => {
      for (const [index, { id, certKinds = [], scope = [] }] of list!.services.entries()) {
        const signs = scope.some(({ purposes }) => !purposes || purposes.includes('sign') || purposes.includes('seal'));
        if (certKinds.length > 0 && certKinds.every(({ kind }) => kind === 'encrypt') && signs) found({ path: `services[${index}].certKinds`, subject: id }, `${id}：只识别加密证书，却可用于签名`, `${id}: it knows encryption certificates only and is recognised for signing`);
      }
    },
  },
  {
    id: 'L061', source: 'trust-list design §5.6', target: 'list', prerequisite: 'a service uses the profile', level: 'mandatory',
    predicate: { zh: '使用中的身份映射有样本证书', en: 'An identity profile in use has samples' },
    check: (subject, found) => {
      const inUse = used(subject);
      for (const [index, { id, samples = [] }] of (subject.list!.identityProfiles ?? []).entries()) if (inUse.has(id) && samples.length === 0) found({ path: `identityProfiles[${index}]`, subject: id }, `身份映射 ${id} 没有样本`, `Identity profile ${id} has no sample`);
    },
  },
  {
    id: 'L062', source: 'trust-list design §5.6', target: 'list', prerequisite: 'an extractor is given, and the certificate is in the list or at hand', level: 'mandatory', applies: ({ extract }) => extract !== undefined,
    predicate: { zh: '身份映射从每个样本中得到所写的值', en: 'A profile finds in every sample what the sample states' },
    check: (subject, found) => {
      for (const { path, profile, der, expect } of samplesOf(subject)) {
        if (der === undefined) continue;
        const result = subject.extract!(profile, der);
        const wrong = (Object.keys(expect) as IdentityFieldName[]).filter((field) => result[field] !== expect[field]);
        if (wrong.length > 0) found({ path, subject: profile.id, expected: wrong.map((field) => `${field} ${expect[field]}`).join(', '), actual: wrong.map((field) => `${field} ${result[field] ?? 'none'}`).join(', ') }, `身份映射 ${profile.id} 与样本不符：${wrong.join('、')}`, `Identity profile ${profile.id} does not find what its sample states: ${wrong.join(', ')}`);
      }
    },
  },
  {
    id: 'L063', source: 'trust-list design §5.6', target: 'list', prerequisite: 'an extractor is given', level: 'mandatory', applies: ({ extract }) => extract !== undefined,
    predicate: { zh: '使用中的身份映射至少有一个样本可供验证', en: 'At least one sample of a profile in use is at hand to be tested' },
    check: (subject, found) => {
      const inUse = used(subject);
      const tested = new Set([...samplesOf(subject)].flatMap(({ profile, der }) => (der === undefined ? [] : [profile.id])));
      for (const [index, { id, samples = [] }] of (subject.list!.identityProfiles ?? []).entries()) {
        if (inUse.has(id) && samples.length > 0 && !tested.has(id)) found({ path: `identityProfiles[${index}].samples`, subject: id }, `身份映射 ${id} 的样本证书都不在手边，无法验证`, `No sample certificate of identity profile ${id} is at hand`);
      }
    },
  },
  {
    id: 'L064', source: 'GM/T 0015', target: 'list', prerequisite: 'the sample certificate is in the list or at hand', level: 'recommended',
    predicate: { zh: '样本是签名证书', en: 'Samples are signing certificates' },
    check: (subject, found) => {
      for (const { path, profile, der } of samplesOf(subject)) {
        const usage = der === undefined ? undefined : readable(() => parseCertificate(der).extKeyUsage);
        if (usage !== undefined && !usage.has('digitalSignature') && !usage.has('nonRepudiation')) found({ path, subject: profile.id }, `身份映射 ${profile.id} 的样本是加密证书`, `A sample of identity profile ${profile.id} is an encryption certificate`);
      }
    },
  },
  {
    id: 'L065', source: 'trust-list design §5.6', target: 'list', prerequisite: 'the list reads', level: 'permitted',
    predicate: { zh: '每个身份映射都有服务使用', en: 'Every identity profile is used' },
    check: (subject, found) => {
      const inUse = used(subject);
      for (const [index, { id }] of (subject.list!.identityProfiles ?? []).entries()) if (!inUse.has(id)) found({ path: `identityProfiles[${index}]`, subject: id }, `身份映射 ${id} 没有服务使用`, `Identity profile ${id} is used by no service`);
    },
  },
];

export const SCOPE_RULES: readonly LintRule[] = [
  {
    id: 'L070', source: 'trust-list design §5.3', target: 'list', prerequisite: 'the list reads', level: 'recommended',
    predicate: { zh: '服务有适用范围', en: 'A service is recognised for something' },
    check: ({ list }, found) => {
      for (const [index, { id, scope = [] }] of list!.services.entries()) if (scope.length === 0) found({ path: `services[${index}].scope`, subject: id }, `${id}：没有适用范围，不会用于任何交易`, `${id}: it has no scope and is recognised for nothing`);
    },
  },
  {
    id: 'L071', source: 'trust-list design §5.7', target: 'list', prerequisite: 'the list reads', level: 'permitted',
    predicate: { zh: '同一服务的适用范围互不重叠', en: 'Scopes of a service do not overlap' },
    check: ({ list }, found) => {
      for (const [index, { id, scope = [] }] of list!.services.entries()) {
        scope.forEach((one, at) => {
          const other = scope.slice(0, at).findIndex((each) => overlap(each, one));
          if (other < 0) return;
          const redundant = scopeBeyond([one], [scope[other]!])?.length === 0;
          found({ path: `services[${index}].scope[${at}]`, subject: id }, `${id}：第 ${at + 1} 项适用范围与第 ${other + 1} 项${redundant ? '重复' : '重叠'}`, `${id}: scope ${at + 1} ${redundant ? 'adds nothing to' : 'overlaps'} scope ${other + 1}`);
        });
      }
    },
  },
  {
    id: 'L072', source: 'trust-list design §5.1 P5', target: 'list', prerequisite: 'the list reads', level: 'mandatory',
    predicate: { zh: '适用范围不超出名单的管辖地区和上级授权', en: 'No scope is wider than the list’s territory or what its parent delegates' },
    check: ({ list, parent }, found) => {
      const delegated = parent?.delegation;
      for (const [index, { id, kind, scope = [] }] of list!.services.entries()) {
        if (delegated?.kinds !== undefined && delegated.mode === 'may-grant' && !delegated.kinds.includes(kind)) found({ path: `services[${index}].kind`, subject: id, expected: delegated.kinds.join(', '), actual: kind }, `${id}：上级未授权认可 ${kind} 类服务`, `${id}: the parent delegates no services of kind ${kind}`);
        for (const [at, { regions, purposes }] of scope.entries()) {
          const path = `services[${index}].scope[${at}]`;
          const outside = regions.filter((region) => !regionWithin(region, list!.territory) || (delegated !== undefined && !regionWithin(region, delegated.regions)));
          if (outside.length > 0) found({ path: `${path}.regions`, subject: id, expected: (delegated?.regions ?? list!.territory).join(', '), actual: outside.join(', ') }, `${id}：地区 ${outside.join('、')} 超出管辖`, `${id}: regions ${outside.join(', ')} lie outside what this list has a say over`);
          const beyond = delegated?.purposes === undefined ? [] : (purposes ?? ['auth', 'sign', 'seal', 'encrypt']).filter((purpose) => !delegated.purposes!.includes(purpose as never));
          if (beyond.length > 0) found({ path: `${path}.purposes`, subject: id, expected: delegated!.purposes!.join(', '), actual: beyond.join(', ') }, `${id}：用途 ${beyond.join('、')} 超出授权`, `${id}: purposes ${beyond.join(', ')} are not delegated`);
        }
      }
    },
  },
  {
    id: 'L073', source: 'trust-list design §5.1 P5', target: 'list', prerequisite: 'the parent list is given', level: 'mandatory', applies: ({ parent }) => parent !== undefined,
    predicate: { zh: '管辖地区不超出上级授权', en: 'The territory lies within what the parent delegates' },
    check: ({ list, parent }, found) => {
      const outside = list!.territory.filter((region) => !regionWithin(jurisdiction(region), parent!.delegation.regions));
      if (outside.length > 0) found({ path: 'territory', expected: parent!.delegation.regions.join(', '), actual: outside.join(', ') }, `管辖地区 ${outside.join('、')} 超出上级授权`, `Territory ${outside.join(', ')} is wider than the parent delegates`);
    },
  },
];

function overlap(a: ScopeDocument, b: ScopeDocument): boolean {
  const share = (x: readonly string[] | null | undefined, y: readonly string[] | null | undefined): boolean => !x || !y || x.some((each) => y.includes(each));
  const time = (text: string | null | undefined, absent: number): number => (text ? parseInstant(text) : absent);
  return (
    a.regions.some((one) => b.regions.some((other) => regionsMeet(one, other))) &&
    share(a.transactions, b.transactions) && share(a.roles, b.roles) && share(a.purposes, b.purposes) &&
    time(a.from, -Infinity) < time(b.until, Infinity) && time(b.from, -Infinity) < time(a.until, Infinity)
  );
}

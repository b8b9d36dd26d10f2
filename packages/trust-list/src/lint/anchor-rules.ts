import { nameKey, type Certificate } from '@hefu/pki';
import { readable } from '../readable.js';
import { hexOf } from '../sha256.js';
import { formatInstant, parseInstant } from '../time.js';
import { inForceStatus } from './in-force.js';
import type { Found, LintRule, LintSubject, PlacedCertificate } from './model.js';

const DAY = 86_400_000;
/** Signature algorithms over MD2, MD5 and SHA-1 (RFC 8017 App. A.2.4, RFC 3279). */
const WEAK_SIGNATURES: ReadonlySet<string> = new Set([
  '1.2.840.113549.1.1.2', '1.2.840.113549.1.1.3', '1.2.840.113549.1.1.4', '1.2.840.113549.1.1.5', '1.2.840.10040.4.3', '1.2.840.10045.4.1', '1.3.14.3.2.29',
]);

const issuers = ({ certificates }: LintSubject): readonly PlacedCertificate[] => certificates.filter(({ service, use }) => service.kind === 'ca' || use === 'intermediate');

/** Each certificate that fails, with one sentence. */
function each(placed: readonly PlacedCertificate[], found: Found, fails: (certificate: Certificate, placed: PlacedCertificate) => readonly [zh: string, en: string] | undefined): void {
  for (const one of placed) {
    const [zh, en] = fails(one.certificate, one) ?? [];
    if (zh !== undefined && en !== undefined) found({ path: one.path, subject: one.service.id }, `${one.service.id}：${zh}`, `${one.service.id}: ${en}`);
  }
}

export const ANCHOR_RULES: readonly LintRule[] = [
  {
    id: 'L030', source: 'TS 119 612 §5.5.3; tlmanager: one key, one service', target: 'list', prerequisite: 'the list reads', level: 'mandatory',
    predicate: { zh: '同一密钥不在多个服务中处于相互矛盾的状态', en: 'No key stands in several services with statuses that contradict each other' },
    check: (subject, found) => {
      for (const { spki, placed } of sharedKeys(subject)) {
        const states = new Map(placed.map(({ service }) => [service.id, inForceStatus(service.status, subject.at)]));
        if (new Set(states.values()).size > 1) found({ path: placed[0]!.path, subject: [...states.keys()].join(', '), actual: [...states].map(([id, status]) => `${id} ${status}`).join(', ') }, `密钥 ${spki} 在不同服务中状态矛盾：${[...states].map(([id, status]) => `${id} 为 ${status}`).join('，')}`, `Key ${spki} has contradicting statuses: ${[...states].map(([id, status]) => `${id} ${status}`).join(', ')}`);
      }
    },
  },
  {
    id: 'L031', source: 'TS 119 612 §5.5.3', target: 'list', prerequisite: 'the list reads', level: 'recommended',
    predicate: { zh: '同一密钥只在一个服务中作信任锚', en: 'A key anchors one service only' },
    check: (subject, found) => {
      for (const { spki, placed } of sharedKeys(subject)) found({ path: placed[0]!.path, subject: placed.map(({ service }) => service.id).join(', ') }, `密钥 ${spki} 同时是 ${placed.map(({ service }) => service.id).join('、')} 的信任锚`, `Key ${spki} anchors ${placed.map(({ service }) => service.id).join(' and ')} alike`);
    },
  },
  {
    id: 'L040', source: 'RFC 5280 §4.2.1.9', target: 'list', prerequisite: 'the certificate is in the list', level: 'mandatory',
    predicate: { zh: 'CA 的信任锚和中间证书是 CA 证书', en: 'Anchors and intermediates of a CA are CA certificates' },
    check: (subject, found) => each(issuers(subject), found, (certificate, { selfIssued }) => (certificate.version < 3 ? selfIssued : readable(() => certificate.extBasicConstraints?.ca) === true) ? undefined : ['不是 CA 证书', 'the certificate is no CA certificate']),
  },
  {
    id: 'L041', source: 'RFC 5280 §4.2.1.3', target: 'list', prerequisite: 'the certificate has keyUsage', level: 'mandatory',
    predicate: { zh: 'CA 证书的密钥用法含 keyCertSign', en: 'keyUsage of a CA certificate has keyCertSign' },
    check: (subject, found) => each(issuers(subject), found, (certificate) => {
      const usage = readable(() => certificate.extKeyUsage);
      return usage === undefined || usage.has('keyCertSign') ? undefined : ['密钥用法中没有 keyCertSign', 'keyUsage lacks keyCertSign'];
    }),
  },
  {
    id: 'L042', source: 'RFC 5280 §4.2.1.1, §4.2.1.2', target: 'list', prerequisite: 'the certificate is self-issued and has both identifiers', level: 'mandatory',
    predicate: { zh: '自签证书的颁发者密钥标识与主体密钥标识一致', en: 'Authority and subject key identifier of a self-issued certificate agree' },
    check: (subject, found) => each(subject.certificates, found, (certificate, { selfIssued }) => {
      const [aki, ski] = [readable(() => certificate.extAuthorityKeyIdentifier?.keyIdentifier), readable(() => certificate.extSubjectKeyIdentifier)];
      return !selfIssued || aki === undefined || ski === undefined || hexOf(aki) === hexOf(ski) ? undefined : ['自签证书的两个密钥标识不一致', 'the key identifiers of the self-issued certificate differ'];
    }),
  },
  {
    id: 'L043', source: 'TS 119 612 §5.5.3: digital identities of a service are of one key and name', target: 'list', prerequisite: 'two certificates of a service share a key', level: 'mandatory',
    predicate: { zh: '同一服务中同一密钥的证书主体和密钥标识一致', en: 'Certificates of one key in a service state one subject and key identifier' },
    check: (subject, found) => {
      const seen = new Map<string, { readonly name: string; readonly ski: string }>();
      each(subject.certificates, found, (certificate, { service }) => {
        const key = `${service.id} ${hexOf(certificate.spki.bytes)}`;
        const ski = readable(() => certificate.extSubjectKeyIdentifier);
        const now = { name: nameKey(certificate.subject), ski: ski === undefined ? '' : hexOf(ski) };
        const before = seen.get(key);
        seen.set(key, before ?? now);
        return before === undefined || (before.name === now.name && (before.ski === now.ski || before.ski === '' || now.ski === '')) ? undefined : ['同一密钥的证书主体或密钥标识不一致', 'certificates of one key differ in subject or key identifier'];
      });
    },
  },
  {
    id: 'L044', source: 'GB/T 39786; NIST SP 800-57; TS 119 312', target: 'list', prerequisite: 'the certificate is in the list', level: 'mandatory',
    predicate: { zh: '密钥强度足够：RSA 不少于 2048 位，或已知曲线', en: 'Keys are strong: RSA of 2048 bits or more, or a known curve' },
    check: (subject, found) => each(subject.certificates, found, (certificate) => {
      const key = readable(() => certificate.spki.key);
      if (key === undefined) return ['密钥类型不支持或无法读取', 'the key is of no supported kind or cannot be read'];
      if (key.kty !== 'RSA') return undefined;
      const bits = bitsOf(key.n);
      return bits >= 2048 ? undefined : [`RSA 密钥只有 ${bits} 位`, `its RSA key has only ${bits} bits`];
    }),
  },
  {
    id: 'L045', source: 'TS 119 312; GM/T 0015', target: 'list', prerequisite: 'the certificate is not self-issued: nobody checks the signature of those', level: 'recommended',
    predicate: { zh: '证书签名不用 MD5 或 SHA-1', en: 'Certificates are not signed over MD5 or SHA-1' },
    check: (subject, found) => each(subject.certificates.filter(({ selfIssued }) => !selfIssued), found, (certificate) => (WEAK_SIGNATURES.has(certificate.signatureAlgorithm.oid) ? ['证书签名用了 MD5 或 SHA-1', 'the certificate is signed over MD5 or SHA-1'] : undefined)),
  },
  {
    id: 'L046', source: 'trust-list design §5.7', target: 'list', prerequisite: 'the service is granted', level: 'recommended',
    predicate: { zh: '信任锚 90 天内不到期', en: 'No anchor expires within 90 days' },
    check: (subject, found) => each(granted(subject), found, ({ validity }) => (validity.notAfter < subject.at + 90 * DAY ? [`信任锚将于 ${formatInstant(validity.notAfter)} 到期`, `its anchor expires at ${formatInstant(validity.notAfter)}`] : undefined)),
  },
  {
    id: 'L047', source: 'trust-list design §5.7', target: 'list', prerequisite: 'the service is granted', level: 'mandatory',
    predicate: { zh: '信任锚不在名单下次更新之前到期', en: 'No anchor expires before the list’s next update' },
    check: (subject, found) => each(granted(subject), found, ({ validity }) => (validity.notAfter < parseInstant(subject.list!.nextUpdate) ? [`信任锚在名单下次更新前（${formatInstant(validity.notAfter)}）到期`, `its anchor expires at ${formatInstant(validity.notAfter)}, before the next update`] : undefined)),
  },
];

const granted = ({ certificates, at }: LintSubject): readonly PlacedCertificate[] => certificates.filter(({ use, service }) => use === 'anchor' && inForceStatus(service.status, at) === 'granted');

/** Anchor keys that stand in more than one service of one kind, once for each service. */
function sharedKeys({ certificates, sha256 }: LintSubject): readonly { readonly spki: string; readonly placed: readonly PlacedCertificate[] }[] {
  const byKey = new Map<string, Map<string, PlacedCertificate>>();
  for (const placed of certificates) {
    if (placed.use !== 'anchor') continue;
    const spki = hexOf(sha256.digest(placed.certificate.spki.bytes));
    const services = byKey.get(`${placed.service.kind} ${spki}`) ?? new Map<string, PlacedCertificate>();
    byKey.set(`${placed.service.kind} ${spki}`, services.set(placed.service.id, placed));
  }
  return [...byKey].filter(([, services]) => services.size > 1).map(([key, services]) => ({ spki: key.split(' ')[1]!.slice(0, 16), placed: [...services.values()] }));
}

function bitsOf(n: Uint8Array): number {
  const first = n.findIndex((octet) => octet !== 0);
  return first < 0 ? 0 : (n.length - first - 1) * 8 + (32 - Math.clz32(n[first]!));
}

import { DEVIATIONS } from '@hefu/pki';
import type { CertificateExplanation } from '../explain.js';
import { WARNINGS } from '../remedies.js';
import { beijingTime, utcTime } from '../remedies/times.js';
import type { CertificateSummary } from '../report.js';
import { hanging, padEnd, textWidth, visible } from './layout.js';
import type { RenderOptions } from './text.js';

type Text = { readonly zh: string; readonly en: string };

const KINDS: Readonly<Record<CertificateExplanation['kind'], Text>> = {
  sign: { zh: '签名证书', en: 'signing certificate' },
  encrypt: { zh: '加密证书（不能用来签名）', en: 'encryption certificate (cannot sign)' },
  both: { zh: '签名、加密两用证书', en: 'signing and encryption certificate' },
  neither: { zh: '既不签名也不加密', en: 'neither signing nor encryption' },
  unstated: { zh: '未说明用途', en: 'use not stated' },
};

/** A certificate explained as text for people. The same explanation gives the same text. */
export function renderCertificate(explanation: CertificateExplanation, options: Omit<RenderOptions, 'detail'>): string {
  const { lang, width = 80 } = options;
  const lines: string[] = [];
  const indent = lang === 'zh' ? 12 : 14;
  const text = (both: Text): string => both[lang];
  const field = (label: Text, value: string): void => {
    const shown = padEnd(text(label), indent);
    lines.push(...hanging(`${shown}${textWidth(shown) > indent ? ' ' : ''}`, visible(value), width));
  };
  const heading = (label: Text): void => {
    const title = `── ${text(label)} ──`;
    lines.push('', options.colour === true ? `\u001b[1m${title}\u001b[0m` : title);
  };
  const time = (iso: string): string => (lang === 'zh' ? beijingTime(Date.parse(iso)) : utcTime(Date.parse(iso))) ?? iso;
  const { summary, identity } = explanation;

  heading({ zh: '证书', en: 'Certificate' });
  field({ zh: '持有者', en: 'Subject' }, summary.subject);
  field({ zh: '颁发者', en: 'Issuer' }, summary.issuer);
  field({ zh: '序列号', en: 'Serial' }, summary.serialNumber);
  field({ zh: '有效期', en: 'Valid' }, `${time(summary.notBefore)} – ${time(summary.notAfter)}${explanation.validAt.within ? '' : lang === 'zh' ? `（${time(explanation.validAt.at)} 不在有效期内）` : ` (not at ${time(explanation.validAt.at)})`}`);
  field({ zh: '公钥', en: 'Public key' }, summary.publicKey);
  field({ zh: '签名算法', en: 'Signed with' }, summary.signatureAlgorithm);
  field({ zh: '种类', en: 'Kind' }, explanation.isCa ? text({ zh: 'CA 证书', en: 'CA certificate' }) : text(KINDS[explanation.kind]));
  if (explanation.keyUsage !== undefined) field({ zh: '密钥用途', en: 'Key usage' }, explanation.keyUsage.join(', '));
  if (explanation.subjectKeyIdentifier !== undefined) field({ zh: '密钥标识', en: 'Key id' }, explanation.subjectKeyIdentifier);
  if (explanation.authorityKeyIdentifier !== undefined) field({ zh: '颁发者密钥', en: 'Issuer key id' }, explanation.authorityKeyIdentifier);
  for (const url of explanation.crlUrls) field({ zh: '吊销列表', en: 'CRL' }, url);
  field({ zh: '指纹', en: 'SHA-256' }, summary.sha256);

  heading({ zh: '身份', en: 'Identity' });
  if (identity.name !== undefined) field({ zh: '名称', en: 'Name' }, identity.name);
  if (identity.uscc !== undefined) field({ zh: '信用代码', en: 'Credit code' }, identity.uscc);
  for (const { field: name, source, decoder, value } of identity.evidence) field({ zh: `  ${name}`, en: `  ${name}` }, `${value}  [${source}, ${decoder}]`);
  for (const { field: name, values } of identity.conflicts) {
    field({ zh: '  不一致', en: '  conflict' }, `${name}: ${values.map(({ value, source }) => `${value} [${source}]`).join(' ≠ ')}`);
  }
  for (const warning of identity.warnings) field({ zh: '  注意', en: '  note' }, text(WARNINGS[warning].message));
  if (identity.evidence.length === 0) lines.push(lang === 'zh' ? '  未在已知位置找到身份信息' : '  nothing found in the known places');

  heading({ zh: '由谁负责', en: 'Who answers for it' });
  for (const [index, certificate] of explanation.path.entries()) lines.push(...hanging(`  ${' '.repeat(index)}${index === 0 ? '' : '└ '}`, nameOf(certificate), width));
  for (const service of explanation.services) {
    field({ zh: '名单服务', en: 'Service' }, `${service.name[lang]} [${service.id}], ${service.status}, ${service.regions.join(' ')}`);
  }
  if (explanation.services.length === 0) {
    field({ zh: '名单', en: 'Trust list' }, explanation.reason?.message[lang] ?? (lang === 'zh' ? '未提供信任名单' : 'no trust list was given'));
    if (explanation.reason !== undefined) field({ zh: '怎么办', en: 'What to do' }, explanation.reason.remedy[lang]);
  }

  heading({ zh: '与标准的差异', en: 'Where it leaves the standard' });
  if (explanation.deviations.length === 0) lines.push(lang === 'zh' ? '  无' : '  nowhere');
  for (const { id, where } of explanation.deviations) {
    const row = Object.hasOwn(DEVIATIONS, id) ? DEVIATIONS[id as keyof typeof DEVIATIONS] : undefined;
    lines.push(...hanging('  · ', visible(`${row === undefined ? id : row.reason[lang]} [${where}${row === undefined ? '' : `; ${row.clause}`}]`), width));
  }
  return `${lines.slice(1).join('\n')}\n`;
}

function nameOf(certificate: CertificateSummary): string {
  return visible(certificate.subject);
}

import type { ReasonFacts } from './row.js';
import { beijingTime, utcTime } from './times.js';

/**
 * The facts of a reason as words of one language. Those that may be missing are functions: with the fact they give
 * prefix, fact and suffix, without it nothing.
 */
export interface Words {
  /** `签名证书`, `the signer's certificate`. */
  readonly subject: string;
  /** `“湖北CA”`, or `签发该证书的 CA` when no service is known. */
  readonly service: string;
  when(prefix: string, suffix?: string): string;
  expected(prefix: string, suffix?: string): string;
  actual(prefix: string, suffix?: string): string;
  region(prefix: string, suffix?: string): string;
}

/** Facts can come from a certificate; a sentence is not the place for more of it. */
const MAX_FACT = 160;

export function chinese(facts: ReasonFacts): Words {
  return words(facts, subjectZh(facts.subject), facts.service === undefined ? '签发该证书的机构' : `“${facts.service.zh}”`, beijingTime);
}

export function english(facts: ReasonFacts): Words {
  return words(facts, subjectEn(facts.subject), facts.service === undefined ? 'the issuing CA' : `“${facts.service.en}”`, utcTime);
}

function words(facts: ReasonFacts, subject: string, service: string, time: (ms: number) => string | undefined): Words {
  const when = facts.when === undefined ? undefined : time(facts.when);
  return {
    subject,
    service,
    when: (prefix, suffix = '') => around(prefix, when, suffix),
    expected: (prefix, suffix = '') => around(prefix, fact(facts.expected), suffix),
    actual: (prefix, suffix = '') => around(prefix, fact(facts.actual), suffix),
    region: (prefix, suffix = '') => around(prefix, fact(facts.region), suffix),
  };
}

function around(prefix: string, text: string | undefined, suffix: string): string {
  return text === undefined ? '' : prefix + text + suffix;
}

function fact(value: string | number | undefined): string | undefined {
  if (value === undefined || value === '') return undefined;
  const text = String(value).replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ');
  return text.length > MAX_FACT ? `${text.slice(0, MAX_FACT).replace(/[\ud800-\udbff]$/, '')}…` : text;
}

function subjectZh(subject: string | undefined): string {
  const [, kind, index] = /^(certificate|signer)\[(\d+)\]$/.exec(subject ?? '') ?? [];
  if (kind === 'signer') return `第 ${Number(index) + 1} 个签名`;
  if (kind === 'certificate') return Number(index) === 0 ? '签名证书' : `证书链第 ${Number(index) + 1} 级的 CA 证书`;
  return '该证书';
}

function subjectEn(subject: string | undefined): string {
  const [, kind, index] = /^(certificate|signer)\[(\d+)\]$/.exec(subject ?? '') ?? [];
  if (kind === 'signer') return `Signature ${Number(index) + 1}`;
  if (kind === 'certificate') return Number(index) === 0 ? "The signer's certificate" : `The CA certificate at level ${Number(index) + 1} of the path`;
  return 'The certificate';
}

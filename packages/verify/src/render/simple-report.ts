import { NEAREST_MISS_MESSAGES } from '../remedies/nearest-miss.js';
import { beijingTime, utcTime } from '../remedies/times.js';
import { WARNING_MESSAGES } from '../remedies/warnings.js';
import type { Conclusion, Identity, Report, SignerReport } from '../report.js';
import { visible } from './layout.js';
import { CONCLUSIONS, RESPONSIBLE, SCENES, SUMMARY_LABELS, type Lang } from './words.js';

/** What made a report and what it is called by: printed on every page of it. */
export interface ReportStamp {
  /** `Hefu 0.1.0`. */
  readonly tool: string;
  /** SHA-256 of the report's octets (`reportBytes`), lower-case hex. */
  readonly sha256: string;
}

export interface SimpleReport {
  readonly conclusion: Conclusion;
  readonly verdict: string;
  readonly codes: readonly string[];
  /** Label and text. */
  readonly rows: readonly (readonly [string, string])[];
  readonly reasons: readonly { readonly code: string; readonly message: string; readonly remedy: string; readonly responsible: string; readonly note?: string }[];
  readonly notes: readonly string[];
  readonly basis: readonly (readonly [string, string])[];
}

/** The simple report as parts of a page, one screen of them: verdict, who, why not and what to do, what it rests on. Nothing in it can break out of text. */
export function simpleReport(report: Report, lang: Lang): SimpleReport {
  const label = (name: keyof typeof SUMMARY_LABELS): string => SUMMARY_LABELS[name][lang];
  const time = (iso: string): string => (lang === 'zh' ? beijingTime(Date.parse(iso)) : utcTime(Date.parse(iso))) ?? iso;
  const many = report.signers.length > 1;
  const rows: [string, string][] = [];
  for (const [index, signer] of (report.signers.length > 0 ? report.signers : [undefined]).entries()) {
    const which = many ? ` ${index + 1}` : '';
    rows.push([`${label('company')}${which}`, nameOf(signer?.identity ?? (many ? undefined : report.identity)) ?? label('unknown')]);
    const uscc = signer?.identity?.uscc;
    if (uscc !== undefined) rows.push([`${label('uscc')}${which}`, uscc]);
    const recognised = recognisedBy(signer, lang);
    if (recognised !== undefined) rows.push([`${label('recognised')}${which}`, recognised]);
    const best = signer?.bestSignature ?? { time: report.times.bestSignature, source: report.times.sources.bestSignature };
    rows.push([`${label('bestSignature')}${which}`, `${time(best.time)}${lang === 'zh' ? '，' : ', '}${SOURCES[best.source]?.[lang] ?? best.source}`]);
    if (signer?.level !== undefined) rows.push([`${LEVEL[lang]}${which}`, signer.level.proven ?? signer.level.found]);
  }
  const { conclusion, trustList, policy, content } = report;
  return {
    conclusion,
    verdict: CONCLUSIONS[conclusion].word[lang],
    codes: [report.code, report.subIndication].filter((code): code is NonNullable<typeof code> => code !== undefined && code !== 'OK'),
    rows: rows.map(([name, text]) => [name, visible(text)] as const),
    reasons: report.reasons.map(({ code, message, remedy, responsible, nearestMiss }) => ({
      code,
      message: visible(message[lang]),
      remedy: visible(remedy[lang]),
      responsible: RESPONSIBLE[responsible][lang],
      ...(nearestMiss === undefined ? {} : { note: visible(nearestMiss.serviceName?.[lang] ?? NEAREST_MISS_MESSAGES[nearestMiss.code][lang]) }),
    })),
    notes: [
      ...report.signers.flatMap(({ knowledge }) => (knowledge === undefined ? [] : [visible(knowledge.message[lang])])),
      // News for engineers: nearly every regional certificate departs from the standard somewhere.
      ...report.warnings.filter((warning) => warning !== 'CERTIFICATE_DEVIATIONS').map((warning) => (Object.hasOwn(WARNING_MESSAGES, warning) ? WARNING_MESSAGES[warning][lang] : warning)),
    ],
    basis: ([
      [label('scene'), SCENES[report.scene]?.[lang] ?? report.scene],
      [label('region'), report.transaction === undefined ? report.region : `${report.region}${lang === 'zh' ? '，' : ', '}${report.transaction}`],
      [label('validation'), time(report.times.validation)],
      ...(report.trustLists ?? (trustList === undefined ? [] : [trustList])).map(({ id, sequence, sha256 }) => [label('trustList'), `${id} #${sequence}\nSHA-256 ${sha256}`] as [string, string]),
      [label('policy'), `${policy.id}\nSHA-256 ${policy.sha256}`],
      ...Object.entries(content.digests).map(([name, digest]) => [label('digest'), `${name} ${digest}`] as [string, string]),
    ] as [string, string][]).map(([name, text]) => [name, visible(text, { lines: true })] as const),
  };
}

const LEVEL = { zh: '签名级别', en: 'Level' } as const;
const SOURCES: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  'time-stamp': { zh: '由时间戳证明', en: 'proven by a time-stamp' },
  caller: { zh: '由平台记录', en: 'recorded by the platform' },
  'validation time': { zh: '即验证时间', en: 'the time of verification' },
};

function nameOf(identity: Identity | undefined): string | undefined {
  return identity?.name ?? identity?.personName ?? identity?.uscc ?? identity?.orgCode ?? identity?.licenceNo ?? identity?.personId;
}

function recognisedBy(signer: SignerReport | undefined, lang: Lang): string | undefined {
  const decision = signer?.trustDecision;
  if (decision === undefined || signer?.conclusion !== 'passed') return undefined;
  return `${decision.serviceName[lang]}${lang === 'zh' ? '（' : ' ('}${decision.serviceId}${lang === 'zh' ? '）' : ')'}`;
}

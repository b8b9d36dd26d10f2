import type { ProbeAssessment, ProbeFacts } from '@hefu/updater';
import { hanging, padEnd, visible } from '@hefu/verify';
import type { CommandContext } from './command-context.js';
import { say } from './language.js';

/** One line of figures for each address, its findings below. */
export function renderProbes(all: readonly { readonly facts: ProbeFacts; readonly assessment: ProbeAssessment }[], { terminal, lang }: CommandContext): string {
  const t = (zh: string, en: string): string => say(lang, zh, en);
  const word = { passed: t('正常', 'ok'), failed: t('异常', 'FAILED'), indeterminate: t('待定', 'unclear') };
  const lines: string[] = [];
  for (const { facts, assessment } of all) {
    const { kind, url, service, latencyMs, bytes } = facts;
    lines.push(...hanging(`${padEnd(word[assessment.outcome], 8)}${padEnd(kind.toUpperCase(), 5)}`, visible(url), terminal.width));
    const figures = [
      `${latencyMs} ms`,
      ...(bytes === undefined ? [] : [size(bytes)]),
      ...(facts.crl === undefined ? [] : [t(`${facts.crl.entries} 条`, `${facts.crl.entries} entries`)]),
      ...(assessment.margin === undefined ? [] : [t(`距下次更新 ${span(assessment.margin)}`, `${span(assessment.margin)} to nextUpdate`)]),
      ...(service === undefined ? [] : [service]),
    ];
    lines.push(...hanging(' '.repeat(13), visible(figures.join(', ')), terminal.width));
    for (const { message, code, actual, expected, outcome } of assessment.findings) {
      const facing = [actual, ...(expected === undefined ? [] : [t(`应为 ${expected}`, `expected ${expected}`)])].filter((part) => part !== undefined).join(t('，', ', '));
      lines.push(...hanging(`${' '.repeat(11)}${outcome === 'failed' ? '✗' : outcome === 'warning' ? '!' : '?'} `, visible(`${message[lang]}${facing === '' ? '' : `${t('：', ': ')}${facing}`} [${code}]`), terminal.width));
    }
  }
  const count = (outcome: ProbeAssessment['outcome']): number => all.filter(({ assessment }) => assessment.outcome === outcome).length;
  lines.push('', t(`${all.length} 个地址：${count('passed')} 正常，${count('failed')} 异常，${count('indeterminate')} 待定`, `${all.length} addresses: ${count('passed')} ok, ${count('failed')} failed, ${count('indeterminate')} unclear`));
  return lines.join('\n');
}

function size(bytes: number): string {
  return bytes < 10_000 ? `${bytes} B` : bytes < 10_000_000 ? `${Math.round(bytes / 1000)} kB` : `${Math.round(bytes / 1_000_000)} MB`;
}

function span(ms: number): string {
  const hours = Math.trunc(ms / 3_600_000);
  return Math.abs(hours) >= 48 ? `${Math.trunc(hours / 24)} d` : `${hours} h`;
}

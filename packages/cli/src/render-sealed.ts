import { hanging, maskSubjectText, visible, WARNINGS, type PdfReport, type SealReport } from '@hefu/verify';
import type { CommandContext } from './command-context.js';
import { say } from './language.js';

const WORDS = {
  passed: ['✓ 通过', '✓ passed'], failed: ['✗ 不通过', '✗ failed'], indeterminate: ['? 不能认定', '? undecided'],
} as const;

/** A verdict on a PDF or a seal, for a person. Whatever came from the file cannot move the cursor. */
export function renderSealed(report: PdfReport | SealReport, { lang, terminal }: Pick<CommandContext, 'lang' | 'terminal'>): string {
  const lines: string[] = [];
  const t = (zh: string, en: string): string => say(lang, zh, en);
  const word = (conclusion: keyof typeof WORDS): string => t(WORDS[conclusion][0], WORDS[conclusion][1]);
  const field = (label: string, text: string): void => void lines.push(...hanging(`${label}${t('：', ': ')}`, visible(text), terminal.width));
  lines.push(word(report.conclusion), ...(report.code === 'OK' ? [] : [`  ${report.code}`]), '');
  if (report.type === 'hefu-pdf-report') {
    for (const signature of report.signatures) {
      lines.push(...hanging(`${word(signature.conclusion)} `, visible(`${signature.field} (${signature.kind})`), terminal.width));
      const identity = signature.message?.identity;
      const who = [identity?.name ?? identity?.personName, identity?.uscc].filter((part) => part !== undefined).join(' ');
      if (who !== '') field(t('  签名人', '  signer'), who);
      if (signature.timestamp !== undefined) field(t('  时间戳', '  time-stamp'), signature.timestamp.genTime ?? signature.timestamp.outcome);
      if (signature.changes.length > 0) field(t('  之后的变化', '  changed since'), signature.changes.map(({ kind, detail }) => `${kind} ${detail}`).join(', '));
    }
  } else {
    field(t('印章', 'seal'), `${report.seal.name} (V${report.seal.version}, ${report.seal.validStart.slice(0, 10)} - ${report.seal.validEnd.slice(0, 10)})`);
    const [maker] = report.maker.path;
    if (maker !== undefined) field(t('制章者', 'maker'), maskSubjectText(maker.subject));
    const identity = report.signer?.identity;
    if (identity !== undefined) field(t('用章人', 'signer'), [identity.name ?? identity.personName, identity.uscc].filter((part) => part !== undefined).join(' '));
    if (report.signature?.claimedSigningTime !== undefined) field(t('自称的时间', 'claimed time'), report.signature.claimedSigningTime);
  }
  for (const { message, remedy } of report.reasons) {
    lines.push('');
    field(t('原因', 'reason'), message[lang]);
    field(t('处理', 'what to do'), remedy[lang]);
  }
  for (const code of report.warnings) if (code !== 'CERTIFICATE_DEVIATIONS') field(t('提示', 'note'), WARNINGS[code].message[lang]);
  return lines.join('\n');
}

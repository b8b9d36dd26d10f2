import type { Certificate } from '@hefu/pki';
import type { Purpose, Trust, Verdict } from '@hefu/trust-list';
import { createJudgeCaches, DEFAULT_POLICY, indicationOf, judgeCertificate, NO_EVIDENCE, type CertificateVerdict, type JudgeCaches, type Reason } from '@hefu/verify';
import { Option, type Command } from 'commander';
import { instant, regionCode } from '../arguments.js';
import type { CommandContext } from '../command-context.js';
import { say } from '../language.js';
import { algorithms } from './tree.js';

/** Whom a certificate is shown to, and for what. */
export interface CircumstanceOptions {
  readonly region: string;
  readonly transaction?: string;
  readonly purpose?: Purpose;
  readonly signedAt?: string;
}

export function circumstanceOptions(command: Command, { lang }: CommandContext, required: boolean): Command {
  const t = (zh: string, en: string): string => say(lang, zh, en);
  const [flag, text] = ['--region <code>', t('平台所在地的六位行政区划代码', 'six-digit GB/T 2260 code of the platform')];
  return (required ? command.requiredOption(flag, text) : command.option(flag, text))
    .option('--transaction <kind>', t('交易类别', 'kind of transaction'))
    .addOption(new Option('--purpose <purpose>', t('auth、sign、seal 或 encrypt；默认 sign', 'auth, sign, seal or encrypt; default sign')).choices(['auth', 'sign', 'seal', 'encrypt']))
    .option('--signed-at <instant>', t('签名的时间；默认 --at', 'when it signed; default --at'));
}

/**
 * What a list says of a certificate: path, status, scope, identity. Revocation is the CA's to say and not the list's,
 * so reasons of that layer are left out.
 */
export async function judgeByList(certificate: Certificate, candidates: readonly Certificate[], trustList: Trust, circumstances: CircumstanceOptions, at: number, caches: JudgeCaches = createJudgeCaches()): Promise<CertificateVerdict & { readonly verdict: Verdict; readonly reasons: readonly Reason[] }> {
  const { transaction, purpose, signedAt } = circumstances;
  const found = await judgeCertificate({
    certificate, candidateCertificates: candidates, evidence: NO_EVIDENCE, trustList, policy: DEFAULT_POLICY, algorithms, at, caches,
    ...(signedAt !== undefined && { bestSignatureTime: instant('--signed-at', signedAt) }),
    context: { scene: 'bid-signing', region: regionCode(circumstances.region), ...(transaction !== undefined && { transaction }), ...(purpose !== undefined && { purpose }) },
  });
  const reasons = found.reasons.filter(({ layer }) => layer !== 'revocation');
  const [first] = reasons;
  const verdict: Verdict = first === undefined ? { conclusion: 'passed', code: 'OK' } : { conclusion: indicationOf(first.code, { provenAfter: signedAt !== undefined, settled: first.settled === true }).conclusion, code: first.code };
  return { ...found, reasons, verdict };
}

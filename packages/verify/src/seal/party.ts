import { parseCertificate, PkiError, type Certificate } from '@hefu/pki';
import { judgeCertificate } from '../verdicts-in-words.js';
import type { CertificateVerdict } from '../judge-certificate.js';
import { makeReason } from '../remedies.js';
import type { CheckRow, Reason } from '../report.js';
import type { SealQuestion } from './input.js';
import type { SealParty } from './report.js';

export type Role = 'maker' | 'signer';

const TITLE: Readonly<Record<Role, { readonly zh: string; readonly en: string }>> = {
  maker: { zh: '制章者：', en: 'Seal maker: ' },
  signer: { zh: '用章人：', en: 'Signer: ' },
};

/** The certificate in its OCTET STRING, or why it cannot be read. */
export function partyCertificate(der: Uint8Array, role: Role): Certificate | Reason {
  try {
    return parseCertificate(der);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return about(role, makeReason('SIGNER_CERTIFICATE_UNREADABLE', { subject: 'certificate[0]', actual: error.code }));
  }
}

export interface PartyVerdict {
  readonly party: SealParty;
  readonly reasons: readonly Reason[];
  readonly checks: readonly CheckRow[];
  readonly warnings: CertificateVerdict['warnings'];
}

/** The certificate of the maker against the list's seal makers, that of the signer against its CAs. */
export async function judgeParty(role: Role, certificate: Certificate, question: SealQuestion, signatureAlgorithm: string | undefined): Promise<PartyVerdict> {
  const { evidence, trustList, policy, algorithms, at, bestSignatureTime, context, budget, caches } = question;
  const verdict = await judgeCertificate({
    certificate, candidateCertificates: [], evidence, trustList, policy, algorithms, at, context,
    kind: role === 'maker' ? 'seal-maker' : 'ca',
    ...(bestSignatureTime === undefined ? {} : { bestSignatureTime }),
    ...(budget === undefined ? {} : { budget }),
    ...(caches === undefined ? {} : { caches }),
  });
  return {
    party: {
      ...(signatureAlgorithm === undefined ? {} : { signatureAlgorithm }),
      path: verdict.path,
      ...(verdict.trustDecision === undefined ? {} : { trustDecision: verdict.trustDecision }),
      revocation: verdict.revocation,
      ...(verdict.identity === undefined ? {} : { identity: verdict.identity }),
    },
    reasons: verdict.reasons.map((reason) => about(role, reason)),
    checks: verdict.checks.map((row) => ({ ...row, subject: `${role} ${row.subject}` })),
    warnings: [...verdict.warnings, ...(verdict.identity?.warnings ?? [])],
  };
}

/** Says whose certificate a reason is about: a report on a seal is about two. */
function about(role: Role, reason: Reason): Reason {
  const { zh, en } = TITLE[role];
  return { ...reason, subject: `${role} ${reason.subject ?? 'certificate[0]'}`, message: { zh: zh + reason.message.zh, en: en + reason.message.en } };
}

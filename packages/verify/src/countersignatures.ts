import { id_data, PkiError, readCountersignatures, type Certificate, type SignerInfo } from '@hefu/pki';
import { conclude } from './conclude.js';
import { judgeValue, type JudgeSurroundings } from './judge-value.js';
import { makeReason } from './reason.js';
import type { SignerReport } from './report.js';
import { checkSignature } from './signature/check-signature.js';
import { identifies } from './signature/identifies.js';

const NO_OCTETS: Uint8Array = new Uint8Array(0);
const SHELL = { contentType: id_data, bytes: NO_OCTETS, content: undefined, contentTlv: undefined };

/**
 * Judges those who countersigned a signature (RFC 5652 §11.4), by what was known at the time of it. They are shown and change nothing:
 * the attribute is not signed, so anybody can put one there or take one away.
 */
export async function judgeCountersignatures(input: JudgeSurroundings, signer: SignerInfo, carried: readonly Certificate[], subject: string): Promise<readonly SignerReport[]> {
  const { algorithms, evidence, context } = input;
  const refused = (code: 'SIGNED_ATTRIBUTES_INVALID' | 'SIGNER_CERTIFICATE_MISSING', where: string, actual?: string): SignerReport => {
    const reasons = [makeReason(code, { subject: where, ...(actual === undefined ? {} : { actual }) })];
    return { ...conclude(reasons, context.scene), reasons, checks: [], path: [], revocation: [], warnings: [] };
  };
  let found: readonly SignerInfo[];
  try {
    found = readCountersignatures(signer);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return [refused('SIGNED_ATTRIBUTES_INVALID', subject, error.code)];
  }
  const reports: SignerReport[] = [];
  for (const [index, info] of found.entries()) {
    const where = `${subject}.countersignature[${index}]`;
    const certificate = [...carried, ...evidence.candidateCertificates].find((each) => identifies(info, each));
    if (certificate === undefined) {
      reports.push(refused('SIGNER_CERTIFICATE_MISSING', where));
      continue;
    }
    const facts = await checkSignature({ signed: { encapContentInfo: SHELL }, signer: info, subject: where, certificate, content: signer.signature, algorithms, countersignature: true });
    reports.push(await judgeValue({ input, facts, certificate, carried, subject: where, reasons: [] }));
  }
  return reports;
}

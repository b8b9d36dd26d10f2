import type { Certificate, Seal } from '@hefu/pki';
import { makeReason } from '../remedies.js';
import type { CheckRow, Reason } from '../report.js';
import type { SealQuestion } from './input.js';
import { sealAlgorithm, verifyValue } from './signed-value.js';

export interface MakerSignature {
  readonly reasons: readonly Reason[];
  readonly checks: readonly CheckRow[];
  readonly algorithm?: string;
  /** Signed in the form of another version. */
  readonly odd: boolean;
}

/** The maker's signature over the seal (GB/T 38540-2020 §6.1.1; GM/T 0031-2014 §5.2.1). */
export async function checkMakerSignature(seal: Seal, certificate: Certificate, { algorithms, policy, at }: SealQuestion): Promise<MakerSignature> {
  const subject = 'maker';
  const clause = seal.version === 1 ? 'GM/T 0031-2014 §5.2.1' : 'GB/T 38540-2020 §6.1.1';
  const named = sealAlgorithm(seal.signatureAlgorithm, algorithms, policy, at);
  if (named.code !== undefined) {
    const { code, actual } = named;
    return { reasons: [makeReason(code, { subject, actual })], checks: [{ id: 'seal.makerSignature', outcome: 'failed', subject, actual, clause }], odd: false };
  }
  const { algorithm } = named;
  let failure: Awaited<ReturnType<typeof verifyValue>>;
  for (const { form, bytes } of seal.signedBytes) {
    failure = await verifyValue(algorithm, certificate, bytes, seal.signature);
    if (failure === undefined) {
      const odd = (seal.version === 1) !== (form === 'info-cert-alg');
      return { reasons: [], checks: [{ id: 'seal.makerSignature', outcome: 'passed', subject, actual: `${algorithm.name}, ${form}`, clause }], algorithm: algorithm.name, odd };
    }
    if (failure.code !== 'SIGNATURE_INVALID') break;
  }
  const { code = 'SIGNATURE_INVALID' as const, ...facts } = failure ?? {};
  const reason = makeReason(code === 'SIGNATURE_INVALID' ? 'SEAL_MAKER_SIGNATURE_INVALID' : code, { subject, ...facts });
  return { reasons: [reason], checks: [{ id: 'seal.makerSignature', outcome: 'failed', subject, ...facts, clause }], algorithm: algorithm.name, odd: false };
}

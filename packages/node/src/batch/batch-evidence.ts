import type { SignedData } from '@hefu/pki';
import type { Evidence, JudgeContext } from '@hefu/verify';

/** Evidence of one batch: gathered once for each question, since the lists and the policy are pinned. */
export interface BatchEvidence {
  /** @param gather must be a function of the question alone, and of what is pinned */
  of(question: EvidenceQuestion, gather: () => Promise<Evidence>): Promise<Evidence>;
}

export interface EvidenceQuestion {
  readonly signed: Pick<SignedData, 'certificates' | 'crls' | 'ocspResponses' | 'signerInfos'>;
  readonly certificates: readonly unknown[];
  readonly context: JudgeContext;
  readonly at: number;
  readonly bestSignatureTime?: number;
}

/** A company bids in a few lots. */
const MAX_QUESTIONS = 4096;
const MAX_CERTIFICATE_OCTETS = 65_536;

export function createBatchEvidence(): BatchEvidence {
  const known = new Map<string, Promise<Evidence>>();
  return {
    of(question, gather) {
      const key = keyOf(question);
      if (key === undefined) return gather();
      const found = known.get(key);
      if (found !== undefined) return found;
      if (known.size >= MAX_QUESTIONS) known.delete(known.keys().next().value!);
      const made = gather();
      known.set(key, made);
      return made;
    },
  };
}

/**
 * All that planning and gathering look at, whole and in order, so that equal keys are equal questions; undefined for a message that brings more
 * than certificates (time-stamps, CRLs, OCSP responses), and where certificates came beside it.
 */
function keyOf({ signed, certificates, context, at, bestSignatureTime }: EvidenceQuestion): string | undefined {
  if (certificates.length > 0 || signed.crls.length > 0 || signed.ocspResponses.length > 0 || signed.signerInfos.some(({ unsignedAttrs }) => unsignedAttrs !== undefined)) return undefined;
  const lengths = signed.certificates.map(({ length }) => length);
  if (lengths.reduce((sum, length) => sum + length, 0) > MAX_CERTIFICATE_OCTETS) return undefined;
  const octets = signed.certificates.map((der) => Buffer.from(der.buffer, der.byteOffset, der.byteLength).toString('latin1'));
  return `${JSON.stringify([at, bestSignatureTime ?? null, context, lengths])}${octets.join('')}`;
}

import type { CertificateVerdict } from './judge-certificate.js';
import type { SignerReport } from './report.js';
import type { SignatureFacts } from './signature/check-signature.js';

type SaidOfSignature = Pick<SignerReport, 'messageVariant' | 'digestAlgorithm' | 'signatureAlgorithm' | 'claimedSigningTime'>;
type SaidOfSigner = Pick<SignerReport, 'path' | 'trustDecision' | 'knowledge' | 'revocation' | 'identity'>;

/** What a report says of a signature and of who made it, wherever it is written: the members between checks and warnings, in their order. */
export function signerFindings(facts: SignatureFacts, verdict: CertificateVerdict): SaidOfSignature & SaidOfSigner {
  const { variant, digestAlgorithm, signatureAlgorithm, claimedSigningTime } = facts;
  return Object.assign(
    variant === undefined ? {} : { messageVariant: variant },
    digestAlgorithm === undefined ? {} : { digestAlgorithm },
    signatureAlgorithm === undefined ? {} : { signatureAlgorithm },
    claimedSigningTime === undefined ? {} : { claimedSigningTime: new Date(claimedSigningTime).toISOString() },
    {
      path: verdict.path,
      ...(verdict.trustDecision === undefined ? {} : { trustDecision: verdict.trustDecision }),
      ...(verdict.knowledge === undefined ? {} : { knowledge: verdict.knowledge }),
      revocation: verdict.revocation,
      ...(verdict.identity === undefined ? {} : { identity: verdict.identity }),
    },
  );
}

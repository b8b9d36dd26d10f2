import type { Algorithms } from '@hefu/crypto';
import { diagnoseValue, readableCertificate, type Content, type DiagnosisCode } from '@hefu/verify';
import type { SignErrorCode } from '../errors/codes.js';
import type { PreparedSignature } from '../prepare.js';

/** Which mistake a value was that does not verify. */
export interface ValueDiagnosis {
  readonly code: SignErrorCode;
  /** The diagnosis of the verify room: `SM2_Z_MISSING`, `HASHED_TWICE`, `VALUE_FORM`, … */
  readonly detail: string;
}

/** @param value octets as received, or read from text; @param content where only digests of it are signed */
export type ValueDiagnoser = (prepared: PreparedSignature, value: Uint8Array, content?: Content) => Promise<ValueDiagnosis | undefined>;

/** What a signing service did wrong, by what verification finds; all others are ways of hashing something else. */
const CODES: Readonly<Partial<Record<DiagnosisCode, SignErrorCode>>> = {
  ECDSA_BY_SM2_KEY: 'ALGORITHM_DOWNGRADED',
  ALGORITHM_OTHER: 'ALGORITHM_DOWNGRADED',
  SIGNED_BY_OTHER_KEY: 'CERT_SWAPPED',
  OTHER_FILE: 'SIGNATURE_FOR_OTHER_HASH',
  CONTENT_CHARSET: 'SIGNATURE_FOR_OTHER_HASH',
  CONTENT_LINE_ENDINGS: 'SIGNATURE_FOR_OTHER_HASH',
  VALUE_FORM: 'SIGNATURE_ENCODING',
};

/** Names the mistakes of signing services. It explains a refusal and lifts none. */
export function diagnoserOf(algorithms: Algorithms): ValueDiagnoser {
  return async ({ profile, certificate, chain, toBeSigned, signedAttrs }, value, content) => {
    const message = toBeSigned.message ?? content;
    if (message === undefined) return undefined;
    const found = await diagnoseValue({
      certificate, algorithm: profile.algorithm, digest: profile.digest, algorithms, value, message,
      attributes: signedAttrs !== undefined,
      ...(profile.pss === undefined ? {} : { options: { pss: profile.pss } }),
      otherCertificates: chain.flatMap((der) => readableCertificate(der) ?? []),
    });
    return found === undefined ? undefined : { code: CODES[found.code] ?? 'PREHASH_MISMATCH', detail: found.code };
  };
}

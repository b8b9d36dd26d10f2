import type { Algorithms } from '@hefu/crypto';
import { diagnoseValue, type Content, type DiagnosisCode } from '@hefu/verify';
import type { SignErrorCode } from '../errors/codes.js';
import type { PreparedSignature } from '../prepare.js';

/** Which mistake a value was that does not verify. */
export interface ValueDiagnosis {
  readonly code: Extract<SignErrorCode, 'PREHASH_MISMATCH' | 'ALGORITHM_DOWNGRADED' | 'SIGNATURE_INVALID'>;
  /** A stable word: `sm2-z-missing`, `sm2-empty-id`, `hashed-twice`, `algorithm RSASSA-PSS`: the verify room's code, in small letters. */
  readonly detail: string;
}

/** @param value in its written form */
export type ValueDiagnoser = (prepared: PreparedSignature, value: Uint8Array) => Promise<ValueDiagnosis | undefined>;

/** What does not say how something was hashed. */
const OTHER_CODES: Readonly<Partial<Record<DiagnosisCode, ValueDiagnosis['code']>>> = {
  ALGORITHM_OTHER: 'ALGORITHM_DOWNGRADED', ECDSA_BY_SM2_KEY: 'ALGORITHM_DOWNGRADED',
  VALUE_FORM: 'SIGNATURE_INVALID', SIGNED_BY_OTHER_KEY: 'SIGNATURE_INVALID', OTHER_FILE: 'SIGNATURE_INVALID',
};

/** The mistakes of signing services, as the verify room knows them. It explains a refusal and lifts none. */
export function diagnoserOf(algorithms: Algorithms): ValueDiagnoser {
  return async (prepared, value) => {
    const { profile: { algorithm, digest }, certificate, signedAttrs } = prepared;
    const message = messageOf(prepared);
    if (message === undefined) return undefined;
    const found = await diagnoseValue({ value, message, attributes: signedAttrs !== undefined, certificate, algorithm, digest, algorithms });
    if (found === undefined) return undefined;
    const other = found.evidence['algorithm'];
    return { code: OTHER_CODES[found.code] ?? 'PREHASH_MISMATCH', detail: other === undefined ? found.code.toLowerCase().replaceAll('_', '-') : `algorithm ${other}` };
  };
}

/** The octets to be signed; where only their digest was given, for SM2, that. */
function messageOf({ profile: { algorithm, digest }, certificate, toBeSigned }: PreparedSignature): Content | undefined {
  if (toBeSigned.message !== undefined || toBeSigned.digest === undefined) return toBeSigned.message;
  const prefix = algorithm.messagePrefix?.(certificate.spki.key) ?? new Uint8Array(0);
  return { length: 0, head: new Uint8Array(0), digests: [{ algorithm: digest.name, prefix, value: toBeSigned.digest }] };
}

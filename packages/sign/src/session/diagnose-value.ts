import type { Algorithms, DigestAlgorithm } from '@hefu/crypto';
import type { Certificate } from '@hefu/pki';
import { diagnoseValue, readableCertificate, statedDigest, type Content, type DiagnosisCode } from '@hefu/verify';
import type { SignErrorCode } from '../errors/codes.js';
import type { PreparedSignature } from '../prepare.js';
import type { SignatureProfile } from '../signature-profile.js';

/** Which mistake a value was that does not verify. */
export interface ValueDiagnosis {
  readonly code: SignErrorCode;
  /** The diagnosis of the verify room: `SM2_Z_MISSING`, `HASHED_TWICE`, `VALUE_FORM`, …; for DIGEST_DOWNGRADED the name of the digest: `SHA-1`. */
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
    const used = found === undefined ? otherDigestStated(profile, certificate, value, algorithms) : found.code === 'ALGORITHM_OTHER' ? found.evidence['digest'] : undefined;
    if (used !== undefined && isWeaker(used, profile.digest)) return { code: 'DIGEST_DOWNGRADED', detail: used };
    const code = found?.code ?? (used === undefined ? undefined : 'ALGORITHM_OTHER');
    return code === undefined ? undefined : { code: CODES[code] ?? 'PREHASH_MISMATCH', detail: code };
  };
}

/** Digests that no list of algorithms need have, and that old programs still name. */
const RETIRED: Readonly<Record<string, string>> = { '1.2.840.113549.2.5': 'MD5', '1.3.14.3.2.26': 'SHA-1' };
/** Octets of a digest; the longer is the stronger (NIST SP 800-57 part 1, §5.6.1.2). */
const OUTPUT: Readonly<Record<string, number>> = { MD5: 16, 'SHA-1': 20, 'SHA-224': 28, SM3: 32, 'SHA-256': 32, 'SHA-384': 48, 'SHA-512': 64 };

function isWeaker(used: string, { outputLength }: DigestAlgorithm): boolean {
  return (OUTPUT[used] ?? outputLength) < outputLength;
}

/** A service that is given a digest alone can only pass it off as another: of what that is a signature nobody can say, but it names its digest. */
function otherDigestStated({ algorithm, digest }: SignatureProfile, { spki: { key } }: Certificate, value: Uint8Array, { digests }: Algorithms): string | undefined {
  if (key.kty !== 'RSA' || !algorithm.name.startsWith('RSASSA-PKCS1')) return undefined;
  const oid = statedDigest(key, value);
  if (oid === undefined || digest.oids.includes(oid)) return undefined;
  return digests.find(({ oids }) => oids.includes(oid))?.name ?? RETIRED[oid] ?? oid;
}

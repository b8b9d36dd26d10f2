import type { Algorithms, DigestAlgorithm, SignatureAlgorithm, VerifyOptions } from '@hefu/crypto';
import type { Certificate } from '@hefu/pki';
import type { Bilingual, Responsible } from '../report.js';
import type { Content } from '../signature/content.js';

/** Mistakes of signing programs that leave a recognisable trace (field notes §2.2, §10). */
export type DiagnosisCode =
  | 'SM2_Z_MISSING' // e = SM3(M)
  | 'SM2_EMPTY_ID' // Z with a distinguishing identifier of no octets
  | 'SM2_Z_OF_OTHER_KEY' // Z with the key of another certificate
  | 'ECDSA_BY_SM2_KEY' // ECDSA with an SM2 key
  | 'ATTRIBUTES_TAG_A0' // hashed as they stand in the message, not as SET OF
  | 'ATTRIBUTES_REORDERED' // hashed in another order
  | 'MESSAGE_DIGEST_WITH_Z' // messageDigest over Z || content, with a Z that is not the signer's
  | 'DIGEST_AS_HEX'
  | 'DIGEST_AS_BASE64'
  | 'DIGEST_AS_MESSAGE' // the digest of the message was signed as if it were the message
  | 'HASHED_TWICE' // the digest to be signed was hashed once more
  | 'ALGORITHM_OTHER' // another digest or scheme than stated
  | 'CONTENT_CHARSET' // the text in another encoding
  | 'CONTENT_LINE_ENDINGS'
  | 'OTHER_FILE' // one of the other files given
  | 'SIGNED_BY_OTHER_KEY' // the key of another certificate at hand, as the encryption half of a pair
  | 'VALUE_FORM'; // r||s, s||r, hex, stripped zeros…: the value is right, its form is not

/** Which mistake a signature that does not verify was. It explains a failure and never lifts it. */
export interface Diagnosis {
  readonly code: DiagnosisCode;
  readonly message: Bilingual;
  readonly remedy: Bilingual;
  readonly responsible: Responsible;
  /** What exactly was found: `hashed`, `key` (SHA-256 of a certificate), `form`, `file`, `charset`… Short texts. */
  readonly evidence: Readonly<Record<string, string>>;
}

/** Another file at hand, which may have been signed instead. */
export interface OtherFile {
  readonly name: string;
  readonly content: Content;
}

/** What both levels of diagnosis look at. */
export interface Surroundings {
  readonly certificate: Certificate;
  /** As stated, and by which the signature did not verify. */
  readonly algorithm: SignatureAlgorithm;
  readonly digest: DigestAlgorithm;
  readonly options?: VerifyOptions;
  readonly algorithms: Algorithms;
  /** Certificates that came along, or that the signer has: issuers, the encryption half of the pair. */
  readonly otherCertificates?: readonly Certificate[];
  readonly otherFiles?: readonly OtherFile[];
}

export interface DiagnoseValueInput extends Surroundings {
  /** As received. */
  readonly value: Uint8Array;
  /** What it should be over: octets, or digests of them. */
  readonly message: Content;
  /** The message is a DER SET OF signed attributes. */
  readonly attributes?: boolean;
  /** Verifications to spend at most. Default {@link DEFAULT_DIAGNOSIS_BUDGET}. */
  readonly budget?: number;
}

export interface DiagnoseDigestInput extends Surroundings {
  /** What the signed attributes state. */
  readonly messageDigest: Uint8Array;
  readonly content: Content;
}

/** All hypotheses over a message of five attributes and two other certificates take fewer. */
export const DEFAULT_DIAGNOSIS_BUDGET = 400;

/** Texts are re-encoded in memory up to this many octets. */
export const MAX_TEXT_OCTETS: number = 1024 * 1024;

/** Other certificates and other files looked at. */
export const MAX_OTHERS = 8;

/** A diagnosis without its words. */
export interface Finding {
  readonly code: DiagnosisCode;
  readonly evidence: Readonly<Record<string, string>>;
}

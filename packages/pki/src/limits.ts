/**
 * Every budget of the pki room, each with its origin. Parsers take an optional `Partial<PkiLimits>`.
 */
export interface PkiLimits {
  /** Octets of one certificate. Real ones stay under 4 kB; the largest in public suites is under 64 kB. */
  readonly maxCertificateBytes: number;
  /** Octets of one CRL. 1,000,000 entries take about 49 MB; the list may raise it for a CA that needs it. */
  readonly maxCrlBytes: number;
  /** Octets of one OCSP response or request. One answer with a delegate's certificate takes under 4 kB; browsers read up to 64 kB. */
  readonly maxOcspBytes: number;
  /** Answers in one OCSP response. Responders give one for each certificate asked about. */
  readonly maxOcspAnswers: number;
  /** Octets of one time-stamp request, response or TSTInfo. A token with its chain takes under 8 kB. */
  readonly maxTimeStampBytes: number;
  /** Octets of one electronic seal or stamped signature. Pictures take most of it, under 500 kB in practice. */
  readonly maxSealBytes: number;
  /** Octets of one CMS or GM/T 0010 message. Bids are signed detached; attached content is rare and small. */
  readonly maxMessageBytes: number;
  /** Octets of text (PEM, base64) before decoding, as a multiple of the binary limit: base64 is 4/3, line ends and armour the rest. */
  readonly textFactor: number;
  /** Nesting of constructed values. BoringSSL refuses beyond 30; real messages stay under 15. */
  readonly maxDepth: number;
  /** Extensions in one certificate or CRL. */
  readonly maxExtensions: number;
  /** Attributes in one Name. */
  readonly maxNameAttributes: number;
  /** GeneralNames in one extension; name-constraint suites use thousands. */
  readonly maxGeneralNames: number;
  /** Certificates carried in one message. */
  readonly maxMessageCertificates: number;
  /** CRLs carried in one message. */
  readonly maxMessageCrls: number;
  /** SignerInfos in one message. */
  readonly maxSignerInfos: number;
  /** Attributes in one SignerInfo. */
  readonly maxAttributes: number;
  /** Segments of a constructed (BER) OCTET STRING. */
  readonly maxSegments: number;
  /** Content octets of an OBJECT IDENTIFIER; node-asn1 and Chromium use similar bounds. */
  readonly maxOidBytes: number;
}

export const DEFAULT_LIMITS: PkiLimits = {
  maxCertificateBytes: 64 * 1024,
  maxCrlBytes: 64 * 1024 * 1024,
  maxOcspBytes: 256 * 1024,
  maxOcspAnswers: 100,
  maxTimeStampBytes: 256 * 1024,
  maxSealBytes: 8 * 1024 * 1024,
  maxMessageBytes: 64 * 1024 * 1024,
  textFactor: 2,
  maxDepth: 30,
  maxExtensions: 100,
  maxNameAttributes: 100,
  maxGeneralNames: 10_000,
  maxMessageCertificates: 100,
  maxMessageCrls: 20,
  maxSignerInfos: 20,
  maxAttributes: 100,
  maxSegments: 100_000,
  maxOidBytes: 128,
};

/** The defaults with some of them replaced. */
export function withLimits(limits?: Partial<PkiLimits>): PkiLimits {
  return limits === undefined ? DEFAULT_LIMITS : { ...DEFAULT_LIMITS, ...limits };
}

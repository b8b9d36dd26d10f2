/** Bounds on reading a PDF: a document comes from a stranger. */
export interface PdfLimits {
  /** Octets of the whole file. */
  readonly maxBytes: number;
  /** Arrays and dictionaries in each other. Page trees of real files stay below 20. */
  readonly maxDepth: number;
  /** Objects in all cross-reference sections together. */
  readonly maxObjects: number;
  /** Cross-reference sections; each saved change adds one. */
  readonly maxSections: number;
  /** Octets of one cross-reference or object stream, or stream of the security store, after inflating. Nothing else is inflated. */
  readonly maxInflated: number;
  /** Of all of them. */
  readonly maxInflatedTotal: number;
  /** Signature fields. */
  readonly maxSignatures: number;
  /** Certificates, CRLs and OCSP responses in the security store: each may be tried as an answer to each question. */
  readonly maxValidationData: number;
}

export const DEFAULT_PDF_LIMITS: PdfLimits = {
  maxBytes: 512 * 1024 * 1024,
  maxDepth: 64,
  maxObjects: 1_000_000,
  maxSections: 256,
  maxInflated: 64 * 1024 * 1024,
  maxInflatedTotal: 256 * 1024 * 1024,
  maxSignatures: 64,
  maxValidationData: 1024,
};

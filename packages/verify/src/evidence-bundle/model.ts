import type { EvidenceGap } from '../evidence.js';
import type { JudgeContext } from '../context.js';
import type { ReasonCode } from '../codes.js';
import type { Conclusion } from '../report.js';
import type { ProofOfExistence } from '../time/proofs.js';
import type { KnownAt } from '../trust/knowledge.js';

/** A file of a bundle: what it is called by, in both families of digests, so that the fall of one leaves the other. Lower-case hex. */
export interface StoredFile {
  readonly sha256: string;
  readonly sm3: string;
  /** Octets. */
  readonly length: number;
}

/** Evidence a verdict rests on. The octets are the object of that SHA-256. */
export interface StoredEvidence {
  readonly kind: 'crl' | 'ocsp' | 'certificate';
  readonly sha256: string;
  readonly url?: string;
  /** Epoch milliseconds. */
  readonly fetchedAt?: number;
  /** Lower-case hex. */
  readonly nonce?: { readonly sent: string; readonly required?: boolean };
}

/** The lists a verdict follows, as their operators signed them. */
export type StoredTrust =
  | {
      readonly kind: 'list';
      /** SHA-256 of the list's envelope. */
      readonly list: string;
      /** SHA-256 of the JSON that says who may sign it: a role. */
      readonly role: string;
    }
  | {
      readonly kind: 'scheme';
      /** SHA-256 of the bundle that `makeBundle` makes. */
      readonly bundle: string;
      /** Fingerprint of its first root, SHA-256 over the payload. */
      readonly root: string;
      /** Why lists were missing that delegations name: what was refused is not kept, but the report says why it was. */
      readonly missing?: readonly MissingReason[];
    };

/** A list that was missing, and the code why. */
export interface MissingReason {
  readonly schemeId: string;
  readonly list: string;
  readonly code: string;
}

/** What was signed. */
export interface StoredContent extends StoredFile {
  /** Whether the octets are an object of the bundle; otherwise whoever judges again brings them. */
  readonly kept: boolean;
}

/** The circumstances a message was judged in: with the objects, everything that `judge` was given. */
export interface StoredCircumstances extends JudgeContext {
  /** Validation time, epoch milliseconds. */
  readonly at: number;
  readonly bestSignatureTime?: number;
  readonly knownAt?: KnownAt;
  readonly proofs?: readonly ProofOfExistence[];
  readonly gaps: readonly EvidenceGap[];
}

/**
 * Everything of one verdict (trust-list design §5.9), as JSON. It names objects by their SHA-256; objects that verdicts of a
 * project share are kept once.
 */
export interface EvidenceManifest {
  readonly type: 'hefu-evidence';
  readonly version: 1;
  /** The caller's name for it: a bid's number. Unique in a bundle. */
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly madeAt: string;
  readonly tools: readonly { readonly name: string; readonly version: string }[];
  /** The signed message as it came: SHA-256. */
  readonly signature: string;
  /** Absent where the message carries its content, or is detached and none was given. */
  readonly content?: StoredContent;
  readonly evidence: readonly StoredEvidence[];
  readonly trust: StoredTrust;
  readonly policy: string;
  readonly circumstances: StoredCircumstances;
  /** Octets of the report. */
  readonly report: string;
  /** What the report comes to, for lists of bids. */
  readonly verdict: { readonly conclusion: Conclusion; readonly code: ReasonCode | 'OK'; readonly name?: string; readonly uscc?: string };
  /** Every object named above, each once, by SHA-256. */
  readonly files: readonly StoredFile[];
}

/** What a bundle holds. */
export interface EvidenceIndex {
  readonly type: 'hefu-evidence-index';
  readonly version: 1;
  readonly project?: string;
  readonly manifests: readonly (StoredFile & { readonly id: string })[];
  /** Objects of all manifests, each once, by SHA-256. */
  readonly objects: readonly StoredFile[];
}

/** The octets of an object, by SHA-256. Whoever gives them has no need to check them: they are hashed again. */
export type ObjectSource = (sha256: string) => Uint8Array | undefined | Promise<Uint8Array | undefined>;

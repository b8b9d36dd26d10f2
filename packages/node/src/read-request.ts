import { PkiError, readCrl, type Certificate } from '@hefu/pki';
import type { CollectedCrl, HashedContent, JudgeContext } from '@hefu/verify';
import type { NodeLimits } from './limits.js';
import type { Progress } from './hash-file.js';
import { readCertificates, readInput, type Input } from './read-input.js';

export interface VerifyRequest {
  /** CMS, PKCS #7 or GM/T 0010 SignedData; text is PEM or base64. */
  readonly signature: Input;
  /**
   * What was signed, for a detached signature. A file may be of any size: it is read once, in constant memory. Digests serve where the
   * octets are elsewhere, as the browser's `digestFile` makes them: the verdict is then on whatever has these digests.
   */
  readonly content?: Uint8Array | { readonly path: string } | HashedContent;
  /** GB/T 2260 code of the platform's region, six digits. */
  readonly region: string;
  readonly transaction?: string;
  readonly purpose?: NonNullable<JudgeContext['purpose']>;
  /** Default `bid-signing`. */
  readonly scene?: JudgeContext['scene'];
  readonly role?: string;
  /** Who must have signed, beyond that all who did must pass. */
  readonly requireSigners?: NonNullable<JudgeContext['requireSigners']>;
  /** Validation time, epoch milliseconds. Default: now. */
  readonly at?: number;
  /** When the platform received the signature, if it can prove it; epoch milliseconds. */
  readonly bestSignatureTime?: number;
  /** CRLs brought along, judged like those fetched: where the CA's address cannot be reached. */
  readonly crls?: readonly Input[];
  /** Certificates that may be issuers, one or several each. Being given here makes none of them trusted. */
  readonly certificates?: readonly Input[];
  readonly signal?: AbortSignal;
  /** Told how far the reading of a content file is. */
  readonly onProgress?: (progress: Progress) => void;
}

/** A PDF with its signatures inside. */
export interface VerifyPdfRequest extends Omit<VerifyRequest, 'signature' | 'content'> {
  readonly pdf: Uint8Array | { readonly path: string };
}

/** A seal, or a stamped signature with what is stamped. */
export interface VerifySealRequest extends Omit<VerifyRequest, 'signature'> {
  /** SESeal or SES_Signature: DER or base64. */
  readonly seal: Input;
}

/** A request with its files read. */
export interface ReadRequest {
  readonly context: JudgeContext;
  readonly signature: Uint8Array | string;
  /** Read once it is known which digests the message needs. */
  readonly content: VerifyRequest['content'];
  readonly crls: readonly CollectedCrl[];
  readonly candidateCertificates: readonly Certificate[];
}

/**
 * Reads what a request brings, but for the message itself: that one may be malformed, which is a verdict.
 * @throws NodeError FILE_…; PkiError for CRLs and certificates that are none
 */
export async function readRequest(request: VerifyRequest, limits: NodeLimits): Promise<ReadRequest> {
  const signature = await readInput(request.signature, limits.maxSignatureBytes);
  const content = requireContent(request.content);
  return { ...(await readCircumstances(request, limits)), signature, content };
}

/** What a request brings beside what is to be judged. @throws as `readRequest` */
export async function readCircumstances(request: Omit<VerifyRequest, 'signature'>, limits: NodeLimits): Promise<Omit<ReadRequest, 'signature' | 'content'>> {
  const context = contextOf(request);
  const crls = await readEach(request.crls, async (crl) => [{ crl: readCrl(await readInput(crl, limits.maxCrlBytes)), ...sourceOf(crl) }]);
  const candidateCertificates = await readEach(request.certificates, (each) => readCertificates(each, limits.maxCertificateBytes));
  return { context, crls, candidateCertificates };
}

function contextOf({ scene, region, transaction, purpose, role, requireSigners }: Omit<VerifyRequest, 'signature'>): JudgeContext {
  return {
    scene: scene ?? 'bid-signing',
    region,
    ...(transaction === undefined ? {} : { transaction }),
    ...(purpose === undefined ? {} : { purpose }),
    ...(role === undefined ? {} : { role }),
    ...(requireSigners === undefined ? {} : { requireSigners }),
  };
}

/** Names a file brought along in the report, as those kept by operations are named. */
function sourceOf(input: Input): { readonly url?: string } {
  return typeof input === 'string' || input instanceof Uint8Array ? {} : { url: `file:${input.path}` };
}

/** Reads what the caller brings, one after another; an error of the pki room names the file, which that room does not know. */
async function readEach<T>(inputs: readonly Input[] | undefined, read: (input: Input) => Promise<readonly T[]>): Promise<readonly T[]> {
  const found: T[] = [];
  for (const input of inputs ?? []) {
    try {
      found.push(...(await read(input)));
    } catch (error) {
      if (!(error instanceof PkiError) || typeof input === 'string' || input instanceof Uint8Array) throw error;
      const { code, offset, detected } = error;
      throw new PkiError(code, `${input.path}: ${error.message}`, { cause: error, ...(offset === undefined ? {} : { offset }), ...(detected === undefined ? {} : { detected }) });
    }
  }
  return found;
}

function requireContent(content: VerifyRequest['content']): VerifyRequest['content'] {
  if (content === undefined || content instanceof Uint8Array) return content;
  // A text could be a path or the bid itself; guessing would verify the wrong octets.
  if (typeof content !== 'object' || content === null) throw new TypeError('content is octets, digests or { path }');
  if ('digests' in content ? !isHashed(content) : typeof content.path !== 'string') throw new TypeError('content is octets, digests or { path }');
  return content;
}

function isHashed({ length, head, digests }: HashedContent): boolean {
  return Number.isSafeInteger(length) && length >= 0 && head instanceof Uint8Array && head.length <= length && Array.isArray(digests)
    && digests.every(({ algorithm, prefix, value }) => typeof algorithm === 'string' && prefix instanceof Uint8Array && value instanceof Uint8Array);
}

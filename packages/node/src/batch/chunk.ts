import { parseCertificate, parseCertificateList, parseOcspResponse, type CertificateList } from '@hefu/pki';
import type { Trust } from '@hefu/trust-list';
import type { CollectedCrl, CollectedOcsp, Evidence, HashedContent, Policy } from '@hefu/verify';
import type { NodeLimits } from '../limits.js';
import type { Asked, PreparedMessage } from '../verify-message.js';
import type { PostedReport } from './report-post.js';
import type { SentError } from './sent-error.js';

/** What a batch is judged by: a worker is given it once. */
export interface BatchSettings {
  readonly trust: Trust;
  readonly policy: Policy;
  readonly limits: NodeLimits;
}

/** A place in the octets of a chunk: offset and length. */
type Span = readonly [number, number];

/** A prepared message whose octets lie in those of its chunk. */
interface SentMessage extends Omit<Asked, 'signature'> {
  readonly signature: Span | string;
  readonly content?: Span | { readonly path: string } | HashedContent;
  /** Somebody watches the reading of its content. */
  readonly watched: boolean;
  /** Number of its evidence. */
  readonly evidence: number;
}

/** Evidence as octets. A CRL is sent to a worker once; after that its number does. */
interface SentEvidence {
  readonly crls: readonly (Omit<CollectedCrl, 'crl'> & { readonly id: number })[];
  readonly ocsp: readonly (Omit<CollectedOcsp, 'response'> & { readonly span: Span })[];
  readonly certificates: readonly Span[];
  readonly gaps: Evidence['gaps'];
}

/** Messages that go to a worker at once, with what of their evidence it has not seen. */
export interface Chunk {
  readonly octets: ArrayBuffer;
  readonly messages: readonly SentMessage[];
  readonly evidence: readonly (readonly [number, SentEvidence])[];
  readonly crls: readonly (readonly [number, Span])[];
  /** Forget the CRLs so far. */
  readonly forgetCrls: boolean;
}

export type ChunkAnswer = readonly ({ readonly report: PostedReport } | { readonly error: SentError })[];

/** Octets of CRLs a worker holds before it starts over. */
const MAX_SENT_BYTES = 512 * 1024 * 1024;

/** What one worker was sent. */
export class SentObjects {
  readonly #crls = new Map<CertificateList, number>();
  #evidence = new Map<Evidence, number>();
  #crlBytes = 0;
  #next = 0;

  /** Evidence is of one batch; CRLs are the same in the next. */
  beginBatch(): void {
    this.#evidence = new Map();
  }

  pack(messages: readonly PreparedMessage[]): Chunk {
    const forgetCrls = this.#crlBytes > MAX_SENT_BYTES;
    if (forgetCrls) {
      this.#crls.clear();
      this.#evidence.clear();
      this.#crlBytes = 0;
    }
    const octets = new OctetPacker();
    const crls: [number, Span][] = [];
    const evidence: [number, SentEvidence][] = [];
    const crlId = (crl: CertificateList): number => {
      const known = this.#crls.get(crl);
      if (known !== undefined) return known;
      const id = this.#next++;
      this.#crls.set(crl, id);
      this.#crlBytes += crl.bytes.length;
      crls.push([id, octets.add(crl.bytes)]);
      return id;
    };
    const evidenceId = (found: Evidence): number => {
      const known = this.#evidence.get(found);
      if (known !== undefined) return known;
      const id = this.#next++;
      this.#evidence.set(found, id);
      evidence.push([id, {
        crls: found.crls.map(({ crl, ...rest }) => ({ ...rest, id: crlId(crl) })),
        ocsp: (found.ocsp ?? []).map(({ response, ...rest }) => ({ ...rest, span: octets.add(response.bytes) })),
        certificates: found.candidateCertificates.map(({ bytes }) => octets.add(bytes)),
        gaps: found.gaps,
      }]);
      return id;
    };
    const sent = messages.map(({ signature, content, onProgress, evidence: found, context, at, bestSignatureTime }): SentMessage => ({
      signature: typeof signature === 'string' ? signature : octets.add(signature),
      ...(content === undefined ? {} : { content: content instanceof Uint8Array ? octets.add(content) : 'digests' in content ? content : { path: content.path } }),
      watched: onProgress !== undefined,
      evidence: evidenceId(found),
      context,
      at,
      ...(bestSignatureTime === undefined ? {} : { bestSignatureTime }),
    }));
    return { octets: octets.joined(), messages: sent, evidence, crls, forgetCrls };
  }
}

/** Copies octets into one buffer, which is then handed over: what a caller brought stays the caller's. */
class OctetPacker {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  add(part: Uint8Array): Span {
    const span: Span = [this.#length, part.length];
    this.#parts.push(part);
    this.#length += part.length;
    return span;
  }

  joined(): ArrayBuffer {
    // Every octet is written below.
    const whole = Buffer.allocUnsafeSlow(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole.buffer as ArrayBuffer;
  }
}

/** A message as a worker has it again; `signature` is not read yet, since that may fail. */
export interface ReceivedMessage extends Asked, Pick<PreparedMessage, 'content' | 'evidence'> {
  readonly watched: boolean;
}

/** A worker's side of `SentObjects`. */
export class ReceivedObjects {
  readonly #crls = new Map<number, CertificateList>();
  #evidence = new Map<number, Evidence>();

  beginBatch(): void {
    this.#evidence = new Map();
  }

  unpack({ octets, messages, evidence, crls, forgetCrls }: Chunk): readonly ReceivedMessage[] {
    if (forgetCrls) {
      this.#crls.clear();
      this.#evidence.clear();
    }
    const at = ([offset, length]: Span): Uint8Array => new Uint8Array(octets, offset, length);
    // Copies of what outlives the chunk, so that it does not hold the contents beside it.
    for (const [id, span] of crls) this.#crls.set(id, parseCertificateList(at(span).slice(), { maxCrlBytes: span[1] }));
    for (const [id, found] of evidence) {
      this.#evidence.set(id, {
        candidateCertificates: found.certificates.map((span) => parseCertificate(at(span).slice())),
        crls: found.crls.map(({ id: crl, ...rest }) => ({ ...rest, crl: this.#crls.get(crl)! })),
        ocsp: found.ocsp.map(({ span, ...rest }) => ({ ...rest, response: parseOcspResponse(at(span).slice()) })),
        gaps: found.gaps,
      });
    }
    return messages.map(({ signature, content, evidence: id, ...rest }) => ({
      ...rest,
      signature: typeof signature === 'string' ? signature : at(signature),
      content: content === undefined || 'path' in content || 'digests' in content ? content : at(content),
      evidence: this.#evidence.get(id)!,
    }));
  }
}

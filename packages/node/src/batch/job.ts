import { parseCertificate, parseCertificateList, parseOcspResponse, readSignedData, type CertificateList } from '@hefu/pki';
import type { Trust } from '@hefu/trust-list';
import type { CollectedCrl, CollectedOcsp, Content, Evidence, JudgeContext, JudgeInput, Policy, Report } from '@hefu/verify';

/** What one batch is judged by: given to each worker when it starts. */
export interface BatchSettings {
  readonly trust: Trust;
  readonly policy: Policy;
}

/** One item ready to be judged: everything is read and gathered, nothing is settled. */
export interface PreparedItem {
  /** The message as it was brought. */
  readonly signature: Uint8Array | string;
  readonly signed: JudgeInput['signed'];
  readonly content: Content | undefined;
  /** Nobody else holds the content's octets, so they may be handed over. */
  readonly ownsContent: boolean;
  readonly evidence: Evidence;
  readonly context: JudgeContext;
  readonly at: number;
  readonly bestSignatureTime?: number;
}

/** The same as octets. A CRL is sent to a worker once; after that its number does. */
export interface Job {
  readonly signature: Uint8Array | string;
  readonly content?: Content;
  readonly crls: readonly (Omit<CollectedCrl, 'crl'> & { readonly id: number; readonly bytes?: Uint8Array })[];
  /** Forget the CRLs so far. */
  readonly forget: boolean;
  readonly ocsp: readonly (Omit<CollectedOcsp, 'response'> & { readonly bytes: Uint8Array })[];
  readonly certificates: readonly Uint8Array[];
  readonly gaps: Evidence['gaps'];
  readonly context: JudgeContext;
  readonly at: number;
  readonly bestSignatureTime?: number;
}

export type JobAnswer = { readonly report: Report } | { readonly failure: { readonly name: string; readonly message: string } };

/** Octets of CRLs a worker holds before it starts over. */
const MAX_SENT_BYTES = 512 * 1024 * 1024;

/** What one worker was sent. */
export class SentCrls {
  readonly #ids = new Map<CertificateList, number>();
  #bytes = 0;
  #next = 0;

  pack(item: PreparedItem): Job {
    const { signature, content, evidence, context, at, bestSignatureTime } = item;
    const forget = this.#bytes > MAX_SENT_BYTES;
    if (forget) {
      this.#ids.clear();
      this.#bytes = 0;
    }
    return {
      signature: typeof signature === 'string' ? signature : alone(signature),
      ...(content === undefined ? {} : { content: content instanceof Uint8Array ? alone(content) : content }),
      crls: evidence.crls.map(({ crl, ...rest }) => {
        const known = this.#ids.get(crl);
        if (known !== undefined) return { ...rest, id: known };
        const id = this.#next++;
        this.#ids.set(crl, id);
        this.#bytes += crl.bytes.length;
        return { ...rest, id, bytes: alone(crl.bytes) };
      }),
      forget,
      ocsp: (evidence.ocsp ?? []).map(({ response, ...rest }) => ({ ...rest, bytes: alone(response.bytes) })),
      certificates: evidence.candidateCertificates.map(({ bytes }) => alone(bytes)),
      gaps: evidence.gaps,
      context,
      at,
      ...(bestSignatureTime === undefined ? {} : { bestSignatureTime }),
    };
  }
}

/** A view is sent with all that lies around it: not one of these. */
function alone(octets: Uint8Array): Uint8Array {
  return octets.byteLength === octets.buffer.byteLength ? octets : new Uint8Array(octets);
}

/** A worker's side of `SentCrls`. */
export class ReceivedCrls {
  readonly #known = new Map<number, CertificateList>();

  unpack({ signature, content, crls, forget, ocsp, certificates, gaps, context, at, bestSignatureTime }: Job): Pick<JudgeInput, 'signed' | 'content' | 'evidence' | 'context' | 'at' | 'bestSignatureTime'> {
    if (forget) this.#known.clear();
    const evidence: Evidence = {
      candidateCertificates: certificates.map((der) => parseCertificate(der)),
      crls: crls.map(({ id, bytes, ...rest }) => {
        if (bytes !== undefined) this.#known.set(id, parseCertificateList(bytes, { maxCrlBytes: bytes.length }));
        return { ...rest, crl: this.#known.get(id)! };
      }),
      ocsp: ocsp.map(({ bytes, ...rest }) => ({ ...rest, response: parseOcspResponse(bytes) })),
      gaps,
    };
    return {
      signed: readSignedData(signature), evidence, context, at,
      ...(content === undefined ? {} : { content }),
      ...(bestSignatureTime === undefined ? {} : { bestSignatureTime }),
    };
  }
}

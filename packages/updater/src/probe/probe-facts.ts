import type { EndpointOrigin } from '../endpoint.js';
import type { UpdaterErrorCode } from '../error.js';

/** How an answer stands to who ought to have signed it. `unknown`: nobody's certificate is at hand to tell. */
export type Authority = 'issuer' | 'delegated' | 'listed' | 'other-issuer' | 'signature-invalid' | 'not-authorised' | 'unknown';

/** What one try of an address showed. No opinion: see `assessProbe`. */
export interface ProbeFacts {
  readonly kind: 'crl' | 'ocsp' | 'tsa';
  readonly url: string;
  readonly origin: EndpointOrigin;
  readonly service?: string;
  /** Epoch milliseconds, at the start. */
  readonly at: number;
  readonly latencyMs: number;
  readonly bytes?: number;
  readonly status?: number;
  readonly contentType?: string;
  /** No usable answer. */
  readonly failure?: { readonly code: UpdaterErrorCode; readonly detail: string };
  /** Older answers are not fresh, says the list. */
  readonly maxAge?: number;
  readonly crl?: { readonly authority: Authority; readonly thisUpdate: number; readonly nextUpdate?: number; readonly entries: number };
  readonly ocsp?: {
    readonly responseStatus: string;
    readonly authority: Authority;
    readonly certificateStatus?: 'good' | 'revoked' | 'unknown';
    readonly thisUpdate?: number;
    readonly nextUpdate?: number;
  };
  readonly tsa?: {
    /** PKIStatus, RFC 3161 §2.4.2. */
    readonly pkiStatus: number;
    /** A token came, reads as SignedData over TSTInfo, and carries the imprint that was sent. Its signature is not verified here. */
    readonly token: boolean;
  };
}

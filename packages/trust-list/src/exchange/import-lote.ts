import { TrustListError } from '../error.js';
import { hexOf } from '../sha256.js';
import { refuseImport, type ImportOutcome, type ImportSignature } from './import-report.js';
import { DEFAULT_EXCHANGE_LIMITS, type ExchangeLimits } from './limits.js';
import { mapForeignList, type ImportOptions } from './map-list.js';
import { readLote } from './read-lote.js';
import { signerNotes } from './signer-notes.js';
import { acceptGiven, verifyJws, type AcceptSigner } from './verify-jws.js';

export interface SignedImportOptions extends ImportOptions {
  /** DER of the certificates that may sign: from the list above (a LOTL's pointers), or another official way. */
  readonly signers: readonly Uint8Array[];
  /** Default: the signer must be one of `signers`. */
  readonly acceptSigner?: AcceptSigner;
  /** Takes an unsigned document; one that is signed must verify all the same. Default false. */
  readonly unsigned?: boolean;
  readonly limits?: Partial<ExchangeLimits>;
}

/**
 * Imports a list of trusted entities (TS 119 602): a compact JWS (JAdES B-B, §6.8), or JWS in JSON. Nothing of the payload
 * is read before its signature verified.
 */
export async function importLote(bytes: Uint8Array, options: SignedImportOptions): Promise<ImportOutcome> {
  const limits = { ...DEFAULT_EXCHANGE_LIMITS, ...options.limits };
  if (bytes.length > limits.maxBytes) return refuseImport('IMPORT_TOO_LARGE', `${bytes.length} octets, at most ${limits.maxBytes}`);
  let payload = bytes;
  let signature: ImportSignature = { status: 'none' };
  let signer: Uint8Array | undefined;
  if (!(isBare(bytes))) {
    const verdict = await verifyJws(bytes, options.signers, options.acceptSigner ?? acceptGiven(options.signers), limits);
    if (!verdict.ok) return refuseImport(verdict.code, verdict.detail);
    ({ payload, signer } = verdict);
    signature = { status: 'verified', algorithm: verdict.algorithm, signer: hexOf(options.sha256.digest(signer)), relation: verdict.relation };
  } else if (options.unsigned !== true) {
    return refuseImport('IMPORT_UNSIGNED', 'a LoTE without a JWS around it');
  }
  try {
    const foreign = readLote(payload, limits);
    const outcome = mapForeignList(foreign, payload, signature, options);
    return signer === undefined ? outcome : signerNotes(outcome, signer, foreign);
  } catch (error) {
    if (!(error instanceof TrustListError)) throw error;
    return refuseImport('IMPORT_MALFORMED', `${error.code}: ${error.message}`);
  }
}

/** `{"LoTE": …}`: a glance that decides only which error is told; anything else must verify as a JWS. */
function isBare(bytes: Uint8Array): boolean {
  return /^\s*\{\s*"LoTE"/.test(new TextDecoder().decode(bytes.subarray(0, 256)));
}

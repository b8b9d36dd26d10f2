import { ia5String, octetString, oid, sequence } from '../asn1/writer.js';
import { algorithmIdentifier, type AlgorithmToWrite } from './build.js';

/** id-spq-ets-uri, EN 319 122-1 §5.2.9.2. */
const SPQ_ETS_URI = '1.2.840.113549.1.9.16.5.1';

/** A signature policy: its OID, the digest of its document, and where the document is. */
export interface SignaturePolicyToWrite {
  readonly oid: string;
  readonly hashAlgorithm: AlgorithmToWrite;
  readonly hash: Uint8Array;
  /** ASCII. */
  readonly uri?: string;
}

/** The value of a commitment-type-indication attribute (EN 319 122-1 §5.2.3), without qualifiers. */
export function commitmentTypeIndication(commitment: string): Uint8Array {
  return sequence(oid(commitment));
}

/** The value of a signature-policy-identifier attribute (EN 319 122-1 §5.2.9). */
export function signaturePolicyIdentifier({ oid: id, hashAlgorithm, hash, uri }: SignaturePolicyToWrite): Uint8Array {
  return sequence(
    oid(id),
    sequence(algorithmIdentifier(hashAlgorithm), octetString(hash)),
    ...(uri === undefined ? [] : [sequence(sequence(oid(SPQ_ETS_URI), ia5String(uri)))]),
  );
}

import { createHash } from 'node:crypto';
import { acceptGiven, DEFAULT_EXCHANGE_LIMITS, mapForeignList, refuseImport, signerNotes, type ImportOutcome, type ImportSignature, type SignedImportOptions } from '@hefu/trust-list';
import { parseXml, strictDocument, XmlRefusal } from './parse-xml.js';
import { readTl } from './read-tl.js';
import { verifyXmlSignature } from './verify-xml-signature.js';

/**
 * Imports a trusted list in XML (ETSI TS 119 612). What is mapped is the canonical form that was digested and signed, parsed
 * again; the document as received is not read any further once it is verified.
 */
export async function importTl(bytes: Uint8Array, options: SignedImportOptions): Promise<ImportOutcome> {
  const limits = { ...DEFAULT_EXCHANGE_LIMITS, ...options.limits };
  try {
    const document = parseXml(bytes, limits);
    let signature: ImportSignature = { status: 'none' };
    let trusted = document;
    let signer: Uint8Array | undefined;
    try {
      const verified = await verifyXmlSignature(document, options.signers, options.acceptSigner ?? acceptGiven(options.signers));
      ({ signer } = verified);
      trusted = strictDocument(verified.signed);
      signature = { status: 'verified', algorithm: verified.algorithm, signer: createHash('sha256').update(signer).digest('hex'), relation: verified.relation };
    } catch (error) {
      if (!(error instanceof XmlRefusal) || error.code !== 'IMPORT_UNSIGNED' || options.unsigned !== true) throw error;
    }
    const foreign = readTl(trusted, limits);
    const outcome = mapForeignList(foreign, bytes, signature, options);
    return signer === undefined ? outcome : signerNotes(outcome, signer, foreign);
  } catch (error) {
    if (!(error instanceof XmlRefusal)) throw error;
    return refuseImport(error.code, error.message);
  }
}

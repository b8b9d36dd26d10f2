import { explicit, implicitConstructed, integer, oid, sequence, setOf } from '../asn1/writer.js';
import { equalBytes } from '../asn1/bytes.js';
import type { SignedData, SignerInfo } from '../model.js';
import { id_ri_ocsp_response } from './oids.js';
import { algorithmIdentifier, buildSignerInfo, type AlgorithmToWrite, type SignerToWrite } from './build.js';
import { retagged } from './retagged.js';
import { writtenAttribute, type AttributeToAdd } from './written-attribute.js';

/** What may be added to a message without touching what is signed. */
export interface MessageExtension {
  /** Index of the SignerInfo that `unsignedAttrs` go to. Default 0. */
  readonly signer?: number;
  readonly unsignedAttrs?: readonly AttributeToAdd[];
  /** Whole DER; those already there are not repeated. */
  readonly certificates?: readonly Uint8Array[];
  readonly crls?: readonly Uint8Array[];
  /** Whole OCSPResponse TLVs, carried as RFC 5940 says. */
  readonly ocspResponses?: readonly Uint8Array[];
  /** A signer more, over the same content, named by issuer and serial number. Its digest algorithm joins those of the message. */
  readonly parallelSigner?: SignerToWrite & { readonly digestAlgorithm: AlgorithmToWrite };
}

/**
 * A message with more beside its signatures: certificates, revocation data, unsigned attributes. Everything signed, and
 * everything already there, is copied octet for octet; only the shell's lengths, its order of SETs and its version
 * (RFC 5652 §5.1: 5 once OCSP responses are carried) are written anew.
 * @throws TypeError for a signer that is not there, or OCSP responses in a GM/T 0010 message, which has no place for them
 */
export function extendSignedData(signed: SignedData, extension: MessageExtension): Uint8Array {
  const { signer = 0, unsignedAttrs = [], certificates = [], crls = [], ocspResponses = [], parallelSigner } = extension;
  if (signed.signerInfos[signer] === undefined) throw new TypeError(`there is no signer ${signer}`);
  if (signed.family === 'gm' && ocspResponses.length > 0) throw new TypeError('a GM/T 0010 message carries no OCSP responses');
  const others = ocspResponses.map((response) => implicitConstructed(1, oid(id_ri_ocsp_response), response));
  const allCertificates = merged(signed.certificateChoices, certificates);
  const allCrls = merged(signed.revocationInfoChoices, [...crls, ...others]);
  const digests = signed.digestAlgorithms.map(({ bytes }) => bytes);
  const added = parallelSigner === undefined ? undefined : { algorithm: algorithmIdentifier(parallelSigner.digestAlgorithm), info: buildSignerInfo(parallelSigner, parallelSigner.digestAlgorithm) };
  const hasOther = allCrls.some((choice) => choice[0] === 0xa1);
  return sequence(
    oid(signed.contentType),
    explicit(0, sequence(
      integer(hasOther ? 5 : signed.version),
      setOf(...(added === undefined ? digests : merged(digests, [added.algorithm]))),
      signed.encapContentInfo.bytes,
      ...(allCertificates.length === 0 ? [] : [retagged(setOf(...allCertificates), 0)]),
      ...(allCrls.length === 0 ? [] : [retagged(setOf(...allCrls), 1)]),
      setOf(
        ...signed.signerInfos.map((info, index) => (index === signer && unsignedAttrs.length > 0 ? withAttributes(info, unsignedAttrs) : info.bytes)),
        ...(added === undefined ? [] : [added.info]),
      ),
    )),
  );
}

function merged(present: readonly Uint8Array[], added: readonly Uint8Array[]): Uint8Array[] {
  const all = [...present];
  for (const choice of added) if (!all.some((other) => equalBytes(other, choice))) all.push(choice);
  return all;
}

function withAttributes(info: SignerInfo, added: readonly AttributeToAdd[]): Uint8Array {
  const present = (info.unsignedAttrs?.attributes ?? []).map(({ bytes }) => bytes);
  return sequence(info.fields, retagged(setOf(...present, ...added.map(writtenAttribute)), 1));
}

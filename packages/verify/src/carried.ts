import type { DigestAlgorithm } from '@hefu/crypto';
import {
  enumerated, explicit, hexOf, id_aa_ets_certValues, id_aa_ets_revocationValues, id_pkix_ocsp_basic, octetString, oid, parseCertificateList, parseOcspResponse,
  parseSignedData, readCertificateValues, readRevocationValues, sequence, type Certificate, type RevocationValues, type SignedData,
} from '@hefu/pki';
import type { CollectedCrl, CollectedOcsp } from './evidence.js';
import type { CertificateCache } from './certificate-cache.js';
import type { Surroundings } from './process/surroundings.js';
import { readable } from './readable.js';
import type { ListAnchors } from './trust/anchors.js';

/**
 * Certificates in the message, untrusted, as the list's own objects where it has them; one that cannot be read is passed
 * over, since another may be the signer's. Those of certificate-values attributes (EN 319 122-1 A.1.1) are among them.
 */
export function carriedCertificates(signed: SignedData, list: ListAnchors, certificates: CertificateCache): Certificate[] {
  return certificatesIn(signed).flatMap((der) => list.known(der) ?? certificates.read(der) ?? []);
}

/** The signers' and those above them; a message has 100 beside its attributes at most. */
const MAX_CARRIED_CERTIFICATES = 256;

/** DER of the certificates in the message, those of certificate-values attributes among them. */
export function certificatesIn(signed: SignedData): readonly Uint8Array[] {
  return [...signed.certificates, ...attributeValues(signed, id_aa_ets_certValues).flatMap((value) => readable(() => readCertificateValues(value)).flat())].slice(0, MAX_CARRIED_CERTIFICATES);
}

/** One of each CA above the signer and above the time-stamps' authorities, several where they come in parts. */
const MAX_CARRIED_CRLS = 64;

/** CRLs in the message, those of revocation-values attributes among them: evidence like any other, verified before it counts. */
export function carriedCrls(signed: SignedData): CollectedCrl[] {
  return [...signed.crls, ...revocationValuesOf(signed).flatMap(({ crls }) => crls)].slice(0, MAX_CARRIED_CRLS).flatMap((bytes) => readable(() => ({ crl: parseCertificateList(bytes) })));
}

/** A path has ten certificates at most; a signer brings an answer or two about each. */
const MAX_CARRIED_OCSP = 32;

/**
 * OCSP responses in the message (RFC 5940), likewise; of revocation-values (EN 319 122-1 A.1.5) the signed part is there, and
 * gets back the shell it came in. Whoever signed them answered no question of ours, so no nonce is asked for.
 */
export function carriedOcsp(signed: SignedData): CollectedOcsp[] {
  const basic = revocationValuesOf(signed).flatMap(({ ocspResponses }) => ocspResponses);
  const shelled = basic.slice(0, MAX_CARRIED_OCSP).map((bytes) => sequence(enumerated(0), explicit(0, sequence(oid(id_pkix_ocsp_basic), octetString(bytes)))));
  return [...signed.ocspResponses, ...shelled].slice(0, MAX_CARRIED_OCSP).flatMap((bytes) => readable(() => ({ response: parseOcspResponse(bytes) })));
}

function revocationValuesOf(signed: SignedData): RevocationValues[] {
  return attributeValues(signed, id_aa_ets_revocationValues).flatMap((value) => readable(() => readRevocationValues(value)));
}

function attributeValues({ signerInfos }: SignedData, type: string): readonly Uint8Array[] {
  return signerInfos.flatMap(({ unsignedAttrs }) => unsignedAttrs?.find(type).flatMap(({ values }) => values) ?? []);
}

/** SHA-256 of every certificate, CRL and OCSP response in the message, in the time-stamps beside it and in the document around it, lower-case hex. */
export function carriedHashes(signed: SignedData, timestamps: readonly { readonly bytes: Uint8Array }[], sha256: DigestAlgorithm, around?: Pick<Surroundings, 'certificates' | 'revocation'>): ReadonlySet<string> {
  const messages = [signed, ...messagesOf(timestamps)];
  const objects = messages.flatMap((message) => [
    ...certificatesIn(message),
    ...carriedCrls(message).map(({ crl }) => crl.bytes),
    ...carriedOcsp(message).map(({ response }) => response.bytes),
  ]);
  return new Set([...objects, ...(around?.certificates ?? []), ...(around?.revocation ?? [])].map((octets) => hexOf(sha256.digest(octets))));
}

/** Time-stamps as the messages they are; one that cannot be read carries nothing. */
export function messagesOf(timestamps: readonly { readonly bytes: Uint8Array }[]): SignedData[] {
  return timestamps.flatMap(({ bytes }) => readable(() => parseSignedData(bytes)));
}

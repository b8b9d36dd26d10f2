import { createHash } from 'node:crypto';
import { sm2 } from '@hefu/crypto';
import { DerReader, equalBytes, parseCertificate, readSubjectPublicKeyInfo, Tag } from '@hefu/pki';
import { issueCertificate } from '../../certificate.js';
import { subjectKeyIdentifier } from '../../extension.js';
import type { Company } from '../../world/company.js';

const SUBJECT_KEY_IDENTIFIER = '2.5.29.14';

/**
 * A CA's part: checks a certification request (RFC 2986) for the company's own name and writes the certificate that the company has over the key of the request.
 * @returns DER; undefined where the request is none, is for another name or does not verify
 */
export function reissue({ sign, issuer }: Company, request: Uint8Array): Uint8Array | undefined {
  const old = parseCertificate(sign.certificate);
  const read = readRequest(request);
  if (read === undefined || !equalBytes(read.subject, old.subject.bytes)) return undefined;
  const { spki } = read;
  if (spki.key.kty !== 'EC' || spki.key.crv !== 'SM2' || sm2.verify(spki.key, read.info, read.signature) !== true) return undefined;
  const identifier = new Uint8Array(createHash('sha1').update(spki.publicKey).digest());
  return issueCertificate({
    serialNumber: Uint8Array.of(1, ...identifier.subarray(0, 15)), issuer: old.issuer.bytes, subject: old.subject.bytes, spki: spki.bytes, signer: issuer.key, algorithmParameters: issuer.parameters,
    notBefore: old.validity.notBefore, notAfter: old.validity.notAfter,
    extensions: old.extensions.map(({ oid, critical, value }) => (oid === SUBJECT_KEY_IDENTIFIER ? subjectKeyIdentifier(identifier, critical) : { oid, critical, value })),
  });
}

function readRequest(der: Uint8Array): { info: Uint8Array; subject: Uint8Array; spki: ReturnType<typeof readSubjectPublicKeyInfo>; signature: Uint8Array } | undefined {
  try {
    const outer = new DerReader(der).expect(Tag.SEQUENCE, 'CertificationRequest').enter();
    const info = outer.expect(Tag.SEQUENCE, 'certificationRequestInfo').tlv();
    const fields = outer.enter();
    fields.expect(Tag.INTEGER, 'version');
    const subject = fields.expect(Tag.SEQUENCE, 'subject').tlv();
    const spki = readSubjectPublicKeyInfo(fields.expect(Tag.SEQUENCE, 'subjectPKInfo').tlv());
    outer.expect(Tag.SEQUENCE, 'signatureAlgorithm');
    return { info, subject, spki, signature: outer.expect(Tag.BIT_STRING, 'signature').content().subarray(1) };
  } catch {
    return undefined;
  }
}

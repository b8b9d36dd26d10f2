// Reading one certificate: from DER to the fields that a path needs.
import { X509Certificate } from 'node:crypto';
import forge from 'node-forge';
import { parseCertificate } from '../packages/pki/dist/index.js';
import { peculiar } from './peers/peculiar.mjs';
import { pkijs } from './peers/pkijs.mjs';

/** `new X509Certificate` takes at least this many times as long as Hefu with every field read. */
const TIMES_FASTER = 50;

export function parseTables(chains) {
  return chains.map(({ kind, leaf }) => {
    const whole = leaf.der;
    const certificate = parseCertificate(whole);
    // Lengths and values that prove, cheaply, that the field was really read.
    const expected = {
      issuer: certificate.issuer.bytes.length, subject: certificate.subject.bytes.length, serial: certificate.serialNumber.length,
      notBefore: certificate.validity.notBefore, notAfter: certificate.validity.notAfter, spki: certificate.spki.bytes.length,
    };
    const candidate = (name, read, rest = {}) => ({
      name,
      ...rest,
      setUp(valid) {
        const der = valid ? whole : whole.slice(0, -1);
        return () => read(der, expected);
      },
    });
    return {
      name: `parse/${kind}`,
      baseline: 'node:crypto new X509Certificate',
      candidates: [
        candidate('hefu', readWithHefu, { goal: 1 / TIMES_FASTER }),
        candidate('node:crypto new X509Certificate', (der) => new X509Certificate(der) instanceof X509Certificate, { native: true }),
        candidate('node:crypto and its fields', readWithNode, { native: true }),
        ...(kind === 'RSA-2048' ? [candidate('node-forge', readWithForge)] : []),
        candidate('@peculiar/x509', readWithPeculiar),
        candidate('pkijs', readWithPkijs),
      ],
    };
  });
}

function readWithHefu(der, expected) {
  const certificate = parseCertificate(der);
  const { notBefore, notAfter } = certificate.validity;
  return (
    certificate.issuer.bytes.length === expected.issuer && certificate.subject.bytes.length === expected.subject &&
    certificate.serialNumber.length === expected.serial && notBefore === expected.notBefore && notAfter === expected.notAfter &&
    certificate.spki.bytes.length === expected.spki && certificate.spki.key.kty !== 'OKP' &&
    certificate.extBasicConstraints.ca === false && certificate.extKeyUsage.has('digitalSignature') &&
    certificate.extAuthorityKeyIdentifier.keyIdentifier.length === 20 && certificate.extSubjectKeyIdentifier.length === 20
  );
}

/** What the class offers of them: key usage and key identifiers have no accessor. */
function readWithNode(der, expected) {
  const certificate = new X509Certificate(der);
  return (
    certificate.issuer.length > 0 && certificate.subject.length > 0 && certificate.serialNumber.length === 2 * expected.serial &&
    Date.parse(certificate.validFrom) === expected.notBefore && Date.parse(certificate.validTo) === expected.notAfter &&
    certificate.publicKey.type === 'public' && certificate.ca === false
  );
}

function readWithForge(der, expected) {
  const certificate = forge.pki.certificateFromAsn1(forge.asn1.fromDer(Buffer.from(der).toString('latin1')));
  return (
    certificate.issuer.attributes.length > 0 && certificate.subject.attributes.length > 0 && certificate.serialNumber.length === 2 * expected.serial &&
    certificate.validity.notBefore.getTime() === expected.notBefore && certificate.validity.notAfter.getTime() === expected.notAfter &&
    certificate.publicKey.n.bitLength() === 2048 &&
    certificate.getExtension('basicConstraints').cA === false && certificate.getExtension('keyUsage').digitalSignature === true &&
    certificate.getExtension('authorityKeyIdentifier').value.length > 20 && certificate.getExtension('subjectKeyIdentifier').subjectKeyIdentifier.length === 40
  );
}

function readWithPeculiar(der, expected) {
  const certificate = new peculiar.X509Certificate(der);
  return (
    certificate.issuerName.toArrayBuffer().byteLength === expected.issuer && certificate.subjectName.toArrayBuffer().byteLength === expected.subject &&
    certificate.serialNumber.length === 2 * expected.serial &&
    certificate.notBefore.getTime() === expected.notBefore && certificate.notAfter.getTime() === expected.notAfter &&
    certificate.publicKey.rawData.byteLength === expected.spki &&
    certificate.getExtension(peculiar.BasicConstraintsExtension).ca === false &&
    (certificate.getExtension(peculiar.KeyUsagesExtension).usages & peculiar.KeyUsageFlags.digitalSignature) !== 0 &&
    certificate.getExtension(peculiar.AuthorityKeyIdentifierExtension).keyId.length === 40 &&
    certificate.getExtension(peculiar.SubjectKeyIdentifierExtension).keyId.length === 40
  );
}

function readWithPkijs(der, expected) {
  const certificate = pkijs.Certificate.fromBER(der);
  const value = (oid) => certificate.extensions.find(({ extnID }) => extnID === oid).parsedValue;
  return (
    certificate.issuer.valueBeforeDecode.byteLength === expected.issuer && certificate.subject.valueBeforeDecode.byteLength === expected.subject &&
    certificate.serialNumber.valueBlock.valueHexView.length === expected.serial &&
    certificate.notBefore.value.getTime() === expected.notBefore && certificate.notAfter.value.getTime() === expected.notAfter &&
    certificate.subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView.length > 64 &&
    value('2.5.29.19').cA === false && (value('2.5.29.15').valueBlock.valueHexView[0] & 0x80) !== 0 &&
    value('2.5.29.35').keyIdentifier.valueBlock.valueHexView.length === 20 && value('2.5.29.14').valueBlock.valueHexView.length === 20
  );
}

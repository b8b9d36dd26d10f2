// node-forge, RSA only. It verifies chains; of a SignedData it reads the parts, and the check itself is written out here.
import forge from 'node-forge';

const { asn1, pki, pkcs7 } = forge;

const binary = (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
const certificate = (der) => pki.certificateFromAsn1(asn1.fromDer(binary(der)));

export function chainWithForge({ root, cas, leaf }, at) {
  const store = pki.createCaStore([certificate(root.der)]);
  const validityCheckDate = new Date(at);
  return () => pki.verifyCertificateChain(store, [leaf, ...cas].map(({ der }) => certificate(der)), { validityCheckDate });
}

export function messageWithForge({ root }, message, content, at) {
  const store = pki.createCaStore([certificate(root.der)]);
  const validityCheckDate = new Date(at);
  return () => {
    const signed = pkcs7.messageFromAsn1(asn1.fromDer(binary(message)));
    const { authenticatedAttributes, signature, serial } = signed.rawCapture;
    const signer = signed.certificates.find(({ serialNumber }) => serialNumber === forge.util.bytesToHex(serial));
    const others = signed.certificates.filter((other) => other !== signer);
    if (!pki.verifyCertificateChain(store, [signer, ...others], { validityCheckDate })) return false;
    const digest = forge.md.sha256.create().update(binary(content)).digest().bytes();
    if (messageDigest(authenticatedAttributes) !== digest) return false;
    const attributes = asn1.create(asn1.Class.UNIVERSAL, asn1.Type.SET, true, authenticatedAttributes);
    return signer.publicKey.verify(forge.md.sha256.create().update(asn1.toDer(attributes).bytes()).digest().bytes(), signature);
  };
}

function messageDigest(attributes) {
  for (const { value: [type, values] } of attributes) {
    if (asn1.derToOid(type.value) === pki.oids.messageDigest) return values.value[0].value;
  }
  return undefined;
}

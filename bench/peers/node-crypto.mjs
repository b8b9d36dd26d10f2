// node:crypto: the signature checks by themselves, which are the floor for everything else, and the walk over
// X509Certificate objects that people write by hand.
import { createHash, createPublicKey, createVerify, verify, X509Certificate } from 'node:crypto';
import { sm2Z } from '../../packages/crypto/dist/index.js';
import { messageDigestOf, parseCertificate, parseSignedData } from '../../packages/pki/dist/index.js';

/** One signature check, the key imported and the octets at hand. SM2: SM3 over Z and the message; `crypto.verify` has no place for Z. */
function signatureCheck({ key }, message, signature) {
  const publicKey = createPublicKey({ key: Buffer.from(key.spkiDer), format: 'der', type: 'spki' });
  if (key.kind === 'SM2') {
    const z = sm2Z(key.publicKey.point);
    return () => createVerify('sm3').update(z).update(message).verify(publicKey, signature);
  }
  return () => verify('sha256', message, publicKey, signature);
}

function certificateCheck(child, issuer) {
  const { tbs, signature } = parseCertificate(child.der);
  return signatureCheck(issuer, tbs, signature);
}

/** The check of the leaf alone. */
export function leafCheck({ ca, leaf }) {
  return certificateCheck(leaf, ca);
}

/** The two signature checks of a chain of three. */
export function chainChecks({ root, ca, leaf }) {
  const checkLeaf = certificateCheck(leaf, ca);
  const checkCa = certificateCheck(ca, root);
  return () => checkLeaf() && checkCa();
}

/** Those two, the check of the message's signature, and the digest of the content. */
export function messageChecks(chain, message, content) {
  const [signer] = parseSignedData(message).signerInfos;
  const checkMessage = signatureCheck(chain.leaf, signer.signedAttrs.signedBytes, signer.signature);
  const checkChain = chainChecks(chain);
  const expected = Buffer.from(messageDigestOf(signer.signedAttrs).value);
  const digest = chain.kind === 'SM2' ? 'sm3' : 'sha256';
  return () => createHash(digest).update(content).digest().equals(expected) && checkMessage() && checkChain();
}

export function chainWithNode({ root, ca, leaf }, at) {
  const anchor = new X509Certificate(root.der);
  return () => {
    const chain = [new X509Certificate(leaf.der), new X509Certificate(ca.der), anchor];
    return chain.every((certificate, i) => {
      if (Date.parse(certificate.validFrom) > at || Date.parse(certificate.validTo) < at) return false;
      const issuer = chain[i + 1];
      return issuer === undefined || (issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey));
    });
  };
}
